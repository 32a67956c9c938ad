"""Doubt a customer's name that is half a sentence; find the customer in the sentence, or leave it to be asked for."""

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.fields import JOINERS, has_an_aside, name_among_fields, parts_of
from handlers.grammar.name_words import LEGAL_FORM
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.sentences_en import STARTERS, TELLS, TITLES, customer_of_sentence, has_form
from handlers.grammar.sentences_zh import customer_of_message
from handlers.grammar.tellings import LONGEST_STORY
from handlers.grammar.tellings_zh import is_half_a_sentence
from handlers.grammar.words import has_han

_PARTED = Pattern(rf"[,;:!?。、](?! ?{LEGAL_FORM}\b)|(?<=[a-z]{{3}})\. |\s[-–—]\s")
_PUNCTUATION = Pattern(r"[,;:!?。、]+")
_LED = Pattern(r"(?:for|from|at|with) ")
_WORD = Pattern(r"[^\W\d_]+")
_CAPITAL = Pattern(r"(?<![\w.])[A-Z][a-z]")
_HAN = Pattern(r"[\u4e00-\u9fff]")
_A_SENTENCE, _SOME_WORDS = 3, 2


def weigh_known_names(board: Board) -> None:
    """Tell a known customer from one that a remark names in passing: Nordkap, 50k, Friday, they left Globex.

    Behind a known customer the other is not used; behind a new name the two are asked about.
    """
    known = [one for one in board.claims if one.slot == "account" and one.rule == "known account"]
    text = board.line.text
    if not known or len(text) > LONGEST_STORY:
        return
    hidden = _values_of(board)
    head = name_among_fields(text, hidden)
    if head is None or any(one.start < head[1] and head[0] < one.end and (one.start, one.end) != head for one in known):
        return
    others = [one for one in known if (one.start, one.end) != head]
    alone = {_without_preposition(text, *part) for part in parts_of(text, hidden)}
    if not others or any((one.start, one.end) in alone for one in others):
        return
    if len(others) < len(known):
        board.claims[:] = [
            one._replace(slot="unused", rule="not used") if one in others else one for one in board.claims
        ]
    else:
        board.claim(Found("account", "what is left", *head, board.line.spelling(*head).strip()))


def _without_preposition(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what leads from a value to the customer: 50k (for) Globex."""
    led = _LED.match(text, start, end)
    return (led.end() if led else start, end)


def is_written_as_fields(board: Board) -> bool:
    """Whether the line begins with a name beside a value, known or new."""
    return name_among_fields(board.line.text, _values_of(board)) is not None


def _values_of(board: Board) -> bytes:
    """What the claims cover, names left open."""
    hidden = bytearray(board.hidden)
    for one in board.claims:
        if one.slot in {"account", "unused"}:
            hidden[one.start : one.end] = bytes(one.end - one.start)
    return bytes(hidden)


def settle_customer(board: Board, hidden: bytes, values: dict[str, object], *, story: bool) -> None:
    """Put the customer of a sentence in the place of left-over words.

    `hidden` is what was claimed before them; `story` says that the line tells how the news came.
    """
    left = next((one for one in board.claims if one.slot == "account"), None)
    if left is not None and left.rule != "what is left":
        return
    text = board.line.text
    if len(text) > LONGEST_STORY:
        return
    open_text = _open_text(text, hidden)
    if left is not None:
        doubtful = _is_doubtful(open_text, left, str(values["account"]))
        if not (doubtful or story or hidden.find(1, left.start, left.end) >= 0 or has_an_aside(str(values["account"]))):
            return
        name = name_among_fields(text, hidden)
        if name is not None:
            _name(board, hidden, left, name, values)
        if name is not None or not doubtful:
            return
    if left is not None:
        board.claims.remove(left)
        del values["account"]
        board.hidden[:] = hidden
    elif _words_told(open_text) < _A_SENTENCE:
        return
    span = customer_of_message(open_text) if has_han(text) else None
    span = span or customer_of_sentence(open_text)
    words = board.line.spelling(*span).strip() if span else ""
    if span is not None and not (has_han(words) and is_half_a_sentence(words, among_others=True)):
        board.claim(Found("account", "name in a sentence", *span, words))
        values["account"] = words


def _open_text(text: str, hidden: bytes) -> str:
    """Put commas in the place of what was claimed."""
    pieces: list[str] = []
    at = 0
    while at < len(text):
        mark = hidden[at]
        end = hidden.find(1 - mark, at, len(text))
        end = len(text) if end < 0 else end
        pieces.append("," * (end - at) if mark else text[at:end])
        at = end
    return "".join(pieces)


def _name(board: Board, hidden: bytes, left: Found, span: tuple[int, int], values: dict[str, object]) -> None:
    board.claims.remove(left)
    board.hidden[:] = hidden
    values["account"] = board.line.spelling(*span).strip()
    board.claim(left._replace(start=span[0], end=span[1], value=values["account"]))


def _is_doubtful(text: str, left: Found, name: str) -> bool:
    inside = text[left.start : left.end]
    told = _words_told(text)
    if has_han(name) and is_half_a_sentence(name, among_others=told >= _A_SENTENCE):
        return True
    if told < (_SOME_WORDS if "," in inside else _A_SENTENCE):
        return False
    if _PARTED.search(inside):
        return True
    if TELLS.match(text, left.end) and _CAPITAL.search(text, left.end):
        return True
    words = name.split()
    lower = [word for word in words if word.islower() and word.isalpha() and word not in JOINERS]
    has_capital = any(word[:1].isupper() for word in words)
    first = words[0].lower().strip(".,")
    ordinary = first in CHATTER or first in PROSE or first in STARTERS or _is_titled(name, first)
    return has_capital and (bool(lower) or ordinary or " in " in name)


def _is_titled(name: str, first: str) -> bool:
    """Whether a name begins with a person's title and is not a house of that name: Dr. Patel's Clinic."""
    is_a_house = has_form(name.split()) and " of " not in name
    return bool(first in TITLES and not is_a_house)


def _words_told(text: str) -> int:
    """Count the words in lower case that no value claimed; Chinese words in several places count as a sentence.

    `text` has commas where values were claimed, so that they part clauses too.
    """
    if has_han(text) and len([part for part in _PUNCTUATION.split(text) if _HAN.search(part)]) > 1:
        return _A_SENTENCE
    return len([word for word in _WORD.findall(text) if word.islower() and len(word) > 1])
