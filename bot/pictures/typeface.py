"""The one typeface of the pictures: where its file is, which letters it has, how wide they are."""

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "Noto Sans SC"


@cache
def font_path() -> Path:
    """Find the font file in the distribution that carries it; raise FileNotFoundError when it is not there."""
    found = find_spec("pylopdf_fonts_zh_cn")
    for folder in (found.submodule_search_locations or []) if found else []:
        path = Path(folder) / "NotoSansSC-Regular.otf"
        if path.is_file():
            return path
    raise FileNotFoundError("NotoSansSC-Regular.otf is missing: install the distribution pylopdf-fonts-zh-cn")


@cache
def _advances() -> dict[int, float]:
    """Give the advance width of every character of the font, as a share of the font size."""
    with TTFont(font_path(), lazy=True) as font:
        glyphs: dict[int, str] = font.getBestCmap()
        metrics = font["hmtx"].metrics
        per_em: int = font["head"].unitsPerEm
        return {code: metrics[glyph][0] / per_em for code, glyph in glyphs.items()}


def missing_glyphs(text: str) -> set[str]:
    """Name the characters of the text that the font cannot draw."""
    return {character for character in text if ord(character) not in _advances()}


def drawable(text: str) -> str:
    """Replace what the font lacks: a letter by its base letter (ż by z), anything else (an emoji) by nothing."""
    return " ".join("".join(_stand_in(character) for character in text).split())


def _stand_in(character: str) -> str:
    if ord(character) in _advances():
        return character
    if character.isspace():
        return " "
    base = unicodedata.name(character, "").partition(" WITH ")[0]
    try:
        letter = unicodedata.lookup(base)
    except KeyError:
        return ""
    return letter if ord(letter) in _advances() else ""


def width(text: str, size: float) -> float:
    """Measure the text at the font size, in the same unit; an unknown character counts as one em."""
    advances = _advances()
    return sum(advances.get(ord(character), 1.0) for character in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """Shorten the text with an ellipsis until it fits the room, by measured width."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"
