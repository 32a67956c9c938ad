"""A restored installation says nothing twice: what waited in the backup is set aside, what was missed stays undone."""

import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.app import Regatta
from bot.backups.file import drop_note
from bot.backups.restoring import restore
from bot.backups.taking import back_up
from bot.operations import dead_lines, retry
from bot.registry import jobs
from models.audit import breaks
from models.context import Context
from models.deals import Deal
from models.links import LinkCode, give_code
from models.message import says
from models.outbox import Post
from models.schedules import SlotOutcome, SlotRun, Timer, TimerState
from models.text import Text
from models.unit import Unit
from tests.databases import url_of
from tests.peers.slack import SlackPeer
from tests.peers.slack.model import User
from tests.stages.serving import served
from tests.stages.slack import SlackStage, pace_by, settle_company, slack_settings
from tests.workspace import START, StandingClock, button_of

QUIET = [name for name, job in jobs().items() if job.quiet]
LATER = START + timedelta(days=5, hours=14)
"""Monday of the next week, when boards are out in every region and a visit's morning has come."""


@dataclass
class Office:
    """A company in Slack whose process comes and goes."""

    peer: SlackPeer
    users: dict[str, User]
    database: Path
    file: Path

    @asynccontextmanager
    async def runs(self, clock: StandingClock) -> AsyncIterator[SlackStage]:
        """Serve it until the block ends."""
        regatta = Regatta(slack_settings(self.database, self.peer), clock)
        pace_by(regatta, self.peer)
        async with served(regatta) as url:
            self.peer.request_url = f"{url}/slack/events"
            yield SlackStage(regatta, self.peer, clock, self.users)
            await self.peer.deliveries.close()

    @property
    def posted(self) -> int:
        """How many messages Slack has taken."""
        return [name for name, _ in self.peer.api.calls].count("chat.postMessage")


@pytest.fixture
async def office(template: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """A company with a backup that holds a message that waits, a promised visit and a code that was not used."""
    async with SlackPeer.opened() as peer:
        database, file = tmp_path / "slack.db", tmp_path / "slack.backup"
        office = Office(peer, settle_company(template, database, peer), database, file)
        async with office.runs(StandingClock(START)) as stage:
            await stage.say("mike-davis", "/visit Globex met Jane next 30 Nov", "us")
            stage.regatta.store.write(lambda unit: wait(unit, stage)).result()
            back_up(url_of(database), file, stage.clock.now())
        yield office


def wait(unit: Unit, stage: SlackStage) -> None:
    """Let a message wait for an hour, and a code for somebody to use it."""
    post = Context(unit, stage.clock.now(), "said", lambda: "id").post("us", says(Text("Hello")))
    unit.get_one(Post, post.id).next_try_at += timedelta(hours=1)
    give_code(unit, "mike-davis", "seed", stage.clock.now())


def restored(office: Office) -> None:
    """As an operator does it."""
    restore(url_of(office.database), office.file, StandingClock(LATER), replace=True, quiet=QUIET)


def put_there(office: Office) -> None:
    """The file alone, as somebody might who does not know better."""
    shutil.copy(office.file, office.database)
    drop_note(office.database)


async def said_by_itself(office: Office) -> int:
    """How much the bot says after a start, when everything that is due was done."""
    before = office.posted
    async with office.runs(StandingClock(LATER)) as stage:
        await stage.regatta.scheduler.run_due(LATER)
        await stage.settled()
    return office.posted - before


@pytest.mark.parametrize(
    ("put", "is_silent"),
    [
        (restored, True),
        (put_there, False),
    ],
)
async def test_82_a_restored_backup_sends_nothing_again_and_fires_nothing_again(
    office: Office, put: Callable[[Office], None], *, is_silent: bool
) -> None:
    put(office)

    assert (await said_by_itself(office) == 0) is is_silent


async def test_82_what_was_set_aside_is_listed_with_its_reason_and_goes_when_an_operator_says_so(
    office: Office,
) -> None:
    restored(office)
    before = office.posted

    async with office.runs(StandingClock(LATER)) as stage:
        store = stage.regatta.store
        message, visit = store.read(lambda session: list(dead_lines(session)))
        assert "restored from a backup of 2026-11-25 02:30 UTC: it may have been sent since" in message
        assert "visit  V-1:1  missed" in visit
        retry(store, message.split()[0])
        retry(store, visit.split()[0])
        stage.regatta.delivery.wake()
        await stage.regatta.scheduler.run_due(LATER)
        await stage.settled()

        assert store.read(lambda session: list(dead_lines(session))) == []
        said = office.peer.seen_by(office.users["mike-davis"], stage._place("mike-davis", "us"))
        assert any("This may be a repeat" in one.text and "Hello" in one.text for one in said)
    assert office.posted - before == 2


async def test_82_slots_and_timers_on_the_way_count_as_missed_with_an_audit_row_each(office: Office) -> None:
    done = restore(url_of(office.database), office.file, StandingClock(LATER), replace=True, quiet=QUIET)

    async with office.runs(StandingClock(LATER)) as stage:
        missed = stage.rows(lambda s: s.exec(select(SlotRun).where(SlotRun.outcome == SlotOutcome.MISSED)).all())
        timers = stage.rows(lambda s: s.exec(select(Timer).where(Timer.state == TimerState.MISSED)).all())
        codes = stage.rows(lambda s: s.exec(select(LinkCode).where(col(LinkCode.used_at).is_(None))).all())
        assert (len(missed), len(timers), len(codes)) == (5, 1, 0)
        assert (done.settled.slots, done.settled.timers, done.settled.codes) == (5, 1, 1)
        assert stage.rows(lambda session: list(breaks(session))) == []


async def test_what_is_said_after_a_restore_takes_no_number_and_no_button_from_what_was_lost(office: Office) -> None:
    async with office.runs(StandingClock(START + timedelta(hours=2))) as stage:
        (lost, *_) = await stage.say("mike-davis", "/deal Globex 80k USD close 4 Dec", "us")
        (number,) = stage.rows(lambda session: session.exec(select(Deal.id).where(Deal.created_at >= START)).all())
    restored(office)

    async with office.runs(StandingClock(LATER)) as stage:
        await stage.say("mike-davis", "/deal Initech 90k USD close 4 Dec", "us")
        mike = stage.users["mike-davis"]
        await office.peer.press(mike, stage._message(mike, lost), button_of(lost, "undo")["id"])
        await stage.settled()

        (deal,) = stage.rows(lambda session: session.exec(select(Deal).where(Deal.created_at >= START)).all())
        assert deal.id != number
        assert not deal.void


async def test_a_first_number_of_its_kind_is_not_given_out_again_after_a_restore(office: Office) -> None:
    async with office.runs(StandingClock(START + timedelta(hours=2))) as stage:
        (lost, *_) = await stage.say("mike-davis", "/feedback The form for visits is too long", "us")
    restored(office)

    async with office.runs(StandingClock(LATER)) as stage:
        (other, *_) = await stage.say("mike-davis", "/feedback The board is late on Mondays", "us")

    assert re.findall(r"F-\d+", lost["text"]) == ["F-1"]
    assert re.findall(r"F-\d+", other["text"]) == ["F-10001"]
