"""Read one amount of money: its number, its scale and the currency before or after it."""

from decimal import Decimal

from handlers.grammar.amount_numbers import FEW_DIGITS, ends_in_chinese_unit, is_letter, money_of, number_at
from handlers.grammar.amount_words import minus_before
from handlers.grammar.currencies import agrees, currency_after, currency_before, currency_of, is_family
from handlers.grammar.magnitudes import scaled_currency_before
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.words import Line, has_han

_NOT_MONEY = Pattern(r"[-/:][0-9]|%| ?(?:percent|pct)\b|-[a-z]|[月日号號天周週年季折點点个個]")
_NEXT_FIGURE = Pattern(r" ?[0-9]")


def may_start(line: Line, at: int, context: ReadingContext) -> bool:
    low = line.low
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
        if currency_before(line.text, low, at) is not None or scaled_currency_before(low, at) is not None:
            return True
        number = number_at(low, at, context)
        return number is not None and has_han(low[at : number.end])
    return True


def one_amount(line: Line, at: int, context: ReadingContext, *, labelled: bool, floor: int = 0) -> Found | None:
    low = line.low
    number = number_at(low, at, context)
    if number is None:
        return None
    values, end, scaled = number.values, number.end, number.scaled
    inner = minus_before(low, at)
    start = inner.start() if inner else at
    before = currency_before(line.text, low, start)
    if before is not None and before[1] < floor:
        before = None
    prefix = None if scaled else scaled_currency_before(low, start)
    if prefix is not None and prefix[1] >= floor:
        before, scaled = (prefix[0], prefix[1]), True
        values = tuple(value * prefix[2] for value in values)
    after = currency_after(line.text, low, end)
    if after is not None and not scaled and end - at < FEW_DIGITS and _NEXT_FIGURE.match(low, after[1]):
        after = None
    letter = is_letter(low, end) and not ends_in_chinese_unit(low, end)
    plain = not scaled and before is None and after is None
    if (letter and after is None) or (plain and _NOT_MONEY.match(low, end)):
        return None
    end = after[1] if after is not None else end
    codes, explicit = _currency(before, after, context)
    if before is not None and (after is None or after[0] == before[0] or is_family(before[0]) or len(codes) > 1):
        start = before[1]
    outer = minus_before(low, start)
    start = outer.start() if outer else start
    negative = inner is not None or outer is not None
    if low.startswith("+", end):
        end += 1
    digits = sum(map(str.isdecimal, low[at:end]))
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
