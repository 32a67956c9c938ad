"""Read an entry of set-up: a name with values beside it, in any order, each value known by its looks or its label.

`DACH country DE-BY` · `Lin Xiao rep 华东 lin@meridian.example` · `华东 国家：中国 币种 CNY`. Apart from the reader of
deal lines, whose words mean other things: here CN is a country and nothing is an amount unless one is asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from handlers.grammar.board import Board
from handlers.grammar.candidates import find_candidates
from handlers.grammar.entry_words import CHOICES, LOOKS, read_hours, read_ratio, read_week, words_of
from handlers.grammar.names import index_of
from handlers.grammar.patterns import Pattern
from handlers.grammar.places import read_place, read_unit, read_zone
from handlers.grammar.reading import Found, ProblemCode, Reading, ReadingContext
from handlers.grammar.settle import settle
from handlers.grammar.words import Line, word_set
from models.intent import Slot

_FREE = ("name", "team")
KINDS = frozenset({*LOOKS, *CHOICES, *_FREE})
_SURE_LABELS = frozenset({"unit", "zone", "tongue", "hours", "week", "place"})
_NEVER_NAMES = frozenset({"email", "zone", "hours", "week"})
_BY_LABEL_ALONE = frozenset(_FREE)
_CONNECTORS = word_set("in to for at as is = from of and above over 在 为 是 到 超过 以上")
_HAN_ALONE = Pattern(r"[\u3400-\u9fff]+")
_EDGES = " \t\n,，.。;；:：=·|/\"“”'"


def read_entry(line: Line, slots: Sequence[Slot], required: Sequence[str], context: ReadingContext) -> Reading:
    """Fill `slots` from a line without its command word; what is left over is the name, where one is asked for."""
    board, values = Board(line), dict[str, object]()
    if len(slots) == 1 and slots[0].kind in KINDS:
        return _only(board, slots[0], context)
    wanted = {slot.kind: slot for slot in slots}
    opening = re.match(r"\s*", line.text).end() if "name" in wanted else -1  # type: ignore[union-attr]
    for slot in slots:
        _claim_by_looks(board, slot, values, context, opening)
    for slot in slots:
        if slot.kind in KINDS and slot.kind not in values:
            _claim_labelled(board, slot, values, context)
    if "amount" in wanted:
        _claim_amounts(board, values, context)
    _claim_name(board, wanted, values, [kind for kind in required if kind in CHOICES and kind not in values])
    missing = tuple(kind for kind in required if kind not in values)
    told = {problem.slot for problem in board.problems}
    for kind in missing:
        if kind not in told:
            board.fault(ProblemCode.MISSING, Found(kind, "", 0, 0))
    return Reading(values, board.public_claims(), board.gravest(), missing)


def _claim_by_looks(board: Board, slot: Slot, values: dict[str, object], context: ReadingContext, opening: int) -> None:
    """Take the first value that looks like one of a slot's, one with its label before it first: US country US.

    The word that opens the line is the name's: DACH Müller, English Bob. A second word of a closed set is a slip.
    """
    if slot.kind in _BY_LABEL_ALONE:
        return
    found = [one for one in _found(slot.kind, board.line, board, context) if board.is_free(one[0], one[1])]
    labelled = [(_with_label(board.line, slot, start), start, end, value) for start, end, value in found]
    meant = [one for one in labelled if one[0] != one[1] or one[1] != opening or slot.kind in _NEVER_NAMES]
    for place, (begin, start, end, value) in enumerate(sorted(meant, key=lambda one: one[0] == one[1])):
        if place == 0:
            board.claim(Found(slot.kind, slot.kind, begin, end, value))
            values[slot.kind] = value
        elif slot.kind in CHOICES and opening >= 0 and board.is_free(start, end):
            board.fault(ProblemCode.BAD_VALUE, Found(slot.kind, slot.kind, start, end))
            board.hide(start, end)


def _claim_amounts(board: Board, values: dict[str, object], context: ReadingContext) -> None:
    for found in find_candidates(board.line, frozenset({"amount"}), context):
        if found.slot == "amount" and board.is_free(found.start, found.end):
            board.claim(found)
    values |= settle(board, frozenset({"amount"}), context)


def _only(board: Board, slot: Slot, context: ReadingContext) -> Reading:
    """Read a whole line, or a form's field, as one value."""
    words = board.line.text.strip(_EDGES)
    if not words:
        board.fault(ProblemCode.MISSING, Found(slot.kind, "", 0, 0))
        return Reading({}, (), board.gravest(), (slot.kind,))
    value: object = _value(slot.kind, words, context)
    if value is None:
        found = next(_found(slot.kind, board.line, board, context), None)
        value = found[2] if found is not None and not _rest(board.line.text, found).strip(_EDGES) else None
    found_all = Found(slot.kind, slot.kind, 0, len(board.line.text), value)
    if value is None:
        board.fault(ProblemCode.BAD_VALUE, found_all)
        return Reading({}, (), board.gravest(), (slot.kind,))
    board.claim(found_all)
    return Reading({slot.kind: value}, board.public_claims(), None)


def _rest(text: str, found: tuple[int, int, object]) -> str:
    return text[: found[0]] + text[found[1] :]


def _found(kind: str, line: Line, board: Board, context: ReadingContext) -> Iterator[tuple[int, int, object]]:
    """Where a kind's values stand in a line, told by their looks."""
    if kind in LOOKS:
        for match in LOOKS[kind].finditer(line.text):
            value = _value(kind, match[0], context)
            if value is not None:
                yield match.start(), match.end(), value
    if kind in CHOICES:
        yield from _chosen(kind, line)
    if kind in ("region", "bound"):
        yield from index_of(context.regions).find(line.low, board.hidden)
    if kind == "person":
        yield from index_of(context.people).find(line.low, board.hidden)


def _chosen(kind: str, line: Line) -> Iterator[tuple[int, int, object]]:
    """The last word of a closed set comes first: in “Rep Tyler manager” the rank is manager."""
    matches = list(words_of(kind).finditer(line.low))
    for match in reversed(matches):
        yield match.start(), match.end(), CHOICES[kind][match[0]]


def _value(kind: str, words: str, context: ReadingContext) -> object:
    """Read words as a value of a kind; none when they are not one."""
    readers: Mapping[str, Callable[[str], object]] = {
        "zone": read_zone, "unit": read_unit, "place": read_place, "hours": read_hours, "week": read_week,
        "ratio": read_ratio,
        "email": lambda text: text.casefold() if LOOKS["email"].fullmatch(text) else None,
        "name": lambda text: text or None, "team": lambda text: text or None,
    }  # fmt: skip
    if kind in readers:
        return readers[kind](words)
    if kind in CHOICES and words.casefold() in CHOICES[kind]:
        return CHOICES[kind][words.casefold()]
    named = {"region": context.regions, "bound": context.regions, "person": context.people}.get(kind)
    return None if named is None else index_of(named).value_of(words)


def _with_label(line: Line, slot: Slot, start: int) -> int:
    """Where a value begins with the label before it: zone Asia/Shanghai."""
    before = line.low[:start].rstrip(" :：=")
    for name in sorted(slot.names, key=len, reverse=True):
        begins = len(before) - len(name)
        if before.endswith(name) and not (begins > 0 and name[0].isascii() and before[begins - 1].isalnum()):
            return begins
    return start


def _claim_labelled(board: Board, slot: Slot, values: dict[str, object], context: ReadingContext) -> None:
    """Take what follows a slot's label, up to the next claim: country Germany; a label with a colon must be right."""
    line = board.line
    for name in sorted(slot.names, key=len, reverse=True):
        edge = r"(?<![a-z0-9])" if name[0].isascii() else ""
        for match in re.finditer(rf"{edge}{re.escape(name)}(?P<mark> ?[:：=] ?| |$|(?=[^\x00-\x7f]))", line.low):
            if not board.is_free(match.start(), match.end()) or (
                name in ("in", "by", "to") and slot.kind != "place" and not match["mark"].strip()
            ):
                continue
            end = _until(board, match.end())
            words = line.text[match.end() : end].strip(_EDGES)
            value = _longest(slot.kind, words, context)
            if value is not None:
                stop = line.text.index(value[0], match.end()) + len(value[0])
                board.claim(Found(slot.kind, "label", match.start(), stop, value[1]))
                values[slot.kind] = value[1]
                return
            if match["mark"].strip() in (":", "：", "=") or _is_sure(slot, name, line.low[: match.start()]):
                board.fault(ProblemCode.BAD_VALUE, Found(slot.kind, "label", match.start(), end))
                board.hide(match.start(), end)
                return


def _is_sure(slot: Slot, label: str, before: str) -> bool:
    """Whether a label can be nothing else; one with which names begin (国家电网, Country Garden) needs a blank."""
    needs_blank = slot.kind == "place" or not label.isascii()
    return slot.kind in _SURE_LABELS and label != "in" and (not needs_blank or before[-1:].isspace())


def _longest(kind: str, words: str, context: ReadingContext) -> tuple[str, object] | None:
    """Read as many of the words after a label as make a value: “South Africa rep” names a country in its first two."""
    ends = [match.end() for match in re.finditer(r"\S+", words)] if kind not in _FREE else [len(words)]
    for end in reversed(ends[:5]):
        value = _value(kind, words[:end].strip(_EDGES), context)
        if value is not None:
            return words[:end].strip(_EDGES), value
    return None


def _until(board: Board, start: int) -> int:
    """Where the words after a label end: at the next claim, comma or line."""
    text = board.line.text
    for at in range(start, len(text)):
        if board.hidden[at] or text[at] in ",，;；\n":
            return at
    return len(text)


def _claim_name(board: Board, wanted: Mapping[str, Slot], values: dict[str, object], lacking: Sequence[str]) -> None:
    """Take the first words that nobody claimed as the name; any others were meant as something that we cannot read.

    `lacking` are the closed sets of which a word is needed still: what ends a name like no name was meant for one.
    """
    for start, end in board.free_runs():
        words = without_connectors(board.line.text[start:end])
        if not any(char.isalnum() for char in words):
            continue
        if "name" in wanted and "name" not in values:
            stop = _end_of_name(board.line.text, start, end, wanted[lacking[0]]) if lacking else end
            values["name"] = " ".join(without_connectors(board.line.text[start:stop]).split())
            board.claim(Found("name", "what is left", start, stop, values["name"]))
            if stop < end:
                board.fault(ProblemCode.BAD_VALUE, Found(lacking[0], "what is left", stop, end))
        else:
            board.fault(ProblemCode.BAD_VALUE, Found("name", "what is left", start, end))


def _end_of_name(text: str, start: int, end: int, lacking: Slot) -> int:
    """Where a name ends before words that are none: 王五 | 皇帝, Ann Lee | emperor, Bo | rank emperor."""
    words = [match.span() for match in re.finditer(r"\S+", text[:end]) if match.start() >= start]
    for before, word in pairwise(words):
        said, rest = text[slice(*word)], text[word[0] : end]
        is_label = said.casefold().strip(_EDGES) in lacking.names
        is_second = _HAN_ALONE.fullmatch(said) and _HAN_ALONE.fullmatch(text[slice(*before)])
        is_small = text[words[0][0]].isupper() and all(part.isascii() and part.islower() for part in rest.split())
        if is_label or is_second or is_small:
            return word[0]
    return end


def without_connectors(words: str) -> str:
    """Words without the small ones at their ends that only lead to a value: “Süd in”, “above”."""
    parts = words.strip(_EDGES).split()
    while parts and parts[-1].strip(_EDGES) in _CONNECTORS:
        parts.pop()
    while parts and parts[0].strip(_EDGES) in _CONNECTORS:
        parts.pop(0)
    return " ".join(parts).strip(_EDGES)
