"""Find how long: two weeks, 5 working days, 3d, 两周, 3个工作日; and the day that is so many working days away."""

import re
from collections.abc import Iterator
from datetime import date

from handlers.grammar.day_words_en import ANY_NUMBER
from handlers.grammar.numerals import read_chinese
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.spans_en import count_of
from models.durations import Duration, Unit

_UNITS = {
    "working day": (1, Unit.WORKING_DAY),
    "day": (1, Unit.DAY),
    "week": (1, Unit.WEEK),
    "fortnight": (2, Unit.WEEK),
    "month": (1, Unit.MONTH),
    "quarter": (3, Unit.MONTH),
    "year": (12, Unit.MONTH),
}
_SHORT = {"d": "day", "w": "week", "wk": "week", "m": "month", "mo": "month", "yr": "year", "y": "year"}
_ZH = {
    "工作日": "working day", "工作天": "working day", "天": "day", "周": "week", "週": "week", "星期": "week",
    "礼拜": "week", "禮拜": "week", "月": "month", "季度": "quarter", "年": "year",
}  # fmt: skip
_COUNT = rf"([0-9]{{1,4}}|a couple of|couple of|{ANY_NUMBER}|an|a)"
_WORKING = r"(?:working|business|work|biz)[ -]?days?|workdays?"
_EN = rf"{_COUNT} ?-?({_WORKING}|(?:day|week|fortnight|month|quarter|year|wk|mo|yr)s?|[dwmy])"
_HAN = r"([0-9]{1,4}|[一二三四五六七八九十两兩百半]{1,4})"
_OPEN, _CLOSE = r"(?<![a-z0-9.,/$€£-])", r"(?![a-z0-9]|-[a-z])"
_LONG_EN = Pattern(_OPEN + _EN + _CLOSE)
_LONG_ZH = Pattern(
    rf"(?:推迟|推遲|延后|延後|延期|顺延|順延)? ?(?<![0-9.]){_HAN}"
    r"(个|個)? ?(工作日|工作天|天|周|週|星期|礼拜|禮拜|月|季度|年)(?!份|[0-9])"
)
_AWAY_EN = Pattern(
    rf"{_OPEN}(?:(?:in|within)(?: the next)? {_COUNT}[ -]?(?:{_WORKING})"
    rf"|{_COUNT}[ -]?(?:{_WORKING}) (?:from (?:now|today)|later|out|time)){_CLOSE}",
    needs=("work", "business", "biz"),
)
_AWAY_ZH = Pattern(rf"(?<![0-9.]){_HAN}(?:个|個)? ?(?:工作日|工作天)(?:之|以)?[后後内內]", needs=("工作日", "工作天"))


def find_durations(low: str) -> Iterator[Found]:
    """Find durations; one that is nothing or longer than ten years is bad."""
    for match in _LONG_EN.each(low):
        yield _found(match, count_of(match[1]), _unit_en(match[2]))
    for match in _LONG_ZH.each(low):
        unit = _ZH[match[3]]
        if unit in {"month", "quarter"} and not match[2]:
            continue  # 3月 is March, 3个月 three months
        if match[1] == "半":
            if unit in {"month", "year"}:
                half = Duration(15, Unit.DAY) if unit == "month" else Duration(6, Unit.MONTH)
                yield Found("duration", "duration", *match.span(), half)
            continue
        yield _found(match, _count_zh(match[1]), unit)


def find_working_days(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the day that is so many working days away, by the typist's calendar: within 3 business days, 3个工作日内."""
    for match in _AWAY_EN.each(low):
        yield _away(match, count_of(match[1] or match[2]), context)
    for match in _AWAY_ZH.each(low):
        yield _away(match, _count_zh(match[1]), context)


def _away(match: re.Match[str], count: int, context: ReadingContext) -> Found:
    return Found("date", "working days", *match.span(), _after(count, context), bad=_after(count, context) is None)


def _after(count: int, context: ReadingContext) -> date | None:
    try:
        duration = Duration(count, Unit.WORKING_DAY)
    except ValueError:
        return None
    return duration.after(context.today, context.working_calendar)


def _found(match: re.Match[str], count: int, unit: str) -> Found:
    times, counted = _UNITS[unit]
    try:
        return Found("duration", "duration", *match.span(), Duration(count * times, counted))
    except ValueError:
        return Found("duration", "duration", *match.span(), bad=True)


def _count_zh(words: str) -> int:
    number = read_chinese(words)
    return int(number) if number is not None and number == int(number) else 0


def _unit_en(words: str) -> str:
    if words.startswith(("work", "business", "biz")):
        return "working day"
    return _SHORT.get(words) or _SHORT.get(words.rstrip("s")) or words.rstrip("s")
