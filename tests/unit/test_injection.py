"""What people write stays what they wrote: in a spreadsheet, in the log, in the database."""

import ast
import csv
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog
from openpyxl import load_workbook
from sqlmodel import select

from bot.attachments import csv_of
from bot.export import KINDS, write
from bot.language import Reader
from bot.logs import set_up
from models.accounts import Account
from models.deals import Deal
from models.message import Attachment
from models.people import Person
from models.regions import Region, Team
from models.store import Store
from models.text import verbatim
from models.unit import Unit
from tests.databases import copy, url_of

ROOT = Path(__file__).parents[2]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORGED = (
    "\n2026-11-25T02:30:00Z [error    ] forged                         key=x\r\nmore\x1b[2K\x85 next\u2028line\x0b\x0cx"
)
SENDS_SQL = frozenset({"drive", "text", "exec_driver_sql", "execute", "exec", "executescript", "executemany"})


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    copy(template, tmp_path / "demo.db")
    opened = Store(url_of(tmp_path / "demo.db"))
    yield opened
    opened.close()


def _of_formulas(unit: Unit) -> None:
    """Let every name begin like a formula."""
    for start, account in zip(STARTS * 9, unit.exec(select(Account)), strict=False):
        account.name = f"{start}cmd|' /C calc'!A0 \x01 {account.name}"
        unit.add(account)
    for kind in (Person, Region, Team):
        for start, row in zip(STARTS * 9, unit.exec(select(kind)), strict=False):
            row.name = f"{start}HYPERLINK(1)"
            unit.add(row)
    deal = unit.exec(select(Deal)).first()
    assert deal is not None
    deal.tags = "=1+1"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_68_no_cell_of_any_export_is_a_formula(store: Store, tmp_path: Path, ending: str) -> None:
    store.write(_of_formulas).result()

    for kind in KINDS:
        file = tmp_path / f"{kind}.{ending}"
        write(store, kind, file)
        cells = list(_cells(file))
        assert [cell for cell in cells if cell.startswith(STARTS)] == [], kind
        assert kind in ("targets", "rates") or any(cell.startswith(("'=", "'＝")) for cell in cells), kind


def _cells(file: Path) -> Iterator[str]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as read:
            yield from (cell for row in csv.reader(read) for cell in row)
        return
    for row in load_workbook(file).active.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
        yield from (cell.value for cell in row if isinstance(cell.value, str))


def test_68_no_cell_of_a_file_of_bad_rows_is_a_formula() -> None:
    rows = tuple((verbatim(f"{start}1+1"), verbatim("why")) for start in STARTS)

    shown = csv_of(Attachment("bad.csv", rows), Reader()).decode("utf-8-sig")

    assert [row[0][:1] for row in csv.reader(io.StringIO(shown))] == ["'"] * len(STARTS)


def _sql_made_of_parts(source: str) -> Iterator[int]:
    """The lines on which a text that is put together goes to the database; constants of the code may be in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SENDS_SQL and any(_is_put_together(each) for each in node.args[:2]):
                yield node.lineno


def _is_put_together(made: ast.expr) -> bool:
    match made:
        case ast.JoinedStr(values=[ast.Constant(value="PRAGMA "), _]):
            return False  # it takes no parameters, and its words stand in the code
        case ast.JoinedStr(values=parts):
            values = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
            return not all(isinstance(value, ast.Name) and value.id.isupper() for value in values)
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format" | "join")):
            return True
    return False


def test_69_no_statement_is_put_together_from_text() -> None:
    files = [file for folder in ("bot", "handlers", "jobs", "models") for file in (ROOT / folder).rglob("*.py")]
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files
        if "migrations" not in file.parts
        for line in _sql_made_of_parts(file.read_text(encoding="utf-8"))
    ]

    assert found == []
    assert list(_sql_made_of_parts('session.execute(text(f"DELETE FROM deal WHERE id = {number}"))')) == [1]
    assert list(_sql_made_of_parts('session.execute("SELECT " + name)')) == [1]
    assert list(_sql_made_of_parts('drive(connection, f"DELETE FROM {name}")')) == [1]


def _fail() -> None:
    raise ValueError(FORGED)


@pytest.mark.parametrize("style", ["console", "json"])
def test_71_no_text_makes_a_line_of_its_own_in_the_log(style: str) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:]
    try:
        with patch("sys.stderr", stream):
            set_up(style, [])
        structlog.get_logger().info("said", text=FORGED, user=FORGED)
        structlog.get_logger().warning(FORGED)
        logging.getLogger("library").warning("got %s", FORGED)
        try:
            _fail()
        except ValueError:
            structlog.get_logger().exception("failed", key=FORGED)
    finally:
        root.handlers[:] = before
        structlog.reset_defaults()

    begun = [line for line in stream.getvalue().splitlines() if line.startswith(("2026", "20", '{"', "more", " next"))]
    assert len(begun) == 4, stream.getvalue()
    assert "\x1b[2K" not in stream.getvalue()


def test_86_every_requirement_has_its_hash_and_no_file_names_a_registry() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [at for at, line in enumerate(lines) if "==" in line and not line.lstrip().startswith("#")]
        assert pinned, name
        assert all("--hash=sha256:" in lines[at + 1] for at in pinned), name
        assert not any("://" in line for line in lines), name
