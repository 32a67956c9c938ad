"""Keep the catalogues equal to the code: `python -m tests.tools.messages` adds what is new and drops what is gone."""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "jobs", "models")
KEYWORDS = {"Text": None, "Plural": (1, 2), "translate": None}
LANGUAGES = ("zh",)


def texts_in_code() -> Iterator[str | tuple[str, str]]:
    """Every text that a person may read, as it stands in the code."""
    for folder in FOLDERS:
        method = [("**.py", "python")]
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, method_map=method, keywords=KEYWORDS):
            if message:
                yield message if isinstance(message, str) else (message[0], message[1])


def catalogue_path(language: str) -> Path:
    """Where a language's translations are."""
    return ROOT / "bot" / "locale" / language / "LC_MESSAGES" / "regatta.po"


def read(language: str) -> Catalog:
    """Read a language's translations."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The catalogue with exactly the texts of the code; a new one is empty, a fuzzy guess is never made."""
    old, header = read(language), "# Regatta's texts; `python -m tests.tools.messages` keeps them equal to the code."
    new = Catalog(locale=language, project="Regatta", header_comment=header, fuzzy=False)
    new.revision_date = new.creation_date = old.creation_date
    new.last_translator = new.language_team = new.msgid_bugs_address = "Regatta"
    for text in sorted(set(texts_in_code()), key=lambda text: text if isinstance(text, str) else text[0]):
        known = old.get(text if isinstance(text, str) else text[0])
        new.add(text, known.string if known is not None and known.string else None)
    return new


def main() -> None:
    for language in LANGUAGES:
        catalogue = updated(language)
        with catalogue_path(language).open("wb") as file:
            write_po(file, catalogue, width=120, no_location=True, omit_header=False)
        empty = sum(1 for message in catalogue if message.id and not any(message.string or ()))
        print(f"{language}: {len(catalogue)} texts, {empty} not translated", file=sys.stderr)


if __name__ == "__main__":
    main()
