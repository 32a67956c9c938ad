"""The weekly board: regions ranked against each other, then one region's teams, for a complete week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.calendars import Calendar
from models.homes import calendar_of
from models.intent import intent
from models.money import Money
from models.people import people_in, regions_with
from models.prices import Prices
from models.ranks import Rank
from models.regions import PersonDataAgreement, Region, Team, organisation, regions, teams_of
from models.rules.periods import Period, PeriodKind, last_complete_week, period_of
from models.rules.standing import Agreement, Entry, may_name_persons, rank_standings, visible_people
from models.schedules import local_day
from models.slots import TimeSpan
from models.standings import Progress, progress_of_all
from models.targets import Scope

NAMED = 3


@intent("board")
@dataclass(frozen=True, slots=True)
class ShowBoard:
    """Show the weekly board; of the last complete week when none is named."""

    week: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A region or team: its week, its month so far, and the week's amount in the reporting currency, given a rate."""

    rank: int
    id: str
    name: str
    week: Progress
    month: Progress
    reported: Money | None


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a week, as a region (or, with `own` none, headquarters) sees it.

    `named` are the persons (rank and name) that the region's rules on personal data allow; `running` are the regions
    where the week is not over yet on their own clock. `idle` are those that are not ranked: nobody sells there, and
    nothing was signed.
    """

    week: Period
    month: Period
    currency: str
    own: str | None
    regions: tuple[BoardRow, ...]
    teams: tuple[BoardRow, ...]
    named: tuple[tuple[int, str], ...]
    running: tuple[str, ...]
    idle: tuple[str, ...] = ()


def weekly_board(
    session: Session, region: Region | None, today: date, now: datetime, week: Period | None = None
) -> Board:
    """Compute the board of a week, else of the last complete one before a local day; a constant number of queries."""
    week = week or last_complete_week(today)
    month = period_of(PeriodKind.MONTH, week.end)
    all_regions = regions(session)
    teams = teams_of(session, region.id) if region else []
    selling = regions_with(session, Rank.REP)
    view = _View(session, organisation(session).currency, week, month, min(today, month.end))
    rows = view.ranked(Scope.REGION, {each.id: (each.name, each) for each in all_regions}, {})
    idle = {row.id for row in rows if row.id not in selling and not (row.week.count or row.month.count)}
    return Board(
        week=week,
        month=month,
        currency=view.currency,
        own=region.id if region else None,
        regions=tuple(row for row in rows if row.id not in idle),
        teams=view.of_teams(region, teams) if region else (),
        named=_named(session, region, view) if region else (),
        running=tuple(
            each.name for each in all_regions if each.id not in idle and local_day(each.zone, now) <= week.end
        ),
        idle=tuple(each.name for each in all_regions if each.id in idle),
    )


@dataclass(frozen=True, slots=True)
class _View:
    session: Session
    currency: str
    week: Period
    month: Period
    on: date

    def ranked(
        self, scope: Scope, members: Mapping[str, tuple[str, Region]], calendars: Mapping[str, Calendar]
    ) -> tuple[BoardRow, ...]:
        owners = {key: region for key, (_, region) in members.items()}
        weeks = progress_of_all(self.session, scope, owners, self.week, self.on, calendars)
        months = progress_of_all(self.session, scope, owners, self.month, self.on, calendars)
        prices = Prices(self.session, self.week.end)
        reported = {key: prices.priced(item.attainment.amount, self.currency) for key, item in weeks.items()}
        nothing = Money(0, self.currency)
        standings = rank_standings(
            Entry(key, item.attainment.percent, reported[key] or nothing, item.count) for key, item in weeks.items()
        )
        return tuple(
            BoardRow(one.rank, one.key, members[one.key][0], weeks[one.key], months[one.key], reported[one.key])
            for one in standings
        )

    def of_teams(self, region: Region, teams: Sequence[Team]) -> tuple[BoardRow, ...]:
        """A region's teams, each by the calendar that holds for it."""
        calendars = {team.id: calendar_of(region, team) for team in teams}
        return self.ranked(Scope.TEAM, {team.id: (team.name, region) for team in teams}, calendars)


def _named(session: Session, region: Region, view: _View) -> tuple[tuple[int, str], ...]:
    """The names that a board may show: none unless the region chose so and recorded who agreed."""
    row = session.get(PersonDataAgreement, region.id)
    agreement = Agreement(row.who, row.signed_on, row.document) if row else None
    if not may_name_persons(region.person_data, agreement):
        return ()
    people = {person.id: person.name for person in people_in(session, region.id, Rank.REP)}
    weeks = progress_of_all(session, Scope.PERSON, dict.fromkeys(people, region), view.week, view.on)
    standings = rank_standings(
        Entry(key, item.attainment.percent, item.attainment.amount, item.count) for key, item in weeks.items()
    )
    shown = visible_people(region.person_data, agreement, standings, NAMED)
    return tuple((one.rank, people[one.key]) for one in shown)
