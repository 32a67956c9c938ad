"""What targets look like in chat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.intent import draft
from models.message import Button, Message, Style, Table, says
from models.money import Money
from models.regions import Region
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind
from models.setup import TakeBackSetup
from models.targets import SetTarget
from models.text import Bilingual, Plural, Text, Value, verbatim


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of one period: the region's, each team's, what the people's add up to, and those of nobody's team.

    `people` are none where nobody sells yet.
    """

    period: Period
    amount: Money
    teams: tuple[Money, ...]
    people: Money | None
    alone: Money

    @property
    def adds_up(self) -> bool:
        """Whether teams and people come to the region's target, to the minor unit."""
        of_teams = sum(money.minor for money in (*self.teams, self.alone)) if self.teams else self.amount.minor
        of_people = self.amount.minor if self.people is None else self.people.minor
        return of_teams == of_people == self.amount.minor


def in_short(
    region: Region, year: Period, measure: Measure, teams: Sequence[str], lines: Sequence[TargetLine]
) -> Message:
    """A region's year by quarter, what does not add up, and the line that shows the rest."""
    first = [line for line in lines if line.period.kind is not PeriodKind.MONTH or not line.adds_up]
    shown, left = of_region(region, year, measure, teams, first), len(lines) - len(first)
    if not left:
        return shown
    typed = Bilingual(f"targets {region.name} {year.key}", f"目标分解 {region.name} {year.key}")
    more = Plural("… and {n} more: `{line}`", "… and {n} more: `{line}`", left, line=typed)
    return replace(shown, lines=(*shown.lines, more))


def of_region(
    region: Region, year: Period, measure: Measure, teams: Sequence[str], lines: Sequence[TargetLine]
) -> Message:
    """A region's year by quarter and month, with its teams, and whether everything below adds up."""
    title = Text("Targets of {region}, {year}, {measure}", region=region.name, year=year, measure=measure)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (line.period, line.amount, *line.teams, Text("✓ adds up") if line.adds_up else Text("does not add up"))
        for line in lines
    )
    columns = (Text("Period"), Text("Region"), *(verbatim(name) for name in teams), Text("Teams and people"))
    return Message(lines=(title,), table=Table(columns, rows))


def replacement(region: Region, year: Period, before: Money, amount: Money) -> Message:
    """Ask before a target is replaced."""
    line = Text("{region}, {year}, has a target of {before}.", region=region.name, year=year, before=before)
    wanted = SetTarget(region.id, amount, year.start.year, before.minor)
    replace = Button(Text("Replace it by {amount}", amount=amount), draft(wanted), Style.PRIMARY)
    return says(line, buttons=(replace,))


def removed(region: Region, year: Period, before: Money, event: str | None) -> Message:
    """A target that is no more, and what it was; `event` is the step that its reader can take back."""
    line = Text(
        "✓ {region} has no target for {year} any more; it was {before}.", region=region.name, year=year, before=before
    )
    return says(line, buttons=(Button(Text("Undo"), draft(TakeBackSetup(event))),) if event else ())


def overview(year: Period, measure: Measure, rows: Sequence[tuple[Region, Money | None]]) -> Message:
    """Every region's year in one table."""
    table = Table(
        (Text("Region"), Text("Target")), tuple((region.name, amount or verbatim("–")) for region, amount in rows)
    )
    return Message(lines=(Text("Targets of {year}, {measure}", year=year, measure=measure),), table=table)
