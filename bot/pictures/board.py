"""Draw a board of regions and teams: a bar for the week, a thin one for the month with its pace, as SVG and as PNG."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

import resvg_py
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.pictures.typeface import FAMILY, drawable, fitted, font_path

WIDTH, MARGIN = 1080, 40
TOP, ROW, HEAD, FOOT = 112, 56, 40, 56
RANK_X, NAME_X, NAME_ROOM = 62, 92, 216
OVERRUN = 10
DOT = 6  # what is more than nothing is seen
CELL_GAP = 20
SCALE = 2  # device pixels per unit: crisp on a phone

Theme = Literal["light", "dark"]
_COLOURS: dict[Theme, dict[str, str]] = {
    "light": {
        "canvas": "#ffffff", "ink": "#1a2227", "muted": "#5b666d", "line": "#e9e7e1", "own": "#eef5f7",
        "track": "#e4e5e1", "bar": "#157391", "soft": "#7fb4c5", "strong": "#0c5a74", "pace": "#1a2227",
    },
    "dark": {
        "canvas": "#15191c", "ink": "#e9edef", "muted": "#9aa6ad", "line": "#262d31", "own": "#18262c",
        "track": "#2a3237", "bar": "#3d9dbb", "soft": "#2f6f85", "strong": "#7dcfe6", "pace": "#e9edef",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Track:
    """Where a column of bars runs, how thick it is, and where its numbers end."""

    x: int
    width: int
    thick: int
    number: int


TRACKS = (Track(324, 158, 14, 560), Track(592, 98, 6, 760))


@dataclass(frozen=True)
class BoardBar:
    """A share of a target (1 is on target), none when it cannot be said, and the share that the calendar makes."""

    share: Fraction | None
    pace: Fraction | None = None


@dataclass(frozen=True)
class BoardRow:
    """One region or team; its `own` reader finds it at a glance."""

    rank: int
    name: str
    note: str
    bars: tuple[BoardBar, ...]
    cells: tuple[str, ...]
    own: bool = False


@dataclass(frozen=True)
class BoardGroup:
    """Rows that are ranked among themselves."""

    title: str
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class BoardPicture:
    """A whole board in words that are already translated and formatted; `columns` label the bars, then the cells."""

    title: str
    subtitle: str
    columns: tuple[str, ...]
    groups: tuple[BoardGroup, ...]
    footer: str


def board_svg(picture: BoardPicture, theme: Theme) -> str:
    """Draw the board as one SVG document of 1080 units in width; what is too long ends in an ellipsis."""
    bars = len(TRACKS)
    rights, room = _cells(len(picture.columns) - bars)
    groups = list(_groups(picture.groups, rights, room))
    foot_y = TOP + sum(HEAD + ROW * len(group.rows) for group in picture.groups)
    return _template().render(
        colours=_COLOURS[theme],
        family=FAMILY,
        width=WIDTH,
        height=foot_y + FOOT,
        margin=MARGIN,
        at={"rank": RANK_X, "name": NAME_X, "row": ROW, "head": HEAD},
        title=_fit(picture.title, 30, WIDTH - 2 * MARGIN - 120),
        subtitle=_fit(picture.subtitle, 16, WIDTH - 2 * MARGIN - 60),
        bar_heads=[
            (track.x, _fit(label, 14, track.number - track.x))
            for track, label in zip(TRACKS, picture.columns[:bars], strict=True)
        ],
        cell_heads=[(x, _fit(label, 14, room)) for x, label in zip(rights, picture.columns[bars:], strict=True)],
        groups=groups,
        foot_y=foot_y,
        footer=_fit(picture.footer, 14, WIDTH - 2 * MARGIN - 16),
    )


def svg_to_png(svg: str) -> bytes:
    """Render the drawing at twice its size with the bundled font alone, the same on every machine."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=SCALE, skip_system_fonts=True, font_files=[str(font_path())], font_family=FAMILY
        )
    )


def _groups(groups: tuple[BoardGroup, ...], rights: list[float], room: float) -> Iterator[dict[str, object]]:
    top = TOP
    for group in groups:
        rows = [_row(row, top + HEAD + ROW * place, rights, room) for place, row in enumerate(group.rows)]
        yield {"top": top, "title": _fit(group.title, 14, NAME_X + NAME_ROOM - MARGIN), "rows": rows}
        top += HEAD + ROW * len(group.rows)


def _row(row: BoardRow, top: int, rights: list[float], room: float) -> dict[str, object]:
    return {
        "top": top,
        "own": row.own,
        "rank": row.rank,
        "name": _fit(row.name, 19, NAME_ROOM),
        "note": _fit(row.note, 13, NAME_ROOM),
        "bars": [_bar(track, bar) for track, bar in zip(TRACKS, row.bars, strict=True)],
        "cells": [(x, _fit(text, 17, room)) for x, text in zip(rights, row.cells, strict=True)],
    }


def _bar(track: Track, bar: BoardBar) -> dict[str, object]:
    share = _capped(bar.share or Fraction())
    over = bar.share is not None and bar.share > 1
    length = max(track.width * float(share), DOT if share else 0) + (OVERRUN if over else 0)
    return {
        "x": track.x,
        "width": track.width,
        "thick": track.thick,
        "number": track.number,
        "length": length,
        "height": min(float(track.thick), length),
        "over": over,
        "percent": "–" if bar.share is None else f"{round(bar.share * 100)}%",
        "pace_x": None if bar.pace is None else track.x + track.width * float(_capped(bar.pace)),
    }


def _cells(count: int) -> tuple[list[float], float]:
    """Give the right edges of the cell columns, spread over what the bars leave, and the room of each."""
    left = TRACKS[-1].number
    step = (WIDTH - MARGIN - left) / max(count, 1)
    return [left + step * (place + 1) for place in range(count)], step - CELL_GAP


def _capped(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))


def _fit(text: str, size: float, room: float) -> str:
    return fitted(drawable(text), size, room)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot.pictures", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("board.svg")
