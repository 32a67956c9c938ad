"""Settle which claim of a kind holds: the marked one, else the only one, else it is ambiguous."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from handlers.grammar.alternatives import hear_other_days, with_alternatives
from handlers.grammar.board import Board
from handlers.grammar.currencies import currency_after, currency_of, lone_codes
from handlers.grammar.labelled import problem_code
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ProblemCode, ReadingContext
from models.money import Money
from models.stages import Stage

_PLAIN = ("stage", "period", "percent", "person", "region", "deal", "request", "policy", "visit", "url", "note", "year")
_COUNTED = frozenset(
    {"in a while", "named day", "counted from a day", "weekday", "weekday of a week", "week", "period"}
)
_OTHER_CODE = Pattern(r" ?(?:or|/|或者?|还是|還是) ?")


def settle(board: Board, wanted: frozenset[str], context: ReadingContext) -> dict[str, object]:
    """Give the value of every slot that was claimed; record what is bad or ambiguous."""
    values: dict[str, object] = {}
    claimed = {one.slot for one in board.claims}
    for slot in _PLAIN:
        if slot in wanted and slot in claimed:
            _keep(board, slot, slot, values)
    day_slot = next((slot for slot in ("close", "past", "later") if slot in wanted), "date")
    closed = isinstance(values.get("stage"), Stage) and values["stage"] in (Stage.WON, Stage.LOST)
    _merge_weekdays(board)
    hear_other_days(board)
    if isinstance(values.get("stage"), Stage) and not closed and day_slot == "close":
        _set_aside_what_is_over(board, context.today)
    if closed or day_slot == "past":
        _change(board, "date", lambda one: one._replace(value=one.past) if isinstance(one.past, date) else one)
    _keep(board, "date", day_slot, values)
    if "amount" in wanted:
        _spread_currency(board, context)
        _drop_doubtful_amounts(board)
        _keep(board, "amount", "amount", values)
        _tell_default(board, values, context)
    if "account" in wanted:
        _keep(board, "account", "account", values)
    tags = tuple(dict.fromkeys(tag for one in board.claims if one.slot == "tags" for tag in _tags(one)))
    if tags:
        values["tags"] = tags
    return values


def _tags(one: Found) -> tuple[str, ...]:
    return one.value if isinstance(one.value, tuple) else (str(one.value),)


def _keep(board: Board, kind: str, slot: str, values: dict[str, object]) -> None:
    """Choose the value of one kind of claim; name the claim after its slot."""
    every = [one for one in board.claims if one.slot == kind]
    if not every:
        return
    every = _preferred(board, every, kind)
    bad = [one for one in every if one.bad]
    for one in bad:
        board.fault(problem_code(kind), one._replace(slot=slot))
    readings = tuple(dict.fromkeys(value for one in every if not one.bad for value in one.readings or (one.value,)))
    if len(readings) == 1:
        values[slot] = readings[0]
    elif len(readings) > 1:
        board.fault(ProblemCode.AMBIGUOUS, every[0]._replace(slot=slot, end=max(one.end for one in every)), readings)
    if kind != slot:
        _change(board, kind, lambda one: one._replace(slot=slot))


def _preferred(board: Board, every: list[Found], kind: str) -> list[Found]:
    """Prefer marked claims; the others are heard and set aside."""
    if len(every) == 1:
        return every
    marked = with_alternatives(board.line.low, [one for one in every if one.marked], every)
    if not marked or len(marked) == len(every) or kind == "amount":
        return every
    aside = [one for one in every if not one.marked]
    if any(one.bad for one in aside):
        return every
    board.claims[:] = [one if one not in aside else one._replace(slot="ignored") for one in board.claims]
    return marked


def _change(board: Board, kind: str, change: Callable[[Found], Found]) -> None:
    board.claims[:] = [change(one) if one.slot == kind else one for one in board.claims]


def _set_aside_what_is_over(board: Board, today: date) -> None:
    """Take `two weeks ago` and `yesterday` in an open deal for the day of the call or the quote, not of the close."""
    board.claims[:] = [
        one._replace(slot="ignored")
        if one.slot == "date"
        and one.rule in _COUNTED
        and not one.marked
        and isinstance(one.value, date)
        and one.value < today
        else one
        for one in board.claims
    ]


def _merge_weekdays(board: Board) -> None:
    """Read `Friday, Dec 4` and 12月4日(周五) as one date when the weekday is right."""
    dates = sorted((one for one in board.claims if one.slot == "date"), key=lambda one: one.start)
    for left, right in pairwise(dates):
        between = board.line.text[left.end : right.start].strip(" ,()，（）")
        if between:
            continue
        weekday, exact = (left, right) if left.rule == "weekday" else (right, left)
        if weekday.rule != "weekday" or exact.rule == "weekday":
            continue
        if _weekday(weekday.value) == _weekday(exact.value):
            merged = exact._replace(start=left.start, end=right.end, marked=left.marked or right.marked)
            board.claims[:] = [one for one in board.claims if one not in (left, right)] + [merged]
            return


def _weekday(day: object) -> int | None:
    return day.weekday() if isinstance(day, date) else None


def _spread_currency(board: Board, context: ReadingContext) -> None:
    """Give the amount the currency that stands apart from it, labelled or as a lone code."""
    amounts = [one for one in board.claims if one.slot == "amount"]
    labelled = [one for one in board.claims if one.slot == "currency" and isinstance(one.value, str)]
    if not labelled and amounts and all(one.assumed for one in amounts):
        for start, end in lone_codes(board.line.text):
            code = currency_of(board.line.text[start:end], context.currency)
            if code and board.is_free(start, end):
                board.claim(Found("currency", "code", start, end, code))
                labelled = [board.claims[-1]]
                break
    _ask_about_other_code(board, context)
    if not labelled:
        return
    code = str(labelled[0].value)
    for one in amounts:
        if not one.assumed:
            if isinstance(one.value, Money) and one.value.currency != code and one.firm:
                _clash(board, one, code)
            continue
        changed = one._replace(
            value=_in(one.value, code),
            readings=tuple(_in(reading, code) for reading in one.readings),
            assumed=False,
            bad=one.bad or (_in(one.value, code) is None and not one.readings),
        )
        board.claims[board.claims.index(one)] = changed


def _ask_about_other_code(board: Board, context: ReadingContext) -> None:
    """Ask which currency holds in `120k EUR or USD` and 50万美元还是人民币."""
    low = board.line.low
    for one in [one for one in board.claims if one.slot == "amount"]:
        said = _OTHER_CODE.match(low, one.end)
        word = currency_after(board.line.text, low, said.end()) if said else None
        code = currency_of(word[0], context.currency) if word else None
        if not (said and word and code and isinstance(one.value, Money) and one.value.currency != code):
            continue
        if board.is_free(said.start(), word[1]):
            board.hide(said.start(), word[1])
            _clash(board, one, code)


def _clash(board: Board, one: Found, code: str) -> None:
    """Take $ beside a labelled CAD as Canadian; two different codes are ambiguous."""
    words = board.line.low[one.start : one.end]
    money = one.value
    if isinstance(money, Money) and "$" in words and not any(char.isalpha() for char in words.split("$")[0]):
        changed = one._replace(value=_in(money, code))
    else:
        changed = one._replace(value=None, readings=(money, _in(money, code)))
    board.claims[board.claims.index(one)] = changed


def _in(money: object, code: str) -> object:
    if not isinstance(money, Money):
        return money
    try:
        return Money.of(money.major, code)
    except ValueError:
        return None


def _drop_doubtful_amounts(board: Board) -> None:
    """Beside a firm amount, a lone 0, -5 or NaN is no second amount."""
    amounts = [one for one in board.claims if one.slot == "amount"]
    if any(one.firm and not one.bad for one in amounts):
        board.claims[:] = [
            one._replace(slot="ignored")
            if one.slot == "amount" and one.bad and not one.firm and not one.marked
            else one
            for one in board.claims
        ]


def _tell_default(board: Board, values: dict[str, object], context: ReadingContext) -> None:
    money = values.get("amount")
    assumed = any(one.assumed for one in board.claims if one.slot == "amount")
    if isinstance(money, Money) and assumed:
        end = len(board.line.text)
        board.claims.append(Found("currency", "region default", end, end, context.currency, assumed=True))
