"""Telegram's pace: as fast as it allows and never faster, however long its answers take, and answers first."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.pacing import turns
from bot.turns import Haste
from tests.unit.virtual_time import VirtualTime


class Chats:
    """Who wrote where and when, on a clock of its own."""

    def __init__(self) -> None:
        self.time = VirtualTime()
        self.turns = turns()
        self.turns.monotonic, self.turns.sleep = self.time.now, self.time.sleep
        self.begun: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.ended: dict[str, list[float]] = defaultdict(list)

    async def say(self, chat: str, number: int = 0, *, answer: float = 0.0, at: float = 0.0, asked: bool) -> None:
        """Write into a chat; Telegram answers after some seconds."""
        await self.time.sleep(at)
        async with self.turns.turn(chat, Haste(is_on=asked)):
            self.begun[chat].append((number, self.time.at))
            await self.time.sleep(answer)
        self.ended[chat].append(self.time.at)
        self.ended["all"].append(self.time.at)

    def most(self, chat: str, within: float) -> int:
        """The most answers of a chat in any span of time: Telegram counts a message at some instant before that."""
        ended = sorted(self.ended[chat])
        return max(sum(first <= one < first + within for one in ended) for first in ended)


@pytest.mark.parametrize("answer", [0.0, 0.4, 2.0])
@pytest.mark.parametrize(
    ("chats", "most", "within"),
    [(["7"] * 30, 3, 3.0), (["-7"] * 90, 20, 60.0), ([str(number) for number in range(200)], 30, 1.0)],
    ids=["a person", "a group", "everybody"],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_no_span_of_time_sees_more_than_telegram_allows(
    chats: list[str], most: int, within: float, answer: float, *, at_once: bool
) -> None:
    said = Chats()

    async def in_a_row() -> None:
        for chat in chats:
            await said.say(chat, answer=answer, asked=False)

    works = [said.say(chat, answer=answer, asked=False) for chat in chats] if at_once else [in_a_row()]
    await said.time.run(*works)

    assert all(
        later - earlier >= within for earlier, later in zip(said.ended["all"], said.ended["all"][most:], strict=False)
    )
    assert said.most("all", within) <= most


async def test_a_short_burst_is_sent_at_once() -> None:
    said = Chats()

    await said.time.run(*(said.say(chat, asked=False) for chat in ("7", "7", "7", "-7", "-7", "-7")))

    assert said.time.at == 0


async def test_nobody_waits_longer_than_telegram_wants() -> None:
    said = Chats()

    await said.time.run(*(said.say(str(number), asked=False) for number in range(500)))

    assert said.time.at == pytest.approx((500 - 30) // 30 + 1)


async def test_an_answer_overtakes_a_broadcast_to_everybody() -> None:
    said = Chats()
    broadcast = [said.say(str(number), answer=0.1, asked=False) for number in range(1_000)]

    await said.time.run(*broadcast, said.say("me", at=5.5, answer=0.1, asked=True))

    assert said.ended["me"][0] <= 5.5 + 1.2
    assert said.time.at > 30


async def test_a_busy_group_holds_up_no_other_chat() -> None:
    said = Chats()
    busy = [said.say("-7", number, asked=True) for number in range(60)]

    await said.time.run(*busy, said.say("8", at=10, asked=False))

    assert said.ended["8"] == [10]


calls = st.tuples(
    st.sampled_from(["7", "-7", "8"]), st.integers(0, 8).map(lambda n: n / 2), st.sampled_from([0.0, 0.5, 2.0]),
    st.booleans(),
)  # fmt: skip


@given(st.lists(calls, max_size=60))
async def test_whoever_writes_when_the_ceilings_hold_the_order_is_kept_and_everybody_gets_through(
    planned: list[tuple[str, float, float, bool]],
) -> None:
    said = Chats()
    planned = sorted(planned, key=lambda one: one[1])

    await said.time.run(
        *(said.say(c, n, at=at, answer=answer, asked=asked) for n, (c, at, answer, asked) in enumerate(planned))
    )

    assert Counter(chat for chat, *_ in planned) == Counter(
        {chat: len(found) for chat, found in said.ended.items() if chat != "all"}
    )
    for chat, begun in said.begun.items():
        assert said.most(chat, 3.0) <= 3
        assert not chat.startswith("-") or said.most(chat, 60.0) <= 20
        for kind in (True, False):
            numbers = [number for number, _ in begun if planned[number][3] is kind]
            assert all(earlier < later for earlier, later in pairwise(numbers))
