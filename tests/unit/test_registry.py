"""The registry: nothing starts without a permission, and the generated page is true."""

from dataclasses import dataclass
from types import ModuleType

import pytest
from sqlmodel import SQLModel

from bot.registry import HANDLERS, registry
from handlers.command import ANYONE, NOTHING_PERSONAL, IncompleteCommandError, Registry, Scope, command
from models.context import Asked, Reply
from models.help import ShowHelp
from models.intent import intents
from models.text import Text
from tests.tools.commands_page import PAGE, page


def declaring(**changes: object) -> ModuleType:
    """A module that declares one command."""
    module = ModuleType("example")
    facts = {
        "requires": ANYONE, "scope": Scope.SELF, "audit": "x", "summary": Text("x"), "personal": NOTHING_PERSONAL,
    } | changes  # fmt: skip

    @command(ShowHelp, **facts)  # type: ignore[arg-type]
    def handler(asked: Asked, wanted: ShowHelp) -> Reply:
        raise NotImplementedError

    module.handler = handler  # type: ignore[attr-defined]
    return module


def test_the_page_of_commands_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.tools.commands_page"


def test_a_command_without_a_permission_stops_the_start() -> None:
    with pytest.raises(IncompleteCommandError, match="no permission"):
        Registry.of([declaring(requires=frozenset())], [])


def test_an_intent_without_a_command_stops_the_start() -> None:
    @dataclass(frozen=True)
    class Orphan:
        intent_name = "orphan"

    with pytest.raises(IncompleteCommandError, match="orphan"):
        Registry.of(HANDLERS, [*intents(), Orphan])


def test_a_word_belongs_to_one_command_only() -> None:
    with pytest.raises(IncompleteCommandError, match="two commands"):
        Registry.of([*HANDLERS, declaring(en=("deal",))], [])


def test_every_command_says_what_it_writes_about_people_in_columns_that_exist() -> None:
    columns = {f"{table.name}.{column.name}" for table in SQLModel.metadata.sorted_tables for column in table.columns}

    for declared in registry().commands:
        assert set(declared.personal.fields) <= columns, declared.name
        assert declared.requires
        assert declared.audit


def test_every_command_that_can_be_typed_has_words_in_both_languages_and_an_example() -> None:
    for declared in registry().commands:
        assert bool(declared.words["en"]) == bool(declared.words["zh"]), declared.name
        if declared.words["en"]:
            assert declared.example is not None, declared.name
