"""Find everything in a line that looks like a value, before it is decided what is one."""

from handlers.grammar.amounts import find_amounts
from handlers.grammar.date_ranges import find_date_ranges
from handlers.grammar.dates import find_dates, longest
from handlers.grammar.durations import find_durations
from handlers.grammar.marks import find_percents
from handlers.grammar.periods import find_periods
from handlers.grammar.reading import DAY_SLOTS, Found, ReadingContext
from handlers.grammar.stages import find_stages
from handlers.grammar.words import Line


def find_candidates(line: Line, wanted: frozenset[str], context: ReadingContext) -> list[Found]:
    """Give what looks like a value of a wanted kind, in the order of the line."""
    found: list[Found] = []
    dates = find_dates(line, context) if wanted & (DAY_SLOTS | {"period"}) else []
    amounts = find_amounts(line, context, dates) if "amount" in wanted else []
    percents = list(find_percents(line.low))
    if "percent" not in wanted:  # a discount is no part of the customer's name
        figure = min((one.start for one in amounts), default=len(line.low))
        percents = [
            one._replace(slot="unused", rule="not used")
            for one in percents
            if one.start > figure or _is_discount(line.low, one)
        ]
    if dates and amounts:
        dates, amounts = _apart(dates, amounts)
    found.extend(percents)
    if "period" in wanted:
        periods = [*find_periods(line.low, context), *find_date_ranges(line.low, dates, context)]
        found, dates = [*found, *longest(periods)], []
    if "later" in wanted:
        dates = longest([*(one._replace(slot="date") for one in find_durations(line.low)), *dates])
    found.extend(find_stages(line) if "stage" in wanted else [])
    return sorted([*found, *dates, *amounts], key=lambda one: (one.start, -one.end))


def _is_discount(low: str, percent: Found) -> bool:
    words = low[percent.start : percent.end]
    return words.startswith("打") or words.endswith((" off", " discount"))


def _apart(dates: list[Found], amounts: list[Found]) -> tuple[list[Found], list[Found]]:
    """Give each character to a date or to an amount: to an amount when its unit or currency is there."""
    kept_amounts = [
        amount
        for amount in amounts
        if not any(
            amount.overlaps(date) and not (amount.firm and amount.start <= date.start and amount.end >= date.end)
            for date in _near(dates, amount)
        )
    ]
    kept_dates = [date for date in dates if not any(date.overlaps(amount) for amount in _near(kept_amounts, date))]
    return kept_dates, kept_amounts


def _near(others: list[Found], one: Found) -> list[Found]:
    """Give the few of the sorted, disjoint others that can overlap."""
    low, high = 0, len(others)
    while low < high:
        middle = (low + high) // 2
        if others[middle].end <= one.start:
            low = middle + 1
        else:
            high = middle
    stop = low
    while stop < len(others) and others[stop].start < one.end:
        stop += 1
    return others[low:stop]
