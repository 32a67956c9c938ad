"""The parts that English date phrases are made of."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from handlers.grammar.date_meanings_en import MONTHS, WEEKDAYS, Value
from handlers.grammar.patterns import Pattern

Rule = tuple[str, Pattern, Callable[[re.Match[str], date], Value]]


def any_of(words: Iterable[str]) -> str:
    """Match any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


MONTH = rf"({any_of(MONTHS)})\.?"
WEEKDAY = rf"({any_of(WEEKDAYS)})\.?"
MONTH_STARTS = tuple(sorted({name[:3] for name in MONTHS}))
WEEKDAY_STARTS = tuple(sorted({name[:3] for name in WEEKDAYS}))
DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?:,? ?((?:19|20)[0-9]{2})|,? ?'([0-9]{2}))?"
TIME = (
    r"(?: (?:at )?[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm)| (?:at )?[0-9]{1,2}:[0-9]{2}| eod| cob"
    r"| at [0-9]{1,2}(?! ?[0-9a-z%.,:/-]))?"
)
WHICH_WORDS = ("this ", "next ", "nxt ", "last ", "previous ", "past ", "following ")
WHICH = rf"({'|'.join(WHICH_WORDS)})"
DIGITS = tuple("0123456789")
SPANS = "week|month|quarter|year"

_OPEN, _CLOSE = r"(?<![a-z0-9@#'’.$€£-])(?:", r")(?![a-z0-9]|['’.&][a-z0-9]|-[a-z])"


def phrase(body: str, *needs: str) -> Pattern:
    """Match the words where they are no part of a longer word, an address or a handle."""
    return Pattern(_OPEN + body + _CLOSE, needs=needs)


def phrase_before(body: str, *needs: str) -> Pattern:
    """Match the words that lead to another phrase."""
    return Pattern(f"{_OPEN}{body}) ", needs=needs)
