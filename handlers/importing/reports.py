"""What an import looks like in chat: how the columns are read, what becomes of the rows, and a file of the bad ones."""

from collections.abc import Iterator, Sequence

from handlers.importing.kinds import Outcome
from handlers.importing.running import Refused, Report
from models.intent import draft
from models.message import Attachment, Button, Message, Style, Table
from models.text import Plural, Text, Value, listed

MOST_SHOWN = 8
_KINDS = {
    "regions": Text("regions"), "people": Text("people"), "accounts": Text("customers"), "deals": Text("deals"),
    "targets": Text("targets"), "rates": Text("rates"),
}  # fmt: skip


def asks_to_import(reports: Sequence[Report], name: str, wanted: object) -> Message:
    """Show what would happen, and ask."""
    count = sum(len(report.sheet.rows) for report in reports)
    lines = [
        Plural("{file}: {n} row", "{file}: {n} rows", count, file=name),
        *_mapped(reports),
        *_changed(reports),
        *_reasons(reports),
    ]
    taken = sum(report.counts[Outcome.NEW] + report.counts[Outcome.CHANGED] for report in reports)
    if not taken:
        return Message(
            (*lines, Text("There is nothing to import: every row is here already, or cannot be taken.")),
            (),
            _counts(reports),
        )
    button = Button(Plural("Import {n} row", "Import {n} rows", taken), draft(wanted), Style.PRIMARY)
    return Message(tuple(lines), table=_counts(reports), buttons=(button,))


def imported(reports: Sequence[Report], name: str) -> Message:
    """Say what was done; the rows that were not taken come as a file that can be mended and dropped again."""
    lines = [Text("✓ Imported {file}", file=name), *_reasons(reports)]
    left = attachment(reports, name) if any(report.refused for report in reports) else None
    return Message(tuple(lines), table=_counts(reports), attachment=left)


def attachment(reports: Sequence[Report], name: str) -> Attachment:
    """The rows that were not taken as a table, the reason at the end of each."""
    rows: list[tuple[Value, ...]] = []
    for report in reports:
        if report.refused:
            rows.append((*report.sheet.headings, Text("why")))
            rows.extend((*one.cells, _reason(one)) for one in report.refused)
    return Attachment(f"{name.rpartition('.')[0] or name}.not-taken.csv", tuple(rows))


def _mapped(reports: Sequence[Report]) -> Iterator[Text]:
    """Which heading was read as what, so that a wrong one is seen before anything is written."""
    for report in reports:
        pairs = [
            Text(
                "{heading} → {column}",
                heading=heading,
                column=column.slot.label if column.slot.kind != "words" else column.name,
            )
            for _, heading, column in report.mapping.used
        ]
        yield Text(
            "{table}, read as {kind}: {columns}",
            table=report.sheet.name,
            kind=_KINDS[report.mapping.kind.name],
            columns=listed(pairs),
        )
        if report.mapping.unused:
            yield Text("Not used: {columns}", columns=listed(list(report.mapping.unused)))


def _counts(reports: Sequence[Report]) -> Table:
    columns = (Text("Rows"), Text("New"), Text("Changed"), Text("Here already"), Text("Not taken"))
    rows: list[tuple[Value, ...]] = [
        (
            _called(report, reports),
            *(str(report.counts[outcome]) for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)),
            str(len(report.refused)),
        )
        for report in reports
    ]
    return Table(columns, tuple(rows))


def _called(report: Report, reports: Sequence[Report]) -> Text:
    """A table by its kind; where several are of one kind, by its own name, too."""
    kind = _KINDS[report.mapping.kind.name]
    alike = [each for each in reports if each.mapping.kind is report.mapping.kind]
    return Text("{kind} ({table})", kind=kind, table=report.sheet.name) if len(alike) > 1 else kind


def _changed(reports: Sequence[Report]) -> Iterator[Text]:
    """Who or what is changed, since a list that is taken over must not overwrite in silence."""
    names = [name for report in reports for name in report.changed]
    if names:
        yield Text("Changed: {names}", names=listed(names[:MOST_SHOWN]))
    if len(names) > MOST_SHOWN:
        yield Plural("and {n} more", "and {n} more", len(names) - MOST_SHOWN)


def _reasons(reports: Sequence[Report]) -> Iterator[Text]:
    """The first rows that are not taken, each with its reason."""
    refused = [(report, one) for report in reports for one in report.refused]
    for report, one in refused[:MOST_SHOWN]:
        if len(reports) > 1:
            yield Text("{table}, row {n}: {reason}", table=report.sheet.name, n=one.number, reason=_reason(one))
        else:
            yield Text("Row {n}: {reason}", n=one.number, reason=_reason(one))
    if len(refused) > MOST_SHOWN:
        yield Plural("and {n} more", "and {n} more", len(refused) - MOST_SHOWN)


def _reason(refused: Refused) -> Text:
    if not refused.heading:
        return refused.reason
    return Text("{heading}: {reason}", heading=refused.heading, reason=refused.reason)
