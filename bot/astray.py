"""Astray: words of a line that name nobody and nothing here, and the field in which they were meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.grammar.entered import field_error
from handlers.grammar.entry import without_connectors
from handlers.grammar.entry_words import CHOICES
from handlers.grammar.reading import ProblemCode, Reading
from handlers.grammar.words import word_set
from models.intent import SlotField
from models.text import Text

NAMED = ("person", "region", "bound", "place")
"""What is known by its name alone: a word that is left over was meant for one of these."""
_PROSE = frozenset({"account", "text", "note", "words"})
_POLITE = word_set("please the a thanks thank you now 请 的 度 谢谢 一下")
_EDGES = " \t\n,，.。;；:：=\"“”'"


@dataclass(frozen=True, slots=True)
class Astray:
    """A field, the words that were meant for it, and what is wrong with them."""

    field: str
    words: str
    why: Text


def find_astray(fields: Sequence[SlotField], reading: Reading, rest: str, left: str = "") -> Astray | None:
    """Find the words of a line that no field could take, where it is plain which one they were meant for.

    What is `left` was meant for something, where every word of a line has to be read.
    """
    problem = reading.problem
    if problem is not None and problem.code is ProblemCode.AMBIGUOUS:
        return None  # which of several is meant is a question of its own
    if problem is not None and problem.code is ProblemCode.BAD_VALUE:
        field = next((each for each in fields if each.slot.kind == problem.slot != "name"), None) or _open(
            fields, reading
        )
        words = problem.words
    elif any(kind in NAMED for kind in reading.missing) and not any(each.slot.kind in _PROSE for each in fields):
        field, words = _open(fields, reading), _left_over(reading, rest)
    elif left:
        field, words = _open(fields, reading), left
    else:
        return None
    if field is None or field.slot.kind in reading.values:
        return None
    words = without_connectors(_without_label(field, words))
    return Astray(field.name, words, field_error(field.slot, words)) if words else None


def _open(fields: Sequence[SlotField], reading: Reading) -> SlotField | None:
    """The field that a left-over word is meant for: a name that is needed, one of a closed set, or what is free."""
    free = [each for each in fields if each.slot.kind not in reading.values]
    named = [each for each in free if each.slot.kind in NAMED]
    of_a_set = [each for each in free if each.slot.kind in CHOICES and each.required]
    return next((each for each in named if each.required), next(iter((*of_a_set, *named)), None))


def unread(fields: Sequence[SlotField], reading: Reading, rest: str) -> str:
    """The words of a line that nothing was read from, without the small ones that only lead to a value."""
    idle = _POLITE.union(*(field.slot.names for field in fields))
    words = [word for word in _left_over(reading, rest).split() if word.casefold().strip(_EDGES) not in idle]
    left = without_connectors(" ".join(words))
    return left if any(char.isalnum() for char in left) else ""


def _left_over(reading: Reading, rest: str) -> str:
    covered = {at for claim in reading.claims for at in range(claim.start, claim.end)}
    return "".join(" " if at in covered else char for at, char in enumerate(rest))


def _without_label(field: SlotField, words: str) -> str:
    words = " ".join(words.split()).strip(_EDGES)
    label = max((name for name in field.slot.names if words.casefold().startswith(name)), key=len, default="")
    ends = label and not (label[-1].isascii() and words[len(label) : len(label) + 1].isalnum())
    return words[len(label) :].strip(_EDGES) if ends else words
