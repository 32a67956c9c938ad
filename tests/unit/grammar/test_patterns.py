"""No pattern of the grammar can run away: none repeats without bound what itself repeats without bound."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest

import handlers.grammar

_PARSER: Any = re._parser  # type: ignore[attr-defined]
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}
_MANY = 40
"""A repetition that may go on for longer than this counts as one without bound."""


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """The compiled patterns of a value, inside tables too."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from (found for each in value.values() for found in patterns_in(each))
    elif isinstance(value, (tuple, list, frozenset)):
        yield from (found for each in value for found in patterns_in(each))


def runs_away(tree: Any, *, inside: bool = False) -> bool:
    """Whether an unbounded repetition holds another one."""
    for operation, argument in tree:
        name = str(operation)
        if name in _REPEATS:
            _, most, body = argument
            unbounded = most > _MANY
            if (unbounded and inside) or runs_away(body, inside=inside or unbounded):
                return True
        elif any(runs_away(part, inside=inside) for part in _parts(name, argument)):
            return True
    return False


def _parts(name: str, argument: Any) -> list[Any]:
    if name == "BRANCH":
        return list(argument[1])
    if name == "SUBPATTERN":
        return [argument[-1]]
    if name in {"ASSERT", "ASSERT_NOT"}:
        return [argument[1]]
    return [argument] if name == "ATOMIC_GROUP" else []


MODULES = [
    importlib.import_module(f"handlers.grammar.{module.name}")
    for module in pkgutil.iter_modules(handlers.grammar.__path__)
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_no_pattern_repeats_a_repetition(module: ModuleType) -> None:
    found = {pattern.pattern for value in vars(module).values() for pattern in patterns_in(value)}

    assert [pattern for pattern in found if runs_away(_PARSER.parse(pattern))] == []


def test_the_check_finds_what_runs_away() -> None:
    assert runs_away(_PARSER.parse(r"(?:a+ ?)+b"))
    assert runs_away(_PARSER.parse(r"((x|[a-z]*)y)*"))
    assert not runs_away(_PARSER.parse(r"[a-z]+ [0-9]{1,4}(?: [a-z]{1,8}){0,3}"))
