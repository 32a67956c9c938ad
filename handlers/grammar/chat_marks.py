"""Blank out what only formats a chat message: *bold*, :emoji:, the bullet of a list, blanks inside a Chinese word."""

import re

from handlers.grammar.patterns import Pattern

_SHORTCODE = Pattern(r"(?<!\S):[a-z][a-z0-9_+-]{1,40}:(?!\S)")
# Bold, italics and code of chats, and the number or bullet of a list.
_EMPHASIS = Pattern(r"(?<![^\s(,，:])[*_`]{1,3}(?=[^\s*_`])|(?<=[^\s*_`])[*_`]{1,3}(?![^\s),，.;:!?])")
_BULLET = Pattern(r"\s*(?:[0-9]{1,2}(?:[)、] ?|\. ?(?=[\u4e00-\u9fff]))|[•·>]+ )(?=\D)")
# A blank between two Chinese characters that stand alone: 客 户.
_SPACED_HAN = Pattern(
    r"(?<![0-9\u3400-\u9fff])([\u3400-\u9fff]) (?=[\u3400-\u9fff](?![\u3400-\u9fff]))"
    r"|(?<=[\u3400-\u9fff] )([\u3400-\u9fff]) (?=[\u3400-\u9fff](?![\u3400-\u9fff]))"
)


def without_chat_marks(text: str) -> str:
    """Put blanks in place of formatting signs, so that every character stays where it is."""
    if ":" in text:
        text = _SHORTCODE.sub(_blanks, text)
    if "*" in text or "_" in text or "`" in text:
        text = _EMPHASIS.sub(_blanks, text)
    bullet = _BULLET.match(text)
    return text if bullet is None else " " * bullet.end() + text[bullet.end() :]


def blanks_between_han(text: str) -> set[int]:
    """Give the places of blanks between two Chinese characters that each stand alone: 客 户."""
    return {match.end() - 1 for match in _SPACED_HAN.finditer(text)}


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])
