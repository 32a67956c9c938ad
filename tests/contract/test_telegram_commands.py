"""The menu of commands: what is printed for @BotFather is what the bot sets, and every line of it can be sent."""

from pathlib import Path

import pytest

from bot.language import LANGUAGES
from bot.platforms.telegram.menu import menu
from bot.registry import registry
from tests.contract.test_start import regatta
from tests.stages.telegram import TelegramStage


def printed(*options: str) -> list[str]:
    """What the command line prints."""
    told = regatta("telegram", "commands", *options)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


async def test_the_list_for_botfather_is_the_menu_that_the_bot_sets(template: Path, tmp_path: Path) -> None:
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as stage:
        await stage.peer.world.eventually(lambda: ("default", "zh") in stage.peer.world.commands)
        told = {language: stage.peer.world.commands["default", language] for language in ("", "zh")}

    for language, commands in (("en", told[""]), ("zh", told["zh"])):
        assert printed("--language", language) == [f"{one['command']} - {one['description']}" for one in commands]
    assert [line for line in printed() if line.startswith("# ")] == [f"# {language}" for language in LANGUAGES]


def test_a_language_that_there_is_not_is_wrong_usage() -> None:
    told = regatta("telegram", "commands", "--language", "de")

    assert (told.returncode, "there is: en, zh" in told.stderr) == (2, True)


def test_every_command_has_a_line() -> None:
    with_words = [command for command in registry().commands if command.words["en"]]

    assert len(menu(registry().commands, "en")) == len(with_words)
    assert "policy_new" in {one.command for one in menu(registry().commands, "en")}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_descriptions_are_of_their_language(language: str) -> None:
    is_chinese = [
        any("\u4e00" <= each <= "\u9fff" for each in one.description) for one in menu(registry().commands, language)
    ]

    assert all(is_chinese) if language == "zh" else not any(is_chinese)


async def test_a_command_of_two_words_is_written_with_an_underscore(template: Path, tmp_path: Path) -> None:
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as stage:
        (form,) = await stage.say("amara-okafor", "/policy_new")

    assert form["form"] is not None
