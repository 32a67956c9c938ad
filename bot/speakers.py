"""Who speaks, from where: the facts about a person and a place that reading and handling their words needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.directory import Directory
from bot.platforms.base import Incoming
from bot.understanding import Speaker
from handlers.grammar.names import with_self
from handlers.grammar.reading import ReadingContext
from models.accounts import find_account
from models.approvals import ApprovalRequest, newest_request_of
from models.cards.deal import summary
from models.cards.refusal import why_not
from models.channels import Channel, ChannelKind
from models.context import Asked
from models.deals import Deal, visible
from models.deciding import case_of, person_facts
from models.joining import chat_at
from models.outbox import post_of_message
from models.people import Person, duties_of, find_person
from models.ranks import Rank
from models.rules.approval import RequestState
from models.schedules import local_day
from models.store import Store
from models.text import Text
from models.unit import Unit

MOST_DEALS = 5
UNKNOWN_PERSON, UNKNOWN_CHANNEL, UNCLAIMED = "unknown person", "unknown channel", "unclaimed"
CARD_SLOTS = {"deal": "deal", "approval": "request", "policy": "policy", "visit": "visit", "standup": "standup"}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody without a person behind the account, or a place that the bot does not know."""

    why: str

    @property
    def is_nobody(self) -> bool:
        """Whether it is the person who is not known, and not the place alone."""
        return self.why in (UNKNOWN_PERSON, UNCLAIMED)


class Speakers:
    """Finds speakers: from the directory for reading their words, from the rows for what they may do."""

    def __init__(self, clock: Clock, directory: Directory) -> None:
        self._clock = clock
        self._directory = directory
        self.link_address: str | None = None
        """Where one tap links an account once the code stands behind it, on a platform that has such addresses."""
        self.app_name: str | None = None
        """What the bot is called where people find it among their apps, on a platform that has such a list."""

    def find(self, store: Store, incoming: Incoming) -> Speaker | Unknown:
        """Collect what reading the words needs."""
        known = self._directory.now()
        person = known.person_of(incoming.platform, incoming.workspace, incoming.user)
        channel = known.places.get((incoming.platform, incoming.workspace, incoming.place.channel))
        is_unbound = channel is None or channel.kind is ChannelKind.UNBOUND
        if person is None:
            return Unknown(UNKNOWN_PERSON if known.is_claimed else UNCLAIMED)
        if is_unbound and person.rank is not Rank.ADMIN:
            return Unknown(UNKNOWN_CHANNEL)
        home = known.home_of(person)
        reading = ReadingContext(
            today=local_day(home.zone, self._clock.now()),
            locale=home.locale,
            currency=home.currency,
            accounts=self._directory.accounts,
            people=with_self(person.id, known.names_at(incoming.platform, incoming.workspace)),
            regions=known.region_words,
            zone=home.zone,
            calendar=known.calendar_of(person),
        )
        thread = incoming.place.thread
        return Speaker(
            reading,
            channel is not None and channel.kind is ChannelKind.DIRECT,
            subject=_subject_of(store, channel, thread),
            deals_of=lambda name: store.read(lambda session: _deals_of(session, person, name)),
            request_on=lambda number: store.read(lambda session: _request_on(session, person, number)),
            decides=lambda number: store.read(lambda session: _decides(session, person, number, self._clock.now())),
            sells=person.rank is not Rank.ADMIN,
            called=known.called,
            at_home=channel is not None and channel.region_id is not None and channel.region_id == person.region_id,
        )

    def asked(self, unit: Unit, incoming: Incoming, event_id: str, now: datetime, new_id: Callable[[], str]) -> Asked:
        """Load the asker afresh inside the unit of work: rights count as they are now."""
        person = find_person(unit, incoming.platform, incoming.workspace, incoming.user)
        known = self._directory.now()
        channel = known.places.get((incoming.platform, incoming.workspace, incoming.place.channel))
        if channel is None and person is not None and person.rank is Rank.ADMIN:
            channel = _unbound(unit, incoming)
        if person is None or channel is None:
            msg = "the speaker was there a moment ago"
            raise LookupError(msg)
        home = known.home_of(person)
        return Asked(
            session=unit, now=now, event_id=event_id, new_id=new_id, person=person,
            duties=duties_of(unit, person.id), region=known.region_of(person), channel=channel,
            thread=incoming.place.thread, zone=home.zone, currency=home.currency, language=home.language,
            link_address=self.link_address, app_name=self.app_name, alike=self._directory.accounts.similar,
        )  # fmt: skip


def _unbound(unit: Unit, incoming: Incoming) -> Channel:
    """The channel where an administrator speaks and that is not bound yet, so that they can bind it."""
    platform, workspace, place = incoming.platform, incoming.workspace, incoming.place.channel
    channel = chat_at(unit, platform, workspace, place)
    if channel is None:
        channel = Channel(
            id=f"{platform}:{workspace}:{place}", platform=platform, workspace=workspace, external_id=place,
            kind=ChannelKind.UNBOUND, name="",
        )  # fmt: skip
        unit.add(channel)
        unit.flush()
    return channel


def _deals_of(session: Session, person: Person, name: str) -> list[tuple[str, Text]]:
    """The newest deals with a customer that count and that the person may see, each with its line."""
    account = find_account(session, name)
    if account is None:
        return []
    query = select(Deal).where(Deal.account_id == account.id, col(Deal.void).is_(False), visible(person))
    newest = session.exec(query.order_by(col(Deal.created_at).desc(), col(Deal.id).desc()).limit(MOST_DEALS))
    return [(deal.id, summary(deal, account)) for deal in newest]


def _request_on(session: Session, person: Person, number: str) -> str | None:
    """The newest request for a deal, if the person may see the deal."""
    seen = session.exec(select(Deal.id).where(Deal.id == number, visible(person))).first()
    newest = newest_request_of(session, seen) if seen is not None else None
    return newest.id if newest is not None else None


def _decides(session: Session, person: Person, number: str, now: datetime) -> bool:
    """Whether a request waits for a person's decision."""
    request = session.get(ApprovalRequest, number)
    if request is None or request.state is not RequestState.PENDING:
        return False
    return why_not(case_of(session, request, now), person_facts(session, person)) is None


def _subject_of(store: Store, channel: Channel | None, thread: str | None) -> dict[str, str | int]:
    if channel is None or thread is None:
        return {}
    return store.read(lambda session: _subject(session, channel.id, thread))


def _subject(session: Session, channel_id: str, thread: str) -> dict[str, str | int]:
    """What the thread is about: the card that its root message shows, and the newest request for that deal."""
    root = post_of_message(session, channel_id, thread)
    if root is None or root.card is None:
        return {}
    kind, _, number = root.card.partition(":")
    slot = CARD_SLOTS.get(kind)
    if slot is None:
        return {}
    number, _, entry = number.partition(":")
    subject: dict[str, str | int] = {slot: number}
    if slot == "deal" and entry:
        subject["entry"] = int(entry)
    newest = newest_request_of(session, number) if slot == "deal" else None
    return subject | ({"request": newest.id} if newest is not None else {})
