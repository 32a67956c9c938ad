"""Who speaks, from where: the facts about a person and a place that reading and handling their words needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from bot.clock import Clock
from bot.platforms.base import Incoming
from bot.understanding import Speaker
from handlers.grammar.reading import ReadingContext
from models.accounts import Account
from models.channels import Channel, ChannelKind
from models.context import Asked
from models.outbox import post_of_message
from models.people import Person, duties_of, find_person
from models.regions import Region, organisation, regions
from models.schedules import local_day
from models.store import Unit

CARD_SLOTS = {"deal": "deal", "approval": "request", "policy": "policy", "visit": "visit", "standup": "standup"}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody without a person behind the account, or a place that the bot does not know."""

    why: str


class Speakers:
    """Finds speakers; remembers account names, as a hint for reading only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accounts: tuple[str, ...] = ()

    def find(self, session: Session, incoming: Incoming) -> Speaker | Unknown:
        """Collect what reading the words needs."""
        person = find_person(session, incoming.platform, incoming.workspace, incoming.user)
        channel = find_channel(session, incoming)
        if person is None or channel is None:
            return Unknown("unknown person" if person is None else "unknown channel")
        region = session.get(Region, person.region_id) if person.region_id else None
        company = organisation(session)
        zone = person.zone or (region.zone if region else company.zone)
        reading = ReadingContext(
            today=local_day(zone, self._clock.now()),
            locale=region.locale if region else company.locale,
            currency=region.currency if region else company.currency,
            accounts=self._known_accounts(session),
            people={"me": person.id, "我": person.id} | {name.casefold(): id_ for id_, name in _names(session)},
            regions=_region_words(session),
            zone=zone,
        )
        return Speaker(
            reading,
            channel.kind is ChannelKind.DIRECT,
            subject=_subject(session, channel, incoming),
            at_home=channel.region_id is not None and channel.region_id == person.region_id,
        )

    def asked(self, unit: Unit, incoming: Incoming, event_id: str, now: datetime, new_id: Callable[[], str]) -> Asked:
        """Load the asker afresh inside the unit of work: rights count as they are now."""
        person = find_person(unit, incoming.platform, incoming.workspace, incoming.user)
        channel = find_channel(unit, incoming)
        if person is None or channel is None:
            msg = "the speaker was there a moment ago"
            raise LookupError(msg)
        region = unit.get(Region, person.region_id) if person.region_id else None
        company = organisation(unit)
        return Asked(
            session=unit, now=now, event_id=event_id, new_id=new_id, person=person,
            duties=duties_of(unit, person.id), region=region, channel=channel, thread=incoming.place.thread,
            zone=person.zone or (region.zone if region else company.zone),
            currency=region.currency if region else company.currency,
            language=person.language or (region.language if region else company.language),
        )  # fmt: skip

    def _known_accounts(self, session: Session) -> tuple[str, ...]:
        count = session.exec(select(func.count()).select_from(Account)).one()
        if count != len(self._accounts):
            self._accounts = tuple(session.exec(select(Account.name)))
        return self._accounts


def find_channel(session: Session, incoming: Incoming) -> Channel | None:
    """The channel that a delivery came from."""
    query = select(Channel).where(Channel.platform == incoming.platform, Channel.workspace == incoming.workspace)
    return session.exec(query.where(Channel.external_id == incoming.place.channel)).first()


def _names(session: Session) -> list[tuple[str, str]]:
    return list(session.exec(select(Person.id, Person.name)).all())


def _region_words(session: Session) -> dict[str, str]:
    words = {}
    for region in regions(session):
        for word in (region.id, region.name, *region.name.split()):
            words[word.casefold()] = region.id
    return words


def _subject(session: Session, channel: Channel, incoming: Incoming) -> dict[str, str]:
    """What the thread is about: the card that its root message shows."""
    if incoming.place.thread is None:
        return {}
    root = post_of_message(session, channel.id, incoming.place.thread)
    if root is None or root.card is None:
        return {}
    kind, _, number = root.card.partition(":")
    slot = CARD_SLOTS.get(kind)
    return {slot: number.partition(":")[0]} if slot else {}
