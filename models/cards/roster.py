"""What a list of people looks like in chat."""

from collections.abc import Sequence

from models.message import Message, Table
from models.regions import Region
from models.roster import Entry
from models.text import Bilingual, Plural, Text, Value, listed

MOST_SHOWN = 30


def roster(entries: Sequence[Entry], region: Region | None) -> Message:
    """Who works in a region, or everywhere, a row each; how many more there are, and who is not in yet."""
    where: Value = region.name if region else Text("The company")
    lines = [Plural("{where}: {n} person", "{where}: {n} people", len(entries), where=where)]
    absent = sum(not entry.is_in for entry in entries)
    if absent:
        lines.append(
            Plural("{n} is not in yet; `invite` lets them in.", "{n} are not in yet; `invite` lets them in.", absent)
        )
    if len(entries) > MOST_SHOWN:
        name = next((entry.region.name for entry in entries if entry.region), "DACH")
        line = Bilingual(f"people {name}", f"人员 {name}")
        more = len(entries) - MOST_SHOWN
        if region is None:
            lines.append(
                Plural("and {n} more; by region: `{line}`", "and {n} more; by region: `{line}`", more, line=line)
            )
        else:
            lines.append(Plural("and {n} more", "and {n} more", more))
    rows = tuple(_row(entry, with_region=region is None) for entry in entries[:MOST_SHOWN])
    return Message(
        tuple(lines), table=Table((Text("Name"), Text("Rank and duties"), Text("In")), rows) if rows else None
    )


def _row(entry: Entry, *, with_region: bool) -> tuple[Value, ...]:
    facts: list[Value] = [entry.person.rank, *entry.duties]
    if with_region and entry.region is not None:
        facts.insert(1, entry.region.name)
    return (entry.person.name, listed(facts), "✓" if entry.is_in else Text("not yet"))
