"""Configuring: what the company is set up as changes here alone, each row with what stood there before.

Chat, the configuration file and the import all write through `Changes`; what one event changed can therefore be shown,
and taken back while nothing of it has changed since.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import Field, Session, SQLModel, col, select

from models.approvals import ApprovalRuleRow
from models.channels import Channel
from models.codec import of_json, to_json
from models.columns import UtcDateTime
from models.money import Money
from models.people import HeldDuty, Identity, Person
from models.regions import Organisation, PersonDataAgreement, Rate, Region, Team
from models.rules.attainment import Measure
from models.schedules import Schedule
from models.splitting import clear_year, is_still, put_split, split_of, split_year
from models.targets import Scope, target

CONFIGURED: tuple[type[SQLModel], ...] = (
    Organisation, Region, PersonDataAgreement, Team, Rate, Person, HeldDuty, Identity, Channel, ApprovalRuleRow,
    Schedule,
)  # fmt: skip
"""What a configuration is made of, each after what it refers to."""

YEARLY_TARGET, TARGET_SPLIT = "yearly_target", "target_split"
_NOT_SAID = {"button_key", "is_demo", "clock_offset_seconds"}


class ConfigChange(SQLModel, table=True):
    """One row of the configuration that an event changed: its table, key, and its facts before and after as JSON.

    `undoes` is the event that it took back.
    """

    __tablename__ = "config_change"
    id: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    kind: str
    key: str
    before: str | None = None
    after: str | None = None
    undoes: str | None = Field(default=None, index=True)


class ChangedSinceError(Exception):
    """Raised when something is to go back that was changed again since: its kind and key."""

    def __init__(self, change: ConfigChange) -> None:
        super().__init__(f"{change.kind} {change.key} was changed since")
        self.change = change


class LetsInError(Exception):
    """Raised when taking a step back would give somebody rights again that were ended."""


class InUseError(Exception):
    """Raised when something is to be removed that other rows refer to: its kind and key."""

    def __init__(self, row: SQLModel, table: str) -> None:
        super().__init__(f"{table_of(type(row)).name} {'/'.join(map(str, key_of(row)))} is used by {table}")


@dataclass
class Changes:
    """The changes of one event; `count` is how many rows are different now.

    `may_let_in` allows to take back what ended somebody's rights; in chat only a new invitation lets them in again.
    """

    session: Session
    event_id: str
    at: datetime
    actor: str
    count: int = 0
    undoes: str | None = None
    may_let_in: bool = False

    def put(self, row: SQLModel) -> bool:
        """Make a row stand as it is given; whether that changed anything."""
        stored = self.session.get(type(row), key_of(row))
        if stored is row:
            raise ValueError("give a row of its own, not the stored one that was changed")
        before, after = facts_of(stored), facts_of(row)
        if before == after:
            return False
        if stored is None:
            self.session.add(row)
        else:
            for column in _columns(type(row)):
                setattr(stored, column.key, getattr(row, column.key))
            self.session.add(stored)
        self.session.flush()
        self._note(type(row), key_of(row), before, after)
        return True

    def drop(self, row: SQLModel) -> None:
        """Remove a stored row, a person with their accounts; raise InUseError while others refer to it."""
        if isinstance(row, Person):
            for kind in (Identity, Channel):
                for own in self.session.exec(select(kind).where(kind.person_id == row.id)).all():
                    self.drop(own)
        user = next(_users(self.session, row), None)
        if user is not None:
            raise InUseError(row, user)
        before, key = facts_of(row), key_of(row)
        self.session.delete(row)
        self.session.flush()
        self._note(type(row), key, before, None)

    def set_target(self, region: Region, year: int, amount: Money | None) -> bool:
        """Give a region its target for a year, split below it, or take it away; whether that changed anything."""
        if target(self.session, Scope.REGION, region.id, str(year), Measure.SIGNED) == amount:
            return False
        before = split_of(self.session, region, year, Measure.SIGNED)
        if amount is None:
            clear_year(self.session, region, year, Measure.SIGNED)
        else:
            split_year(self.session, region, year, amount, Measure.SIGNED)
        self._note_target(YEARLY_TARGET, region, year, before)
        return True

    def split_anew(self, region: Region, year: int) -> bool:
        """Split a region's target for a year anew among those who are there; whether that changed anything."""
        before = split_of(self.session, region, year, Measure.SIGNED)
        if before is None:
            return False
        split_year(self.session, region, year, Money(before["minor"], before["currency"]), Measure.SIGNED)
        if split_of(self.session, region, year, Measure.SIGNED) == before:
            return False
        self._note_target(TARGET_SPLIT, region, year, before)
        return True

    def take_back(self, event_id: str) -> None:
        """Put everything back that an event changed; raise ChangedSinceError or InUseError, for the unit to undo."""
        self.undoes = event_id
        query = select(ConfigChange).where(ConfigChange.event_id == event_id).order_by(col(ConfigChange.id).desc())
        for change in self.session.exec(query).all():
            if change.kind in (YEARLY_TARGET, TARGET_SPLIT):
                self._take_back_target(change)
            else:
                self._take_back_row(change)

    def _take_back_row(self, change: ConfigChange) -> None:
        kind = next(each for each in CONFIGURED if table_of(each).name == change.kind)
        stored = self.session.get(kind, tuple(of_json(json.loads(change.key))))
        if facts_of(stored) != _facts(change.after):
            raise ChangedSinceError(change)
        before = _facts(change.before)
        if before is not None and not _stands_on_rows(self.session, kind, before):
            raise ChangedSinceError(change)
        if before is not None and not self.may_let_in and _lets_in(change.kind, before, stored):
            raise LetsInError
        if before is not None:
            self.put(kind(**{**({} if stored is None else stored.model_dump()), **before}))
        elif stored is not None:
            self.drop(stored)

    def _take_back_target(self, change: ConfigChange) -> None:
        region_id, year = json.loads(change.key)
        before, after = _facts(change.before), _facts(change.after)
        region = self.session.get(Region, region_id)
        now = None if region is None else split_of(self.session, region, year, Measure.SIGNED)
        if region is not None and now is None and change.kind == TARGET_SPLIT:
            return  # whoever took the target away since brings it back with that split
        if region is None or not is_still(now, after):
            raise ChangedSinceError(change)
        if not put_split(self.session, region, year, before, Measure.SIGNED):
            raise ChangedSinceError(change)
        self._note_target(change.kind, region, year, now)

    def _note_target(self, kind: str, region: Region, year: int, before: dict[str, Any] | None) -> None:
        """Record a target with its split, where there is one to come back to."""
        amount = target(self.session, Scope.REGION, region.id, str(year), Measure.SIGNED)
        after: dict[str, Any] | None = None
        if before is not None:
            after = split_of(self.session, region, year, Measure.SIGNED)
        elif amount is not None:
            after = {"minor": amount.minor, "currency": amount.currency}
        self._record(kind, (region.id, year), before, after)

    def _note(
        self, kind: type[SQLModel], key: tuple[Any, ...], before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        self._record(table_of(kind).name, key, before, after)

    def _record(
        self, kind: str, key: tuple[Any, ...], before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        self.count += 1
        self.session.add(
            ConfigChange(
                event_id=self.event_id, at=self.at, actor=self.actor, kind=kind, key=_written(key) or "",
                before=_written(before), after=_written(after), undoes=self.undoes,
            )
        )  # fmt: skip
        self.session.flush()


def _lets_in(kind: str, before: dict[str, Any], stored: SQLModel | None) -> bool:
    """Whether a row as it was gives rights that it gives no more: an account, or a person who was active."""
    if kind == table_of(Identity).name:
        return True
    return isinstance(stored, Person) and bool(before["active"]) and not stored.active


def facts_of(row: SQLModel | None) -> dict[str, Any] | None:
    """What a row of the configuration says; none for no row."""
    return None if row is None else {column.key: getattr(row, column.key) for column in _columns(type(row))}


def _columns(kind: type[SQLModel]) -> Iterator[Column[Any]]:
    return (column for column in table_of(kind).columns if column.key not in _NOT_SAID)


def table_of(kind: type[SQLModel]) -> Table:
    """The table of a kind of rows."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table


def key_of(row: SQLModel) -> tuple[Any, ...]:
    """What tells a row from the others of its table."""
    return tuple(getattr(row, column.key) for column in table_of(type(row)).primary_key)


def _users(session: Session, row: SQLModel) -> Iterator[str]:
    """The tables with a row that refers to a row of the configuration."""
    own = table_of(type(row))
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is own:
                query = table.select().where(key.parent == getattr(row, key.column.key)).limit(1)
                if session.execute(query).first() is not None:
                    yield table.name


def _stands_on_rows(session: Session, kind: type[SQLModel], facts: dict[str, Any]) -> bool:
    """Whether everything is there that a row with these facts would refer to."""
    return all(
        session.execute(key.column.table.select().where(key.column == facts[key.parent.key]).limit(1)).first()
        for key in table_of(kind).foreign_keys
        if facts.get(key.parent.key) is not None
    )


def _written(value: object) -> str | None:
    return None if value is None else json.dumps(to_json(value), ensure_ascii=False, sort_keys=True)


def _facts(text: str | None) -> dict[str, Any] | None:
    facts: dict[str, Any] | None = None if text is None else of_json(json.loads(text))
    return facts
