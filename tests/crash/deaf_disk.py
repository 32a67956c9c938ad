"""A bot whose database does not say that a commit failed: what a disk with errors must show."""

import sqlite3
from functools import partial

from bot.cli import main


class _Deaf(sqlite3.Connection):
    def commit(self) -> None:
        try:
            super().commit()
        except sqlite3.OperationalError:
            self.rollback()


if __name__ == "__main__":
    vars(sqlite3.dbapi2)["connect"] = partial(sqlite3.connect, factory=_Deaf)
    main()
