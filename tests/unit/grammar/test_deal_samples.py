"""The sample lines, each read as its record expects."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.parse_command import run_batch
from handlers.grammar.reading import ReadingContext

_RECORDS = [json.loads(line) for line in Path(__file__).with_name("deal_samples.jsonl").read_text("utf-8").splitlines()]
_CONTEXT = ReadingContext(date(2026, 11, 24), "en-US", "USD")


@pytest.mark.parametrize("record", _RECORDS, ids=[record["id"] for record in _RECORDS])
def test_a_sample_line_is_read_as_expected(record: dict[str, Any]) -> None:
    answer = json.loads(next(run_batch([json.dumps(record)], _CONTEXT)))

    assert {key: answer.get(key) for key in record["expected"]} == record["expected"]
    assert ("error" in answer) == ("error" in record["expected"])
