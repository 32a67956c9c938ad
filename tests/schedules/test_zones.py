"""46: around every change of the clocks, each weekly slot comes once by its local date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest

import models.schedules
from tests.schedules.zones import FIRST, NIGHT, YEARS, changes, wrong_around


def test_46_in_every_zone_each_slot_comes_once_by_its_local_date() -> None:
    number, faults = 0, list[str]()
    for place, zone in enumerate(sorted(available_timezones())):
        days = changes(zone, FIRST + place % YEARS, 1) or [date(FIRST, 3, 28)]
        looked, wrong = wrong_around(zone, days, (NIGHT[place % len(NIGHT)],))
        number, faults = number + looked, faults + wrong

    assert faults == []
    assert number > 9_000


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Asia/Pyongyang", date(2018, 5, 5)),
    ],
)
def test_46_where_a_day_was_left_out_or_the_zone_changed_each_slot_still_comes_once(zone: str, day: date) -> None:
    number, faults = wrong_around(zone, [day], NIGHT)

    assert faults == []
    assert number == 3 * 4 * len(NIGHT)


def test_slots_by_elapsed_time_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def elapsed(_zone: str, day: date, at: time) -> datetime:
        return datetime.combine(day, at, UTC) - timedelta(hours=1)

    monkeypatch.setattr(models.schedules, "local_instant", elapsed)

    assert wrong_around("Europe/Berlin", [date(2026, 3, 29)], NIGHT)[1] != []
