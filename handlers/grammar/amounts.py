"""Find the amounts of money in a line."""

from collections.abc import Sequence

from handlers.grammar.amount_numbers import NUMBER_START, is_plain_numerals, money_of
from handlers.grammar.amount_words import find_no_amounts, find_spelled_out
from handlers.grammar.figures import read_figure
from handlers.grammar.numerals import NUMERALS, read_chinese
from handlers.grammar.one_amount import may_start, one_amount
from handlers.grammar.patterns import MOST_OF_A_KIND, Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.words import Line, has_han
from models.money import Money

_DASH = r" ?[-~～至到/、] ?|(?: to | or |或者?|还是|還是) ?"
_RANGE = Pattern(rf"(?:{_DASH})(?=[0-9$€£¥{NUMERALS}])")
_LOWER_END = Pattern(rf"([0-9][0-9.,]{{0,15}})(?:{_DASH})(?=[$€£¥]?[0-9])")
_LOWER_END_ZH = Pattern(rf"([{NUMERALS}]{{1,6}})(?:{_DASH})(?=[{NUMERALS}])")
_ZH_SCALE = Pattern(r"[万萬亿億w][元块]?$")
_FIGURE = Pattern(r"[0-9][0-9.,]{0,20}")
_TIMES_AFTER = Pattern(r" ?[x×*] ?([0-9]{1,4})(?![0-9a-z.,])")
_TIMES = Pattern(r"(?<![0-9.,])([0-9]{1,4}) ?[x×*] ?$")
_MOST_TRIES = 500


def find_amounts(line: Line, context: ReadingContext, dates: Sequence[Found] = ()) -> list[Found]:
    """Find every amount; those that cannot be an amount of a deal come as bad."""
    found: list[Found] = []
    at = 0
    # The 五 of 下周五50万 belongs to the day.
    inside = {
        at: one.end for one in dates if has_han(line.low[one.start : one.end]) for at in range(one.start, one.end)
    }
    tries = 0
    while (match := NUMBER_START.search(line.low, at)) and len(found) < MOST_OF_A_KIND and tries < _MOST_TRIES:
        if match.start() in inside:
            at = inside[match.start()]
            continue
        if end := is_plain_numerals(line.low, match.start()):
            at = end
            continue
        tries += 1
        amount = read_amount(line, match.start(), context, floor=at)
        if amount is None:
            at = match.start() + len(match[0].split(" ")[0])
            continue
        found.append(_multiplied(line, amount))
        at = max(amount.end, match.start() + 1)
    found.extend(find_spelled_out(line, context))
    found.extend(find_no_amounts(line))
    return found


def read_amount(
    line: Line, at: int, context: ReadingContext, *, labelled: bool = False, floor: int = 0
) -> Found | None:
    """Read the amount whose number starts at `at`; its currency does not start before `floor`."""
    low = line.low
    if not labelled and not may_start(line, at, context):
        return None
    first = one_amount(line, at, context, labelled=labelled, floor=floor)
    if first is None or not first.firm:
        shared = _shared_scale(line, at, context)
        if shared is not None:
            return shared
    if first is None:
        return None
    dash = _RANGE.match(low, first.end)
    if dash is None:
        return first
    second = one_amount(line, _skip_symbol(low, dash.end()), context, labelled=True)
    if second is None or not second.firm:
        return first if first.firm else None
    readings = (first.value, second.value)
    return first._replace(end=second.end, readings=readings, value=None, bad=first.bad or second.bad, rule="range")


def _shared_scale(line: Line, at: int, context: ReadingContext) -> Found | None:
    """Read 50-60k, 50或60万 and 五十到六十万, where the first figure has the scale and currency of the second."""
    in_words = not line.low[at].isdecimal()
    lower = (_LOWER_END_ZH if in_words else _LOWER_END).match(line.low, at)
    if lower is None:
        return None
    higher_at = _skip_symbol(line.low, lower.end())
    higher = one_amount(line, higher_at, context, labelled=False)
    if higher is None or not higher.firm or not isinstance(higher.value, Money):
        return None
    if in_words:
        figures = [read_chinese(lower[1]), read_chinese(_ZH_SCALE.sub("", line.low[higher_at : higher.end]))]
    else:
        figure = _FIGURE.match(line.low, higher_at)
        words = (lower[1], figure[0] if figure else "")
        figures = [next(iter(read_figure(word.rstrip(".,"), context.locale)), None) for word in words]
    first, second = figures
    if not first or not second:
        return None
    value = money_of(first * higher.value.major / second, higher.value.currency)
    return higher._replace(start=at, value=None, readings=(value, higher.value), rule="range")


def _multiplied(line: Line, amount: Found) -> Found:
    """Ask whether `3 x 40k` or `40k x 3` is one of them or all three."""
    after = _TIMES_AFTER.match(line.text, amount.end) if isinstance(amount.value, Money) else None
    if after is not None and isinstance(amount.value, Money):
        product = money_of(amount.value.major * int(after[1]), amount.value.currency)
        return amount._replace(end=after.end(), value=None, readings=(amount.value, product), rule="product")
    times = _TIMES.search(line.low, max(0, amount.start - 8), amount.start)
    if times is None or not isinstance(amount.value, Money):
        return amount
    product = money_of(amount.value.major * int(times[1]), amount.value.currency)
    return amount._replace(start=times.start(), value=None, readings=(amount.value, product), rule="product")


def _skip_symbol(low: str, at: int) -> int:
    return at + 1 if low[at : at + 1] in {"$", "€", "£", "¥"} else at
