"""The command line: one function a command; exit 0 done, 1 a fault said in words, 2 wrong usage."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from models.store import Store

T = TypeVar("T")

app = typer.Typer(
    name="regatta", help="A chat-ops bot for sales organisations with many regions.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
schedule = typer.Typer(help="What comes by the clock.", no_args_is_help=True)
ops = typer.Typer(help="What failed, and trying it again.", no_args_is_help=True)
audit = typer.Typer(help="The audit log.", no_args_is_help=True)
rollup = typer.Typer(help="The totals that are kept.", no_args_is_help=True)
config = typer.Typer(help="The company as one YAML file.", no_args_is_help=True)
setup = typer.Typer(help="The first step of an installation.", no_args_is_help=True)
slack = typer.Typer(help="What Slack is told.", no_args_is_help=True)
telegram = typer.Typer(help="What Telegram is told.", no_args_is_help=True)
_GROUPS = {
    "config": config, "schedule": schedule, "ops": ops, "audit": audit, "rollup": rollup, "setup": setup,
    "slack": slack, "telegram": telegram,
}  # fmt: skip
for name, group in _GROUPS.items():
    app.add_typer(group, name=name)


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show a fault with its traceback.")] = False) -> None:
    _State.debug = debug


class _State:
    debug = False


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Where to listen; the demo stays on this machine.")] = None,
    port: Annotated[int | None, typer.Option(help="Which port to listen on.")] = None,
) -> None:
    """Start the bot. Without tokens it serves the demo."""
    from bot.serve import serve

    serve(host, port)


@app.command()
def doctor() -> None:
    """Check settings, database, time zones, calendars and fonts; a line each."""
    from bot.doctor import examine

    findings = list(examine())
    for finding in findings:
        print(finding.line)
    raise typer.Exit(0 if all(finding.healthy for finding in findings) else 1)


@app.command()
def parse(
    text: Annotated[list[str] | None, typer.Argument(help="The line, as somebody would type it.")] = None,
    today: Annotated[str | None, typer.Option(help="The day to read dates from, like 2026-11-24.")] = None,
    locale: Annotated[str, typer.Option(help="The region's locale.")] = "en-US",
    currency: Annotated[str, typer.Option(help="The currency when none is said.")] = "USD",
    accounts: Annotated[Path | None, typer.Option(help="A file of known account names, one a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help="JSON lines in, JSON lines out. Keys: text and, where a line has its own, id, today, region_locale, "
            "default_currency; else --today, --locale and --currency hold.",
        ),
    ] = False,
) -> None:
    """Say what a deal line means; no database is opened."""
    from bot.clock import SystemClock
    from bot.parse_command import currency_of, locale_of, run_batch
    from bot.parse_command import parse as explain
    from handlers.grammar.reading import ReadingContext

    day = _day(today) if today else SystemClock().now().date()
    context = ReadingContext(day, _wellformed(locale_of, locale), _wellformed(currency_of, currency))
    names = [line.strip() for line in _lines(accounts) if line.strip()]
    if batch:
        for answer in run_batch(sys.stdin, context, names):
            print(answer)
        return
    if not text:
        raise typer.BadParameter("say the line to read, or --batch")
    print(explain(" ".join(text), context, names, as_json=as_json))


@app.command()
def export(
    kind: Annotated[str, typer.Argument(help="regions, people, accounts, deals, targets or rates")],
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx.")],
) -> None:
    """Write rows to a CSV or XLSX file, as `import` reads them."""
    from bot.export import KINDS, write

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind} cannot be exported; there is: {', '.join(KINDS)}")
    print(f"{_with_store(lambda store: write(store, kind, file))} rows written to {file}")


@app.command("import")
def import_(
    kind: Annotated[
        str, typer.Argument(help="regions, people, accounts, deals, targets, rates, or all (by its headings)")
    ],
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
) -> None:
    """Take rows from a CSV or XLSX file; those that cannot be taken come back with the reason."""
    from bot.clock import SystemClock, new_id
    from bot.import_command import import_file
    from handlers.importing.kinds import KINDS

    if kind not in (*KINDS, "all"):
        raise typer.BadParameter(f"{kind} cannot be imported; there is: {', '.join(KINDS)}, all")
    chosen, now = None if kind == "all" else kind, SystemClock().now()
    _print(_with_store(lambda store: list(import_file(store, chosen, file, now, new_id, dry_run=dry_run))))


@schedule.command("list")
def schedule_list() -> None:
    """List the schedules with their next slots, in each region's own time."""
    from bot.operations import schedule_lines

    _print(_with_store(lambda store: store.read(lambda session: list(schedule_lines(session)))))


@schedule.command("fire")
def schedule_fire(
    name: Annotated[str, typer.Argument(help="A job's name, like standup.")],
    region: Annotated[str | None, typer.Option(help="Only this region's.")] = None,
) -> None:
    """Run a job's next slot now; the slot then counts as done."""
    from bot.operations import fire

    _print(_with_store(lambda store: fire(store, name, region)))


@ops.command("inbox")
def ops_inbox() -> None:
    """Deliveries that failed or were set aside."""
    from bot.operations import failed_lines

    _print(_with_store(lambda store: store.read(lambda session: list(failed_lines(session)))) or ["nothing failed"])


@ops.command("dead")
def ops_dead() -> None:
    """Messages and events that could not be sent."""
    from bot.operations import dead_lines

    _print(_with_store(lambda store: store.read(lambda session: list(dead_lines(session)))) or ["nothing is dead"])


@ops.command("retry")
def ops_retry(
    name: Annotated[str, typer.Argument(metavar="ID", help="What `ops dead` names first in its line.")],
) -> None:
    """Send a dead message or event again, or start a webhook that was stopped."""
    from bot.operations import retry

    if not re.fullmatch(r"[0-9]+|E-[0-9]+|webhook", name):
        raise typer.BadParameter(f"{name} is no number of a message, no event such as E-12, and not webhook")
    _print([_with_store(lambda store: retry(store, name))])


@config.command("export")
def config_export(file: Annotated[Path, typer.Argument(help="Where to write the YAML.")]) -> None:
    """Write regions, channels, people, approvals, schedules, targets and rates to one file."""
    from bot.configuration.command import export as write_configuration

    _with_store(lambda store: write_configuration(store, file))
    print(f"The configuration was written to {file}")


@config.command("apply")
def config_apply(
    file: Annotated[Path, typer.Argument(help="The YAML to apply.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Also remove what the file leaves out.")] = False,
) -> None:
    """Make the company stand as a file says, whole or not at all."""
    from bot.clock import SystemClock, new_id
    from bot.configuration.command import apply_file

    now = SystemClock().now()
    _print(_with_store(lambda store: apply_file(store, file, now, new_id, dry_run=dry_run, prune=prune)))


@config.command("history")
def config_history() -> None:
    """The newest changes of the configuration, by whoever made them."""
    from bot.configuration.command import history

    _print(_with_store(history) or ["nothing was changed yet"])


@config.command("undo")
def config_undo(event: Annotated[str, typer.Argument(metavar="ID", help="An id of `config history`.")]) -> None:
    """Take back what one change did."""
    from bot.clock import SystemClock, new_id
    from bot.configuration.command import undo

    _print(_with_store(lambda store: undo(store, event, SystemClock().now(), new_id)))


@setup.command("code")
def setup_code() -> None:
    """Print the code with which the first administrator claims this installation in chat: once, within an hour."""
    from bot.clock import SystemClock
    from bot.founding import claim_code

    code = _with_store(lambda store: claim_code(store, SystemClock().now()))
    print(f"Write this to the bot in its private chat, within an hour: setup {code}")


@slack.command("manifest")
def slack_manifest(
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="For a bot without a public address.")] = False,
    plain_replies: Annotated[
        bool, typer.Option(help="Hear plain words in threads; without it only buttons, mentions and commands.")
    ] = True,
) -> None:
    """The app's manifest, as JSON, for “create an app from a manifest”."""
    import json

    from bot.platforms.slack.manifest import manifest
    from bot.registry import registry
    from bot.settings import Settings

    url = Settings().regatta_public_url
    if url is None and not socket_mode:
        print("REGATTA_PUBLIC_URL is not set: put your own address in the place of regatta.example.", file=sys.stderr)
    found = manifest(registry(), url, plain_replies=plain_replies, socket_mode=socket_mode)
    print(json.dumps(found, indent=2, ensure_ascii=False))


@telegram.command("commands")
def telegram_commands(
    language: Annotated[str | None, typer.Option(help="Only one language, without a heading: en or zh.")] = None,
) -> None:
    """The menu of commands, to paste at @BotFather after /setcommands; the running bot sets the same by itself."""
    from bot.language import LANGUAGES
    from bot.platforms.telegram.menu import listed
    from bot.registry import registry

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"there is no {language}; there is: {', '.join(LANGUAGES)}")
    commands = registry().commands
    if language is not None:
        print(listed(commands, language))
        return
    print("\n\n".join(f"# {name}\n{listed(commands, name)}" for name in LANGUAGES))


@audit.command("verify")
def audit_verify() -> None:
    """Check the hash chain from the first row to the last."""
    from bot.operations import audit_report

    sound, line = _with_store(lambda store: store.read(audit_report))
    print(line, file=sys.stdout if sound else sys.stderr)
    raise typer.Exit(0 if sound else 1)


@audit.command("export")
def audit_export(file: Annotated[Path, typer.Argument(help="Where to write JSON lines.")]) -> None:
    """Write the chain as JSON lines."""
    from bot.operations import export_audit

    print(f"{_with_store(lambda store: export_audit(store, file))} rows written to {file}")


@rollup.command("check")
def rollup_check() -> None:
    """Compare the kept totals with the sum of deals."""
    from bot.operations import rollup_report

    equal, line = _with_store(lambda store: store.read(rollup_report))
    print(line, file=sys.stdout if equal else sys.stderr)
    raise typer.Exit(0 if equal else 1)


@rollup.command("rebuild")
def rollup_rebuild() -> None:
    """Make the kept totals equal to the sum of deals."""
    from bot.operations import rebuild

    _print([_with_store(rebuild)])


def main() -> None:
    """Run the command line; a fault is one sentence on standard error."""
    with said_in_words():
        app()


@contextmanager
def said_in_words() -> Iterator[None]:
    """Turn a known fault into its sentence and exit 1; with --debug let it rise."""
    from bot.faults import sentence

    try:
        yield
    except Exception as error:
        said = sentence(error)
        if _State.debug or said is None:
            raise
        print(f"regatta: {said}", file=sys.stderr)
        raise SystemExit(1) from None


def _with_store(work: "Callable[[Store], T]") -> T:
    from bot.app import open_store
    from bot.settings import Settings

    store = open_store(Settings())
    try:
        return work(store)
    finally:
        store.close()


def _print(lines: list[str]) -> None:
    for line in lines:
        print(line)


def _lines(path: Path | None) -> list[str]:
    return [] if path is None else path.read_text(encoding="utf-8").splitlines()


def _wellformed(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day like 2026-11-24") from error
