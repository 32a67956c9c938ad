"""Leave out counts of other things: 500 seats, for 3 years, 20% off, 100台; they are neither name nor money."""

from handlers.grammar.board import Board
from handlers.grammar.patterns import Pattern
from handlers.grammar.words import has_han

_COUNT = Pattern(
    r"(?<![\w.,$€£¥&'-])(?:for |over )?[0-9]{1,6}(?:\.[0-9]{1,2})? ?-?"
    r"(?:(?:seats?|users?|licen[cs]es?|months?|years?|yrs?|units?|pcs|pieces|devices|sites|deals?)(?![\w-])"
    r"|%(?: off| discount)?(?!\w))",
    needs=("seat", "user", "licen", "month", "year", "yr", "unit", "pcs", "piece", "device", "site", "deal", "%"),
)
_COUNT_ZH = Pattern(
    r"(?<!\S)(?:(?:[0-9]{1,6}(?:\.[0-9])?|[一二两三四五六七八九十百千]{1,5})"
    r"(?:台|套|个|件|人|席|坐席|席位|用户|账号|年|年期|份|批|辆|吨|箱|折|[%])"
    r"|[0-9]{2,6}(?:人|[间間]|个|個|家|[张張]|[层層])的?(?:工?[厂廠]|客?房|门店|門店|分店|[团團][队隊]|店|员工|員工|[车車][间間]|座位|床位))"
    r"(?![^\s,，;；。])"
)


def hide_counts(board: Board) -> None:
    """Take the counts that stand beside the name out of what is still to be read."""
    if not any(map(str.isdecimal, board.line.low)) and not has_han(board.line.low):
        return
    for pattern in (_COUNT, _COUNT_ZH) if has_han(board.line.low) else (_COUNT,):
        for match in pattern.each(board.line.low):
            if board.is_free(*match.span()) and _leaves_a_name(board, *match.span()):
                board.hide(*match.span())


def _leaves_a_name(board: Board, start: int, end: int) -> bool:
    """Whether a letter that nobody claimed stands outside the count, and the count does not begin a name."""
    text, hidden = board.line.text, board.hidden
    following = text[end : end + 2].strip()
    if following[:1].isupper() or any(char.isupper() for char in text[start:end]):
        return False
    return any(char.isalpha() and not hidden[at] for at, char in enumerate(text) if not start <= at < end)
