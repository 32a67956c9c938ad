"""Whom a line speaks to, and which command word it starts with."""

import re
from collections.abc import Container

from handlers.command import Command, Registry

_MENTION = re.compile(r"^\s*(?:<@([^>|\s]{1,80})(?:\|[^>]{0,80})?>|@([\w.-]{1,80}))[\s:：,，]*", re.IGNORECASE)
_AT_BOT = re.compile(r"^([^\s@]{1,64})@\w{1,64}")


def without_address(text: str, names: Container[str]) -> tuple[str, bool]:
    """Take mention and slash off; true when the bot was spoken to (a direct chat alone is weaker: see `_fill`)."""
    words, addressed = text.strip(), False
    mention = _MENTION.match(words)
    if mention:
        addressed = (mention.group(1) or mention.group(2)).casefold() in names
        words = words[mention.end() :] if addressed or mention.group(1) else words
    if words[:1] in ("/", "!", "／", "！") and not words[1:2].isspace():
        words, addressed = words[1:], True
    at_bot = _AT_BOT.match(words)
    if at_bot and addressed:
        words = at_bot.group(1) + words[at_bot.end() :]
    return words.strip(), addressed


def command_at_start(words: str, registry: Registry) -> tuple[Command, str, bool] | None:
    """Find the longest command word at the start; Chinese ones may be glued to what follows."""
    folded = words.casefold()
    best: tuple[Command, str] | None = None
    length = 0
    for end in _word_ends(folded):
        command = registry.by_word.get(" ".join(folded[:end].split()))
        if command is not None and end > length:
            best, length = (command, words[end:].strip(" \t\n:：，,")), end
    return None if best is None else (best[0], best[1], not best[1])


def _word_ends(folded: str) -> list[int]:
    """Where a command word of up to three words, or of up to six glued Chinese characters, may end."""
    blanks = [match.start() for match in re.finditer(r"\s", folded[:80])]
    ends = {*blanks[:3], len(folded)}
    if folded[:1] > "\u2e80":
        ends.update(range(1, min(7, len(folded) + 1)))
    ends.update(match.start() for match in re.finditer(r"[:：，,]", folded[:40]))
    return sorted(ends)
