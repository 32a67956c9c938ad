"""A week of 50 regions in 24 zones on several servers, some of them killed: each slot is done once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlalchemy import text

from bot.database import open_store
from bot.settings import Settings
from models.channels import Channel, ChannelKind
from models.regions import Region
from models.schedules import Schedule
from models.unit import Unit
from tests.crash.fleet import PROCESSES, Fleet
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.crash.many import all_sent
from tests.databases import opened, url_of
from tests.workspace import seeded_database

ZONES = (
    "Pacific/Auckland", "Pacific/Noumea", "Australia/Sydney", "Asia/Tokyo", "Asia/Shanghai", "Asia/Bangkok",
    "Asia/Dhaka", "Asia/Kolkata", "Asia/Karachi", "Asia/Dubai", "Asia/Tehran", "Africa/Nairobi", "Africa/Cairo",
    "Europe/Berlin", "Europe/London", "Atlantic/Azores", "Atlantic/South_Georgia", "America/Sao_Paulo",
    "America/Halifax", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Pacific/Honolulu",
)  # fmt: skip
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
"""Before Monday begins anywhere."""
SLOTS = "Zone %"


async def run_week(database: Path, regions: int, kills: int, seed: int, *, seconds: float = 40.0) -> Trial:
    """Let the days from Sunday to Saturday pass within so many seconds; then count what was done."""
    trial, moments = Trial(regions, 0), Random(seed)
    seeded_database(database, SUNDAY - timedelta(hours=1))
    _found(database, regions)
    factor = timedelta(days=5.5) / timedelta(seconds=seconds)
    begins = datetime.now(UTC) + timedelta(seconds=12)  # noqa: TID251  all are there by then
    fleet = Fleet(
        database, seed, PROCESSES, module="tests.crash.hurried_server", HURRIED_REAL=begins.isoformat(),
        HURRIED_BEGINS=SUNDAY.isoformat(), HURRIED_FACTOR=str(factor),
    )  # fmt: skip
    try:
        await asyncio.to_thread(fleet.start)
        if datetime.now(UTC) > begins:  # noqa: TID251
            trial.faults.append("the machine is too slow: the week began before all servers were there")
        for _ in range(kills):
            await asyncio.sleep(seconds / (kills + 1) * moments.uniform(0.7, 1.0))
            fleet.kill()
            trial.kills += 1
            await asyncio.to_thread(fleet.start)
        ends = begins + timedelta(seconds=seconds)
        await asyncio.sleep(max((ends - datetime.now(UTC)).total_seconds(), 0))  # noqa: TID251
        fleet.kill_all_but_one()
        await all_sent(database, trial)
    finally:
        fleet.close()
    _look(database, trial)
    return trial


def _found(database: Path, regions: int) -> None:
    def work(unit: Unit) -> None:
        for number in range(regions):
            name = f"zone-{number}"
            zone = ZONES[number % len(ZONES)]
            unit.add(
                Region(
                    id=name, name=f"Zone {number}", zone=zone, country="US", currency="USD", locale="en-US",
                    language="en",
                )
            )  # fmt: skip
            unit.flush()
            unit.add(
                Channel(
                    id=name, platform="web", workspace="demo", external_id=name, kind=ChannelKind.REGION,
                    name=f"Zone {number}", region_id=name,
                )
            )  # fmt: skip
            unit.add(
                Schedule(
                    id=f"standup:{name}", job="standup", region_id=name, weekday=0, at=time(9),
                    from_on=SUNDAY.date(),
                )
            )  # fmt: skip
            unit.flush()

    facts = {"_env_file": None, "regatta_database_url": url_of(database)}
    store = open_store(Settings(**facts))  # type: ignore[arg-type]
    store.write(work).result()
    store.close()


def _look(database: Path, trial: Trial) -> None:
    """Each region's slot was run, not missed; its audit row is there once, and so are its board and its digest."""
    with opened(database) as rows:
        outcomes = rows.execute(
            text("SELECT schedule_id, outcome FROM slot_run WHERE schedule_id LIKE 'standup:zone-%'")
        ).all()
        audited = Counter(
            rows.execute(
                text("SELECT subject FROM audit WHERE action = 'job.standup' AND subject LIKE 'zone-%'")
            ).scalars()
        )
        posts: dict[str, Counter[str]] = {}
        said = "SELECT m.channel_id, o.card FROM workspace_message AS m JOIN outbox AS o ON o.id = m.post_id"
        for channel, card in rows.execute(text(f"{said} WHERE m.channel_id LIKE 'zone-%'")):
            posts.setdefault(channel, Counter())[card.partition(":")[0]] += 1
        repeated = rows.execute(
            text(
                "SELECT subject, count(*) FROM audit WHERE action LIKE 'job.%' GROUP BY action, subject, facts "
                "HAVING count(*) > 1"
            )
        ).all()
    for schedule, outcome in outcomes:
        number = int(schedule.rsplit("-", 1)[1])
        trial.answered.add(number)
        trial.found[number] += 1
        if outcome != "run":
            trial.faults.append(f"{schedule} was {outcome}")
    for number in range(trial.commands):
        name = f"zone-{number}"
        if trial.found[number] != 1:
            trial.faults.append(f"{name} has {trial.found[number]} slots")
        if audited[name] != 1 or posts.get(name) != {"standup": 1, "digest": 1}:
            trial.faults.append(f"{name} has {audited[name]} audit rows and says {posts.get(name)}")
    trial.faults += [f"{subject} was done {count} times" for subject, count in repeated] + broken(database)
