"""Find days that are counted in spans of time: in 2 years and 3 months, two weeks ago, three days after Dec 5."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from handlers.grammar.date_meanings_en import WEEKDAYS, Value
from handlers.grammar.day_words_en import ANY_NUMBER, number_of
from handlers.grammar.days import moved, weekday_ahead
from handlers.grammar.patterns import Pattern
from handlers.grammar.phrase_parts_en import DAY, MONTH, SPANS, WEEKDAY, WHICH, YEAR, Rule, phrase, phrase_before
from handlers.grammar.reading import Found

_ARTICLES = {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "zero": 0, "half a": 0, "half an": 0, "half": 0}
_HUNDREDS = rf"(?:a|one|two|three|four|five) hundred(?: (?:and )?{ANY_NUMBER})?"
_WORD = rf"(?:a couple of|couple of|half an?|half|{_HUNDREDS}|{ANY_NUMBER}|zero|an|a)"
_COUNT = rf"(?:[0-9]{{1,4}}(?:\.5)? ?-?|{_WORD}[ -])"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|mos?|quarters?|years?|yrs?)"
_HALF = r"(?:and a half )?"
_ONE = rf"{_COUNT}{_HALF}{_UNIT}(?![a-z])(?: and a half(?![a-z]))?"
_NEXT = rf"(?:(?:,? and |, ?| ){_ONE})?"
_SPAN = rf"({_ONE}{_NEXT}{_NEXT}{_NEXT})"
_PART = Pattern(rf"(?<![a-z0-9.])({_COUNT})(and a half )?([a-z]+)( and a half)?")
_WEEKDAYS = WEEKDAY.replace(")", ")s?", 1)
_VAGUE = rf"(?:a )?(?:few|several|some) {_UNIT}"
# A letter that was sent two weeks ago tells nothing of the day the deal closes.
_TELLING = ("sent", "met", "spoke", "called", "talked", "quoted", "started", "demoed", "visited", "opened", "pitched")
_TOLD = "".join(rf"(?<!{verb} )" for verb in _TELLING)
_MONTHS_IN = {"m": 1, "q": 3, "y": 12}
_DAYS_IN = {"d": 1, "w": 7, "f": 14}
_HALF_MONTH = 15
_FROM = phrase_before(
    rf"(?<!for )(?<!over )(?:{_SPAN}|((?:the )?day)|(?:the )?(?:first )?{WEEKDAY}|(?:the )?(?:week|month)|{_VAGUE})"
    r" (from|after|following|past|before|prior to)",
    " from ",
    " after ",
    " following ",
    " past ",
    " before ",
    " prior to ",
)


def _ahead(match: re.Match[str], today: date) -> Value:
    return _moved(today, match[1], 1)


def _ago(match: re.Match[str], today: date) -> Value:
    return _moved(today, match[1], -1)


def _weekdays_ahead(match: re.Match[str], today: date) -> Value:
    """Count from the first such weekday after today."""
    first = weekday_ahead(today + timedelta(days=1), WEEKDAYS[match[2]])
    return moved(first, 0, 7 * (count_of(match[1]) - 1))


def _unclear(_match: re.Match[str], _today: date) -> Value:
    return None


SPAN_WORDS = ("in ", "after", "before", "earlier", "ago", "later", "from ", "out", "time", "of ", "business", "work")
SPAN_RULES: tuple[Rule, ...] = (
    ("in a while", phrase(rf"(?:in|within)(?: the next)? {_SPAN}(?: time)?", "in "), _ahead),
    ("in a while", phrase(rf"(?:in|within)(?: the next)? ({_COUNT}[dwm])", "in "), _ahead),
    (
        "in a while",
        phrase(rf"{_SPAN}(?: from (?:now|today)| later| out| time)", " from ", " later", " out", " time"),
        _ahead,
    ),
    ("in a while", phrase(rf"{_TOLD}{_SPAN} ago", " ago"), _ago),
    (
        "in a while",
        phrase(rf"({_COUNT}){_WEEKDAYS} (?:from (?:now|today)|later)", " from ", " later"),
        _weekdays_ahead,
    ),
    (
        "unclear date",
        phrase(
            r"(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) "
            r"(?:week|weekend|half|part|(?:business|working) day) (?:of|in) "
            rf"(?:the )?(?:{WHICH}?(?:{SPANS})|{MONTH}{YEAR}|(?:19|20)[0-9]{{2}})",
            " of ",
            " in ",
        ),
        _unclear,
    ),
    (
        "unclear date",
        phrase(
            rf"(?:in|within)(?: the next)? "
            rf"(?:{_COUNT}(?:(?:to|or) |-?){_COUNT}{_UNIT}|an? {_UNIT} or (?:two|three|so))",
            "in ",
        ),
        _unclear,
    ),
    (
        "unclear date",
        phrase(
            rf"(?:(?:in|within)(?: the next)? )?{_COUNT}(?:business|working|work) days?"
            r"(?: (?:from (?:now|today)|time|later))?",
            "business",
            "work",
        ),
        _unclear,
    ),
    (
        "unclear date",
        phrase(
            rf"(?:after|not before|no earlier than) (?:the )?(?:{MONTH} {DAY}|{DAY} (?:of )?{MONTH}|{WEEKDAY})",
            "after",
            "before",
            "earlier",
        ),
        _unclear,
    ),
    ("unclear date", phrase(rf"(?:in|within)(?: the next)? {_VAGUE}(?: time)?", "in "), _unclear),
    (
        "unclear date",
        phrase(rf"{_TOLD}{_VAGUE} (?:ago|later|from (?:now|today))", " ago", " later", " from "),
        _unclear,
    ),
)


def counted_from(low: str, found: Sequence[Found]) -> Iterator[Found]:
    """Count the span before a day from that day: two days after Dec 5, a week from next Friday."""
    if not found:
        return
    starts: dict[int, Found] = {}
    for one in sorted(found, key=lambda each: each.end):
        starts[one.start] = one
    for match in _FROM.each(low):
        base = starts.get(match.end())
        eve = starts.get(match.start(4))
        if base is None and eve is not None and eve.rule == "feast" and isinstance(eve.value, date):
            base = eve._replace(value=eve.value + timedelta(days=1))
        if base is not None:
            yield _counted(match, base)


def _counted(match: re.Match[str], base: Found) -> Found:
    """Move the day; a term of months from a day (12 months from Jan 1) may name its begin or its end."""
    whole = base._replace(rule="counted from a day", start=match.start(), past=None)
    words, sign = match[1] or (match[2] and "a day"), -1 if match[4] in {"before", "prior to"} else 1
    if base.bad or not isinstance(base.value, date) or not (words or match[3]):
        return whole._replace(value=None, readings=(), bad=True)
    if not words:
        weekday = weekday_ahead(base.value + timedelta(days=1 if sign > 0 else -7), WEEKDAYS[match[3]])
        return whole._replace(value=weekday)
    value = _moved(base.value, words, sign)
    lengths = _lengths(words)
    if value is not None and lengths and lengths[0] and match[4] == "from":
        return whole._replace(value=None, readings=(base.value, value))
    past = _moved(base.past, words, sign) if isinstance(base.past, date) else None
    return whole._replace(value=value, past=past, bad=value is None)


def _moved(day: date, words: str, sign: int) -> date | None:
    lengths = _lengths(words)
    return moved(day, sign * lengths[0], sign * lengths[1]) if lengths else None


def _lengths(words: str) -> tuple[int, int] | None:
    """Add up the months and the days of a span; None for half a day."""
    months = days = 0
    for count, half, unit, and_a_half in _PART.findall(words):
        halves = 2 * count_of(count) + bool(half or and_a_half or ".5" in count or count.startswith("half"))
        if unit[0] in _DAYS_IN:
            if halves * _DAYS_IN[unit[0]] % 2:
                return None
            days += halves * _DAYS_IN[unit[0]] // 2
        elif unit[0] == "m":
            months, days = months + halves // 2, days + halves % 2 * _HALF_MONTH
        elif halves * _MONTHS_IN[unit[0]] % 2:
            return None
        else:
            months += halves * _MONTHS_IN[unit[0]] // 2
    return months, days


def count_of(words: str) -> int:
    """Read a count in figures or words: 3, two, a couple of, a hundred and ten."""
    words = words.strip(" -").removesuffix(".5")
    if words.isdecimal():
        return int(words)
    if "hundred" in words:
        hundreds, _, rest = words.partition(" hundred")
        return 100 * count_of(hundreds) + (number_of(rest.removeprefix(" and").strip()) if rest else 0)
    return _ARTICLES[words] if words in _ARTICLES else number_of(words)
