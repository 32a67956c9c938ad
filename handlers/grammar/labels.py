"""Find labelled values: `key:value`, `key=value`, `--key value`, by the names that the slots declare."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import ne

from rapidfuzz.distance import OSA

from handlers.grammar.patterns import MOST_OF_A_KIND
from handlers.grammar.words import Line
from models.intent import Slot
from models.slots import ASIDE

_UNKNOWN = re.compile(
    r"(?<!\S)(?:--([a-z]{4,14})(?: ?[:=] ?| )|([a-z]{4,14}) ?[:=] ?(?!/))"
    r"|(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,4}) ?[:=] ?"
)
_URL_NEXT = re.compile(r"\s*<?https?://")
_SHORT_KEY = 5
_CONTRACT = frozenset({"contract", "合同", "合約"})


@dataclass(frozen=True, slots=True)
class Label:
    """A key at start..value of the text; what it labels ends at `end` at the latest."""

    slot: str
    start: int
    value: int
    end: int
    corrected: str | None = None


class Labels:
    """The labels of some slots: what kind of slot each name marks."""

    def __init__(self, kind_of: Mapping[str, str]) -> None:
        self.kind_of = kind_of
        names = "|".join(re.escape(name) for name in sorted(kind_of, key=len, reverse=True))
        self.colon = re.compile(rf"(?:(?<![a-z0-9@/.])|(?<=--))(?:--)?({names}) ?[:=] ?")
        self.flag = re.compile(rf"(?<!\S)--({names})(?: +|$)")

    @cached_property
    def _misspellable(self) -> tuple[str, ...]:
        return tuple(key for key in self.kind_of if key.isascii() and key.isalpha() and len(key) >= _SHORT_KEY)

    @cached_property
    def _written_in_han(self) -> tuple[str, ...]:
        return tuple(key for key in self.kind_of if not key.isascii())

    def corrected(self, word: str) -> str | None:
        """Give the name that a misspelt word means; in Chinese one character but the first may be another (阶断)."""
        if not word.isascii():
            near = [key for key in self._written_in_han if len(key) == len(word) and key[0] == word[0]]
            near = [key for key in near if sum(map(ne, key, word)) == 1]
            return near[0] if len({self.kind_of[key] for key in near}) == 1 else None
        if len(word) < _SHORT_KEY:
            return None
        distance, key = min((OSA.distance(word, key), key) for key in self._misspellable)
        allowed = 1 if len(word) < 8 else 2  # noqa: PLR2004 a long word may have two slips
        return key if 0 < distance <= allowed else None


def labels_of(slots: Iterable[Slot]) -> Labels:
    """Give the labels of the slots, and of the words beside them that are heard and left alone (owner, currency)."""
    return _labels(tuple((slot.kind, slot.names) for slot in (*slots, *ASIDE)))


@lru_cache(maxsize=256)
def _labels(declared: tuple[tuple[str, tuple[str, ...]], ...]) -> Labels:
    kind_of: dict[str, str] = {}
    for kind, names in declared:
        for name in names:
            kind_of.setdefault(name, kind)
    return Labels(kind_of)


def find_labels(line: Line, slots: Iterable[Slot], hidden: bytearray) -> list[Label]:
    """Find the labels of the slots outside quotes, in the order of the line."""
    if not (":" in line.low or "=" in line.low or "--" in line.low):
        return []
    labels = labels_of(slots)
    spans: dict[int, tuple[str, int, str | None]] = {}
    for pattern in (labels.colon, labels.flag):
        for match in pattern.finditer(line.low):
            if not hidden[match.start()] and _is_label(match[1], line.low, match.end()):
                spans.setdefault(match.start(), (labels.kind_of[match[1]], match.end(), None))
    taken = {start: end for start, (_, end, _) in spans.items()}
    for match in _UNKNOWN.finditer(line.low):
        if hidden[match.start()] or any(at in taken for at in range(match.start(), match.end())):
            continue
        key = labels.corrected(match[1] or match[2] or match[3])
        if key is not None and _is_label(key, line.low, match.end()):
            spans[match.start()] = (labels.kind_of[key], match.end(), key)
    starts = sorted(spans)[:MOST_OF_A_KIND]
    ends = [*starts[1:], len(line.low)] if starts else []
    return [
        Label(spans[start][0], start, spans[start][1], _line_end(line.low, spans[start][1], end), spans[start][2])
        for start, end in zip(starts, ends, strict=True)
    ]


def _is_label(name: str, low: str, at: int) -> bool:
    """Whether a name marks its slot there: `contract:` is a link's label before a link alone, else the stage."""
    return name not in _CONTRACT or _URL_NEXT.match(low, at) is not None


def _line_end(low: str, start: int, end: int) -> int:
    newline = low.find("\n", start, end)
    return end if newline < 0 else newline
