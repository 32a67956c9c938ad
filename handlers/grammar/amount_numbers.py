"""Read the number that starts at a place of the line: figures with a scale, or Chinese numerals."""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.grammar.figures import read_figure
from handlers.grammar.magnitudes import magnitude_at
from handlers.grammar.numerals import NUMERALS, about, read_chinese
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import ReadingContext
from models.money import Money

MOST = Decimal(10) ** 12
_SPACED = r"[0-9]{1,3} [0-9]{3}(?: [0-9]{3}){0,3}(?![0-9])(?:[.,][0-9]{1,2}(?![0-9]))?"
NUMBER_START = Pattern(
    rf"(?=[0-9.{NUMERALS}])(?:{_SPACED}|(?<![0-9a-z.,])\.[0-9]{{1,4}}(?![0-9.,])"
    rf"|[0-9][0-9.,'’_]*(?:e[+-]?[0-9]{{1,9}}(?![0-9a-z]))?|[{NUMERALS}])"
)
_CHINESE = Pattern(rf"(?:[0-9.,{NUMERALS}]|w(?![a-z])|[个個](?=[亿億])){{1,40}}")
_UNIT_BEGINS = Pattern(r" [十拾百佰千仟万萬亿億]")
_UNIT = Pattern(r"[十百千万萬亿億拾佰仟w]")
_FIGURE_ONLY = Pattern(r"[0-9.,w]+")
_SCALE = Pattern(r"[千仟万萬亿億w]")
_TAIL = Pattern(rf"[0-9.,{NUMERALS[:21]}十]+$")
# Of 五十二月 only 十二月 is a month, the 五 belongs to the amount before it.
_BEFORE_A_MONTH = Pattern(r"([一二三四五六七八九])(?=十[一二]?$)")
# 12.5万12.5 is an amount and the fifth of December.
_DOTTED_TAIL = Pattern(r"(?<=[千万萬亿億w])[0-9]{1,2}\.[0-9]{1,2}$")
_NO_DIGIT = Pattern(r"[十百千][万萬亿億]|半[个個][亿億]")
# What makes the last numeral part of something else: 三十五万五月底; but 十二万五周五 is 125000 and a Friday.
_AFTER_TAIL = Pattern(r"[-/.]?[0-9]|[-/月日号號天个個年季折點点%]|(?:[周週]|星期|礼拜|禮拜)(?![一二三四五六日天末])")
_PART = Pattern(r"(?<=[^\W\d_]{2})\.? (?:and |e |y |und |et |và )?([0-9]{1,3}(?:[.,][0-9]{1,2})?)(?![0-9.,])")
_NO_COUNTER = str.maketrans("", "", "个個")
_LETTERS = frozenset({"k", "m", "mm", "mn", "b", "bn", "w"})
FEW_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Number:
    """Its possible values (none: no proper number), where it ends, and whether a scale word decided."""

    values: tuple[Decimal, ...]
    end: int
    scaled: bool


def number_at(low: str, at: int, context: ReadingContext) -> Number | None:
    """Read the number that starts at `at`."""
    match = NUMBER_START.match(low, at)
    if match is None:
        return None
    return _chinese_number(low, at) or _figure_number(low, match, context)


def is_plain_numerals(low: str, at: int) -> int:
    """Give the end of a run of numerals without any unit (三一), or 0; it can be no amount."""
    run = _CHINESE.match(low, at)
    return run.end() if run and not (low[at].isdecimal() or low[at] == ".") and not _UNIT.search(run[0]) else 0


def money_of(value: Decimal, code: str) -> Money | None:
    """Make money of an amount that a deal can have."""
    if not 0 < value <= MOST:
        return None
    try:
        return Money.of(value, code)
    except ValueError:
        return None


def ends_in_chinese_unit(low: str, end: int) -> bool:
    """Whether the number before `end` has a unit such as 万, after which a Latin word may follow without blank."""
    return low[end - 1 : end] in "万萬亿億千百"


def is_letter(low: str, at: int) -> bool:
    """Whether a Latin letter stands there."""
    following = low[at : at + 1]
    return following.isalpha() and (following.isascii() or "à" <= following <= "ỹ")


def _figure_number(low: str, match: re.Match[str], context: ReadingContext) -> Number | None:
    if not match[0][0].isdecimal() and match[0][0] != ".":
        return None
    words = match[0]
    scale = magnitude_at(low, match.end(), context.locale)
    if " " in words and scale is not None and words.count(" ") == 1:
        words = words.split(" ")[0]
        if len(words) < FEW_DIGITS:
            return None
        return Number(read_figure(words, context.locale), match.start() + len(words), scaled=False)
    words = words.rstrip(".,'’_")
    end = match.start() + len(words)
    mantissa, e, exponent = words.partition("e")
    mantissa = f"0{mantissa}" if mantissa.startswith(".") else mantissa
    scale = magnitude_at(low, end, context.locale)
    values = read_figure(mantissa, context.locale, scaled=scale is not None or bool(e))
    if e:
        power = int(exponent)
        big = Decimal(10) ** power if -20 < power < 20 else MOST * 10  # noqa: PLR2004 far beyond any deal
        return Number(tuple(value * big for value in values), end, scaled=True)
    if scale is None:
        return Number(values, end, scaled=False)
    factors, end = scale
    total = Number(tuple(value * factor for value in values for factor in factors), end, scaled=True)
    return _with_smaller_parts(low, total, factors, context)


def _with_smaller_parts(low: str, total: Number, factors: tuple[Decimal, ...], context: ReadingContext) -> Number:
    """Add what follows with a smaller scale word: 1 crore 20 lakh, 1 milhão e 200 mil."""
    last = factors
    while len(total.values) == len(last) == 1 and (part := _PART.match(low, total.end)) is not None:
        scale = magnitude_at(low, part.end(), context.locale)
        values = read_figure(part[1], context.locale, scaled=True)
        if scale is None or len(values) != 1 or len(scale[0]) != 1 or values[0] * scale[0][0] >= last[0]:
            break
        if low[part.end() : scale[1]].strip() in _LETTERS:
            break
        last = scale[0]
        total = Number((total.values[0] + values[0] * last[0],), scale[1], scaled=True)
    return total


def _chinese_number(low: str, at: int) -> Number | None:
    run = _chinese_run(low, at)
    if run is None:
        return None
    words, end = run
    dotted = _DOTTED_TAIL.search(words)
    if dotted is not None:
        words, end = words[: dotted.start()], end - len(dotted[0])
    if _AFTER_TAIL.match(low, end) or (is_letter(low, end) and words[-1] == "w"):
        tail = _TAIL.search(words)
        if tail is None and words[-1] == "w" and is_letter(low, end):
            return None
        if tail is not None:
            kept = _BEFORE_A_MONTH.match(tail[0]) if low.startswith("月", end) else None
            cut = tail.start() + (len(kept[1]) if kept else 0)
            words, end = words[:cut], end - (len(words) - cut)
    if not _UNIT.search(words):
        return None
    if words[0] in "万萬亿億百千佰仟w半" and not _NO_DIGIT.fullmatch(words):
        return None
    ends = about(words)
    if ends:
        return Number(ends, end, scaled=bool(_SCALE.search(words)))
    value = read_chinese(words.translate(_NO_COUNTER))
    scaled = bool(_SCALE.search(words))
    if value is None:
        return Number((), end, scaled=True) if words[0].isdecimal() and scaled else None
    return Number((value,), end, scaled=scaled)


def _chinese_run(low: str, at: int) -> tuple[str, int] | None:
    """Give the numerals that start there and their end; one blank may part figures from their unit (50 万)."""
    match = _CHINESE.match(low, at)
    if match is None:
        return None
    words = match[0]
    if not _FIGURE_ONLY.fullmatch(words) or _SCALE.search(words):
        words = words.rstrip(".,")
        return words, at + len(words)
    unit = _UNIT_BEGINS.match(low, match.end())
    rest = _CHINESE.match(low, match.end() + 1) if unit else None
    if rest is None:
        return None
    words = (words + rest[0]).rstrip(".,")
    return words, at + len(words) + 1
