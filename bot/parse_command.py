"""What `regatta parse` says about a deal line: a table, a JSON object, or one JSON line per line of a batch."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import Problem, Reading, ReadingContext
from models.claims import Claim
from models.money import Money

_HEADINGS = ("WORDS", "SLOT", "RULE", "VALUE")
_WIDEST = 48
_MESSAGES = {
    "bad_amount": "The amount cannot be read as a positive number up to 1,000,000,000,000.",
    "bad_date": "There is no such date.",
    "bad_value": "This value cannot be read.",
    "ambiguous": "There is more than one way to read this.",
    "missing_amount": "The amount is missing.",
    "missing_account": "The account is missing.",
    "missing": "Something is missing.",
}


def parse(
    text: str, today: date, locale: str, currency: str, accounts: Sequence[str] = (), *, as_json: bool = False
) -> str:
    """Say what a deal line means, as a table or as one JSON object."""
    reading = read_deal(text, ReadingContext(today, locale, currency, accounts=tuple(accounts)))
    return _json_text(reading) if as_json else explain(reading)


def run_batch(lines: Iterable[str], accounts: Sequence[str] = ()) -> Iterator[str]:
    """Answer each JSON line with one JSON line, in order; a line that is no request is answered `bad_input`."""
    known = tuple(accounts)
    for line in lines:
        if line.strip():
            yield _dump(_answer(line, known))


def explain(reading: Reading) -> str:
    """Lay out which words filled which slot, by which rule, with which value."""
    rows = [_HEADINGS, *(_row(claim) for claim in reading.claims)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if reading.problem is not None:
        lines += ["", f"{reading.problem.code}: {_message(reading.problem)}"]
    return "\n".join(lines)


def as_json(reading: Reading) -> dict[str, Any]:
    """Give the reading in the shape of the batch, without the id."""
    if reading.problem is not None:
        return {"error": str(reading.problem.code), "message": _message(reading.problem)}
    values = reading.values
    amount, close = values.get("amount"), values.get("close")
    tags = values.get("tags", ())
    return {
        "account": values.get("account"),
        "amount": amount_text(amount) if isinstance(amount, Money) else None,
        "currency": amount.currency if isinstance(amount, Money) else None,
        "close_date": close.isoformat() if isinstance(close, date) else None,
        "stage": str(values["stage"]) if "stage" in values else None,
        "tags": list(tags) if isinstance(tags, tuple) else [],
        "claims": [_claim(claim) for claim in reading.claims],
    }


def amount_text(money: Money) -> str:
    """Write major units without trailing zeros or exponent: 120000, 120000.5."""
    text = f"{money.major:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _json_text(reading: Reading) -> str:
    return _dump(as_json(reading))


def _dump(answer: dict[str, Any]) -> str:
    """Write one line that every terminal and file can take, lone surrogates included."""
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(answer)
    return line


def _answer(line: str, accounts: Sequence[str]) -> dict[str, Any]:
    try:
        request: Any = json.loads(line)
    except (ValueError, RecursionError):
        return _refusal(None, "The line is not JSON.")
    if not isinstance(request, Mapping):
        return _refusal(None, "The line is not a JSON object.")
    known_id = request.get("id")
    wrong = [
        key for key in ("text", "today", "region_locale", "default_currency") if not isinstance(request.get(key), str)
    ]
    if wrong:
        return _refusal(known_id, f"These must be text: {', '.join(wrong)}.")
    try:
        today = date.fromisoformat(request["today"])
    except ValueError:
        return _refusal(known_id, "today must be a date such as 2026-11-24.")
    currency = request["default_currency"].strip().upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 ISO 4217
        return _refusal(known_id, "default_currency must be an ISO 4217 code.")
    context = ReadingContext(today, request["region_locale"], currency, accounts=accounts)
    return {"id": known_id, **as_json(read_deal(request["text"], context))}


def _refusal(known_id: object, message: str) -> dict[str, Any]:
    return {"id": known_id, "error": "bad_input", "message": message}


def _message(problem: Problem) -> str:
    text = _MESSAGES[problem.code]
    readings = ", ".join(_value(reading) for reading in problem.readings)
    return " ".join(part for part in (text, f"“{problem.words}”" if problem.words else "", readings) if part)


def _claim(claim: Claim) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "slot": claim.slot,
        "rule": claim.rule,
        "words": claim.words,
        "start": claim.start,
        "end": claim.end,
        "value": _value(claim.value),
    }
    if claim.assumed:
        shown["assumed"] = True
    if claim.corrected is not None:
        shown["corrected"] = claim.corrected
    return shown


def _row(claim: Claim) -> tuple[str, str, str, str]:
    rule = f"{claim.rule}, read as {claim.corrected}" if claim.corrected else claim.rule
    return claim.words.replace("\n", " ") or "-", claim.slot, rule, _value(claim.value)


def _value(value: object) -> str:
    if value is None:
        return "?"
    if isinstance(value, Money):
        return f"{amount_text(value)} {value.currency}"
    if isinstance(value, Fraction):
        return f"{float(value * 100):g} %"
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    return str(value)


def _width(text: str) -> int:
    """Count the terminal columns: Chinese characters take two."""
    shown = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return min(shown, _WIDEST)


def _padded(text: str, width: int) -> str:
    while sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text) > width and len(text) > 1:
        text = text[:-2] + "…"
    return text + " " * (width - _width(text))
