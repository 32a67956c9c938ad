"""Set-up: what an administrator can want of the company itself; each step by a form or by one typed line."""

import json
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.codec import of_json
from models.configuring import TARGET_SPLIT, YEARLY_TARGET, ConfigChange, table_of
from models.intent import intent
from models.regions import Rate, Region, organisation
from models.schedules import Schedule
from models.slots import (
    Bound,
    Colleague,
    CompanyName,
    DeciderSlot,
    DutySlot,
    Email,
    FullName,
    Hours,
    LimitAmount,
    NewTeam,
    OwnName,
    PastDay,
    PersonDataSlot,
    Place,
    RankSlot,
    RatioSlot,
    RegionId,
    RegionName,
    Signatory,
    SignedDocument,
    TeamName,
    Tongue,
    Unit,
    WorkingWeek,
    Zone,
)


@intent("setup")
@dataclass(frozen=True, slots=True)
class ShowSetup:
    """Show how far the company is set up, and what comes next."""


@intent("setup_company")
@dataclass(frozen=True, slots=True)
class SetUpCompany:
    """Name the company and where its headquarters are; what is not said stays as it was."""

    name: CompanyName | None = None
    place: Place | None = None
    zone: Zone | None = None
    currency: Unit | None = None
    language: Tongue | None = None
    you: OwnName | None = None


@intent("setup_region")
@dataclass(frozen=True, slots=True)
class SetUpRegion:
    """Add a region or change one of the same name; what its country settles need not be said."""

    name: RegionName
    place: Place | None = None
    zone: Zone | None = None
    currency: Unit | None = None
    language: Tongue | None = None
    hours: Hours | None = None
    week: WorkingWeek | None = None


@intent("setup_person_data")
@dataclass(frozen=True, slots=True)
class SetUpPersonData:
    """Say what a region's boards may show of one person, and who agreed to it in which document."""

    region: RegionId
    rule: PersonDataSlot
    agreed_by: Signatory | None = None
    document: SignedDocument | None = None
    agreed_on: PastDay | None = None


@intent("setup_team")
@dataclass(frozen=True, slots=True)
class SetUpTeam:
    """Add a team to a region."""

    name: NewTeam
    region: RegionId | None = None


@intent("setup_channel")
@dataclass(frozen=True, slots=True)
class BindChannel:
    """Bind the channel where it is typed to a region, or to headquarters."""

    bound: Bound | None = None


@intent("setup_person")
@dataclass(frozen=True, slots=True)
class SetUpPerson:
    """Add a person or change one of the same name or e-mail address.

    `back` is the one of that name who left and comes back, or NOBODY where the name is somebody else's.
    """

    name: FullName
    rank: RankSlot
    region: RegionId | None = None
    team: TeamName | None = None
    email: Email | None = None
    language: Tongue | None = None
    zone: Zone | None = None
    back: str | None = None


@intent("setup_duty")
@dataclass(frozen=True, slots=True)
class GiveDuty:
    """Give a person a duty."""

    person: Colleague
    duty: DutySlot


@intent("setup_no_duty")
@dataclass(frozen=True, slots=True)
class EndDuty:
    """Take a duty from a person."""

    person: Colleague
    duty: DutySlot


@intent("setup_limit")
@dataclass(frozen=True, slots=True)
class SetLimit:
    """Say above which amount a contract needs whose decision; without an amount, every contract does."""

    decider: DeciderSlot
    amount: LimitAmount | None = None


@intent("setup_rate")
@dataclass(frozen=True, slots=True)
class SetRate:
    """Say what one unit of a currency is worth in the company's, from today on."""

    currency: Unit
    rate: RatioSlot


@intent("setup_me")
@dataclass(frozen=True, slots=True)
class NameYourself:
    """Say one's own name, which the one who claimed the installation has not said yet."""

    name: FullName


@intent("setup_undo")
@dataclass(frozen=True, slots=True)
class TakeBackSetup:
    """Take back a step of the set-up: that of `event`, else one's own last one."""

    event: str | None = None


NOBODY = "-"


def slug(name: str, taken: Container[str]) -> str:
    """Make an id of a name, in its own script: "Lin Xiao" is lin-xiao, "华东" stays; a taken one gets a number."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    base = re.sub(r"[^\w]+", "-", plain).strip("-_")[:40] or "x"
    free = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(each for each in free if each not in taken)


def last_step(session: Session, actor: str) -> str | None:
    """The event of somebody's last set-up step that was not taken back; letting people in and out is none."""
    accounts = select(ConfigChange.event_id).where(ConfigChange.kind == "identity")
    undone = select(ConfigChange.undoes).where(col(ConfigChange.undoes).is_not(None))
    query = select(ConfigChange.event_id).where(ConfigChange.actor == actor, col(ConfigChange.undoes).is_(None))
    query = query.where(col(ConfigChange.event_id).not_in(undone), col(ConfigChange.event_id).not_in(accounts))
    return session.exec(query.order_by(col(ConfigChange.id).desc()).limit(1)).first()


def what_changed(session: Session, event_id: str) -> list[tuple[str, str]]:
    """What a step was about: the kind of each thing, and the name or number by which people know it."""
    query = select(ConfigChange).where(ConfigChange.event_id == event_id).order_by(col(ConfigChange.id))
    found = []
    for change in session.exec(query):
        facts = of_json(json.loads(change.after or change.before or "{}"))
        if change.kind == YEARLY_TARGET:
            region_id, year = json.loads(change.key)
            found.append((change.kind, f"{session.get_one(Region, region_id).name} {year}"))
            continue
        if change.kind == table_of(Rate).name and facts["currency"] == organisation(session).currency:
            continue  # the inverse of the rate that was said
        name = facts.get("name") or facts.get("duty") or facts.get("decider") or facts.get("currency")
        if change.kind not in (table_of(Schedule).name, TARGET_SPLIT):  # they come and go with their region or team
            found.append((change.kind, str(name) if name else change.kind))
    return list(dict.fromkeys(found))


def is_taken_back(session: Session, event_id: str) -> bool:
    """Whether a step was taken back."""
    return session.exec(select(ConfigChange.id).where(ConfigChange.undoes == event_id).limit(1)).first() is not None
