"""Notice a day that nobody could read: `close soonish`, 预计春天; a question is cheaper than a deal without its day."""

import re
from collections.abc import Iterator

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.reading import DAY_SLOTS, Found

_EN = re.compile(
    r"(?<=[\s,;])(?:close|closes|closing|eta|expected) (?:by |on |in |at |around |before )?([a-zà-ɏ'-]{3,20})"
)
_ZH = re.compile(r"(?<=[\s,，;。|])(?:预计|預計|争取|爭取|力争)")
_HAN = re.compile(r"[\u4e00-\u9fff]{1,8}")
_NO_DAY = frozenset({"拿下", "成交", "签", "签下", "金额", "金額"})


def find_unread_day(board: Board) -> Found | None:
    """Give the words after `close` or 预计 that no slot claimed, when the line names no day."""
    if any(one.slot in DAY_SLOTS for one in board.claims):
        return None
    spans = [*_after_close(board), *_after_expected(board)]
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
