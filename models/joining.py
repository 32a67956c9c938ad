"""Joining and leaving: an account becomes a person's, with a direct chat there; who leaves keeps their history.

A person's chat with the bot stands at their account on every platform but the web, whose chats have their own names.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.approvals import ApprovalRequest, open_requests
from models.channels import Channel, ChannelKind
from models.columns import UtcDateTime
from models.configuring import Changes
from models.deals import Deal
from models.intent import intent
from models.links import LinkCode
from models.outbox import give_up_waiting
from models.people import Identity, Person, people_in, with_account
from models.ranks import Rank
from models.slots import Colleague
from models.stages import Stage
from models.visits import Visit


@intent("invite")
@dataclass(frozen=True, slots=True)
class Invite:
    """Make an invitation for a person: a code that makes an account theirs, once their manager says so."""

    person: Colleague


@intent("confirm_account")
@dataclass(frozen=True, slots=True)
class ConfirmAccount:
    """Say that an account which took an invitation is the person's."""

    request: int


@intent("refuse_account")
@dataclass(frozen=True, slots=True)
class RefuseAccount:
    """Say that an account which took an invitation is somebody else's."""

    request: int


@intent("that_is_me")
@dataclass(frozen=True, slots=True)
class ThatIsMe:
    """Say that one's account is the person's who has its verified address."""

    person: str


@intent("leaver")
@dataclass(frozen=True, slots=True)
class Leave:
    """End somebody's rights on every platform at once."""

    person: Colleague
    sure: bool = False


class AccountRequest(SQLModel, table=True):
    """An account that took a person's invitation and waits for their manager's word."""

    __tablename__ = "account_request"
    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    user_id: str
    person_id: str = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def join(changes: Changes, person: Person, platform: str, workspace: str, user_id: str) -> Channel:
    """Make an account a person's; their direct chat there, perhaps one that an earlier person left.

    Whatever the account asked for before is settled with it.
    """
    settle_requests(changes.session, changes.at, platform, workspace, user_id)
    changes.put(Identity(platform=platform, workspace=workspace, user_id=user_id, person_id=person.id))
    chat = chat_at(changes.session, platform, workspace, user_id)
    kept = chat.id if chat is not None else f"{platform}:{workspace}:{user_id}"
    changes.put(
        Channel(
            id=kept, platform=platform, workspace=workspace, external_id=user_id, kind=ChannelKind.DIRECT,
            name=person.name, person_id=person.id,
        )
    )  # fmt: skip
    return changes.session.get_one(Channel, kept)


def holder_of(session: Session, request: AccountRequest) -> Person | None:
    """Whose an account is by now."""
    identity = session.get(Identity, (request.platform, request.workspace, request.user_id))
    return session.get(Person, identity.person_id) if identity is not None else None


def settle_requests(session: Session, at: datetime, platform: str, workspace: str, user_id: str) -> None:
    """Answer what an account asked for: it is somebody's now, or nobody's."""
    asked = (
        col(AccountRequest.platform) == platform, col(AccountRequest.workspace) == workspace,
        col(AccountRequest.user_id) == user_id, col(AccountRequest.settled_at).is_(None),
    )  # fmt: skip
    session.execute(update(AccountRequest).where(*asked).values(settled_at=at))


def end_invitations(session: Session, at: datetime, person_id: str) -> None:
    """Let no code and no request make an account this person's any more."""
    session.execute(delete(LinkCode).where(col(LinkCode.person_id) == person_id))
    waits = col(AccountRequest.person_id) == person_id, col(AccountRequest.settled_at).is_(None)
    session.execute(update(AccountRequest).where(*waits).values(settled_at=at))


def confirmers(session: Session, person: Person) -> list[Person]:
    """Who says whether an account is a person's: a rep's managers who are in, else the administrators.

    Nobody says it of themselves but an administrator who is the only one.
    """
    every = people_in(session, person.region_id, Rank.MANAGER) if person.rank is Rank.REP else []
    here = with_account(session, [each.id for each in every])
    managers = [each for each in every if each.id in here]
    able = [each for each in managers or people_in(session, None, Rank.ADMIN) if each.id != person.id]
    return able or people_in(session, None, Rank.ADMIN)


def part(changes: Changes, identity: Identity) -> None:
    """Make an account nobody's: it can do nothing, and nothing is sent to its direct chat, nor what waits for it."""
    chat = chat_at(changes.session, identity.platform, identity.workspace, identity.user_id)
    if chat is not None and chat.person_id is not None:
        changes.put(Channel(**{**chat.model_dump(), "person_id": None}))
        give_up_waiting(changes.session, chat.id)
    changes.drop(identity)


def person_at(session: Session, platform: str, workspace: str, email: str) -> Person | None:
    """Whom a verified address means: the one active person who has it, while they have no account in that place."""
    query = select(Person).where(col(Person.active), func.lower(Person.email) == email.strip().lower())
    found = session.exec(query).all()
    if len(found) != 1:
        return None
    theirs = select(Identity).where(
        Identity.platform == platform, Identity.workspace == workspace, Identity.person_id == found[0].id
    )
    return None if session.exec(theirs).first() is not None else found[0]


def newcomers_chat(session: Session, platform: str, workspace: str, user_id: str) -> Channel | None:
    """The direct chat of an account that nobody knows, made where there is none; none if the place is somebody's."""
    chat = chat_at(session, platform, workspace, user_id)
    if chat is None:
        chat = Channel(
            id=f"{platform}:{workspace}:{user_id}", platform=platform, workspace=workspace, external_id=user_id,
            kind=ChannelKind.DIRECT, name="",
        )  # fmt: skip
        session.add(chat)
        session.flush()
    return chat if chat.kind is ChannelKind.DIRECT and chat.person_id is None else None


def chat_at(session: Session, platform: str, workspace: str, user_id: str) -> Channel | None:
    """The chat at a place of a platform."""
    query = select(Channel).where(
        Channel.platform == platform, Channel.workspace == workspace, Channel.external_id == user_id
    )
    return session.exec(query).first()


def identities_of(session: Session, person_id: str) -> list[Identity]:
    """A person's accounts."""
    query = select(Identity).where(Identity.person_id == person_id)
    return list(session.exec(query.order_by(Identity.platform, Identity.workspace, Identity.user_id)))


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What somebody who leaves has open: deals with the customer's id, requests of theirs, visits that were planned."""

    deals: tuple[Deal, ...]
    requests: tuple[ApprovalRequest, ...]
    visits: tuple[Visit, ...]


def trustees(session: Session, person: Person) -> list[Person]:
    """Who can move the open deals of somebody who leaves: the other managers of the region, else headquarters."""
    managers = people_in(session, person.region_id, Rank.MANAGER) if person.region_id else []
    return [one for one in managers if one.id != person.id] or [
        one for one in people_in(session, None, Rank.HQ) if one.id != person.id
    ]


def leftovers(session: Session, person_id: str) -> Leftovers:
    """Collect what stays open when somebody leaves."""
    mine = select(Deal).where(Deal.owner_id == person_id, col(Deal.void).is_(False))
    mine = mine.where(col(Deal.stage).is_(None) | col(Deal.stage).not_in((Stage.WON, Stage.LOST)))
    visits = select(Visit).where(
        Visit.owner_id == person_id, col(Visit.next_on).is_not(None), col(Visit.done_at).is_(None)
    )
    return Leftovers(
        tuple(session.exec(mine.order_by(col(Deal.amount_minor).desc(), Deal.id))),
        tuple(request for request, _ in open_requests(session) if request.requester_id == person_id),
        tuple(session.exec(visits.order_by(col(Visit.next_on)))),
    )
