"""A burst goes at once, then one call a second from the answer; who is waited for goes first, and no place is lost."""

import asyncio
from collections.abc import Callable

import pytest

from bot import turns as module
from bot.gates import AtOnce, Bucket, Gate, Window
from bot.turns import Haste, Turns
from tests.unit.virtual_time import VirtualTime


class Line:
    """Turns on a clock of their own, and who was let in when."""

    def __init__(
        self, *shared: Gate, own: Callable[[str], list[Gate]] = lambda _: [], unasked: tuple[Gate, ...] = ()
    ) -> None:
        self.time = VirtualTime()
        self.turns = Turns(own, shared, unasked, self.time.now, self.time.sleep)
        self.begun: list[tuple[str, float]] = []

    async def call(self, name: str, seconds: float = 0.0, *, after: float = 0.0, haste: Haste | None = None) -> None:
        """Make a call that is answered after some seconds; nobody waits for it unless its haste says so."""
        await self.time.sleep(after)
        async with self.turns.turn(name, haste or Haste()):
            self.begun.append((name, round(self.time.at, 3)))
            await self.time.sleep(seconds)

    @property
    def names(self) -> str:
        """Who was let in, in order."""
        return "".join(name for name, _ in self.begun)

    @property
    def times(self) -> list[float]:
        """When they were let in."""
        return [at for _, at in self.begun]


def now() -> Haste:
    """Somebody waits."""
    return Haste(is_on=True)


async def in_a_row(line: Line, names: str, seconds: float) -> None:
    for name in names:
        await line.call(name, seconds)


async def test_after_a_burst_one_a_second_from_the_answer() -> None:
    line = Line(own=lambda _: [Bucket(1.0, 3)])

    await line.time.run(in_a_row(line, "aaaaaa", 0.25))

    assert line.times == [0, 0.25, 0.5, 1.75, 3.0, 4.25]


async def test_each_name_has_its_own_pace() -> None:
    line = Line(own=lambda _: [Bucket(1.0, 1)])

    await line.time.run(in_a_row(line, "abab", 0.1))

    assert line.times == [0, 0.1, 1.1, 1.2]


async def test_a_burst_comes_back_with_time() -> None:
    line = Line(own=lambda _: [Bucket(1.0, 2)])
    await line.time.run(in_a_row(line, "aa", 0), line.time.sleep(5))

    await line.time.run(in_a_row(line, "aaa", 0))

    assert line.times[2:] == [5, 5, 6]


async def test_a_call_that_fails_counts_too() -> None:
    line = Line(own=lambda _: [Bucket(1.0, 1)])
    with pytest.raises(ZeroDivisionError):
        async with line.turns.turn("a"):
            _ = 1 / 0

    await line.time.run(line.call("a"))

    assert line.times == [1]


async def test_a_name_is_not_forgotten_while_a_call_is_under_way_or_calls_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 2)
    line = Line(own=lambda _: [Bucket(1.0, 1)])

    await line.time.run(line.call("s", 100), in_a_row(line, "bcd", 0), line.time.sleep(60))
    await line.time.run(in_a_row(line, "ef", 0), line.call("s", after=1))
    await line.time.run(in_a_row(line, "e", 0))

    assert line.begun[-3:] == [("f", 100), ("s", 101), ("e", 101)]
    assert len(line.turns._names) <= 4


async def test_what_somebody_waits_for_overtakes_a_broadcast() -> None:
    line = Line(Window(1, 1.0))

    await line.time.run(*(line.call("b") for _ in range(5)), line.call("a", after=1.5, haste=now()))

    assert line.begun == [("b", 0), ("b", 1), ("a", 2), ("b", 3), ("b", 4), ("b", 5)]


async def test_a_message_hurries_once_somebody_waits_for_what_is_behind_it() -> None:
    line, haste = Line(Window(1, 1.0)), Haste()

    async def begin() -> None:
        await line.time.sleep(1.5)
        haste.begin()

    await line.time.run(*(line.call("b") for _ in range(5)), line.call("h", haste=haste), begin())

    assert line.names == "bbhbbb"
    assert line.times == [0, 1, 2, 3, 4, 5]


async def test_one_place_is_kept_for_what_somebody_waits_for() -> None:
    line = Line(unasked=(AtOnce(2),))

    await line.time.run(*(line.call("b", 10) for _ in range(4)), line.call("a", after=1, haste=now()))

    assert line.begun == [("b", 0), ("b", 0), ("a", 1), ("b", 10), ("b", 10)]


async def test_a_broadcast_goes_on_although_there_is_always_somebody_who_waits() -> None:
    line = Line(Window(1, 1.0))

    await line.time.run(line.call("b", after=0.5), *(line.call("a", haste=now()) for _ in range(30)))

    assert 1 <= line.names.index("b") <= module.OVERTAKEN + 1


async def test_those_of_one_kind_go_in_the_order_in_which_they_came() -> None:
    line = Line(Window(2, 1.0), own=lambda _: [Window(3, 3.0)])

    await line.time.run(*(line.call(name) for name in "abcdefabcdef"))

    assert line.names == "abcdefabcdef"


async def test_a_busy_name_holds_up_no_other() -> None:
    line = Line(own=lambda _: [Window(1, 60.0)])

    await line.time.run(*(line.call("a") for _ in range(5)), line.call("b", after=1), until=5)

    assert line.begun == [("a", 0), ("b", 1)]


@pytest.mark.parametrize("when", [0.5, 1.0, 3.0], ids=["while it waits", "when it may go", "while it is under way"])
async def test_a_call_that_is_cut_off_leaves_its_place_to_others(when: float) -> None:
    line = Line(Window(1, 1.0))
    cut = asyncio.create_task(line.call("x", 10, after=0.1))

    async def cut_off() -> None:
        await line.time.sleep(when)
        cut.cancel()

    await line.time.run(line.call("b"), cut_off(), line.call("c", after=when), until=20)

    assert line.begun[-1][0] == "c"
    assert line.begun[-1][1] <= when + 1
    assert all(gate.is_idle(20) for gate in line.turns._shared)


async def test_who_is_cut_off_in_the_moment_of_being_let_in_counts_no_longer() -> None:
    line = Line(AtOnce(1))
    async with line.turns.turn():
        waits = asyncio.create_task(line.call("x", 10))
        await line.time.run()
    waits.cancel()

    await line.time.run(line.call("c"))

    assert line.begun == [("c", 0)]


async def test_nobody_looks_at_the_clock_while_nobody_waits() -> None:
    line = Line(Window(1, 1.0))
    async with line.turns.turn():
        pass
    waits = asyncio.create_task(line.call("x"))
    await line.time.run()
    assert line.turns._timer is not None

    waits.cancel()
    await line.time.run()

    assert line.turns._timer is None
