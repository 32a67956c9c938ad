"""Leave out of a deal's line what only tells how the news came, and doubt a name that is still half a sentence."""

from handlers.grammar.marks import find_quotes
from handlers.grammar.tellings_en import tellings_in_english
from handlers.grammar.tellings_zh import is_half_a_sentence, tellings_in_chinese
from handlers.grammar.words import Line, has_han


def without_tellings(line: Line) -> Line:
    """Blank out the words that name neither the customer nor a value; what is quoted stays."""
    told = [*tellings_in_english(line.text), *(tellings_in_chinese(line.low) if has_han(line.text) else ())]
    if not told:
        return line
    quotes = find_quotes(line.text)
    return line.blanked(span for span in told if not any(start < span[1] and span[0] < end for start, end in quotes))


def is_doubtful(name: str) -> bool:
    """Whether a name reads like a piece of a sentence, so that it is better to ask for it."""
    return has_han(name) and is_half_a_sentence(name)
