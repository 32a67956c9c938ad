"""Draw a message as the workspace's JSON shows it: plain strings in the reader's language."""

from typing import Any

from bot import tokens
from bot.forms import options_of, shown_value
from bot.language import Reader, compact_money, plain, spans
from bot.pictures.board import BoardBar, BoardGroup, BoardPicture, BoardRow, Theme, board_svg, svg_to_png
from models.intent import slots_of
from models.message import Form, Message, Picture, PictureRow
from models.money import Money
from models.text import Text, Value


def draw(message: Message, reader: Reader, post_id: int, button_key: str) -> dict[str, Any]:
    """Draw everything of a message but where and when it stands."""
    return {
        "text": "\n".join(plain(line, reader) for line in message.lines),
        "lines": [[_span(span.kind, span.text, span.target) for span in spans(line, reader)] for line in message.lines],
        "fields": [{"label": plain(item.label, reader), "value": plain(item.value, reader)} for item in message.fields],
        "table": None
        if message.table is None
        else {
            "columns": [plain(column, reader) for column in message.table.columns],
            "rows": [[plain(value, reader) for value in row] for row in message.table.rows],
        },
        "image": f"/workspace/pictures/{tokens.sign(button_key, post_id, 0)}.png" if message.picture else None,
        "image_alt": plain(message.picture.title, reader) if message.picture else None,
        "buttons": [
            {
                "id": tokens.sign(button_key, post_id, position),
                "command": button.draft.intent,
                "label": plain(button.label, reader),
                "style": button.style.value,
            }
            for position, button in enumerate(message.buttons)
        ],
        "form": None if message.form is None else _form(message.form, reader),
    }


def draw_picture(picture: Picture, reader: Reader, theme: Theme) -> bytes:
    """Draw a board as a PNG in the reader's language."""
    board = BoardPicture(
        title=plain(picture.title, reader),
        subtitle=plain(picture.subtitle, reader),
        columns=tuple(plain(column, reader) for column in picture.columns),
        groups=tuple(
            BoardGroup(plain(group.title, reader), tuple(_board_row(row, reader) for row in group.rows))
            for group in picture.groups
        ),
        footer=plain(picture.footer, reader),
    )
    return svg_to_png(board_svg(board, theme))


def _board_row(row: PictureRow, reader: Reader) -> BoardRow:
    return BoardRow(
        rank=row.rank,
        name=plain(row.name, reader),
        note=plain(row.note, reader),
        bars=tuple(BoardBar(bar.share, bar.pace) for bar in row.bars),
        cells=tuple(_short(cell, reader) for cell in row.cells),
        own=row.own,
    )


def _short(value: Value, reader: Reader) -> str:
    return compact_money(value, reader) if isinstance(value, Money) else plain(value, reader)


def typed(text: str) -> dict[str, Any]:
    """What a person typed, as the log keeps it."""
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return {"text": clean, "fields": [], "table": None, "image": None, "buttons": [], "form": None}


def _span(kind: str, text: str, target: str) -> dict[str, str]:
    return {"kind": kind, "text": text, "href": target} if kind == "link" else {"kind": kind, "text": text}


def _form(form: Form, reader: Reader) -> dict[str, Any]:
    errors = dict(form.errors)
    slots = {slot.name: slot for slot in slots_of(form.draft.kind)}
    return {
        "fields": [
            {
                "name": name,
                "label": plain(slots[name].slot.label, reader),
                "type": slots[name].slot.input,
                "required": slots[name].required,
                "value": shown_value(slots[name], form.draft.known.get(name)),
                "options": [
                    {"value": value, "label": plain(label, reader)} for value, label in options_of(slots[name], form)
                ],
                "error": plain(errors.get(name, Text("")), reader) or None,
            }
            for name in form.ask
        ]
    }
