"""How updates come from Telegram: each is taken once, none holds up the next, and nothing counts before its commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, col, func, select
from telegram.request import HTTPXRequest

from bot.app import Regatta
from bot.operations import failed_lines
from bot.platforms.telegram import polling
from models.audit import AuditRow
from models.deals import Deal
from models.inbox import Delivery, Outcome
from models.questions import OpenForm
from models.unit import Unit
from tests.contract.peers.ptb import bot_of
from tests.contract.test_faults import raising_help
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.model import Json
from tests.stages.logs import logged
from tests.stages.serving import served
from tests.stages.telegram import TelegramStage, settings_of, settle
from tests.workspace import START, StandingClock

MIKE = "mike-davis"
LINE = "/deal@regatta_bot Globex 80k next Tuesday"
NO_MESSAGE: dict[str, Any] = {"message_id": "seven", "chat": []}
"""A message as a later Bot API might write one: the library raises when it reads it."""


@pytest.fixture(params=[False, True], ids=["webhook", "polling"])
async def stage(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, by either way."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db", polling=request.param) as opened:
        yield opened


def deals(session: Session) -> int:
    """How many deals there are."""
    return session.exec(select(func.count()).select_from(Deal)).one()


def aside(session: Session) -> list[Delivery]:
    """What was set aside."""
    return list(session.exec(select(Delivery).where(col(Delivery.outcome) == Outcome.SET_ASIDE)))


def asked(session: Session) -> str | None:
    """The message of the question that is open."""
    return session.exec(select(OpenForm.message_id)).one()


async def test_an_update_that_nobody_can_read_is_set_aside_and_holds_up_no_other(stage: TelegramStage) -> None:
    before, peer = stage.rows(deals), stage.peer
    group = stage.place(MIKE, "us").id

    peer.deliveries.tell("message", NO_MESSAGE, ("chat", group))
    await stage.say(MIKE, LINE, "us")

    assert stage.rows(deals) == before + 1
    (row,) = stage.rows(aside)
    assert (row.tries, row.error) == (1, "cannot be read: KeyError")
    assert any(
        row.event_id in line and "set aside" in line for line in stage.rows(lambda each: [*failed_lines(each, START)])
    )
    actions = stage.rows(lambda session: session.exec(select(AuditRow.event_id, AuditRow.action)).all())
    assert (row.event_id, "delivery.set_aside") in actions
    assert not peer.updates.pending()


async def test_an_answer_that_fails_again_and_again_is_set_aside_with_an_apology(
    stage: TelegramStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.01)
    user, peer = stage.users[MIKE], stage.peer
    await stage.say(MIKE, "deal")
    await peer.world.eventually(lambda: stage.rows(asked))
    await asyncio.wrap_future(stage.regatta.store.write(_spoil))

    with logged():
        await peer.say(user, peer.direct(user), "Initrode")
        await _patiently(peer, lambda: len(stage.rows(aside)) == 1)
    await peer.world.eventually(lambda: "an operator sees it" in peer.seen_by(user, peer.direct(user))[-1].text)

    (row,) = stage.rows(aside)
    assert row.tries == 5
    await _patiently(peer, lambda: not peer.updates.pending())


async def _patiently(peer: TelegramPeer, is_there: Callable[[], bool]) -> None:
    """Wait for something that takes several tries, an hour of the peer's clock for each look."""
    for _ in range(400):
        if is_there():
            return
        peer.clock.advance(60)
        await asyncio.sleep(0.05)
    raise AssertionError


def _spoil(unit: Unit) -> None:
    """Break the row of an open form, so that nothing can be answered there."""
    for row in unit.exec(select(OpenForm)):
        row.entered = "{"


@asynccontextmanager
async def asking(peer: TelegramPeer, take: Callable[[dict[str, Any]], Awaitable[object]]) -> AsyncIterator[None]:
    """Poll the peer until the block ends."""
    request = HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False})
    async with bot_of(peer) as bot, request:
        task = asyncio.create_task(polling.Polling(bot, request, take).run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_update_that_was_not_taken_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    taken: list[int] = []

    async def take(update: dict[str, Any]) -> None:
        taken.append(update["update_id"])
        if len(taken) == 1:
            raise OSError

    async with TelegramPeer.opened() as peer:
        ann = peer.world.add_user("Ann")
        await peer.start(ann)
        async with asking(peer, take):
            await peer.world.eventually(lambda: len(taken) > 1)
            await peer.say(ann, peer.direct(ann), "hello")
            await peer.world.eventually(lambda: len(taken) > 2)

    assert taken[0] == taken[1] < taken[2]


async def test_a_second_poller_is_waited_for_in_words_and_then_it_goes_on(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.05)
    with logged() as log:
        async with TelegramStage.opened(template, tmp_path / "telegram.db", polling=True) as stage:
            before, peer = stage.rows(deals), stage.peer
            other = asyncio.create_task(_ask_for_ever(peer))
            await peer.world.eventually(lambda: "another process polls" in standing(stage))
            ready = await _ready(stage)
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
            await stage.say(MIKE, LINE, "us")
            await peer.world.eventually(lambda: standing(stage) == "connected")

            assert stage.rows(deals) == before + 1
    assert (ready.status_code, ready.json()["telegram"].startswith("waits: another process polls")) == (200, True)
    assert "Stop that one" in log.getvalue()


@pytest.mark.parametrize("polls", [True, False], ids=["polling", "webhook"])
async def test_33_a_poison_message_is_set_aside_after_five_tries_and_what_comes_behind_it_is_taken(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, polls: bool
) -> None:
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.02)
    async with TelegramStage.opened(template, tmp_path / "telegram.db", polling=polls) as stage:
        before, peer, mike = stage.rows(deals), stage.peer, stage.users[MIKE]
        raising_help(stage)

        await peer.say(mike, peer.direct(mike), "help")
        await peer.say(mike, peer.direct(mike), LINE)

        def is_over() -> bool:
            peer.clock.advance(60)
            return bool(stage.rows(deals) == before + 1)

        await peer.world.eventually(is_over)
        (failed,) = stage.rows(lambda each: [*failed_lines(each, START)])
    assert "5 tries  ZeroDivisionError  set aside" in failed


async def test_a_token_that_ends_while_the_bot_polls_is_named(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0)
    async with TelegramStage.opened(template, tmp_path / "telegram.db", polling=True) as stage:
        await stage.peer.world.eventually(lambda: standing(stage) == "connected")

        stage.peer.world.bot.is_revoked = True
        await stage.peer.world.eventually(lambda: "it does not know TELEGRAM_BOT_TOKEN" in standing(stage))


async def test_a_bot_that_polls_says_that_it_is_connected_before_anybody_writes(template: Path, tmp_path: Path) -> None:
    assert polling.WAIT_SECONDS > 20
    async with TelegramStage.opened(template, tmp_path / "telegram.db", polling=True) as stage:
        await stage.peer.world.eventually(lambda: standing(stage) == "connected", 10)


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
async def test_a_firewall_in_between_is_not_taken_for_a_token_that_telegram_does_not_know(
    template: Path, tmp_path: Path, method: str
) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        settle(template, path, peer)
        peer.faults.answer_between(method, 404)
        regatta, words = Regatta(settings_of(path, peer, polling=True), StandingClock(START)), set[str]()

        def is_connected() -> bool:
            words.add(str(regatta.connections["telegram"].standing()))
            return "connected" in words

        with logged() as log:
            async with served(regatta):
                await peer.world.eventually(is_connected, 15)

    told = "waits: something else answers in Telegram's place; check TELEGRAM_API_URL, and the proxy or firewall."
    assert words == {told, "connected"} | ({"waits: it has not reached Telegram yet."} & words)
    assert "Traceback" not in log.getvalue()


@pytest.mark.parametrize("polls", [True, False], ids=["polling", "webhook"])
async def test_an_answer_that_nobody_expects_holds_up_no_start_and_is_asked_for_again(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, polls: bool
) -> None:
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0)
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        settle(template, path, peer)
        real, told = peer.api._methods["getme"], list[str]()

        async def nothing(_: Call) -> Json:
            told.append("nothing")
            return {}

        peer.api._methods["getme"] = ("getMe", nothing)
        regatta = Regatta(settings_of(path, peer, polling=polls), StandingClock(START))
        with logged() as log:
            async with served(regatta):
                await peer.world.eventually(lambda: len(told) > 1)
                waits = str(regatta.connections["telegram"].standing())
                peer.api._methods["getme"] = real
                await peer.world.eventually(lambda: regatta.connections["telegram"].standing() == "connected", 15)

    assert waits == "waits: its answer was not understood (TypeError)."
    assert "TypeError" in log.getvalue()


async def test_why_a_webhook_was_not_registered_is_for_the_log_and_its_kind_for_everybody(
    template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        settle(template, path, peer)

        async def refused(_: Call) -> Json:
            raise ApiError(400, "bad webhook: something of the inside")

        peer.api._methods["setwebhook"] = ("setWebhook", refused)
        settings = settings_of(path, peer, regatta_public_url="https://regatta.example.com/")
        regatta = Regatta(settings, StandingClock(START))
        with logged() as log:
            async with served(regatta):
                await peer.world.eventually(lambda: "not registered" in str(regatta.connections["telegram"].standing()))
                waits = str(regatta.connections["telegram"].standing())

    assert waits == "waits: the webhook was not registered (BadRequest)."
    assert "something of the inside" in log.getvalue()


def standing(stage: TelegramStage) -> str:
    """How the bot says that it stands with Telegram."""
    return str(stage.regatta.connections["telegram"].standing())


async def _ready(stage: TelegramStage) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(f"{stage.url}/readyz")


async def _ask_for_ever(peer: TelegramPeer) -> None:
    """Poll as another process of the same bot would, which takes nothing."""
    async with httpx.AsyncClient() as client:
        while True:
            await client.get(f"{peer.base_url}{peer.world.bot.token}/getUpdates?timeout=1")


async def test_a_token_that_telegram_does_not_know_is_said_and_the_rest_goes_on(template: Path, tmp_path: Path) -> None:
    async with TelegramStage.opened(template, tmp_path / "telegram.db", token="7:wrong") as stage:
        ready = await _ready(stage)

    assert (ready.status_code, "copy the token from @BotFather" in ready.json()["telegram"]) == (200, True)
