"""What a person sees of a message or a form: words, buttons, pictures."""

import re
from dataclasses import dataclass, field

from tests.peers.slack.answers import flat_options, initial
from tests.peers.slack.blocks import elements
from tests.peers.slack.model import Json, Message, View
from tests.peers.slack.typed import unescaped
from tests.peers.slack.world import World

_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_CALLS = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "broadcast": ("!", "range")}
"""Elements of rich text that are mentions: the mark that they have in mrkdwn, and where their name stands."""


@dataclass(frozen=True)
class Button:
    """Something to press or choose from: its label, and how the app knows it."""

    label: str
    action_id: str
    block_id: str
    type: str
    value: str | None = None
    url: str | None = None
    style: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A message as one person sees it. `raw` is the text as sent; `mentions` whom it really calls."""

    channel: str
    ts: str
    user: str
    author: str
    text: str
    raw: str
    blocks: list[Json]
    buttons: list[Button]
    images: list[bytes]
    files: list[str]
    mentions: list[str]
    thread_ts: str | None
    is_ephemeral: bool
    is_edited: bool

    def button(self, label: str) -> Button:
        """The button with a label or action_id; raises LookupError when there is none."""
        return named(self.buttons, label)


@dataclass(frozen=True)
class Field:
    """A question of a form; `value` is what stands in it, in the shape of `state.values`."""

    label: str
    block_id: str
    action_id: str
    type: str
    optional: bool
    options: tuple[str, ...]
    value: Json
    error: str | None = None
    is_long: bool = False
    hint: str = ""


@dataclass(frozen=True)
class SeenView:
    """A modal or the Home tab as its person sees it. `notice` is what Slack itself says when the app failed."""

    id: str
    title: str
    text: str
    fields: list[Field]
    buttons: list[Button]
    submit: str | None
    errors: dict[str, str] = field(default_factory=dict)
    notice: str | None = None


def named(buttons: list[Button], label: str) -> Button:
    """The button with a label or action_id; raises LookupError when there is none."""
    for button in buttons:
        if label in (button.label, button.action_id):
            return button
    raise LookupError(f"no button {label!r}, only {[button.label for button in buttons]}")


def readable(world: World, text: str) -> str:
    """Mrkdwn as words: mentions by name, links by label, entities as characters; `*` and `_` stay."""

    def word(found: re.Match[str]) -> str:
        mark, name, label = found.group(1), found.group(2), found.group(3)
        if mark == "@":
            return f"@{world.users[name].name if name in world.users else label or name}"
        if mark == "#":
            return f"#{world.channels[name].name if name in world.channels else label or name}"
        if mark == "!":
            return label or f"@{name}"
        return label or name

    return unescaped(_ENTITY.sub(word, text))


def mentions(text: str) -> list[str]:
    """Whom a text calls: ids of users, and `!channel`, `!here`, `!everyone`."""
    found = [(mark, name) for mark, name, _ in _ENTITY.findall(text) if mark in ("@", "!")]
    return [f"!{name}" if mark == "!" else name for mark, name in found if not name.startswith("date^")]


def _words(world: World, text: object) -> str:
    if not isinstance(text, dict):
        return ""
    words = str(text.get("text", ""))
    return readable(world, words) if text.get("type") == "mrkdwn" else words


def block_text(world: World, block: Json) -> str:
    """A block as lines of text."""
    kind = block["type"]
    if kind == "section":
        lines = [_words(world, block.get("text")), *(_words(world, one) for one in block.get("fields") or [])]
        return "\n".join(line for line in lines if line)
    if kind == "header":
        return _words(world, block["text"])
    if kind == "context":
        return " ".join(filter(None, (_words(world, one) or str(one.get("alt_text", "")) for one in block["elements"])))
    if kind == "table":
        return "\n".join(" | ".join(_cell(world, cell) for cell in row) for row in block["rows"])
    if kind == "image":
        return str(block.get("alt_text", ""))
    if kind == "markdown":
        return str(block["text"])
    if kind == "rich_text":
        return _cell(world, block)
    return ""


def _cell(world: World, found: Json) -> str:
    """The text inside rich text or a table's cell, mentions by name."""
    if found.get("type") in _CALLS:
        return readable(world, _called(found))
    own = found.get("text", found.get("value", found.get("url", "")))
    return str(own) + "".join(_cell(world, each) for each in found.get("elements") or [])


def _called(element: Json) -> str:
    """A mention inside rich text, as mrkdwn writes it."""
    mark, name = _CALLS[element["type"]]
    return f"<{mark}{element[name]}>"


def buttons_of(blocks: list[Json]) -> list[Button]:
    """Everything that can be pressed or chosen, in order; form fields are not among it."""
    found = []
    for block, element in elements(blocks):
        if block["type"] == "input":
            continue
        label = (element.get("text") or element.get("placeholder") or {}).get("text", "")
        found.append(
            Button(
                label, element["action_id"], block["block_id"], element["type"], element.get("value"),
                element.get("url"), element.get("style"), options_of(element),
            ),
        )  # fmt: skip
    return found


def options_of(element: Json) -> tuple[str, ...]:
    """The words of a menu's choices."""
    return tuple(option["text"]["text"] for option in flat_options(element))


def seen_message(world: World, message: Message) -> Seen:
    """A message as a person sees it: its blocks, or its text when it has none."""
    parts = [block_text(world, block) for block in message.blocks]
    parts += [readable(world, str(one.get("text") or one.get("fallback") or "")) for one in message.attachments]
    drawn = "\n".join(part for part in parts if part)
    author = world.users.get(message.user)
    raw = "\n".join([message.text, *(_mrkdwn(block) for block in message.blocks)])
    return Seen(
        channel=message.channel, ts=message.ts, user=message.user, author=author.name if author else "Slackbot",
        text=drawn if message.blocks else "\n".join(filter(None, (readable(world, message.text), drawn))),
        raw=message.text, blocks=message.blocks, buttons=buttons_of(message.blocks), images=_images(world, message),
        files=[world.uploads[name].name for name in message.files], mentions=list(dict.fromkeys(mentions(raw))),
        thread_ts=message.thread_ts, is_ephemeral=message.visible_to is not None, is_edited=message.edited is not None,
    )  # fmt: skip


def _mrkdwn(found: object) -> str:
    """Every mrkdwn text inside blocks, as sent, and the mentions of rich text: only there do they count."""
    if isinstance(found, list):
        return "\n".join(_mrkdwn(each) for each in found)
    if not isinstance(found, dict):
        return ""
    if found.get("type") == "mrkdwn":
        return str(found.get("text", ""))
    if found.get("type") in _CALLS:
        return _called(found)
    return "\n".join(filter(None, (_mrkdwn(each) for each in found.values())))


def _images(world: World, message: Message) -> list[bytes]:
    names = list(message.files)
    for block in message.blocks:
        picture = block.get("slack_file") or {}
        url = str(picture.get("url") or block.get("image_url") or "")
        names += [picture["id"]] if "id" in picture else [name for name in world.uploads if f"-{name}/" in url]
    uploads = [world.uploads[name] for name in names if name in world.uploads]
    kinds = (".png", ".jpg", ".jpeg", ".gif")
    return [each.content for each in uploads if each.content is not None and each.name.lower().endswith(kinds)]


def seen_view(world: World, view: View) -> SeenView:
    """A view as its person sees it."""
    blocks, questions = view.body["blocks"], []
    for block in blocks:
        if block["type"] != "input":
            continue
        element, ident = block["element"], block["block_id"]
        questions.append(
            Field(
                block["label"]["text"], ident, element["action_id"], element["type"], bool(block.get("optional")),
                options_of(element), view.answers.get(ident, {}).get(element["action_id"]) or initial(element),
                view.errors.get(ident), bool(element.get("multiline")),
                (block.get("hint") or {}).get("text", ""),
            ),
        )  # fmt: skip
    text = "\n".join(filter(None, (block_text(world, block) for block in blocks)))
    title, submit = view.body.get("title") or {}, view.body.get("submit") or {}
    return SeenView(
        view.id, title.get("text", ""), text, questions, buttons_of(blocks), submit.get("text"), dict(view.errors),
        view.notice,
    )  # fmt: skip
