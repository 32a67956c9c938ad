"""`regatta import`: show how the columns are read, what became of the rows, and keep those that were not taken."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import select

from bot.attachments import csv_of
from bot.faults import FaultError
from bot.language import Reader, plain
from handlers.importing.kinds import Outcome
from handlers.importing.reports import attachment
from handlers.importing.running import Report, reports_for, run, run_all
from handlers.importing.sheets import read_sheets
from models.configuring import Changes
from models.context import Context
from models.regions import Organisation
from models.store import Store
from models.succession import hand_on_after_changes
from models.unit import Unit

ACTOR = "import"
MOST_SHOWN = 20
ROWS_AT_ONCE = 200
"""Rows of one unit of work: a bot that runs beside the import waits no longer than these take."""


def import_file(
    store: Store, kind: str | None, path: Path, now: datetime, new_id: Callable[[], str], *, dry_run: bool
) -> Iterator[str]:
    """Import a file and tell what happened, line by line; raise UserError when nothing of it can be read."""
    sheets = read_sheets(path.name, path.read_bytes())

    reports, event = reports_for(sheets, kind), new_id()

    def begin(unit: Unit) -> list[Report]:
        company = unit.exec(select(Organisation)).first()
        if company is None or not company.name:
            raise FaultError("There is no company yet: set it up first, with `regatta setup code` or `config apply`.")
        rehearsed = [report.copied() for report in reports]
        if dry_run:
            with unit.rehearsal():
                run_all(unit, rehearsed, Changes(unit, event, now, ACTOR), new_id)
        return rehearsed

    rehearsed, met = store.write(begin).result(), set[str]()
    for at, report in () if dry_run else enumerate(reports):
        report.met = met
        for first in range(0, len(report.sheet.rows), ROWS_AT_ONCE):
            rows = report.sheet.rows[first : first + ROWS_AT_ONCE]
            reports[at] = store.write(_taking(reports[at], rows, event, now, new_id)).result()
        met = reports[at].met
    reports = rehearsed if dry_run else reports
    for report in reports:
        yield from told(report)
    aside = [sheet.name for sheet in sheets if all(sheet is not report.sheet for report in reports)]
    if aside:
        yield f"Left aside, since they are no tables of {kind}: {', '.join(aside)}"
    if dry_run:
        yield "Nothing was written: this was a dry run."
    elif any(report.refused for report in reports):
        yield f"The rows that were not taken, with the reason: {_kept(reports, path)}"


def _taking(
    report: Report, rows: Sequence[tuple[int, tuple[str, ...]]], event: str, now: datetime, new_id: Callable[[], str]
) -> Callable[[Unit], Report]:
    def work(unit: Unit) -> Report:
        found = report.copied()
        run(unit, found, rows, Changes(unit, event, now, ACTOR), new_id)
        hand_on_after_changes(Context(unit, now, event, new_id))
        return found

    return work


def told(report: Report) -> Iterator[str]:
    """How a table was read and what became of its rows."""
    mapping = report.mapping
    yield f"{report.sheet.name}: {len(report.sheet.rows)} rows as {mapping.kind.name}"
    yield "  " + ", ".join(f"{heading} -> {column.name}" for _, heading, column in mapping.used)
    if mapping.unused:
        yield f"  not used: {', '.join(mapping.unused)}"
    counts = (f"{report.counts[outcome]} {outcome}" for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME))
    yield f"  {', '.join(counts)}, {len(report.refused)} not taken"
    if report.changed:
        more = f" and {len(report.changed) - MOST_SHOWN} more" if len(report.changed) > MOST_SHOWN else ""
        yield f"  changed: {', '.join(report.changed[:MOST_SHOWN])}{more}"
    for refused in report.refused[:MOST_SHOWN]:
        heading = f"{refused.heading}: " if refused.heading else ""
        yield f"  row {refused.number}: {heading}{plain(refused.reason, Reader())}"
    if len(report.refused) > MOST_SHOWN:
        yield f"  and {len(report.refused) - MOST_SHOWN} more"


def _kept(reports: list[Report], path: Path) -> Path:
    found = attachment(reports, path.name)
    target = path.with_name(found.name)
    target.write_bytes(csv_of(found, Reader()))
    return target
