"""Notice a day that nobody could read: `close soonish`, 预计春天; a question is cheaper than a deal without its day."""

from collections.abc import Iterator
from itertools import islice

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.patterns import MOST_OF_A_KIND, Pattern
from handlers.grammar.reading import DAY_SLOTS, Found

_EN = Pattern(
    r"(?<=[\s,;])(?:close|closes|closing|eta|expected) (?:by |on |in |at |around |before )?([a-zà-ɏ'-]{3,20})"
)
_ZH = Pattern(r"(?<=[\s,，;。|])(?:预计|預計|争取|爭取|力争)")
_HAN = Pattern(r"[\u4e00-\u9fff]{1,8}")
# What may be a day and stands apart from the name: Acme 10k 3.18.
_NUMBER = r"(?:0?[1-9]|[12][0-9]|3[01])"
_FIGURES = Pattern(rf"[\s,;(]*(?:(?:on|by|for|at) )?({_NUMBER}(?:[.-]{_NUMBER})?)[\s,;.!)]*")
_WORD = Pattern(r"[^\W\d_][^\s,;]*")
_NO_DAY = frozenset({"拿下", "成交", "签", "签下", "金额", "金額"})


def find_unread_day(board: Board) -> Found | None:
    """Give the words after `close` or 预计 that no slot claimed, when the line names no day."""
    if any(one.slot in DAY_SLOTS for one in board.claims):
        return None
    spans = [*_after_close(board), *_after_expected(board), *_figures_apart(board)]
    return Found("close", "unread day", *spans[0], bad=True) if spans else None


def _after_close(board: Board) -> Iterator[tuple[int, int]]:
    line = board.line
    for match in _EN.finditer(line.low):
        chatter = match[1] in CHATTER or match[1] in PROSE
        if line.text[match.start()].islower() and not chatter and board.is_free(*match.span()):
            yield match.span()


def _after_expected(board: Board) -> Iterator[tuple[int, int]]:
    low = board.line.low
    for match in _ZH.finditer(low):
        claimed = board.hidden.find(1, match.start())
        word = _HAN.match(low, match.end(), claimed if claimed >= 0 else len(low))
        if board.is_free(*match.span()) and word is not None and word[0] not in _NO_DAY:
            yield match.start(), word.end()


def _figures_apart(board: Board) -> Iterator[tuple[int, int]]:
    """Give figures of a day that something claimed parts from the name."""
    low, runs = board.line.low, board.free_runs()
    figures = [found for run in runs[1:] if (found := _FIGURES.fullmatch(low, *run))]
    if figures:
        words = {word[0] for run in runs for word in islice(_WORD.finditer(low, *run), MOST_OF_A_KIND)}
        yield from (found.span(1) for found in figures if words - CHATTER - PROSE)
