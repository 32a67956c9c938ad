"""Export: rows as CSV or XLSX; a cell that a spreadsheet would run as a formula comes out as text."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from sqlmodel import Session, col, select

from bot.faults import FaultError
from models.accounts import Account
from models.deals import Deal
from models.store import Store

Row = tuple[str, ...]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

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


KINDS: dict[str, Callable[[Session], Iterator[Row]]] = {"deals": _deals}


def write(store: Store, kind: str, path: Path) -> int:
    """Write every row of a kind to a .csv or .xlsx; returns how many. Raise FaultError for another ending."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise FaultError(f"{path.name}: name a file that ends in .csv or .xlsx.")
    if not path.parent.is_dir():
        raise FaultError(f"{path.parent} is no folder: make it first, or name another.")
    rows = store.read(lambda session: [tuple(_safe(cell) for cell in row) for row in KINDS[kind](session)])
    writer(path, rows)
    return len(rows) - 1


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: list[Row]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("deals")
    head, *body = rows
    sheet.append(head)
    for row in body:
        sheet.append([_typed(name, cell) for name, cell in zip(head, row, strict=True)])
    book.save(path)


def _typed(column: str, cell: str) -> str | Decimal | date | None:
    """A cell as a spreadsheet counts with it: amounts are numbers, dates are dates."""
    if column == "amount":
        return Decimal(cell)
    if column == "close_date":
        return date.fromisoformat(cell) if cell else None
    return cell
