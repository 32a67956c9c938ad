"""Who and what the workspace shows: people, the channels that each may see, and messages as records of the contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from bot.directory import Snapshot
from bot.platforms.web.lodging import PLATFORM
from models.channels import Channel, ChannelKind
from models.outbox import Post
from models.people import Person
from models.prepared import Prepared
from models.ranks import Rank
from models.workspace import BOT, WorkspaceMessage, messages_of, seen_by

BOT_NAME = "Regatta"
SHOWN = ("text", "fields", "table", "image", "buttons", "form")


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of the workspace with what reading and drawing for them needs."""

    person: Person
    language: str
    locale: str
    zone: str


def resident(known: Snapshot, person_id: str) -> Resident | None:
    """Find an active person; none for an unknown persona."""
    person = known.people.get(person_id)
    if person is None or not person.active:
        return None
    home = known.home_of(person)
    return Resident(person, home.language, home.locale, home.zone)


def people_records(known: Snapshot) -> list[dict[str, Any]]:
    """Everybody that one can act as: by region, there the manager first, then by id."""
    active = [person for person in known.people.values() if person.active]
    return [
        {
            "id": person.id,
            "name": person.name,
            "rank": person.rank.value,
            "duties": list(known.duties.get(person.id, ())),
            "region": person.region_id,
            "locale": known.home_of(person).locale,
        }
        for person in sorted(active, key=_standing)
    ]


_RANKS = {Rank.MANAGER: 0, Rank.REP: 1, Rank.HQ: 2, Rank.ADMIN: 3}


def _standing(person: Person) -> tuple[str, int, str]:
    return person.region_id or "~", _RANKS[person.rank], person.id


def channels_of(known: Snapshot, person: Person) -> list[Channel]:
    """The channels here that a person is in: HQ and administrators in all, others in their region's; their direct."""
    everywhere = person.rank in (Rank.HQ, Rank.ADMIN)
    here = [channel for channel in known.channels.values() if channel.platform == PLATFORM]
    mine = [channel for channel in here if _is_in(person, channel, everywhere=everywhere)]
    order = (ChannelKind.HQ, ChannelKind.REGION, ChannelKind.DIRECT)
    return sorted(mine, key=lambda channel: (order.index(channel.kind), channel.id))


def _is_in(person: Person, channel: Channel, *, everywhere: bool) -> bool:
    if channel.kind is ChannelKind.UNBOUND:
        return False
    if channel.kind is ChannelKind.DIRECT:
        return channel.person_id == person.id
    return everywhere or (channel.region_id is not None and channel.region_id == person.region_id)


def channel_record(channel: Channel) -> dict[str, Any]:
    """A channel as the contract has it."""
    return {"id": channel.id, "name": channel.name, "region": channel.region_id, "kind": channel.kind.value}


def message_record(message: WorkspaceMessage) -> dict[str, Any]:
    """A message as the contract has it."""
    return {
        "id": str(message.id),
        "channel": message.channel_id,
        "thread": str(message.thread) if message.thread else None,
        "author": message.author_id,
        **{name: message.body.get(name) for name in SHOWN},
        **{name: message.body[name] for name in ("attachment",) if message.body.get(name)},
        "visible_to": message.visible_to,
        "edited": message.edited,
        "at": message.at.isoformat(),
    }


def page_records(session: Session, messages: Sequence[WorkspaceMessage]) -> list[dict[str, Any]]:
    """Messages with what only the page shows: names, marked-up lines, how many replies."""
    names = dict(session.exec(select(Person.id, Person.name)).all())
    counts = _reply_counts(session, [message.id or 0 for message in messages])
    return [_page_record(message, names, counts) for message in messages]


def _page_record(message: WorkspaceMessage, names: Mapping[str, str], counts: Mapping[int, int]) -> dict[str, Any]:
    is_bot = message.author_id == BOT
    image = message.body.get("image")
    return message_record(message) | {
        "author_name": BOT_NAME if is_bot else names.get(message.author_id, message.author_id),
        "author_kind": "bot" if is_bot else "person",
        "lines": message.body.get("lines"),
        "image_alt": message.body.get("image_alt"),
        "image_dark": f"{image}?theme=dark" if image else None,
        "reply_count": counts.get(message.id or 0, 0),
    }


def newest_ids(session: Session, person: Person) -> dict[str, int]:
    """The newest message of each channel that a person can see and did not write."""
    newest = select(WorkspaceMessage.channel_id, func.max(WorkspaceMessage.id)).where(
        seen_by(person.id), col(WorkspaceMessage.author_id) != person.id
    )
    return {channel: id_ or 0 for channel, id_ in session.exec(newest.group_by(WorkspaceMessage.channel_id))}


def _reply_counts(session: Session, roots: Sequence[int]) -> dict[int, int]:
    replies = select(WorkspaceMessage.thread, func.count()).where(
        col(WorkspaceMessage.thread).in_(roots), col(WorkspaceMessage.visible_to).is_(None)
    )
    return {root: count for root, count in session.exec(replies.group_by(col(WorkspaceMessage.thread))) if root}


_POSTED = Prepared(
    lambda _: (
        select(Post.message_id)
        .join(Channel, col(Channel.id) == Post.channel_id)
        .where(Channel.platform == PLATFORM, Post.event_id == bindparam("event_id"))
        .where(col(Post.message_id).is_not(None))
        .order_by(col(Post.id))
    )
)


def replies_of(session: Session, known: Snapshot, event_id: str, person: Person) -> list[WorkspaceMessage]:
    """Every message that an event posted or edited and that a person may see, in the order of the posts."""
    ids = list(dict.fromkeys(int(message_id) for (message_id,) in _POSTED.rows(session, event_id=event_id)))
    return sorted(visible(session, known, ids, person), key=lambda message: ids.index(message.id or 0))


def visible(session: Session, known: Snapshot, ids: Sequence[int], person: Person) -> list[WorkspaceMessage]:
    """Those of the messages that a person may see, in order."""
    places = {channel.id for channel in channels_of(known, person)}
    found = messages_of(session, ids)
    return [one for one in found if one.channel_id in places and one.visible_to in (None, person.id)]
