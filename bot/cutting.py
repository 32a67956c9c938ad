"""Cutting: where a long text may be parted, so that nobody reads half of a word or half of a picture."""

import unicodedata
from collections.abc import Callable, Iterator

_JOINS = "\u200d"  # makes one picture of two
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")  # two of them are a flag
_SKINS = ("\U0001f3fb", "\U0001f3ff")
_TAGS = ("\U000e0020", "\U000e007f")


def cut_at(text: str, room: int) -> int:
    """How many characters of a text go into so much room: up to a line's end, else a word's, else a whole picture."""
    at = max(text.rfind("\n", 1, room), text.rfind(" ", 1, room)) + 1
    return at if at > room // 2 else _whole(text, room)


def _whole(text: str, room: int) -> int:
    """The last place up to `room` that is not within what people see as one character; `room` where there is none."""
    at = room
    while at > 0 and _is_within(text, at):
        at -= 1
    return at or room


def _is_within(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _JOINS in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if _is_of(after, _SKINS) or _is_of(after, _TAGS) or (before, after) == ("\r", "\n"):
        return True
    return _is_of(before, _REGIONAL) and _is_of(after, _REGIONAL) and _flags_before(text, at) % 2 == 1


def _flags_before(text: str, at: int) -> int:
    """How many regional letters stand side by side before a place: an odd one begins a flag that is not finished."""
    number = 0
    while number < at and _is_of(text[at - 1 - number], _REGIONAL):
        number += 1
    return number


def _is_of(character: str, span: tuple[str, str]) -> bool:
    return span[0] <= character <= span[1]


def in_pieces(text: str, longest: int, size: Callable[[str], int], fits: Callable[[str, int], int]) -> Iterator[str]:
    """Cut a text so that no piece is longer; `size` measures one, `fits` how many characters from a start have room."""
    while size(text) > longest:
        at = cut_at(text, fits(text, longest))
        yield text[:at]
        text = text[at:]
    if text:
        yield text
