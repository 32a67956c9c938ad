"""Find English date phrases: next Friday, Dec 5th, mid-March, end of Q1, in two weeks."""

from collections.abc import Iterator

from handlers.grammar import date_meanings_en as mean
from handlers.grammar.days import Day
from handlers.grammar.patterns import Pattern
from handlers.grammar.phrase_parts_en import (
    DAY,
    DIGITS,
    MONTH,
    MONTH_STARTS,
    SPANS,
    TIME,
    WEEKDAY,
    WEEKDAY_STARTS,
    WHICH,
    WHICH_WORDS,
    YEAR,
    Rule,
    any_of,
    phrase,
)
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.spans_en import SPAN_RULES, SPAN_WORDS
from handlers.grammar.spelled_days_en import SPELLED_MONTHS, SPELLED_PERIODS, SPELLED_WEEKDAYS

_WORD = Pattern("[a-z][a-z0-9]")
_END = r"(?:the )?end(?: of)?(?: the)?|eo|close of(?: the)?|last day of(?: the)?|late(?: in)?"

_JOINED_YEAR = r"[/-](?:((?:19|20)[0-9]{2})|([0-9]{2}))"

# Figures before a unit are an amount or a count; two figures may be a year when neither.
_NO_AMOUNT = r"(?! ?[万萬千百亿億]| (?:k|m|mm|bn|hundred|thousand|million|billion|lakh|crore)(?![a-z]))"
_NO_COUNT = (
    rf"{_NO_AMOUNT}(?![^\W_]| ?%| (?:seats?|users?|units?|licen[cs]es?|days?|weeks?|months?|years?"
    r"|usd|eur|gbp|cny)(?![a-z]))"
)
_ALONE = r"(?! ?[^\W_]| ?%)"

# We may is no month.
_NO_VERB = "".join(rf"(?<!\b{who} )" for who in ("i", "we", "you", "they", "he", "she", "it", "who", "that"))

_ENDS = ("end", "eo", "close of", "last day", "late")
_START = r"(?:the )?(?:start|beginning)(?: of)?(?: the)?|early(?: in)?"
_STARTS = ("start", "beginning", "early")
_QUARTERS = ("q1", "q2", "q3", "q4")
# Such a name stands inside the longer ones: tomorrow in the day after tomorrow.
_SHORTEST_NAMES = [
    name for name in mean.NAMED_DAYS if not any(other in name for other in mean.NAMED_DAYS if other != name)
]


def find_english_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the phrases, those that name an impossible day as bad; the longest of overlapping ones comes first."""
    if not _WORD.search(low):
        return
    rules = [rule for needed, rules in _GROUPS if any(map(low.__contains__, needed)) for rule in rules]
    for rule, pattern, read in rules:
        for match in pattern.each(low):
            value = read(match, context.today)
            firm = rule not in _WEAK
            if isinstance(value, Day):
                yield Found("date", rule, *match.span(), value.ahead, past=value.past, firm=firm)
            elif isinstance(value, tuple):
                yield Found("date", rule, *match.span(), readings=value, firm=firm)
            else:
                yield Found("date", rule, *match.span(), value, bad=value is None, firm=firm)


_WEAK = {"weekday", "weekday of this month", "month", "day", "quarter", "half-year", "named day", "middle of a period"}
_WEEKDAY_RULES: tuple[Rule, ...] = (
    (
        "weekday",
        phrase(
            rf"(this coming |the coming |coming |this |next |nxt |last |past )?{WEEKDAY}"
            rf"(?:,? (?:of )?((?:this|next|last) week|week after next))?{TIME}"
        ),
        mean.weekday,
    ),
    ("weekday of a week", phrase(rf"(?:the )?{WEEKDAY} (week|after next)", " week", " after next"), mean.weekday_after),
    ("weekday of a week", phrase(rf"(this |next |last )week,? (?:on )?{WEEKDAY}{TIME}", "week"), mean.week_weekday),
)
_MONTH_RULES: tuple[Rule, ...] = (
    (
        "month and day",
        phrase(rf"{MONTH} ?(?:the )?{DAY}{_NO_AMOUNT}{YEAR}{TIME}", *DIGITS),
        mean.month_day_year,
    ),
    (
        "day and month",
        phrase(rf"(?:the )?{DAY}[ -]?(?:of )?{MONTH}{YEAR.replace(',? ?', '[, -]{0,2}')}{TIME}", *DIGITS),
        mean.day_month_year,
    ),
    ("month and day", phrase(rf"{MONTH}[/-]{DAY}(?![/-][0-9]){TIME}", "/", "-"), mean.month_and_number),
    ("month and day", phrase(rf"{MONTH} {DAY}, ()([0-9]{{2}}){_ALONE}", ", "), mean.month_day_near_year),
    ("day and month", phrase(rf"{DAY} {MONTH} ()([0-9]{{2}}){_NO_COUNT}", *DIGITS), mean.day_month_near_year),
    ("month and day", phrase(rf"{MONTH}[/-]{DAY}{_JOINED_YEAR}", "/", "-"), mean.month_day_year),
    ("day and month", phrase(rf"{DAY}[/-]{MONTH}{_JOINED_YEAR}", "/", "-"), mean.day_month_year),
    ("day and month", phrase(rf"([0-9]{{1,2}})\. ?{MONTH}{YEAR[:-1]}", "."), mean.day_month_year),
    # At the begin of a line, 1. May Department Stores is the first of a list.
    ("day and month", phrase(rf"(?<=\S )([0-9]{{1,2}})\. ?{MONTH}{YEAR}", "."), mean.day_month_year),
    (
        "part of a month",
        phrase(rf"({_END}|{_START}|mid|middle of)[ -]{{0,2}}{MONTH}{YEAR}", *_ENDS, *_STARTS, "mid"),
        mean.month_part,
    ),
    ("month", phrase(rf"{_NO_VERB}{MONTH}{YEAR}(?![/-][0-9])"), mean.month),
    ("month", phrase(rf"{MONTH} (?:month )?end{YEAR}", " end"), mean.month),
    ("week", phrase(rf"(?:the )?week of (?:the )?(?:{MONTH} {DAY}|{DAY} (?:of )?{MONTH})", "week of "), mean.week_of),
    ("month", phrase(rf"{MONTH}[/-]((?:19|20)[0-9]{{2}})", "/", "-"), mean.month),
)
_PERIOD_RULES: tuple[Rule, ...] = (
    (
        "period",
        phrase(rf"(?:the )?{WHICH}({SPANS})", *WHICH_WORDS),
        lambda match, today: mean.end_of(match[2], mean.steps_of(match[1]), today, 6),
    ),
    (
        "period",
        phrase(r"(?:the )?(week|month|quarter|year) after next", " after next"),
        lambda match, today: mean.end_of(match[1], 2, today, 6),
    ),
    ("end of a period", phrase(rf"(?:{_END}) ?{WHICH}?({SPANS})", *_ENDS), mean.end_period),
    ("end of a period", phrase(rf"(?!(?:this|next|last) weekend){WHICH}?({SPANS})[ -]?end", "end"), mean.end_period),
    ("start of a period", phrase(rf"(?:{_START}) {WHICH}?({SPANS})", *_STARTS), mean.start_period),
    ("middle of a period", phrase(rf"(?:mid|middle of(?: the)?)[ -]?{WHICH}?({SPANS})", "mid"), mean.mid_period),
    ("end of a period", phrase(r"(this |next |last )(?:coming )?weekend", "weekend"), mean.weekend),
    ("day of a month", phrase(rf"(?:the )?{DAY} (?:of )?{WHICH}month", *DIGITS), mean.day_of_period),
    ("quarter", phrase(rf"(?:next )?(?:(?:{_END}) ?)?q([1-4]){YEAR}", *_QUARTERS), mean.quarter),
    (
        "quarter",
        phrase(
            rf"(?:(?:{_END}) ?)?(?:the )?(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)?{YEAR}", "quarter"
        ),
        mean.quarter,
    ),
    ("quarter", phrase(r"((?:19|20)[0-9]{2}) ?[/-]?q([1-4])", *_QUARTERS), mean.year_quarter),
    ("quarter", phrase(r"q([1-4]) (?:of )?(next |this |last )year", *_QUARTERS), mean.steps_quarter),
)
_OTHER_RULES: tuple[Rule, ...] = (
    ("end of a period", phrase(r"eo([dwmqy])", "eo"), mean.short_end),
    (
        "day",
        phrase(rf"(?:on |by )?the ([0-9]{{1,2}})(?:st|nd|rd|th){TIME}", "the "),
        mean.day,
    ),
    (
        "day",
        phrase(rf"(?:on |by )?([0-9]{{1,2}})(?:st|nd|rd|th){TIME}", "st", "nd", "rd", "th"),
        mean.day,
    ),
    ("day", phrase(r"(?:on|by|for) the ([0-9]{1,2})(?= ?(?:[.,;!?)]|$))", " the "), mean.day),
    ("half-year", phrase(rf"(?:(?:{_END}) ?)?h([12]){YEAR}", "h1", "h2"), mean.half),
    ("named day", phrase(rf"({any_of(mean.NAMED_DAYS)}){TIME}", *_SHORTEST_NAMES), mean.named),
    (
        "feast",
        phrase(
            r"(before |pre-)?((?:christmas|xmas)(?: eve| day)?|new year's eve|new year's day|new year|"
            r"spring festival|chinese new year|lunar new year)",
            "christmas",
            "xmas",
            "new year",
            "spring festival",
        ),
        mean.feast,
    ),
)
# Each group with the words without any of which it finds nothing.
_GROUPS: tuple[tuple[tuple[str, ...], tuple[Rule, ...]], ...] = (
    (WEEKDAY_STARTS, (*_WEEKDAY_RULES, *SPELLED_WEEKDAYS)),
    (MONTH_STARTS, (*_MONTH_RULES, *SPELLED_MONTHS)),
    (("week", "month", "quarter", "year", *_QUARTERS), (*_PERIOD_RULES, *SPELLED_PERIODS)),
    (SPAN_WORDS, SPAN_RULES),
    (("",), _OTHER_RULES),
)
