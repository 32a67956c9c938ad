"""Match the headings of a table with the columns of a kind, and tell which kind a table is."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from handlers.importing.kinds import KINDS, Column, Kind
from handlers.importing.sheets import Sheet

_CLOSE_ENOUGH = 88  # of 100, as rapidfuzz counts


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which heading fills which column: (position, heading, column); `unused` are headings that fill none."""

    kind: Kind
    used: tuple[tuple[int, str, Column], ...]
    unused: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed columns that no heading names."""
        found = {column.name for _, _, column in self.used}
        return tuple(column.name for column in self.kind.columns if column.required and column.name not in found)


def mapped(sheet: Sheet, kind: Kind) -> Mapping:
    """Match each heading with the column that it names, exactly, nearly, or as part of it; each column once."""
    names: dict[str, Column] = {}
    for rank in range(3):  # a column's own name counts before what another may be called
        for column in kind.columns:
            for name in _names(column)[rank]:
                names.setdefault(name, column)
    used: list[tuple[int, str, Column]] = []
    for find in (_exactly, _nearly, _within):
        taken = {column.name for _, _, column in used}
        done = {at for at, _, _ in used}
        for at, heading in enumerate(sheet.headings):
            found = find(" ".join(heading.replace("_", " ").casefold().split()), names) if at not in done else None
            if found is not None and found.name not in taken:
                taken.add(found.name)
                used.append((at, heading, found))
    used.sort(key=lambda one: one[0])
    places = {at for at, _, _ in used}
    unused = tuple(heading for at, heading in enumerate(sheet.headings) if heading and at not in places)
    return Mapping(kind, tuple(used), unused)


def guessed(sheet: Sheet) -> Mapping | None:
    """The kind whose columns a table has: by its name, else the one that leaves the fewest headings over."""
    named = [kind for name, kind in KINDS.items() if name in sheet.name.casefold()]
    found = [mapping for kind in (named or KINDS.values()) if not (mapping := mapped(sheet, kind)).missing]
    return max(found, key=lambda mapping: (len(mapping.used), -len(mapping.kind.columns)), default=None)


def _exactly(word: str, names: dict[str, Column]) -> Column | None:
    return names.get(word)


def _nearly(word: str, names: dict[str, Column]) -> Column | None:
    near = process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH) if word else None
    return names[near[0]] if near is not None else None


def _within(word: str, names: dict[str, Column]) -> Column | None:
    """The column whose name is part of a heading, the longest: Sales region, E-mail address, 所属大区."""
    inside = [name for name in names if re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", word)]
    return names[max(inside, key=len)] if inside else None


def _names(column: Column) -> tuple[tuple[str, ...], ...]:
    own = column.name.replace("_", " ")
    words = () if column.slot.kind == "words" else (column.slot.label.template.casefold(), *column.slot.names)
    return ((own,), column.called, words)
