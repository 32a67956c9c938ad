"""Text as Telegram counts and reads it: UTF-16 units, and what it finds in it by itself.

The rules are those of TDLib's MessageEntity.cpp, which the Bot API server runs; telephone numbers are not looked for.
"""

import re
from typing import Any

Entity = dict[str, Any]

SOLID = frozenset({"code", "pre", "text_link", "text_mention"})
"""Inside these nothing is found: a link in code is no link."""

_PLACES = (
    "com|org|net|info|biz|gov|edu|app|dev|shop|store|cloud|online|site|tech|xyz|top|club|live|page|link"
    "|中国|中國|公司|集团|网络|在线|商城|中文网"
)
_URL = re.compile(
    r"(?:(?:https?|ftp|tonsite)://[^\s/?#<>\"]+\.[^\s/?#<>\"]+|(?:tg|ton)://[^\s<>\"]+"
    rf"|(?<![\w@./-])(?:[\w\u200c\u200d-]+\.)+(?:{_PLACES}|xn--[a-z0-9-]+|[a-z]{{2}})(?::\d+)?(?![\w-]|\.\w))"
    r"(?:[/?#][^\s<>\"]*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}(?![\w-])", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@[a-zA-Z0-9_]{4,32}(?!\w)")
_HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")
_CASHTAG = re.compile(r"(?<!\w)\$[A-Z]{1,8}(?![A-Z]|\w)")
_COMMAND = re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>@])")
_KINDS = (
    ("url", _URL), ("email", _EMAIL), ("mention", _MENTION), ("hashtag", _HASHTAG), ("cashtag", _CASHTAG),
    ("bot_command", _COMMAND),
)  # fmt: skip
_DROPPED = re.compile("[\r\u2028-\u202e]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")


def units(text: str) -> int:
    """The length in UTF-16 units: a flag or most emoji count two and more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The words of an entity."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[offset * 2 : (offset + length) * 2].decode("utf-16-le", "surrogatepass")


def cleaned(text: str) -> str:
    """What Telegram keeps of a text: no control characters, no marks that turn its direction."""
    return _CONTROLS.sub(" ", _DROPPED.sub("", text))


def found(text: str, solid: list[Entity] | None = None) -> list[Entity]:
    """What Telegram finds in a text by itself, outside `solid` entities: links, mentions, commands, hashtags."""
    taken = [(each["offset"], each["offset"] + each["length"]) for each in solid or [] if each["type"] in SOLID]
    entities = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            words = match.group().rstrip(".,:;!?'\"()") if kind == "url" else match.group()
            begin = units(text[: match.start()])
            end = begin + units(words)
            if any(begin < other_end and other_begin < end for other_begin, other_end in taken):
                continue
            taken.append((begin, end))
            entities.append({"type": kind, "offset": begin, "length": end - begin})
    return ordered(entities)


def ordered(entities: list[Entity]) -> list[Entity]:
    """Entities by where they begin, the outer one first."""
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """A text without the space around it, and its entities moved along; Telegram stores no other."""
    left = units(text) - units(text.lstrip())
    kept = text.strip()
    end, moved = units(kept), []
    for each in entities:
        begin = max(each["offset"] - left, 0)
        length = min(each["offset"] + each["length"] - left, end) - begin
        if length > 0:
            moved.append(each | {"offset": begin, "length": length})
    return kept, moved
