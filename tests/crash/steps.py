"""Kill the server at every step of a line, a press and a form, and do what people and platforms do then.

A platform delivers again what got no answer; where it does not, the person sees that it failed and does it again. Each
must have its effect once, and be told; what is told twice says so.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, create_engine, func, select

from models.accounts import Account
from models.approvals import ApprovalRequest
from models.deals import Deal
from models.outbox import OutboxState, Post
from models.questions import OpenForm
from models.visits import Visit
from tests.crash.forked import ForkedServer
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.crash.killed_server import KILL_FILE, STEPS
from tests.databases import driven
from tests.peers.slack import SlackPeer
from tests.peers.slack.model import User as SlackUser
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.deliveries import Webhook
from tests.peers.telegram.model import User as TelegramUser
from tests.peers.telegram.reading import Seen
from tests.stages import slack, telegram

MIKE = "mike-davis"
WITHIN = 30.0
"""Seconds until everything was sent after a restart."""
A_WHILE = 20.0
"""Seconds between two things that people do."""
REPEAT = "This may be a repeat"
CASES = tuple((kind, step) for kind in ("line", "press", "form") for step in STEPS)
"""What is done, and where it is cut off."""

ASK = "Request approval"

Case = tuple[str, str]


class Killed:
    """A server that can be told at which step to die, and what it has written."""

    def __init__(self, database: Path, **environment: str) -> None:
        self._file, self.database = database.with_suffix(".kill"), database
        self.server = ForkedServer(
            database, module="tests.crash.killed_server", **environment, **{KILL_FILE: str(self._file)}
        )

    def arm(self, step: str) -> None:
        """Let it die at a step of what comes next."""
        self._file.write_text(step, encoding="utf-8")

    async def has_died(self) -> bool:
        """Whether it did, within some seconds."""
        for _ in range(200):
            if not self._file.exists():
                return True
            await asyncio.sleep(0.05)
        return False

    async def start(self) -> None:
        """Start it, once what is left of the last one is gone."""
        self.server.kill()
        await asyncio.to_thread(self.server.start)

    async def has_sent_all(self) -> None:
        """Wait until nothing waits to be sent; raise when it takes too long."""
        waits = select(Post.id).where(Post.state == OutboxState.WAITING)
        async with asyncio.timeout(WITHIN):
            while self.read(lambda session: session.exec(waits).first()) is not None:  # noqa: ASYNC110  another process
                await asyncio.sleep(0.05)

    def read(self, work: Callable[[Session], Any]) -> Any:
        """Look at the rows from here."""
        engine = create_engine(driven(self.database))
        with Session(engine) as session:
            found = work(session)
        engine.dispose()
        return found


@dataclass
class SlackHands:
    """Mike in Slack: what he does is not brought again, but for what he types in plain words."""

    peer: SlackPeer
    mike: SlackUser

    async def prepare(self, kind: str, number: int) -> None:
        """Come to where the press or the sending is the next thing to do."""
        self.peer.clock.advance(A_WHILE)
        if kind == "press":
            await self.peer.say(self.mike, self.peer.direct(self.mike), _deal(number))
            await self.peer.world.eventually(lambda: self._asks(number), WITHIN)
        elif kind == "form":
            await self.peer.slash(self.mike, self.peer.direct(self.mike), "/visit")

    async def do(self, kind: str, number: int) -> bool:
        """Do it once; whether Slack showed no error."""
        if kind == "line":
            before = len(self.peer.deliveries.attempts)
            await self.peer.say(self.mike, self.peer.direct(self.mike), _visit(number))
            return all(each.answer is not None and each.answer.ok for each in self.peer.deliveries.attempts[before:])
        if kind == "press":
            card = self._asks(number)
            return card is None or (await self.peer.press(self.mike, card, ASK)).ok
        view = self.peer.modals(self.mike)[-1]
        return (await self.peer.submit(self.mike, view, {"account": _name(number)})).ok

    async def settle(self) -> None:
        """Let Slack deliver again what it delivers again."""
        if self.peer.request_url is None:
            await self.peer.world.eventually(lambda: self.peer.socket_mode.connections, WITHIN)
        settling = asyncio.ensure_future(self.peer.deliveries.settle())
        while not settling.done():
            self.peer.clock.advance(60)
            await asyncio.wait([settling], timeout=0.1)

    def told(self) -> list[str]:
        """What the bot said to Mike."""
        seen = self.peer.seen_by(self.mike, self.peer.direct(self.mike))
        return [one.text for one in seen if one.user == self.peer.world.app.user_id]

    def _asks(self, number: int) -> Any:
        seen = self.peer.seen_by(self.mike, self.peer.direct(self.mike))
        found = [one for one in seen if _name(number) in one.text and any(each.label == ASK for each in one.buttons)]
        return found[-1] if found else None


@dataclass
class TelegramHands:
    """Mike in Telegram: whatever he does is brought again until it is answered."""

    peer: TelegramPeer
    mike: TelegramUser
    killed: Killed

    async def prepare(self, kind: str, number: int) -> None:
        """Come to where the press or the sending is the next thing to do."""
        self.peer.clock.advance(A_WHILE)
        if kind == "press":
            await self._say(_deal(number))
            await self.peer.world.eventually(lambda: self._newest(ASK, number), WITHIN)
        elif kind == "form":
            await self._say("visit")
            await self.peer.world.eventually(self._was_asked, WITHIN)
            await self._say(_name(number))
            await self.peer.world.eventually(lambda: self._newest("Send", number), WITHIN)

    async def do(self, kind: str, number: int) -> bool:
        """Do it once; Telegram shows no error."""
        if kind == "line":
            await self._say(_visit(number))
            return True
        label = ASK if kind == "press" else "Send"
        question = self._newest(label, number)
        if question is not None:
            await self.peer.press(self.mike, question, label)
        return True

    async def settle(self) -> None:
        """Let Telegram deliver again until it holds nothing any more."""
        for _ in range(600):
            if not self.peer.updates.pending():
                return
            self.peer.clock.advance(1)
            await asyncio.sleep(0.05)

    def told(self) -> list[str]:
        """What the bot said to Mike."""
        seen = self.peer.seen_by(self.mike, self.peer.direct(self.mike))
        return [one.text for one in seen if one.user == self.peer.world.bot.user.id]

    async def _say(self, words: str) -> None:
        await self.peer.say(self.mike, self.peer.direct(self.mike), words)

    def _was_asked(self) -> bool:
        """Whether the bot knows that its question stands there: what is typed earlier answers nothing."""
        return bool(self.killed.read(lambda session: session.exec(select(OpenForm.message_id)).first()))

    def _newest(self, label: str, number: int) -> Seen | None:
        seen = self.peer.seen_by(self.mike, self.peer.direct(self.mike))
        found = (one for one in reversed(seen) if any(each.label == label for each in one.buttons))
        return next((one for one in found if _name(number) in one.text), None)


Hands = SlackHands | TelegramHands


async def run_steps_in_slack(
    template: Path, database: Path, cases: Sequence[Case] = CASES, *, socket_mode: bool = False
) -> Trial:
    """Cut off each case once, over HTTP or Socket Mode."""
    async with SlackPeer.opened() as peer:
        users, app = slack.settle_company(template, database, peer), peer.world.app
        way = {"SLACK_APP_TOKEN": app.app_token} if socket_mode else {"SLACK_SIGNING_SECRET": app.signing_secret}
        killed = Killed(database, SLACK_BOT_TOKEN=app.bot_token, SLACK_API_URL=peer.api_url, **way)
        peer.request_url = None if socket_mode else f"{killed.server.url}/slack/events"
        await killed.start()
        if socket_mode:
            await peer.world.eventually(lambda: peer.socket_mode.connections, WITHIN)
        return await _run(killed, SlackHands(peer, users[MIKE]), cases)


async def run_steps_in_telegram(
    template: Path, database: Path, cases: Sequence[Case] = CASES, *, polling: bool = False
) -> Trial:
    """Cut off each case once, with a bot that is called or that polls."""
    async with TelegramPeer.opened() as peer:
        users = telegram.settle(template, database, peer)
        way = {} if polling else {"TELEGRAM_WEBHOOK_SECRET": telegram.SECRET}
        killed = Killed(database, TELEGRAM_BOT_TOKEN=peer.world.bot.token, TELEGRAM_API_URL=peer.api_url, **way)
        await killed.start()
        if not polling:
            peer.deliveries.set_webhook(Webhook(f"{killed.server.url}/telegram/webhook", telegram.SECRET))
        return await _run(killed, TelegramHands(peer, users[MIKE], killed), cases)


async def _run(killed: Killed, hands: Hands, cases: Sequence[Case]) -> Trial:
    """Go through the cases, and look at what is left of each."""
    trial = Trial(len(cases), len(cases))
    for number, (kind, step) in enumerate(cases):
        case = f"{kind} {number}, killed when {step}"
        await hands.prepare(kind, number)
        await killed.has_sent_all()
        before = Counter(hands.told())
        killed.arm(step)
        was_told_of_no_error = await hands.do(kind, number)
        if not await killed.has_died():
            trial.faults.append(f"{case}: it was not")
        await killed.start()
        await hands.settle()
        if not was_told_of_no_error and kind != "line" and not await hands.do(kind, number):
            trial.faults.append(f"{case}: an error again")
        await killed.has_sent_all()
        trial.answered.add(number)
        trial.found[number] = killed.read(partial(_effects, kind=kind, name=_name(number)))
        trial.faults += _told_wrongly(case, list((Counter(hands.told()) - before).elements()))
    killed.server.kill()
    trial.faults += [f"{cases[number]} has {n} effects" for number, n in sorted(trial.found.items()) if n != 1]
    trial.faults += broken(killed.database)
    return trial


def _told_wrongly(case: str, told: Sequence[str]) -> list[str]:
    """What is wrong with what was said of a case: nothing, twice and unmarked, or once more without the mark."""
    if not told:
        return [f"{case}: nothing was said"]
    plain = [text for text in told if REPEAT not in text]
    wrong = [f"{case}: said twice and not marked: {text!r}" for text, n in Counter(plain).items() if n > 1]
    if (
        case.startswith("line") and case.endswith("sent") and len(plain) == len(told)
    ):  # the others begin with a new face
        wrong.append(f"{case}: what may be a repeat is not marked")
    return wrong


def _effects(session: Session, kind: str, name: str) -> int:
    """How often a case counted."""
    what = select(func.count()).select_from(Account).where(Account.name == name)
    if kind == "press":
        what = what.join(Deal, col(Deal.account_id) == Account.id)
        return session.exec(what.join(ApprovalRequest, col(ApprovalRequest.deal_id) == Deal.id)).one()
    return session.exec(what.join(Visit, col(Visit.account_id) == Account.id)).one()


def _name(number: int) -> str:
    return f"Kill {number:05d}"


def _visit(number: int) -> str:
    return f'visit account:"{_name(number)}" met Jane'


def _deal(number: int) -> str:
    return f'deal account:"{_name(number)}" 20k USD close 4 Dec'
