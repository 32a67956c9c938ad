"""Draw a message as plain words and a few buttons, for a chat that has no more, in parts of at most so many bytes.

The chat makes links of addresses and mentions of `@name`; what somebody typed stays what it is, and only a typed person
is called and only a typed address can be pressed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.cutting import cut_at, in_pieces
from bot.language import Reader, Span, plain, spans
from bot.literals import kept, stilled
from bot.sorry import MAY_BE_REPEATED
from models.message import Message
from models.text import Text, Value, joined

_MORE = "…"
_ROOM_ABOVE = 200
"""Bytes of a part that stay free for the line above one that is sent again."""


@dataclass(frozen=True, slots=True)
class Key:
    """A button: its label, and what comes back when it is pressed."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its words, the buttons below it, and the accounts that it calls."""

    text: str
    keys: tuple[Key, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message holds: bytes of UTF-8, buttons, and characters of a button's label."""

    longest: int
    most_keys: int
    longest_label: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that are not parted, or may be cut where a word ends; `calls` is the account that they call."""

    text: str
    calls: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Pen:
    """What drawing needs to know: who reads, the token of each button, the accounts of people, and the limits."""

    reader: Reader
    token_of: Callable[[int], str]
    account_of: Callable[[str], str | None]
    limits: Limits

    def draw(self, message: Message) -> list[Part]:
        """Draw a message in as many parts as it takes; the buttons are below the last, the rest of many below more."""
        longest = self.limits.longest - _ROOM_ABOVE
        words = [_part(part) for part in _shared_out(self._pieces(message), longest)] or [Part(_MORE)]
        keys, most = self._keys(message), self.limits.most_keys
        rows = [keys[first : first + most] for first in range(0, len(keys), most)]
        return [*words[:-1], replace(words[-1], keys=rows[0] if rows else ()), *(Part(_MORE, row) for row in rows[1:])]

    def marked(self, part: Part) -> Part:
        """Say above a part that it may stand there already."""
        return replace(part, text=f"{plain(MAY_BE_REPEATED, self.reader)}\n{part.text}")

    def _keys(self, message: Message) -> tuple[Key, ...]:
        """The buttons; a form is sent as a line, so it has none that sends it."""
        first = 0 if message.form is None else 1
        return tuple(
            Key(self._label(button.label), self.token_of(position))
            for position, button in enumerate(message.buttons)
            if position >= first
        )

    def _label(self, label: Text) -> str:
        words, longest = " ".join(kept(plain(label, self.reader)).split()) or _MORE, self.limits.longest_label
        return words if len(words) <= longest else words[: cut_at(words, longest - 1)] + _MORE

    def _pieces(self, message: Message) -> Iterator[_Piece]:
        """The words: lines, then facts, then the table and a file's rows, a line each."""
        facts = [Text("{label}: {value}", label=field.label, value=field.value) for field in message.fields]
        rows: list[Sequence[Value]] = []
        if message.table is not None:
            rows += [message.table.columns, *message.table.rows]
        if message.attachment is not None:
            rows += message.attachment.rows
        for number, line in enumerate((*message.lines, *facts, *map(joined, rows))):
            if number:
                yield _Piece("\n")
            yield from map(self._piece, spans(line, self.reader))

    def _piece(self, span: Span) -> _Piece:
        match span.kind:
            case "person" if account := self.account_of(span.target):
                return _Piece(stilled(kept(span.text)), account, is_whole=True)
            case "link" if span.target.startswith(("https://", "http://")):
                label = "" if span.text in ("", span.target) else f"{stilled(kept(span.text))} "
                return _Piece(f"{label}{span.target} ", is_whole=True)
            case "code":
                return _Piece(f"`{stilled(kept(span.text))}`" if span.text.strip() else span.text)
        return _Piece(stilled(kept(span.text)))


def _part(pieces: Sequence[_Piece]) -> Part:
    calls = tuple(dict.fromkeys(piece.calls for piece in pieces if piece.calls is not None))
    return Part("".join(piece.text for piece in pieces).strip(), (), calls)


def _shared_out(pieces: Iterable[_Piece], longest: int) -> Iterator[list[_Piece]]:
    """Share pieces out among messages, none of them empty."""
    taken: list[_Piece] = []
    room = longest
    for piece in _cut(_run_together(pieces), longest):
        if taken and _size(piece.text) > room:
            if _shows(taken):
                yield taken
            taken, room = [], longest
        taken.append(piece)
        room -= _size(piece.text)
    if _shows(taken):
        yield taken


def _shows(pieces: Sequence[_Piece]) -> bool:
    return any(piece.text.strip() for piece in pieces)


def _run_together(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Make one of words that stand side by side, so that they are cut where a line or a word ends."""
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and not (last.is_whole or piece.is_whole):
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _cut(pieces: Iterable[_Piece], longest: int) -> Iterator[_Piece]:
    for piece in pieces:
        for text in in_pieces(piece.text, longest, _size, _fits):
            yield replace(piece, text=text)


def _fits(text: str, longest: int) -> int:
    """How many characters from the start come to at most so many bytes."""
    return len(text.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore"))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
