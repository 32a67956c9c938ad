"""What a bot sends: words of the right length, their entities, and files."""

from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.html import KINDS, CannotParse, parsed
from tests.peers.telegram.model import File, Json
from tests.peers.telegram.text import cleaned, found, ordered, trimmed, units

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
"""UTF-16 units after parsing (core.telegram.org/bots/api#sendmessage, #sendphoto)."""

LONGEST_SOURCE = 1 << 15
"""Bytes of a text with its markup (Client.cpp, get_formatted_text)."""

LARGEST_PHOTO, LARGEST_UPLOAD = 10 * 1024 * 1024, 50 * 1024 * 1024
"""Bytes (core.telegram.org/bots/api#sending-files)."""

WIDEST, THINNEST = 10_000, 20
"""Pixels of width and height together, and how many times one may be the other (#sendphoto)."""

GIVEN = frozenset({*KINDS.values(), "text_mention", "expandable_blockquote"})
"""Kinds of entities that a bot may set."""


def text_of(call: Call) -> tuple[str, list[Json]]:
    """The message's words and entities."""
    if not call.text("text"):
        raise ApiError(400, "message text is empty")
    text, entities = formatted(call, "text", "entities")
    if not text:
        raise ApiError(400, "text must be non-empty")
    if units(text) > LONGEST_TEXT:
        raise ApiError(400, "message is too long")
    return text, entities


def caption_of(call: Call) -> tuple[str, list[Json]]:
    """The caption's words and entities; there may be none."""
    text, entities = formatted(call, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise ApiError(400, "message caption is too long")
    return text, entities


def formatted(call: Call, name: str, marks: str) -> tuple[str, list[Json]]:
    """Words with the entities that were given and those that Telegram finds by itself."""
    source, mode = call.text(name), call.text("parse_mode").lower()
    if len(source.encode("utf-8", "surrogatepass")) > LONGEST_SOURCE:
        raise ApiError(400, "text is too long")
    if mode == "html":
        try:
            text, entities = parsed(cleaned(source), call.world.has_met)
        except CannotParse as refused:
            raise ApiError(400, f"can't parse entities: {refused}") from None
    elif mode in ("markdown", "markdownv2"):
        raise ApiError(400, "can't parse entities: this stand-in reads HTML only")
    elif mode:
        raise ApiError(400, "unsupported parse_mode")
    else:
        text, entities = cleaned(source), _given(call, marks)
    text, entities = trimmed(text, entities)
    return text, ordered([*entities, *found(text, entities)])


def _given(call: Call, marks: str) -> list[Json]:
    """Entities that come as a list instead of markup; those that Telegram finds by itself are its own business."""
    given = call.parsed(marks)
    kept = [each for each in given if each.get("type") in GIVEN] if isinstance(given, list) else []
    return [each for each in kept if each["type"] != "text_mention" or call.world.has_met(each["user"]["id"])]


def file_of(call: Call, name: str, given: object = None) -> File:
    """A file that the call carries, or one that Telegram has: by its own part, `attach://part`, or a file_id."""
    world, is_photo = call.world, name == "photo"
    wanted = str(given if given is not None else call.text(name))
    part = wanted.removeprefix("attach://") if wanted.startswith("attach://") else name
    if wanted and part == name and name not in call.files:
        if wanted in world.files:
            return world.files[wanted]
        if wanted.startswith(("http://", "https://")):
            raise ApiError(400, "failed to get HTTP URL content")
        raise ApiError(400, "wrong remote file identifier specified: Wrong string length")
    if part not in call.files:
        raise ApiError(400, f"there is no {name} in the request")
    file_name, content = call.files[part]
    if not content:
        raise ApiError(400, "file must be non-empty")
    if len(content) > LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    file = world.add_file(file_name or name, content, is_photo=is_photo)
    if is_photo:
        _check_photo(file)
    return file


def _check_photo(file: File) -> None:
    if len(file.content) > LARGEST_PHOTO:
        raise ApiError(
            400, f"file of size {len(file.content)} bytes is too big for a photo; the maximum size is 10485760"
        )
    if not file.width or not file.height:
        raise ApiError(400, "IMAGE_PROCESS_FAILED")
    longest, shortest = max(file.width, file.height), min(file.width, file.height)
    if file.width + file.height > WIDEST or longest > THINNEST * shortest:
        raise ApiError(400, "PHOTO_INVALID_DIMENSIONS")
