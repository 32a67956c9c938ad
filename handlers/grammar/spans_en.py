"""Find days that are counted in spans of time: in 2 years and 3 months, two weeks ago, three days after Dec 5."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from handlers.grammar.date_meanings_en import WEEKDAYS, Value
from handlers.grammar.day_words_en import ANY_NUMBER, number_of
from handlers.grammar.days import moved, weekday_ahead
from handlers.grammar.phrase_parts_en import MONTH, SPANS, WEEKDAY, WHICH, YEAR, Rule, phrase, phrase_before
from handlers.grammar.reading import MOST_OF_A_KIND, Found

_ARTICLES = {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "zero": 0}
_WORD = rf"(?:a couple of|couple of|{ANY_NUMBER}|zero|an|a)"
_COUNT = rf"(?:[0-9]{{1,4}} ?-?|{_WORD}[ -])"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|mos?|quarters?|years?|yrs?)"
_ONE = rf"{_COUNT}{_UNIT}(?![a-z])"
_NEXT = rf"(?:(?:,? and |, ?| ){_ONE})?"
_SPAN = rf"({_ONE}{_NEXT}{_NEXT}{_NEXT})"
_PART = re.compile(rf"(?<![a-z0-9])({_COUNT})([a-z]+)")
_VAGUE = rf"(?:a )?(?:few|several|some) {_UNIT}"
# A letter that was sent two weeks ago tells nothing of the day the deal closes.
_TELLING = ("sent", "met", "spoke", "called", "talked", "quoted", "started", "demoed", "visited", "opened", "pitched")
_TOLD = "".join(rf"(?<!{verb} )" for verb in _TELLING)
_MONTHS_IN = {"m": 1, "q": 3, "y": 12}
_DAYS_IN = {"d": 1, "w": 7, "f": 14}
_FROM = phrase_before(rf"(?<!for )(?<!over )(?:{_SPAN}|(the day)|{_VAGUE}) (from|after|before)")


def _ahead(match: re.Match[str], today: date) -> Value:
    return moved(today, *_lengths(match[1]))


def _ago(match: re.Match[str], today: date) -> Value:
    months, days = _lengths(match[1])
    return moved(today, -months, -days)


def _weekdays_ahead(match: re.Match[str], today: date) -> Value:
    """Count from the first such weekday after today."""
    first = weekday_ahead(today + timedelta(days=1), WEEKDAYS[match[2]])
    return moved(first, 0, 7 * (_number(match[1]) - 1))


SPAN_RULES: tuple[Rule, ...] = (
    ("in a while", phrase(rf"(?:in|within)(?: the next)? {_SPAN}(?: time)?"), _ahead),
    ("in a while", phrase(rf"(?:in|within)(?: the next)? ({_COUNT}[dwm])"), _ahead),
    ("in a while", phrase(rf"{_SPAN}(?: from (?:now|today)| later| out| time)"), _ahead),
    ("in a while", phrase(rf"{_TOLD}{_SPAN} ago"), _ago),
    (
        "in a while",
        phrase(rf"({_COUNT}){WEEKDAY.replace(')', ')s?', 1)} (?:from (?:now|today)|later)"),
        _weekdays_ahead,
    ),
    (
        "unclear date",
        phrase(
            r"(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) "
            r"(?:week|weekend|half|part|(?:business|working) day) (?:of|in) "
            rf"(?:the )?(?:{WHICH}?(?:{SPANS})|{MONTH}{YEAR}|(?:19|20)[0-9]{{2}})"
        ),
        lambda _match, _today: None,
    ),
    (
        "unclear date",
        phrase(
            rf"(?:in|within)(?: the next)? (?:{_COUNT}(?:(?:to|or) |-?){_COUNT}{_UNIT}|an? {_UNIT} or (?:two|three|so))"
        ),
        lambda _match, _today: None,
    ),
    ("unclear date", phrase(rf"(?:in|within)(?: the next)? {_VAGUE}(?: time)?"), lambda _match, _today: None),
    ("unclear date", phrase(rf"{_TOLD}{_VAGUE} (?:ago|later|from (?:now|today))"), lambda _match, _today: None),
)


def counted_from(low: str, found: Sequence[Found]) -> Iterator[Found]:
    """Count the span before a day from that day: two days after Dec 5, a week from next Friday."""
    if not found:
        return
    days = sorted(found, key=lambda one: (one.start, -one.end))
    starts = [one.start for one in days]
    for match in islice(_FROM.finditer(low), MOST_OF_A_KIND):
        at = bisect_left(starts, match.end())
        if at < len(days) and starts[at] == match.end():
            yield _counted(match, days[at])


def _counted(match: re.Match[str], base: Found) -> Found:
    """Move the day; a term of months from a day (12 months from Jan 1) may name its begin or its end."""
    whole = replace(base, rule="counted from a day", start=match.start(), past=None)
    if base.bad or not isinstance(base.value, date) or not (match[1] or match[2]):
        return replace(whole, value=None, readings=(), bad=True)
    months, days = _lengths(match[1] or "a day")
    sign = -1 if match[3] == "before" else 1
    value = moved(base.value, sign * months, sign * days)
    if value is not None and months and match[3] == "from":
        return replace(whole, value=None, readings=(base.value, value))
    past = moved(base.past, sign * months, sign * days) if isinstance(base.past, date) else None
    return replace(whole, value=value, past=past, bad=value is None)


def _lengths(words: str) -> tuple[int, int]:
    """Add up the months and the days of a span."""
    months = days = 0
    for count, unit in _PART.findall(words):
        months += _number(count) * _MONTHS_IN.get(unit[0], 0)
        days += _number(count) * _DAYS_IN.get(unit[0], 0)
    return months, days


def _number(words: str) -> int:
    words = words.strip(" -")
    if words.isdecimal():
        return int(words)
    return _ARTICLES[words] if words in _ARTICLES else number_of(words)
