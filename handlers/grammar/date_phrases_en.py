"""Find English date phrases: next Friday, Dec 5th, mid-March, end of Q1, in two weeks."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from handlers.grammar.days import (
    Day,
    add_months,
    month_ahead,
    month_end,
    nearest,
    nearest_in_month,
    quarter_ahead,
    quarter_end,
    real_date,
    spring_festival,
    weekday_ahead,
    weekday_in,
)
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext

Value = Day | date | None

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb febuary feburary", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec decemeber",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon", "tuesday tues tue", "wednesday weds wed wedn wendesday wensday", "thursday thurs thur thu",
            "friday fri", "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
_COUNTS = {
    name: number
    for number, names in enumerate(
        ["zero", "one a an", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
    for name in names.split()
} | {"couple of": 2, "a couple of": 2, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"({_any(MONTHS)})\.?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ?((?:19|20)[0-9]{2})|,? ?'([0-9]{2}))?"
_WEEKDAY = rf"({_any(WEEKDAYS)})\.?"
_OPEN, _CLOSE = r"(?<![a-z0-9@#'’.$€£-])(?:", r")(?![a-z0-9]|['’.&][a-z0-9]|-[a-z])"
_TIME = r"(?: (?:at )?[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm)| (?:at )?[0-9]{1,2}:[0-9]{2}| eod| cob)?"
_SPANS = "week|month|quarter|year"
_END = r"(?:the )?end(?: of)?(?: the)?|eo|close of(?: the)?|last day of(?: the)?|late(?: in)?"
_START = r"(?:the )?(?:start|beginning)(?: of)?(?: the)?|early(?: in)?"

Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], date], Value]]
FIRST_HALF = 6


def find_english_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the phrases, those that name an impossible day as bad; the longest of overlapping ones comes first."""
    for rule, pattern, read in _RULES:
        for match in islice(pattern.finditer(low), MOST_OF_A_KIND):
            value = read(match, context.today)
            firm = rule not in _WEAK
            if isinstance(value, Day):
                yield Found("date", rule, *match.span(), value.ahead, past=value.past, firm=firm)
            else:
                yield Found("date", rule, *match.span(), value, bad=value is None, firm=firm)


def _year(match: re.Match[str], full: int) -> int | None:
    if match[full]:
        return int(match[full])
    return 2000 + int(match[full + 1]) if match[full + 1] else None


def _month_day(month: str, day: str, year: int | None, today: date) -> Value:
    number = MONTHS[month]
    return nearest(today, number, int(day)) if year is None else real_date(year, number, int(day))


def _month_part(match: re.Match[str], today: date) -> Value:
    part, month, year = match[1], MONTHS[match[2]], _year(match, 3)
    day = {"mid": 15, "middle": 15}.get(part.split(" ")[0].rstrip("-"), 0)
    if re.match(_START, part):
        day = 1
    if year is not None:
        return real_date(year, month, day) if day else month_end(date(year, month, 1))
    return month_ahead(today, month, day, end=not day)


def _month(match: re.Match[str], today: date) -> Value:
    year = _year(match, 2)
    return month_end(date(year, MONTHS[match[1]], 1)) if year else month_ahead(today, MONTHS[match[1]])


def _steps(word: str | None) -> int:
    word = (word or "").strip()
    return {"next": 1, "last": -1, "previous": -1, "past": -1, "following": 1}.get(word, 0)


def _weekday(match: re.Match[str], today: date) -> Value:
    word, day = match[1], WEEKDAYS[match[2]]
    following = match[3]
    if following:
        return weekday_in(today, day, 2 if following.startswith("week after") else _steps(following.split()[0]))
    if word is None or word.strip() in {"coming", "this coming", "the coming"}:
        return weekday_ahead(today, day)
    return weekday_in(today, day, _steps(word))


def _week_weekday(match: re.Match[str], today: date) -> Value:
    return weekday_in(today, WEEKDAYS[match[2]], _steps(match[1]))


def _period(match: re.Match[str], today: date) -> Value:
    return _end_of(match[2], 2 if match[3] else _steps(match[1]), today, week_day=6)


def _end_of(span: str, steps: int, today: date, week_day: int = 4) -> date:
    if span.startswith("w"):
        return weekday_in(today, week_day, steps)
    if span.startswith("m"):
        return month_end(today, steps)
    if span.startswith("q"):
        return quarter_end(today, steps)
    return date(today.year + steps, 12, 31)


def _end_period(match: re.Match[str], today: date) -> Value:
    return _end_of(match[2], _steps(match[1]), today)


def _start_period(match: re.Match[str], today: date) -> Value:
    steps, span = _steps(match[1]), match[2]
    if span == "week":
        return weekday_in(today, 0, steps)
    if span == "month":
        return add_months(today.replace(day=1), steps)
    if span == "quarter":
        return add_months(quarter_end(today, steps).replace(day=1), -2)
    return date(today.year + steps, 1, 1)


def _mid_period(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), _steps(match[1])).replace(day=15)
    if match[1] is None and there < today:
        return add_months(there, 1)
    return there


def _short_end(match: re.Match[str], today: date) -> Value:
    return today if match[1] == "d" else _end_of(match[1], 0, today)


def _day_of_period(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), _steps(match[2]))
    return real_date(there.year, there.month, int(match[1]))


def _quarter(match: re.Match[str], today: date) -> Value:
    numbers = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
    number = numbers.get(match[1]) or int(match[1])
    year = _year(match, 2)
    return month_end(date(year, number * 3, 1)) if year else quarter_ahead(today, number)


def _year_quarter(match: re.Match[str], _today: date) -> Value:
    return month_end(date(int(match[1]), int(match[2]) * 3, 1))


def _steps_quarter(match: re.Match[str], today: date) -> Value:
    return month_end(date(today.year + _steps(match[2]), int(match[1]) * 3, 1))


def _half(match: re.Match[str], today: date) -> Value:
    month = FIRST_HALF * int(match[1])
    year = _year(match, 2)
    return month_end(date(year, month, 1)) if year else month_ahead(today, month)


def _later(match: re.Match[str], today: date) -> Value:
    count = int(match[1]) if match[1].isdecimal() else _COUNTS[match[1]]
    span = match[2]
    if count > 3650:  # noqa: PLR2004 ten years of days are no closing date
        return None
    if span.startswith("d"):
        return today + timedelta(days=count)
    if span.startswith("w"):
        return today + timedelta(days=7 * count)
    if span.startswith("fortnight"):
        return today + timedelta(days=14 * count)
    return add_months(today, count * (12 if span.startswith("y") else 3 if span.startswith("q") else 1))


def _named(match: re.Match[str], today: date) -> Value:
    return today + timedelta(days=_NAMED_DAYS[match[1]])


def _feast(match: re.Match[str], today: date) -> Value:
    feast = match[2]
    if feast in {"christmas", "xmas"}:
        day = nearest(today, 12, 25)
        ahead = day.ahead if day else today
    elif feast.startswith("new year"):
        day = nearest(today, 12, 31) if feast.endswith("eve") else nearest(today, 1, 1)
        ahead = day.ahead if day else today
    else:
        spring = spring_festival(today)
        if spring is None:
            return None
        ahead = spring
    return ahead - timedelta(days=1) if match[1] else ahead


_NAMED_DAYS = {
    "today": 0, "tonight": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "tmw": 1, "tomorow": 1, "tommorow": 1,
    "tommorrow": 1, "yesterday": -1, "day after tomorrow": 2, "the day after tomorrow": 2, "eod": 0, "cob": 0,
}  # fmt: skip
_WHICH = r"(this |next |last |previous |past |following )"


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(_OPEN + body + _CLOSE)


_WEAK = {"weekday", "month", "quarter", "half-year", "named day"}
_RULES: tuple[Rule, ...] = (
    (
        "weekday",
        _pattern(
            rf"(this coming |the coming |coming |this |next |last |past )?{_WEEKDAY}"
            rf"(?:,? (?:of )?((?:this|next|last) week|week after next))?{_TIME}"
        ),
        _weekday,
    ),
    ("weekday of a week", _pattern(rf"(this |next |last )week,? (?:on )?{_WEEKDAY}{_TIME}"), _week_weekday),
    ("month and day", _pattern(rf"{_MONTH} ?(?:the )?{_DAY}{_YEAR}{_TIME}"), lambda match, today: _month_day(
        match[1], match[2], _year(match, 3), today
    )),
    ("day and month", _pattern(rf"(?:the )?{_DAY}[ -]?(?:of )?{_MONTH}{_YEAR.replace(',? ?', '[, -]{0,2}')}{_TIME}"), lambda match, today: _month_day(
        match[2], match[1], _year(match, 3), today
    )),
    ("part of a month", _pattern(rf"({_END}|{_START}|mid|middle of)[ -]{{0,2}}{_MONTH}{_YEAR}"), _month_part),
    ("month", _pattern(rf"{_MONTH}{_YEAR}"), _month),
    ("month", _pattern(rf"{_MONTH} (?:month )?end{_YEAR}"), _month),
    ("period", _pattern(rf"(?:the )?{_WHICH}({_SPANS})"), lambda match, today: _end_of(match[2], _steps(match[1]), today, 6)),
    ("period", _pattern(r"(?:the )?(week|month|quarter|year) after next"), lambda match, today: _end_of(match[1], 2, today, 6)),
    ("end of a period", _pattern(rf"(?:{_END}) ?{_WHICH}?({_SPANS})"), _end_period),
    ("end of a period", _pattern(rf"{_WHICH}?({_SPANS})[ -]?end"), _end_period),
    ("start of a period", _pattern(rf"(?:{_START}) {_WHICH}?({_SPANS})"), _start_period),
    ("middle of a period", _pattern(rf"(?:mid|middle of(?: the)?)[ -]?{_WHICH}?month"), _mid_period),
    ("end of a period", _pattern(r"eo([dwmqy])"), _short_end),
    ("day of a month", _pattern(rf"(?:the )?{_DAY} (?:of )?{_WHICH}month"), _day_of_period),
    ("day", _pattern(rf"(?:on |by )?the ([0-9]{{1,2}})(?:st|nd|rd|th){_TIME}"), lambda match, today: nearest_in_month(
        today, int(match[1])
    )),
    ("day", _pattern(rf"(?:on |by )?([0-9]{{1,2}})(?:st|nd|rd|th){_TIME}"), lambda match, today: nearest_in_month(
        today, int(match[1])
    )),
    ("quarter", _pattern(rf"(?:(?:{_END}) ?)?q([1-4]){_YEAR}"), _quarter),
    ("quarter", _pattern(rf"(?:(?:{_END}) ?)?(?:the )?(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)?{_YEAR}"), _quarter),
    ("quarter", _pattern(r"((?:19|20)[0-9]{2}) ?[/-]?q([1-4])"), _year_quarter),
    ("quarter", _pattern(r"q([1-4]) (?:of )?(next |this |last )year"), _steps_quarter),
    ("half-year", _pattern(rf"(?:(?:{_END}) ?)?h([12]){_YEAR}"), _half),
    ("in a while", _pattern(
        rf"(?:in|within)(?: the next)? ([0-9]{{1,4}}|{_any(_COUNTS)}) ?-?(days?|weeks?|wks?|fortnights?|months?|mos?|quarters?|years?|yrs?|d|w|m)(?: time)?"
    ), _later),
    ("in a while", _pattern(
        rf"([0-9]{{1,4}}|{_any(_COUNTS)}) (days?|weeks?|wks?|fortnights?|months?|quarters?|years?)(?: from (?:now|today)| later| out| time)"
    ), _later),
    ("named day", _pattern(rf"({_any(_NAMED_DAYS)}){_TIME}"), _named),
    ("feast", _pattern(
        r"(before |pre-)?(christmas|xmas|new year's eve|new year's day|new year|spring festival|chinese new year|lunar new year)"
    ), _feast),
)  # fmt: skip
