"""What the words of English date phrases mean, counted from today."""

import re
from datetime import date, timedelta

from handlers.grammar.days import (
    Day,
    add_months,
    full_year,
    last_of_month,
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

# Several days are what the words alone cannot decide between.
Value = Day | date | tuple[date, ...] | None

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb febuary feburary",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec decemeber",
        ),
        start=1,
    )
    for name in names.split()
}

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed wedn wendesday wensday",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
FIRST_HALF = 6
WEDNESDAY = 2
_YEARS_AHEAD = 10


def year_of(match: re.Match[str], full: int) -> int | None:
    if match[full]:
        return int(match[full])
    return full_year(int(match[full + 1])) if match[full + 1] else None


def month_day_year(match: re.Match[str], today: date) -> Value:
    return _on(MONTHS[match[1]], int(match[2]), year_of(match, 3), today)


def day_month_year(match: re.Match[str], today: date) -> Value:
    return _on(MONTHS[match[2]], int(match[1]), year_of(match, 3), today)


def month_day_near_year(match: re.Match[str], today: date) -> Value:
    return _near(month_day_year(match, today), today)


def day_month_near_year(match: re.Match[str], today: date) -> Value:
    return _near(day_month_year(match, today), today)


def _near(day: Value, today: date) -> Value:
    """Doubt that two figures after a blank (Dec 2, 27) are a year unless it is soon."""
    return day if isinstance(day, date) and 0 <= day.year - today.year <= _YEARS_AHEAD else None


def _on(month: int, day: int, year: int | None, today: date) -> Value:
    return nearest(today, month, day) if year is None else real_date(year, month, day)


def day(match: re.Match[str], today: date) -> Value:
    return nearest_in_month(today, int(match[1]))


def month_and_number(match: re.Match[str], today: date) -> Value:
    """Read Dec-5 as the fifth; Dec-27 may be a month of that year as well."""
    number, month = int(match[2]), MONTHS[match[1]]
    day = nearest(today, month, number)
    if not 0 <= number - today.year % 100 <= _YEARS_AHEAD:
        return day
    end = last_of_month(full_year(number), month)
    return (day.ahead, end) if day else end


def month_part(match: re.Match[str], today: date) -> Value:
    part, month, year = match[1], MONTHS[match[2]], year_of(match, 3)
    day = {"mid": 15, "middle": 15}.get(part.split(" ")[0].rstrip("-"), 0)
    if "start" in part or "beginning" in part or "early" in part:
        day = 1
    if year is not None:
        return real_date(year, month, day) if day else month_end(date(year, month, 1))
    return month_ahead(today, month, day, end=not day)


def month(match: re.Match[str], today: date) -> Value:
    year = year_of(match, 2)
    return month_end(date(year, MONTHS[match[1]], 1)) if year else month_ahead(today, MONTHS[match[1]])


def steps_of(word: str | None) -> int:
    word = (word or "").strip()
    return {"next": 1, "nxt": 1, "last": -1, "previous": -1, "past": -1, "following": 1}.get(word, 0)


def weekday(match: re.Match[str], today: date) -> Value:
    word, day = match[1], WEEKDAYS[match[2]]
    following = match[3]
    if following:
        return weekday_in(today, day, 2 if following.startswith("week after") else steps_of(following.split()[0]))
    if word is None or word.strip() in {"coming", "this coming", "the coming"}:
        return weekday_ahead(today, day)
    return weekday_in(today, day, steps_of(word))


def weekday_after(match: re.Match[str], today: date) -> Value:
    """Read Friday week as a week after the next Friday, Friday after next as the one of the week after next."""
    day = WEEKDAYS[match[1]]
    return weekday_ahead(today, day) + timedelta(days=7) if match[2] == "week" else weekday_in(today, day, 2)


def week_weekday(match: re.Match[str], today: date) -> Value:
    return weekday_in(today, WEEKDAYS[match[2]], steps_of(match[1]))


def end_of(span: str, steps: int, today: date, week_day: int = 4) -> date:
    if span.startswith("w"):
        return weekday_in(today, week_day, steps)
    if span.startswith("m"):
        return month_end(today, steps)
    if span.startswith("q"):
        return quarter_end(today, steps)
    return date(today.year + steps, 12, 31)


def end_period(match: re.Match[str], today: date) -> Value:
    return end_of(match[2], steps_of(match[1]), today)


def start_period(match: re.Match[str], today: date) -> Value:
    steps, span = steps_of(match[1]), match[2]
    if span == "week":
        return weekday_in(today, 0, steps)
    if span == "month":
        return add_months(today.replace(day=1), steps)
    if span == "quarter":
        return add_months(quarter_end(today, steps).replace(day=1), -2)
    return date(today.year + steps, 1, 1)


def mid_period(match: re.Match[str], today: date) -> Value:
    """Read mid-month as the 15th, mid-week as Wednesday, mid-quarter as the 15th of its second month."""
    day = _middle(match[2], steps_of(match[1]), today)
    return _middle(match[2], 1, today) if match[1] is None and day < today else day


def _middle(span: str, steps: int, today: date) -> date:
    if span == "week":
        return weekday_in(today, WEDNESDAY, steps)
    if span == "month":
        return add_months(today.replace(day=15), steps)
    if span == "quarter":
        return add_months(quarter_end(today, steps).replace(day=15), -1)
    return date(today.year + steps, FIRST_HALF, 30)


def weekend(match: re.Match[str], today: date) -> Value:
    """Read this weekend as its Sunday; by the weekend is the end of the working week."""
    return weekday_in(today, 6, steps_of(match[1]))


def week_of(match: re.Match[str], today: date) -> Value:
    """Read the week of Dec 7 as a period: its last day."""
    day = _on(MONTHS[match[1] or match[4]], int(match[2] or match[3]), None, today)
    return weekday_in(day.ahead, 6, 0) if isinstance(day, Day) else None


def short_end(match: re.Match[str], today: date) -> Value:
    return today if match[1] == "d" else end_of(match[1], 0, today)


def day_of_period(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), steps_of(match[2]))
    return real_date(there.year, there.month, int(match[1]))


def quarter(match: re.Match[str], today: date) -> Value:
    numbers = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
    number = numbers.get(match[1]) or int(match[1])
    year = year_of(match, 2)
    return month_end(date(year, number * 3, 1)) if year else quarter_ahead(today, number)


def year_quarter(match: re.Match[str], _today: date) -> Value:
    return month_end(date(int(match[1]), int(match[2]) * 3, 1))


def steps_quarter(match: re.Match[str], today: date) -> Value:
    return month_end(date(today.year + steps_of(match[2]), int(match[1]) * 3, 1))


def half(match: re.Match[str], today: date) -> Value:
    month = FIRST_HALF * int(match[1])
    year = year_of(match, 2)
    return month_end(date(year, month, 1)) if year else month_ahead(today, month)


def named(match: re.Match[str], today: date) -> Value:
    return today + timedelta(days=NAMED_DAYS[match[1]])


def feast(match: re.Match[str], today: date) -> Value:
    feast = match[2]
    if feast.startswith(("christmas", "xmas")):
        day = nearest(today, 12, 24 if feast.endswith("eve") else 25)
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


NAMED_DAYS = {
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "tmr": 1,
    "tmrw": 1,
    "tmw": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tommorrow": 1,
    "yesterday": -1,
    "next day": 1,
    "the next day": 1,
    "this day": 0,
    "day before yesterday": -2,
    "the day before yesterday": -2,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "eod": 0,
    "cob": 0,
}
