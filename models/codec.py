"""Values to JSON and back, so that a message or a button can wait in a row."""

import dataclasses
import json
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T", bound=type)

_KINDS: dict[str, type] = {}
_PLAIN = frozenset({type(None), bool, int, str})


def storable(kind: T) -> T:
    """Register a frozen dataclass, an enum or a class with `__to_json__` under its name in stored rows."""
    _KINDS[kind.__name__] = kind
    return kind


compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Writes plain JSON data as short as it goes."""


def to_json(value: object) -> Any:
    """Write a value as plain JSON data; raise TypeError for a kind that was not registered."""
    if type(value) in _PLAIN:
        return value
    match value:
        case Enum():
            return {"$": _name(value), "v": value.value}
        case tuple() | list() | frozenset():
            return [to_json(item) for item in value]
        case dict():
            return {"$": "dict", "v": {str(key): to_json(item) for key, item in value.items()}}
        case Fraction():
            return {"$": "Fraction", "v": f"{value.numerator}/{value.denominator}"}
        case datetime():
            return {"$": "datetime", "v": value.isoformat()}
        case date():
            return {"$": "date", "v": value.isoformat()}
        case time():
            return {"$": "time", "v": value.isoformat()}
    name = _name(value)
    if hasattr(value, "__to_json__"):
        return {"$": name, "v": {key: to_json(item) for key, item in value.__to_json__().items()}}
    return {"$": name, "v": {field: to_json(getattr(value, field)) for field in _fields(_KINDS[name])}}


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def of_json(data: Any) -> Any:
    """Read what `to_json` wrote; sequences come back as tuples."""
    match data:
        case list():
            return tuple(of_json(item) for item in data)
        case {"$": "dict", "v": items}:
            return {key: of_json(item) for key, item in items.items()}
        case {"$": "Fraction", "v": ratio}:
            return Fraction(ratio)
        case {"$": "datetime", "v": stamp}:
            return datetime.fromisoformat(stamp)
        case {"$": "date", "v": day}:
            return date.fromisoformat(day)
        case {"$": "time", "v": hour}:
            return time.fromisoformat(hour)
        case {"$": name, "v": dict(fields)}:
            kind, facts = _KINDS[name], {key: of_json(item) for key, item in fields.items()}
            return kind.__of_json__(facts) if hasattr(kind, "__of_json__") else kind(**facts)
        case {"$": name, "v": value}:
            return _KINDS[name](value)
    return data


def _name(value: object) -> str:
    name = type(value).__name__
    if _KINDS.get(name) is not type(value):
        msg = f"{type(value)} is not storable"
        raise TypeError(msg)
    return name
