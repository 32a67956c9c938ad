"""Messages that are too long for one of Slack's: redrawn in all their parts, and known by each of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.context import Context
from models.intent import Draft
from models.message import Button, Message, says
from models.outbox import Post
from models.text import Text
from models.unit import Unit
from tests.peers.faults import ApiFault, Wrong
from tests.peers.slack.reading import Seen
from tests.stages.slack import SlackStage


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


HELP = Button(Text("Help"), Draft("help", {}))


def long_message(words: int, word: str = "word") -> Message:
    """A message of many words with a button under them."""
    text = " ".join(f"{word}{number}" for number in range(words))
    return says(Text("{words}", words=text), buttons=(HELP,))


async def post(slack: SlackStage, message: Message, *, thread_post: int | None = None, card: str | None = None) -> int:
    """Put a message into the channel of the United States."""

    def write(unit: Unit) -> int:
        context = Context(unit, slack.clock.now(), "long", lambda: "id")
        return context.post("us", message, thread_post=thread_post, card=card).id or 0

    number = slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled()
    return number


async def redraw(slack: SlackStage, number: int, message: Message, *, backing_off: bool = False) -> None:
    """Give a message a new face."""

    def write(unit: Unit) -> None:
        Context(unit, slack.clock.now(), "redrawn", lambda: "id").replace(unit.get_one(Post, number), message)

    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled(backing_off=backing_off)


def seen(slack: SlackStage) -> list[Seen]:
    return slack.peer.seen_by(slack.users["mike-davis"], "us")


def words_of(parts: list[Seen]) -> list[str]:
    return " ".join(part.text.replace("\n", " ") for part in parts).split()


@pytest.mark.parametrize("words", [10, 3_000, 4_000, 6_000], ids=["one part", "fewer", "the same", "more"])
async def test_a_long_message_is_redrawn_in_all_its_parts(slack: SlackStage, words: int) -> None:
    number = await post(slack, long_message(4_000))
    before = seen(slack)

    await redraw(slack, number, long_message(words, "new"))

    after = seen(slack)
    assert words_of(after) == [f"new{number}" for number in range(words)]
    assert [part.ts for part in before[: len(after)]] == [part.ts for part in after[: len(before)]]
    assert [len(part.buttons) for part in after] == [0] * (len(after) - 1) + [1]


async def test_a_message_that_grew_shrinks_again(slack: SlackStage) -> None:
    number = await post(slack, long_message(10))
    await redraw(slack, number, long_message(4_000, "long"))
    await redraw(slack, number, long_message(10, "short"))

    assert words_of(seen(slack)) == [f"short{number}" for number in range(10)]


async def test_a_fault_in_the_middle_of_a_redrawing_doubles_no_part(slack: SlackStage) -> None:
    number = await post(slack, long_message(10))
    slack.peer.faults.api.append(ApiFault("chat.postMessage", Wrong.SLOW, 0.0, 1))
    slack.peer.faults.limit_api("chat.postMessage")

    await redraw(slack, number, long_message(4_000, "long"), backing_off=True)

    assert words_of(seen(slack)) == [f"long{number}" for number in range(4_000)]


async def test_what_was_posted_of_a_long_message_is_known_after_a_restart(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        slack.peer.faults.api.append(ApiFault("chat.postMessage", Wrong.SLOW, 0.0, 2))
        slack.peer.faults.limit_api("chat.postMessage", retry_after=100)

        def write(unit: Unit) -> None:
            Context(unit, slack.clock.now(), "long", lambda: "id").post("us", long_message(4_000))

        slack.regatta.store.write(write).result()
        slack.regatta.delivery.wake()
        await slack.peer.world.eventually(lambda: slack.rows(lambda session: session.get_one(Post, 1).error))
        (row,) = slack.rows(lambda session: [session.get_one(Post, 1)])

    assert row.part_ids == tuple(one.ts for one in seen(slack))
    assert len(row.part_ids) == 2


async def test_a_private_answer_that_fails_in_the_middle_says_no_part_again(slack: SlackStage) -> None:
    before = len(seen(slack))
    slack.peer.faults.api.append(ApiFault("chat.postEphemeral", Wrong.SLOW, 0.0, 1))
    slack.peer.faults.limit_api("chat.postEphemeral")

    def write(unit: Unit) -> None:
        context = Context(unit, slack.clock.now(), "long", lambda: "id")
        context.post("us", long_message(4_000), visible_to="mike-davis")

    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled(backing_off=True)

    assert words_of(seen(slack)[before:]) == [f"word{number}" for number in range(4_000)]


async def test_a_thread_hangs_on_the_first_part_and_a_reply_under_any_part_is_about_the_card(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Acme 120k USD", "us")
    number = await post(slack, long_message(4_000), card="deal:D-1346")
    first, *_, last = [one for one in seen(slack) if "word" in one.text]

    await post(slack, says(Text("A reply")), thread_post=number)
    (under_first,) = await slack.say("mike-davis", "explain", "us", first.ts)
    (under_last,) = await slack.say("mike-davis", "explain", "us", last.ts)

    replies = [one for one in seen(slack) if one.text == "A reply"]
    assert [one.thread_ts for one in replies] == [first.ts]
    assert "D-1346" in under_first["text"]
    assert "D-1346" in under_last["text"]
