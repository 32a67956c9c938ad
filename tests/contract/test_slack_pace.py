"""An answer is not held up by a broadcast, and a stop waits for no turn."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.channels import Channel, ChannelKind
from models.context import Context
from models.message import says
from models.outbox import Post
from models.text import Text
from models.unit import Unit
from tests.stages.slack import SlackStage

A_CALL, CHANNELS = 0.08, 100
"""A fifth of what Slack takes for a call, and how many channels a broadcast goes to."""
CALLS_IN_A_SECOND = 3
"""Where each takes 0.4 s; three are under way at once."""


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP; each call that posts takes a while."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        stage.peer.faults.slow_api(A_CALL, "chat.postMessage")
        yield stage


def broadcast(slack: SlackStage, *last: str) -> None:
    """Say something in many channels that nobody asked for; these come last."""
    world, mike = slack.peer.world, slack.users["mike-davis"]
    places = [world.add_channel(f"c{number}", [mike]).id for number in range(CHANNELS - len(last))]

    def work(unit: Unit) -> None:
        for place in places:
            unit.add(
                Channel(
                    id=place, platform="slack", workspace=world.team.id, external_id=place, kind=ChannelKind.REGION,
                    name=place, region_id="us",
                )
            )  # fmt: skip
        unit.flush()
        context = Context(unit, slack.clock.now(), "broadcast", lambda: "id")
        for place in (*places, *last):
            context.post(place, says(Text("News")))

    slack.regatta.store.write(work).result()
    slack.regatta.delivery.wake()


def rows_of(session: Session) -> list[tuple[str, bool]]:
    """Where each message stands, and whether it may have arrived."""
    return [(str(post.state), post.doubtful) for post in session.exec(select(Post).where(Post.event_id == "broadcast"))]


def posts(slack: SlackStage) -> int:
    return [name for name, _ in slack.peer.api.calls].count("chat.postMessage")


def texts(slack: SlackStage, channel: str) -> list[str]:
    return [one.text for one in slack.peer.seen_by(slack.users["mike-davis"], channel)]


@pytest.mark.parametrize("last", [(), ("us",)], ids=["elsewhere", "in a channel that the broadcast goes to as well"])
async def test_an_answer_is_there_at_once_while_a_broadcast_goes_out(slack: SlackStage, last: tuple[str, ...]) -> None:
    broadcast(slack, *last)
    await slack.peer.world.eventually(lambda: posts(slack) >= 2)

    before = posts(slack)
    await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k")
    await slack.peer.world.eventually(lambda: any("Acme" in text for text in texts(slack, "us")))
    meanwhile = posts(slack) - before

    assert meanwhile <= 3 * CALLS_IN_A_SECOND
    assert len(texts(slack, "us")) == 1 + len(last)


async def test_a_stop_waits_for_no_turn_and_leaves_no_doubt_about_what_was_not_begun(
    template: Path, tmp_path: Path
) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        slack.peer.faults.slow_api(0.3, "chat.postMessage")
        broadcast(slack)
        await slack.peer.world.eventually(lambda: posts(slack) >= 2)
        await asyncio.wait_for(slack.regatta.delivery.stop(), 1.0)
        rows = slack.rows(rows_of)

    assert [state for state, _ in rows].count("sent") == posts(slack)
    assert {doubtful for state, doubtful in rows if state == "waiting"} == {False}
