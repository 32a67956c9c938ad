"""Pieces of text that look alike, and the parts of at most 4,096 UTF-16 units that they are sent in.

core.telegram.org/bots/api#html-style. Telegram makes links, mentions, commands and tags of what looks like one; a word
joiner (U+2060), which nobody sees, keeps plain words from it. In code and links it looks for nothing.
"""

import html
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.cutting import in_pieces
from bot.literals import kept, stilled

LONGEST_TEXT, LONGEST_CAPTION = 4_096, 1_024
MOST_ENTITIES = 90
"""Telegram drops the marks after the hundredth of a message."""
_TAGS = {"bold": ("<b>", "</b>"), "code": ("<code>", "</code>"), "pre": ("<pre>", "</pre>")}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind: text, bold, code, pre, or a link to `target`."""

    text: str
    kind: str = "text"
    target: str = ""

    @property
    def html(self) -> str:
        """The words as markup, which cannot mean anything but themselves."""
        words = html.escape(self.text, quote=False)
        if self.kind == "link":
            return f'<a href="{html.escape(self.target)}">{words}</a>'
        before, after = _TAGS.get(self.kind, ("", ""))
        return f"{before}{words}{after}"


def units(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def size(pieces: Iterable[Piece]) -> int:
    """The length of pieces, without their marks."""
    return sum(units(piece.text) for piece in pieces)


def shared_out(pieces: Iterable[Piece], longest: int = LONGEST_TEXT) -> list[list[Piece]]:
    """Share pieces out among messages; a piece that is too long is cut at a line's or a word's end."""
    parts: list[list[Piece]] = [[]]
    # before it is counted and cut: Telegram drops the same, and would refuse a part of nothing else as empty
    kept_ones = (replace(piece, text=kept(piece.text)) for piece in pieces)
    for piece in _cut(map(_stilled, _run_together(kept_ones)), longest):
        marks = sum(each.kind != "text" for each in parts[-1])
        room = longest - size(parts[-1])
        if parts[-1] and (units(piece.text) > room or marks >= MOST_ENTITIES):
            parts.append([])
        parts[-1].append(piece)
    return [part for part in parts if any(map(_shows, part))]


def _shows(piece: Piece) -> bool:
    """Whether there is something to see: a message of nothing else is refused as empty."""
    return any(not each.isspace() and unicodedata.category(each) != "Cf" for each in piece.text)


def _stilled(piece: Piece) -> Piece:
    """Words in which nothing comes alive."""
    return piece if piece.kind in ("code", "pre", "link") else replace(piece, text=stilled(piece.text))


def _cut(pieces: Iterable[Piece], longest: int) -> Iterator[Piece]:
    for piece in pieces:
        for text in in_pieces(piece.text, longest, units, _fits):
            yield replace(piece, text=text)


def _fits(text: str, longest: int) -> int:
    """How many characters from the start come to at most so many units."""
    taken = 0
    for number, character in enumerate(text):
        taken += 2 if character > "\uffff" else 1
        if taken > longest:
            return number
    return len(text)


def _run_together(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Make one of pieces that look alike and stand side by side."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and (last.kind, last.target) == (piece.kind, piece.target) and piece.kind != "link":
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
