"""Literals: words that stay what they are where a chat makes links and mentions of what looks like one."""

import re

JOINER = "\u2060"
"""Nobody sees it, and what it stands in comes not alive: a word joiner."""

_ALIVE = re.compile(
    r"(?<=[@#$])(?=\w)"  # mentions, hashtags, cashtags
    r"|(?<=/)(?=\w)(?<!\d/(?=\d))"  # commands; a date keeps its strokes
    r"|(?<=\w[.])(?=[^\W\d])"  # domains; an amount keeps its point
    r"|(?<=:)(?=//)"
)
_DROPPED = re.compile("[\r\u2028-\u202e]")
_SPACES = re.compile("[\x00-\x09\x0b-\x1f]")
_HALVES = re.compile("[\ud800-\udfff]")


def kept(text: str) -> str:
    """A text without what turns its direction, without controls and halves of a character."""
    return _HALVES.sub("\ufffd", _SPACES.sub(" ", _DROPPED.sub("", text)))


def stilled(text: str) -> str:
    """Words in which nothing comes alive."""
    return _ALIVE.sub(JOINER, text)
