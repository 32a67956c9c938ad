"""A burst goes at once; after it one call a second, counted from the answer of the last."""

import asyncio

import pytest

from bot import pace as pacing
from bot.pace import Pace


class Time:
    """A clock that stands until somebody sleeps or works."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


async def sent_at(time: Time, pace: Pace, names: str, seconds: float) -> list[float]:
    """Make a call for each name, one after the other, each answered after some seconds; when each was made."""
    begun = []
    for name in names:
        async with pace.turn(name):
            begun.append(round(time.at - 100, 3))
            time.at += seconds
    return begun


async def test_after_a_burst_one_a_second_from_the_answer() -> None:
    time = Time()
    pace = Pace(1.0, 3, time.now, time.sleep)

    assert await sent_at(time, pace, "aaaaaa", 0.25) == [0, 0.25, 0.5, 1.75, 3.0, 4.25]


async def test_each_name_has_its_own_pace() -> None:
    time = Time()
    pace = Pace(1.0, 1, time.now, time.sleep)

    assert await sent_at(time, pace, "abab", 0.1) == [0, 0.1, 1.1, 1.2]


async def test_a_burst_comes_back_with_time() -> None:
    time = Time()
    pace = Pace(1.0, 2, time.now, time.sleep)
    await sent_at(time, pace, "aa", 0)
    await time.sleep(5)

    assert await sent_at(time, pace, "aaa", 0) == [5, 5, 6]


async def test_a_call_that_fails_counts_too() -> None:
    time = Time()
    pace = Pace(1.0, 1, time.now, time.sleep)
    with pytest.raises(ZeroDivisionError):
        async with pace.turn("a"):
            _ = 1 / 0

    assert await sent_at(time, pace, "a", 0) == [1]


async def test_a_name_is_not_forgotten_while_a_call_is_under_way_or_calls_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "_MOST", 2)
    time = Time()
    pace = Pace(1.0, 1, time.now, time.sleep)
    async with pace.turn("slow"):
        await sent_at(time, pace, "bcd", 0)
        await time.sleep(60)
        await sent_at(time, pace, "ef", 0)

    begun = time.at - 100
    assert await sent_at(time, pace, "e", 0) == [begun + 1]
    assert len(pace._left) <= 4


async def test_calls_of_one_name_side_by_side_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_MOST", 0)
    time = Time()
    pace = Pace(1.0, 2, time.now, time.sleep)

    async def call() -> None:
        async with pace.turn("a"):
            await asyncio.sleep(0)

    await asyncio.gather(call(), call())

    assert await sent_at(time, pace, "a", 0) == [1]
