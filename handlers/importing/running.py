"""Run an import: every row by itself, a reason for each that is not taken; the rest stands."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from handlers.grammar.entered import NEEDED, FieldError, read_value, says_currency
from handlers.grammar.names import index_of, spellings
from handlers.grammar.reading import ReadingContext
from handlers.importing.columns import Mapping, guessed, mapped
from handlers.importing.kinds import KINDS, Outcome, Row
from handlers.importing.sheets import POINTED, Figure, Sheet
from models import audit
from models.configuring import Changes
from models.context import UserError
from models.people import people_in
from models.regions import organisation, region_words, regions
from models.schedules import local_day
from models.staffing import Colleagues
from models.text import Text
from models.unit import Unit


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its number in the file, its cells, the heading at fault and the reason."""

    number: int
    cells: tuple[str, ...]
    heading: str
    reason: Text


@dataclass
class Report:
    """What became of a table: how its headings were read, how many rows came to what, and those not taken.

    `addresses` say under which name each e-mail address came so far, `met` which deals the rows so far stand for.
    """

    sheet: Sheet
    mapping: Mapping
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def copied(self) -> "Report":
        """The same, for a unit of work that may be done again."""
        return replace(
            self, counts=Counter(self.counts), refused=[*self.refused], changed=[*self.changed],
            addresses=dict(self.addresses), met=set(self.met),
        )  # fmt: skip


def mapping_of(sheet: Sheet, kind: str | None) -> Mapping:
    """How a table's headings are read; raise UserError when needed ones are missing."""
    found = mapped(sheet, KINDS[kind]) if kind is not None else guessed(sheet)
    if found is None:
        raise UserError(
            Text(
                "The headings of {table} name none of: {kinds}. Write for example: name, rank, region, email.",
                table=sheet.name, kinds=", ".join(KINDS),
            )
        )  # fmt: skip
    if found.missing:
        raise UserError(
            Text("{table} lacks a column for: {columns}.", table=sheet.name, columns=", ".join(found.missing))
        )
    return found


def reports_for(sheets: Sequence[Sheet], kind: str | None) -> list[Report]:
    """How tables are read, those first that others refer to; of several, a `kind` means every one that is of it."""
    chosen = sheets if kind is None else _of_kind(sheets, kind)
    reports = [Report(sheet, mapping_of(sheet, kind)) for sheet in chosen]
    return sorted(reports, key=lambda report: list(KINDS).index(report.mapping.kind.name))


def _of_kind(sheets: Sequence[Sheet], kind: str) -> Sequence[Sheet]:
    """The tables of a kind; where there is none, the one that is called so or stands first, to say what it lacks."""
    called = [sheet for sheet in sheets if kind in sheet.name.casefold()]
    return [sheet for sheet in sheets if _is_of(sheet, kind)] or called[:1] or sheets[:1]


def _is_of(sheet: Sheet, kind: str) -> bool:
    """Whether a table has what a kind needs, and is called by its name or is rather of that kind than of another."""
    found, wanted = guessed(sheet), mapped(sheet, KINDS[kind])
    is_called = kind in sheet.name.casefold() or (found is not None and found.kind.name == kind)
    return is_called and not wanted.missing


def run_all(unit: Unit, reports: Sequence[Report], changes: Changes, new_id: Callable[[], str]) -> None:
    """Take every row of some tables that can be taken, in one unit of work."""
    met: set[str] = set()
    for report in reports:
        report.met = met
        run(unit, report, report.sheet.rows, changes, new_id)


def run(
    unit: Unit, report: Report, rows: Sequence[tuple[int, tuple[str, ...]]], changes: Changes, new_id: Callable[[], str]
) -> None:
    """Take every one of these rows that can be taken; the audit log gets the counts, and no names."""
    mapping, reading, colleagues = report.mapping, reading_for(unit, changes), Colleagues(unit, report.addresses)
    people, shared = index_of(reading.people), namesakes(unit)
    counts: Counter[str] = Counter()
    for number, cells in rows:
        try:
            values = _values(mapping, cells, reading)
            with unit.attempt():
                outcome = mapping.kind.put(Row(values, people, colleagues, changes, new_id, shared, report.met))
        except _CellError as error:
            counts["not taken"] += 1
            report.refused.append(Refused(number, cells, error.heading, error.text))
        except UserError as error:
            counts["not taken"] += 1
            heading = next((heading for _, heading, column in mapping.used if column.name == error.field), "")
            report.refused.append(Refused(number, cells, heading, error.text))
        else:
            counts[outcome] += 1
            if outcome == Outcome.CHANGED:
                report.changed.append(next((words for words in cells if words), ""))
    report.counts += Counter({outcome: n for outcome, n in counts.items() if outcome != "not taken"})
    audit.append(
        unit, event_id=changes.event_id, at=changes.at, actor=changes.actor, action="import.done",
        subject=mapping.kind.name, facts=dict(counts),
    )  # fmt: skip


def reading_for(session: Session, changes: Changes) -> ReadingContext:
    """How cells are read: by the company's day, formats and currency, with its people and regions."""
    company = organisation(session)
    people = {word: min(bearers) for word, bearers in _bearers(session).items() if len(bearers) == 1}
    return ReadingContext(
        today=local_day(company.zone, changes.at), locale=company.locale, currency=company.currency, people=people,
        regions={
            each: region.id for region in regions(session) for name in region_words(region) for each in spellings(name)
        },
        zone=company.zone,
    )  # fmt: skip


def namesakes(session: Session) -> frozenset[str]:
    """The names that several people bear, who are told apart by their e-mail addresses."""
    return frozenset(word for word, bearers in _bearers(session).items() if len(bearers) > 1)


def _bearers(session: Session) -> dict[str, set[str]]:
    """The people of each name, e-mail address and id, in every spelling; a shared name is no id."""
    bearers, people = defaultdict[str, set[str]](set), people_in(session)
    for person in people:
        for word in (person.name, person.email):
            for each in spellings(word or ""):
                bearers[each].add(person.id)
    ids = {each: {person.id} for person in people for each in spellings(person.id)}
    return bearers | {word: its for word, its in ids.items() if len(bearers[word]) <= 1}


class _CellError(Exception):
    def __init__(self, heading: str, text: Text) -> None:
        super().__init__(text.template)
        self.heading, self.text = heading, text


def _values(mapping: Mapping, cells: tuple[str, ...], reading: ReadingContext) -> dict[str, object]:
    """Read the cells of a row; an amount without its currency is said to be so."""
    values: dict[str, object] = {}
    figures = replace(reading, locale=POINTED)
    for at, heading, column in mapping.used:
        words = cells[at]
        if not words:
            if column.required:
                raise _CellError(heading, NEEDED)
            continue
        try:
            values[column.name] = read_value(column.slot, words, figures if isinstance(words, Figure) else reading)
        except FieldError as error:
            raise _CellError(heading, error.text) from error
        if column.slot.kind == "amount":
            values["assumed"] = not says_currency(words, reading)
    return values
