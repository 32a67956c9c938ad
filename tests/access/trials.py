"""Trials of what nobody may: decide about what is one's own, press a button that was never made."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlmodel import Session, col, func, select

from bot import tokens
from bot.platforms.base import Incoming, Place, Press
from bot.pressing import UnknownButtonError
from models.approvals import ApprovalRequest, Decision
from models.audit import AuditRow
from models.channels import Channel, ChannelKind
from models.deals import Deal
from models.people import Identity
from models.regions import organisation
from models.unit import Unit
from tests.crash.kill import Trial
from tests.workspace import Record, Workspace, commands_of

ASKERS = {"mike-davis": "Mike Davis", "sarah-johnson": "Sarah Johnson", "emily-chen": "Emily Chen"}
SECOND = "second"
"""Another account of everybody's, on another platform."""
MANAGERS = frozenset({"sarah-johnson"})
ADMIN = "ines-keller"
RANKS = ("rep US", "manager US", "hq")


@dataclass
class _Asker:
    """Somebody who tries to decide about what is their own, and how they can try."""

    workspace: Workspace
    person: str
    owner: str
    deal: str
    card: Record
    request: str
    chance: Random

    async def by_number(self) -> None:
        await self.workspace.say(self.person, f"approve {self.request}")

    async def in_the_thread(self) -> None:
        await self.workspace.say(self.person, "approve", "us", self.card["id"])

    async def by_button(self) -> None:
        if "approve" in commands_of(self.card):
            await self.workspace.press(self.person, self.card, "approve")

    async def by_a_second_account(self) -> None:
        key, place = f"{self.deal}-again", Place("second-chat")
        words = f"approve {self.request}"
        await self.workspace.regatta.dispatch.take(Incoming(key, SECOND, "x", self.person, place, "", text=words))

    async def with_another_rank(self) -> None:
        await self.workspace.say(ADMIN, f"setup person {ASKERS[self.person]} {self.chance.choice(RANKS)}")
        await self.workspace.say(self.person, f"reject {self.request} too much")

    async def with_the_duty(self) -> None:
        await self.workspace.say(ADMIN, f"setup duty {ASKERS[self.person]} finance")
        await self.workspace.say(self.person, f"approve {self.deal}")

    async def after_an_edit(self) -> None:
        await self.workspace.say(self.owner, f"edit {self.deal} {self.chance.randint(20, 400)}k USD")
        await self.workspace.say(self.person, f"request {self.deal}", "us")
        self.request = self.workspace.rows(_newest_of(self.deal)) or self.request
        await self.by_number()


WAYS = (
    _Asker.by_number, _Asker.in_the_thread, _Asker.by_button, _Asker.by_a_second_account, _Asker.with_another_rank,
    _Asker.with_the_duty, _Asker.after_an_edit,
)  # fmt: skip


async def try_self_approvals(workspace: Workspace, number: int, seed: int) -> Trial:
    """Have people decide about their own deals and requests, by every way, while rank, duty and deal change."""
    chance, trial = Random(seed), Trial(number, 0)
    workspace.regatta.store.write(_second_accounts).result()
    for place in range(number):
        person = chance.choice(list(ASKERS))
        owner = person if chance.random() < 0.7 else "grace-kim"
        line = f'/deal "Trial {seed} {place}" {chance.randint(20, 400)}k USD'
        echo = (await workspace.say(owner, line, "us"))[0]
        deal = next(word for word in str(echo["text"]).split() if word.startswith("D-"))
        if owner != person:  # they may see a colleague's deal, and ask for it
            await workspace.say(ADMIN, f"setup person {ASKERS[person]} manager US")
        await workspace.say(person, f"request {deal}", "us")
        request = workspace.rows(_newest_of(deal))
        if request is None:
            trial.faults.append(f"{place}: {person} could not ask for {deal}")
            continue
        card = (await workspace.read(person, "us"))[-1]
        asker = _Asker(workspace, person, owner, deal, card, request, chance)
        for way in chance.sample(WAYS, len(WAYS)):
            await way(asker)
        trial.answered.add(place)
        await workspace.say(ADMIN, f"setup person {ASKERS[person]} {'manager' if person in MANAGERS else 'rep'} US")
        await workspace.say(ADMIN, f"setup no duty {ASKERS[person]} finance")
    trial.faults += workspace.rows(_own_decisions)
    trial.repeated = workspace.rows(_refusals)
    return trial


def _second_accounts(unit: Unit) -> None:
    for person in ASKERS:
        unit.add(Identity(platform=SECOND, workspace="x", user_id=person, person_id=person))
    chat = Channel(
        id="second", platform=SECOND, workspace="x", external_id="second-chat", kind=ChannelKind.REGION, name="us",
        region_id="us",
    )  # fmt: skip
    unit.add(chat)


def _newest_of(deal: str) -> Callable[[Session], str | None]:
    query = select(ApprovalRequest.id).where(ApprovalRequest.deal_id == deal)
    return lambda session: session.exec(query.order_by(col(ApprovalRequest.created_at).desc())).first()


def _own_decisions(session: Session) -> list[str]:
    query = select(Decision, ApprovalRequest, Deal).select_from(Decision)
    every = session.exec(query.join(ApprovalRequest).join(Deal, col(Deal.id) == ApprovalRequest.deal_id)).all()
    return [
        f"{decision.person_id} decided {request.id} of {request.requester_id} for a deal of {deal.owner_id}"
        for decision, request, deal in every
        if decision.person_id in (request.requester_id, deal.owner_id)
    ]


def _refusals(session: Session) -> int:
    return session.exec(select(func.count()).select_from(AuditRow).where(AuditRow.action == "refused")).one()


async def try_forged_buttons(workspace: Workspace, number: int, seed: int) -> Trial:
    """Press buttons that were never made, beside one that was; only that one does something."""
    chance, trial, dispatch = Random(seed), Trial(number, 0), workspace.regatta.dispatch
    (echo, *_) = await workspace.say("mike-davis", "deal Acme 120k USD")
    key = workspace.rows(lambda session: organisation(session).button_key)
    true = next(button["id"] for button in echo["buttons"] if button["command"] == "undo")
    post, position = tokens.verify(key, true)

    def pressed(token: str, name: int) -> Incoming:
        return Incoming(f"forged-{name}", "web", "local", "mike-davis", Place("dm-mike-davis"), "", press=Press(token))

    for start in range(0, number, 500):
        forged = [_forged(true, post, position, chance) for _ in range(min(500, number - start))]
        begun = [dispatch.submit(pressed(token, start + at)) for at, token in enumerate(forged)]
        ends = await asyncio.gather(*map(asyncio.wrap_future, begun), return_exceptions=True)
        for at, end in enumerate(ends):
            if isinstance(end, UnknownButtonError):
                trial.answered.add(start + at)
            else:
                trial.faults.append(f"{forged[at]!r}: {end!r}")
    if workspace.rows(_newest_is_void):
        trial.faults.append("a forged button took the deal back")
    await dispatch.take(pressed(true, number))
    if not workspace.rows(_newest_is_void):
        trial.faults.append("the true button did nothing")
    return trial


def _newest_is_void(session: Session) -> bool:
    return bool(session.exec(select(Deal.void).order_by(col(Deal.created_at).desc())).first())


def _forged(true: str, post: int, position: int, chance: Random) -> str:
    body, mac = true.rsplit(".", 1)
    other = "".join(chance.choice("0123456789abcdef") for _ in range(len(mac)))
    at = chance.randrange(len(true))
    made = chance.choice((
        f"{chance.randint(0, 10**6)}.{chance.randint(0, 9)}.{mac}", f"{post}.{position + chance.randint(1, 99)}.{mac}",
        f"{body}.{other}", f"{body}.", f"{body}", f".{mac}", f"{body}.{mac[:-1]}", f"{body}.{mac}0",
        f"{body}.{mac.upper()}",
        f"0{body}.{mac}", f" {body}.{mac}", f"{post}..{mac}", f"{10 ** chance.randint(10, 400)}.0.{other}",
        "", "...", "\0",
        f"{post}.{position}٣.{mac}", true[:at] + chance.choice("xyzé\ud800 ") + true[at + 1 :],
        tokens.sign("another key", post, position), tokens.sign("", post, position),
    ))  # fmt: skip
    return made if made != true else f"{made}x"
