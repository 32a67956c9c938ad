"""What a person puts into a form, in the shape that `state.values` has for each kind of element."""

from typing import Any

from tests.peers.slack.model import Json

REQUIRED = "Please complete this required field."
"""What Slack's client says; the app is not asked."""

_SINGLE = {
    "users_select": "selected_user", "conversations_select": "selected_conversation",
    "channels_select": "selected_channel", "datepicker": "selected_date", "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}  # fmt: skip
_SEVERAL = {
    "multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels", "file_input": "files",
}  # fmt: skip
_INITIAL = {
    "selected_user": "initial_user", "selected_conversation": "initial_conversation",
    "selected_channel": "initial_channel", "selected_date": "initial_date", "selected_time": "initial_time",
    "selected_date_time": "initial_date_time", "selected_users": "initial_users",
    "selected_conversations": "initial_conversations", "selected_channels": "initial_channels",
}  # fmt: skip
_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})


def slot_of(kind: str) -> str:
    """The name under which a kind of element carries its answer."""
    if kind in _ONE_OPTION:
        return "selected_option"
    if kind in _OPTIONS:
        return "selected_options"
    return _SINGLE.get(kind) or _SEVERAL.get(kind) or "value"


def initial(element: Json) -> Json:
    """An element's answer before anybody touched it."""
    kind = element["type"]
    slot = slot_of(kind)
    given = element.get({"selected_option": "initial_option", "selected_options": "initial_options"}.get(slot, ""))
    if slot == "value":
        given = element.get("initial_value")
        given = str(given) if given is not None and kind == "number_input" else given
    if slot in _INITIAL:
        given = element.get(_INITIAL[slot])
    return {"type": kind, slot: [] if given is None and (kind in _SEVERAL or kind in _OPTIONS) else given}


def chosen(element: Json, value: Any, offered: list[Json] | None = None) -> Json:
    """An element's answer when a person gives `value`: text, an option's words or value, a user's or channel's id.

    Raises LookupError for an option that is not offered, ValueError for what the client would not let through.
    """
    kind = element["type"]
    slot = slot_of(kind)
    options = offered if offered is not None else flat_options(element)
    if kind in _ONE_OPTION:
        return {"type": kind, slot: None if value is None else _option(options, value)}
    if kind in _OPTIONS:
        return {"type": kind, slot: [_option(options, one) for one in value]}
    if kind in _SEVERAL:
        return {"type": kind, slot: list(value)}
    if kind in _SINGLE:
        return {"type": kind, slot: value}
    words = None if value is None or value == "" else str(value)
    _check_length(element, words)
    return {"type": kind, slot: words}


def flat_options(element: Json) -> list[Json]:
    """A menu's choices, those of groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def is_empty(answer: Json) -> bool:
    """Tell whether an element was left without an answer."""
    return answer.get(slot_of(answer["type"])) in (None, "", [])


def _option(options: list[Json], value: str) -> Json:
    for option in options:
        if value in (option.get("value"), option["text"]["text"]):
            return option
    raise LookupError(f"no option {value!r}, only {[option['text']['text'] for option in options]}")


def _check_length(element: Json, words: str | None) -> None:
    """plain_text_input: min_length and max_length (3,000 at most); number_input takes digits."""
    size = len(words or "")
    if size > int(element.get("max_length") or 3_000):
        raise ValueError("longer than max_length")
    if words and size < int(element.get("min_length") or 0):
        raise ValueError("shorter than min_length")
    if words and element["type"] == "number_input":
        float(words)
