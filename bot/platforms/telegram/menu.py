"""The menu of commands that Telegram shows beside the input, in each language, made from the registry.

core.telegram.org/bots/api#setmycommands: names are lower-case Latin letters, digits and underscores, at most 32; a
description has 1 to 256 characters; at most 100 commands.
"""

import re
from collections.abc import Iterable

from telegram import Bot, BotCommand

from bot.language import LANGUAGES, Reader, plain
from handlers.command import Command

MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")


def menu(commands: Iterable[Command], language: str) -> list[BotCommand]:
    """The commands that can be written with a slash, with what they do in a language."""
    found = [
        (word, plain(command.summary, Reader(language))[:LONGEST_DESCRIPTION])
        for command in commands
        for word in command.words["en"][:1]
    ]
    return [BotCommand(word, what) for word, what in found if what and _NAME.fullmatch(word)][:MOST_COMMANDS]


async def set_menu(bot: Bot, commands: Iterable[Command]) -> None:
    """Let every reader see the menu in their language, and in English where that is not known; raise TelegramError."""
    every = tuple(commands)
    await bot.set_my_commands(menu(every, "en"))
    for language in LANGUAGES:
        if language != "en":
            await bot.set_my_commands(menu(every, language), language_code=language)
