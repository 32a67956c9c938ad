"""The bot's command menus: what may be set, and who sees which."""

import pytest
from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)

from tests.contract.peers.ptb import refusal
from tests.peers.telegram import TelegramPeer


async def test_a_menu_is_the_narrowest_one_in_the_reader_s_language(telegram: TelegramPeer, ptb: Bot) -> None:
    north, ben = telegram.chat("North"), telegram.user("Ben")

    async def set_menu(words: str, scope: BotCommandScope | None = None, language: str | None = None) -> list[str]:
        await ptb.set_my_commands([("deal", words)], scope=scope, language_code=language)
        return [telegram.commands_for(who, where)["deal"] for who, where in (
            ("Ann", telegram.direct("Ann")), ("Ann", north), (ben, north), ("Olga", north))]  # fmt: skip

    assert telegram.commands_for("Ann", north) == {}
    assert await set_menu("all") == ["all"] * 4
    assert await set_menu("zh", language="zh") == ["zh", "zh", "all", "all"]
    assert await set_menu("private", BotCommandScopeAllPrivateChats()) == ["private", "zh", "all", "all"]
    assert await set_menu("groups", BotCommandScopeAllGroupChats()) == ["private", *["groups"] * 3]
    assert (await set_menu("admins", BotCommandScopeAllChatAdministrators()))[2:] == ["groups", "admins"]
    assert (await set_menu("here", BotCommandScopeChat(north.id)))[1:] == ["here"] * 3
    assert (await set_menu("chiefs", BotCommandScopeChatAdministrators(north.id)))[1:] == ["here", "here", "chiefs"]
    assert (await set_menu("ben", BotCommandScopeChatMember(north.id, ben.id)))[1:] == ["here", "ben", "chiefs"]
    assert (await set_menu("ben zh", BotCommandScopeChatMember(north.id, ben.id), "zh"))[2] == "ben"


async def test_a_menu_can_be_read_and_taken_away(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.set_my_commands([("deal", "Report a deal"), ("help", "Help")])
    read = await ptb.get_my_commands()
    other = await ptb.get_my_commands(language_code="zh")
    await ptb.delete_my_commands()

    assert [(command.command, command.description) for command in read] == [("deal", "Report a deal"), ("help", "Help")]
    assert (other, telegram.commands_for("Ann", "North")) == ((), {})


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([("Deal", "x")], "Bot_command_invalid"),
        ([("报单", "x")], "Bot_command_invalid"),
        ([("a" * 33, "x")], "Bot_command_invalid"),
        ([("deal", " ")], "Command description must be non-empty"),
        ([("deal", "x" * 257)], "Bot_command_description_invalid"),
        ([(f"c{number}", "x") for number in range(101)], "Bot_commands_too_much"),
    ],
)
async def test_a_menu_that_telegram_refuses(
    telegram: TelegramPeer, ptb: Bot, commands: list[tuple[str, str]], words: str
) -> None:
    assert await refusal(ptb.set_my_commands([("help", "Help"), *commands][-101:])) == words
    assert telegram.commands_for("Ann", "North") == {}
