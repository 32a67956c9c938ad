"""The company from the command line: claim it, write it down as one file, take lists in and out."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.tools import show, with_company, with_store

config = typer.Typer(help="The company as one YAML file.", no_args_is_help=True)
setup = typer.Typer(help="The first step of an installation.", no_args_is_help=True)
lists = typer.Typer()


@lists.command()
def export(
    kind: Annotated[str, typer.Argument(help="regions, people, accounts, deals, targets or rates")],
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx.")],
) -> None:
    """Write rows to a CSV or XLSX file, as `import` reads them."""
    from bot.export import KINDS, write

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind} cannot be exported; there is: {', '.join(KINDS)}")
    print(f"{with_store(lambda store: write(store, kind, file))} rows written to {file}")


@lists.command("import")
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
    show(with_store(lambda store: list(import_file(store, chosen, file, now, new_id, dry_run=dry_run))))


@config.command("export")
def config_export(file: Annotated[Path, typer.Argument(help="Where to write the YAML.")]) -> None:
    """Write regions, channels, people, approvals, schedules, targets and rates to one file."""
    from bot.configuration.command import export as write_configuration

    with_store(lambda store: write_configuration(store, file))
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
    show(with_company(lambda store: apply_file(store, file, now, new_id, dry_run=dry_run, prune=prune)))


@config.command("history")
def config_history() -> None:
    """The newest changes of the configuration, by whoever made them."""
    from bot.configuration.command import history

    show(with_store(history) or ["nothing was changed yet"])


@config.command("undo")
def config_undo(event: Annotated[str, typer.Argument(metavar="ID", help="An id of `config history`.")]) -> None:
    """Take back what one change did."""
    from bot.clock import SystemClock, new_id
    from bot.configuration.command import undo

    show(with_store(lambda store: undo(store, event, SystemClock().now(), new_id)))


@setup.command("code")
def setup_code() -> None:
    """Print the code with which the first administrator claims this installation in chat: once, within an hour."""
    from bot.clock import SystemClock
    from bot.founding import claim_code

    code = with_company(lambda store: claim_code(store, SystemClock().now()))
    print(f"Write this to the bot in its private chat, within an hour: setup {code}")
