"""Find the words of a line that say something and were taken for nothing, so that the echo can own up to them."""

import re
from collections.abc import Iterator
from itertools import islice

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.chatter_zh import name_within
from handlers.grammar.name_words import EDGES
from handlers.grammar.reading import MOST_OF_A_KIND, Found
from handlers.grammar.words import has_han, word_set

_WORD = re.compile(r"\S+")
_FIGURE = re.compile(r"[0-9%折]")
_NO_NEWS = word_set(
    "demo phone land dictating one hi hello ok okay yes no am pm vat tax incl excl arr acv tcv total each pcs x - –"
)


def find_unused(board: Board) -> Iterator[Found]:
    """Give the stretches of left-over words; chatter around them is no part of them."""
    for start, end in board.free_runs():
        words = [match.span() for match in islice(_WORD.finditer(board.line.text, start, end), MOST_OF_A_KIND)]
        while words and not _says_something(board.line.text[slice(*words[-1])]):
            words.pop()
        first = next((at for at, span in enumerate(words) if _says_something(board.line.text[slice(*span)])), None)
        if first is not None:
            yield Found("unused", "not used", words[first][0], words[-1][1])


def _says_something(word: str) -> bool:
    bare = word.strip(EDGES + "()[]{}\"'“”.").lower()
    if _FIGURE.search(bare):
        return True
    if has_han(bare):
        return name_within(bare, stage_follows=False, keyed=False) is not None
    return len(bare) > 1 and bare.isalpha() and bare not in CHATTER and bare not in PROSE and bare not in _NO_NEWS
