"""Tell a change of the configuration as one line of a terminal."""

import json
from datetime import time
from typing import Any

from sqlmodel import SQLModel

from models.codec import of_json
from models.configuring import TARGET_SPLIT, YEARLY_TARGET, ConfigChange, key_of, table_of
from models.money import Money


def told(change: ConfigChange) -> str:
    """`+ region nordics`, `~ region de: opens 09:00 -> 08:00`, `- team de-3`."""
    name = f"{change.kind} {'/'.join(str(part) for part in of_json(json.loads(change.key)))}"
    before, after = _facts(change.before), _facts(change.after)
    if change.kind == TARGET_SPLIT:
        return f"~ {name}: split anew"
    if change.kind == YEARLY_TARGET:
        return f"~ {name}: {_amount(before)} -> {_amount(after)}"
    if before is None:
        return f"+ {name}"
    if after is None:
        return f"- {name}"
    parts = (
        f"{key} {_word(before.get(key))} -> {_word(value)}" for key, value in after.items() if value != before.get(key)
    )
    return f"~ {name}: {', '.join(parts)}"


def named(row: SQLModel) -> str:
    """A row by its kind and key."""
    return f"{table_of(type(row)).name} {'/'.join(str(part) for part in key_of(row))}"


def _facts(text: str | None) -> dict[str, Any] | None:
    facts: dict[str, Any] | None = None if text is None else of_json(json.loads(text))
    return facts


def _amount(facts: dict[str, Any] | None) -> str:
    return (
        "nothing"
        if facts is None
        else f"{Money(facts['minor'], facts['currency']).major.normalize():f} {facts['currency']}"
    )


def _word(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "nothing" if value is None else str(value)
