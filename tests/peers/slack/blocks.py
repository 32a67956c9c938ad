"""What Slack refuses in Block Kit: every limit of docs.slack.dev/reference/block-kit that an app can run into."""

import json
from collections.abc import Callable, Iterator

from tests.peers.slack.model import Json

MOST_CHARACTERS = 13_200
"""Blocks of a message, as compact JSON. Undocumented: about 12,000 characters of text and room for the containers
(bolt-js 2509); beyond it the error is msg_blocks_too_long. response_url does not have this limit (bolt-js 2867)."""

Faults = Iterator[str]


def faults_of(blocks: object, *, surface: str) -> list[str]:
    """What is wrong, in the words of `response_metadata.messages`. `surface` is message, modal or home."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be a valid JSON array [json-pointer:/blocks]"]
    most = 50 if surface == "message" else 100
    if len(blocks) > most:
        return [f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"]
    found = []
    for place, block in enumerate(blocks):
        found += [f"[ERROR] {fault} [json-pointer:/blocks/{place}]" for fault in _block(block, surface)]
    found += [f"[ERROR] `block_id` {name} already exists [json-pointer:/blocks]" for name in _twice(block_ids(blocks))]
    for place, block in enumerate(blocks):  # documented: unique within the block that contains it
        names = [element["action_id"] for _, element in elements([block]) if element["action_id"]]
        found += [
            f"[ERROR] `action_id` {name} already exists for current block elements [json-pointer:/blocks/{place}]"
            for name in _twice(names)
        ]
    return found


def are_too_long(blocks: list[Json]) -> bool:
    """Tell whether a message's blocks together are more than Slack takes."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MOST_CHARACTERS


def block_ids(blocks: list[Json]) -> list[str]:
    """The block_ids that were given."""
    return [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, in reading order."""
    for block in blocks:
        if not isinstance(block, dict):
            continue
        inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _text(given: object, most: int, *, plain: bool = False, name: str = "text") -> Faults:
    if not isinstance(given, dict) or given.get("type") not in ("plain_text", "mrkdwn"):
        yield f"missing or malformed text object: {name}"
        return
    if plain and given["type"] != "plain_text":
        yield f"{name} must be plain_text"
    words = given.get("text")
    if not isinstance(words, str) or not words:
        yield f"must be more than 0 characters: {name}"
    elif len(words) > most:
        yield f"must be less than {most + 1} characters: {name}"


def _length(owner: Json, name: str, most: int) -> Faults:
    if isinstance(owner.get(name), str) and len(owner[name]) > most:
        yield f"must be less than {most + 1} characters: {name}"


def _block(block: object, surface: str) -> Faults:
    if not isinstance(block, dict):
        yield "must be an object"
        return
    yield from _length(block, "block_id", 255)
    check = _CHECKS.get(str(block.get("type")))
    if check is None:
        yield f"unsupported type: {block.get('type')}"
    else:
        yield from check(block, surface)


def _section(block: Json, surface: str) -> Faults:
    fields = block.get("fields")
    if "text" in block:
        yield from _text(block["text"], 3_000)
    elif not fields:
        yield "missing required field: text or fields"
    if fields is not None:
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield "no more than 10 items allowed: fields"
        else:
            for one in fields:
                yield from _text(one, 2_000, name="fields")
    if "accessory" in block:
        yield from _element(block["accessory"], surface)


def _header(block: Json, _surface: str) -> Faults:
    yield from _text(block.get("text"), 150, plain=True)


def _actions(block: Json, surface: str) -> Faults:
    inside = block.get("elements")
    if not isinstance(inside, list) or not 1 <= len(inside) <= 25:
        yield "no more than 25 items allowed, and at least 1: elements"
        return
    for element in inside:
        yield from _element(element, surface)


def _context(block: Json, _surface: str) -> Faults:
    inside = block.get("elements")
    if not isinstance(inside, list) or not 1 <= len(inside) <= 10:
        yield "no more than 10 items allowed, and at least 1: elements"
        return
    for element in inside:
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _image(element, "context")
        else:
            yield from _text(element, 3_000, name="elements")


def _image(block: Json, surface: str) -> Faults:
    if not (block.get("image_url") or block.get("slack_file")):
        yield "must define either `slack_file` or `image_url`"
    if not block.get("alt_text"):
        yield "missing required field: alt_text"
    yield from _length(block, "image_url", 3_000)
    yield from _length(block, "alt_text", 2_000)
    if surface != "context" and "title" in block:
        yield from _text(block["title"], 2_000, plain=True, name="title")


def _input(block: Json, surface: str) -> Faults:
    yield from _text(block.get("label"), 2_000, plain=True, name="label")
    if "hint" in block:
        yield from _text(block["hint"], 2_000, plain=True, name="hint")
    yield from _element(block.get("element"), surface)


def _table(block: Json, surface: str) -> Faults:
    rows = block.get("rows")
    if surface != "message":
        yield "unsupported type: table"  # documented for messages only
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        yield "no more than 100 items allowed, and at least 1: rows"
        return
    for row in rows:
        if not isinstance(row, list) or not 1 <= len(row) <= 20:
            yield "no more than 20 items allowed, and at least 1: cells"
            return
        for cell in row:
            if not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "raw_number", "rich_text"):
                yield "cell must be raw_text, raw_number or rich_text"
            elif cell["type"] == "raw_text" and not cell.get("text"):
                yield "must be more than 0 characters: cell"


def _markdown(block: Json, _surface: str) -> Faults:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "missing required field: text"
    yield from _length(block, "text", 12_000)


def _rich_text(block: Json, _surface: str) -> Faults:
    if not isinstance(block.get("elements"), list):
        yield "missing required field: elements"


def _nothing(_block: Json, _surface: str) -> Faults:
    yield from ()


def _element(element: object, _surface: str) -> Faults:
    if not isinstance(element, dict) or "type" not in element:
        yield "missing or malformed element"
        return
    kind = str(element["type"])
    if kind == "image":
        yield from _image(element, "context")
        return
    if kind != "button" and kind not in SELECTS | INPUTS:
        yield f"unsupported type: {kind}"
    yield from _length(element, "action_id", 255)
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, plain=True, name="placeholder")
    if kind == "button":
        yield from _text(element.get("text"), 75, plain=True)
        yield from _length(element, "value", 2_000)
        yield from _length(element, "url", 3_000)
        if element.get("style") not in (None, "primary", "danger"):
            yield "invalid style"
    yield from _options(element)


def _options(element: Json) -> Faults:
    kind = str(element["type"])
    options = element.get("options")
    if kind in ("static_select", "multi_static_select") and not options and not element.get("option_groups"):
        yield "must provide options or option_groups"
    if options is None:
        return
    most = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}.get(kind, 100)
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield f"no more than {most} items allowed, and at least 1: options"
        return
    for option in options:
        yield from _text(option.get("text"), 75, name="option text")
        yield from _length(option, "value", 150)


SELECTS = {
    "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select",
    "multi_channels_select", "overflow", "radio_buttons", "checkboxes",
}  # fmt: skip
INPUTS = {
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "datepicker",
    "timepicker", "datetimepicker", "file_input",
}  # fmt: skip
_CHECKS: dict[str, Callable[[Json, str], Faults]] = {
    "section": _section, "header": _header, "actions": _actions, "context": _context, "image": _image,
    "input": _input, "table": _table, "markdown": _markdown, "divider": _nothing, "rich_text": _rich_text,
    "video": _nothing, "file": _nothing,
}  # fmt: skip
