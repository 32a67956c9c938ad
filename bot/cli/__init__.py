"""The command line: one function a command; exit 0 done, 1 a fault said in words, 2 wrong usage."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.company import config, lists, setup
from bot.cli.keeping import keeping
from bot.cli.operating import audit, ops, rollup, schedule
from bot.cli.platforms import slack, telegram

app = typer.Typer(
    name="regatta", help="A chat-ops bot for sales organisations with many regions.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip


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


app.add_typer(lists)
app.add_typer(keeping)
_GROUPS = {
    "config": config, "schedule": schedule, "ops": ops, "audit": audit, "rollup": rollup, "setup": setup,
    "slack": slack, "telegram": telegram,
}  # fmt: skip
for name, group in _GROUPS.items():
    app.add_typer(group, name=name)


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
