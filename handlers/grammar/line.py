"""Read one line: claim spans, the surest first; what nobody claims is the free text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.grammar.board import Board
from handlers.grammar.candidates import find_candidates
from handlers.grammar.dates_foreign import find_foreign_dates
from handlers.grammar.entry import KINDS as ENTRY_KINDS
from handlers.grammar.entry import read_entry
from handlers.grammar.free_text import claim_free_text
from handlers.grammar.glued import standing
from handlers.grammar.in_names import is_year, outside_names
from handlers.grammar.labelled import claim_labelled
from handlers.grammar.labels import Label, find_labels
from handlers.grammar.lookups import claim_names, claim_signs, quoted_texts
from handlers.grammar.markers import with_markers
from handlers.grammar.marks import find_quotes
from handlers.grammar.reading import DAY_SLOTS, Found, ProblemCode, Reading, ReadingContext
from handlers.grammar.settle import settle
from handlers.grammar.stages import correct_stage, without_doubtful_slips
from handlers.grammar.tellings import days_over, without_tellings
from handlers.grammar.unread_days import find_unread_day
from handlers.grammar.unused import find_unused
from handlers.grammar.whose import is_written_as_fields, settle_customer, weigh_known_names
from handlers.grammar.words import Line, has_han, strip_chat_markup
from models.intent import Slot
from models.stages import Stage

_MISSING = {"amount": ProblemCode.MISSING_AMOUNT, "account": ProblemCode.MISSING_ACCOUNT}


def read_line(text: str, slots: Sequence[Slot], required: Sequence[str], context: ReadingContext) -> Reading:
    """Fill `slots` from a line without its command word; say what is wrong or missing."""
    if ENTRY_KINDS.intersection(slot.kind for slot in slots):
        return read_entry(strip_chat_markup(text), slots, required, context)
    return read_clean(strip_chat_markup(text), slots, required, context)


def read_clean(line: Line, slots: Sequence[Slot], required: Sequence[str], context: ReadingContext) -> Reading:
    """Fill `slots` from a line that is already free of chat markup."""
    wanted = frozenset(slot.kind for slot in slots)
    names_a_customer = "account" in wanted and "text" not in wanted
    over = days_over(line) if names_a_customer else ()
    line = line.blanked(over) if over else line
    draft = _claim_values(line, slots, wanted, context)
    story = False  # whether the line tells how the news came, in phrases that are known
    if names_a_customer:
        notes = [(label.value, label.end) for label in draft.labels if label.slot == "note"]
        plain = without_tellings(line, [*draft.quotes, *notes])
        story = plain is not line
        if story and not is_written_as_fields(draft.board):
            draft = _claim_values(plain, slots, wanted, context)
    board, values = draft.board, draft.values
    claim_free_text(board, wanted, values, draft.name_spans)
    if names_a_customer:
        settle_customer(board, draft.hidden, values, story=story)
        told = any(one.rule == "name in a sentence" for one in board.claims)
        if told or story:
            _take_what_is_glued(board, draft.candidates, values)
        if "account" in values:
            board.claims.extend(find_unused(board, figures_alone=told))
    board.claims.extend(Found("unused", "not used", *span) for span in over)
    missing = tuple(slot for slot in required if slot not in values)
    faulty = {problem.slot for problem in board.problems}
    for slot in missing:
        if slot not in faulty:
            board.fault(_MISSING.get(slot, ProblemCode.MISSING), Found(slot, "", 0, 0))
    return Reading(values, board.public_claims(), board.gravest(), missing)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A line whose values are claimed; `hidden` is what they cover, before the customer's name is taken."""

    board: Board
    values: dict[str, object]
    candidates: list[Found]
    labels: list[Label]
    name_spans: list[tuple[int, int]]
    quotes: list[tuple[int, int]]
    hidden: bytes


def _claim_values(line: Line, slots: Sequence[Slot], wanted: frozenset[str], context: ReadingContext) -> _Draft:
    """Claim all but the free text: labelled values first, then signs, names that are known, and phrases."""
    board = Board(line)
    candidates = find_candidates(line, wanted, context)
    quotes = find_quotes(line.text)
    with board.without(quotes):
        labels = find_labels(line, slots, board.hidden)
    name_spans = claim_labelled(board, labels, wanted, candidates, context)
    if name_spans:
        begins = {start for start, _ in name_spans}
        candidates = [one for one in candidates if one.start not in begins]
    texts = quoted_texts(board, wanted, quotes)
    claim_signs(board, wanted, sorted(set(quotes) - set(texts)), context)
    with board.without(texts):
        claim_names(board, wanted, candidates, context)
        _claim_phrases(board, wanted, candidates, context)
    _correct_stages(board, wanted)
    if "account" in wanted and "text" not in wanted:
        weigh_known_names(board)
    values = settle(board, wanted, context)
    unread = find_unread_day(board) if "close" in wanted else None
    if unread is not None:
        board.fault(ProblemCode.BAD_DATE, unread)
        board.hide(unread.start, unread.end)
    return _Draft(board, values, candidates, labels, name_spans, quotes, bytes(board.hidden))


def _take_what_is_glued(board: Board, candidates: list[Found], values: dict[str, object]) -> None:
    """Take the one stage and the one day of a sentence that other words are glued to: 方案已经发了, 下周三能定."""
    for kind, slot in (("stage", "stage"), ("date", "close")):
        open_ones = [
            one for one in candidates if one.slot == kind and not one.bad and board.is_free(one.start, one.end)
        ]
        claimed = any(one.slot in {kind, slot, "ignored"} for one in board.claims)
        if slot in values or claimed or len({one.value for one in open_ones}) != 1:
            continue
        one = open_ones[0]
        closed = values.get("stage") in (Stage.WON, Stage.LOST)
        value = one.past if closed and isinstance(one.past, date) else one.value
        if value is not None:
            board.claim(one._replace(slot=slot, value=value))
            values[slot] = value


def _claim_phrases(board: Board, wanted: frozenset[str], candidates: list[Found], context: ReadingContext) -> None:
    low, text = board.line.low, board.line.text
    free = [one for one in candidates if board.is_free(one.start, one.end)]
    free = without_doubtful_slips(standing(low, board.hidden, free))
    covered = {at for one in free for at in range(one.start, one.end)}
    free = [with_markers(text, low, board.hidden, one, covered) for one in free]
    if {"text", "date"} <= wanted:
        free = _days_to_come(free, context)
    if "account" in wanted:
        free = outside_names(text, board.hidden, free)
        free = _first_in_an_empty_name(board, free)
    for one in free:
        if board.is_free(one.start, one.end):
            board.claim(one)
    if wanted & DAY_SLOTS and not any(one.slot == "date" for one in board.claims):
        for one in find_foreign_dates(low, board.free_runs(), context):
            if board.is_free(one.start, one.end):
                board.claim(one)


def _days_to_come(free: list[Found], context: ReadingContext) -> list[Found]:
    """Leave in a story the days that it tells of: those that are over, and all but the marked one (next 3 Dec)."""
    marked = any(one.slot == "date" and one.marked for one in free)
    return [
        one
        for one in free
        if one.slot != "date"
        or one.marked
        or not (marked or (isinstance(one.value, date) and one.value <= context.today))
    ]


def _first_in_an_empty_name(board: Board, free: list[Found]) -> list[Found]:
    """Take the first of two candidates of a kind as the name when there is no other word for it (3M 50k)."""
    if any(one.slot == "account" for one in board.claims) or not free:
        return free
    trial = bytearray(board.hidden)
    for one in free:
        trial[one.start : one.end] = b"\x01" * (one.end - one.start)
    if any(not trial[at] and char.isalnum() for at, char in enumerate(board.line.text)):
        return free
    first = free[0]
    rival = any(other.slot == first.slot and other.value != first.value for other in free[1:])
    weak = not first.marked and not first.readings
    if first.slot == "amount":
        words = board.line.text[first.start : first.end]
        weak = weak and first.assumed and not words.islower() and not has_han(words)
    else:
        weak = weak and not first.firm
    return free[1:] if rival and weak and not is_year(first, board.line.text) else free


def _correct_stages(board: Board, wanted: frozenset[str]) -> None:
    """Read a misspelt stage word among the last words as the stage, never the first word of the name."""
    if "stage" not in wanted or any(one.slot == "stage" for one in board.claims):
        return
    low, text = board.line.low, board.line.text
    words = int(any(one.slot == "account" for one in board.claims))  # else the first word is the name's
    for start, end in board.free_runs():
        spans = _words(low, start, end)
        for at, (begin, stop) in enumerate(spans):
            words += 1
            alone = len(spans) == 1 and start > 0
            if words == 1 or words > 24 or (text[begin].isupper() and not alone):  # noqa: PLR2004 a name comes first
                continue
            labelled = at > 0 and low[slice(*spans[at - 1])] in {"stage", "phase"}
            corrected = correct_stage(low[begin:stop].strip(",.;!"), labelled=labelled)
            if corrected is not None:
                first = spans[at - 1][0] if labelled else begin
                board.claim(Found("stage", "stage word", first, stop, corrected[0], corrected=corrected[1]))
                return


def _words(low: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = start
    for word in low[start:end].split():
        begin = low.index(word, at)
        spans.append((begin, begin + len(word)))
        at = begin + len(word)
    return spans
