"""Parse mode HTML, with the refusals of TDLib's parse_html (MessageEntity.cpp), byte offsets included."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.peers.telegram.text import Entity, ordered, units

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "tg-emoji": "custom_emoji", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote",
}  # fmt: skip
NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
"""The only names; `&nbsp;` stays as it is typed."""

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_USER_LINK = re.compile(r"tg://user\?(?:.*&)?id=(\d+)")
_HTTP_LINK = re.compile(r"(?:(https?)://)?([^\s/?#]+\.[^\s/?#.]+|localhost)((?:[/?#]\S*)?)", re.IGNORECASE)
LONGEST_REFERENCE = 10
"""Characters; a longer numeric reference stays as it is typed."""


class CannotParse(Exception):  # noqa: N818  it is what Telegram says: can't parse entities
    """The text is refused; the message is Telegram's, to come after `can't parse entities: `."""


@dataclass
class _Open:
    tag: str
    offset: int
    begin: int
    argument: str = ""
    is_expandable: bool = False


@dataclass
class _Parser:
    """Reads once from left to right."""

    source: str
    knows: Callable[[int], bool]
    at: int = 0
    offset: int = 0
    words: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "&":
                self.add(*reference(self.source, self.at))
            elif character != "<":
                self.add(character, 1)
            elif self.source.startswith("</", self.at):
                self.close_tag()
            else:
                self.open_tag()
        if self.open:
            raise CannotParse(f"Can't find end tag corresponding to start tag {self.open[-1].tag}")
        return "".join(self.words), ordered(self.entities)

    def add(self, words: str, read: int) -> None:
        self.words.append(words)
        self.offset += units(words)
        self.at += read

    def where(self, index: int) -> str:
        return f"at byte offset {len(self.source[:index].encode('utf-8', 'surrogatepass'))}"

    def skip(self, stop: str = "") -> None:
        """Move to a space or one of `stop`."""
        while self.at < len(self.source) and not self.source[self.at].isspace() and self.source[self.at] not in stop:
            self.at += 1

    def skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1

    def is_at(self, character: str) -> bool:
        return self.source.startswith(character, self.at)

    def open_tag(self) -> None:
        begin = self.at
        self.at += 1
        self.skip(">")
        if self.at == len(self.source):
            raise CannotParse(f"Unclosed start tag {self.where(begin)}")
        tag = self.source[begin + 1 : self.at].lower()
        if tag not in KINDS:
            raise CannotParse(f'Unsupported start tag "{tag}" {self.where(begin)}')
        opened = _Open(tag, self.offset, len(self.words))
        while True:
            self.skip_space()
            if self.is_at(">"):
                break
            self.attribute(opened, begin)
        if tag == "span" and opened.argument != "spoiler":
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" {self.where(begin)}')
        self.at += 1
        self.open.append(opened)

    def attribute(self, opened: _Open, begin: int) -> None:
        start = self.at
        self.skip("=>")
        name = self.source[start : self.at]
        if not name:
            raise CannotParse(f'Empty attribute name in the tag "{opened.tag}" {self.where(begin)}')
        self.skip_space()
        if opened.tag == "blockquote" and name == "expandable" and not self.is_at("="):
            opened.is_expandable = True
            return
        if not self.is_at("="):
            raise CannotParse(
                f'Expected equal sign in declaration of an attribute of the tag "{opened.tag}" {self.where(begin)}'
            )
        self.at += 1
        self.skip_space()
        value = self.value()
        if self.at >= len(self.source):
            raise CannotParse(f"Unclosed start tag {self.where(begin)}")
        if (opened.tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
            opened.argument = value
        elif (opened.tag, name) == ("code", "class") and value.startswith("language-"):
            opened.argument = value.removeprefix("language-")
        elif (opened.tag, name) == ("span", "class") and value.startswith("tg-"):
            opened.argument = value.removeprefix("tg-")

    def value(self) -> str:
        if self.at < len(self.source) and self.source[self.at] not in "'\"":
            start = self.at
            token = re.compile(r"[a-zA-Z0-9.-]*").match(self.source, start)
            self.at = token.end() if token else start
            if self.at < len(self.source) and not self.source[self.at].isspace() and not self.is_at(">"):
                raise CannotParse(f"Unexpected end of name token {self.where(start)}")
            return self.source[start : self.at].lower()
        quote, words = self.source[self.at : self.at + 1], []
        self.at += 1
        while self.at < len(self.source) and self.source[self.at] != quote:
            word, read = reference(self.source, self.at) if self.is_at("&") else (self.source[self.at], 1)
            words.append(word)
            self.at += read
        self.at += 1
        return "".join(words)

    def close_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise CannotParse(f"Unexpected end tag {self.where(begin)}")
        self.at += 2
        self.skip(">")
        tag = self.source[begin + 2 : self.at].lower()
        self.skip_space()
        if not self.is_at(">"):
            raise CannotParse(f"Unclosed end tag {self.where(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise CannotParse(f'Unmatched end tag {self.where(begin)}, expected "</{opened.tag}>", found "</{tag}>"')
        if self.offset > opened.offset:
            self.finish(opened)

    def finish(self, opened: _Open) -> None:
        kind = "expandable_blockquote" if opened.is_expandable else KINDS[opened.tag]
        entity: Entity = {"type": kind, "offset": opened.offset, "length": self.offset - opened.offset}
        last = self.entities[-1] if self.entities else {}
        if kind == "pre" and last == entity | {"type": "code", "language": last.get("language")}:
            self.entities[-1] = last | {"type": "pre"}
            return
        if kind == "code" and opened.argument:
            entity["language"] = opened.argument
        if kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        if kind == "text_link":
            target = link(opened.argument or "".join(self.words[opened.begin :]), self.knows)
            if target is None:
                return
            entity |= target
        self.entities.append(entity)


def parsed(source: str, knows: Callable[[int], bool]) -> tuple[str, list[Entity]]:
    """The words and entities of HTML; `knows` tells whether the bot has met a user whom a link mentions.

    Raises CannotParse.
    """
    words, entities = _Parser(source, knows).parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return words, entities


def reference(source: str, at: int) -> tuple[str, int]:
    """The character that a reference at `at` means and how long it is; `&` itself when it means none."""
    found = _REFERENCE.match(source, at)
    if found is None:
        return "&", 1
    hexadecimal, decimal, name = found.groups()
    if name:
        return (NAMES[name], len(found.group())) if name in NAMES else ("&", 1)
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    size = len(found.group().rstrip(";"))
    if not 0 < number < 0x10FFFF or size >= LONGEST_REFERENCE:
        return "&", 1
    if 0xD800 <= number <= 0xDFFF:
        raise CannotParse(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code "
            "units"
        )
    return chr(number), len(found.group())


def link(target: str, knows: Callable[[int], bool]) -> Entity | None:
    """What an `<a>` points to: a person, an address in Telegram's spelling, or None: then the words stay plain."""
    user = _USER_LINK.fullmatch(target)
    if user:
        return {"type": "text_mention", "user": {"id": int(user.group(1))}} if knows(int(user.group(1))) else None
    if re.fullmatch(r"(?:tg|ton|tonsite)://\S+", target, re.IGNORECASE):
        return {"url": target}
    address = _HTTP_LINK.fullmatch(target)
    if address is None:
        return None
    scheme, host, rest = address.groups()
    return {"url": f"{(scheme or 'http').lower()}://{host.lower()}{rest if rest.startswith('/') else '/' + rest}"}
