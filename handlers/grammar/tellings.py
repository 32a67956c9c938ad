"""Leave out of a deal's line what only tells how the news came."""

from handlers.grammar.marks import find_quotes
from handlers.grammar.tellings_en import tellings_in_english
from handlers.grammar.tellings_zh import tellings_in_chinese
from handlers.grammar.words import Line, has_han

LONGEST_STORY = 1_000
"""Characters; nobody tells how one deal came about at greater length, and a line costs time by its length."""


def without_tellings(line: Line) -> Line:
    """Blank out the words that name neither the customer nor a value; what is quoted stays."""
    if len(line.text) > LONGEST_STORY:
        return line
    told = [*tellings_in_english(line.text), *(tellings_in_chinese(line.low) if has_han(line.text) else ())]
    if not told:
        return line
    quotes = find_quotes(line.text)
    return line.blanked(span for span in told if not any(start < span[1] and span[0] < end for start, end in quotes))
