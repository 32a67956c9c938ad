"""Literals: words that stay what they are where a chat makes links and mentions of what looks like one."""

import re

JOINER = "\u2060"
"""Nobody sees it, and what it stands in comes not alive: a word joiner."""

_ALIVE = re.compile(
    r"(?<=[@#$])(?=\w)"  # mentions, hashtags, cashtags
    r"|(?<=/)(?=\w)(?<!\d/(?=\d))"  # commands; a date keeps its strokes
    r"|(?<=[\w-][.])(?=[^\W\d])"  # domains; an amount keeps its point
    r"|(?<=[Ww]{3}[.])(?=\S)"
    r"|(?<=:)(?=//)"
)
_DROPPED = re.compile("[\r\u2028-\u202e]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f]")
_HALVES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """A text without controls, which nobody sees and JSON writes as six characters each, and halves of a character."""
    return _HALVES.sub("\ufffd", _CONTROLS.sub(" ", text))


def kept(text: str) -> str:
    """A text that can be printed, in one direction and without tabs."""
    return printable(_DROPPED.sub("", text)).replace("\t", " ")


def stilled(text: str) -> str:
    """Words in which nothing comes alive."""
    return _ALIVE.sub(JOINER, text)
