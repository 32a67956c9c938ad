"""Hear the other choice of `X or Y`: it counts as much as the first, so the line is asked about."""

from datetime import date, timedelta

from handlers.grammar.board import Board
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found

_OR = Pattern(r"[ ,，]*(?:or|/|或者?|还是|還是|、|\|)[ ,，]*(?:maybe |perhaps |可能)?")
_OTHER_DAY = Pattern(
    r"(?: ?(?:st|nd|rd|th))?(?: or | ?[/-] ?|日?号?(?:或者?|还是|還是|、))"
    r"([0-9]{1,2})(?:st|nd|rd|th|日|号|號)?(?![0-9a-z%万萬千百亿億元.,:/-])"
)
_THIS_OR = Pattern(r"(?<![a-z])this (?:week )?or $")
_DAY_AT_END = Pattern(r"([0-9]{1,2})(?:st|nd|rd|th|日|号|號)?$")
_WINDOW = 16


def are_alternatives(low: str, left: Found, right: Found) -> bool:
    """Whether `or` and nothing else stands between the two."""
    return right.start >= left.end and _OR.fullmatch(low, left.end, right.start) is not None


def with_alternatives(low: str, chosen: list[Found], every: list[Found]) -> list[Found]:
    """Add to the chosen ones what `or` joins to one of them."""
    taken = list(chosen)
    for one in sorted(every, key=lambda found: found.start):
        if one not in taken and any(are_alternatives(low, other, one) for other in taken):
            taken.append(one)
    return taken


def hear_other_days(board: Board) -> None:
    """Read the 6 of `Dec 5 or 6` and the this of `this or next Friday` as a second day."""
    low = board.line.low
    for at, one in enumerate(board.claims):
        if one.slot != "date" or not isinstance(one.value, date):
            continue
        end = one.core[1] if one.core else one.end
        other = _OTHER_DAY.match(low, end)
        typed = _DAY_AT_END.search(low, max(0, end - 4), end) if other else None
        if other and typed and int(typed[1]) == one.value.day and board.is_free(one.end, other.end()):
            second = _on_day(one.value, int(other[1]))
            board.hide(end, other.end())
            board.claims[at] = one._replace(
                end=other.end(), readings=(one.value, second) if second else (), bad=not second
            )
        elif low.startswith("next ", one.core[0] if one.core else one.start) and (
            before := _THIS_OR.search(low, max(0, one.start - _WINDOW), one.start)
        ):
            board.claims[at] = one._replace(start=before.start(), readings=(one.value - timedelta(days=7), one.value))


def _on_day(day: date, number: int) -> date | None:
    try:
        return day.replace(day=number)
    except ValueError:
        return None
