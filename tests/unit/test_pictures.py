"""Boards as pictures: every letter drawn, nothing outside its room, bars as long as attainment says."""

import re
import struct
import zlib
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.pictures.board import (
    FOOT,
    HEAD,
    NAME_ROOM,
    ROW,
    SCALE,
    TOP,
    TRACKS,
    BoardBar,
    BoardGroup,
    BoardPicture,
    BoardRow,
    Theme,
    board_svg,
    svg_to_png,
)
from bot.pictures.typeface import drawable, fitted, missing_glyphs, width

NAMES = ("华东 East China", "DACH", "Île-de-France", "東京 とうきょう", "LATAM · R$5,4 Mio.")
BAR = (0x15, 0x73, 0x91)


def board(*rows: BoardRow) -> BoardPicture:
    groups = (BoardGroup("Regions", rows),)
    return BoardPicture("第47周", "signed", ("Week", "Nov 2026", "Amount", "In USD"), groups, "pace")


def row(
    share: Fraction | None, name: str = "华东 East China", pace: Fraction | None = None, amount: str = "¥1,284万"
) -> BoardRow:
    return BoardRow(1, name, "3 deals", (BoardBar(share), BoardBar(None, pace)), (amount, "USD 1.8M"))


def pixels(png: bytes) -> list[bytes]:
    """Unfilter an 8-bit RGBA PNG into one bytes object per line."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    columns, depth, colour = struct.unpack(">I4xBB", png[16:26])
    assert (depth, colour) == (8, 6)
    packed, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, stride, above, lines = zlib.decompress(packed), columns * 4, bytes(columns * 4), []
    for start in range(0, len(raw), stride + 1):
        above = unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above)
        lines.append(above)
    return lines


def unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    out = bytearray(line)
    for i in range(len(out)):
        left, up, corner = (out[i - 4], above[i], above[i - 4]) if i >= 4 else (0, above[i], 0)
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda near: abs(guess - near))
        out[i] = (out[i] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(out)


def painted(picture: BoardPicture) -> int:
    """Count the pixels of the bar colour on the middle line of the first bar."""
    strip = f'width="260" height="16" viewBox="{TRACKS[0].x} {TOP + HEAD + 20} 260 16"'
    svg = re.sub(r'width="\d+" height="\d+" viewBox="[^"]+"', strip, board_svg(picture, "light"), count=1)
    line = pixels(svg_to_png(svg))[8 * SCALE]
    return sum(tuple(line[at : at + 3]) == BAR for at in range(0, len(line), 4))


@pytest.mark.parametrize("text", [*NAMES, "▲▼ – … ¥€£$ × 0123456789 %≤≥·"])
def test_the_font_draws_what_a_board_says(text: str) -> None:
    assert missing_glyphs(text) == set()


def test_a_missing_glyph_is_named() -> None:
    assert missing_glyphs("Łódź 🚀 ab") == {"Ł", "ź", "🚀"}


def test_a_letter_that_the_font_lacks_is_drawn_as_its_base_letter_and_an_emoji_is_left_out() -> None:
    assert drawable("Łódź  🚀 Żory 华东") == "Lódz Zory 华东"


@pytest.mark.parametrize(
    "name", ["Very long name of a region and its team", "澳大利亚和新西兰大区联合销售团队", "WWWWWW iiiiii"]
)
def test_a_long_name_is_cut_to_its_measured_room(name: str) -> None:
    short = fitted(name, 19, 120)

    assert short.endswith("…")
    assert width(short, 19) <= 120
    assert width(short[:-1] + name[len(short) - 1 : len(short) + 1] + "…", 19) > 120


def test_a_name_that_fits_is_left_alone() -> None:
    assert fitted("华东 East China", 19, NAME_ROOM) == "华东 East China"


def test_a_name_in_markup_is_drawn_as_text() -> None:
    svg = board_svg(board(row(Fraction(1), "<b>x</b>&"), row(Fraction(1), '<!channel>"')), "light")

    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in svg
    assert "&lt;!channel&gt;" in svg
    svg_to_png(svg)


@pytest.mark.parametrize("share", [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)])
def test_a_bar_is_as_long_as_its_attainment(share: Fraction) -> None:
    assert painted(board(row(share))) == pytest.approx(float(share) * TRACKS[0].width * SCALE, abs=8)


def test_a_bar_above_target_is_capped_and_its_number_told() -> None:
    assert painted(board(row(Fraction(137, 100)))) == painted(board(row(Fraction(250, 100))))
    assert "137%" in board_svg(board(row(Fraction(137, 100))), "light")


def test_an_attainment_that_cannot_be_said_is_no_zero() -> None:
    svg = board_svg(board(row(None)), "light")

    assert "0%" not in svg
    assert painted(board(row(None))) == 0


def test_each_row_has_the_pace_of_its_own_calendar() -> None:
    paces = (Fraction(1, 2), Fraction(3, 5), None)

    svg = board_svg(board(*(row(Fraction(1, 4), pace=pace) for pace in paces)), "light")

    ticks = [float(x) for x in re.findall(r'<line x1="([0-9.]+)" x2="\1" y1="19"', svg)]
    month = TRACKS[1]
    assert ticks == pytest.approx([month.x + month.width * 0.5, month.x + month.width * 0.6])


def test_an_amount_never_runs_into_the_month() -> None:
    svg = board_svg(board(row(Fraction(1), amount="IDR 1,234,567,890,123.45万亿")), "light")

    shown = next(text for text in re.findall(r">(IDR[^<]*)<", svg))
    right = float(re.findall(r'<text x="([0-9.]+)"[^>]*>IDR', svg)[0])
    assert right - width(shown, 17) > TRACKS[1].number


def test_the_own_region_is_marked_and_no_other() -> None:
    plain = board_svg(board(row(Fraction(1))), "light")
    own = replace(row(Fraction(1)), own=True)

    assert "#eef5f7" not in plain
    assert board_svg(board(row(Fraction(1)), own), "light").count("#eef5f7") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_colour_of_a_board_is_red(theme: Theme) -> None:
    svg = board_svg(board(row(Fraction(1, 50))), theme)

    colours = {svg[at : at + 7] for at in range(len(svg)) if svg[at] == "#"}
    assert colours
    assert all(int(colour[1:3], 16) <= int(colour[5:7], 16) + 16 for colour in colours)


def test_a_board_is_as_high_as_its_rows_and_twice_as_sharp() -> None:
    png = svg_to_png(board_svg(board(*(row(Fraction(n, 12)) for n in range(12))), "dark"))

    assert struct.unpack(">I", png[20:24])[0] == (TOP + HEAD + 12 * ROW + FOOT) * SCALE
