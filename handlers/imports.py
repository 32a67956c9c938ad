"""Imports: a spreadsheet that was dropped in chat; first what it would do, then, by a button, it is done."""

from handlers.command import ADMINS, PersonalData, Scope, command
from handlers.importing.reports import asks_to_import, imported
from handlers.importing.running import Report, reports_for, run_all
from handlers.importing.sheets import read_sheets
from handlers.steps import changes_of
from models.context import Asked, Reply, UserError
from models.dropped import FORGET, KEPT_FOR, DroppedFile, ImportFile, ReadFile
from models.succession import hand_on_after_changes
from models.text import Text

MOST_IN_CHAT = 2_000

PERSONAL = PersonalData(
    ("dropped_file.content", "person.name", "person.email"),
    Text("to take people, customers and deals over from a list"),
    Text("the file for a day at most; then what was imported, as long as what it is"),
    Text("administrators"),
)


@command(
    ReadFile,
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="import.read",
    summary=Text("Show what importing a file would do"),
    personal=PERSONAL,
)
def read_file(asked: Asked, wanted: ReadFile) -> Reply:
    """Run it and take it back: every reason is the one that the import itself would give."""
    file = _file(asked, wanted.file)
    asked.plan(FORGET, wanted.file, file.at + KEPT_FOR)
    with asked.session.rehearsal():
        reports = _run(asked, file)
    return Reply(asks_to_import(reports, file.name, ImportFile(wanted.file)), private=True, subject=wanted.file)


@command(
    ImportFile,
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="import.done",
    summary=Text("Import a file"),
    personal=PERSONAL,
    once=True,
)
def import_file(asked: Asked, wanted: ImportFile) -> Reply:
    """Take what can be taken; the rest comes back as a file with the reasons."""
    file = _file(asked, wanted.file)
    reports = _run(asked, file)
    hand_on_after_changes(asked)
    shown = imported(reports, file.name)
    asked.session.delete(file)
    facts: dict[str, object] = {"tables": len(reports)}
    return Reply(shown, private=True, subject=wanted.file, facts=facts)


def _run(asked: Asked, file: DroppedFile) -> list[Report]:
    reports = reports_for(read_sheets(file.name, file.content), None)
    count = sum(len(report.sheet.rows) for report in reports)
    if count > MOST_IN_CHAT:
        raise UserError(
            Text(
                "{n} rows are too many for the chat, where everybody would wait for them; use `regatta import` on the "
                "machine, or drop at most {most} at once.",
                n=count, most=MOST_IN_CHAT,
            )
        )  # fmt: skip
    run_all(asked.session, reports, changes_of(asked), asked.new_id)
    return reports


def _file(asked: Asked, number: str) -> DroppedFile:
    file = asked.session.get(DroppedFile, number)
    if file is None or file.person_id != asked.person.id or file.at <= asked.now - KEPT_FOR:
        raise UserError(Text("That file is not here any more; drop it again."))
    return file
