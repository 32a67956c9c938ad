"""Find Chinese days that are counted: 三天前, 一个半月后, 12月第一个周五, 春节后两周."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from handlers.grammar.date_meanings_zh import WEEKDAYS, Value, number_in, steps_of
from handlers.grammar.days import add_months, moved, nth_weekday
from handlers.grammar.patterns import Pattern
from handlers.grammar.phrase_parts_zh import DAY, STEP, WEEK, Rule, rule
from handlers.grammar.reading import Found
from handlers.grammar.years_zh import YEAR, year_in

_NUMBER = r"(?:[0-9]{1,4}(?:\.5)?|[一二三四五六七八九十百两兩零]{1,6}|半)"
_UNIT = r"(?:工作日|天|日|周|週|星期|礼拜|禮拜|月|季度|年)"
_UNITS = "天日周週期拜月度年"
_ONE = rf"{_NUMBER}[个個]?半?{_UNIT}半?"
# 12月5日 is a day; as a part of a span it is 12个月.
_EXACT = rf"{_NUMBER}(?:[个個]?半?(?:天|周|週|星期|礼拜|禮拜|季度|年)|[个個]半?月)半?"
_SEVERAL = rf"{_EXACT}(?:[零又]?{_EXACT})?(?:[零又]?{_EXACT})?"
_SPAN = rf"(?<![0-9.百千零第])({_SEVERAL}|{_ONE})"
# 5日前 and 12月前 are by that day, 三天前 is a count.
_AGO = rf"(?<![0-9.百千零第周週期拜])({_NUMBER}(?:[个個]?半?(?:天|周|週|星期|礼拜|禮拜)|[个個]半?月|年)半?)"
_PART = Pattern(rf"({_NUMBER})[个個]?(半?)({_UNIT})(半?)")
_PAIR = Pattern(r"[一二三四五六七八九两兩]{2}")
_VAGUE = rf"(?:(?:好几|十几|十幾|[几幾数數]|若干)十?[个個]?|[个個]把){_UNIT}"
_RANGE = rf"(?<![0-9.]){_NUMBER}[个個]?(?:到|至|-|~|或){_NUMBER}[个個]?{_UNIT}"
_NTH = r"第([一二三四五1-5])[个個]"
_FROM = Pattern(
    rf"(?:之|以)?(?:([前后後])({_SEVERAL})(?![前后後内內期])|[后後](?![台续續勤端来來天期面]))", needs="前后後"
)
_DAYS_IN = {"周": 7, "週": 7, "期": 7, "拜": 7, "天": 1, "日": 1}
_MONTHS_IN = {"月": 1, "度": 3, "年": 12}
_HALF_MONTH = 15
_LONGEST_AGO = 10


def _ahead(match: re.Match[str], today: date) -> Value:
    return _counted(match[1], today, 1)


def _ago(match: re.Match[str], today: date) -> Value:
    """Read 三年前; in 27年前 the year 2027 may be meant."""
    lengths = _lengths(match[1])
    return _counted(match[1], today, -1) if lengths and abs(lengths[0]) <= 12 * _LONGEST_AGO else None


def _counted(words: str, day: date, sign: int) -> date | None:
    lengths = _lengths(words)
    return moved(day, sign * lengths[0], sign * lengths[1]) if lengths else None


def _lengths(words: str) -> tuple[int, int] | None:
    """Add up months and days; None for 三四天, which is no exact span."""
    months = days = 0
    for count, half, unit, and_a_half in _PART.findall(words):
        number = 0 if count == "半" else number_in(count.removesuffix(".5"))
        if number < 0 or _PAIR.search(count):
            return None
        halves = 2 * number + bool(half or and_a_half or count == "半" or ".5" in count)
        if halves % 2 and unit[-1] in "天日":
            return None
        if unit[-1] in _DAYS_IN:
            days += halves * _DAYS_IN[unit[-1]] // 2
        elif unit == "月":
            months, days = months + halves // 2, days + halves % 2 * _HALF_MONTH
        else:
            months += halves * _MONTHS_IN[unit[-1]] // 2
    return months, days


def _nth_of_month(match: re.Match[str], today: date) -> Value:
    year, month = year_in(match[1], today), number_in(match[2])
    number, weekday = number_in(match[3]), WEEKDAYS[match[4]]
    if not 1 <= month <= 12:  # noqa: PLR2004 months
        return None
    this = nth_weekday(year or today.year, month, weekday, number)
    return this if year or this is None or this >= today else nth_weekday(today.year + 1, month, weekday, number)


def _nth_of_this_month(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), steps_of(match[1]))
    return nth_weekday(there.year, there.month, WEEKDAYS[match[3]], number_in(match[2]))


def _unclear(_match: re.Match[str], _today: date) -> Value:
    return None


COUNTED_RULES: tuple[Rule, ...] = (
    rule("in a while", f"后後内內 {_UNITS}", rf"{_SPAN}(?:之|以)?[后後内內]", _ahead),
    rule("in a while", f"前 {_UNITS}", rf"{_AGO}(?:之|以)?前(?!年)", _ago, ""),
    rule("unclear date", "几幾数數若把 前后後内內", rf"{_VAGUE}(?:之|以)?[前后後内內]", _unclear, ""),
    rule("unclear date", "到至-~或 前后後内內", rf"{_RANGE}(?:之|以)?[前后後内內]", _unclear, ""),
    rule("weekday of a month", "第 月", rf"{YEAR}{DAY}月的?{_NTH}{WEEK}([一二三四五六日天])", _nth_of_month),
    rule("weekday of a month", "第 月", rf"{STEP}个?個?月的?{_NTH}{WEEK}([一二三四五六日天])", _nth_of_this_month),
    rule(
        "unclear date",
        "第 周週期拜",
        rf"(?:{YEAR}{DAY}|{STEP}个?個?)?月?的?第[一二三四五1-5][个個]?{WEEK}[一二三四五六日天]?",
        _unclear,
    ),
)


def counted_from_chinese(low: str, found: Sequence[Found]) -> Iterator[Found]:
    """Count the span after a day from that day: 12月5日后三天; what 月底前三天 means is asked."""
    ends: dict[int, Found] = {}
    for one in sorted(found, key=lambda each: -each.start):
        ends[one.end] = one
    for match in _FROM.each(low):
        base = ends.get(match.start()) or ends.get(match.start(2))
        if base is None:
            continue
        lengths = _lengths(match[2]) if match[1] in {"后", "後"} and isinstance(base.value, date) else None
        value = moved(base.value, *lengths) if lengths and isinstance(base.value, date) else None
        yield base._replace(
            rule="counted from a day", end=match.end(), value=value, past=None, readings=(), bad=value is None
        )
