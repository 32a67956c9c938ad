"""Find the words of a line that say something and were taken for nothing, so that the echo can own up to them."""

from collections.abc import Iterator
from itertools import islice

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.chatter_zh import name_within
from handlers.grammar.name_words import EDGES
from handlers.grammar.patterns import MOST_OF_A_KIND, Pattern
from handlers.grammar.reading import Found
from handlers.grammar.words import has_han, word_set

_WORD = Pattern(r"\S+")
_FIGURE = Pattern(r"[0-9%折]")
_NO_NEWS = word_set(
    "demo phone land dictating one hi hello ok okay yes no am pm vat tax incl excl arr acv tcv total each pcs x - –"
    " until till"
)


def find_unused(board: Board, *, figures_alone: bool) -> Iterator[Found]:
    """Give the stretches of left-over words; chatter around them is no part of them.

    Of a story (`figures_alone`) most words are left over, as meant: only a figure there may have been meant as a value.
    """
    says = _says_a_figure if figures_alone else _says_something
    for start, end in board.free_runs():
        words = [match.span() for match in islice(_WORD.finditer(board.line.text, start, end), MOST_OF_A_KIND)]
        said = [at for at, span in enumerate(words) if says(board.line.text[slice(*span)])]
        if said:
            last = words[said[-1] : said[-1] + 1 + figures_alone][-1]  # a figure with the word that it counts
            yield Found("unused", "not used", words[said[0]][0], last[1])


def _says_a_figure(word: str) -> bool:
    return _FIGURE.search(word) is not None


def _says_something(word: str) -> bool:
    bare = word.strip(EDGES + "()[]{}\"'“”.").lower()
    if _FIGURE.search(bare):
        return True
    if has_han(bare):
        return name_within(bare, stage_follows=False, keyed=False) is not None
    return len(bare) > 1 and bare.isalpha() and bare not in CHATTER and bare not in PROSE and bare not in _NO_NEWS
