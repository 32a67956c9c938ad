"""Leave out of a deal's line what only tells how the news came."""

from collections.abc import Sequence

from handlers.grammar.tellings_en import days_over_in_english, tellings_in_english
from handlers.grammar.tellings_zh import tellings_in_chinese
from handlers.grammar.words import Line, has_han

LONGEST_STORY = 1_000
"""Characters; nobody tells how one deal came about at greater length, and a line costs time by its length."""


def without_tellings(line: Line, kept: Sequence[tuple[int, int]]) -> Line:
    """Blank out who was met, where, and what they felt, in the phrases that are known; the `kept` spans stay."""
    if len(line.text) > LONGEST_STORY:
        return line
    told = [*tellings_in_english(line.text), *(tellings_in_chinese(line.low) if has_han(line.text) else ())]
    told = [span for span in told if not any(start < span[1] and span[0] < end for start, end in kept)]
    return line.blanked(told) if told else line


def days_over(line: Line) -> list[tuple[int, int]]:
    """Find the days on which something else happened; they close nothing."""
    return list(days_over_in_english(line.text)) if len(line.text) <= LONGEST_STORY else []
