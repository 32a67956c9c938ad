"""Doubt a customer's name that is half a sentence; find the customer in the sentence, or leave it to be asked for."""

import re
from dataclasses import replace

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.reading import Found
from handlers.grammar.sentences_en import STARTERS, TELLS, TITLES, customer_of_sentence, has_form
from handlers.grammar.sentences_zh import customer_of_message
from handlers.grammar.tellings import LONGEST_STORY
from handlers.grammar.tellings_zh import is_half_a_sentence, tellings_in_chinese
from handlers.grammar.words import has_han, word_set

_JOINERS = word_set("and of the de del della la las los el do da dos van von der den y e et und in for z")
_IN_NAMES = _JOINERS | {"in", "the", "at", "on", "with", "&"}
_LONGEST_HEAD = 6
_PARTED = re.compile(r"[,;:!?。、](?! ?(?:Inc|Ltd|LLC|Co|S\.A|GmbH)\b)|(?<=[a-z]{3})\. |\s[-–—]\s")
_PARTNERS = re.compile(
    r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?(?:, [A-Z][\w'’-]*){1,3},? (?:and|&) [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?"
)
_BETWEEN = " ,;:|-–—、"
# In Touch Media is a customer; in Chicago, 50k with Acme is not.
_LEADS = re.compile(r"(?:In|From|Out of|At|News from|Lunch|Dinner|Coffee|Back) ")
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<![\w.])[A-Z][a-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_A_SENTENCE, _SOME_WORDS = 3, 2


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
    open_text = "".join(char if not hidden[at] else "," for at, char in enumerate(text))
    head = head_before_a_value(text, hidden)
    if left is not None and not ((story and head is not None) or _is_doubtful(open_text, left, str(values["account"]))):
        return
    if left is not None and head is not None:
        _name(board, hidden, left, head, values)
        return
    if left is not None:
        board.claims.remove(left)
        del values["account"]
        board.hidden[:] = hidden
    elif not _is_sentence(open_text):
        return
    span = customer_of_message(open_text) if has_han(text) else None
    span = span or customer_of_sentence(open_text)
    name = board.line.spelling(*span).strip() if span else ""
    if span is not None and not (has_han(name) and is_half_a_sentence(name, among_others=True)):
        board.claim(Found("account", "name in a sentence", *span, name))
        values["account"] = name


def head_before_a_value(text: str, hidden: bytes) -> tuple[int, int] | None:
    """Give what heads the line right before its first value when it is a name alone: Acme 50k, they use Oracle.

    `hidden` marks the values. Between name and value a blank, a comma, a colon or a dash may stand.
    """
    start = next((at for at, char in enumerate(text) if char.isalnum() and not hidden[at]), len(text))
    value = hidden.find(1, start)
    if any(hidden[:start]) or value < 0:
        return None
    name = text[start:value].rstrip(_BETWEEN)
    glued = start + len(name) == value
    if not name or (glued and not has_han(name)):
        return None
    plain = _is_name_in_han(name, glued=glued) if has_han(name) else _is_name_in_capitals(name)
    if plain and _LEADS.match(name) and _CAPITAL.search(text, value):
        return None
    return (start, start + len(name)) if plain else None


def _is_name_in_han(name: str, *, glued: bool) -> bool:
    if len(name) == 1 or " " in name or _PARTED.search(name):
        return False
    return not is_half_a_sentence(name, among_others=glued) and not any(tellings_in_chinese(name.lower()))


def _is_name_in_capitals(name: str) -> bool:
    words = name.split()
    if len(words) > _LONGEST_HEAD or (_PARTED.search(name) and not _PARTNERS.fullmatch(name)):
        return False
    ordinary = words[0].lower() in PROSE and words[-1].islower()
    return (
        words[0][:1].isupper()
        and not ordinary
        and words[-1] not in _IN_NAMES
        and all(word[:1].isupper() or word in _IN_NAMES or not word.isalpha() for word in words)
    )


def _name(board: Board, hidden: bytes, left: Found, span: tuple[int, int], values: dict[str, object]) -> None:
    board.claims.remove(left)
    board.hidden[:] = hidden
    values["account"] = board.line.spelling(*span).strip()
    board.claim(replace(left, start=span[0], end=span[1], value=values["account"]))


def _is_doubtful(text: str, left: Found, name: str) -> bool:
    inside = text[left.start : left.end]
    if has_han(name) and is_half_a_sentence(name, among_others=_is_sentence(text)):
        return True
    if not _is_sentence(text, least=_SOME_WORDS if "," in inside else _A_SENTENCE):
        return False
    if _PARTED.search(inside):
        return True
    if TELLS.match(text, left.end) and _CAPITAL.search(text, left.end):
        return True
    words = name.split()
    lower = [word for word in words if word.islower() and word.isalpha() and word not in _JOINERS]
    has_capital = any(word[:1].isupper() for word in words)
    first = words[0].lower().strip(".,")
    ordinary = first in CHATTER or first in PROSE or first in STARTERS or _is_titled(name, first)
    return has_capital and (bool(lower) or ordinary or " in " in name)


def _is_titled(name: str, first: str) -> bool:
    """Whether a name begins with a person's title and is not a house of that name: Dr. Patel's Clinic."""
    is_a_house = has_form(name.split()) and " of " not in name
    return bool(first in TITLES and not is_a_house)


def _is_sentence(text: str, least: int = _A_SENTENCE) -> bool:
    """Whether the words that no value claimed tell a story: Chinese words in several places, or many in lower case.

    `text` has commas where values were claimed, so that they part clauses too.
    """
    if has_han(text):
        clauses = [part for part in re.split(r"[,;:!?。、]+", text) if _HAN.search(part)]
        if len(clauses) > 1:
            return True
    lower = [word for word in _WORD.findall(text) if word.islower() and len(word) > 1]
    return len(lower) >= least
