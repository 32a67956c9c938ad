"""Know names: accounts, people and regions, the longest first; suggest, never substitute."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from opencc import OpenCC
from rapidfuzz import fuzz, process

from handlers.grammar.look_alikes import as_latin
from handlers.grammar.patterns import Pattern

_BLANKS = Pattern(r"\s+")
_LEGAL = Pattern(
    r"(?:股份有限公司|有限责任公司|有限公司|集团|公司|"
    r"[ ,]{1,4}(?:inc|ltd|llc|gmbh|corp|co|plc|ag|sa|bv|pte|limited|corporation)\.?){1,4}$",
    re.IGNORECASE,
)
_FIGURE = Pattern(r"[0-9][.,]$")  # the 3m of 1.3m is no name
_KEY = 2
_CLOSE_ENOUGH = 74  # of 100, as rapidfuzz counts: one Chinese character of four may differ


class NameIndex:
    """Names with their values, found in a line from any of its word starts."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        self._known: set[str] = set()
        for name, value in names.items():
            self.add(name, value)

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, name: str, value: str | None = None) -> None:
        """Add a name, once, longer ones before shorter ones; a reader at work sees the old list or the new one."""
        low = _BLANKS.sub(" ", name.strip()).lower()
        if not low or low in self._known:
            return
        self._known.add(low)
        entries = [*self._by_start.get(low[:_KEY], ()), (low, name if value is None else value)]
        self._by_start[low[:_KEY]] = sorted(entries, key=lambda entry: -len(entry[0]))

    def find(self, low: str, hidden: bytearray, at: int = 0) -> Iterator[tuple[int, int, str]]:
        """Find the names in the lower-case line, the longest at each place, none inside another."""
        while self._by_start and at < len(low):
            end, value = self._at(low, at) if not hidden[at] else (at, "")
            if end > at:
                yield at, end, value
            at = max(end, at + 1)

    def _at(self, low: str, at: int) -> tuple[int, str]:
        entries = self._by_start.get(low[at : at + _KEY]) or self._by_start.get(low[at : at + 1])
        if not entries or (at and (_joined(low[at - 1], low[at]) or _FIGURE.search(low[max(0, at - 2) : at]))):
            return at, ""
        for name, value in entries:
            end = _match(low, at, name)
            if end and not (end < len(low) and _joined(low[end - 1], low[end])):
                return end, value
        return at, ""


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


def _joined(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def _match(low: str, at: int, name: str) -> int:
    """Match the name where runs of blanks in the line count as one; give the end or 0."""
    if low.startswith(name, at):
        return at + len(name)
    for char in name:
        if at >= len(low):
            return 0
        if char == " ":
            if not low[at].isspace():
                return 0
            while at < len(low) and low[at].isspace():
                at += 1
        elif low[at] == char:
            at += 1
        else:
            return 0
    return at
