"""A bot whose SQLite does not wait for the disk when it commits (synchronous=NORMAL): what a power cut must show."""

import sqlite3
from functools import partial
from typing import Any

from bot.cli import main


class _Hasty(sqlite3.Connection):
    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *given)


if __name__ == "__main__":
    vars(sqlite3.dbapi2)["connect"] = partial(sqlite3.connect, factory=_Hasty)
    main()
