"""How far the company is set up: what there is, and what is still missing for a first deal to go its whole way."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.approvals import rules
from models.channels import hq_channels, region_channels
from models.people import holders_of, people_in, with_account
from models.ranks import Duty, Rank
from models.regions import Organisation, Region, organisation, rate_on, regions
from models.rules.approval import ApprovalRule, Decider
from models.rules.attainment import Measure
from models.targets import Scope, target

UNNAMED = "Administrator"


@dataclass(frozen=True, slots=True)
class RegionProgress:
    """What a region has: whether a channel, how many people, whether a manager and a target of the year."""

    region: Region
    has_channel: bool
    people: int
    has_manager: bool
    has_target: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """What the company has; `unreached` are people without an account."""

    company: Organisation
    regions: tuple[RegionProgress, ...]
    has_hq_channel: bool
    people: int
    unreached: tuple[str, ...]
    has_hq: bool
    rules: tuple[ApprovalRule, ...]
    unpriced: tuple[str, ...]
    has_unnamed_admin: bool
    year: int

    @property
    def is_complete(self) -> bool:
        """Whether a deal can be reported, approved and ranked in every region."""
        every = (each.has_channel and each.has_manager and each.has_target for each in self.regions)
        here = self.company.name and self.regions and self.rules and self.has_hq and self.has_hq_channel
        return bool(here) and not self.unpriced and all(every)


def progress(session: Session, today: date) -> Progress:
    """Look at the rows."""
    people, company, year = people_in(session), organisation(session), today.year
    reached = with_account(session, [person.id for person in people])
    used = dict.fromkeys(region.currency for region in regions(session))
    return Progress(
        company=company,
        regions=tuple(
            RegionProgress(
                region,
                has_channel=bool(region_channels(session, region.id)),
                people=sum(person.region_id == region.id for person in people),
                has_manager=any(p.region_id == region.id and p.rank is Rank.MANAGER for p in people),
                has_target=target(session, Scope.REGION, region.id, str(year), Measure.SIGNED) is not None,
            )
            for region in regions(session)
        ),
        has_hq_channel=bool(hq_channels(session)),
        people=len(people),
        unreached=tuple(person.name for person in people if person.id not in reached),
        has_hq=any(person.rank is Rank.HQ for person in people),
        rules=rules(session),
        unpriced=tuple(one for one in used if rate_on(session, one, company.currency, today) is None),
        has_unnamed_admin=any(person.name == UNNAMED for person in people),
        year=year,
    )


def nobody_for(session: Session, decider: Decider) -> bool:
    """Whether a step of this kind would wait for nobody."""
    match decider:
        case Decider.FINANCE:
            return not holders_of(session, Duty.FINANCE)
        case Decider.HQ:
            return not people_in(session, None, Rank.HQ)
        case Decider.MANAGER:
            return False


def regions_without_manager(session: Session) -> list[Region]:
    """The regions whose contracts no manager could decide."""
    managed = {person.region_id for person in people_in(session, None, Rank.MANAGER)}
    return list(session.exec(select(Region).where(col(Region.id).not_in(managed)).order_by(Region.id)))
