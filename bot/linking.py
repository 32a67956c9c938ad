"""Linking: somebody whom nobody knows writes a code, and is known from then on; an account that ends is nobody's."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from bot.answering import Answer, Turn
from bot.platforms.base import Incoming
from models import audit
from models.channels import Channel, ChannelKind
from models.context import Context
from models.inbox import Delivery, Outcome
from models.links import Refused, take_code
from models.message import says
from models.people import Identity, Person, people_in
from models.ranks import Rank
from models.text import Text

_LINE = re.compile(
    r"\s*(?:@\S+[\s:,，]*)?[/!]?(?:link|绑定账号|绑定|start)(?:@\w+)?[\s:：]+([a-z0-9]{4}-?[a-z0-9]{4})\s*",
    re.IGNORECASE,
)


def code_in(text: str | None) -> str | None:
    """The code of a line that asks for a link: link K7QF-3MXP; none in any other line."""
    found = _LINE.fullmatch(text or "")
    return found[1] if found is not None else None


def link(turn: Turn, code: str, now: datetime, new_id: Callable[[], str]) -> Answer:
    """Make the account known when the code is right, and say so in its direct chat."""
    incoming, unit = turn.incoming, turn.unit
    account = f"{incoming.platform}:{incoming.workspace}:{incoming.user}"
    found = take_code(unit, code, account, now)
    if isinstance(found, Refused):
        unit.get_one(Delivery, turn.event_id).outcome = Outcome.REFUSED
        _audit(turn, now, incoming.user, "refused", {"why": found.value})
        return Answer(turn.event_id, stranger=found.value)
    unit.add(
        Identity(platform=incoming.platform, workspace=incoming.workspace, user_id=incoming.user, person_id=found.id)
    )
    channel = _direct_chat(turn, found, new_id)
    unit.flush()
    context = Context(unit, now, turn.event_id, new_id)
    line = Text("You are linked: here you are {name}. Type `help` for what you can say.", name=found.name)
    context.post(channel.id, says(line), unasked=False)
    _audit(turn, now, found.id, "account.linked", {})
    return Answer(turn.event_id, frozenset(context.touched))


def unlink(turn: Turn, now: datetime, new_id: Callable[[], str]) -> Answer:
    """End the rights of an account that its platform has deactivated, and tell the managers of its person."""
    incoming, unit = turn.incoming, turn.unit
    identity = unit.get(Identity, (incoming.platform, incoming.workspace, incoming.user))
    if identity is None:
        unit.get_one(Delivery, turn.event_id).outcome = Outcome.TALK
        return Answer(turn.event_id)
    person = unit.get_one(Person, identity.person_id)
    unit.delete(identity)
    for chat in unit.exec(_chats_of(incoming)):
        chat.person_id = None
    unit.flush()
    context = Context(unit, now, turn.event_id, new_id)
    line = Text(
        "{name}'s account in {platform} was deactivated or made a guest's; it can do nothing here any more.",
        name=person.name, platform=incoming.platform.title(),
    )  # fmt: skip
    for manager in people_in(unit, person.region_id, Rank.MANAGER) if person.region_id else ():
        if manager.id != person.id:
            context.tell(manager.id, says(line))
    _audit(turn, now, person.id, "account.ended", {})
    return Answer(turn.event_id, frozenset(context.touched))


def _chats_of(incoming: Incoming) -> SelectOfScalar[Channel]:
    """The account's direct chat: nothing is sent there any more."""
    return select(Channel).where(
        Channel.platform == incoming.platform, Channel.workspace == incoming.workspace,
        Channel.external_id == incoming.user,
    )  # fmt: skip


def _direct_chat(turn: Turn, person: Person, new_id: Callable[[], str]) -> Channel:
    """A person's chat with the bot stands at their account; one that an earlier person left there is taken over."""
    incoming = turn.incoming
    left = turn.unit.exec(_chats_of(incoming)).first()
    chat = left or Channel(
        id=new_id(), platform=incoming.platform, workspace=incoming.workspace, external_id=incoming.user,
        kind=ChannelKind.DIRECT, name=person.name,
    )  # fmt: skip
    chat.name, chat.person_id = person.name, person.id
    turn.unit.add(chat)
    return chat


def _audit(turn: Turn, now: datetime, actor: str, action: str, facts: dict[str, object]) -> None:
    audit.append(
        turn.unit, event_id=turn.event_id, at=now, actor=actor, action=action, subject=turn.incoming.platform,
        facts=facts,
    )  # fmt: skip
