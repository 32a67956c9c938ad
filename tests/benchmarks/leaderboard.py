"""The weekly board over ten million deals against a hundred thousand, equal to the sum of the deals to the cent.

The deals are written by SQL, their totals are moved as deals move them, and both are added up on their own.
"""

import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session

from models.boards import weekly_board
from models.money import Money
from models.regions import Region, regions
from models.rollups import move, totals
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind
from models.rules.transitions import Delta
from models.store import Store
from tests.benchmarks.figures import paired, report
from tests.workspace import START, seeded_database

ROUNDS, BOARDS = 5, 20
MANY, FEW, PEOPLE, DAYS = 10_000_000, 100_000, 1_000, 140
TEN_MILLION, A_HUNDRED_THOUSAND = "10,000,000 deals", "100,000 deals"
BOARD, RAW = "board, ms", "sum of the deals, ms"
WEEK = Period(PeriodKind.WEEK, date(2026, 11, 16))
FIRST = date(2026, 11, 22) - timedelta(days=DAYS - 1)
AIM = 1.25


def main(rounds: int | None = None) -> None:
    """Make both databases, and ask both for the board in turns."""
    with tempfile.TemporaryDirectory() as folder:
        template = seeded_database(Path(folder) / "demo.db", START)
        stores = {
            name: _store(template, Path(folder) / f"{deals}.db", deals)
            for name, deals in ((TEN_MILLION, MANY), (A_HUNDRED_THOUSAND, FEW))
        }
        found: dict[str, list[dict[str, float]]] = {name: [] for name in stores}
        for _ in range(rounds or ROUNDS):
            for name, store in stores.items():
                found[name].append({BOARD: store.read(_boards)})
        equal = {}
        for name, store in stores.items():
            kept, raw, took = store.read(_compared)
            equal[name] = kept == raw
            found[name] = [one | {RAW: took} for one in found[name]]
            store.close()
    says = {
        "board of 10,000,000 against 100,000": f"{paired(found, TEN_MILLION, A_HUNDRED_THOUSAND, BOARD):.2f} "
        f"(aim: at most {AIM})",
        "equal to the sum of the deals": ", ".join(
            f"{name}: {'yes' if same else 'NO'}" for name, same in equal.items()
        ),
    }
    report("leaderboard", found, says)


def _store(template: Path, database: Path, deals: int) -> Store:
    shutil.copy(template, database)
    with closing(sqlite3.connect(database, isolation_level=None)) as rows:
        rows.execute("PRAGMA synchronous = OFF")
        add_reps(rows, PEOPLE)
        indexes = rows.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            rows.execute(f"DROP INDEX {name}")
        rows.execute("BEGIN")
        rows.execute(_DEALS, {"deals": deals, "people": PEOPLE, "days": DAYS, "first": FIRST.isoformat()})
        rows.execute("COMMIT")
        for _, statement in indexes:
            rows.execute(statement)
        reps = rows.execute("SELECT id, team_id, region_id, currency FROM rep ORDER BY number").fetchall()
    store = Store(f"sqlite:///{database}")
    store.write(lambda unit: move(unit, tuple(_moved(deals, reps)))).result()
    return store


def add_reps(rows: sqlite3.Connection, people: int) -> None:
    """Add reps beside those of the demo, in its teams; a table `rep` numbers them."""
    rows.execute(_PEOPLE, {"people": people})
    rows.execute(_REPS)


def _moved(deals: int, reps: list[tuple[str, str, str, str]]) -> Iterator[Delta]:
    """What all the deals of a person and day move together."""
    minor, count = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for number in range(deals):
        key = number % PEOPLE, number * 7919 // PEOPLE % DAYS
        minor[key] += number * 104_729 % 900_000 + 10_000
        count[key] += 1
    for (rep, day), total in minor.items():
        person, team, region, currency = reps[rep]
        on = FIRST + timedelta(days=day)
        yield Delta(Measure.SIGNED, on, person, team, region, Money(total, currency), count[rep, day])


def _boards(session: Session) -> float:
    """The milliseconds of a board, asked for several times."""
    region, today = session.get_one(Region, "us"), START.date()
    begun = time.perf_counter()
    for _ in range(BOARDS):
        weekly_board(session, region, today, START, WEEK)
        session.expunge_all()
    return (time.perf_counter() - begun) / BOARDS * 1e3


def _compared(session: Session) -> tuple[object, object, float]:
    """The kept totals of the week by region, the sums of its deals, and the milliseconds that these took."""
    every = [region.id for region in regions(session)]
    kept = totals(session, WEEK, Measure.SIGNED, "region_id", every)
    flat = {(each, money.currency): money.minor for each, (monies, _) in kept.items() for money in monies}
    begun = time.perf_counter()
    days = {"first": WEEK.start.isoformat(), "last": WEEK.end.isoformat()}
    found = session.connection().exec_driver_sql(_SUMS, days).all()
    took = (time.perf_counter() - begun) * 1e3
    return flat, {(region, currency): minor for region, currency, minor in found}, took


_INDEXES = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'deal' AND sql LIKE 'CREATE INDEX%'"
_PEOPLE = """
INSERT INTO person (id, name, rank, region_id, team_id, active)
WITH RECURSIVE each(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM each WHERE number < :people),
reps AS (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM person WHERE rank = 'rep')
SELECT 'bench-' || number, 'Bench ' || number, 'rep', region_id, team_id, 1
FROM each JOIN reps ON place = number % (SELECT count(*) FROM reps)
"""
_REPS = """
CREATE TEMPORARY TABLE rep AS
SELECT row_number() OVER (ORDER BY person.id) - 1 AS number, person.id, person.team_id, person.region_id,
    region.currency
FROM person JOIN region ON region.id = person.region_id WHERE person.id LIKE 'bench-%'
"""
_DEALS = """
INSERT INTO deal (id, account_id, amount_minor, currency, stage, tags, owner_id, team_id, region_id, signed_on, void,
    version, created_at)
WITH RECURSIVE each(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM each WHERE n + 1 < :deals)
SELECT 'D-' || (100000000 + n), (SELECT min(id) FROM account), n * 104729 % 900000 + 10000, rep.currency, 'won', '',
    rep.id, rep.team_id, rep.region_id, date(:first, (n * 7919 / :people % :days) || ' days'), 0, 1,
    '2026-11-20 12:00:00.000000'
FROM each JOIN rep ON rep.rowid = n % :people + 1
"""
_SUMS = """
SELECT region_id, currency, sum(amount_minor) FROM deal
WHERE stage = 'won' AND NOT void AND signed_on BETWEEN :first AND :last GROUP BY region_id, currency
"""
