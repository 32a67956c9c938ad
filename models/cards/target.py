"""What targets look like in chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.message import Message, Table
from models.money import Money
from models.regions import Region
from models.rules.attainment import Measure
from models.rules.periods import Period
from models.text import Text, Value, verbatim


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of one period: the region's, and what its teams and people add up to."""

    period: Period
    amount: Money
    teams: Money
    people: Money


def of_region(region: Region, year: Period, measure: Measure, lines: Sequence[TargetLine]) -> Message:
    """A region's year by quarter and month, with the sums of what lies below."""
    title = Text("Targets of {region}, {year}, {measure}", region=region.name, year=year, measure=measure)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (line.period, line.amount, _sum(line.teams, line.amount), _sum(line.people, line.amount)) for line in lines
    )
    columns = (Text("Period"), Text("Region"), Text("Teams together"), Text("People together"))
    return Message(lines=(title,), table=Table(columns, rows))


def _sum(total: Money, whole: Money) -> Value:
    return Text("{amount} ✓", amount=total) if total == whole else total


def overview(year: Period, measure: Measure, rows: Sequence[tuple[Region, Money | None]]) -> Message:
    """Every region's year in one table."""
    table = Table(
        (Text("Region"), Text("Target")), tuple((region.name, amount or verbatim("–")) for region, amount in rows)
    )
    return Message(lines=(Text("Targets of {year}, {measure}", year=year, measure=measure),), table=table)
