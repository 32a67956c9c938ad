"""A robot's few turns a minute: nobody is refused, and who waits for an answer goes first."""

import asyncio

from bot.turns import Turns


class Clock:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.at += seconds


async def test_answers_go_before_broadcasts_that_waited_longer_and_each_in_its_order() -> None:
    clock, went = Clock(), list[tuple[str, float]]()
    turns = Turns(2, 60.0, clock.now, clock.sleep)

    async def call(name: str, *, unasked: bool) -> None:
        async with turns.turn(unasked=unasked):
            went.append((name, clock.now()))

    await asyncio.gather(
        *(call(f"news {number}", unasked=True) for number in range(4)),
        *(call(f"answer {number}", unasked=False) for number in range(2)),
    )

    assert [name for name, _ in went] == ["news 0", "news 1", "answer 0", "answer 1", "news 2", "news 3"]
    assert [round(at / 60) for _, at in went] == [0, 0, 1, 1, 2, 2]


async def test_a_call_counts_from_its_answer_and_one_that_is_given_up_holds_up_nobody() -> None:
    clock = Clock()
    turns = Turns(1, 60.0, clock.now, clock.sleep)
    async with turns.turn(unasked=False):
        given_up = asyncio.create_task(turns.turn(unasked=False).__aenter__())
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        clock.at = 30.0

    async with turns.turn(unasked=True):
        assert clock.now() >= 90
