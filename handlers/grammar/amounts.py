"""Find the amounts of money in a line."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.grammar.amount_numbers import FEW_DIGITS, NUMBER_START, is_letter, is_plain_numerals, money_of, number_at
from handlers.grammar.amount_words import MINUS, find_no_amounts, find_spelled_out
from handlers.grammar.currencies import agrees, currency_after, currency_before, currency_of, is_family
from handlers.grammar.figures import read_figure
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import Line, has_han
from models.money import Money

_NOT_MONEY = re.compile(r"[-/:][0-9]|%| ?(?:percent|pct)\b|-[a-z]|[月日号號天周週年季折點点个個]")
_RANGE = re.compile(r" ?(?:-|~|～|至|到|to ) ?(?=[0-9$€£¥])")
_LOWER_END = re.compile(r"([0-9][0-9.,]{0,15})(?: ?[-~～至到] ?| to )(?=[$€£¥]?[0-9])")
_FIGURE = re.compile(r"[0-9][0-9.,]{0,20}")
_TIMES = re.compile(r"(?<![0-9.,])([0-9]{1,4}) ?[x×*] ?$")
_MOST_TRIES = 500
_YEARS = range(1990, 2100)


def find_amounts(line: Line, context: ReadingContext, dates: Sequence[Found] = ()) -> list[Found]:
    """Find every amount; those that cannot be an amount of a deal come as bad."""
    found: list[Found] = []
    at = 0
    # The 五 of 下周五50万 belongs to the day.
    inside = {
        at: one.end for one in dates for at in range(one.start, one.end) if has_han(line.low[one.start : one.end])
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
        amount = read_amount(line, match.start(), context)
        if amount is None:
            at = match.start() + len(match[0].split(" ")[0])
            continue
        found.append(_multiplied(line, amount))
        at = max(amount.end, match.start() + 1)
    found.extend(find_spelled_out(line, context))
    found.extend(find_no_amounts(line))
    return found


def read_amount(line: Line, at: int, context: ReadingContext, *, labelled: bool = False) -> Found | None:
    """Read the amount whose number starts at `at`."""
    low = line.low
    if not labelled and not _may_start(low, at):
        return None
    first = _one_amount(line, at, context, labelled=labelled)
    if first is None or not first.firm:
        shared = _shared_scale(line, at, context)
        if shared is not None:
            return shared
    if first is None:
        return None
    dash = _RANGE.match(low, first.end)
    if dash is None:
        return first
    second = _one_amount(line, _skip_symbol(low, dash.end()), context, labelled=True)
    if second is None or not second.firm:
        return first if first.firm else None
    readings = (first.value, second.value)
    return replace(first, end=second.end, readings=readings, value=None, bad=first.bad or second.bad, rule="range")


def _shared_scale(line: Line, at: int, context: ReadingContext) -> Found | None:
    """Read 50-60k, where the first figure has the scale and currency of the second."""
    lower = _LOWER_END.match(line.low, at)
    if lower is None:
        return None
    higher_at = _skip_symbol(line.low, lower.end())
    higher = _one_amount(line, higher_at, context, labelled=False)
    figure = _FIGURE.match(line.low, higher_at)
    if higher is None or not higher.firm or figure is None or not isinstance(higher.value, Money):
        return None
    values = [read_figure(words.rstrip(".,"), context.locale) for words in (lower[1], figure[0])]
    if not all(values) or not values[1][0]:
        return None
    value = money_of(values[0][0] * higher.value.major / values[1][0], higher.value.currency)
    return replace(higher, start=at, value=None, readings=(value, higher.value), rule="range")


def _multiplied(line: Line, amount: Found) -> Found:
    """Ask whether `3 x 40k` is one of them or all three."""
    times = _TIMES.search(line.low, max(0, amount.start - 8), amount.start)
    if times is None or not isinstance(amount.value, Money):
        return amount
    product = money_of(amount.value.major * int(times[1]), amount.value.currency)
    return replace(amount, start=times.start(), value=None, readings=(amount.value, product), rule="product")


def _may_start(low: str, at: int) -> bool:
    if at == 0:
        return True
    before = low[at - 1]
    if before in "0123456789.,#_":
        return before in ".," and (at < 2 or low[at - 2] not in "0123456789")  # noqa: PLR2004 two back
    if before == "-":
        return at < 2 or not (low[at - 2].isalnum() and low[at - 2].isascii())  # noqa: PLR2004 two back
    if before in "/:":
        return at < 2 or low[at - 2] not in "0123456789"  # noqa: PLR2004 two back
    if before.isascii() and before.isalpha():
        return currency_before(low, low, at) is not None
    return True


def _one_amount(line: Line, at: int, context: ReadingContext, *, labelled: bool) -> Found | None:
    low = line.low
    number = number_at(low, at, context)
    if number is None:
        return None
    values, end, scaled = number.values, number.end, number.scaled
    inner = MINUS.search(low, max(0, at - 9), at)
    start = inner.start() if inner else at
    before = currency_before(line.text, low, start)
    after = currency_after(low, end)
    if not scaled and before is None and after is None and (_NOT_MONEY.match(low, end) or is_letter(low, end)):
        return None
    if after is not None:
        end = after[1]
    elif is_letter(low, end):
        return None
    codes, explicit = _currency(before, after, context)
    if before is not None and (after is None or after[0] == before[0] or is_family(before[0]) or len(codes) > 1):
        start = before[1]
    outer = MINUS.search(low, max(0, start - 9), start)
    start = outer.start() if outer else start
    negative = inner is not None or outer is not None
    if low.startswith("+", end):
        end += 1
    digits = sum(char.isdecimal() for char in low[at:end])
    firm = scaled or explicit
    zero = values == (Decimal(0),)
    if not firm and not labelled and digits < FEW_DIGITS and not (negative or zero):
        return None
    readings = tuple(dict.fromkeys(money for value in values for code in codes if (money := money_of(value, code))))
    bad = negative or not readings or len(readings) < len(values)
    return Found(
        "amount",
        "number" if firm else "bare number",
        start,
        end,
        readings[0] if len(readings) == 1 else None,
        readings=readings if len(readings) > 1 else (),
        bad=bad,
        firm=firm,
        assumed=not explicit,
    )


def _currency(
    before: tuple[str, int] | None, after: tuple[str, int] | None, context: ReadingContext
) -> tuple[tuple[str, ...], bool]:
    words = [side[0] for side in (after, before) if side is not None]
    codes = [code for word in words if (code := currency_of(word, context.currency))]
    if not codes:
        return (context.currency,), False
    if len(codes) == 1 or codes[0] == codes[1]:
        return (codes[0],), True
    if is_family(words[1]) and agrees(words[1], codes[0]):
        return (codes[0],), True
    if is_family(words[0]) and agrees(words[0], codes[1]):
        return (codes[1],), True
    return (codes[0], codes[1]), True


def _skip_symbol(low: str, at: int) -> int:
    return at + 1 if low[at : at + 1] in {"$", "€", "£", "¥"} else at
