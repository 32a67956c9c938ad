"""Notice letters that only look like Latin ones: the Cyrillic а in Аcme makes another name of it."""

import unicodedata
from functools import lru_cache

from handlers.grammar.patterns import Pattern

_WORD = Pattern(r"[^\W\d_]+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
# The letters of other scripts that most fonts draw as a Latin letter (Unicode Technical Standard 39, confusables).
_LATIN = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУԚԜаеѕіјорсхуһԛԝёАΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυ",
        "ABESIJKMHOPCTXYQWaesijopcxyhqweAABEZHIKMNOPTYXovpu",
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LATIN)


def as_latin(name: str) -> str:
    """Write look-alike letters as the Latin ones that a reader takes them for."""
    return name if name.isascii() else name.translate(_TO_LATIN)


def look_alike(name: str) -> str | None:
    """Give the first word that mixes alphabets or only looks Latin; none when all is well."""
    if name.isascii():
        return None
    return next((word for word in _WORD.findall(name) if _is_doubtful(word)), None)


def _is_doubtful(word: str) -> bool:
    scripts = {script for char in word if (script := _script(char))}
    if len(scripts) > 1:
        return True
    return scripts not in (set(), {"LATIN"}) and len(word) > 1 and all(char in _LATIN for char in word)


@lru_cache(maxsize=1024)
def _script(char: str) -> str | None:
    name = unicodedata.name(char, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), None)
