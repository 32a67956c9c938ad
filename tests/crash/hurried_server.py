"""`python -m bot`, with a clock that runs FACTOR times as fast from BEGINS on, for every process alike."""

import os
from datetime import UTC, datetime

import bot.app
import bot.scheduler
from bot.cli import main

REAL = datetime.fromisoformat(os.environ.get("HURRIED_REAL", "2026-01-01T00:00:00+00:00"))
BEGINS = datetime.fromisoformat(os.environ.get("HURRIED_BEGINS", "2026-01-01T00:00:00+00:00"))
FACTOR = float(os.environ.get("HURRIED_FACTOR", "1"))


class HurriedClock:
    """The machine's clock, hurried."""

    def now(self) -> datetime:
        return BEGINS + (datetime.now(UTC) - REAL) * FACTOR  # noqa: TID251  this is a clock


if __name__ == "__main__":
    vars(bot.app)["SystemClock"] = HurriedClock
    vars(bot.scheduler)["REBUILD_SECONDS"] = 0.2
    main()
