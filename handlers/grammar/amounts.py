"""Find the amounts of money in a line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from handlers.grammar.currencies import agrees, currency_after, currency_before, currency_of, is_family
from handlers.grammar.figures import read_figure
from handlers.grammar.magnitudes import magnitude_at
from handlers.grammar.numerals import NUMERALS, is_number_word, read_chinese, read_english
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import Line
from models.money import Money

MOST = Decimal(10) ** 12
_SPACED = r"[0-9]{1,3} [0-9]{3}(?: [0-9]{3}){0,3}(?![0-9])(?:[.,][0-9]{1,2}(?![0-9]))?"
_START = re.compile(rf"{_SPACED}|[0-9][0-9.,'’_]*(?:e[+-]?[0-9]{{1,9}}(?![0-9a-z]))?|[{NUMERALS}]")
_CHINESE = re.compile(rf"[0-9.,{NUMERALS}w]{{1,40}}")
_UNIT_BEGINS = re.compile(r" ?[十拾百佰千仟万萬亿億]|w(?![a-z])")
_UNIT = re.compile(r"[十百千万萬亿億拾佰仟w]")
_FIGURE_ONLY = re.compile(r"[0-9.,w]+")
_SCALE = re.compile(r"[千仟万萬亿億w]")
_TAIL = re.compile(rf"[0-9.,{NUMERALS[:21]}十]+$")
_ONLY_UNITS = re.compile(r"[十百千][万萬亿億]")
_AFTER_TAIL = re.compile(r"[-/.]?[0-9]|[-/月日号號天周週星礼禮个個年季折點点%]")
_NOT_MONEY = re.compile(r"[-/:][0-9]|%| ?(?:percent|pct)\b|-[a-z]|[月日号號天周週年季折點点个個]")
_VAGUE = re.compile(r"[几幾数數上好][十百千万萬亿億]+|(?<![0-9])[0-9]{0,8}[十百千万萬亿億]?[多来來余餘][万萬亿億]")
_RANGE = re.compile(r" ?(?:-|~|～|至|到|to ) ?(?=[0-9$€£¥])")
_LOWER_END = re.compile(r"([0-9][0-9.,]{0,15})(?: ?[-~～至到] ?| to )(?=[$€£¥]?[0-9])")
_FIGURE = re.compile(r"[0-9][0-9.,]{0,20}")
_TIMES = re.compile(r"(?<![0-9.,])([0-9]{1,4}) ?[x×*] ?$")
_SIGN = re.compile(r"(?:(?<![\w.)])-|负|負|minus |negative )$")
_NAN = re.compile(r"(?<![a-z0-9])(?:nan|inf|infinity|[$€£¥][a-z]+)(?![a-z0-9])")
_WORDS = re.compile(r"[a-z]+")
_SCALE_WORDS = ("hundred", "thousand", "million", "billion", "lakh", "crore", "grand")
_GLUE_WORDS = {"and", "a", "an", "of", "half", "quarter"}
_FEW_DIGITS = 4
_MOST_TRIES = 500
_YEARS = range(1990, 2100)


def find_amounts(line: Line, context: ReadingContext) -> list[Found]:
    """Find every amount; those that cannot be an amount of a deal come as bad."""
    found: list[Found] = []
    at = 0
    tries = 0
    while (match := _START.search(line.low, at)) and len(found) < MOST_OF_A_KIND and tries < _MOST_TRIES:
        run = _CHINESE.match(line.low, match.start())
        if run and not match[0][0].isdecimal() and not _UNIT.search(run[0]):
            at = run.end()
            continue
        tries += 1
        amount = read_amount(line, match.start(), context)
        if amount is None:
            at = match.start() + len(match[0].split(" ")[0])
            continue
        found.append(_multiplied(line, amount))
        at = max(amount.end, match.start() + 1)
    found.extend(_spelled_out(line, context))
    found.extend(_vague(line))
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
    value = _money(values[0][0] * higher.value.major / values[1][0], higher.value.currency)
    return replace(higher, start=at, value=None, readings=(value, higher.value), rule="range")


def _multiplied(line: Line, amount: Found) -> Found:
    """Ask whether `3 x 40k` is one of them or all three."""
    times = _TIMES.search(line.low, max(0, amount.start - 8), amount.start)
    if times is None or not isinstance(amount.value, Money):
        return amount
    product = _money(amount.value.major * int(times[1]), amount.value.currency)
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
    match = _START.match(low, at)
    if match is None:
        return None
    number = _chinese_number(low, at) or _figure_number(low, match, context)
    if number is None:
        return None
    values, end, scaled = number
    inner = _SIGN.search(low, max(0, at - 9), at)
    start = inner.start() if inner else at
    before = currency_before(line.text, low, start)
    after = currency_after(low, end)
    if not scaled and before is None and after is None and (_NOT_MONEY.match(low, end) or _letter(low, end)):
        return None
    if after is not None:
        end = after[1]
    elif _letter(low, end):
        return None
    codes, explicit = _currency(before, after, context)
    if before is not None and (after is None or after[0] == before[0] or is_family(before[0]) or len(codes) > 1):
        start = before[1]
    outer = _SIGN.search(low, max(0, start - 9), start)
    start = outer.start() if outer else start
    negative = inner is not None or outer is not None
    if low.startswith("+", end):
        end += 1
    digits = sum(char.isdecimal() for char in low[at:end])
    firm = scaled or explicit
    zero = values == (Decimal(0),)
    if not firm and not labelled and digits < _FEW_DIGITS and not (negative or zero):
        return None
    readings = tuple(dict.fromkeys(money for value in values for code in codes if (money := _money(value, code))))
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


def _letter(low: str, at: int) -> bool:
    following = low[at : at + 1]
    return following.isalpha() and (following.isascii() or "à" <= following <= "ỹ")


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


def _figure_number(
    low: str, match: re.Match[str], context: ReadingContext
) -> tuple[tuple[Decimal, ...], int, bool] | None:
    if not match[0][0].isdecimal():
        return None
    words = match[0]
    scale = magnitude_at(low, match.end(), context.language)
    if " " in words and scale is not None and words.count(" ") == 1:
        words = words.split(" ")[0]
        return (
            None
            if len(words) < _FEW_DIGITS
            else (read_figure(words, context.locale), match.start() + len(words), False)
        )
    words = words.rstrip(".,'’_")
    end = match.start() + len(words)
    mantissa, e, exponent = words.partition("e")
    scale = magnitude_at(low, end, context.language)
    values = read_figure(mantissa, context.locale, scaled=scale is not None or bool(e))
    if e:
        power = int(exponent)
        big = Decimal(10) ** power if -20 < power < 20 else MOST * 10  # noqa: PLR2004 far beyond any deal
        return tuple(value * big for value in values), end, True
    if scale is None:
        return values, end, False
    factors, end = scale
    return tuple(value * factor for value in values for factor in factors), end, True


def _chinese_number(low: str, at: int) -> tuple[tuple[Decimal, ...], int, bool] | None:
    match = _CHINESE.match(low, at)
    if match is None:
        return None
    words, end = match[0], match.end()
    unit = _UNIT_BEGINS.match(low, end)
    if words[0].isdecimal() and not _SCALE.search(words) and _FIGURE_ONLY.fullmatch(words):
        if unit is None or unit[0] == "w":
            return None
        rest = _CHINESE.match(low, end + 1)
        if not unit[0].startswith(" ") or rest is None:
            return None
        end = rest.end()
        words += rest[0]
    words = words.rstrip(".,")
    end = at + len(words) + (1 if unit and unit[0].startswith(" ") and " " in low[at:end] else 0)
    if _AFTER_TAIL.match(low, end) or (_letter(low, end) and words[-1] == "w"):
        tail = _TAIL.search(words)
        if tail is None and words[-1] == "w":
            return None
        if tail is not None:
            words, end = words[: tail.start()], end - len(tail[0])
    if not _UNIT.search(words):
        return None
    starts_bare = words[0] in "万萬亿億百千佰仟w半"
    if starts_bare and not _ONLY_UNITS.fullmatch(words):
        return None
    value = read_chinese(words)
    scaled = bool(_SCALE.search(words))
    if value is None:
        return ((), end, True) if words[0].isdecimal() and scaled else None
    return (value,), end, scaled


def _money(value: Decimal, code: str) -> Money | None:
    if not 0 < value <= MOST:
        return None
    try:
        return Money.of(value, code)
    except ValueError:
        return None


def _skip_symbol(low: str, at: int) -> int:
    return at + 1 if low[at : at + 1] in {"$", "€", "£", "¥"} else at


def _spelled_out(line: Line, context: ReadingContext) -> Iterator[Found]:
    if not any(word in line.low for word in _SCALE_WORDS):
        return
    run: list[re.Match[str]] = []
    for match in _WORDS.finditer(line.low):
        gap = line.low[run[-1].end() : match.start()] if run else ""
        joined = gap in {" ", "-", ""} if run else True
        if (is_number_word(match[0]) or match[0] in _GLUE_WORDS) and joined:
            run.append(match)
            continue
        yield from _spelled_run(line, run, context)
        run = [match] if is_number_word(match[0]) or match[0] in _GLUE_WORDS else []
    yield from _spelled_run(line, run, context)


def _spelled_run(line: Line, run: list[re.Match[str]], context: ReadingContext) -> Iterator[Found]:
    while run and run[-1][0] in _GLUE_WORDS:
        run.pop()
    while run and run[0][0] in {"and", "of"}:
        run.pop(0)
    if not run or line.low[run[0].start() - 2 : run[0].start() - 1].isdecimal():
        return
    value = read_english([match[0] for match in run])
    if value is None:
        return
    after = currency_after(line.low, run[-1].end())
    code = currency_of(after[0], context.currency) if after else context.currency
    money = _money(value, code or context.currency)
    negative = _SIGN.search(line.low, max(0, run[0].start() - 9), run[0].start())
    end = after[1] if after else run[-1].end()
    yield Found(
        "amount",
        "number in words",
        run[0].start(),
        end,
        money,
        bad=money is None or negative is not None,
        firm=after is not None,
        assumed=after is None,
    )


def _vague(line: Line) -> Iterator[Found]:
    for match in islice(_VAGUE.finditer(line.low), MOST_OF_A_KIND):
        yield Found("amount", "vague amount", match.start(), match.end(), bad=True)
    for match in islice(_NAN.finditer(line.low), MOST_OF_A_KIND):
        yield Found("amount", "not a number", match.start(), match.end(), bad=True, firm=match[0][0] in "$€£¥")
