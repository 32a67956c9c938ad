"""Draw a message for Telegram, in the reader's language: words in HTML, and a keyboard below the last of them."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.language import Reader, Span, plain, spans
from bot.literals import kept
from bot.platforms.telegram.pieces import LONGEST_TEXT, Piece, shared_out
from bot.sorry import MAY_BE_REPEATED
from models.message import Field, Message, Style, Table
from models.text import Text

WIDEST_TABLE = 32
"""Columns of letters that a telephone shows in one line of a fixed-width font."""
WIDEST_PAIR = 14
"""Columns of a button's label up to which two of them stand side by side."""
LONGEST_LABEL = 60
MOST_BUTTONS = 100
ROOM_ABOVE = 100
"""Units of a part that stay free for the line above one that is sent again: its words stay in the same part."""
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}
_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Telegram's: its markup, and the keyboard below it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Pen:
    """What drawing needs to know: who reads, the token of each button, and the accounts of people that are named."""

    reader: Reader
    token_of: Callable[[int], str]
    account_of: Callable[[str], str | None]

    def draw(self, message: Message, before: Sequence[Piece] = (), longest: int = LONGEST_TEXT) -> list[Part]:
        """Draw a message in as many parts as it takes; the keyboard is below the last. `before` stands above it."""
        parts = shared_out([*before, *self.pieces(message)], longest - ROOM_ABOVE) or [[Piece("…")]]
        drawn = ["".join(piece.html for piece in part) for part in parts]
        return [*map(Part, drawn[:-1]), Part(drawn[-1], self._keyboard(message))]

    def marked(self, part: Part) -> Part:
        """Say above a part that it may stand there already."""
        mark = Piece(plain(MAY_BE_REPEATED, self.reader)).html
        return replace(part, html=f"{mark}\n{part.html}" if part.html else mark)

    def pieces(self, message: Message) -> list[Piece]:
        """The words of a message: lines, then facts, then the table."""
        blocks = [list(self.lines(message.lines)), list(self._facts(message.fields))]
        blocks += [list(self._table(message.table))] if message.table else []
        found: list[Piece] = []
        for block in blocks:
            found += [Piece("\n"), *block] if found and block else block
        return found

    def lines(self, lines: Iterable[Text]) -> Iterator[Piece]:
        """Draw lines, one below the other."""
        for number, line in enumerate(lines):
            if number:
                yield Piece("\n")
            yield from map(self._span, spans(line, self.reader))

    def _keyboard(self, message: Message) -> InlineKeyboardMarkup | None:
        """Draw a message's buttons; the one that sends a form comes after its questions."""
        first = 0 if message.form is None else 1
        return in_rows(
            [
                button_of(plain(button.label, self.reader), self.token_of(position), _STYLES.get(button.style))
                for position, button in enumerate(message.buttons[:MOST_BUTTONS])
                if position >= first
            ]
        )

    def _facts(self, fields: Iterable[Field]) -> Iterator[Piece]:
        for number, one in enumerate(fields):
            value = one.value if isinstance(one.value, Text) else Text("{value}", value=one.value)
            if number:
                yield Piece("\n")
            yield Piece(plain(one.label, self.reader) + ":", "bold")
            yield Piece(" ")
            yield from map(self._span, spans(value, self.reader))

    def _span(self, span: Span) -> Piece:
        match span.kind:
            case "person" if account := self.account_of(span.target):
                return Piece(span.text, "link", f"tg://user?id={account}")
            case "link" if span.target.startswith(("https://", "http://")):
                return Piece(span.text or span.target, "link", span.target)
            case "code":
                return Piece(span.text, "code")
        return Piece(span.text)

    def _table(self, table: Table) -> Iterator[Piece]:
        """Draw a table: aligned where a telephone shows it so, else a line a row."""
        heads = [plain(column, self.reader) for column in table.columns]
        rows = [[plain(value, self.reader) for value in row] for row in table.rows]
        widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
        if sum(widths) + 2 * (len(widths) - 1) <= WIDEST_TABLE:
            for row in (heads, *rows):
                cells = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
                yield Piece("  ".join(cells).rstrip() + "\n", "pre")
            return
        yield Piece(_BETWEEN.join(heads), "bold")
        for row in rows:
            yield Piece("\n" + _BETWEEN.join(row))


def in_rows(buttons: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    """Set buttons two in a row where their labels are short, else each in its own; none when there are none."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        is_narrow = width(button.text) <= WIDEST_PAIR
        if is_narrow and rows and len(rows[-1]) == 1 and width(rows[-1][0].text) <= WIDEST_PAIR:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def button_of(label: str, data: str, style: str | None = None) -> InlineKeyboardButton:
    """Draw one button; `data` comes back when it is pressed, at most 64 bytes."""
    words = " ".join(kept(label).split()) or "…"
    words = words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1] + "…"
    return InlineKeyboardButton(words, callback_data=data, style=style)


def width(words: str) -> int:
    """How many columns words take in a fixed-width font; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in words)
