"""What is due in a channel: its messages in order, each with what it is drawn from and sent with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.degrading import degraded
from bot.directory import Directory, Snapshot
from bot.language import Reader
from bot.platforms.base import Outgoing, Platform
from bot.turns import Haste
from models.channels import Channel, ChannelKind
from models.outbox import OutboxState, Post, holds_secret
from models.sending import waiting

BATCH = 50
WAITS = ""  # no platform gives a message an empty id


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A post whose row cannot be read."""

    post_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A new face that adds nothing, where a message cannot be changed; with `until` it may by then."""

    post_id: int
    until: datetime | None


Due = Outgoing | Unreadable | Unsaid


def due_in(
    session: Session,
    channel_id: str,
    now: datetime,
    directory: Directory,
    platforms: Mapping[str, Platform],
    haste: Haste,
    sender: int,
) -> tuple[list[Due], bool]:
    """The posts that may go now, up to the first that changes or answers one that is not sent, and if it is all.

    Where somebody waits for one of them, the haste of the channel begins. What another process sends comes first, too.
    """
    found: list[Due] = []
    changed: set[int | None] = set()
    posts = waiting(session, now, channel_id, BATCH, sender)
    if any(not post.unasked for post in posts):
        haste.begin()
    for post in posts:
        if post.sender != sender:
            break
        shown = session.get_one(Post, post.edits) if post.edits is not None else post
        root, first = _sent(session, shown.thread_post), _sent(session, post.edits)
        again = post.edits is not None and post.edits in changed  # a later face never overtakes an earlier one
        if root is WAITS or first is WAITS or again:
            break
        changed.add(post.edits)
        try:
            whole = _outgoing(directory.now(), post, shown, root, first, haste)
            can = platforms[whole.channel.platform].can
            said = degraded(session, whole, post, can, directory.now(), now)
            found.append(said if isinstance(said, Outgoing) else Unsaid(whole.post_id, said))
        except Exception as error:  # noqa: BLE001  one row that cannot be read must not stop the others
            found.append(Unreadable(post.id or 0, f"{type(error).__name__}: {error}"))
    return found, len(found) == len(posts) < BATCH


def reader_of(known: Snapshot, channel: Channel, visible_to: str | None) -> Reader:
    """Who reads a post: the one person who sees it, else the channel's region, else the company."""
    person = known.people.get(visible_to or (channel.person_id if channel.kind is ChannelKind.DIRECT else None) or "")
    home = known.home_of(person, None if person else known.regions.get(channel.region_id or ""))
    return Reader(home.language, home.locale, home.zone)


def _outgoing(known: Snapshot, post: Post, shown: Post, root: str | None, first: str | None, haste: Haste) -> Outgoing:
    channel = known.channels[post.channel_id]
    return Outgoing(
        post_id=post.id or 0, event_id=post.event_id, channel=channel, message=post.message,
        reader=reader_of(known, channel, post.visible_to), thread=shown.thread or root, edits=first,
        visible_to=post.visible_to, parts=post.part_ids or (shown.part_ids if first else ()), edited_post=post.edits,
        doubtful=post.doubtful, holds_secret=holds_secret(post.body), haste=haste,
    )  # fmt: skip


def _sent(session: Session, post_id: int | None) -> str | None:
    """The platform's id of an earlier post; none without one or when it never arrived, WAITS while it is on its way."""
    if post_id is None:
        return None
    post = session.get_one(Post, post_id)
    return WAITS if post.state is OutboxState.WAITING else post.message_id
