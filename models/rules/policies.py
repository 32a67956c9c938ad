"""Which language a policy is written in, and which one its readers miss."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+")


def written_in(words: str) -> str:
    """Say whether words are Chinese (`zh`) or not (`en`): more Chinese characters than other words."""
    return "zh" if len(_HAN.findall(words)) > len(_WORD.findall(words)) else "en"


def language_shown(reader: str, written: str, *, has_chinese: bool) -> str:
    """The language that a reader gets: their own where it exists, else the one that the policy was written in."""
    return "zh" if reader == "zh" and has_chinese else written


def language_missing(written: str, *, has_chinese: bool) -> str | None:
    """The one of the two languages in which there is nothing to read; none when both are there."""
    if written == "zh":
        return "en"
    return None if has_chinese else "zh"
