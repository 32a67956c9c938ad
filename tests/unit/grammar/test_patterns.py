"""No pattern of the grammar can run away: none repeats without bound what itself repeats without bound."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import handlers.grammar
from handlers.grammar.patterns import Pattern
from tests.unit.grammar.test_corpus import lines_of

ROOT = Path(__file__).parents[3]
_PARSER: Any = re._parser  # type: ignore[attr-defined]
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}
_MANY = 40
"""A repetition that may go on for longer than this counts as one without bound."""


def patterns_in(value: object) -> Iterator[Pattern | re.Pattern[str]]:
    """The patterns of a value, inside tables too."""
    if isinstance(value, (Pattern, re.Pattern)):
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


def test_a_pattern_is_compiled_once_and_only_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile

    def counting(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    pattern = Pattern("(?P<day>[0-9]+)th", re.IGNORECASE)
    monkeypatch.setattr(re, "compile", counting)
    assert (compiled, pattern.compiled) == ([], None)

    assert [match["day"] for match in pattern.finditer("5th or 6TH")] == ["5", "6"]
    assert pattern.search("5th")
    assert pattern.fullmatch("5th 6th") is None
    assert pattern.sub("", "on 5th") == "on "
    assert compiled == ["(?P<day>[0-9]+)th"]


def test_a_pattern_is_not_tried_on_a_text_without_what_it_needs() -> None:
    pattern = Pattern("[0-9]+(?:th|st)", needs=("th", "st"))

    assert list(pattern.each("5 Dec")) == []
    assert pattern.compiled is None
    assert [match[0] for match in pattern.each("5th, 1st")] == ["5th", "1st"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_a_pattern_finds_nothing_without_what_it_needs(module: ModuleType) -> None:
    needy = [found for value in vars(module).values() for found in patterns_in(value) if isinstance(found, Pattern)]
    needy = [pattern for pattern in needy if pattern.needs != ("",)]
    texts = [
        form(line["text"]) for name in ("en_open", "zh_open") for line in lines_of(name) for form in (str, str.lower)
    ]

    assert [
        (pattern.pattern, text)
        for pattern in needy
        for text in texts
        if pattern.search(text) and not list(pattern.each(text))
    ] == []


def test_a_pattern_has_no_other_attributes() -> None:
    assert not hasattr(Pattern("a"), "serach")


COMPILED = """
import importlib, pkgutil, sys
from datetime import date
import handlers.grammar
from handlers.grammar.deal_line import DEAL_SLOTS
from handlers.grammar.line import read_line
from handlers.grammar.reading import ReadingContext
from tests.unit.grammar.test_patterns import MODULES, patterns_in

locale, text = sys.argv[1:]
read_line(text, DEAL_SLOTS, ("account", "amount"), ReadingContext(date(2026, 11, 25), locale, "USD"))
print(*sorted({
    module.__name__.rsplit(".", 1)[-1]
    for module in MODULES
    for value in vars(module).values()
    for pattern in patterns_in(value)
    if getattr(pattern, "compiled", None)
}))
"""


def compiled_after(locale: str, text: str) -> set[str]:
    """The modules of which a pattern is compiled once a fresh interpreter has read a line."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILED, locale, text], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_the_patterns_of_a_language_wait_for_a_line_in_it() -> None:
    english = compiled_after("en-US", "Globex Motors 80k USD close next Tuesday won #expansion")
    chinese = compiled_after("zh-CN", "苏州精工 75万 下周三 合同")

    assert "spelled_days_en" in english - chinese
    assert "date_phrases_zh" in chinese - english
    assert {"tellings_zh", "counted_zh"} & english == set()
