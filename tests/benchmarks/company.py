"""What people wait for in a company of 1,000 reps, 20,000 customers and 200,000 deals, and in the demo's small one.

Both are real servers; what is typed is answered with its replies. The deals of the large one are written by SQL.
"""

import random  # noqa: TID251  seeded: the same company each time
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import psutil

from models.accounts import account_key
from models.reconcile import rebuild
from models.store import Store
from tests.benchmarks.figures import cpu, report
from tests.benchmarks.leaderboard import add_reps
from tests.server import Server
from tests.workspace import START, seeded_database

ROUNDS, EACH = 3, 20
LARGE, SMALL = "1,000 reps, 20,000 customers, 200,000 deals", "the demo"
REPS, CUSTOMERS, DEALS, DAYS = 1_000, 20_000, 200_000, 400
SYLLABLES = [
    "al",
    "be",
    "cor",
    "den",
    "ex",
    "fal",
    "gra",
    "hel",
    "in",
    "jor",
    "kal",
    "lum",
    "mar",
    "nor",
    "or",
    "pra",
    "qua",
    "ros",
    "sol",
    "tre",
    "ul",
    "vel",
    "wex",
    "yor",
    "zen",
]
KINDS = ("Motors", "Systems", "Foods", "Energy", "Logistics", "Pharma", "Steel", "Optics")
PLACES = ["上海", "苏州", "杭州", "南京", "无锡", "宁波", "合肥", "常州"]
SIGNS, TRADES = "星辰海川恒远华瑞嘉盛宏泰", ("科技", "精工", "机电", "医药", "光电")
ASKED: dict[str, tuple[str, str, str]] = {
    "a deal with a new customer": ("mike-davis", "us", '/deal "{name}" {amount} USD close next Tuesday lead'),
    "a deal with a known one": ("mike-davis", "us", "/deal {known} {amount} USD close next Tuesday won #expansion"),
    "a deal with a new one, in Chinese": ("lin-xiao", "cn-east", "报单 {chinese} {amount} 下周三 合同"),
    "a visit": ("mike-davis", "us", "/visit {known} met Jane about the renewal next 3 Dec"),
    "one's own deals": ("mike-davis", "us", "/my"),
    "the region's board": ("mike-davis", "us", "/board"),
    "what waits for approval": ("sarah-johnson", "us", "/approvals"),
    "targets": ("amara-okafor", "hq", "targets"),
}
"""What is asked: by whom, where, and in which words."""


def main(rounds: int | None = None) -> None:
    """Make both companies, and ask both in turns."""
    found: dict[str, list[dict[str, float]]] = {LARGE: [], SMALL: []}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        small, large = seeded_database(Path(folder) / "demo.db", START), Path(folder) / "large.db"
        shutil.copy(small, large)
        known = _fill(large)
        servers = {LARGE: Server(large), SMALL: Server(small)}
        for server in servers.values():
            server.start()
            running.callback(server.stop)
        for number in range(rounds or ROUNDS):
            for name, server in servers.items():
                found[name].append(_asked(server, number, known))
    report("company", found, {})


def _asked(server: Server, number: int, known: list[str]) -> dict[str, float]:
    """The milliseconds until an answer has its replies, of each question and what of them the process was busy."""
    assert server.process is not None
    process, found = psutil.Process(server.process.pid), {}
    words = random.Random(number)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for what, (person, channel, text) in ASKED.items():
            took, before = [], cpu(process)
            for _ in range(EACH):
                facts = {"name": _name(words), "chinese": _chinese(words), "known": words.choice(known)}
                said = text.format(amount=words.randint(10_000, 900_000), **facts)
                begun = time.perf_counter()
                answer = client.post("/workspace/messages", json={"as": person, "channel": channel, "text": said})
                took.append((time.perf_counter() - begun) * 1e3)
                assert answer.json().get("replies"), f"{said}: {answer.text}"
            found[f"{what}, p50 ms"] = statistics.median(took)
            found[f"{what}, CPU ms"] = (cpu(process) - before) / EACH * 1e3
    return found


def _fill(database: Path) -> list[str]:
    """Make a large company of the demo; gives some of its customers."""
    words = random.Random(0)
    makes: list[Callable[[random.Random], str]] = [_name, _name, _chinese]
    names = list(dict.fromkeys(words.choice(makes)(words) for _ in range(CUSTOMERS)))
    with closing(sqlite3.connect(database, isolation_level=None)) as rows:
        rows.execute("PRAGMA synchronous = OFF")
        add_reps(rows, REPS)
        rows.execute("BEGIN")
        facts = ((f"00000000{number:024x}", name, account_key(name)) for number, name in enumerate(names))
        rows.executemany("INSERT OR IGNORE INTO account VALUES (?, ?, ?)", facts)
        rows.execute(
            "CREATE TEMPORARY TABLE buyer AS SELECT row_number() OVER (ORDER BY id) - 1 AS number, id FROM account"
        )
        rows.execute(_DEALS, {"deals": DEALS, "reps": REPS, "days": DAYS, "today": START.date().isoformat()})
        rows.execute("COMMIT")
    store = Store(f"sqlite:///{database}")
    store.write(rebuild).result()
    store.close()
    return [name for name in names if name.isascii()][:500]


def _name(words: random.Random) -> str:
    return f"{''.join(words.choices(SYLLABLES, k=3)).title()} {words.choice(KINDS)}"


def _chinese(words: random.Random) -> str:
    return f"{words.choice(PLACES)}{''.join(words.choices(SIGNS, k=3))}{words.choice(TRADES)}"


_DEALS = """
INSERT INTO deal (id, account_id, amount_minor, currency, close_on, stage, tags, owner_id, team_id, region_id,
    signed_on, void, version, created_at)
WITH RECURSIVE each(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM each WHERE n + 1 < :deals)
SELECT 'D-' || (100000000 + n), buyer.id, n * 104729 % 900000 + 10000, rep.currency,
    CASE WHEN n % 10 < 7 THEN NULL ELSE date(:today, (n * 31 % 90 - 10) || ' days') END,
    CASE n % 10 WHEN 7 THEN 'lead' WHEN 8 THEN 'proposal' WHEN 9 THEN 'negotiation' ELSE 'won' END, '',
    rep.id, rep.team_id, rep.region_id,
    CASE WHEN n % 10 < 7 THEN date(:today, -(n * 7919 / :reps % :days) || ' days') END, 0, 1,
    datetime(:today, -(n * 7919 / :reps % :days) || ' days') || '.000000'
FROM each JOIN rep ON rep.number = n % :reps
    JOIN buyer ON buyer.number = n * 48271 % (SELECT count(*) FROM buyer)
"""
