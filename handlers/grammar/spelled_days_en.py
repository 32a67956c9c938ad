"""Find English days in words: March twenty-third, the fifth of August, Friday the 4th, the first Monday of March."""

import re
from datetime import date

from handlers.grammar.date_meanings_en import MONTHS, WEEKDAYS, Value, steps_of, year_of
from handlers.grammar.day_words_en import CARDINAL, ENDS, ORDINAL, YEAR_WORDS, number_of, year_in_words
from handlers.grammar.days import Day, add_months, nearest, nearest_in_month, nth_weekday, real_date
from handlers.grammar.phrase_parts_en import DAY, DIGITS, MONTH, TIME, WEEKDAY, WHICH, YEAR, Rule, phrase

_YEAR = rf"(?:,? (?P<year>(?:19|20)[0-9]{{2}}|{YEAR_WORDS}))?"
# After twenty, a bare two thousand is the amount.
_YEAR_AFTER = rf"(?:(?:, | (?!two thousand(?! [a-z])))(?P<year>(?:19|20)[0-9]{{2}}|{YEAR_WORDS}))?"
_FIRSTS = ("first", "second", "third", "fourth", "fifth", "1st", "2nd", "3rd", "4th", "5th")
_LATE = ("sixth", "seventh", "eighth", "ninth", "tenth", "6th", "7th", "8th", "9th", "10th")
_NTH = rf"({'|'.join(_FIRSTS)}|last)"
_ORDINALS = ("first", "second", "third", "th")  # how ordinals in words end
_CARDINALS = ("ten", "eleven", "twelve", "teen", "twenty", "thirty")
# We may first call them; march first bank.
_MAY_DO = r"(?!may (?:first|second|third) [a-z])"
_NO_NAME = (
    r"(?! (?:bank|national|federal|financial|capital|media|savings|credit|community|state|security|insurance|mutual"
    r"|street|avenue|group|holdings|partners|inc|ltd|llc|co|corp)(?![a-z]))"
)
_NO_MORE_THAN_31 = r"(?![4-9][0-9]|3[2-9])"
_NOT_A_DATE = rf"(?! (?:of )?{MONTH.replace('(', '(?:', 1)}(?![a-z])| of)"


def _spelled(match: re.Match[str], today: date) -> Value:
    month, day = MONTHS[match["month"]], match["day"]
    number = int(day) if day.isdecimal() else number_of(day)
    if match["year"]:
        return real_date(year_in_words(match["year"]), month, number)
    return nearest(today, month, number)


def _day_of_month(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), steps_of(match[2]))
    return real_date(there.year, there.month, number_of(match[1]))


def _weekday_and_day(match: re.Match[str], today: date) -> Value:
    """Read Friday the 27th; the two must agree, in the month to come or the one past."""
    number = int(match[2]) if match[2].isdecimal() else number_of(match[2])
    day = nearest_in_month(today, number)
    days = (day.ahead, day.past) if day else ()
    return next((one for one in days if one and one.weekday() == WEEKDAYS[match[1]]), None)


def _of_month(match: re.Match[str], today: date) -> Value:
    weekday, number = WEEKDAYS[match[2]], _count(match[1])
    month, year = MONTHS[match[3]], year_of(match, 4)
    if year is not None:
        return nth_weekday(year, month, weekday, number)
    this = nth_weekday(today.year, month, weekday, number)
    if this is None or this >= today:
        return this and Day(this, nth_weekday(today.year - 1, month, weekday, number))
    ahead = nth_weekday(today.year + 1, month, weekday, number)
    return Day(ahead, this) if ahead else None


def _of_this_month(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), steps_of(match[3]))
    day = nth_weekday(there.year, there.month, WEEKDAYS[match[2]], _count(match[1]))
    if match[3] is None and day and day < today:
        there = add_months(there, 1)
        return nth_weekday(there.year, there.month, WEEKDAYS[match[2]], _count(match[1]))
    return day


def _nth(match: re.Match[str], today: date) -> Value:
    """Read `second Monday` as this month's; once that is over, it may be the next month's as well."""
    following = add_months(today.replace(day=1), 1)
    this = nth_weekday(today.year, today.month, WEEKDAYS[match[2]], _count(match[1]))
    later = nth_weekday(following.year, following.month, WEEKDAYS[match[2]], _count(match[1]))
    if this is None or this >= today or later is None:
        return this
    return this, later


def _count(word: str) -> int:
    return -1 if word == "last" else int(word[0]) if word[0].isdecimal() else number_of(word)


_SPELLED_MONTH, _SPELLED_DAY = MONTH.replace("(", "(?P<month>", 1), DAY.replace("(", "(?P<day>", 1)
SPELLED_MONTHS: tuple[Rule, ...] = (
    (
        "month and day",
        phrase(rf"{_MAY_DO}{_SPELLED_MONTH} (?:the )?(?P<day>{ORDINAL}){_YEAR}{_NO_NAME}", *_ORDINALS),
        _spelled,
    ),
    (
        "month and day",
        phrase(rf"{_SPELLED_MONTH} (?:the )?(?P<day>{CARDINAL}){_YEAR_AFTER}{ENDS}", *_CARDINALS),
        _spelled,
    ),
    (
        "month and day",
        phrase(
            rf"{_SPELLED_MONTH} (?:the )?{_SPELLED_DAY}(?:, | (?!two thousand(?! [a-z])))(?P<year>{YEAR_WORDS})",
            *DIGITS,
        ),
        _spelled,
    ),
    ("month and day", phrase(rf"(?:the )?(?P<day>{ORDINAL}) (?:of )?{_SPELLED_MONTH}{_YEAR}", *_ORDINALS), _spelled),
)
SPELLED_PERIODS: tuple[Rule, ...] = (
    ("day of a month", phrase(rf"(?:the )?({ORDINAL}) (?:of )?(?:the )?{WHICH}month", *_ORDINALS), _day_of_month),
)
SPELLED_WEEKDAYS: tuple[Rule, ...] = (
    (
        "weekday and day",
        phrase(rf"{WEEKDAY},? (?:the )?{_NO_MORE_THAN_31}{DAY}{TIME}{_NOT_A_DATE}", *DIGITS),
        _weekday_and_day,
    ),
    (
        "weekday and day",
        phrase(rf"{WEEKDAY},? the ({ORDINAL}|{CARDINAL}{ENDS}){_NOT_A_DATE}", " the "),
        _weekday_and_day,
    ),
    ("weekday of a month", phrase(rf"(?:the )?{_NTH} {WEEKDAY} (?:of|in) {MONTH}{YEAR}", " of ", " in "), _of_month),
    (
        "weekday of a month",
        phrase(rf"(?:the )?{_NTH} {WEEKDAY} (?:of|in) (?:the )?{WHICH}?month", " of ", " in "),
        _of_this_month,
    ),
    ("weekday of this month", phrase(rf"(?:the )?({'|'.join(_FIRSTS)}) {WEEKDAY}", *_FIRSTS), _nth),
    (
        "weekday of this month",
        phrase(rf"(?:the )?(?:{'|'.join(_LATE)}) {WEEKDAY}", *_LATE),
        lambda _match, _today: None,
    ),
)
