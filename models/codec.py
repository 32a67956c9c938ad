"""Values to JSON and back, so that a message or a button can wait in a row."""

import dataclasses
import json
from collections.abc import Callable
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
    kind: Any = type(value)
    return value if kind in _PLAIN else _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """What writes the values of a kind."""
    if issubclass(kind, Enum):
        name = _name(kind)
        return lambda value: {"$": name, "v": value.value}
    if issubclass(kind, (tuple, list, frozenset)):
        return lambda value: [to_json(item) for item in value]
    if issubclass(kind, dict):
        return lambda value: {"$": "dict", "v": {str(key): to_json(item) for key, item in value.items()}}
    if issubclass(kind, Fraction):
        return lambda value: {"$": "Fraction", "v": f"{value.numerator}/{value.denominator}"}
    for moment in (datetime, date, time):  # a datetime is a date, too
        if issubclass(kind, moment):
            name = moment.__name__
            return lambda value: {"$": name, "v": value.isoformat()}
    name = _name(kind)
    if hasattr(kind, "__to_json__"):
        return lambda value: {"$": name, "v": {key: to_json(item) for key, item in value.__to_json__().items()}}
    fields = [field.name for field in dataclasses.fields(kind)]
    return lambda value: {"$": name, "v": {field: to_json(getattr(value, field)) for field in fields}}


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


def _name(kind: type) -> str:
    if _KINDS.get(kind.__name__) is not kind:
        msg = f"{kind} is not storable"
        raise TypeError(msg)
    return kind.__name__
