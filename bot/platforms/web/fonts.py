"""Say which font files the workspace serves itself, for a machine that has no Chinese font."""

from pathlib import Path

from bot.pictures.typeface import font_path

FONT_FOLDER = "/static/fonts/"


def served_fonts() -> dict[str, Path]:
    """Give the file behind every font address that workspace.css names; the font stays in its own distribution."""
    return {FONT_FOLDER + font_path().name: font_path()}
