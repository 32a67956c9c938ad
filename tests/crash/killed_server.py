"""`python -m bot`, killed in the moment between a visit's commit and its answer, once for the file at KILL_FILE."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path

from bot.cli import main
from models.store import Store
from models.visits import Visit

KILL_FILE = "KILL_FILE"


class _Killed(Store):
    """The store as it is, and one more who hears of what was committed, before anybody is answered."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.watchers.append(_kill)


def _kill(written: Iterable[object]) -> None:
    file = Path(os.environ[KILL_FILE])
    if file.exists() and any(isinstance(row, Visit) for row in written):
        file.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    import bot.app

    vars(bot.app)["Store"] = _Killed
    main()
