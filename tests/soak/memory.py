"""Memory over many commands: a real bot in Slack must not grow, nor keep more files open."""

import asyncio
from pathlib import Path

from tests.benchmarks.in_slack import InSlack, bot_in_slack
from tests.benchmarks.wire import post_all
from tests.crash.kill import Trial

IN_FLIGHT, PART, WARM, PEOPLE = 32, 1_000, 2_000, 500
SETTLES = 5.0
MOST_GROWTH = 20.0
"""MiB: number 83 of the list."""
MOST_FILES = 8
"""More than before: connections to Slack that are being opened or closed."""


async def run_memory_trial(database: Path, commands: int, _kills: int, _seed: int) -> Trial:
    """Report deals, and compare what the process holds with what it held after the first of them.

    After each thousand everything is sent before it is looked at: what waits for its turn takes room, too.
    """
    trial = Trial(commands, 0)
    async with bot_in_slack(database.parent, more=PEOPLE) as bot:
        for begin in range(0, WARM, PART):
            await _report(bot, range(begin, begin + PART), trial)
        memory, files = _held(bot)
        for begin in range(WARM, WARM + commands, PART):
            await _report(bot, range(begin, min(begin + PART, WARM + commands)), trial)
            print(f"{begin + PART - WARM} commands: {_held(bot)[0] - memory:+.1f} MiB", flush=True)
        await asyncio.sleep(SETTLES)
        grown, opened = _held(bot)[0] - memory, _held(bot)[1] - files
        written = bot.count("deal_entry WHERE event_id IN (SELECT event_id FROM inbox)")
    trial.answered = set(range(written - WARM))
    if grown > MOST_GROWTH:
        trial.faults.append(f"it grew by {grown:.1f} MiB")
    if opened > MOST_FILES:
        trial.faults.append(f"{opened} files more are open")
    if written != WARM + commands:
        trial.faults.append(f"{WARM + commands - written} commands were lost")
    return trial


async def _report(bot: InSlack, numbers: range, trial: Trial) -> None:
    load = await post_all(bot.server.url, bot.lines(numbers), IN_FLIGHT)
    if load.refused:
        trial.faults.append(f"{load.refused} of {len(numbers)} were refused")
    while bot.count("outbox WHERE state = 'waiting'"):  # noqa: ASYNC110  another process works on it
        await asyncio.sleep(0.5)


def _held(bot: InSlack) -> tuple[float, int]:
    """The MiB and the open files of the process."""
    return bot.process.memory_info().rss / 2**20, bot.process.num_fds()
