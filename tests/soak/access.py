"""Every button by every rank, on every platform and in every place, against docs/access.md."""

from itertools import islice, product
from pathlib import Path

from models.ranks import Rank
from tests.access.cells import PLACES, PLATFORMS, Cell, Trials
from tests.access.page import lines, reviewed, wrong_with
from tests.crash.kill import Trial
from tests.workspace import START, seeded_database

TOGETHER = 60


async def run_access(database: Path, cells: int, _kills: int, _seed: int) -> Trial:
    """Press the first so many of all; what the page does not say is a fault."""
    page = reviewed()
    every = (
        Cell(command, whose, rank, platform, place)
        for (command, whose), rank, platform, place in product(lines(), Rank, PLATFORMS, PLACES)
    )
    trial = Trial(0, 0)
    with Trials.opened(seeded_database(database.with_name("template.db"), START), database) as trials:
        asked = islice(every, cells)
        while some := list(islice(asked, TOGETHER)):
            for cell, one in [(cell, trials.begin(cell)) for cell in some]:
                wrong = wrong_with(cell, page[cell.command.name, cell.whose, cell.rank], trials.seen(one.result()))
                trial.faults += [wrong] if wrong else []
                trial.answered.add(trial.commands)
                trial.commands += 1
    return trial
