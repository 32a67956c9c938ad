"""The sample lines, each read as its record expects."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.parse_command import run_batch

_RECORDS = [json.loads(line) for line in Path(__file__).with_name("deal_samples.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("record", _RECORDS, ids=[record["id"] for record in _RECORDS])
def test_a_sample_line_is_read_as_expected(record: dict[str, Any]) -> None:
    answer = json.loads(next(run_batch([json.dumps(record)])))

    assert {key: answer.get(key) for key in record["expected"]} == record["expected"]
    assert ("error" in answer) == ("error" in record["expected"])
