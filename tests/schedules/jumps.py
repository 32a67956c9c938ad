"""A clock that is set forward and back while processes come and go: nothing is doubled or lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from tests.crash.kill import Trial
from tests.schedules.ticking import Ticking
from tests.workspace import START, seeded_database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (HOUR, -HOUR, DAY, -DAY)
SPRING, AUTUMN = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 10, 20, tzinfo=UTC)
"""Before the weeks in which clocks change in most places."""
LONG = timedelta(days=70)


async def walk(ticking: Ticking, begins: datetime, chance: Random, steps: int) -> list[str]:
    """Let so many steps pass in about six weeks, some of them jumps and restarts; what is wrong at the end."""
    furthest = begins
    for _ in range(steps):
        kind = chance.random()
        if kind < 0.3:
            ticking.clock.at += chance.choice(JUMPS)
        elif kind < 0.5:
            due = ticking.schedulers[0].next_due()
            assert due is not None
            ticking.clock.at = max(due.due_at + timedelta(seconds=chance.randint(-1, 1)), begins)
        else:
            ticking.clock.at += chance.random() * 2 * LONG / steps
        if chance.random() < 0.1:
            ticking.restart()
        await ticking.run()
        furthest = max(furthest, ticking.clock.at)
    return ticking.wrong(furthest)


async def run_jumps(database: Path, walks: int, _kills: int, seed: int) -> Trial:
    """So many walks of two hundred steps, in spring and in autumn."""
    template, trial = seeded_database(database.with_name("template.db"), START), Trial(walks, 0)
    for number in range(walks):
        begins = (SPRING, AUTUMN)[number % 2]
        with Ticking.opened(template, database.with_name(f"walk{number}.db"), begins) as ticking:
            wrong = await walk(ticking, begins, Random(seed * 10**6 + number), 200)
            trial.faults += [f"walk {number}: {fault}" for fault in wrong]
            trial.repeated += sum(ticking.done.values())
        database.with_name(f"walk{number}.db").unlink(missing_ok=True)
        trial.answered.add(number)
    return trial
