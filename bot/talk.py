"""Talk between people that begins like a command, in a channel or below a card, where nobody spoke to the bot."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from handlers.command import Command
from handlers.grammar.reading import Reading
from models.deals import LogDeal
from models.intent import Draft, SlotField

_GOES_ON = frozenset({"with", "of", "is", "was", "are", "me", "us", "them", "breaker", "or", "but", "and", "then"})


class Below(Protocol):
    """What is known of who speaks below a card: what it is about, and whether a request waits for them."""

    @property
    def subject(self) -> Mapping[str, str | int]: ...
    @property
    def decides(self) -> Callable[[str], bool]: ...


def is_small_talk(command: Command, words: str, rest: str) -> bool:
    """Whether words to nobody only begin like a command: hello; deal with it; the word deal alone."""
    if words.casefold() in command.shy:
        return True
    return command.intent is LogDeal and (not rest or rest.split(maxsplit=1)[0].casefold() in _GOES_ON)


def is_aside(fields: Sequence[SlotField], reading: Reading, draft: Draft, speaker: Below, *, exact: bool) -> bool:
    """Whether words in a thread only begin like its card's command.

    They lack what the card does not say; or a sentence begins like a decision where none waits for the speaker.
    """
    kinds = {field.slot.kind for field in fields}
    if draft.missing and kinds.isdisjoint(speaker.subject):
        return True
    request = speaker.subject.get("request")
    if exact or request is None or "request" not in kinds or "request" in reading.values:
        return False
    return not speaker.decides(str(request))
