"""What `regatta parse` says about a deal line: a table, a JSON object, or one JSON line per line of a batch."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import parse_locale
from babel.numbers import list_currencies

from handlers.grammar.deal_line import read_deal
from handlers.grammar.names import suggest_names
from handlers.grammar.reading import Problem, Reading, ReadingContext
from models.claims import Claim
from models.money import Money

_HEADINGS = ("WORDS", "SLOT", "RULE", "VALUE")
_KEYS = ("text", "today", "region_locale", "default_currency")
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


def parse(text: str, context: ReadingContext, names: Sequence[str] = (), *, as_json: bool = False) -> str:
    """Say what a deal line means, as a table or as one JSON object; `names` are the accounts that are known."""
    reading = read_deal(text, replace(context, accounts=names))
    return _dump(_with_suggestions(reading, names)) if as_json else explain(reading, names)


def run_batch(lines: Iterable[str], context: ReadingContext, names: Sequence[str] = ()) -> Iterator[str]:
    """Answer each JSON line with one JSON line, in order; a line that is no request is answered `bad_input`.

    Where a line lacks its day, locale or currency, those of `context` stand.
    """
    known = replace(context, accounts=names)
    for line in lines:
        if line.strip():
            yield _dump(_answer(line, known, names))


def locale_of(text: str) -> str:
    """Give a locale such as `de-AT`; raise ValueError unless its language is known."""
    try:
        Locale.parse(parse_locale(text.strip().replace("_", "-"), sep="-")[0])
    except (ValueError, UnknownLocaleError) as error:
        msg = f"“{text}” is not a locale; write a language and a country, like en-US or zh-CN."
        raise ValueError(msg) from error
    return text.strip()


def currency_of(text: str) -> str:
    """Give a currency's code in capitals; raise ValueError unless ISO 4217 has or had it."""
    code = text.strip().upper()
    if code not in _currencies():
        msg = f"“{text}” is not a currency; write its code of ISO 4217, like USD or CNY."
        raise ValueError(msg)
    return code


def explain(reading: Reading, names: Sequence[str] = ()) -> str:
    """Lay out which words filled which slot, by which rule, with which value, and what of it was not typed so."""
    near = _suggestions(reading, names)
    rows = [_HEADINGS, *(_row(claim, near) for claim in reading.claims)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if reading.problem is not None:
        lines += ["", f"{reading.problem.code}: {_message(reading.problem)}"]
    return "\n".join(lines)


def as_json(reading: Reading) -> dict[str, Any]:
    """Give the reading in the shape of the batch, without the id."""
    claims = [_claim(claim) for claim in reading.claims]
    if reading.problem is not None:
        return {"error": str(reading.problem.code), "message": _message(reading.problem), "claims": claims}
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
        "claims": claims,
    }


def amount_text(money: Money) -> str:
    """Write major units without trailing zeros or exponent: 120000, 120000.5."""
    text = f"{money.major:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _with_suggestions(reading: Reading, names: Sequence[str]) -> dict[str, Any]:
    near = _suggestions(reading, names)
    return as_json(reading) | ({"suggestions": list(near)} if near else {})


def _suggestions(reading: Reading, names: Sequence[str]) -> tuple[str, ...]:
    """Known accounts that the account of a line resembles; none for one that is known itself."""
    account = reading.values.get("account")
    if not isinstance(account, str) or account.lower() in (name.lower() for name in names):
        return ()
    return suggest_names(account, names)


def _dump(answer: dict[str, Any]) -> str:
    """Write one line that every terminal and file can take, lone surrogates included."""
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(answer)
    return line


def _answer(line: str, context: ReadingContext, names: Sequence[str]) -> dict[str, Any]:
    try:
        request: Any = json.loads(line)
    except (ValueError, RecursionError):
        return _refusal(None, "The line is not JSON.")
    if not isinstance(request, Mapping):
        return _refusal(None, "The line is not a JSON object.")
    known_id = request.get("id")
    given = {"text": ""} | {key: request[key] for key in _KEYS if request.get(key) is not None}
    wrong = [key for key, value in given.items() if not isinstance(value, str)]
    wrong += ["text"] if request.get("text") is None else []
    if wrong:
        return _refusal(known_id, f"These must be text: {', '.join(wrong)}.")
    try:
        context = _context(given, context)
    except ValueError as error:
        return _refusal(known_id, str(error))
    return {"id": known_id, **_with_suggestions(read_deal(given["text"], context), names)}


def _context(given: Mapping[str, str], context: ReadingContext) -> ReadingContext:
    """Take over what a request says of its day and place; raise ValueError with a sentence for the asker."""
    if "today" in given:
        try:
            context = replace(context, today=date.fromisoformat(given["today"]))
        except ValueError as error:
            msg = "today must be a date such as 2026-11-24."
            raise ValueError(msg) from error
    if "region_locale" in given:
        context = replace(context, locale=locale_of(given["region_locale"]))
    if "default_currency" in given:
        context = replace(context, currency=currency_of(given["default_currency"]))
    return context


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


def _row(claim: Claim, near: Sequence[str]) -> tuple[str, str, str, str]:
    rule = f"{claim.rule}, read as {claim.corrected}" if claim.corrected else claim.rule
    marks = [f"same as {' or '.join(near)}?"] if near and claim.slot == "account" else []
    marks += ["corrected"] if claim.corrected else []
    if claim.assumed:
        marks.append(f"{claim.value.currency} assumed" if isinstance(claim.value, Money) else "assumed")
    value = f"{_value(claim.value)} ({', '.join(marks)})" if marks else _value(claim.value)
    return claim.words.replace("\n", " ") or "-", claim.slot, rule, value


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
