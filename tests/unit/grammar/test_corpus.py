"""The open corpus of typed lines is read right, and hardly ever wrong without a question."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.parse_command import as_json
from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ReadingContext

CORPUS = Path(__file__).parents[2] / "corpus"
FIELDS = ("account", "amount", "currency", "close_date", "stage", "tags")


def lines_of(name: str) -> list[dict[str, Any]]:
    """The records of a part of the corpus."""
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def read(line: dict[str, Any]) -> dict[str, Any]:
    """What the reader makes of a line, in the shape of `expected`."""
    context = ReadingContext(date.fromisoformat(line["today"]), line["region_locale"], line["default_currency"])
    answer = as_json(read_deal(line["text"], context))
    return {"error": answer["error"]} if "error" in answer else {field: answer[field] for field in FIELDS}


@pytest.mark.parametrize("name", ["en_open", "zh_open"])
def test_the_open_lines_are_read_as_they_are_meant(name: str) -> None:
    wrong = [(line["id"], line["text"], got) for line in lines_of(name) if (got := read(line)) != line["expected"]]
    silent = [each for each in wrong if "error" not in each[2]]

    assert len(wrong) <= len(lines_of(name)) * 0.02, wrong
    assert len(silent) <= len(lines_of(name)) * 0.01, silent
