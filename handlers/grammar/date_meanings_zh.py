"""What the words of Chinese date phrases mean, counted from today."""

import re
from datetime import date, timedelta

from handlers.grammar.days import (
    Day,
    add_months,
    last_of_month,
    month_ahead,
    month_end,
    nearest,
    quarter_ahead,
    quarter_end,
    real_date,
    spring_festival,
    spring_festival_of,
    weekday_ahead,
    weekday_in,
)
from handlers.grammar.numerals import read_chinese
from handlers.grammar.years_zh import year_in

Value = Day | date | None
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
WEEKDAYS = (
    {char: value for value, char in enumerate("一二三四五六日")}
    | {"天": 6, "末": 6}
    | dict(zip("123456", range(6), strict=True))
)
FEASTS = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "十一": (10, 1),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "國慶": (10, 1),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
    "聖誕": (12, 25),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
}


def number_in(words: str) -> int:
    if words.isdecimal():
        return int(words)
    value = read_chinese(words.replace("廿", "二十"))
    return int(value) if value is not None else -1


def steps_of(word: str | None) -> int:
    return {"下": 1, "下下": 2, "上": -1, "上上": -2}.get(word or "", 0)


def month_day(match: re.Match[str], today: date) -> Value:
    year, month, day = year_in(match[1], today), number_in(match[2]), number_in(match[3])
    return nearest(today, month, day) if year is None else real_date(year, month, day)


def month_part(match: re.Match[str], today: date) -> Value:
    year, month, part = year_in(match[1], today), number_in(match[2]), match[3] or "底"
    if not 1 <= month <= 12:  # noqa: PLR2004 months
        return None
    day = _part_day(part)
    if year is not None:
        return real_date(year, month, day) if day else last_of_month(year, month)
    return month_ahead(today, month, day, end=not day)


def _part_day(part: str) -> int:
    return {"初": 1, "上": 10, "中": 15}.get(part[0] if part != "上旬" else "上", 0)


def this_month(match: re.Match[str], today: date) -> Value:
    steps, part = steps_of(match[1]), match[2] or "底"
    there = add_months(today.replace(day=1), steps)
    day = _part_day(part)
    if not day:
        return month_end(there)
    on = there.replace(day=day)
    return add_months(on, 1) if match[1] is None and on < today else on


def day_of_month(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), steps_of(match[2]))
    year = year_in(match[1], today) or there.year
    return real_date(year, there.month, number_in(match[3]))


def weekday(match: re.Match[str], today: date) -> Value:
    day = WEEKDAYS[match[2]]
    return weekday_ahead(today, day) if match[1] is None else weekday_in(today, day, steps_of(match[1]))


def week(match: re.Match[str], today: date) -> Value:
    return weekday_in(today, {"初": 0, "中": 2}.get(match[2], 6), steps_of(match[1]))


def midweek(_match: re.Match[str], today: date) -> Value:
    return weekday_ahead(today, 2)


def quarter(match: re.Match[str], today: date) -> Value:
    year, number = year_in(match[1], today), _QUARTERS[match[2]]
    return last_of_month(year, number * 3) if year else quarter_ahead(today, number)


def this_quarter(match: re.Match[str], today: date) -> Value:
    return quarter_end(today, steps_of(match[1]))


def year_part(match: re.Match[str], today: date) -> Value:
    year, part = year_in(match[1], today), match[2]
    month, day = {"初": (1, 1), "中": (6, 30)}.get(part[0], (12, 31))
    if year is None and part[0] in "初中":
        return nearest(today, month, day)
    return date(today.year if year is None else year, month, day)


def whole_year(match: re.Match[str], today: date) -> Value:
    year = year_in(match[1], today)
    return date(year, 12, 31) if year else None


def half(match: re.Match[str], today: date) -> Value:
    year, month = year_in(match[1], today), 6 if match[2] == "上" else 12
    return last_of_month(year, month) if year else month_ahead(today, month)


def before_new_year(match: re.Match[str], today: date) -> Value:
    year = year_in(match[1], today) if match[1] else None
    feast = spring_festival_of(year) if year else spring_festival(today)
    if feast is None:
        return None
    days = match[0].rstrip().endswith("前") + ("除夕" in match[0])
    return feast - timedelta(days=days)


def feast(match: re.Match[str], today: date) -> Value:
    day = nearest(today, *FEASTS[match[1]])
    if day is None:
        return None
    before = timedelta(days=1 if match[2] else 0)
    return Day(day.ahead - before, day.past - before if day.past else None)
