"""Find every date in a line: own phrases in both languages first, figures, then what dateparser knows."""

from bisect import bisect_left
from collections.abc import Mapping

from handlers.grammar.counted_zh import counted_from_chinese
from handlers.grammar.date_phrases_en import find_english_dates
from handlers.grammar.date_phrases_zh import find_chinese_dates
from handlers.grammar.dates_foreign import could_be_date, read_foreign_date
from handlers.grammar.dates_numeric import find_numeric_dates
from handlers.grammar.durations import find_working_days
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.spans_en import counted_from
from handlers.grammar.words import Line

_LONGEST_VALUE = 64
_SMALL = Pattern(r"(?:by|on|in|before|at|the|约|大概|预计|在)(?: |(?<=[^a-z]))")


def find_dates(line: Line, context: ReadingContext) -> list[Found]:
    """Find the dates, the longest where several overlap."""
    working = list(find_working_days(line.low, context))
    figures = list(find_numeric_dates(line.low, context))
    english = [*figures, *find_english_dates(line.low, context)]
    chinese = list(find_chinese_dates(line.low, context))
    counted = [*counted_from(line.low, english), *counted_from_chinese(line.low, [*figures, *chinese])]
    return longest([*working, *english, *chinese, *counted])


def longest(found: list[Found]) -> list[Found]:
    """Keep the longest of overlapping candidates, the earlier of equally long ones."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        at = bisect_left(kept, one.start, key=lambda each: each.start)
        if not any(one.overlaps(other) for other in kept[max(0, at - 1) : at + 1]):
            kept.insert(at, one)
    return kept


def read_date_value(
    line: Line, start: int, end: int, starts: Mapping[tuple[str, int], Found], context: ReadingContext
) -> Found:
    """Read what follows a date label, from the candidates by their start; bad when it is no date."""
    begin = start
    while (word := _SMALL.match(line.low, begin, end)) and ("date", begin) not in starts:
        begin = word.end()
    known = starts.get(("date", begin))
    if known is not None and known.end <= end:
        return known
    if not could_be_date(line.low[start : min(end, start + _LONGEST_VALUE)], context):
        return Found("date", "label", start, _first_word_end(line, start, end), bad=True)
    breaks = [at for at in range(start, min(end, start + _LONGEST_VALUE) + 1) if at == end or line.text[at].isspace()]
    for stop in reversed(breaks[:6]):
        value = read_foreign_date(line.low[start:stop].strip(), context) if stop > start else None
        if value is not None:
            return Found("date", "dateparser", start, stop, value)
    return Found("date", "label", start, _first_word_end(line, start, end), bad=True)


def _first_word_end(line: Line, start: int, end: int) -> int:
    return next((at for at in range(start, end) if line.text[at].isspace()), end)
