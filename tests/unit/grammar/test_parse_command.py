"""`regatta parse`: a table for people, JSON lines for scripts."""

import json
from datetime import date

import pytest

from bot.parse_command import parse, run_batch
from handlers.grammar.reading import ReadingContext

_TODAY = date(2026, 11, 24)
_US, _CHINA = ReadingContext(_TODAY, "en-US", "USD"), ReadingContext(_TODAY, "zh-CN", "CNY")
_REQUEST = {"id": "1", "text": "", "today": "2026-11-24", "region_locale": "en-US", "default_currency": "USD"}


def test_the_table_shows_which_words_filled_which_slot() -> None:
    lines = parse("deal Acme Corp 50k porposal", _US).splitlines()

    assert lines[0].split() == ["WORDS", "SLOT", "RULE", "VALUE"]
    assert [line.split("  ")[0] for line in lines[1:]] == ["Acme Corp", "50k", "porposal", "-"]
    assert "read as proposal" in lines[3]
    assert "50000 USD" in lines[2]


def test_the_columns_stand_under_each_other_beside_chinese_words() -> None:
    lines = parse("报单 华东医疗 50万", _CHINA).splitlines()

    assert lines[1].startswith("华东医疗  account")
    assert lines[2].startswith("50万      amount")


def test_the_table_ends_with_the_problem() -> None:
    assert "ambiguous: " in parse("Acme 50k 60k", _US).splitlines()[-1]


def test_json_has_amounts_without_trailing_zeros() -> None:
    answer = json.loads(parse("Acme $120,000.50", _US, as_json=True))

    assert (answer["amount"], answer["currency"], answer["close_date"]) == ("120000.5", "USD", None)


def test_known_accounts_are_the_ones_handed_in() -> None:
    assert json.loads(parse("acme 50k", _US, ["ACME"], as_json=True))["account"] == "ACME"


def test_a_batch_answers_line_by_line_in_order() -> None:
    lines = [json.dumps(_REQUEST | {"id": str(number), "text": f"Acme {number}k"}) for number in (1, 2)]

    answers = [json.loads(answer) for answer in run_batch(lines, _US)]

    assert [(answer["id"], answer["amount"]) for answer in answers] == [("1", "1000"), ("2", "2000")]
    assert list(answers[0]) == ["id", "account", "amount", "currency", "close_date", "stage", "tags", "claims"]


def test_a_faulty_deal_has_its_error_and_the_claims_that_were_made() -> None:
    answer = json.loads(next(run_batch([json.dumps(_REQUEST | {"text": "Acme -5k"})], _US)))

    assert list(answer) == ["id", "error", "message", "claims"]
    assert answer["error"] == "bad_amount"
    assert [claim["words"] for claim in answer["claims"] if claim["slot"] == "account"] == ["Acme"]


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
        json.dumps(_REQUEST | {"default_currency": "ZZZ"}),
        json.dumps(_REQUEST | {"region_locale": "german"}),
        "[" * 100000,
    ],
)
def test_a_malformed_batch_line_is_answered_not_fatal(line: str) -> None:
    assert json.loads(next(run_batch([line], _US)))["error"] == "bad_input"


def test_a_lone_surrogate_leaves_the_batch_printable() -> None:
    line = json.dumps(_REQUEST | {"text": "Acme \ud800 50k", "id": "\ud800"})

    next(run_batch([line], _US)).encode()


def test_what_a_batch_line_lacks_is_taken_from_the_command_line() -> None:
    request = {"text": "Acme 80.000 close 5/12", "today": None}

    answer = json.loads(next(run_batch([json.dumps(request)], ReadingContext(date(2027, 1, 4), "de-DE", "EUR"))))

    assert (answer["id"], answer["amount"], answer["currency"]) == (None, "80000", "EUR")
    assert answer["close_date"] == "2027-12-05"


def test_the_table_marks_what_was_assumed_and_what_was_corrected() -> None:
    lines = parse("deal Acme Corp 50k porposal", _US).splitlines()

    assert lines[2].endswith("50000 USD (USD assumed)")
    assert lines[3].endswith("proposal (corrected)")
    assert lines[4].endswith("USD (assumed)")


def test_a_name_that_is_nearly_a_known_one_offers_it() -> None:
    known = ["Globex", "Initech"]

    assert "Globx (same as Globex?)" in parse("Globx 80k", _US, known)
    assert json.loads(parse("Globx 80k", _US, known, as_json=True))["suggestions"] == ["Globex"]
    assert json.loads(parse("Globx", _US, known, as_json=True))["suggestions"] == ["Globex"], "without an amount too"
    assert "suggestions" not in json.loads(parse("globex 80k", _US, known, as_json=True))
