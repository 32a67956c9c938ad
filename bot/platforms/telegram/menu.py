"""The menu of commands that Telegram shows beside the input, in each language, made from the registry.

core.telegram.org/bots/api#setmycommands: names are lower-case Latin letters, digits and underscores, at most 32; a
description has 1 to 256 characters; at most 100 commands.
"""

import re
from collections.abc import Iterable, Sequence

from telegram import Bot, BotCommand

from bot.language import LANGUAGES, Reader, plain
from handlers.command import Command

MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")


def menu(commands: Iterable[Command], language: str) -> list[BotCommand]:
    """The commands that can be written with a slash, with what they do in a language."""
    found: dict[str, str] = {}
    for command in commands:
        name, what = _name(command.words["en"]), plain(command.summary, Reader(language))[:LONGEST_DESCRIPTION]
        if name is not None and what:
            found.setdefault(name, what)
    return [BotCommand(name, what) for name, what in found.items()][:MOST_COMMANDS]


def _name(words: Sequence[str]) -> str | None:
    """The first word that stands alone, else the first words with `_` for the space between: `/policy_new`."""
    alone = [word for word in words if _NAME.fullmatch(word)]
    joined = [word.replace(" ", "_") for word in words if _NAME.fullmatch(word.replace(" ", "_"))]
    return next(iter([*alone, *joined]), None)


def listed(commands: Iterable[Command], language: str) -> str:
    """The menu as @BotFather's /setcommands takes it: a line a command."""
    return "\n".join(f"{each.command} - {each.description}" for each in menu(commands, language))


async def set_menu(bot: Bot, commands: Iterable[Command]) -> None:
    """Let every reader see the menu in their language, and in English where that is not known; raise TelegramError."""
    every = tuple(commands)
    await bot.set_my_commands(menu(every, "en"))
    for language in LANGUAGES:
        if language != "en":
            await bot.set_my_commands(menu(every, language), language_code=language)
