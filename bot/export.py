"""Export: rows as CSV or XLSX; a cell that a spreadsheet would run as a formula comes out as text."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session, col, select

from bot.faults import FaultError
from models.accounts import Account
from models.deals import Deal
from models.people import duties_of, people_in
from models.regions import Rate, regions, teams_of
from models.rules.attainment import Measure
from models.store import Store
from models.targets import Scope, Target

Row = tuple[str, ...]
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML, and so a spreadsheet's file, cannot hold."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula, in wide letters too where a spreadsheet speaks Chinese or Japanese."""

DEALS: Row = ("id", "account", "amount", "currency", "close_date", "stage", "tags", "owner", "region", "state")


def _deals(session: Session) -> Iterator[Row]:
    yield DEALS
    query = select(Deal, Account).join(Account, col(Account.id) == Deal.account_id)
    for deal, account in session.exec(query.order_by(col(Deal.created_at), Deal.id)):
        amount = f"{deal.amount.major:f}"
        yield (
            deal.id, account.name, amount.rstrip("0").rstrip(".") if "." in amount else amount, deal.currency,
            deal.close_on.isoformat() if deal.close_on else "", deal.stage.value if deal.stage else "",
            " ".join(deal.tag_list), deal.owner_id, deal.region_id, "void" if deal.void else "open",
        )  # fmt: skip


def _regions(session: Session) -> Iterator[Row]:
    yield ("id", "name", "place", "zone", "currency", "language", "hours", "week")
    for region in regions(session):
        place = "-".join(part for part in (region.country, region.subdivision) if part)
        hours = f"{region.opens:%H:%M}-{region.closes:%H:%M}"
        yield region.id, region.name, place, region.zone, region.currency, region.language, hours, region.working_week


def _people(session: Session) -> Iterator[Row]:
    yield ("id", "name", "rank", "region", "team", "email", "language", "zone", "duties")
    names = {region.id: region.name for region in regions(session)}
    teams = {team.id: team.name for region_id in names for team in teams_of(session, region_id)}
    for person in sorted(people_in(session), key=lambda person: person.id):
        duties = ", ".join(sorted(duties_of(session, person.id)))
        region, team = names.get(person.region_id or "", ""), teams.get(person.team_id or "", "")
        yield (
            person.id, person.name, person.rank.value, region, team,
            person.email or "", person.language or "", person.zone or "", duties,
        )  # fmt: skip


def _accounts(session: Session) -> Iterator[Row]:
    yield ("account",)
    for name in session.exec(select(Account.name).order_by(Account.name)):
        yield (name,)


def _targets(session: Session) -> Iterator[Row]:
    yield ("region", "amount", "currency", "year")
    names = {region.id: region.name for region in regions(session)}
    query = select(Target).where(Target.scope == Scope.REGION, Target.measure == Measure.SIGNED)
    for row in session.exec(query.order_by(Target.scope_id, Target.period)):
        if row.period.isdigit():
            yield names[row.scope_id], f"{row.amount.major.normalize():f}", row.currency, row.period


def _rates(session: Session) -> Iterator[Row]:
    yield ("currency", "to_currency", "since", "rate")
    for row in session.exec(select(Rate).order_by(Rate.currency, Rate.to_currency, col(Rate.from_on))):
        yield row.currency, row.to_currency, row.from_on.isoformat(), f"{row.numerator}/{row.denominator}"


KINDS: dict[str, Callable[[Session], Iterator[Row]]] = {
    "regions": _regions, "people": _people, "accounts": _accounts, "deals": _deals, "targets": _targets,
    "rates": _rates,
}  # fmt: skip


def write(store: Store, kind: str, path: Path) -> int:
    """Write every row of a kind to a .csv or .xlsx; returns how many. Raise FaultError for another ending."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise FaultError(f"{path.name}: name a file that ends in .csv or .xlsx.")
    if not path.parent.is_dir():
        raise FaultError(f"{path.parent} is no folder: make it first, or name another.")
    rows = store.read(lambda session: [tuple(safe(cell) for cell in row) for row in KINDS[kind](session)])
    writer(path, rows, kind)
    return len(rows) - 1


def safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _write_csv(path: Path, rows: Iterable[Row], _kind: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: list[Row], kind: str) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  half a second of a start, for what few ask for

    book = Workbook(write_only=True)
    sheet = book.create_sheet(kind)
    head, *body = rows
    sheet.append(head)
    for row in body:
        sheet.append([_typed(name, cell) for name, cell in zip(head, row, strict=True)])
    book.save(path)


def _typed(column: str, cell: str) -> str | Decimal | date | None:
    """A cell as a spreadsheet counts with it: amounts are numbers, dates are dates."""
    if column == "amount":
        return Decimal(cell)
    if column in ("close_date", "since"):
        return date.fromisoformat(cell) if cell else None
    return str(_ILLEGAL.sub("�", cell))
