"""The open corpus of typed lines is read right, and hardly ever wrong without a question."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.parse_command import as_json
from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ReadingContext
from models.cards.reading import RULES

CORPUS = Path(__file__).parents[2] / "corpus"
FIELDS = ("account", "amount", "currency", "close_date", "stage", "tags")


def lines_of(name: str) -> list[dict[str, Any]]:
    """The records of a part of the corpus."""
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def context_of(line: dict[str, Any]) -> ReadingContext:
    """The day, region and currency of a line."""
    return ReadingContext(date.fromisoformat(line["today"]), line["region_locale"], line["default_currency"])


def read(line: dict[str, Any]) -> dict[str, Any]:
    """What the reader makes of a line, in the shape of `expected`."""
    answer = as_json(read_deal(line["text"], context_of(line)))
    return {"error": answer["error"]} if "error" in answer else {field: answer[field] for field in FIELDS}


@pytest.mark.parametrize("name", ["en_open", "zh_open"])
def test_the_open_lines_are_read_as_they_are_meant(name: str) -> None:
    wrong = [(line["id"], line["text"], got) for line in lines_of(name) if (got := read(line)) != line["expected"]]
    silent = [each for each in wrong if "error" not in each[2]]

    # A sixth of the lines are stories and remarks as people tell them; most of those that fail are asked about.
    assert len(wrong) <= len(lines_of(name)) * 0.035, wrong
    assert len(silent) <= len(lines_of(name)) * 0.01, silent


def test_every_rule_that_reads_a_line_has_a_name_that_people_read() -> None:
    lines = [line for name in ("en_open", "zh_open") for line in lines_of(name)]
    rules = {claim.rule for line in lines for claim in read_deal(line["text"], context_of(line)).claims}

    assert rules - RULES.keys() == set()
