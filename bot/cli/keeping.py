"""What keeps an installation: its backup, restoring that, and moving to another database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.tools import show

keeping = typer.Typer()


@keeping.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it; an older backup there is replaced.")]) -> None:
    """Write a consistent copy of everything, while the bot runs and writes."""
    from bot.backups.taking import back_up
    from bot.clock import SystemClock
    from bot.settings import Settings

    made = back_up(Settings().database_url, file, SystemClock().now())
    show([f"{file}: {made.note.rows} rows in {len(made.note.tables)} tables, at revision {made.note.revision}"])
    print(made.chain, file=sys.stdout if made.sound else sys.stderr)
    raise typer.Exit(0 if made.sound else 1)


@keeping.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `regatta backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Also in place of a real organisation.")] = False,
) -> None:
    """Put a backup in place; the bot must be stopped. What waited in it is not sent and not done by itself."""
    from bot.backups.restoring import restore
    from bot.clock import SystemClock
    from bot.faults import FaultError
    from bot.registry import jobs
    from bot.settings import Settings

    settings = Settings()
    if settings.workspace == "demo" and settings.regatta_database_url is None:
        raise FaultError("Say where to with REGATTA_DATABASE_URL, or set a platform's token: this is the demo's place.")
    quiet = [name for name, job in jobs().items() if job.quiet]
    done = restore(settings.database_url, file, SystemClock(), replace=replace, quiet=quiet)
    made, set_aside = f"{done.note.made_at:%Y-%m-%d %H:%M} UTC", done.settled
    show([f"restored {done.note.rows} rows from {file}, made on {made}", done.chain])
    if set_aside.posts or set_aside.events or set_aside.timers:
        print(
            f"not sent or done, since it may have been: {set_aside.posts} messages, {set_aside.events} events, "
            f"{set_aside.timers} timers; `regatta ops dead` lists them, `regatta ops retry ID` lets one go"
        )
    if set_aside.slots or set_aside.codes:
        print(f"{set_aside.slots} slots count as missed, {set_aside.codes} codes that were not used have ended")
    print(f"what happened after {made} is gone: people who left, rights that ended and deletions too; do those again")
    if done.kept is not None:
        print(f"what was there is kept as {done.kept}")


@keeping.command()
def move(url: Annotated[str, typer.Argument(help="An empty database: postgresql://user@host/name")]) -> None:
    """Move the installation to PostgreSQL; the bot must be stopped. It does not start on the old database again."""
    from bot.backups.moving import move
    from bot.settings import Settings

    found = move(Settings().database_url, url)
    rows = sum(tally.rows for tally in found.values())
    show([
        f"{rows} rows in {len(found)} tables are the same there",
        "now let REGATTA_DATABASE_URL name that database; the old one stays as it is and is not started on again",
    ])  # fmt: skip
