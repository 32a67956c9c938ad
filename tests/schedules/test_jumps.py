"""46 and 48: slots and timers of several zones while the clock is set and processes come and go."""

from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from typing import Any

import pytest

import bot.scheduler
from models.databases import insert_once
from models.schedules import SlotRun
from models.unit import Unit
from tests.schedules.jumps import AUTUMN, SPRING, walk
from tests.schedules.ticking import Ticking


@pytest.mark.both_databases
@pytest.mark.parametrize("begins", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_48_a_clock_that_is_set_forward_and_back_doubles_and_loses_nothing(
    template: Path, tmp_path: Path, begins: Any
) -> None:
    with Ticking.opened(template, tmp_path / "walk.db", begins) as ticking:
        assert await walk(ticking, begins, Random(5), 50) == []
        assert sum(ticking.done.values()) > 50


async def test_slots_without_their_unique_row_are_found_out(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(unit: Unit, kind: Any, facts: Any) -> bool:
        insert_once(unit, kind, facts)
        return kind is SlotRun

    monkeypatch.setattr(bot.scheduler, "insert_once", always)
    with Ticking.opened(template, tmp_path / "walk.db", SPRING) as ticking:
        assert await walk(ticking, SPRING, Random(5), 20) != []
