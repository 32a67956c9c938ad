"""What is Slack's own: signatures, retries, strangers, doors that close, Socket Mode."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlmodel import select

from bot import refusals
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.doors import Doors
from bot.platforms.slack.listening import ANSWER_SECONDS
from bot.platforms.slack.manifest import PLAIN_REPLIES, SCOPES, manifest
from bot.registry import registry
from models.audit import AuditRow
from models.context import Context
from models.deals import Deal
from models.message import says
from models.outbox import OutboxState, Post
from models.standups import CheckIn
from models.text import Text
from models.unit import Unit
from tests.contract.test_start import regatta
from tests.peers.faults import ApiFault, Wrong
from tests.peers.slack import SlackPeer
from tests.peers.slack.deliveries import signed
from tests.stages.slack import SlackStage

COMMAND = {
    "command": "/deal", "text": "Acme 120k", "team_id": "T1", "channel_id": "C1", "user_id": "U1", "trigger_id": "1.2",
}  # fmt: skip


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


def deal_count(stage: SlackStage) -> int:
    return len(stage.rows(lambda session: session.exec(select(Deal.id)).all()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: {**headers, "X-Slack-Signature": "v0=" + "0" * 64},
        lambda headers: {**headers, "X-Slack-Request-Timestamp": "soon"},
        lambda headers: {**headers, "X-Slack-Request-Timestamp": "9" * 400},
        lambda headers: {**headers, "X-Slack-Signature": "v0=\u00e4\u00f6"},
        lambda _: {},
    ],
    ids=["forged", "no number", "endless number", "no ascii", "unsigned"],
)
async def test_what_slack_did_not_sign_is_refused(slack: SlackStage, spoil: object) -> None:
    peer, raw = slack.peer, urlencode({**COMMAND, "ssl_check": "1"}).encode()
    headers = signed(raw, peer.world.app.signing_secret, int(peer.clock.real()))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await peer.post_raw(raw, spoil(headers) | kind)  # type: ignore[operator]

    assert answer.status == 401


async def test_a_request_of_five_minutes_ago_is_refused(slack: SlackStage) -> None:
    peer, raw = slack.peer, urlencode(COMMAND).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    old = await peer.post_raw(raw, signed(raw, peer.world.app.signing_secret, int(peer.clock.real()) - 302) | kind)

    assert old.status == 401


async def test_while_a_secret_is_changed_the_old_and_the_new_one_count(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", more_secrets=("a new secret",)) as stage:
        await stage.say("mike-davis", "/deal Acme 120k", "us")
        stage.peer.world.app.rotate_secret("a new secret")
        replies = await stage.say("mike-davis", "/deal Acme 500k", "us")

    assert "D-1347 · Acme · USD 500,000" in replies[0]["text"]


async def test_a_delivery_that_comes_again_is_one_deal(slack: SlackStage) -> None:
    before = deal_count(slack)
    slack.peer.faults.double_deliveries(4)

    await slack.say("mike-davis", "deal Acme 120k USD", "us")
    slack.peer.clock.advance(400)
    await slack.peer.deliveries.settle()

    assert deal_count(slack) == before + 1


async def test_a_mention_that_comes_as_message_and_as_mention_is_one_deal(slack: SlackStage) -> None:
    before = deal_count(slack)

    replies = await slack.say("mike-davis", f"<@{slack.peer.world.app.user_id}> deal Acme 120k USD", "us")

    assert "D-1346 · Acme · USD 120,000" in replies[0]["text"]
    assert deal_count(slack) == before + 1


async def test_an_edited_line_and_the_bots_own_words_have_no_effect(slack: SlackStage) -> None:
    before = deal_count(slack)
    user, place = slack.users["mike-davis"], slack.peer.channel("us")
    said = await slack.peer.say(user, place, "deal Acme 120k USD")
    await slack.peer.edit(user, said, "deal Acme 999k USD")
    await slack.peer.deliveries.settle()

    assert deal_count(slack) == before + 1


async def test_a_stranger_of_a_shared_channel_hears_one_sentence_and_can_do_nothing(slack: SlackStage) -> None:
    before, peer = deal_count(slack), slack.peer
    sue = peer.world.add_user("sue", team=peer.world.add_team("Other Company"))
    place = peer.channel("us")
    place.members.append(sue.id)
    echo = (await slack.say("mike-davis", "/deal Acme 120k", "us"))[0]

    await peer.say(sue, place, f"<@{peer.world.app.user_id}> deal Acme 5m USD")
    await peer.press(sue, next(one for one in peer.seen_by(sue, place) if one.ts == echo["id"]), "Undo")

    heard = [one for one in peer.seen_by(sue, place) if one.is_ephemeral]
    assert len(heard) == 2
    assert all("I do not know you yet" in one.text and "我还不认识你" in one.text for one in heard)
    assert deal_count(slack) == before + 1
    assert slack.rows(lambda session: session.exec(select(Deal).where(Deal.id == "D-1346")).one()).void is False
    refused = slack.rows(lambda session: session.exec(select(AuditRow.actor).where(AuditRow.action == "refused")).all())
    assert refused == [sue.id, sue.id]


async def test_a_command_in_a_channel_that_is_bound_to_nothing_says_so(slack: SlackStage) -> None:
    peer, mike = slack.peer, slack.users["mike-davis"]
    lunch = peer.world.add_channel("lunch", [mike])

    await peer.slash(mike, lunch, "/deal Acme 120k")

    assert "not set up for Regatta yet" in peer.seen_by(mike, lunch)[-1].text


async def test_where_no_form_can_be_opened_it_waits_behind_a_button(slack: SlackStage) -> None:
    (connection,) = slack.regatta.connections.values()
    assert isinstance(connection, SlackConnection)
    connection.platform.doors = Doors(monotonic=count(0, 10).__next__)  # every look at the clock is ten seconds later

    (form,) = await slack.say("mike-davis", "/deal 80k close Friday", "us")

    assert form["id"].startswith("only:")
    assert [field["name"] for field in form["form"]["fields"]] == ["account", "amount", "close_on"]
    replies = await slack.press("mike-davis", form, "deal", {"account": "Acme"})
    assert any("Acme · USD 80,000" in reply["text"] for reply in replies)


async def test_in_a_channel_that_was_archived_a_message_is_set_aside_at_once(slack: SlackStage) -> None:
    def write(unit: Unit) -> None:
        Context(unit, slack.clock.now(), "late", lambda: "id").post("us", says(Text("Too late")))

    await slack.peer.archive("us")
    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled()

    (dead,) = slack.rows(lambda session: session.exec(select(Post).where(Post.state == OutboxState.DEAD)).all())
    assert (dead.attempts, dead.error) == (1, "is_archived")


async def test_the_same_conversation_over_socket_mode(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=True) as stage:
        echo, private = await stage.say("mike-davis", "/deal Acme 120k USD won", "us")
        (undone,) = await stage.press("mike-davis", echo, "undo")

    assert private["visible_to"] == "mike-davis"
    assert "Taken back: D-1346" in undone["text"]


async def test_an_answer_that_was_cut_off_is_said_again_and_books_nothing_twice(slack: SlackStage) -> None:
    before = deal_count(slack)
    slack.peer.faults.cut_answer("chat.postMessage")

    await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k")
    await slack.settled(backing_off=True)

    shown = [one for one in slack.peer.seen_by(slack.users["mike-davis"], "us") if "Acme" in one.text]
    assert len(shown) == 2
    assert deal_count(slack) == before + 1


async def test_a_start_without_slack_waits_for_it(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=True, broken=1) as stage:
        await stage.peer.world.eventually(lambda: stage.peer.socket_mode.connections, within=15)
        echo, *_ = await stage.say("mike-davis", "/deal Acme 120k USD won", "us")

    assert echo["text"].startswith("✓ D-1346")


@pytest.mark.parametrize("fault", ["fail_api", "halve_answer", "limit_api"])
async def test_a_message_that_slack_did_not_take_is_sent_later(slack: SlackStage, fault: str) -> None:
    getattr(slack.peer.faults, fault)("chat.postMessage")

    await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k")
    await slack.settled(backing_off=True)

    assert any("D-1346 · Acme" in one.text for one in slack.peer.seen_by(slack.users["mike-davis"], "us"))


def test_the_manifest_has_the_shape_that_slack_takes() -> None:
    found = manifest(registry(), "https://bot.example")
    commands = [one["command"] for one in found["features"]["slash_commands"]]

    assert {"/regatta", "/deal", "/visit", "/my", "/request", "/approvals", "/board", "/link"} <= set(commands)
    assert len(commands) == len(set(commands)) <= 50
    assert all(re.fullmatch(r"/[a-z0-9_-]{1,31}", command) for command in commands)
    for one in found["features"]["slash_commands"]:
        assert 0 < len(one["description"]) <= 100
        assert one["url"] == "https://bot.example/slack/events"
    assert found["settings"]["interactivity"] == {"is_enabled": True, "request_url": "https://bot.example/slack/events"}
    assert set(found["oauth_config"]["scopes"]["bot"]) == {*SCOPES, *PLAIN_REPLIES}
    assert len(found["display_information"]["description"]) <= 140


def test_the_guide_names_every_scope_with_its_reason() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "slack.md").read_text(encoding="utf-8")

    assert all(f"`{scope}`" in guide for scope in {*SCOPES, *PLAIN_REPLIES})


def test_without_a_public_address_the_manifest_names_none() -> None:
    found = manifest(registry(), None, socket_mode=True, plain_replies=False)

    assert found["settings"]["socket_mode_enabled"] is True
    assert "/slack/events" not in str(found)
    assert set(found["oauth_config"]["scopes"]["bot"]) == set(SCOPES)


async def test_the_scopes_and_commands_of_the_manifest_are_enough(template: Path, tmp_path: Path) -> None:
    found = manifest(registry(), "https://bot.example", plain_replies=False)
    scopes = found["oauth_config"]["scopes"]["bot"]
    async with SlackStage.opened(template, tmp_path / "slack.db", scopes=scopes) as stage:
        stage.peer.world.app.commands = {one["command"] for one in found["features"]["slash_commands"]}
        bot = f"<@{stage.peer.world.app.user_id}>"

        echo, _ = await stage.say("mike-davis", "/deal Acme 120k USD", "us")
        card = (await stage.say("mike-davis", f"{bot} request D-1346", "us"))[0]
        (form,) = await stage.say("mike-davis", "edit D-1346")
        (board,) = await stage.say("mike-davis", "/regatta board", "us")
        approved = await stage.say("sarah-johnson", f"{bot} approve", "us", card["id"])

    assert echo["text"].startswith("✓ D-1346")
    assert form["form"] is not None
    assert board["image"][:4] == b"\x89PNG"
    assert any("approved" in one["text"] for one in approved)


async def test_who_is_deactivated_has_no_rights_any_more_and_the_manager_hears_it(slack: SlackStage) -> None:
    mike, before = slack.users["mike-davis"], deal_count(slack)
    await slack.peer.deactivate(mike)
    await slack.settled()

    mike.deleted = False  # somebody who still has the session
    await slack.peer.say(mike, slack.peer.channel("us"), "deal Acme 120k USD")

    told = (await slack.read("sarah-johnson"))[-1]["text"]
    assert told == "Mike Davis's account in Slack was deactivated or made a guest's; it can do nothing here any more."
    assert deal_count(slack) == before
    ended = slack.rows(lambda session: session.exec(select(AuditRow.actor, AuditRow.action)).all())
    assert ("mike-davis", "account.ended") in ended


async def test_a_command_that_takes_long_is_answered_in_words_before_slack_gives_up(slack: SlackStage) -> None:
    before = deal_count(slack)
    slack.wait_at_most(ANSWER_SECONDS)
    slack.regatta.store.write(lambda _: time.sleep(2.8))
    mike, us = slack.users["mike-davis"], slack.peer.channel("us")

    answer = await slack.peer.slash(mike, us, "/deal Acme 120k")
    await slack.peer.world.eventually(lambda: deal_count(slack) > before)
    await slack.settled()

    assert answer.ok
    seen = [one.text for one in slack.peer.seen_by(mike, us)]
    assert any(text.startswith("This takes longer than usual") for text in seen)
    assert any("D-1346 · Acme" in text for text in seen)


async def test_a_busy_channel_keeps_its_pace_and_holds_up_no_other(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", hurried=False) as slack:

        def put(channel: str, lines: int) -> None:
            def write(unit: Unit) -> None:
                context = Context(unit, slack.clock.now(), "many", lambda: "id")
                for number in range(lines):
                    context.post(channel, says(Text("Line {n}", n=number)))

            slack.regatta.store.write(write).result()
            slack.regatta.delivery.wake()

        world, mike, lin = slack.peer.world, slack.users["mike-davis"], slack.users["lin-xiao"]
        put("us", 6)
        await world.eventually(lambda: slack.peer.seen_by(mike, "us"))
        put("cn-east", 1)
        await world.eventually(lambda: slack.peer.seen_by(lin, "cn-east"), within=1.5)
        early = len(slack.peer.seen_by(mike, "us"))
        await world.eventually(lambda: len(slack.peer.seen_by(mike, "us")) == 6, within=6)

        assert early < 6
        assert [one.text for one in slack.peer.seen_by(mike, "us")] == [f"Line {number}" for number in range(6)]
        assert slack.rows(lambda session: session.exec(select(Post.attempts)).all()) == [0] * 7


async def test_the_doctor_says_which_scope_is_missing_and_how_slack_reaches_the_bot(tmp_path: Path) -> None:
    async with SlackPeer.opened(scopes={"commands", "chat:write"}) as peer:
        settings = {"SLACK_BOT_TOKEN": peer.world.app.bot_token, "SLACK_API_URL": peer.api_url}
        secret = {"SLACK_SIGNING_SECRET": peer.world.app.signing_secret}
        database = tmp_path / "regatta.db"

        poor = await asyncio.to_thread(regatta, "doctor", database=database, **settings, **secret)
        peer.world.app.scopes = set(SCOPES)
        public = {"REGATTA_PUBLIC_URL": "https://bot.example"}
        well = await asyncio.to_thread(regatta, "doctor", database=database, **settings, **secret, **public)
        stale = settings | {"SLACK_BOT_TOKEN": "xoxb-stale"}
        wrong = await asyncio.to_thread(regatta, "doctor", database=database, **stale, **secret)

    assert poor.returncode == wrong.returncode == 1
    assert "im:history (to hear what is written in the direct chat)" in poor.stdout
    assert "Slack cannot reach the bot: set REGATTA_PUBLIC_URL" in poor.stdout
    assert well.returncode == 0, well.stdout
    assert "requests come to https://bot.example/slack/events" in well.stdout
    assert "copy the Bot User OAuth Token" in wrong.stdout
    assert "xoxb-stale" not in wrong.stdout + wrong.stderr


async def test_a_private_answer_never_takes_the_place_of_what_was_pressed(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Acme 120k USD", "us")
    card = (await slack.say("mike-davis", "request D-1346", "us"))[0]
    await slack.say("sarah-johnson", "reject", "us", card["id"])  # her form waits behind a button, for her alone

    await slack.press("sarah-johnson", card, "approve")

    shown = next(one for one in await slack.read("mike-davis", "us") if one["id"] == card["id"])
    assert "approved by Sarah Johnson" in shown["text"]


async def test_a_body_without_end_is_not_read_to_its_end(slack: SlackStage) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3_000):
            yield b"x" * 1_000

    async with httpx.AsyncClient() as client:
        answer = await client.post(slack.peer.request_url or "", content=endless())

    assert answer.status_code == 413


async def test_to_be_told_to_wait_is_no_failure(slack: SlackStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "TRIES", 3)
    slack.peer.faults.limit_api("chat.postMessage", times=4)

    await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k")
    await slack.settled(backing_off=True)

    assert any("D-1346 · Acme" in one.text for one in slack.peer.seen_by(slack.users["mike-davis"], "us"))


async def test_a_text_that_does_not_fit_a_form_stays_whole(slack: SlackStage) -> None:
    words = "word " * 900
    await slack.say("mike-davis", f"standup {words}")
    (form,) = await slack.say("mike-davis", "standup")

    assert "too long for this form" in form["text"]
    await slack.press("mike-davis", form, "answer", {"plans": "Umbrella"})

    (kept,) = slack.rows(lambda session: session.exec(select(CheckIn.did)).all())
    assert kept == words.strip()


async def test_a_form_is_opened_for_the_one_whom_it_asks(slack: SlackStage) -> None:
    await slack.say("mike-davis", "deal 80k close Friday", "us")
    (waiting,) = [one for one in slack.peer.seen_by(slack.users["mike-davis"], "us") if one.is_ephemeral]
    await slack.peer.deactivate(slack.users["mike-davis"])
    slack.users["mike-davis"].deleted = False

    await slack.peer.press(slack.users["mike-davis"], waiting, "open.0")

    assert slack.peer.modals(slack.users["mike-davis"]) == []
    assert "I do not know you yet" in slack.peer.seen_by(slack.users["mike-davis"], "us")[-1].text


async def test_of_a_long_message_no_part_is_posted_again_after_a_fault(slack: SlackStage) -> None:
    words = " ".join(f"word{number}" for number in range(4_000))

    def write(unit: Unit) -> None:
        Context(unit, slack.clock.now(), "long", lambda: "id").post("us", says(Text("{words}", words=words)))

    slack.regatta.store.write(write).result()
    slack.peer.faults.api.append(ApiFault("chat.postMessage", Wrong.SLOW, 0.0, 2))
    slack.peer.faults.limit_api("chat.postMessage")
    slack.regatta.delivery.wake()
    await slack.settled(backing_off=True)

    seen = slack.peer.seen_by(slack.users["mike-davis"], "us")
    assert len(seen) > 2
    assert "".join(one.text for one in seen).replace("\n", "") == words  # each block begins a line


async def test_a_form_that_slack_does_not_open_is_said_to_have_failed(slack: SlackStage) -> None:
    await slack.say("mike-davis", "deal 80k close Friday", "us")
    mike = slack.users["mike-davis"]
    (waiting,) = [one for one in slack.peer.seen_by(mike, "us") if one.is_ephemeral]
    slack.peer.faults.fail_api("views.open")

    answer = await slack.peer.press(mike, waiting, "open.0")

    assert answer.ok
    assert slack.peer.modals(mike) == []
    assert "That failed, and nothing was done" in slack.peer.seen_by(mike, "us")[-1].text


async def test_the_doctor_says_whether_a_socket_can_be_opened(tmp_path: Path) -> None:
    async with SlackPeer.opened() as peer:
        settings = {"SLACK_BOT_TOKEN": peer.world.app.bot_token, "SLACK_API_URL": peer.api_url}
        database = tmp_path / "regatta.db"
        good, bad = {"SLACK_APP_TOKEN": peer.world.app.app_token}, {"SLACK_APP_TOKEN": "xapp-stale"}

        well = await asyncio.to_thread(regatta, "doctor", database=database, **settings, **good)
        wrong = await asyncio.to_thread(regatta, "doctor", database=database, **settings, **bad)

    assert well.returncode == 0, well.stdout
    assert "Socket Mode: no public address is needed" in well.stdout
    assert wrong.returncode == 1
    assert "make one with the scope connections:write" in wrong.stdout
    assert "xapp-stale" not in wrong.stdout + wrong.stderr
