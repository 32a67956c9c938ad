"""Degrading: how a post is said where a platform cannot edit, whisper, ask by a form or answer in a thread.

Cards and handlers know nothing of it: they say what they say everywhere. docs/adr/0024 tells the rules.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.directory import Snapshot
from bot.language import Reader, plain
from bot.platforms.base import Can, Outgoing
from bot.typed_forms import as_lines
from models.channels import Channel, ChannelKind
from models.message import Message
from models.money import Money
from models.outbox import Post, newest_face, post_of_message
from models.text import Mention, Percent, Text, verbatim

PAUSE = timedelta(hours=1)
"""How long figures of a message move before they are told anew."""
_NUMBERED = re.compile(r"[A-Z]-\d+")


def degraded(
    session: Session, outgoing: Outgoing, post: Post, can: Can, known: Snapshot, now: datetime
) -> Outgoing | datetime | None:
    """A post as a platform can say it; none where it has nothing to add, an instant where it may have by then."""
    if outgoing.edits is not None and not can.edits:
        news = _news(session, post, outgoing.channel, now)
        if not isinstance(news, Message):
            return news
        outgoing = replace(outgoing, message=news, edits=None, edited_post=None, parts=post.part_ids)
    if not can.forms and outgoing.message.form is not None:
        outgoing = replace(outgoing, message=as_lines(outgoing.message, post.edits or post.id or 0))
    if not can.threads:
        outgoing = replace(outgoing, message=_named(session, post, outgoing), thread=None)
    if not can.whispers and outgoing.visible_to is not None and outgoing.channel.kind is not ChannelKind.DIRECT:
        outgoing = _in_private(outgoing, outgoing.visible_to, known)
    return outgoing


def _news(session: Session, post: Post, channel: Channel, now: datetime) -> Message | datetime | None:
    """What a new face says that the last one did not; none for what its event says there anyway.

    A button that is new is news, and so is what is wrong with what somebody entered. Figures that moved are told after
    a pause, with what they are by then, and not to a whole region.
    """
    last = _last_said(session, post)
    face, before = post.message, last.message
    if face.form is not None and (face.form.errors or before.form is None):
        return face
    offered = [button.draft for button in before.buttons]
    can_press = any(button.draft not in offered for button in face.buttons)
    if not can_press and _is_said_beside(session, post, is_form=before.form is not None):
        return None
    said = list(_parts_of(before))
    others, shapes = [part for part in _parts_of(face) if part not in said], {_shape(part) for part in said}
    if not can_press and all(_shape(part) in shapes for part in others):
        told_at = last.sent_at or now
        newest = newest_face(session, session.get_one(Post, post.edits))
        if channel.kind is ChannelKind.REGION or not others or newest.id != post.id:
            return None
        if now < told_at + PAUSE:
            return told_at + PAUSE
    return _changed(face, before, with_buttons=can_press)


def _changed(face: Message, before: Message, *, with_buttons: bool) -> Message:
    """A face without what the last one said, but for its first line, which names the thing."""
    title, *others = face.lines or (verbatim(""),)
    return Message(
        lines=(title, *(line for line in others if line not in before.lines)),
        fields=tuple(field for field in face.fields if field not in before.fields),
        table=face.table if face.table != before.table else None,
        buttons=face.buttons if with_buttons else (),
    )


def _last_said(session: Session, post: Post) -> Post:
    """The row whose face of a message was said last before a new one."""
    said = (col(Post.edits) == post.edits) & col(Post.message_id).is_not(None) & (col(Post.id) < post.id)
    last = session.exec(select(Post).where(said).order_by(col(Post.id).desc())).first()
    return last or session.get_one(Post, post.edits)


def _is_said_beside(session: Session, post: Post, *, is_form: bool) -> bool:
    """Whether the event of a new face says in the same place, to the same readers, what became of the thing.

    That a form was sent is said by whatever it led to.
    """
    number = _number_of(post)
    beside = select(Post).where(
        Post.event_id == post.event_id, Post.channel_id == post.channel_id, col(Post.edits).is_(None),
        col(Post.visible_to).is_(None) | (col(Post.visible_to) == post.visible_to),
    )  # fmt: skip
    return any(
        is_form or other.thread_post == post.edits or (number is not None and names(other.message, number))
        for other in session.exec(beside)
    )


def _number_of(post: Post | None) -> str | None:
    """The number of the thing that a post's card shows."""
    found = _NUMBERED.match((post.card or "").partition(":")[2]) if post is not None else None
    return found[0] if found is not None else None


def names(message: Message, number: str) -> bool:
    """Whether a message says the number of a thing."""
    return any(re.search(rf"(?<![A-Za-z]){number}(?!\d)", plain(line, Reader())) for line in message.lines)


def _parts_of(message: Message) -> Iterable[object]:
    yield from message.lines
    yield from ((field.label, field.value) for field in message.fields)
    yield from message.table.rows if message.table is not None else ()


def _shape(value: object) -> object:
    """What a value says apart from its figures."""
    match value:
        case Text():
            return value.template, tuple((name, _shape(each)) for name, each in value.values.items())
        case tuple():
            return tuple(map(_shape, value))
        case int() | Money() | Percent() | date():
            return type(value)
    return value


def _named(session: Session, post: Post, outgoing: Outgoing) -> Message:
    """An answer from a thread, with the number of what the thread is about, where it does not say it itself."""
    shown = session.get_one(Post, post.edits) if post.edits is not None else post
    root = session.get(Post, shown.thread_post) if shown.thread_post else None
    if root is None and shown.thread:
        root = post_of_message(session, post.channel_id, shown.thread)
    number, message = _number_of(root), outgoing.message
    if number is None or names(message, number):
        return message
    first = message.lines[0] if message.lines else verbatim("")
    return replace(message, lines=(Text("{number}: {words}", number=number, words=first), *message.lines[1:]))


def _in_private(outgoing: Outgoing, person_id: str, known: Snapshot) -> Outgoing:
    """Say in one person's direct chat what the others of a group must not read; without one, say there only that."""
    channel, person = outgoing.channel, known.people[person_id]
    direct = next((one for one in known.channels.values() if _is_between(one, person_id, channel)), None)
    if direct is None:
        who = Mention(person.id, person.name)
        line = Text("{who}, my answer is for you alone: write to me in private once, then say it again.", who=who)
        return replace(outgoing, message=Message((line,)), visible_to=None)
    about = (Text("About {channel}:", channel=channel.name),) if channel.name else ()
    message = replace(outgoing.message, lines=(*about, *outgoing.message.lines))
    return replace(outgoing, channel=direct, message=message)


def _is_between(channel: Channel, person_id: str, beside: Channel) -> bool:
    is_there = (channel.platform, channel.workspace) == (beside.platform, beside.workspace)
    return is_there and channel.kind is ChannelKind.DIRECT and channel.person_id == person_id
