"""Common date phrases, read by our grammar and by dateparser told which language it is; no network and no process.

Each phrase has the day that it means. What dateparser reads rightly ours must read as the same day.
"""

import time
import warnings
from collections.abc import Callable
from datetime import date, datetime

import dateparser

from handlers.grammar.dates import find_dates
from handlers.grammar.reading import ReadingContext
from handlers.grammar.words import strip_chat_markup
from tests.benchmarks.figures import paired, report

ROUNDS, TIMES = 5, 10
TODAY = date(2026, 11, 25)
OURS, THEIRS, UNTOLD = "Regatta", "dateparser", "dateparser, not told the language"
DATES, OTHERS = "µs a phrase", "µs a phrase that is no date"
AIM = 300
PHRASES = {
    "en": {
        "tomorrow": date(2026, 11, 26), "today": TODAY, "12 December": date(2026, 12, 12),
        "December 12": date(2026, 12, 12), "12 Dec 2026": date(2026, 12, 12), "2026-12-12": date(2026, 12, 12),
        "in two weeks": date(2026, 12, 9), "in 3 days": date(2026, 11, 28), "in 10 days": date(2026, 12, 5),
        "Friday": date(2026, 11, 27), "next Tuesday": date(2026, 12, 1), "end of January": date(2027, 1, 31),
        "Dec 5th": date(2026, 12, 5), "January 15, 2027": date(2027, 1, 15), "5 Jan 2027": date(2027, 1, 5),
    },
    "zh": {
        "明天": date(2026, 11, 26), "今天": TODAY, "后天": date(2026, 11, 27), "12月12日": date(2026, 12, 12),
        "2026年12月12日": date(2026, 12, 12), "下周三": date(2026, 12, 2), "两周后": date(2026, 12, 9),
        "3天后": date(2026, 11, 28), "月底": date(2026, 11, 30),
    },
}  # fmt: skip
NO_DATES = ("Globex Motors", "80k USD", "proposal", "#expansion", "stage contract", "they want delivery")
_LOCALES = {"en": "en-US", "zh": "zh-CN"}
_SETTINGS = {
    "RELATIVE_BASE": datetime(TODAY.year, TODAY.month, TODAY.day, 9),  # noqa: DTZ001  dateparser wants it naive
    "PREFER_DATES_FROM": "future",
}


def main(rounds: int | None = None) -> None:
    """Read every phrase with both in turns."""
    warnings.simplefilter("ignore")
    readers: dict[str, Callable[[str, str], date | None]] = {OURS: _ours, THEIRS: _theirs, UNTOLD: _untold}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in readers}
    meant = [(language, words, day) for language, known in PHRASES.items() for words, day in known.items()]
    read = {name: [reader(language, words) for language, words, _ in meant] for name, reader in readers.items()}
    for _ in range(rounds or ROUNDS):
        for name, reader in readers.items():
            dates = _microseconds(reader, [(language, words) for language, words, _ in meant])
            found[name].append({DATES: dates, OTHERS: _microseconds(reader, [("en", words) for words in NO_DATES])})
    right = {name: [got == day for got, (_, _, day) in zip(read[name], meant, strict=True)] for name in readers}
    other = [
        words for (_, words, _), ours, theirs in zip(meant, right[OURS], right[THEIRS], strict=True) if theirs > ours
    ]
    says = {
        "dateparser takes": f"{paired(found, THEIRS, OURS, DATES):.0f} times as long (aim: {AIM}), "
        f"{paired(found, THEIRS, OURS, OTHERS):.0f} times for what is no date",
        "dateparser that is not told": f"{paired(found, UNTOLD, OURS, DATES):.0f} and "
        f"{paired(found, UNTOLD, OURS, OTHERS):.0f} times",
        "read rightly": f"{sum(right[OURS])} of {len(meant)}, dateparser {sum(right[THEIRS])}",
        "right with dateparser alone": ", ".join(other) or "none (aim: none)",
    }
    report("dates", found, says)


def _ours(language: str, words: str) -> date | None:
    found = find_dates(strip_chat_markup(words), ReadingContext(TODAY, _LOCALES[language], "USD"))
    value = found[0].value if found and (found[0].start, found[0].end) == (0, len(words)) else None
    return value if isinstance(value, date) else None


def _theirs(language: str, words: str) -> date | None:
    found = dateparser.parse(words, languages=[language], settings=_SETTINGS)
    return None if found is None else found.date()


def _untold(_language: str, words: str) -> date | None:
    found = dateparser.parse(words, settings=_SETTINGS)
    return None if found is None else found.date()


def _microseconds(reader: Callable[[str, str], date | None], phrases: list[tuple[str, str]]) -> float:
    begun = time.process_time()
    for _ in range(TIMES):
        for language, words in phrases:
            reader(language, words)
    return (time.process_time() - begun) / TIMES / len(phrases) * 1e6
