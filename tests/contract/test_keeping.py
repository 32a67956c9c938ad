"""`regatta backup`, `restore` and `move` from a terminal: what they say, and what they refuse in one sentence."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlmodel import select

from bot.app import Regatta
from bot.backups.file import read_note
from bot.settings import Settings
from models.accounts import Account
from models.context import Context
from models.copying import CopyError, copy_all
from models.databases import writer
from models.message import says
from models.migrate import migrate
from models.outbox import Post
from models.store import Store
from models.text import Text
from tests.databases import copy, opened, url_of
from tests.stages.terminal import Terminal, terminal
from tests.workspace import START, StandingClock


@pytest.fixture
def company(template: Path, tmp_path: Path) -> Path:
    """A real organisation's database."""
    copy(template, tmp_path / "company.db")
    with opened(tmp_path / "company.db") as rows:
        rows.execute(text("UPDATE organisation SET is_demo = false"))
    return tmp_path / "company.db"


@pytest.fixture
def regatta(company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return terminal(company, monkeypatch, capsys)


def add(database: Path | str, name: str) -> None:
    """Let the bot write a customer, as a process that comes and goes."""
    store = Store(database if isinstance(database, str) else url_of(database))
    store.write(lambda unit: unit.add(Account(id=name, name=name, key=name))).result()
    store.close()


def names(database: Path | str) -> set[str]:
    store = Store(database if isinstance(database, str) else url_of(database))
    found = store.read(lambda session: set(session.exec(select(Account.name))))
    store.close()
    return found


def test_a_backup_says_what_it_holds_and_is_read_by_its_owner_alone(regatta: Terminal, tmp_path: Path) -> None:
    said = regatta("backup", "b.db")

    assert said.code == 0, said.fault
    assert "rows in 43 tables, at revision" in said.out
    assert "audit rows, unbroken; head " in said.out
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".b.db")]


def test_a_backup_takes_the_place_of_an_older_one_and_of_nothing_else(regatta: Terminal, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")

    assert [regatta("backup", "b.db").code, regatta("backup", "b.db").code] == [0, 0]
    assert "is no backup: name a new file" in regatta("backup", "letter.txt").sentence
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear Sir"
    assert "There is no folder" in regatta("backup", "nowhere/b.db").sentence


def test_a_backup_of_nothing_is_refused(regatta: Terminal, tmp_path: Path) -> None:
    assert "There is no database" in regatta("backup", "b.db", on=tmp_path / "none.db").sentence
    assert "company.db is there and is no backup" in regatta("backup", "company.db").sentence
    assert not (tmp_path / "b.db").exists()


def test_80_what_was_deleted_is_in_no_later_backup(regatta: Terminal, company: Path, tmp_path: Path) -> None:
    add(company, "Zebulon Quirk")
    with closing(sqlite3.connect(company)) as raw, raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("DELETE FROM account WHERE name = 'Zebulon Quirk'")

    regatta("backup", "b.db")

    assert b"Zebulon" in company.read_bytes()  # else a plain copy would do as well
    assert b"Zebulon" not in (tmp_path / "b.db").read_bytes()


def test_a_real_organisation_is_replaced_only_when_told_so_and_is_kept(
    regatta: Terminal, company: Path, tmp_path: Path
) -> None:
    regatta("backup", "b.db")
    add(company, "Later")

    refused = regatta("restore", "b.db")
    assert "There is an organisation in that database: `--replace`" in refused.sentence
    assert "Later" in names(company)

    done = regatta("restore", "b.db", "--replace")

    assert done.code == 0, done.fault
    assert "Later" not in names(company)
    (kept,) = (path for path in tmp_path.iterdir() if ".replaced-" in path.name)
    assert str(kept.name) in done.out
    with closing(sqlite3.connect(kept)) as raw:
        assert raw.execute("SELECT count(*) FROM account WHERE name = 'Later'").fetchone() == (1,)


def test_a_backup_is_restored_where_there_is_nothing_yet(regatta: Terminal, company: Path, tmp_path: Path) -> None:
    add(company, "Earlier")
    regatta("backup", "b.db")

    done = regatta("restore", "b.db", on=tmp_path / "new.db")

    assert done.code == 0, done.fault
    assert "kept as" not in done.out
    assert names(tmp_path / "new.db") == names(company)
    assert "unbroken" in regatta("audit", "verify", on=tmp_path / "new.db").out
    assert "equal" in regatta("rollup", "check", on=tmp_path / "new.db").out


def test_a_database_that_the_bot_has_open_is_neither_replaced_nor_moved(regatta: Terminal, company: Path) -> None:
    regatta("backup", "b.db")
    bot = Store(url_of(company))
    bot.read(lambda session: session.exec(select(Account.name)).first())
    bot.write(lambda _unit: None).result()

    assert "stop it first" in regatta("restore", "b.db", "--replace").sentence
    assert "stop it first" in regatta("move", "postgresql://nobody@127.0.0.1:1/none").sentence
    bot.close()
    assert regatta("restore", "b.db", "--replace").code == 0


def no_sqlite(file: Path) -> None:
    file.write_bytes(b"PK" * 4000)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def one_letter(file: Path) -> None:
    whole = file.read_bytes()
    assert whole.count(b"Mike Davis") >= 1
    file.write_bytes(whole.replace(b"Mike Davis", b"Mika Davis", 1))


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE regatta_backup SET revision = '9999'")


def no_note(file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("DROP TABLE regatta_backup")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (no_sqlite, "is no backup"),
        (empty, "is no backup"),
        (cut, "is damaged"),
        (one_letter, "is damaged (person is not what was backed up)"),
        (newer, "newer version"),
        (no_note, "is a database and no backup"),
    ],
)
def test_a_file_that_is_no_sound_backup_is_refused_in_one_sentence(
    regatta: Terminal, company: Path, tmp_path: Path, spoil: Callable[[Path], None], says: str
) -> None:
    regatta("backup", "b.db")
    add(company, "Later")
    spoil(tmp_path / "b.db")

    assert says in regatta("restore", "b.db", "--replace").sentence
    assert "Later" in names(company)
    assert "no file" in regatta("restore", "none.db").sentence


def test_36_a_damaged_database_is_replaced_when_told_so(regatta: Terminal, company: Path) -> None:
    before = names(company)
    regatta("backup", "b.db")
    company.write_bytes(b"\0" * 9000)

    assert "cannot be read" in regatta("restore", "b.db").sentence
    assert regatta("restore", "b.db", "--replace").code == 0
    assert names(company) == before


def test_the_proof_of_a_copy_finds_a_row_that_is_not_the_same(template: Path, tmp_path: Path) -> None:
    copy(template, tmp_path / "source.db")
    with opened(tmp_path / "source.db") as source, fresh(tmp_path / "target.db") as target:
        assert copy_all(source, target)["person"].rows > 10
    with opened(tmp_path / "source.db") as source, fresh(tmp_path / "spoilt.db") as target:
        target.exec_driver_sql(
            "CREATE TRIGGER spoil AFTER INSERT ON person WHEN new.id = 'mike-davis' "
            "BEGIN UPDATE person SET name = 'Mika' WHERE id = new.id; END"
        )
        with pytest.raises(CopyError, match="copy of person is not equal"):
            copy_all(source, target)


@contextmanager
def fresh(path: Path) -> Iterator[Connection]:
    """A transaction on an empty SQLite database of this schema."""
    engine = writer(f"sqlite:///{path}")
    migrate(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date(regatta: Terminal, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
    engine.dispose()

    assert "at revision 0009" in regatta("backup", "b.db", on=f"sqlite:///{tmp_path / 'old.db'}").out
    assert regatta("restore", "b.db", on=tmp_path / "new.db").code == 0
    assert names(tmp_path / "new.db") == set()


def test_a_restore_without_a_place_is_no_demo(regatta: Terminal, tmp_path: Path) -> None:
    regatta("backup", "b.db")

    assert "Say where to" in regatta("restore", "b.db", on="").sentence
    assert not (tmp_path / "data").exists()


@pytest.fixture
def source(company: Path) -> str:
    """The company in SQLite, wherever tests run: what is moved and restored."""
    path = company.with_name("source.db")
    demo = Settings(_env_file=None, regatta_database_url=f"sqlite:///{path}", regatta_workspace="demo")  # type: ignore[call-arg]
    Regatta(demo, StandingClock(START)).store.close()
    return f"sqlite:///{path}"


@pytest.mark.postgres
def test_an_installation_is_moved_to_a_server_and_goes_on_there(regatta: Terminal, source: str, tmp_path: Path) -> None:
    add(source, "Earlier")
    there = url_of(tmp_path / "there.db")

    moved = regatta("move", there, on=source)

    assert "rows in 42 tables are the same there" in moved.out
    assert names(there) >= {"Earlier"}
    assert "moved to another database" in regatta("audit", "verify", on=source).sentence
    assert "moved to another database" in regatta("move", url_of(tmp_path / "else.db"), on=source).sentence
    assert "unbroken" in regatta("audit", "verify", on=there).out
    store = Store(there)
    store.write(lambda unit: Context(unit, START, "new", lambda: "id").post("us", says(Text("Hello")))).result()
    assert len(store.read(lambda session: session.exec(select(Post.id).where(Post.event_id == "new")).all())) == 1
    store.close()


@pytest.mark.postgres
def test_an_installation_is_moved_to_nothing_that_is_not_empty(regatta: Terminal, source: str, tmp_path: Path) -> None:
    with opened(tmp_path / "there.db") as rows:
        rows.execute(text("CREATE TABLE theirs (id integer)"))
    there = url_of(tmp_path / "there.db")

    assert "is not empty" in regatta("move", there, on=source).sentence
    regatta("backup", "s.db", on=source)
    assert "other tables" in regatta("restore", "s.db", "--replace", on=there).sentence
    assert regatta("audit", "verify", on=source).code == 0


@pytest.mark.postgres
def test_a_backup_goes_from_either_database_into_either(regatta: Terminal, source: str, tmp_path: Path) -> None:
    """From SQLite to the server, and from there back; everything is the same but what a restore writes."""
    regatta("backup", "one.db", on=source)
    there = tmp_path / "there.db"
    assert regatta("restore", "one.db", on=there).code == 0

    assert regatta("backup", "two.db", on=there).code == 0
    assert regatta("restore", "two.db", on=f"sqlite:///{tmp_path / 'back.db'}").code == 0

    assert names(f"sqlite:///{tmp_path / 'back.db'}") == names(source)
    one, two = read_note(tmp_path / "one.db").tables, read_note(tmp_path / "two.db").tables
    assert {name for name in one if one[name][0] != two[name][0]} == {"audit", "counter"}
    assert "equal" in regatta("rollup", "check", on=f"sqlite:///{tmp_path / 'back.db'}").out
