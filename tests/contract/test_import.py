"""Four hundred people, their deals and targets, from a spreadsheet; a reason for each row that is not taken."""

import base64
import csv
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import func, select

from bot.clock import new_id
from bot.configuration.command import NOTHING, apply_file, export, history, undo
from bot.database import open_store
from bot.export import KINDS, write
from bot.import_command import import_file
from bot.language import Reader, plain
from bot.settings import Settings
from models.accounts import Account
from models.context import UserError
from models.deals import Deal
from models.dropped import DroppedFile
from models.people import Person, duties_of
from models.ranks import Duty, Rank
from models.reconcile import differences
from models.regions import Region
from models.store import Store
from models.targets import Scope, Target
from models.timeline import DealEntry
from tests.databases import url_of
from tests.workspace import START, Record, Workspace

NOW = START + timedelta(hours=1)
COMPANY = """\
company: {name: M, zone: Europe/Berlin, country: DE, locale: de-DE, currency: EUR}
regions:
  - {id: dach, name: DACH, zone: Europe/Berlin, country: DE, currency: EUR, locale: de-DE, language: en}
  - {id: east, name: 华东, zone: Asia/Shanghai, country: CN, currency: CNY, locale: zh-CN, language: zh}
"""


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A company of two regions where nobody works yet, or of those that a test names."""
    url = url_of(tmp_path / "m.db")
    opened = open_store(Settings(_env_file=None, regatta_database_url=url))  # type: ignore[call-arg]
    (tmp_path / "m.yaml").write_text(getattr(request, "param", COMPANY), encoding="utf-8")
    apply_file(opened, tmp_path / "m.yaml", NOW, new_id, dry_run=False, prune=False)
    yield opened
    opened.close()


def taken(store: Store, path: Path, kind: str | None = None, *, dry_run: bool = False) -> list[str]:
    """Import a file as the command line does."""
    return list(import_file(store, kind, path, NOW, new_id, dry_run=dry_run))


def table(path: Path, *rows: str, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as a CSV file."""
    path.write_bytes("\n".join(rows).replace(",", delimiter).encode(encoding))
    return path


def count(store: Store, kind: type) -> int:
    return store.read(lambda session: session.exec(select(func.count()).select_from(kind)).one())


def book(path: Path, people: int) -> Path:
    """A workbook as a sales office keeps it: people, deals and targets on a sheet each."""
    made = Workbook()
    staff = made.active
    assert staff is not None
    staff.title = "Staff"
    staff.append(["Full name", "Position", "Area", "E-mail", "Phone"])
    for n in range(people):
        staff.append([f"Person {n}", "manager" if n == 0 else "Rep", "DACH", f"p{n}@m.example", f"+49 {n}"])
    deals = made.create_sheet("Pipeline")
    deals.append(["Customer", "Value", "Close", "Stage", "Rep"])
    for n in range(1, people):
        deals.append([f"Customer {n % 50}", 250 * n, "2026-12-18", "proposal", f"p{n}@m.example"])
    goals = made.create_sheet("Targets")
    goals.append(["Region", "Target", "Year"])
    goals.append(["DACH", "4m", 2026])
    made.save(path)
    return path


@pytest.mark.both_databases
def test_four_hundred_people_their_deals_and_a_target_come_from_one_workbook(store: Store, tmp_path: Path) -> None:
    lines = taken(store, book(tmp_path / "office.xlsx", 400))

    assert "  Full name -> name, Position -> rank, Area -> region, E-mail -> email" in lines
    assert "  not used: Phone" in lines
    assert "  400 new, 0 changed, 0 there already, 0 not taken" in lines
    assert (count(store, Person), count(store, Deal)) == (400, 399)
    deal = store.read(lambda session: session.exec(select(Deal).where(Deal.amount_minor == 250 * 7 * 100)).one())
    assert (deal.owner_id, deal.region_id, deal.currency) == ("person-7", "dach", "EUR")
    author = store.read(lambda session: session.exec(select(DealEntry).where(DealEntry.deal_id == deal.id)).one())
    assert author.person_id == "person-7", "the author is the owner, not whoever imported"
    assert store.read(lambda session: session.get(Target, (Scope.PERSON, "person-7", "2026-11", "signed"))) is not None
    assert store.read(differences) == []


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = book(tmp_path / "office.xlsx", 20)
    taken(store, path)

    lines = taken(store, path)

    assert "  0 new, 0 changed, 20 there already, 0 not taken" in lines
    assert "  0 new, 0 changed, 19 there already, 0 not taken" in lines
    assert (count(store, Person), count(store, Deal)) == (20, 19)


def test_a_dry_run_tells_the_same_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    path = book(tmp_path / "office.xlsx", 20)

    lines = taken(store, path, dry_run=True)

    assert "  20 new, 0 changed, 0 there already, 0 not taken" in lines
    assert "  19 new, 0 changed, 0 there already, 0 not taken" in lines, "deals find people who are not there yet"
    assert lines[-1] == "Nothing was written: this was a dry run."
    assert (count(store, Person), count(store, Deal)) == (0, 0)


def test_a_bad_row_is_kept_with_its_reason_and_taken_once_it_is_mended(store: Store, tmp_path: Path) -> None:
    path = table(
        tmp_path / "people.csv", "name,rank,region,email,duties", "Ann,rep,DACH,ann@m.example,",
        "Bob,boss,DACH,bob@m.example,", "Cid,rep,Mars,cid@m.example,", ",rep,DACH,x@m.example,",
        "Dan,rep,DACH,no mail,", "Eve,manager,华东,eve@m.example,finance、推广大使",
    )  # fmt: skip

    lines = taken(store, path, "people")
    again = tmp_path / "people.not-taken.csv"
    bad = list(csv.reader(again.read_text(encoding="utf-8-sig").splitlines()))
    again.write_text(again.read_text(encoding="utf-8-sig").replace("boss", "rep"), encoding="utf-8")
    mended = taken(store, again, "people")

    assert "  2 new, 0 changed, 0 there already, 4 not taken" in lines
    assert [row[0] for row in bad] == ["name", "Bob", "Cid", "", "Dan"]
    assert [row[-1].split(":")[0] for row in bad[1:]] == ["rank", "region", "name", "email"]
    assert "  row 4: region: There is no region “Mars”; choose one of the list." in lines
    assert "  1 new, 0 changed, 0 there already, 3 not taken" in mended
    eve = store.read(lambda session: session.get(Person, "eve"))
    assert eve is not None
    assert (eve.rank, eve.region_id) == (Rank.MANAGER, "east")
    assert store.read(lambda session: duties_of(session, "eve")) == {Duty.FINANCE, Duty.AMBASSADOR}


@pytest.mark.parametrize(("encoding", "delimiter"), [("gb18030", ","), ("utf-8-sig", ";"), ("utf-16", "\t")])
def test_chinese_headings_and_the_encodings_of_spreadsheets_are_read(
    store: Store, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = table(
        tmp_path / "人员.csv", "姓名,职位,大区,邮箱", "林晓,销售,华东,lin@m.example", "陈伟,经理,华东,chen@m.example",
        encoding=encoding, delimiter=delimiter,
    )  # fmt: skip

    lines = taken(store, path)

    assert "  姓名 -> name, 职位 -> rank, 大区 -> region, 邮箱 -> email" in lines
    lin = store.read(lambda session: session.get(Person, "林晓"))
    assert lin is not None
    assert (lin.rank, lin.region_id, lin.email) == (Rank.REP, "east", "lin@m.example")


def test_a_person_who_is_there_already_is_changed_and_a_number_of_ours_is_kept(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region,email", "Ann,rep,DACH,ann@m.example"), "people")

    people = table(tmp_path / "p.csv", "name,rank,region,email", "Ann Weber,manager,DACH,ann@m.example")
    deals = table(tmp_path / "d.csv", "id,account,amount,owner", "D-2044,Acme,500,ann@m.example", "CRM-7,Bolt,900,ann")
    changed, _ = taken(store, people, "people"), taken(store, deals, "deals")

    assert "  0 new, 1 changed, 0 there already, 0 not taken" in changed
    numbers = store.read(lambda session: session.exec(select(Deal.id).order_by(Deal.id)).all())
    assert numbers == ["D-2044", "D-2045"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_what_was_exported_is_all_there_already(workspace: Workspace, tmp_path: Path, ending: str) -> None:
    store = workspace.regatta.store
    for kind in KINDS:
        path = tmp_path / f"{kind}.{ending}"
        rows = write(store, kind, path)

        lines = taken(store, path, kind)

        assert f"  0 new, 0 changed, {rows} there already, 0 not taken" in lines, kind


@pytest.mark.parametrize("store", [COMPANY.splitlines()[0]], indirect=True)
async def test_an_export_makes_the_same_people_and_deals_elsewhere(
    workspace: Workspace, store: Store, tmp_path: Path
) -> None:
    await workspace.say("mike-davis", "deal =Evil() 120k USD")
    for kind in ("regions", "people", "accounts", "deals", "rates"):
        write(workspace.regatta.store, kind, tmp_path / f"{kind}.csv")
        taken(store, tmp_path / f"{kind}.csv", kind)
        write(store, kind, tmp_path / f"again-{kind}.csv")

    for kind in ("accounts", "rates", "deals"):
        first, again = (sorted(_lines(tmp_path / f"{name}.csv")) for name in (kind, f"again-{kind}"))
        assert again == first, kind
    assert store.read(lambda session: session.get(Region, "sea")) is not None
    assert set(_lines(tmp_path / "people.csv")) <= set(_lines(tmp_path / "again-people.csv"))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def why_not(store: Store, path: Path, kind: str | None = None) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(UserError) as refused:
        taken(store, path, kind)
    return plain(refused.value.text, Reader())


def test_a_table_of_something_else_is_refused_with_what_it_lacks(store: Store, tmp_path: Path) -> None:
    other = table(tmp_path / "x.csv", "colour,size", "red,5")
    assert why_not(store, other).startswith("The headings of x name none of: regions, people, accounts, deals, ")
    assert why_not(store, table(tmp_path / "x.csv", "name,size", "red,5"), "people") == "x lacks a column for: rank."
    assert why_not(store, table(tmp_path / "x.csv", "name,rank"), "people") == "x.csv has no rows below its headings."


def test_what_is_no_table_is_refused_in_one_sentence(store: Store, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 torn")
    (tmp_path / "y.xlsx").write_bytes(b"\x00" * 100)

    assert why_not(store, tmp_path / "x.pdf") == "x.pdf is no table that I can read; save it as .xlsx or .csv."
    for name in ("x.xlsx", "y.xlsx"):
        assert why_not(store, tmp_path / name) == f"{name} is damaged or protected by a password; save it again."


def test_bombs_are_refused_within_two_seconds(store: Store, tmp_path: Path) -> None:
    packed, long = tmp_path / "bomb.xlsx", tmp_path / "long.csv"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out, out.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(300):
            part.write(b" " * 1_000_000)
    long.write_bytes(b"name,rank\n" + b"x,y\n" * 4_000_000)
    begun = time.perf_counter()

    unpacked, many = why_not(store, packed), why_not(store, long)

    assert unpacked == "bomb.xlsx is larger than 200 MB; send it in parts."
    assert many == "long.csv has more than 100,000 rows; send it in parts."
    assert time.perf_counter() - begun < 2


async def test_rows_that_were_imported_can_be_taken_back_by_one_id(workspace: Workspace, tmp_path: Path) -> None:
    store = workspace.regatta.store
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Nora,rep,DACH", "Olaf,rep,DACH"), "people")

    undo(store, history(store)[0].split()[-1], NOW, new_id)

    assert store.read(lambda session: session.get(Person, "nora")) is None
    assert store.read(lambda session: session.get(Person, "olaf")) is None


async def drop(
    workspace: Workspace, person: str, name: str, content: bytes, channel: str | None = None
) -> list[Record]:
    """Drop a file in a chat of the workspace."""
    file = {"name": name, "content": base64.b64encode(content).decode()}
    body = {"as": person, "channel": channel or f"dm-{person}", "text": "", "file": file}
    return list((await workspace.post("/workspace/messages", body))["replies"])


PEOPLE = "姓名,职位,大区,E-mail\nNora Berg,rep,DACH,nora@m.example\nOlaf Ruud,boss,DACH,olaf@m.example\n".encode()


async def test_a_file_dropped_in_chat_is_shown_first_and_imported_by_one_tap(workspace: Workspace) -> None:
    (shown,) = await drop(workspace, "ines-keller", "people.csv", PEOPLE)
    before = workspace.rows(lambda session: session.get(Person, "nora-berg"))

    replies = await workspace.press("ines-keller", shown, "import")
    done = replies[-1]
    rest = await workspace.client.get(done["attachment"]["url"])

    assert shown["text"].splitlines()[:2] == [
        "people.csv: 2 rows",
        "people, read as people: 姓名 → Name, 职位 → Rank, 大区 → Region, E-mail → Work e-mail",
    ]
    assert "Row 3: 职位: “boss” is not a rank; there is rep or manager or HQ or admin." in shown["text"]
    assert shown["table"]["rows"] == [["people", "1", "0", "0", "1"]]
    assert shown["buttons"][0]["label"] == "Import 1 row"
    assert before is None, "looking writes nothing"
    assert workspace.rows(lambda session: session.get(Person, "nora-berg")).region_id == "de"
    assert done["attachment"]["name"] == "people.not-taken.csv"
    assert list(csv.reader(rest.text.splitlines()))[1][-1].startswith("职位: “boss” is not a rank; there is rep")
    assert workspace.rows(lambda session: session.exec(select(DroppedFile)).all()) == [], "the file is forgotten"


async def test_only_an_administrator_imports_and_nothing_of_others_files_is_kept(workspace: Workspace) -> None:
    (refused,) = await drop(workspace, "sarah-johnson", "people.csv", PEOPLE)

    assert refused["text"].startswith("This is only for: administrator")
    assert workspace.rows(lambda session: session.exec(select(DroppedFile)).all()) == []


async def test_a_dropped_file_that_is_no_table_is_answered_in_the_reader_s_language(workspace: Workspace) -> None:
    await workspace.say("ines-keller", "setup person Ines Keller admin language Chinese")

    (refused,) = await drop(workspace, "ines-keller", "x.pdf", b"%PDF")

    assert refused["text"] == "无法读取 x.pdf；请另存为 .xlsx 或 .csv。"


async def test_a_file_waits_a_day_for_its_import(workspace: Workspace) -> None:
    (shown,) = await drop(workspace, "ines-keller", "people.csv", PEOPLE)
    await workspace.advance("25h")
    await drop(workspace, "ines-keller", "people.csv", PEOPLE)

    (gone,) = await workspace.press("ines-keller", shown, "import")

    assert gone["text"] == "That file is not here any more; drop it again."


def test_amounts_with_cents_are_taken_and_a_currency_that_is_named_counts(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    rows = ("account;amount;owner", "A;1234.50;Ann", "B;1.234,75 €;Ann", "C;$ 900;Ann", "D;0.005;Ann")

    lines = taken(store, table(tmp_path / "d.csv", *rows), "deals")

    deals = store.read(lambda session: session.exec(select(Deal.amount_minor, Deal.currency).order_by(Deal.id)).all())
    assert deals == [(123_450, "EUR"), (123_475, "EUR"), (90_000, "USD")]
    assert "  3 new, 0 changed, 0 there already, 1 not taken" in lines


@pytest.mark.parametrize("rate", ["1e99999999", "-1", "1/0", "0", "9" * 40, "nan"])
def test_a_rate_that_is_none_is_refused_at_once(store: Store, tmp_path: Path, rate: str) -> None:
    path = table(tmp_path / "r.csv", "currency,to_currency,since,rate", f"EUR,USD,2026-01-01,{rate}")

    lines = taken(store, path, "rates")

    assert "  row 2: rate: That is not a rate; write it like 1.08." in lines


def test_five_thousand_people_are_taken_in_steps_that_hold_nobody_up(store: Store, tmp_path: Path) -> None:
    rows = (f"Person {n},rep,DACH,p{n}@m.example" for n in range(5_000))
    path, longest = table(tmp_path / "p.csv", "name,rank,region,email", *rows), 0.0
    write_one = store.write

    def timed(work: Any, *, repeatable: bool = False) -> Any:
        nonlocal longest
        begun = time.process_time()
        done = write_one(work, repeatable=repeatable)
        done.result()
        longest = max(longest, time.process_time() - begun)
        return done

    store.write = timed  # type: ignore[method-assign]
    taken(store, path, "people")

    assert count(store, Person) == 5_000
    assert longest < 3, "the longest step of the one writer"


async def test_a_list_that_is_too_long_for_the_chat_is_sent_to_the_machine(workspace: Workspace) -> None:
    content = "name,rank,region\n" + "".join(f"Person {n},rep,DACH\n" for n in range(2_001))

    (refused,) = await drop(workspace, "ines-keller", "people.csv", content.encode())

    assert refused["text"].startswith("2,001 rows are too many for the chat")


def test_an_address_that_stands_twice_makes_nobody_somebody_else(store: Store, tmp_path: Path) -> None:
    rows = ("name,rank,region,email", "Nora Berg,rep,DACH,nora@m.example", "Wim Kok,rep,DACH,nora@m.example")

    lines = taken(store, table(tmp_path / "p.csv", *rows), "people")

    assert "  row 3: email: nora@m.example is Nora Berg's in an earlier row." in lines
    assert store.read(lambda session: [person.name for person in session.exec(select(Person)).all()]) == ["Nora Berg"]


def test_what_a_list_changes_is_named(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Nora Berg,rep,DACH"), "people")

    lines = taken(store, table(tmp_path / "p.csv", "name,rank,region", "Nora Berg,manager,DACH"), "people")

    assert "  changed: Nora Berg" in lines


def test_headings_and_ranks_in_an_office_s_own_words_are_read(store: Store, tmp_path: Path) -> None:
    rows = (
        "Employee,Job title,Sales region,E-mail address,Preferred language",
        "Nora,Sales Manager,DACH,n@m.example,English",
    )
    chinese = ("姓名,岗位,所属大区", "林晓,销售代表,华东")

    taken(store, table(tmp_path / "a.csv", *rows), "people")
    taken(store, table(tmp_path / "b.csv", *chinese), "people")

    people = store.read(lambda session: {person.id: person for person in session.exec(select(Person)).all()})
    assert (people["nora"].rank, people["nora"].region_id, people["nora"].email) == (
        Rank.MANAGER,
        "dach",
        "n@m.example",
    )
    assert (people["林晓"].rank, people["林晓"].region_id) == (Rank.REP, "east")


def test_an_address_that_stands_twice_is_found_however_far_apart(store: Store, tmp_path: Path) -> None:
    rows = [f"Person {n},rep,DACH,p{n}@m.example" for n in range(300)]
    path = table(tmp_path / "p.csv", "name,rank,region,email", *rows, "Wim Kok,rep,DACH,p0@m.example")

    lines = taken(store, path, "people")

    assert "  row 302: email: p0@m.example is Person 0's in an earlier row." in lines


def two_offices(path: Path) -> Path:
    """A workbook that keeps its people on two sheets, a bad row on each, and a target on a third."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for office, region in (("Berlin", "DACH"), ("Shanghai", "华东")):
        staff = made.create_sheet(office)
        for row in (["name", "rank", "region"], [f"Ann {office}", "rep", region], [f"Bob {office}", "boss", region]):
            staff.append(row)
    goals = made.create_sheet("Goals")
    goals.append(["region", "amount", "year"])
    goals.append(["DACH", "4m", 2026])
    made.save(path)
    return path


def test_every_sheet_of_the_kind_is_taken_and_the_others_are_named(store: Store, tmp_path: Path) -> None:
    lines = taken(store, two_offices(tmp_path / "office.xlsx"), "people")

    assert store.read(lambda session: session.exec(select(Person.name).order_by(Person.name)).all()) == [
        "Ann Berlin", "Ann Shanghai",
    ]  # fmt: skip
    assert "Left aside, since they are no tables of people: Goals" in lines
    assert count(store, Target) == 0


def test_notes_about_people_on_a_sheet_of_their_own_keep_nobody_out(store: Store, tmp_path: Path) -> None:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in (
        ("People notes", [("Remark", "When"), ("call them", "later")]),
        ("People", [("Name", "Rank", "Region"), ("Ann Berlin", "rep", "DACH")]),
    ):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "office.xlsx")

    lines = taken(store, tmp_path / "office.xlsx", "people")

    assert count(store, Person) == 1
    assert "Left aside, since they are no tables of people: People notes" in lines


def test_a_row_of_a_leaver_s_name_in_another_region_makes_nobody_new_unasked(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "a.csv", "name,rank,region", "Bo Li,rep,DACH"), "people")
    store.write(lambda unit: setattr(unit.get_one(Person, "bo-li"), "active", False)).result()

    told = taken(store, table(tmp_path / "b.csv", "name,rank,region", "Bo Li,rep,East", "Bo Ri,rep,East"), "people")
    taken(store, table(tmp_path / "c.csv", "name,rank,region,email", "Bo Ri,rep,DACH,ri@m.example"), "people")

    assert any("Somebody called Bo Li left. Say in chat whether it is them" in line for line in told), told
    assert store.read(lambda session: session.exec(select(Person.id)).all()) == ["bo-li", "bo-ri"]


def test_a_language_that_is_not_spoken_is_named_with_those_that_are(store: Store, tmp_path: Path) -> None:
    rows = "name,rank,region,language", "Bo Li,rep,DACH,German", "Al Ma,rep,DACH,Chinese"

    told = taken(store, table(tmp_path / "a.csv", *rows), "people")

    assert any(line.endswith("language: I do not speak “German”; there is English and Chinese.") for line in told), told
    assert count(store, Person) == 1


async def test_two_tables_of_people_are_told_apart(workspace: Workspace, tmp_path: Path) -> None:
    content = two_offices(tmp_path / "office.xlsx").read_bytes()

    (asks,) = await drop(workspace, "ines-keller", "office.xlsx", content)

    assert [row[0] for row in asks["table"]["rows"]] == ["people (Berlin)", "people (Shanghai)", "targets"]
    assert "Berlin, row 3: rank: " in asks["text"]
    assert "Shanghai, row 3: rank: " in asks["text"]


def test_a_workbook_with_a_cell_a_million_rows_away_is_refused_and_costs_nothing(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["name", "rank", "region"])
    book.active["XFD1048576"] = "."
    book.save(tmp_path / "far.xlsx")

    said = why_not(store, tmp_path / "far.xlsx", "people")

    assert said.startswith("far.xlsx takes too much room or time to open, perhaps for a stray cell")


def test_a_workbook_that_says_one_long_text_ten_thousand_times_is_refused(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["name"])
    book.save(tmp_path / "said.xlsx")
    one, whole = tmp_path / "one.xlsx", zipfile.ZipFile(tmp_path / "said.xlsx")
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(2, 10_000))
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    with zipfile.ZipFile(one, "w", zipfile.ZIP_DEFLATED) as out:
        for name in whole.namelist():
            out.writestr(name, whole.read(name).replace(b"</sheetData>", cells + b"</sheetData>"))
        out.writestr("xl/sharedStrings.xml", texts % (b"x" * 1_000_000))

    said = why_not(store, one, "people")

    assert one.stat().st_size < 500_000
    assert said.startswith("one.xlsx takes too much room or time to open")


def test_a_number_of_a_workbook_is_read_as_what_it_is_and_not_by_the_company_s_marks(
    store: Store, tmp_path: Path
) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    book = Workbook()
    book.active.append(["account", "amount", "owner"])
    for account, amount in (("A", 123.456), ("B", 1234.5), ("C", 0.1 + 0.2), ("D", 80_000), ("E", "1.234,50 €")):
        book.active.append([account, amount, "Ann"])
    book.save(tmp_path / "d.xlsx")

    lines = taken(store, tmp_path / "d.xlsx", "deals")

    deals = store.read(lambda session: session.exec(select(Deal.amount_minor).order_by(Deal.id)).all())
    assert deals == [123_450, 30, 8_000_000, 123_450]
    assert "  row 2: amount: That is not an amount; write it like 80k, 75万 or 12,500 USD." in lines


def test_a_small_rate_of_a_workbook_is_taken(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["currency", "to_currency", "since", "rate"])
    book.active.append(["VND", "EUR", "2026-01-01", 0.000036])
    book.save(tmp_path / "r.xlsx")

    assert "  1 new, 0 changed, 0 there already, 0 not taken" in taken(store, tmp_path / "r.xlsx", "rates")


def test_a_customer_s_name_keeps_no_blank_of_what_was_around_it(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "a.csv", "account", "*nix Ltd"), "accounts")

    assert store.read(lambda session: session.exec(select(Account.name)).all()) == ["nix Ltd"]


@pytest.mark.parametrize(("amount", "is_one"), [("80000-", False), ("80.000 €−", False), ("80.000,-", True)])
def test_an_amount_with_its_minus_behind_it_is_no_amount(
    store: Store, tmp_path: Path, amount: str, *, is_one: bool
) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")

    lines = taken(store, table(tmp_path / "d.csv", "account;amount;owner", f"A;{amount};Ann"), "deals")

    assert ("  1 new, 0 changed, 0 there already, 0 not taken" in lines) is is_one


def test_deals_that_look_alike_are_told_apart_by_their_numbers(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    rows = [f"D-{number},Acme,500,Ann" for number in (2001, 2002, 2003)]
    path = table(tmp_path / "d.csv", "id,account,amount,owner", *rows)

    first, again = taken(store, path, "deals"), taken(store, path, "deals")

    assert "  3 new, 0 changed, 0 there already, 0 not taken" in first
    assert "  0 new, 0 changed, 3 there already, 0 not taken" in again


def test_two_rows_without_a_number_are_two_deals_however_alike(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    path = table(tmp_path / "d.csv", "account,amount,owner", *["Acme,500,Ann"] * 2)
    more = table(tmp_path / "e.csv", "account,amount,owner", *["Acme,500,Ann"] * 3)

    assert "  2 new, 0 changed, 0 there already, 0 not taken" in taken(store, path, "deals")
    assert "  0 new, 0 changed, 2 there already, 0 not taken" in taken(store, path, "deals")
    assert "  1 new, 0 changed, 2 there already, 0 not taken" in taken(store, more, "deals", dry_run=True)


def test_a_deal_of_a_name_that_two_people_bear_goes_to_neither(store: Store, tmp_path: Path) -> None:
    people = ("Wei Wang,rep,DACH,w1@m.example", "Wei Wang,rep,华东,w2@m.example")
    taken(store, table(tmp_path / "p.csv", "name,rank,region,email", *people), "people")
    rows = ("Acme,500,wei wang", "Bolt,700,W2@m.example")

    lines = taken(store, table(tmp_path / "d.csv", "account,amount,owner", *rows), "deals")

    assert "  1 new, 0 changed, 0 there already, 1 not taken" in lines
    assert "  row 2: owner: Several people have that name; write the e-mail address." in lines
    assert store.read(lambda session: session.exec(select(Deal)).one().region_id) == "east"


WESTERN = "Jörg Müller,rep,DACH\nJosé García Peña,rep,DACH\nZoë Ørsted,rep,DACH\n"
RARE = "张昊晟,销售,华东\n刘婷玥,销售,华东\n朱镕基,销售,华东\n李鑫,销售,华东\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", f"name,rank,region\n{WESTERN}"), ("gb18030", f"姓名,职位,区域\n{RARE}"),
        ("gb18030", f"name,rank,region\n{RARE}"), ("utf-16", f"姓名,职位,区域\n{RARE}"),
        ("utf-8", f"name,rank,region\n{WESTERN}{RARE}"),
    ],
)  # fmt: skip
def test_names_stay_what_they_are_in_what_a_spreadsheet_saves(
    store: Store, tmp_path: Path, encoding: str, text: str
) -> None:
    (tmp_path / "p.csv").write_bytes(text.encode(encoding))

    taken(store, tmp_path / "p.csv", "people")

    names = store.read(lambda session: session.exec(select(Person.name)).all())
    assert set(names) == {line.split(",")[0] for line in text.splitlines()[1:]}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("big5", "台積電股份有限公司"), ("shift_jis", "トヨタ自動車株式会社"), ("cp1251", "Иванов Сергей"),
        ("cp1253", "Παπαδόπουλος"), ("cp949", "김철수"), ("euc_jp", "トヨタ自動車"), ("cp1250", "Paweł Żak"),
        ("cp1254", "Ayşe Yılmaz"),
    ],
)  # fmt: skip
def test_other_letters_are_refused_and_never_taken_for_chinese(
    store: Store, tmp_path: Path, encoding: str, name: str
) -> None:
    (tmp_path / "p.csv").write_bytes(f"account\n{name}\n".encode(encoding))

    assert why_not(store, tmp_path / "p.csv", "accounts").endswith("that I cannot read; save it as UTF-8.")


def test_every_row_that_was_not_taken_is_kept_however_many(store: Store, tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", "name,rank,region", *(f"P{n},rep,Nowhere" for n in range(6_000)))

    taken(store, path, "people")

    assert len(_lines(tmp_path / "p.not-taken.csv")) == 6_001


def test_a_damaged_line_makes_no_chinese_of_the_others(store: Store, tmp_path: Path) -> None:
    lines = ["Müller", "Schröder", "Bäcker", "Grün"]
    (tmp_path / "p.csv").write_bytes("\n".join(["account", *lines]).encode() + "\nJäger\n".encode("cp1252"))

    assert why_not(store, tmp_path / "p.csv", "accounts").endswith("that I cannot read; save it as UTF-8.")


def test_a_name_that_two_people_bear_is_nobody_s_even_where_it_is_an_id(store: Store, tmp_path: Path) -> None:
    people = ("王伟,rep,华东,w1@m.example", "王伟,rep,DACH,w2@m.example")
    taken(store, table(tmp_path / "p.csv", "name,rank,region,email", *people), "people")
    assert store.read(lambda session: session.get(Person, "王伟")) is not None

    lines = taken(store, table(tmp_path / "d.csv", "account,amount,owner", "Acme,500,王伟"), "deals")

    assert "  row 2: owner: Several people have that name; write the e-mail address." in lines


def test_a_padded_number_is_the_same_number_the_second_time(store: Store, tmp_path: Path) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    path = table(tmp_path / "d.csv", "id,account,amount,owner", "D-0042,Acme,500,Ann")

    assert "  1 new, 0 changed, 0 there already, 0 not taken" in taken(store, path, "deals")
    assert "  0 new, 0 changed, 1 there already, 0 not taken" in taken(store, path, "deals")


@pytest.mark.parametrize("dry_run", [True, False])
def test_equal_rows_of_two_sheets_are_two_deals(store: Store, tmp_path: Path, *, dry_run: bool) -> None:
    taken(store, table(tmp_path / "p.csv", "name,rank,region", "Ann,rep,DACH"), "people")
    book = Workbook()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(["account", "amount", "owner"])
        sheet.append(["Acme", 500, "Ann"])
    book.save(tmp_path / "d.xlsx")

    lines = taken(store, tmp_path / "d.xlsx", "deals", dry_run=dry_run)

    assert lines.count("  1 new, 0 changed, 0 there already, 0 not taken") == 2


def test_a_workbook_that_would_hold_everybody_up_is_refused_at_once(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["name", "rank", "region"])
    book.active["CV100000"] = "."
    book.save(tmp_path / "wide.xlsx")
    begun = time.perf_counter()

    assert why_not(store, tmp_path / "wide.xlsx", "people").startswith("wide.xlsx takes too much room or time to open")
    assert time.perf_counter() - begun < 5


def test_a_rate_of_many_places_is_read_as_it_is_written_out(store: Store, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", "currency,to_currency,since,rate", "EUR,USD,2026-01-01,0.123456789013")

    assert "  1 new, 0 changed, 0 there already, 0 not taken" in taken(store, path, "rates")
    export(store, tmp_path / "company.yaml")
    assert apply_file(store, tmp_path / "company.yaml", NOW, new_id, dry_run=False, prune=False) == [NOTHING]
