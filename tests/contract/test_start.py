"""A start that cannot work says why in one sentence and exits with 1; usage that is wrong exits with 2."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from tests import databases
from tests.crash.forked import command_line
from tests.postgres import driven
from tests.server import Server


def regatta(*arguments: str, database: Path | str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    given = {"PATH": "/usr/bin:/bin", "REGATTA_DATABASE_URL": f"sqlite:///{database}" if database else ""} | environment
    return command_line(arguments, given)


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The fault, which must be one line on standard error without a traceback."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("regatta: ")]
    assert result.returncode == 1, result.stderr
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = one_sentence(regatta("run", "--port", port, database=tmp_path / "demo.db"))

    assert f"Port {port} is in use" in said


def test_a_second_bot_on_one_file_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path / "demo.db").start()
    try:
        said = one_sentence(regatta("run", "--port", "0", database=tmp_path / "demo.db"))
    finally:
        server.kill()

    assert "Another Regatta runs" in said


def test_a_database_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    said = one_sentence(regatta("audit", "verify", database=tmp_path))

    assert "cannot be used" in said


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    away = {"REGATTA_DATABASE_URL": "postgresql://regatta:secret@127.0.0.1:9/regatta"}

    said = one_sentence(regatta("audit", "verify", database=tmp_path / "none.db", **away))

    assert "check REGATTA_DATABASE_URL and the server" in said
    assert "secret" not in said


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_name_is_said(encoding: str) -> None:
    name = f"t_{encoding.lower()}_{os.getpid()}"
    engine = create_engine(driven(databases.server()), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as server:
        server.exec_driver_sql(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        url = make_url(databases.server()).set(database=name).render_as_string(hide_password=False)
        try:
            said = one_sentence(regatta("run", "--port", "0", REGATTA_DATABASE_URL=url))
        finally:
            server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    assert f"keeps its text as {encoding}" in said
    assert "ENCODING 'UTF8'" in said


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"not a database at all" * 500)

    assert "restore a backup" in one_sentence(regatta("audit", "verify", database=damaged))


def test_36_a_page_that_is_damaged_is_said_and_nothing_starts(template: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    whole = bytearray(template.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 4096] = b"\xa5" * 4096
    damaged.write_bytes(whole)

    said = one_sentence(regatta("run", "--port", "0", database=damaged))

    assert "database file is damaged" in said
    assert "restore a backup" in said


def test_a_database_of_another_program_is_said_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE invoices (id INTEGER)")

    said = one_sentence(regatta("run", "--port", "0", database=other))

    assert "holds other tables (invoices)" in said
    with sqlite3.connect(other) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]
    raw.close()


def test_a_database_without_its_revision_is_said(template: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.db"
    torn.write_bytes(template.read_bytes())
    with sqlite3.connect(torn) as raw:
        raw.execute("DROP TABLE alembic_version")

    assert "half migrated (alembic_version is missing)" in one_sentence(regatta("audit", "verify", database=torn))


def test_half_a_migration_is_said(template: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.db"
    half.write_bytes(template.read_bytes())
    with sqlite3.connect(half) as raw:
        raw.execute("DROP TABLE visit")

    said = one_sentence(regatta("audit", "verify", database=half))

    assert "half migrated (visit is missing)" in said


def test_38_a_database_of_a_newer_version_is_said(template: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    newer.write_bytes(template.read_bytes())
    with sqlite3.connect(newer) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer version" in one_sentence(regatta("audit", "verify", database=newer))


def test_a_demo_database_with_a_platforms_token_does_not_start(template: Path) -> None:
    said = one_sentence(
        regatta("run", "--port", "0", database=template, TELEGRAM_BOT_TOKEN="1:x", TELEGRAM_WEBHOOK_SECRET="s")
    )

    assert "demo" in said


def test_the_demo_does_not_listen_elsewhere(tmp_path: Path) -> None:
    said = one_sentence(regatta("run", "--host", "0.0.0.0", database=tmp_path / "demo.db"))

    assert "this machine only" in said


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("export", "nothing", "x.csv"), ("parse",), ("ops", "retry", "x")]
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = regatta(*arguments, database=tmp_path / "demo.db")

    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("option", "value"), [("--locale", "german"), ("--currency", "ZZZ")])
def test_parse_refuses_a_place_that_does_not_exist(option: str, value: str, tmp_path: Path) -> None:
    result = regatta("parse", "Acme 50k", option, value, database=tmp_path / "demo.db")

    assert result.returncode == 2
    assert f"“{value}” is not a {option[2:]}; write" in result.stderr.splitlines()[-1]


def test_the_help_of_a_batch_names_its_keys(tmp_path: Path) -> None:
    result = regatta("parse", "--help", database=tmp_path / "demo.db")

    assert "region_locale" in result.stdout
    assert "default_currency" in result.stdout


def test_the_doctor_finds_a_seeded_demo_healthy(template: Path) -> None:
    result = regatta("doctor", database=template)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "FAULT" not in result.stdout


def test_export_gives_the_columns_of_the_contract_and_no_formulas(template: Path, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"

    assert regatta("export", "deals", str(file), database=template).returncode == 0

    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,account,amount,currency,close_date,stage,tags,owner,region,state"
    assert len(lines) > 100


def test_totals_and_audit_of_the_seeded_history_are_sound(template: Path) -> None:
    assert "equal" in regatta("rollup", "check", database=template).stdout
    assert "unbroken" in regatta("audit", "verify", database=template).stdout


def test_sigterm_drains_and_exits_with_0(tmp_path: Path) -> None:
    server = Server(tmp_path / "demo.db").start()

    assert server.stop() == 0


def test_what_needs_a_company_says_so_on_an_empty_database(tmp_path: Path) -> None:
    people, file = tmp_path / "people.csv", tmp_path / "company.yaml"
    people.write_text("name,rank\nAnn,rep\n", encoding="utf-8")

    imported = one_sentence(regatta("import", "people", str(people), database=tmp_path / "empty.db"))
    exported = one_sentence(regatta("config", "export", str(file), database=tmp_path / "empty.db"))

    assert "There is no company yet" in imported
    assert "There is no company yet" in exported
    with sqlite3.connect(tmp_path / "empty.db") as rows:
        assert rows.execute("SELECT count(*) FROM organisation").fetchone() == (0,), "asking makes no company"
    rows.close()


def test_a_company_does_not_begin_in_the_demo_s_place(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "bot", "setup", "code"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)}

    result = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert "Without a platform's token this would be the demo's database" in one_sentence(result)
    assert not (tmp_path / "data").exists()


def test_nobody_claims_the_demo(template: Path) -> None:
    assert "This is the demo" in one_sentence(regatta("setup", "code", database=template))
