"""Keyboards below a message, with the refusals of the Bot API server (Client.cpp, get_reply_markup)."""

import re

from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.model import Json

MOST_DATA = 64
"""Bytes of callback_data, at least one."""

MOST_BUTTONS, MOST_IN_ROW = 100, 8
"""Buttons of one message and of one row. The documentation gives no number; these are what Telegram is known to take
(limits.tginfo.me), and one name for what is more is all that it says."""

_ADDRESS = re.compile(r"(?:https?://)?[^\s/?#]+\.[^\s/?#]+\S*|(?:tg|ton)://\S+", re.IGNORECASE)


def markup_of(call: Call) -> Json | None:
    """The checked `reply_markup`; None when there is none or an empty inline keyboard, which means to have none."""
    if not call.text("reply_markup"):
        return None
    try:
        markup = call.parsed("reply_markup")
    except ApiError:
        raise ApiError(400, "can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise ApiError(400, "object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError(400, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    rows = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise ApiError(400, "reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(button: object) -> Json:
    """One button, as a message shows it: its words and what it does."""
    if not isinstance(button, dict):
        raise _cannot_parse("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _cannot_parse('Can\'t find field "text"')
    url, data = button.get("url"), button.get("callback_data")
    if not url and not data:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise ApiError(400, "BUTTON_TEXT_INVALID")
    shown = {"text": button["text"], "style": button["style"]} if button.get("style") else {"text": button["text"]}
    if url:
        if not _ADDRESS.fullmatch(str(url)):
            raise ApiError(400, f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return shown | {"url": str(url)}
    if len(str(data).encode()) > MOST_DATA:
        raise ApiError(400, "BUTTON_DATA_INVALID")
    return shown | {"callback_data": str(data)}


def _cannot_parse(why: str) -> ApiError:
    return ApiError(400, f"can't parse inline keyboard button: {why}")
