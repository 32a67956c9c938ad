"""`regatta parse`: a table for people, JSON lines for scripts."""

import json
from datetime import date

import pytest

from bot.parse_command import parse, run_batch

_TODAY = date(2026, 11, 24)
_REQUEST = {"id": "1", "text": "", "today": "2026-11-24", "region_locale": "en-US", "default_currency": "USD"}


def test_the_table_shows_which_words_filled_which_slot() -> None:
    lines = parse("deal Acme Corp 50k porposal", _TODAY, "en-US", "USD", as_json=False).splitlines()

    assert lines[0].split() == ["WORDS", "SLOT", "RULE", "VALUE"]
    assert [line.split("  ")[0] for line in lines[1:]] == ["Acme Corp", "50k", "porposal", "-"]
    assert "read as proposal" in lines[3]
    assert "50000 USD" in lines[2]


def test_the_columns_stand_under_each_other_beside_chinese_words() -> None:
    lines = parse("报单 华东医疗 50万", _TODAY, "zh-CN", "CNY", as_json=False).splitlines()

    assert lines[1].startswith("华东医疗  account")
    assert lines[2].startswith("50万      amount")


def test_the_table_ends_with_the_problem() -> None:
    assert "ambiguous: " in parse("Acme 50k 60k", _TODAY, "en-US", "USD", as_json=False).splitlines()[-1]


def test_json_has_amounts_without_trailing_zeros() -> None:
    answer = json.loads(parse("Acme $120,000.50", _TODAY, "en-US", "USD", as_json=True))

    assert (answer["amount"], answer["currency"], answer["close_date"]) == ("120000.5", "USD", None)


def test_known_accounts_are_the_ones_handed_in() -> None:
    assert json.loads(parse("acme 50k", _TODAY, "en-US", "USD", ["ACME"], as_json=True))["account"] == "ACME"


def test_a_batch_answers_line_by_line_in_order() -> None:
    lines = [json.dumps(_REQUEST | {"id": str(number), "text": f"Acme {number}k"}) for number in (1, 2)]

    answers = [json.loads(answer) for answer in run_batch(lines)]

    assert [(answer["id"], answer["amount"]) for answer in answers] == [("1", "1000"), ("2", "2000")]
    assert list(answers[0]) == ["id", "account", "amount", "currency", "close_date", "stage", "tags", "claims"]


def test_a_faulty_deal_has_only_its_error() -> None:
    answer = json.loads(next(run_batch([json.dumps(_REQUEST | {"text": "Acme -5k"})])))

    assert set(answer) == {"id", "error", "message"}
    assert answer["error"] == "bad_amount"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        '{"id": 1}',
        json.dumps(_REQUEST | {"today": "soon"}),
        json.dumps(_REQUEST | {"text": 5}),
        json.dumps(_REQUEST | {"default_currency": "dollars"}),
        "[" * 100000,
    ],
)
def test_a_malformed_batch_line_is_answered_not_fatal(line: str) -> None:
    assert json.loads(next(run_batch([line])))["error"] == "bad_input"


def test_a_lone_surrogate_leaves_the_batch_printable() -> None:
    line = json.dumps(_REQUEST | {"text": "Acme \ud800 50k", "id": "\ud800"})

    next(run_batch([line])).encode()
