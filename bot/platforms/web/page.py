"""Render the workspace page and single messages to HTML, from plain data only."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

Record = Mapping[str, Any]

_DAY = {"en": "EEEE, d MMMM", "zh": "M月d日 EEEE"}
_SHORT_DAY = {"en": "EEE d MMM", "zh": "M月d日EEE"}
_TOGETHER = timedelta(minutes=5)  # messages of one author this close share one heading
_FIGURE = re.compile(
    r"[^\w\s]{0,3}\s?[A-Z]{0,3}\$?\s?\d[\d.,/ ]*(%|\w{1,3})?|–|-|n/a"
)  # 48 %, ¥962万, ▲ 14, 18/18, 37 min


@dataclass(frozen=True)
class Viewer:
    """Who looks: their person record, zone, language (`en` or `zh`) and the labels in that language."""

    me: Record
    zone: tzinfo
    language: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class PageView:
    """Everything one page shows; records have the contract's shapes with the additions named in `page.html`."""

    viewer: Viewer
    org: str
    demo: bool
    now: datetime
    people: Sequence[Record]
    regions: Mapping[str, str]
    channels: Sequence[Record]
    channel: Record
    messages: Sequence[Record]
    thread: Sequence[Record] | None = None
    suggestions: Sequence[str] = ()
    last_event: str = ""


def workspace_environment() -> Environment:
    """Build the template environment of the workspace; every string that a template prints is escaped."""
    environment = Environment(
        loader=PackageLoader("bot.platforms.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "tint": tint,
        "initials": initials,
        "address": _address,
        "safe_link": safe_link,
        "figure_columns": _figure_columns,
    }
    return environment


def render_page(view: PageView, environment: Environment) -> str:
    """Render the whole page for one person, channel and, when one is open, thread."""
    here = view.now.astimezone(view.viewer.zone)
    return environment.get_template("page.html").render(
        view=view,
        viewer=view.viewer,
        texts=view.viewer.texts,
        groups=_groups(view),
        messages=_run(view.messages, view.viewer),
        thread=None if view.thread is None else _run(view.thread, view.viewer),
        clock={
            "at": view.now.isoformat(),
            "day": format_date(here.date(), _SHORT_DAY[view.viewer.language], locale=view.viewer.language),
            "time": f"{here:%H:%M}",
        },
    )


def render_message(message: Record, viewer: Viewer, environment: Environment) -> str:
    """Render one MESSAGE as the list item that the page itself shows; the live stream sends it."""
    shown = _run([message], viewer)[0]
    return environment.get_template("one.html").render(shown=shown, viewer=viewer, texts=viewer.texts)


def tint(key: str) -> str:
    """Choose one of the eight avatar colours, the same one for an id for ever."""
    return f"tint-{zlib.crc32(key.encode()) % 8}"


def initials(name: str) -> str:
    """Shorten a name for an avatar: the first Chinese character, else the first letters of first and last name."""
    words = [word for word in re.split(r"[\s·]+", name) if word[:1].isalnum()]
    if not words:
        return "?"
    if "\u2e80" <= words[0][0] <= "\u9fff":
        return words[0][0]
    return "".join(word[0] for word in (words if len(words) == 1 else [words[0], words[-1]])).upper()


def _run(messages: Sequence[Record], viewer: Viewer) -> list[Record]:
    """Prepare messages that stand below each other: local day and time, and which ones share a heading."""
    shown = [_shown(message, viewer) for message in messages]
    for before, after in pairwise(shown):
        near = after["local"] - before["local"] <= _TOGETHER and after["day"] == before["day"]
        quiet = not (before["message"]["visible_to"] or after["message"]["visible_to"])
        same = before["message"]["author"] == after["message"]["author"]
        after["continued"] = near and same and quiet
        after["new_day"] = after["day"] != before["day"]
    return list(shown)


def _shown(message: Record, viewer: Viewer) -> dict[str, Any]:
    at = message["at"]
    local = (at if isinstance(at, datetime) else datetime.fromisoformat(at)).astimezone(viewer.zone)
    plain = [[{"kind": "text", "text": line}] for line in message["text"].split("\n")]
    return {
        "message": message,
        "lines": message.get("lines") or plain,
        "local": local,
        "day": f"{local:%Y-%m-%d}",
        "day_label": format_date(local.date(), _DAY[viewer.language], locale=viewer.language),
        "time": f"{local:%H:%M}",
        "new_day": True,
        "continued": False,
    }


def _groups(view: PageView) -> list[dict[str, Any]]:
    """Group people by region, the regions in their own order, whoever has none last."""
    names: dict[str | None, str] = dict(view.regions.items())
    names[None] = view.viewer.texts["headquarters"]
    return [
        {"name": name, "people": members, "open": region in (view.viewer.me["region"], None)}
        for region, name in names.items()
        if (members := [person for person in view.people if person["region"] == region])
    ]


def _figure_columns(table: Record) -> set[int]:
    """Number the columns that hold figures only: they stand at the right."""
    columns = enumerate(zip(*table["rows"], strict=True))
    return {index for index, cells in columns if all(_FIGURE.fullmatch(str(cell)) for cell in cells)}


def _address(person: str, channel: str, thread: str | None = None) -> str:
    path = f"/as/{quote(person, safe='')}/c/{quote(channel, safe='')}"
    return path if thread is None else f"{path}?thread={quote(thread, safe='')}"


def safe_link(href: str) -> str | None:
    """Let only web addresses and own paths be links: a person may type `javascript:`."""
    own_path = href.startswith("/") and not href.startswith(("//", "/\\"))
    return href if own_path or urlsplit(href).scheme in ("http", "https", "mailto") else None
