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
from handlers.grammar import date_phrases_zh
from handlers.grammar.patterns import Pattern
from tests.unit.grammar.made_up import PARSER, texts_for

ROOT = Path(__file__).parents[3]
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

    assert [pattern for pattern in found if runs_away(PARSER.parse(pattern))] == []


def test_the_check_finds_what_runs_away() -> None:
    assert runs_away(PARSER.parse(r"(?:a+ ?)+b"))
    assert runs_away(PARSER.parse(r"((x|[a-z]*)y)*"))
    assert not runs_away(PARSER.parse(r"[a-z]+ [0-9]{1,4}(?: [a-z]{1,8}){0,3}"))


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

    assert [
        (pattern.pattern, text)
        for pattern in needy
        if pattern.needs != ("",)
        for text in texts_for(pattern.pattern, pattern.flags, 50)
        if pattern.search(text) and not pattern.could_be_in(text)
    ] == []


def test_a_chinese_date_has_the_characters_that_its_rule_needs() -> None:
    found = [
        (name, {needed, beside}, match[0])
        for name, needed, beside, pattern, _ in date_phrases_zh._RULES
        for text in texts_for(pattern.pattern, 0, 100)
        for match in pattern.each(text)
    ]

    assert {name for name, *_ in found} == {name for name, *_ in date_phrases_zh._RULES}
    assert [(name, words) for name, needs, words in found if any(need.isdisjoint(words) for need in needs)] == []


def test_a_pattern_has_no_other_attributes() -> None:
    assert not hasattr(Pattern("a"), "serach")


READ = """
from datetime import date
from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ReadingContext
read_deal({line!r}, ReadingContext(date(2026, 11, 25), {locale!r}, "USD"))
"""
WARM = """
from handlers.grammar.warming import warm
warm({locale!r})
"""
COMPILED = """
from handlers.grammar.patterns import Pattern
from tests.unit.grammar.test_patterns import MODULES, patterns_in
for module in MODULES:
    for pattern in (found for value in vars(module).values() for found in patterns_in(value)):
        if isinstance(pattern, Pattern) and pattern.compiled:
            print(module.__name__.rsplit(".", 1)[-1])
"""


def compiled_after(script: str) -> set[str]:
    """The modules of which a pattern is compiled once a fresh interpreter has run a script."""
    run = [sys.executable, "-c", script + COMPILED]
    return set(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def test_the_patterns_of_a_language_wait_for_a_line_in_it() -> None:
    english = READ.format(line="Globex Motors 80k USD close next Tuesday won #expansion", locale="en-US")
    chinese = READ.format(line="苏州精工 75万 下周三 合同", locale="zh-CN")

    assert {"spelled_days_en", "date_phrases_zh", "counted_zh", "tellings_zh"} & compiled_after(english) == {
        "spelled_days_en"
    }
    assert {"spelled_days_en", "date_phrases_zh"} & compiled_after(chinese) == {"date_phrases_zh"}


@pytest.mark.parametrize(
    ("locale", "language", "other"),
    [("en-GB", "en", "counted_zh"), ("de-DE", "en", "counted_zh"), ("zh-TW", "zh", "spelled_days_en")],
)
def test_warming_compiles_the_patterns_of_one_language(locale: str, language: str, other: str) -> None:
    compiled = compiled_after(WARM.format(locale=locale))

    assert {f"date_phrases_{language}", f"tellings_{language}", "amounts", "one_amount", "stages", "fields"} <= compiled
    assert other not in compiled
