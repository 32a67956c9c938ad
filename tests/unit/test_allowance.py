"""How much one account may ask for."""

import asyncio

from bot.allowance import BURST, MOST_ACCOUNTS, Allowance, TooMuch
from tests.unit.virtual_time import VirtualTime

MIKE, EMILY = ("slack", "T1", "U1"), ("slack", "T1", "U2")


def spent(allowance: Allowance, number: int) -> list[TooMuch | None]:
    return [allowance.spend(MIKE) for _ in range(number)]


def test_a_thousand_at_once_and_then_six_hundred_a_minute() -> None:
    time = VirtualTime()
    allowance = Allowance(monotonic=time.now)

    burst = spent(allowance, BURST + 50)
    time.at += 30
    later = spent(allowance, 350)

    assert burst.count(None) == BURST
    assert later.count(None) == 300
    assert allowance.spend(EMILY) is None


def test_it_is_told_once_in_a_minute() -> None:
    time = VirtualTime()
    allowance = Allowance(burst=1, monotonic=time.now)

    first = spent(allowance, 5)
    time.at += 61
    again = spent(allowance, 5)

    assert [each and each.is_told for each in first] == [None, True, False, False, False]
    assert [each and each.is_told for each in again] == [None, True, False, False, False]


def test_accounts_without_number_take_no_memory_without_bound() -> None:
    allowance = Allowance()

    for number in range(MOST_ACCOUNTS + 100):
        allowance.spend(("slack", "T1", f"U{number}"))

    assert len(allowance._buckets) == MOST_ACCOUNTS


async def test_a_turn_waits_for_one_s_own_alone_and_leaves_nothing_behind() -> None:
    allowance, order = Allowance(at_once=1), list[str]()
    release = asyncio.Event()

    async def work(account: tuple[str, str, str], name: str) -> None:
        async with allowance.turn(account):
            await release.wait() if name == "first" else None
            order.append(name)

    tasks = [asyncio.create_task(work(MIKE, name)) for name in ("first", "second", "third")]
    await work(EMILY, "hers")
    tasks[1].cancel()
    release.set()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert order == ["hers", "first", "third"]
    assert allowance._turns == {}


async def test_whoever_has_more_rests_while_others_are_there_and_nobody_alone_does() -> None:
    time = VirtualTime()
    allowance, begun = Allowance(monotonic=time.now), list[str]()

    async def work(name: str) -> None:
        async with allowance.turn(MIKE):
            begun.append(name)
            await asyncio.sleep(0)
            time.at += 0.05

    async def a_moment() -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    alone = [asyncio.create_task(work(name)) for name in ("1", "2")]
    await a_moment()
    assert begun == ["1", "2"]
    async with allowance.turn(EMILY):
        pass
    beside = [asyncio.create_task(work(name)) for name in ("3", "4")]
    await a_moment()
    assert begun == ["1", "2", "3"]

    await asyncio.gather(*alone, *beside)

    assert begun == ["1", "2", "3", "4"]
    assert allowance._turns == {}


async def test_a_rest_after_a_database_that_was_away_is_short() -> None:
    time = VirtualTime()
    allowance, waits = Allowance(monotonic=time.now), list[float]()
    loop = asyncio.get_running_loop()
    async with allowance.turn(EMILY):
        pass

    async def work(seconds: float) -> None:
        async with allowance.turn(MIKE):
            await asyncio.sleep(0)
            time.at += seconds
            waits.append(loop.time())

    await asyncio.gather(work(4.0), work(0.0))

    assert waits[1] - waits[0] < 3
