"""Telegram's pace: as fast as it allows and never faster, however long its answers take."""

import asyncio
from collections import Counter

import pytest

from bot.platforms.telegram.pacing import Pacing


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


async def sent(chats: list[str], answer: float = 0.0) -> list[float]:
    """When each message was answered."""
    time, found = Time(), list[float]()
    pacing = Pacing(time.now, time.sleep)
    for chat in chats:
        async with pacing.turn(chat):
            await time.sleep(answer)
        found.append(time.at)
    return found


@pytest.mark.parametrize("answer", [0.0, 0.4, 2.0])
@pytest.mark.parametrize(
    ("chats", "most", "within"),
    [(["7"] * 30, 3, 3.0), (["-7"] * 90, 20, 60.0), ([str(number) for number in range(200)], 30, 1.0)],
    ids=["a person", "a group", "everybody"],
)
async def test_no_span_of_time_sees_more_than_telegram_allows(
    chats: list[str], most: int, within: float, answer: float
) -> None:
    ended = await sent(chats, answer)

    assert all(later - earlier >= within for earlier, later in zip(ended, ended[most:], strict=False))


async def test_a_short_burst_is_sent_at_once() -> None:
    assert (await sent(["7"] * 3))[-1] == 0.0
    assert (await sent(["-7"] * 3))[-1] == 0.0


async def test_a_busy_group_holds_up_no_other_chat() -> None:
    time = Time()
    pacing, said = Pacing(time.now, time.sleep), Counter[str]()

    async def say(chat: str, times: int) -> None:
        for _ in range(times):
            async with pacing.turn(chat):
                said[chat] += 1

    busy = asyncio.create_task(say("-7", 25))
    await say("8", 3)

    assert said["8"] == 3
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)
