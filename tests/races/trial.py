"""Many rounds of a race, one after the other in each lane and all lanes at once; then a look at the whole."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from sqlmodel import Session, func, select

from models.audit import AuditRow, breaks
from models.inbox import Delivery, Outcome
from models.reconcile import differences
from tests.crash.kill import Trial
from tests.races.approvals import (
    approve_against_reject,
    approve_while_it_rises,
    approve_while_the_rank_is_taken,
    double_click,
    stale_button,
)
from tests.races.house import House, house_of_servers
from tests.races.lane import Lane, lanes_of
from tests.races.targets import set_at_once

Round = Callable[[Lane], Awaitable[list[str]]]


async def race(house: House, rounds: int, race_of: Round, lanes: int = 5) -> Trial:
    """Run so many rounds; what should not have been is a fault."""
    trial, left = Trial(rounds, 0), iter(range(rounds))

    async def one_after_the_other(lane: Lane) -> None:
        for number in left:
            try:
                trial.faults += await race_of(lane)
            except Exception as error:  # noqa: BLE001  somebody was answered nothing, or with an error
                trial.faults.append(f"round {number}: {error!r}")
            trial.answered.add(number)

    await asyncio.gather(*(one_after_the_other(lane) for lane in lanes_of(house)[:lanes]))
    trial.faults += house.rows(wrong_in)
    return trial


async def run_race(database: Path, rounds: int, _kills: int, seed: int, *, race_of: Round) -> Trial:
    """The same with servers of its own: several on PostgreSQL, one on SQLite."""
    async with house_of_servers(database, seed) as house:
        return await race(house, rounds, race_of)


def wrong_in(session: Session) -> list[str]:
    """What is wrong in the whole: the chain, the totals, what was never done, what has no audit row."""
    wrong = [f"audit row {seq} {what}" for seq, what in breaks(session)]
    wrong += [f"total {key}: {kept} is not {summed}" for key, kept, summed in differences(session)]
    failed = select(func.count()).select_from(Delivery).where(Delivery.outcome.in_((Outcome.FAILED, Outcome.SET_ASIDE)))  # type: ignore[attr-defined]
    wrong += [f"{number} deliveries failed" for number in [session.exec(failed).one()] if number]
    audited = set(session.exec(select(AuditRow.event_id)))
    taken = session.exec(select(Delivery.event_id).where(Delivery.outcome != Outcome.TALK)).all()
    return wrong + [f"delivery {event} has no audit row" for event in taken if event not in audited]


RACES: dict[str, Callable[[Path, int, int, int], Awaitable[Trial]]] = {
    f"race-{name}": partial(run_race, race_of=race_of)
    for name, race_of in (
        ("decisions", approve_against_reject),
        ("clicks", double_click),
        ("stale", stale_button),
        ("amounts", approve_while_it_rises),
        ("ranks", approve_while_the_rank_is_taken),
        ("targets", set_at_once),
    )
}
"""What `./dev soak` may be told to run: on one process, or with --postgres on four."""
