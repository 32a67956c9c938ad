"""Help: what somebody may ask for, in their own words."""

from dataclasses import dataclass

from models.intent import intent
from models.slots import Words
from models.text import Text


@intent("help")
@dataclass(frozen=True, slots=True)
class ShowHelp:
    """List what one can ask for, or explain one command."""

    topic: Words | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """A command as its asker may use it: the words that start it, what it does, and a line to type."""

    words: tuple[str, ...]
    summary: Text
    example: str | None
