"""Leave in a name the words that look like a date, stage or number: May Department Stores, Won Ton Foods."""

from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.stages import correct_stage
from handlers.grammar.words import word_set

_NEXT = Pattern(r"[ \t]+(?![(\[])([^\s,;|]+)")
_PREVIOUS = Pattern(r"(?:^|[\s,;|])([^\s,;|]+)[ \t]+$")
_CONTEXT = 40
_LETTER = Pattern(r"[^\W\d_]")
_FOUNDED = Pattern(r"1[89][0-9]{2}")  # Studio 1906
_YEARS = range(1990, 2100)
_CAPITAL = Pattern(r"(?<![^\W_])[A-Z]")
_RELATIVE = frozenset({"Today", "Tomorrow", "Tonight", "Yesterday"})
_JOINING = word_set("& and of the de la for und et y")


def outside_names(text: str, hidden: bytearray, candidates: list[Found]) -> list[Found]:
    """Drop the candidates that are words of the account's name."""
    covered = bytearray(len(text) + 1)
    for one in candidates:
        covered[one.start : one.end] = b"\x01" * (one.end - one.start)
    left = [one.slot for one in candidates]
    kept: list[Found] = []
    for one in reversed(candidates):
        if _in_name(text, hidden, covered, one, has_rival=left.count(one.slot) > 1):
            left.remove(one.slot)
            covered[one.start : one.end] = bytes(one.end - one.start)
        else:
            kept.append(one)
    return kept[::-1]


def _in_name(text: str, hidden: bytearray, covered: bytearray, one: Found, *, has_rival: bool) -> bool:
    if one.marked or one.rule == "label" or (one.slot == "amount" and not has_rival):
        return False
    begin, stop = one.core or (one.start, one.end)
    typed = text[begin:stop]
    words = typed.replace(" of ", " ")
    words_only = words.istitle() and words.replace(" ", "").isalpha() and (has_rival or typed not in _RELATIVE)
    if one.firm and not (one.slot == "amount" and not one.bad and has_rival and one.assumed) and not words_only:
        return False
    right = _neighbour(text, hidden, covered, one.end, forward=True)
    left = _neighbour(text, hidden, covered, one.start, forward=False)
    if not right:
        founded = one.rule == "bare number" and _FOUNDED.fullmatch(typed) is not None
        return has_rival and not one.firm and (words_only or founded) and left[:1].isupper()
    first = typed[0]
    if one.slot == "stage" and first.islower() and not has_rival and _begins_a_sentence(text[:begin]):
        return False
    if one.slot == "amount":
        return not left or bool(one.rule == "bare number")
    told = first.islower() and (not right[0].islower() or _has_capital(text, hidden, covered))
    return not told and (not one.firm or right[0].isupper())


def _has_capital(text: str, hidden: bytearray, covered: bytearray) -> bool:
    """Whether the name stands in capitals, so that a word in lower case is none of it."""
    return any(not (hidden[match.start()] or covered[match.start()]) for match in _CAPITAL.finditer(text))


def _begins_a_sentence(before: str) -> bool:
    """Whether only chatter in lower case stands before: we just (lost acme)."""
    words = before.split() if len(before) <= _CONTEXT else [before]
    return all(not any(map(str.isalnum, word)) or word.lower() in PROSE or word in CHATTER for word in words)


def _neighbour(text: str, hidden: bytearray, covered: bytearray, at: int, *, forward: bool) -> str:
    """Give the next or previous word when it can be a word of a name, else nothing."""
    match = _NEXT.match(text, at) if forward else _PREVIOUS.search(text[max(0, at - _CONTEXT) : at])
    if match is None:
        return ""
    begin = match.start(1) if forward else max(0, at - _CONTEXT) + match.start(1)
    word = match[1]
    if hidden[begin] or covered[begin] or not (_LETTER.search(word) or word == "&") or not word[0].isascii():
        return ""
    joins = (
        word.lower() in _JOINING
        and forward
        and not (word == "the" and text[at - 1] in "nt")
        and text[at - 1] not in ".,"
    )
    following = _neighbour(text, hidden, covered, begin + len(word), forward=True) if joins else ""
    if joins and following and following[0].isupper() and word.lower() != "for":
        return word.capitalize()
    if word.lower().strip(".:") in CHATTER or word.startswith(("#", "@")):
        return ""
    return "" if word.islower() and forward and correct_stage(word) is not None else word


def is_year(one: Found, text: str) -> bool:
    """Whether a bare number looks like a year."""
    digits = text[one.start : one.end].strip()
    return digits.isdecimal() and int(digits) in _YEARS
