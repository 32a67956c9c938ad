"""What a platform brings late, twice, at once or out of order counts once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a failure can be repeated

import pytest
from sqlmodel import Session, col, select

from models.accounts import Account
from models.deals import Deal
from models.stages import Stage
from models.timeline import DealEntry, EntryKind
from models.visits import Visit
from tests.peers.slack.deliveries import Attempt as SlackAttempt
from tests.peers.slack.events import envelope, message_event
from tests.peers.telegram.deliveries import Attempt as TelegramAttempt
from tests.peers.telegram.wire import message_wire
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage

pytestmark = pytest.mark.both_databases

MIKE = "mike-davis"
STAGES = ("qualified", "proposal", "negotiation", "contract")
Stages = SlackStage | TelegramStage
Bring = Callable[[], Awaitable[bool]]
"""Brings one delivery; whether it was acknowledged."""


@pytest.fixture(params=[SlackStage, TelegramStage], ids=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> AsyncIterator[Stages]:
    """The company on a platform that delivers again."""
    async with request.param.opened(template, tmp_path / "company.db") as opened:
        yield opened


def typed(stage: Stages, lines: Sequence[str]) -> list[Bring]:
    """Lines that were typed, each ready to be brought as often as one likes."""
    if isinstance(stage, SlackStage):
        return [_slack(stage, line) for line in lines]
    return [_telegram(stage, line) for line in lines]


def _slack(stage: SlackStage, line: str) -> Bring:
    peer, mike = stage.peer, stage.users[MIKE]
    message = peer.world.post(peer.direct(mike), mike.id, line)
    body = envelope(peer.world, message_event(peer.world, message, peer.base), peer.base)

    async def bring() -> bool:
        return (await peer.deliveries.repeat(SlackAttempt("events_api", body, 0, ""))).ok

    return bring


def _telegram(stage: TelegramStage, line: str) -> Bring:
    peer, mike = stage.peer, stage.users[MIKE]
    message = peer.world.post(peer.direct(mike), text=line, sender=mike.id)
    update = peer.updates.make("message", message_wire(peer.world, message), ("chat", mike.id), 3600)
    assert update is not None

    async def bring() -> bool:
        return (await peer.deliveries.repeat(TelegramAttempt(update, "webhook"))).ok

    return bring


def visits(session: Session) -> Counter[str]:
    found = session.exec(select(Account.name).join(Visit, col(Visit.account_id) == Account.id))
    return Counter(found.all())


async def test_what_comes_one_to_four_times_and_in_any_order_counts_once_as_it_came_first(stage: Stages) -> None:
    chance = Random(4)
    (echo,) = (await stage.say(MIKE, "deal Acme 120k USD close 4 Dec"))[:1]
    number = next(word for word in echo["text"].split() if word.startswith("D-"))
    lines = [f'visit account:"Case {n:02d}" met Jane' for n in range(10)]
    lines += [f"collected {number} {n + 1}k USD" for n in range(5)]
    lines += [f"stage {number} {name}" for name in STAGES]
    brought = typed(stage, lines)
    order = [n for n in range(len(lines)) for _ in range(chance.randint(1, 4))]
    chance.shuffle(order)

    taken = []
    for n in order:
        taken += await asyncio.gather(*(brought[n]() for _ in range(chance.randint(1, 2))))
        stage.peer.clock.advance(1)
    await stage.settled()

    firsts = [lines[n] for n in dict.fromkeys(order)]
    last = [line.rpartition(" ")[2] for line in firsts if line.startswith("stage")][-1]
    assert all(taken)
    assert stage.rows(visits) == {f"Case {n:02d}": 1 for n in range(10)}
    paid = select(DealEntry.amount_minor).where(DealEntry.deal_id == number, DealEntry.kind == EntryKind.COLLECTED)
    assert sorted(stage.rows(lambda session: session.exec(paid).all())) == [n * 100_000 for n in range(1, 6)]
    assert stage.rows(lambda session: session.get_one(Deal, number).stage) is Stage(last)


async def test_what_comes_again_after_a_day_counts_no_more(stage: Stages) -> None:
    (bring,) = typed(stage, ['visit account:"Case 00" met Jane'])
    await bring()
    await stage.advance("25h")

    again = await bring()

    assert again
    assert stage.rows(visits) == {"Case 00": 1}
