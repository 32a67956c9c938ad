"""Draw a message as Block Kit, in the reader's language.

Words stand in rich text, whose pieces Slack shows as they are: no markup, no mention and no link can come out of what
somebody typed. Limits: docs.slack.dev/reference/block-kit; 50 blocks and about 13,200 characters of blocks a message.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.cutting import cut_at
from bot.language import Reader, Span, plain, spans
from bot.literals import printable
from bot.sorry import MAY_BE_REPEATED
from models.intent import slots_of
from models.message import Button, Field, Message, Style, Table
from models.text import Text, joined

Block = dict[str, Any]
MOST_BLOCKS = 48
MOST_CHARACTERS = 12_000
LONGEST_PIECE = 2_500
MOST_ROWS = 99  # and the line of headings
MOST_COLUMNS = 20
MOST_BUTTONS = 25
LONGEST_LABEL = 75
LONGEST_CELL = 1_000
LONGEST_SUMMARY = 3_000

PRESS, OPEN_FORM = "press", "open"


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Slack's: its blocks, and the words that a notification shows."""

    blocks: tuple[Block, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Pen:
    """What drawing needs to know: who reads, the token of each button, and the accounts of people that are named."""

    reader: Reader
    token_of: Callable[[int], str]
    account_of: Callable[[str], str | None]

    def draw(self, message: Message, image: Block | None = None) -> list[Part]:
        """Draw a message in as many parts as it takes; the buttons are in the last. `image` is the picture's block."""
        message = _with_what_is_wrong(message)
        blocks = [*_prose(self._lines(message.lines)), *_prose(self._facts(message.fields))]
        blocks += self._tables(message.table) if message.table else []
        blocks += [image] if image else []
        blocks += self._buttons(message)
        summary = escaped(summary_of(message, self.reader))[:LONGEST_SUMMARY] or " "
        return [Part(tuple(each), summary) for each in _packed(blocks)] or [Part((), summary)]

    def flat(self, message: Message) -> list[Block]:
        """Draw a message where no table may stand: a row is a line."""
        blocks = [*_prose(self._lines(message.lines)), *_prose(self._facts(message.fields))]
        if message.table is not None:
            rows = (message.table.columns, *message.table.rows)
            blocks += _prose(self._lines(joined(row) for row in rows))
        return [*blocks, *self._buttons(message)]

    def marked(self, parts: Sequence[Part]) -> list[Part]:
        """Say above the first of some parts that it may stand there already."""
        words = {"type": "plain_text", "text": plain(MAY_BE_REPEATED, self.reader), "emoji": False}
        mark: Block = {"type": "context", "elements": [words]}
        return [replace(part, blocks=(mark, *part.blocks)) for part in parts[:1]] + list(parts[1:])

    def _lines(self, lines: Iterable[Text]) -> Iterator[Block]:
        for number, line in enumerate(lines):
            if number:
                yield _piece("\n")
            yield from map(self._span, spans(line, self.reader))

    def _facts(self, fields: Iterable[Field]) -> Iterator[Block]:
        for number, one in enumerate(fields):
            yield _piece(("\n" if number else "") + plain(one.label, self.reader) + ": ", bold=True)
            yield from map(self._span, spans(joined([one.value]), self.reader))

    def _span(self, span: Span) -> Block:
        match span.kind:
            case "person" if account := self.account_of(span.target):
                return {"type": "user", "user_id": account}
            case "link" if span.target.startswith(("https://", "http://")):
                return {"type": "link", "url": span.target, "text": span.text or span.target}
            case "code":
                return _piece(span.text, code=True)
        return _piece(span.text)

    def _tables(self, table: Table) -> Iterator[Block]:
        """Draw a table; one that is too long goes on in the next message, each with the headings."""
        heads = [_cell(plain(column, self.reader)) for column in table.columns[:MOST_COLUMNS]]
        rows = [[_cell(plain(value, self.reader)) for value in row[:MOST_COLUMNS]] for row in table.rows]
        taken: list[list[Block]] = []
        for row in rows:
            if len(taken) == MOST_ROWS or _size([heads, *taken, row]) > MOST_CHARACTERS * 3 // 4:
                yield {"type": "table", "rows": [heads, *taken]}
                taken = []
            taken.append(row)
        yield {"type": "table", "rows": [heads, *taken]}

    def _buttons(self, message: Message) -> Iterator[Block]:
        drawn = []
        for position, button in enumerate(message.buttons):
            fills_in = message.form is not None and bool(button.draft.ask)
            label = Text("Fill in…") if fills_in else button.label
            drawn.append(self.button(button, position, label, OPEN_FORM if fills_in else PRESS))
        for first in range(0, len(drawn), MOST_BUTTONS):
            yield {"type": "actions", "elements": drawn[first : first + MOST_BUTTONS]}

    def button(self, button: Button, position: int, label: Text, action: str = PRESS) -> Block:
        """Draw one button; `action` says what pressing it does."""
        words = plain(label, self.reader)
        drawn: Block = {
            "type": "button", "action_id": f"{action}.{position}", "value": self.token_of(position),
            "text": {"type": "plain_text", "text": shortened(words, LONGEST_LABEL), "emoji": False},
        }  # fmt: skip
        if button.style is not Style.PLAIN:
            drawn["style"] = button.style.value
        return drawn


def _with_what_is_wrong(message: Message) -> Message:
    """Say in the message what is wrong with a form that waits behind its button: nothing is marked there yet."""
    form = message.form
    if form is None or not form.errors:
        return message
    labels = {slot.name: slot.slot.label for slot in slots_of(form.draft.kind)}
    wrong = tuple(Field(labels.get(name) or joined([name]), sentence) for name, sentence in form.errors)
    return replace(message, fields=(*message.fields, *wrong))


def summary_of(message: Message, reader: Reader) -> str:
    """What a message says in plain words, for a notification and for readers without blocks."""
    lines = [plain(line, reader) for line in message.lines]
    lines += [f"{plain(one.label, reader)}: {plain(one.value, reader)}" for one in message.fields]
    return "\n".join(lines)


def escaped(words: str) -> str:
    """Write words so that Slack's markup shows them as they are."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(words: str, longest: int) -> str:
    """Cut words that are longer than a label may be."""
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _piece(words: str, **style: bool) -> Block:
    return {"type": "text", "text": printable(words)} | ({"style": style} if style else {})


def _cell(words: str) -> Block:
    return {"type": "raw_text", "text": shortened(printable(words), LONGEST_CELL) or " "}


def _prose(pieces: Iterable[Block]) -> Iterator[Block]:
    """Put pieces into blocks of rich text, none of them longer than a screen or two."""
    taken: list[Block] = []
    for piece in _cut(_run_together(pieces)):
        if taken and _size([*taken, piece]) > MOST_CHARACTERS // 4:
            yield _rich_text(taken)
            taken = []
        taken.append(piece)
    if taken:
        yield _rich_text(taken)


def _run_together(pieces: Iterable[Block]) -> Iterator[Block]:
    """Make one of pieces that look alike and stand side by side."""
    last: Block | None = None
    for piece in pieces:
        if last is not None and last["type"] == piece["type"] == "text" and last.get("style") == piece.get("style"):
            last = {**last, "text": last["text"] + piece["text"]}
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _cut(pieces: Iterable[Block]) -> Iterator[Block]:
    """Cut the pieces that are too long for one block, at a line's or a word's end where there is one."""
    for piece in pieces:
        words = piece.get("text", "")
        while len(words) > LONGEST_PIECE:
            at = cut_at(words, LONGEST_PIECE)
            yield {**piece, "text": words[:at]}
            words = words[at:]
        if words or piece["type"] != "text":
            yield {**piece, "text": words} if "text" in piece else piece


def _rich_text(pieces: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]}


def _packed(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Share blocks out among messages: no more than Slack takes, and one table each."""
    taken: list[Block] = []
    for block in blocks:
        second_table = block["type"] == "table" and any(each["type"] == "table" for each in taken)
        if taken and (second_table or len(taken) == MOST_BLOCKS or _size([*taken, block]) > MOST_CHARACTERS):
            yield taken
            taken = []
        taken.append(block)
    if taken:
        yield taken


def _size(found: object) -> int:
    return len(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
