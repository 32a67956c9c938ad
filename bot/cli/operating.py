"""What an operator asks of an installation: its schedules, what failed, the audit log, the totals."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.tools import show, with_store

if TYPE_CHECKING:
    from sqlmodel import Session

schedule = typer.Typer(help="What comes by the clock.", no_args_is_help=True)
ops = typer.Typer(help="What failed, and trying it again.", no_args_is_help=True)
audit = typer.Typer(help="The audit log.", no_args_is_help=True)
rollup = typer.Typer(help="The totals that are kept.", no_args_is_help=True)


@schedule.command("list")
def schedule_list() -> None:
    """List the schedules with their next slots, in each region's own time."""
    from bot.operations import schedule_lines

    show(with_store(lambda store: store.read(lambda session: list(schedule_lines(session)))))


@schedule.command("fire")
def schedule_fire(
    name: Annotated[str, typer.Argument(help="A job's name, like standup.")],
    region: Annotated[str | None, typer.Option(help="Only this region's.")] = None,
) -> None:
    """Run a job's next slot now; the slot then counts as done."""
    from bot.operations import fire

    show(with_store(lambda store: fire(store, name, region)))


@ops.command("inbox")
def ops_inbox() -> None:
    """Deliveries that failed or were set aside."""
    from bot.clock import SystemClock
    from bot.operations import clock_of, failed_lines

    def read(session: "Session") -> list[str]:
        return list(failed_lines(session, clock_of(session, SystemClock()).now()))

    show(with_store(lambda store: store.read(read)) or ["nothing failed"])


@ops.command("dead")
def ops_dead() -> None:
    """Messages and events that could not be sent, and what a restored backup left undone."""
    from bot.operations import dead_lines
    from bot.settings import Settings

    platforms = Settings().platforms
    lines = with_store(lambda store: store.read(lambda session: list(dead_lines(session, platforms))))
    show(lines or ["nothing is dead"])
    if any(line[0].isdigit() or line.startswith(("E-", "T-", "webhook")) for line in lines):
        print("`regatta ops retry ID` tries one again: ID is what its line begins with", file=sys.stderr)


@ops.command("retry")
def ops_retry(
    name: Annotated[str, typer.Argument(metavar="ID", help="What `ops dead` names first in its line.")],
) -> None:
    """Send a dead message or event again, do what was missed, or start a webhook that was stopped."""
    from bot.operations import retry

    if not re.fullmatch(r"[0-9]+|E-[0-9]+|T-[0-9]+|webhook", name):
        raise typer.BadParameter(
            f"{name} is no number of a message, no event such as E-12, no timer such as T-3, and not webhook"
        )
    show([with_store(lambda store: retry(store, name))])


@audit.command("verify")
def audit_verify() -> None:
    """Check the hash chain from the first row to the last."""
    from bot.operations import audit_report

    sound, line = with_store(lambda store: store.read(audit_report))
    print(line, file=sys.stdout if sound else sys.stderr)
    raise typer.Exit(0 if sound else 1)


@audit.command("export")
def audit_export(file: Annotated[Path, typer.Argument(help="Where to write JSON lines.")]) -> None:
    """Write the chain as JSON lines."""
    from bot.operations import export_audit

    print(f"{with_store(lambda store: export_audit(store, file))} rows written to {file}")


@rollup.command("check")
def rollup_check() -> None:
    """Compare the kept totals with the sum of deals."""
    from bot.operations import rollup_report

    equal, line = with_store(lambda store: store.read(rollup_report))
    print(line, file=sys.stdout if equal else sys.stderr)
    raise typer.Exit(0 if equal else 1)


@rollup.command("rebuild")
def rollup_rebuild() -> None:
    """Make the kept totals equal to the sum of deals."""
    from bot.operations import rebuild

    show([with_store(rebuild)])
