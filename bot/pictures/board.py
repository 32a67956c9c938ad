"""Draw a board of regions or teams: attainment bars with the pace line, as SVG and as PNG."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

import resvg_py
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.pictures.typeface import FAMILY, drawable, fitted, font_path

WIDTH = 1080
MARGIN = 40
TOP = 148
ROW = 56
FOOT = 84
NAME_X, BAR_X, BAR_WIDTH, OVERRUN = 88, 332, 224, 14
NUMBER_X = 638
SCALE = 2  # device pixels per unit: crisp on a phone

Theme = Literal["light", "dark"]
_COLOURS: dict[Theme, dict[str, str]] = {
    "light": {
        "canvas": "#ffffff", "ink": "#1a2227", "muted": "#5b666d", "line": "#e9e7e1",
        "track": "#eeece6", "bar": "#157391", "strong": "#0c5a74", "pace": "#1a2227",
    },
    "dark": {
        "canvas": "#15191c", "ink": "#e9edef", "muted": "#9aa6ad", "line": "#262d31",
        "track": "#252c30", "bar": "#3d9dbb", "strong": "#7dcfe6", "pace": "#e9edef",
    },
}  # fmt: skip


@dataclass(frozen=True)
class BoardRow:
    """One region or team; `attainment` is a share of the target (1 is on target), None when it cannot be said."""

    rank: int
    name: str
    note: str
    attainment: Fraction | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BoardPicture:
    """A whole board in words that are already translated and formatted.

    `columns` labels the name, the attainment and then every cell of a row.
    """

    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    pace: Fraction | None
    footer: str


def board_svg(picture: BoardPicture, theme: Theme) -> str:
    """Draw the board as one SVG document of 1080 units in width; names that are too long end in an ellipsis."""
    rights = _cell_rights(len(picture.columns) - 2)
    room = rights[1] - rights[0] - 16 if len(rights) > 1 else WIDTH - MARGIN - NUMBER_X - 16
    foot_y = TOP + ROW * len(picture.rows)
    return _template().render(
        colours=_COLOURS[theme],
        family=FAMILY,
        width=WIDTH,
        height=foot_y + FOOT,
        title=_fit(picture.title, 30, WIDTH - 2 * MARGIN - 120),
        subtitle=_fit(picture.subtitle, 16, WIDTH - 2 * MARGIN),
        heads=[_fit(picture.columns[0], 14, BAR_X - NAME_X - 20), _fit(picture.columns[1], 14, BAR_WIDTH)],
        cell_heads=[(x, _fit(label, 14, room)) for x, label in zip(rights, picture.columns[2:], strict=True)],
        rows=[_row(row, TOP + ROW * index, rights, room) for index, row in enumerate(picture.rows)],
        pace_x=None if picture.pace is None else BAR_X + BAR_WIDTH * float(_capped(picture.pace)),
        pace=_percent(picture.pace),
        foot_y=foot_y,
        footer=_fit(picture.footer, 14, WIDTH - 2 * MARGIN),
        at={"margin": MARGIN, "name": NAME_X, "bar": BAR_X, "bar_width": BAR_WIDTH, "number": NUMBER_X, "top": TOP},
    )


def svg_to_png(svg: str) -> bytes:
    """Render the drawing at twice its size with the bundled font alone, the same on every machine."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=SCALE, skip_system_fonts=True, font_files=[str(font_path())], font_family=FAMILY
        )
    )


def _row(row: BoardRow, top: int, rights: list[float], room: float) -> dict[str, object]:
    share = _capped(row.attainment or Fraction())
    over = row.attainment is not None and row.attainment > 1
    return {
        "top": top,
        "rank": row.rank,
        "name": _fit(row.name, 19, BAR_X - NAME_X - 24),
        "note": _fit(row.note, 13, BAR_X - NAME_X - 24),
        "bar": BAR_WIDTH * float(share) + (OVERRUN if over else 0),
        "over": over,
        "attainment": _percent(row.attainment),
        "cells": [(x, _fit(text, 17, room)) for x, text in zip(rights, row.cells, strict=True)],
    }


def _cell_rights(count: int) -> list[float]:
    """Give the right edges of the cell columns, spread over what the bars leave."""
    step = (WIDTH - MARGIN - NUMBER_X) / max(count, 1)
    return [NUMBER_X + step * (index + 1) for index in range(count)]


def _capped(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else f"{round(share * 100)}%"


def _fit(text: str, size: float, room: float) -> str:
    return fitted(drawable(text), size, room)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot.pictures", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("board.svg")
