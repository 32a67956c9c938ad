"""The directory: who and what there is, in memory, for reading words and drawing messages.

A hint, never a right: rights and numbers are read from the rows inside the unit of work. It is read anew when one of
its rows was changed, and now and then for what somebody changed who does not say so. Customers are many, and only ever
more: of them those are read that are new.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session, select

from bot.clock import earlier_id
from bot.members import Members
from handlers.grammar.names import NameIndex, index_of, spellings
from models.accounts import Account, names_since
from models.calendars import Calendar
from models.channels import Channel
from models.homes import Home, calendar_of, home_of
from models.people import HeldDuty, Identity, Person
from models.ranks import Rank
from models.regions import Organisation, Region, Team, region_words, regions
from models.store import Store

FRESH_SECONDS = 5.0
CUSTOMERS_SECONDS = 0.5
"""Other processes' new customers are looked for no more often, since each of them may add many."""
ALL_SECONDS = 300.0
"""How often every customer is read."""
_WATCHED = (Organisation, Region, Team, Person, Identity, HeldDuty, Channel)
_TABLES = frozenset(str(kind.__tablename__) for kind in _WATCHED)
_CUSTOMERS = frozenset({str(Account.__tablename__)})
ANNOUNCED = _TABLES | _CUSTOMERS
"""What the directory is made of: processes tell each other of changes."""
LATE = timedelta(minutes=10)
"""An id may be so much older than one that was committed before: its unit of work waited, or a clock stands behind."""


@dataclass(frozen=True)
class Snapshot:
    """Everybody and everything of one moment; the rows are detached and must not be changed.

    `identities` give the person behind (platform, workspace, account), `accounts` the reverse, `handles` what a mention
    names on a platform.
    """

    company: Organisation | None
    regions: Mapping[str, Region]
    teams: Mapping[str, Team]
    people: Mapping[str, Person]
    duties: Mapping[str, tuple[str, ...]]
    identities: Mapping[tuple[str, str, str], str]
    accounts: Mapping[tuple[str, str, str], str]
    handles: Mapping[tuple[str, str], Mapping[str, str]]
    channels: Mapping[str, Channel]
    places: Mapping[tuple[str, str, str], Channel]
    person_words: Mapping[str, str]
    region_words: Mapping[str, str]
    _names: dict[tuple[str, str], NameIndex] = field(default_factory=dict)

    def person_of(self, platform: str, workspace: str, user_id: str) -> Person | None:
        """Who stands behind an account; none for a stranger or somebody who left."""
        person = self.people.get(self.identities.get((platform, workspace, user_id), ""))
        return person if person is not None and person.active else None

    def names_at(self, platform: str, workspace: str) -> NameIndex:
        """Whom words and handles name on a platform; put together once."""
        at = platform, workspace
        if at not in self._names:
            self._names[at] = index_of({**self.person_words, **self.handles.get(at, {})})
        return self._names[at]

    @property
    def is_claimed(self) -> bool:
        """Whether an administrator can be spoken to; until then the one with the server's terminal has the word."""
        here = (self.people[person_id] for person_id in set(self.identities.values()))
        return any(person.rank is Rank.ADMIN and person.active for person in here)

    def region_of(self, person: Person | None) -> Region | None:
        """The region that somebody belongs to."""
        return self.regions.get(person.region_id) if person is not None and person.region_id else None

    def home_of(self, person: Person | None, region: Region | None = None) -> Home:
        """Which zone, language, formats and currency hold for a person, or for a region's channel."""
        team = self.teams.get(person.team_id) if person is not None and person.team_id else None
        if self.company is None:
            return Home("UTC", "en", "en-US", "USD")
        return home_of(self.company, region or self.region_of(person), team, person)

    def called(self, kind: str, number: str) -> str:
        """The name of a person or region by its id; the id where there is none."""
        row = self.people.get(number) if kind == "person" else self.regions.get(number)
        return row.name if row is not None else number

    def calendar_of(self, person: Person) -> Calendar | None:
        """Whose holidays and working days hold for a person; none for somebody of headquarters."""
        region = self.region_of(person)
        team = self.teams.get(person.team_id) if person.team_id else None
        return calendar_of(region, team, person) if region else None


@dataclass
class Directory:
    """Keeps a snapshot and the index of the customers' names up to date."""

    store: Store
    monotonic: Callable[[], float] = time.monotonic
    accounts: NameIndex = field(default_factory=lambda: NameIndex({}))
    _snapshot: Snapshot | None = None
    _read_at: float = 0.0
    _changes: int = 0
    _newest: str = ""
    _are_customers_new: bool = False
    _customers_read_at: float = 0.0
    _all_read_at: float | None = None

    def __post_init__(self) -> None:
        self.store.watchers.append(self._changed)

    def now(self) -> Snapshot:
        """The newest snapshot."""
        known, at, changes = self._snapshot, self.monotonic(), self._changes
        self._look_for_customers(at)
        if known is None or at - self._read_at > FRESH_SECONDS:
            known = self.store.read(self._read)
            if changes == self._changes:  # else a row changed while it was read: read again next time
                self._snapshot, self._read_at = known, at
        return known

    def forget(self) -> None:
        """Read everything but the customers again when it is asked for."""
        self._snapshot, self._changes = None, self._changes + 1

    def follow(self, members: Members) -> None:
        """Hear of what other processes change."""
        members.listen(_TABLES, self.forget)
        members.listen(_CUSTOMERS, self._expect_customers)

    def _expect_customers(self) -> None:
        self._are_customers_new = True

    def _changed(self, rows: Iterable[object]) -> None:
        """Hear what the writer committed; runs in its thread."""
        for row in rows:
            if isinstance(row, Account):
                self.accounts.add(row.name)
            elif isinstance(row, _WATCHED):
                self.forget()

    def _look_for_customers(self, at: float) -> None:
        """Read the customers that are new, and now and then all: a clock that was wrong gives ids that hide others."""
        is_whole = self._all_read_at is not None and at - self._all_read_at <= ALL_SECONDS
        wait = CUSTOMERS_SECONDS if self._are_customers_new else FRESH_SECONDS
        if is_whole and at - self._customers_read_at <= wait:
            return
        self._are_customers_new = False
        first = earlier_id(self._newest, LATE) if is_whole else ""
        try:
            found = self.store.read(lambda session: names_since(session, first))
        except Exception:
            self._are_customers_new = True
            raise
        for number, name in found:
            self.accounts.add(name)
            self._newest = max(self._newest, number)
        self._customers_read_at = at
        self._all_read_at = self._all_read_at if is_whole else at

    def _read(self, session: Session) -> Snapshot:
        duties: dict[str, list[str]] = {}
        for each in session.exec(select(HeldDuty)):
            duties.setdefault(each.person_id, []).append(each.duty.value)
        people = {person.id: person for person in session.exec(select(Person))}
        channels = {channel.id: channel for channel in session.exec(select(Channel))}
        every = regions(session)
        identities = list(session.exec(select(Identity)))
        handles: dict[tuple[str, str], dict[str, str]] = {}
        for one in identities:
            handles.setdefault((one.platform, one.workspace), {})[one.user_id.casefold()] = one.person_id
        company = session.exec(select(Organisation)).first()
        snapshot = Snapshot(
            company=company,
            regions={region.id: region for region in every},
            teams={team.id: team for team in session.exec(select(Team))},
            people=people,
            duties={person_id: tuple(sorted(held)) for person_id, held in duties.items()},
            identities={(one.platform, one.workspace, one.user_id): one.person_id for one in identities},
            accounts={(one.platform, one.workspace, one.person_id): one.user_id for one in identities},
            handles=handles,
            channels=channels,
            places={(one.platform, one.workspace, one.external_id): one for one in channels.values()},
            person_words={
                word: person.id
                for person in sorted(people.values(), key=lambda one: one.active)
                for word in spellings(person.name)
            },  # of two of a name, the one who still works here
            region_words={
                each: region.id for region in every for word in region_words(region) for each in spellings(word)
            },
        )
        session.expunge_all()
        return snapshot
