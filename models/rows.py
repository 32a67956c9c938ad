"""Rows that every command makes."""

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel


class Row(SQLModel):
    """A table with many rows: one is made of what it is given and of its fields' defaults as they are.

    SQLModel goes round over each column instead, for which five rows a command are too many.
    """

    if not TYPE_CHECKING:  # what is given is checked by type, as with any model

        def __init__(self, **given: Any) -> None:
            self.__dict__.update(_defaults(type(self)))
            self.__dict__.update(given)
            object.__setattr__(self, "__pydantic_fields_set__", set(given))


@cache
def _defaults(kind: type[SQLModel]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {name: field.get_default() for name, field in fields if not field.is_required()}
