"""Ask dateparser, within narrow limits, about the few dates that the own grammar does not know."""

import importlib
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, cast

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from handlers.grammar.days import month_ahead, weekday_ahead, weekday_in
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.words import has_han, word_set

_LONGEST = 64
_MOST_WORDS = 5
_MOST_TRIES = 12
_SHORT_WORD = 2
_NEXT_WORDS = word_set("nächsten nächster nächste próxima próximo próximos prossimo prossima volgende nästa neste")
_TEN_YEARS = 3660
_WORD = Pattern(r"[^\s,;，；、()]+")
_SETTINGS: dict[str, Any] = {
    "PREFER_LOCALE_DATE_ORDER": False,
    "REQUIRE_PARTS": ["day", "month"],
    "PREFER_DATES_FROM": "future",
    "RETURN_AS_TIMEZONE_AWARE": False,
}


def _own_word(run: list[re.Match[str]], context: ReadingContext) -> date | None:
    """Read a weekday, alone or after the region's word for next, or a month alone."""
    words = [word[0].strip(".") for word in run]
    known = _date_words(context.language).get(words[-1])
    following = len(words) > 1 and words[-2] in _NEXT_WORDS
    if known is None or len(words) > (2 if following else 1):
        return None
    kind, number = known
    if kind == "weekday":
        return weekday_in(context.today, number, 1) if following else weekday_ahead(context.today, number)
    return None if following else month_ahead(context.today, number).ahead


def warm(locale: str) -> None:
    """Load dateparser and the region's words ahead of the first line."""
    _parse("15 12 2030", _languages("15 december", locale), "MDY", date(2030, 1, 1))
    _date_words(_language(locale))


def find_foreign_dates(low: str, spans: list[tuple[int, int]], context: ReadingContext) -> Iterator[Found]:
    """Find dates in what is left over, around a month or weekday word of the region's language or beside a digit."""
    known = _date_words(context.language)
    if not known:
        return
    tries = 0
    for begin, end in spans:
        words = list(_WORD.finditer(low, begin, end))[: 4 * _MOST_WORDS]
        at = 0
        while at < len(words) and tries < _MOST_TRIES:
            first = words[at][0].strip(".")
            if not (first.isdecimal() or first in known or first in _NEXT_WORDS):
                at += 1
                continue
            for stop in range(min(at + _MOST_WORDS, len(words)), at, -1):
                run = words[at:stop]
                if not any(word[0].strip(".") in known for word in run):
                    continue
                tries += 1
                phrase = low[run[0].start() : run[-1].end()]
                value = _own_word(run, context) or read_foreign_date(phrase, context)
                if value is not None:
                    yield Found("date", "dateparser", run[0].start(), run[-1].end(), value)
                    at = stop - 1
                    break
            at += 1


def could_be_date(phrase: str, context: ReadingContext) -> bool:
    """Whether asking dateparser is worth its time: there is a digit or a month or weekday word."""
    known = _date_words(context.language)
    return any(char.isdecimal() for char in phrase) or any(
        word[0].strip(".") in known for word in _WORD.finditer(phrase)
    )


def read_foreign_date(phrase: str, context: ReadingContext) -> date | None:
    """Read the whole phrase as a date, or not at all; more than ten years away is a misreading."""
    if not 0 < len(phrase) <= _LONGEST:
        return None
    order = "MDY" if context.month_first else "DMY"
    value = _parse(phrase, _languages(phrase, context.locale), order, context.today)
    return value if value is not None and abs((value - context.today).days) <= _TEN_YEARS else None


@lru_cache(maxsize=4096)
def _parse(phrase: str, languages: tuple[str, ...], order: str, today: date) -> date | None:
    dateparser: Any = importlib.import_module("dateparser")
    settings = _SETTINGS | {"RELATIVE_BASE": datetime.combine(today, time()), "DATE_ORDER": order}
    try:
        value = dateparser.parse(phrase, languages=list(languages), settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        return None
    return cast("datetime", value).date() if value is not None else None


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-", 1)[0].lower()


@lru_cache(maxsize=256)
def _known_language(language: str) -> bool:
    loader: Any = importlib.import_module("dateparser.data.languages_info")
    return language in loader.language_order


def _languages(phrase: str, locale: str) -> tuple[str, ...]:
    if has_han(phrase):
        return ("zh",)
    own = _language(locale)
    return ("en", own) if own not in {"en", "zh"} and _known_language(own) else ("en",)


@lru_cache(maxsize=64)
def _date_words(language: str) -> dict[str, tuple[str, int]]:
    """Give the month and weekday words of a language that is neither English nor Chinese."""
    if language in {"en", "zh"}:
        return {}
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    names: dict[str, tuple[str, int]] = {}
    for width in ("wide", "abbreviated"):
        days = get_day_names(width, locale=locale)
        names |= {str(name).lower().strip("."): ("weekday", number) for number, name in days.items()}
        for form in ("format", "stand-alone"):
            months = get_month_names(width, form, locale=locale)
            names |= {str(name).lower().strip("."): ("month", number) for number, name in months.items()}
    return {name: meaning for name, meaning in names.items() if len(name) > _SHORT_WORD}
