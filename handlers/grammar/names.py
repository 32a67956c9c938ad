"""Know names: accounts, people and regions, the longest first; suggest, never substitute."""

import re
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from opencc import OpenCC
from rapidfuzz import fuzz, process

from handlers.grammar.look_alikes import as_latin
from handlers.grammar.patterns import Pattern

_IRREGULAR = Pattern(r"\s\s|[^\S ]")
_LEGAL = Pattern(
    r"(?:股份有限公司|有限责任公司|有限公司|集团|公司|"
    r"[ ,]{1,4}(?:inc|ltd|llc|gmbh|corp|co|plc|ag|sa|bv|pte|limited|corporation)\.?){1,4}$",
    re.IGNORECASE,
)
_FIGURE = Pattern(r"[0-9][.,]$")  # the 3m of 1.3m is no name
_SELF = ("me", "我", "myself", "自己")
_KEY = 2
_CLOSE_ENOUGH = 74  # of 100, as rapidfuzz counts: one Chinese character of four may differ


class NameIndex:
    """Names with their values, found in a line from any of its word starts; `beside` has more, which yield to these.

    Threads may add names while others look: these see the index as it was or as it is.
    """

    def __init__(self, names: Mapping[str, str], beside: "NameIndex | None" = None) -> None:
        self._beside = beside
        self._values: dict[str, str] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._order: list[str] = []
        self._bare: list[str] = []
        self._lock = threading.Lock()
        for name, value in names.items():
            self.add(name, value)

    def __bool__(self) -> bool:
        return bool(self._values or self._beside)

    def add(self, name: str, value: str | None = None) -> None:
        """Add a name, once."""
        low = _folded(name)
        with self._lock:
            if low and low not in self._values:
                start = low[:_KEY]
                self._values[low] = name if value is None else value
                self._order.append(low)
                self._lengths[start] = tuple(sorted({*self._lengths.get(start, ()), len(low)}, reverse=True))

    def value_of(self, name: str) -> str | None:
        """The value of a name; none for one that is not known."""
        found = self._values.get(_folded(name))
        return self._beside.value_of(name) if found is None and self._beside is not None else found

    def find(self, low: str, hidden: bytearray, at: int = 0) -> Iterator[tuple[int, int, str]]:
        """Find the names in the lower-case line, the longest at each place, none inside another.

        A blank of a name is any blanks of the line.
        """
        line, places = _squeezed(low)
        for start, end, value in self._find(line, places, hidden, at):
            yield places[start], places[end - 1] + 1, value

    def _find(self, line: str, places: Sequence[int], hidden: bytearray, first: int) -> Iterator[tuple[int, int, str]]:
        at = bisect_left(places, first)
        while self and at < len(line):
            end, value = self._at(line, at) if not hidden[places[at]] else (at, "")
            if end > at:
                yield at, end, value
            at = max(end, at + 1)

    def _at(self, line: str, at: int) -> tuple[int, str]:
        """The end and the value of the longest name that starts there; where it starts, and nothing, without one."""
        further = self._beside._at(line, at) if self._beside is not None else (at, "")  # noqa: SLF001  its own kind
        lengths = (*self._lengths.get(line[at : at + _KEY], ()), *self._lengths.get(line[at], ()))
        if not lengths or (at and (_joined(line[at - 1], line[at]) or _FIGURE.search(line[max(0, at - 2) : at]))):
            return further
        for length in lengths:
            end = at + length
            value = self._values.get(line[at:end]) if further[0] <= end <= len(line) else None
            if value is not None and not (end < len(line) and _joined(line[end - 1], line[end])):
                return end, value
        return further

    def similar(self, name: str) -> list[str]:
        """The values of all other names that look like one, the nearest first; how, `suggest_names` says."""
        with self._lock:  # each name is folded once, by whoever needs it first
            self._bare += [_bare(self._values[low]) for low in self._order[len(self._bare) :]]
        hits = process.extract(_bare(name), self._bare, scorer=fuzz.ratio, limit=None, score_cutoff=_CLOSE_ENOUGH)
        near = sorted((-score, self._order[index]) for _, score, index in hits)
        return [self._values[low] for _, low in near if low != _folded(name)]


def with_self(person_id: str, people: NameIndex) -> NameIndex:
    """Everybody, and the words with which somebody names themself."""
    return NameIndex(dict.fromkeys(_SELF, person_id), beside=people)


def spellings(name: str) -> set[str]:
    """How a name may be written without its capitals: Anna Groß, and ANNA GROSS."""
    return {name.lower(), name.casefold()}


def index_of(names: Mapping[str, str] | Sequence[str] | NameIndex) -> NameIndex:
    """Give the index of names, built once for names that stay the same."""
    if isinstance(names, NameIndex):
        return names
    return _index(tuple(names.items())) if isinstance(names, Mapping) else _index_of_names(tuple(names))


def suggest_names(name: str, names: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """Suggest known names that look like `name`; a legal form such as 有限公司 and the script do not count."""
    bare = [_bare(each) for each in names]
    hits = process.extract(_bare(name), bare, scorer=fuzz.ratio, limit=limit, score_cutoff=_CLOSE_ENOUGH)
    return tuple(names[index] for _, _, index in hits)


@lru_cache(maxsize=64)
def _index(pairs: tuple[tuple[str, str], ...]) -> NameIndex:
    return NameIndex(dict(pairs))


@lru_cache(maxsize=64)
def _index_of_names(names: tuple[str, ...]) -> NameIndex:
    return NameIndex({name: name for name in names})


@lru_cache(maxsize=65_536)
def _bare(name: str) -> str:
    """Fold a name to what it is compared by: simplified characters, no legal form, no blanks, lower case."""
    simplified = name if name.isascii() else _to_simplified().convert(name)
    return "".join(as_latin(_LEGAL.sub("", simplified.strip())).lower().split())


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _folded(name: str) -> str:
    """A name as it is looked for: lower case, one blank between its words."""
    return " ".join(name.split()).lower()


def _joined(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _squeezed(line: str) -> tuple[str, Sequence[int]]:
    """The line with one blank for each run of them, and where each of its characters stands."""
    if not _IRREGULAR.search(line):
        return line, range(len(line))
    places = [
        at for at, char in enumerate(line) if not char.isspace() or (at > 0 and not line[at - 1].isspace()) or at == 0
    ]
    return "".join(" " if line[at].isspace() else line[at] for at in places), places
