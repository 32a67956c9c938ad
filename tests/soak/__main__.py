"""`./dev soak NAME`: trials at full size, of tests/crash and of any words; each run adds a line to report.jsonl."""

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.crash.backup import run_backup_trial
from tests.crash.broadcast import run_slack_broadcast_trial, run_telegram_broadcast_trial
from tests.crash.disks import Disks
from tests.crash.errors import run_errors_trial, run_starts_trial
from tests.crash.fleet import Fleet, HangingFleet, ServerOf
from tests.crash.forged import run_forged_slack, run_forged_telegram
from tests.crash.kill import Trial, run_trial
from tests.crash.many import own_server, run_many_trial, run_restarts_trial
from tests.crash.migrations import run_migration_trial
from tests.crash.power import run_power_trial
from tests.crash.slack import run_slack_trial
from tests.crash.steps import CASES, Case, run_steps_in_slack, run_steps_in_telegram
from tests.crash.storage import run_full_trial, run_lock_trial
from tests.crash.syscalls import run_syscalls_trial
from tests.crash.telegram import run_called_trial, run_polling_trial, run_telegram_trial
from tests.crash.webhook import run_webhook_trial
from tests.crash.week import run_week
from tests.machine.soak import run_service
from tests.races.trial import RACES
from tests.schedules.jumps import run_jumps
from tests.schedules.zones import run_zones
from tests.server import Server
from tests.soak.access import run_access
from tests.soak.literals import run_literals
from tests.soak.memory import run_memory_trial
from tests.soak.rights import run_forged_buttons, run_self_approvals
from tests.soak.simulator import run_simulator
from tests.workspace import START, seeded_database


async def _of_slack(
    database: Path, commands: int, kills: int, seed: int, *, socket_mode: bool, of: ServerOf = Server
) -> Trial:
    template = seeded_database(database.with_name("template.db"), START)
    return await run_slack_trial(template, database, commands, kills, seed, socket_mode=socket_mode, of=of)


async def _of_telegram(database: Path, commands: int, kills: int, seed: int, *, polling: bool) -> Trial:
    template = seeded_database(database.with_name("template.db"), START)
    return await run_telegram_trial(template, database, commands, kills, seed, polling=polling, of=FLEET)


async def _of_a_week(database: Path, commands: int, kills: int, seed: int) -> Trial:
    return await run_week(database, commands, kills, seed, seconds=WEEK_SECONDS)


async def _of_steps(
    run: Callable[[Path, Path, Sequence[Case]], Awaitable[Trial]],
    database: Path,
    _commands: int,
    kills: int,
    _seed: int,
) -> Trial:
    template = seeded_database(database.with_name("template.db"), START)
    return await run(template, database, CASES * max(1, kills // len(CASES)))


async def _of_forgeries(
    run: Callable[[Path, Path, int, int], Awaitable[Trial]], database: Path, commands: int, _kills: int, seed: int
) -> Trial:
    return await run(seeded_database(database.with_name("template.db"), START), database, commands, seed)


async def _of_migrations(database: Path, commands: int, kills: int, seed: int) -> Trial:
    template = seeded_database(database.with_name("template.db"), START)
    return await run_migration_trial(template, database, commands, kills, seed)


async def _of_a_full_disk(database: Path, commands: int, kills: int, _seed: int) -> Trial:
    return await run_full_trial(database, commands, kills)


async def _of_locks(database: Path, _commands: int, _kills: int, _seed: int) -> Trial:
    """A lock of one second, of two, and so on to ten."""
    whole = Trial(0, 0)
    for seconds in range(1, 11):
        trial = await run_lock_trial(database.with_name(f"held{seconds}.db"), 20, seconds)
        whole.faults += [f"{seconds} s: {fault}" for fault in trial.faults]
        whole.answered |= {number + whole.commands for number in trial.answered}
        whole.commands += trial.commands
    return whole


async def _of_power(database: Path, _commands: int, kills: int, seed: int) -> Trial:
    with Disks.mounted(database.with_name("disks")) as disks:
        return await run_power_trial(disks, kills, seed)


FLEET = partial(Fleet, seed=1)
HANGING = partial(HangingFleet, seed=1)
WEEK_SECONDS = 240.0
ON_A_SERVER: dict[str, Callable[[Path, int, int, int], Awaitable[Trial]]] = {
    "many": run_many_trial,
    "many-slack": partial(_of_slack, socket_mode=False, of=FLEET),
    "many-slack-socket": partial(_of_slack, socket_mode=True, of=FLEET),
    "hangs-slack": partial(_of_slack, socket_mode=False, of=HANGING),
    "hangs-slack-socket": partial(_of_slack, socket_mode=True, of=HANGING),
    "many-telegram": partial(_of_telegram, polling=False),
    "many-telegram-polling": partial(_of_telegram, polling=True),
    "restarts": run_restarts_trial,
    "week": _of_a_week,
}
"""What four processes on one PostgreSQL meet: one is killed or hangs, the server is started anew, a week goes by."""
TRIALS: dict[str, Callable[[Path, int, int, int], Awaitable[Trial]]] = {
    "kill": run_trial,
    "deliveries": partial(run_many_trial, processes=1),
    "syscalls": run_syscalls_trial,
    "power": _of_power,
    "errors": run_errors_trial,
    "starts": run_starts_trial,
    "webhook": run_webhook_trial,
    "slack": partial(_of_slack, socket_mode=False),
    "slack-socket": partial(_of_slack, socket_mode=True),
    "broadcast-slack": run_slack_broadcast_trial,
    "broadcast-telegram": run_telegram_broadcast_trial,
    "telegram": run_called_trial,
    "telegram-polling": run_polling_trial,
    "steps-slack": partial(_of_steps, run_steps_in_slack),
    "steps-slack-socket": partial(_of_steps, partial(run_steps_in_slack, socket_mode=True)),
    "steps-telegram": partial(_of_steps, run_steps_in_telegram),
    "steps-telegram-polling": partial(_of_steps, partial(run_steps_in_telegram, polling=True)),
    "forged-slack": partial(_of_forgeries, run_forged_slack),
    "forged-telegram": partial(_of_forgeries, run_forged_telegram),
    "literals": run_literals,
    "backup": run_backup_trial,
    "migrations": _of_migrations,
    "full-disk": _of_a_full_disk,
    "locks": _of_locks,
    "access": run_access,
    "self-approval": run_self_approvals,
    "forged-buttons": run_forged_buttons,
    **RACES,
    "service": run_service,
    "clock": run_jumps,
    "zones": run_zones,
    "simulator": run_simulator,
    "memory": run_memory_trial,
}
"""What SIGKILL meets: commands, commands that come one to four times each, the system calls of a deal and an approval,
events to other systems, lines in a chat, each step of a line, a press and a form, the statements of a migration. Cuts
of power, writes that fail. Requests that somebody forged, words that every platform must show as they are, every button
by every rank. Backups (as many as kills), full disks (as many) and locks while commands come. Two who act at once, the
whole service beside a model of it, clocks that are set and that change.
"""
MANY = {
    "week": 50, "deliveries": 10_000, "many": 10_000,
    "literals": 50_000, "migrations": 100_000, "access": 100_000, "self-approval": 1_000, "forged-buttons": 100_000,
    "simulator": 10_000, **dict.fromkeys(RACES, 5_000), "service": 2_000, "clock": 200, "zones": 5,
    "memory": 100_000,
}  # fmt: skip
"""How many commands a trial has where nothing else is said, if not 500."""
ALL = 1_000_000
KILLS = {"kill": 1_000, "deliveries": 200, "many": 200, "syscalls": ALL, "power": 200, "errors": ALL, "starts": 200}
"""How many kills, cuts or errors where nothing else is said, if not 50; of all calls of a deed as many as there are."""
PARTS = {"simulator": 20, **dict.fromkeys(RACES, 10), "service": 20, "clock": 10, "kill": 8, "starts": 8, "literals": 5}
"""In how many parts a trial is run, if not in one: each has a line in the report, and what went well is not done again
when the same command is given once more at the same commit, with nothing changed since.
"""
REPORT = Path(__file__).parent / "report.jsonl"


def main() -> None:
    """Run a trial, say what was found, and exit with 1 when there was a fault."""
    parser = argparse.ArgumentParser(prog="./dev soak", description=__doc__)
    parser.add_argument("name", choices=[*TRIALS, *ON_A_SERVER], help="what is tried")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    parser.add_argument("--commands", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    commands = given.commands or MANY.get(given.name, 500)
    kills = given.kills or KILLS.get(given.name, 50)
    database = "postgresql" if given.postgres or given.name in ON_A_SERVER else "sqlite"
    commit = _git("rev-parse", "--short", "HEAD")
    is_known = commit != "" and _git("status", "--porcelain", "--", ":/", f":(exclude){REPORT}") == ""
    of = min(PARTS.get(given.name, 1), commands, kills)
    is_faulty = False
    for part in range(1, of + 1):
        of_part = _Part(
            given.name, database, _share(commands, part, of), _share(kills, part, of),
            given.seed + commands * (part - 1) // of, part, of, commit,
        )  # fmt: skip
        line = (of_part.in_report() if is_known else None) or of_part.run()
        is_faulty |= bool(line["faults"])
        print(json.dumps(line, indent=1), flush=True)
    raise SystemExit(1 if is_faulty else 0)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()


def _share(many: int, part: int, of: int) -> int:
    return many * part // of - many * (part - 1) // of


@dataclass(frozen=True)
class _Part:
    """One of so many parts of a trial, by a commit."""

    name: str
    database: str
    planned: int
    planned_kills: int
    seed: int
    part: int
    of: int
    commit: str

    def in_report(self) -> dict[str, Any] | None:
        """The line of the report that says that it went well before; a trial of one part is always run."""
        if self.of == 1 or not REPORT.exists():
            return None
        lines = [json.loads(line) for line in REPORT.read_text(encoding="utf-8").splitlines()]
        done = (line for line in lines if not line["faults"] and line.items() >= asdict(self).items())
        return next(done, None)

    def run(self) -> dict[str, Any]:
        """Run it, and write down how it went."""
        begun, run = time.monotonic(), (TRIALS | ON_A_SERVER)[self.name]
        on_a_server = own_server() if self.database == "postgresql" else nullcontext()
        with tempfile.TemporaryDirectory() as folder, on_a_server:
            trial = asyncio.run(_done(run(Path(folder) / "soak.db", self.planned, self.planned_kills, self.seed)))
        line = asdict(self) | {
            "commands": trial.commands, "kills": trial.kills, "answered": len(trial.answered), "faults": trial.faults,
            "seconds": round(time.monotonic() - begun),
        }  # fmt: skip
        with REPORT.open("a", encoding="utf-8") as report:
            report.write(json.dumps(line) + "\n")
        return line


async def _done(work: Awaitable[Trial]) -> Trial:
    return await work


if __name__ == "__main__":
    main()
