"""Faults that can be said in one sentence, from wherever they rise."""

import sqlite3

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from bot.language import Reader, plain
from bot.settings import SettingsError
from models.context import UserError
from models.migrate import SchemaError


class FaultError(Exception):
    """Raised with one sentence that says what is wrong and what to do."""


def sentence(error: BaseException) -> str | None:
    """Say a known fault in one sentence; none for a bug."""
    match error:
        case SettingsError() | SchemaError() | FaultError():
            return str(error)
        case UserError():
            return plain(error.text, Reader())
        case ValidationError():
            first = error.errors()[0]
            return f"{'.'.join(str(part) for part in first['loc']).upper()} is wrong: {first['msg']}."
        case OperationalError():
            why = " ".join(str(error.orig).split())
            is_file = isinstance(error.orig, sqlite3.Error)
            what = "its folder's permissions and the free space" if is_file else "REGATTA_DATABASE_URL and the server"
            return f"The database cannot be used ({why}): check {what}."
        case OSError():
            return f"{error.filename or 'the system'}: {error.strerror}."
    return None
