"""Linking: an account that nobody knows writes a code; an account that its platform ended is nobody's.

A code is one's own (known at once), an invitation (known once the manager says so) or the claim of an installation
(known as its administrator). Where the platform verified an account's address, whoever has it is asked, and one tap
makes the account theirs.
"""

import re
from collections.abc import Callable
from datetime import datetime

from bot.answering import Answer, Turn
from bot.pressing import UnknownButtonError, pressed_button
from models import audit
from models.cards import joining as card
from models.cards import setup as setup_card
from models.channels import Channel
from models.configuring import Changes
from models.context import Context
from models.inbox import Delivery, Outcome
from models.intent import draft
from models.joining import (
    AccountRequest,
    ThatIsMe,
    confirmers,
    identities_of,
    join,
    newcomers_chat,
    part,
    person_at,
)
from models.links import Purpose, Refused, take_code
from models.message import says
from models.people import Identity, PeopleIds, Person, people_in, with_account
from models.progress import UNNAMED, progress
from models.ranks import Rank
from models.schedules import local_day
from models.setup import slug
from models.succession import hand_on
from models.text import Text
from models.unit import Unit

_LINE = re.compile(
    r"\s*(?:@\S+[\s:,，]*)?[/!]?(?:link|绑定账号|绑定|start|setup|设置)(?:@\w+)?[\s:：]+([a-z0-9]{4}-?[a-z0-9]{4})\s*",
    re.IGNORECASE,
)


def code_in(text: str | None) -> str | None:
    """The code of a line that asks for a link: link K7QF-3MXP; none in any other line."""
    found = _LINE.fullmatch(text or "")
    return found[1] if found is not None else None


def link(turn: Turn, code: str, now: datetime, new_id: Callable[[], str]) -> Answer:
    """Take a code from an account that nobody knows, and do what it is for."""
    incoming, unit = turn.incoming, turn.unit
    found = take_code(unit, code, f"{incoming.platform}:{incoming.workspace}:{incoming.user}", now)
    if isinstance(found, Refused):
        unit.get_one(Delivery, turn.event_id).outcome = Outcome.REFUSED
        why = "unclaimed code" if found is Refused.WRONG and not _is_claimed(unit) else found.value
        _audit(turn, now, incoming.user, "refused", {"why": why})
        return Answer(turn.event_id, stranger=why)
    context = Context(unit, now, turn.event_id, new_id)
    if found.person is None and incoming.place.channel != incoming.user:
        _audit(turn, now, incoming.user, "refused", {"why": "public code"})
        return Answer(turn.event_id, stranger="public code")
    if found.purpose is Purpose.INVITATION and found.person is not None:
        return _ask_manager(turn, context, found.person)
    claimed = found.person is None
    before = people_in(unit, None, Rank.ADMIN)
    person = found.person or _administrator(turn, context)
    chat = _joined(turn, context, person)
    shown = setup_card.welcome(progress(unit, local_day("UTC", now))) if claimed else card.welcome(person)
    context.post(chat.id, shown, unasked=False)
    for each in before if claimed else ():
        context.tell(each.id, says(setup_card.another_administrator(incoming.platform)))
    _audit(turn, now, person.id, "installation.claimed" if claimed else "account.linked", {})
    return Answer(turn.event_id, frozenset(context.touched))


def _is_claimed(unit: Unit) -> bool:
    return bool(with_account(unit, [each.id for each in people_in(unit, None, Rank.ADMIN)]))


def _administrator(turn: Turn, context: Context) -> Person:
    """Whoever claims the installation: they name themselves and the company in the first step."""
    person = Person(id=slug("admin", PeopleIds(turn.unit)), name=UNNAMED, rank=Rank.ADMIN)
    _changes(turn, context, person.id).put(person)
    return turn.unit.get_one(Person, person.id)


def _joined(turn: Turn, context: Context, person: Person) -> Channel:
    incoming = turn.incoming
    return join(_changes(turn, context, person.id), person, incoming.platform, incoming.workspace, incoming.user)


def _ask_manager(turn: Turn, context: Context, person: Person) -> Answer:
    """Keep the account until the manager of the invited person, or an administrator, says that it is them."""
    incoming, unit = turn.incoming, turn.unit
    request = AccountRequest(
        platform=incoming.platform, workspace=incoming.workspace, user_id=incoming.user, person_id=person.id,
        asked_at=context.now,
    )  # fmt: skip
    unit.add(request)
    unit.flush()
    for each in confirmers(unit, person):
        context.tell(each.id, card.asks_to_confirm(request, person), card=card.request_card(request))
    _audit(turn, context.now, person.id, "account.asked", {})
    return Answer(turn.event_id, frozenset(context.touched), stranger="invited")


def recognise(turn: Turn, now: datetime, new_id: Callable[[], str]) -> Answer | None:
    """Ask an account whose address the platform verified whether it is the one who has that address.

    None where the address means nobody who lacks an account there, or where something else was pressed.
    """
    incoming, unit = turn.incoming, turn.unit
    where = incoming.platform, incoming.workspace
    person = person_at(unit, *where, incoming.email or "")
    taken = unit.get(Identity, (*where, incoming.user))
    chat = newcomers_chat(unit, *where, incoming.user) if person is not None and taken is None else None
    if person is None or chat is None:
        return None
    context = Context(unit, now, turn.event_id, new_id)
    if incoming.press is None:
        context.post(
            chat.id, card.asks_who(person), card=card.who_card(chat), visible_to=person.id, unasked=False
        )  # fmt: skip
        _audit(turn, now, incoming.user, "account.recognised", {})
        in_private = incoming.place.channel == incoming.user
        return Answer(turn.event_id, frozenset(context.touched), stranger=None if in_private else "recognised")
    if not _says_yes(unit, incoming.press.token, chat, person):
        return None
    _joined(turn, context, person)
    context.redraw(card.who_card(chat), card.is_them(person))
    context.post(chat.id, card.welcome(person), unasked=False)
    _audit(turn, now, person.id, "account.linked", {"by": "address"})
    return Answer(turn.event_id, frozenset(context.touched))


def _says_yes(unit: Unit, token: str, chat: Channel, person: Person) -> bool:
    """Whether a pressed button is the one with which this chat was asked for this person."""
    try:
        post, button = pressed_button(unit, token)
    except UnknownButtonError:
        return False
    return post.channel_id == chat.id and button.draft == draft(ThatIsMe(person.id))


def unlink(turn: Turn, now: datetime, new_id: Callable[[], str]) -> Answer:
    """End the rights of an account that its platform has deactivated, and tell the managers of its person."""
    incoming, unit = turn.incoming, turn.unit
    identity = unit.get(Identity, (incoming.platform, incoming.workspace, incoming.user))
    if identity is None:
        unit.get_one(Delivery, turn.event_id).outcome = Outcome.TALK
        return Answer(turn.event_id)
    person = unit.get_one(Person, identity.person_id)
    context = Context(unit, now, turn.event_id, new_id)
    part(_changes(turn, context, incoming.platform), identity)
    if not identities_of(unit, person.id):
        hand_on(context)
    line = Text(
        "{name}'s account in {platform} was deactivated or made a guest's; it can do nothing here any more.",
        name=person.name, platform=incoming.platform.title(),
    )  # fmt: skip
    for manager in people_in(unit, person.region_id, Rank.MANAGER) if person.region_id else ():
        if manager.id != person.id:
            context.tell(manager.id, says(line))
    _audit(turn, now, person.id, "account.ended", {})
    return Answer(turn.event_id, frozenset(context.touched))


def _changes(turn: Turn, context: Context, actor: str) -> Changes:
    return Changes(turn.unit, turn.event_id, context.now, actor)


def _audit(turn: Turn, now: datetime, actor: str, action: str, facts: dict[str, object]) -> None:
    audit.append(
        turn.unit, event_id=turn.event_id, at=now, actor=actor, action=action, subject=turn.incoming.platform,
        facts=facts,
    )  # fmt: skip
