"""What trials do with a server over HTTP, each with a key, as often as it takes: report a deal, approve a contract."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import Session, col, create_engine, func, select

from models.accounts import Account
from models.approvals import ApprovalRequest, Decision
from models.deals import Deal
from models.rules.approval import RequestState
from tests.crash.invariants import broken
from tests.crash.kill import command
from tests.databases import driven
from tests.server import Server

DEAL, APPROVAL = "deal", "approval"
REP, MANAGER = "mike-davis", "sarah-johnson"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a server answered: the code of its answer (0 where there was none) and the words of the replies."""

    code: int
    replies: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the deed was acknowledged."""
        return self.code == httpx.codes.OK


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do, under a key of its own."""

    kind: str
    number: int
    path: str
    body: dict[str, Any]

    async def do(self, url: str) -> "Said":
        """Do it, once."""
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            try:
                answer = await client.post(self.path, json=self.body)
            except httpx.TransportError:
                return Said(0)
        replies = answer.json()["replies"] if answer.status_code == httpx.codes.OK else []
        return Said(answer.status_code, tuple(str(reply["text"]) for reply in replies))

    def wrong(self, database: Path, said: Said, replies: int) -> list[str]:
        """What should not be once it was asked for again: it counts once and has its replies once, and all holds."""
        if not said.is_taken:
            return [f"a server that was up answered {said.code}"]
        faults, effects = broken(database), self.effects(database)
        faults += [f"it has {effects} effects"] if effects != 1 else []
        return faults + ([f"it has {len(said.replies)} replies, not {replies}"] if len(said.replies) != replies else [])

    def effects(self, database: Path) -> int:
        """How often it counted."""
        engine = create_engine(driven(database))
        with Session(engine) as session:
            what = select(func.count()).select_from(Account).where(Account.name == f"Kill {self.number:05d}")
            what = what.join(Deal, col(Deal.account_id) == Account.id)
            if self.kind == APPROVAL:
                what = what.join(ApprovalRequest, col(ApprovalRequest.deal_id) == Deal.id)
                what = what.join(Decision, col(Decision.request_id) == ApprovalRequest.id)
                what = what.where(ApprovalRequest.state == RequestState.APPROVED)
            found = session.exec(what).one()
        engine.dispose()
        return found


async def prepared(url: str, kind: str, number: int) -> Deed:
    """Come to where the deed is the next thing to do: for an approval a deal whose contract waits for it."""
    if kind == DEAL:
        return Deed(kind, number, "/workspace/messages", command(number))
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:

        async def post(path: str, **body: str) -> dict[str, Any]:
            answer = await client.post(f"/workspace/{path}", json=body)
            answer.raise_for_status()
            return dict(answer.json())

        line = f'/deal account:"Kill {number:05d}" 80k USD'
        echo = (await post("messages", channel="us", text=line, **{"as": REP}))["replies"][0]
        pressed = {"as": REP, "message": echo["id"], "button": _button(echo, "request")}
        card = (await post("actions", **pressed))["replies"][0]
    body = {"as": MANAGER, "message": card["id"], "button": _button(card, "approve"), "key": f"kill-{number}"}
    return Deed(kind, number, "/workspace/actions", body)


async def undisturbed(server: Server, database: Path, kind: str, number: int) -> int:
    """Do one while nothing happens; how many replies it has."""
    deed = await prepared(server.url, kind, number)
    said = await deed.do(server.url)
    faults = deed.wrong(database, said, len(said.replies))
    if faults:
        raise AssertionError(faults)
    return len(said.replies)


def _button(message: dict[str, Any], command: str) -> str:
    return next(str(button["id"]) for button in message["buttons"] if button["command"] == command)
