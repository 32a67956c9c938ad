"""What a real bolt app gets from the peer over HTTP: events, their order, doubles and retries."""

import asyncio
import time

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.peers.bolt import Bot
from tests.peers.slack import SlackPeer
from tests.peers.slack.deliveries import signed


def call(peer: SlackPeer) -> str:
    """The words that call the bot."""
    return f"<@{peer.world.app.user_id}>"


async def test_bolt_takes_the_peers_signature_and_answers_the_challenge(peer: SlackPeer, bot: Bot) -> None:
    assert await peer.verify_url()

    said = await peer.say("ann", "north", "hello")

    assert [(event["type"], event["text"], event["ts"]) for event in bot.events] == [("message", "hello", said.ts)]
    assert [attempt.answer.status for attempt in peer.deliveries.attempts if attempt.answer] == [200]


async def test_bolt_refuses_a_forged_signature_and_an_old_one(peer: SlackPeer, bot: Bot) -> None:
    await peer.say("ann", "north", "real")
    raw, now = b'{"type":"event_callback","event":{"type":"message"}}', int(peer.clock.real())
    kind = {"Content-Type": "application/json"}

    forged = await peer.post_raw(raw, signed(raw, "another secret", now) | kind)
    old = await peer.post_raw(raw, signed(raw, peer.world.app.signing_secret, now - 301) | kind)

    assert (forged.status, old.status) == (401, 401)
    assert len(bot.events) == 1


async def test_a_regenerated_secret_counts_at_once(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.retries = ()
    peer.world.app.rotate_secret("a new secret")

    await peer.say("ann", "north", "hello")

    assert bot.events == []
    assert peer.deliveries.attempts[0].answer is not None
    assert peer.deliveries.attempts[0].answer.status == 401


async def test_an_event_has_the_documented_shape(peer: SlackPeer, bot: Bot) -> None:
    root = await peer.say("ann", "north", "root")
    await peer.say("ben", "north", "reply", thread_ts=root.ts)
    body, event = bot.got[-1], bot.events[-1]

    assert (body["type"], body["team_id"], body["api_app_id"]) == (
        "event_callback",
        peer.world.team.id,
        peer.world.app.id,
    )
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"] == [
        {
            "enterprise_id": None, "team_id": peer.world.team.id, "user_id": peer.world.app.user_id, "is_bot": True,
            "is_enterprise_install": False,
        },
    ]  # fmt: skip
    assert not body["is_ext_shared_channel"]
    assert (event["channel_type"], event["thread_ts"], event["parent_user_id"]) == ("channel", root.ts, root.user)
    assert (event["user"], event["team"]) == (peer.user("ben").id, peer.world.team.id)
    assert event["client_msg_id"] != bot.events[0]["client_msg_id"]


async def test_a_mention_in_a_channel_comes_as_two_events_and_in_a_direct_chat_as_one(
    peer: SlackPeer, bot: Bot
) -> None:
    await peer.say("ann", "north", f"{call(peer)} hello")
    in_channel = sorted(event["type"] for event in bot.events)
    ids = {body["event_id"] for body in bot.got}
    bot.got.clear()
    await peer.say("ann", peer.direct("ann"), f"{call(peer)} hello")

    assert (in_channel, len(ids)) == (["app_mention", "message"], 2)
    assert [(event["type"], event["channel_type"]) for event in bot.events] == [("message", "im")]


async def test_a_stranger_carries_another_team_and_a_guest_does_not(peer: SlackPeer, bot: Bot) -> None:
    await peer.say("sue", "joint", "hello")
    await peer.say("gus", "north", "hello")
    (stranger, guest), (body, _) = bot.events, bot.got

    assert body["is_ext_shared_channel"]
    assert body["team_id"] == peer.world.team.id
    assert stranger["user_team"] == stranger["team"] == peer.user("sue").team_id != peer.world.team.id
    assert (guest["team"], "user_team" in guest) == (peer.world.team.id, False)


async def test_edits_and_deletions_are_hidden_subtypes(peer: SlackPeer, bot: Bot) -> None:
    said = await peer.say("ann", "north", "one")
    await peer.edit("ann", said, "two")
    await peer.unsay("ann", said)
    _, changed, deleted = bot.events

    assert (changed["subtype"], changed["message"]["text"], changed["hidden"]) == ("message_changed", "two", True)
    assert changed["previous_message"]["text"] == "one"
    assert changed["message"]["edited"]["user"] == peer.user("ann").id
    assert changed["ts"] != said.ts == changed["message"]["ts"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)


async def test_the_app_hears_its_own_posts(peer: SlackPeer, bot: Bot) -> None:
    await bot.client.chat_postMessage(channel=peer.channel("north").id, text="mine")
    await peer.deliveries.settle()

    assert len(peer.deliveries.attempts) == 1  # bolt itself leaves out what the bot said
    event = peer.deliveries.attempts[0].body["event"]
    assert (event["bot_id"], event["user"]) == (peer.world.app.bot_id, peer.world.app.user_id)


async def test_changes_of_people_and_channels_are_told(peer: SlackPeer, bot: Bot) -> None:
    await peer.deactivate("ben")
    await peer.hire("new-one", tz="Europe/Berlin")
    await peer.join("new-one", "north")
    await peer.rename("north", "far-north")
    await peer.upload("ann", "far-north", "deals.csv", b"a,b\n", "here")
    await peer.open_home("ann")

    events = [attempt.body["event"] for attempt in peer.deliveries.attempts if not attempt.retry_num]
    assert [event["type"] for event in events] == [
        "user_change", "team_join", "member_joined_channel", "channel_rename", "file_shared", "message",
        "app_home_opened",
    ]  # fmt: skip
    assert (events[0]["user"]["deleted"], "tz" in events[0]["user"]) == (True, False)
    assert events[3]["channel"]["name"] == "far-north"
    assert (events[5]["subtype"], events[5]["files"][0]["name"]) == ("file_share", "deals.csv")
    assert bot.events[0]["files"][0]["name"] == "deals.csv"


async def test_a_failed_event_comes_again_at_once_then_after_one_and_five_minutes(peer: SlackPeer, bot: Bot) -> None:
    bot.statuses = [500, 500, 500]

    await peer.say("ann", "north", "hello")
    await peer.world.eventually(lambda: len(peer.deliveries.attempts) == 2 and peer.deliveries.attempts[1].answer)
    peer.clock.advance(59)
    await asyncio.sleep(0.02)
    before = len(peer.deliveries.attempts)
    peer.clock.advance(1)
    await peer.world.eventually(lambda: len(peer.deliveries.attempts) == 3 and peer.deliveries.attempts[2].answer)
    peer.clock.advance(300)
    await peer.deliveries.settle()

    assert (before, len(bot.got)) == (2, 1)
    assert len({attempt.body["event_id"] for attempt in peer.deliveries.attempts}) == 1
    marks = [(each.get("X-Slack-Retry-Num"), each.get("X-Slack-Retry-Reason")) for each in bot.headers]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_after_the_third_retry_or_when_the_app_wants_none_an_event_is_lost(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.retries = (0, 0, 0)
    bot.statuses = [500] * 10

    await peer.say("ann", "north", "hello")
    await peer.deliveries.settle()
    given_up = [attempt.retry_num for attempt in peer.deliveries.attempts]
    bot.wants_no_retry = True
    await peer.say("ann", "north", "hello again")
    await peer.deliveries.settle()

    assert given_up == [0, 1, 2, 3]
    assert len(peer.deliveries.attempts) == 5


async def test_no_answer_in_time_is_a_timeout_and_comes_again(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.answer_within = 0.3
    given_up = asyncio.Event()

    async def wait() -> None:
        peer.deliveries.answer_within, bot.before = 30.0, None  # the first one alone is late
        await given_up.wait()

    bot.before = wait

    await peer.say("ann", "north", "hello")
    await peer.deliveries.settle()
    given_up.set()
    await peer.world.eventually(lambda: len(bot.got) == 2)

    assert [attempt.retry_reason for attempt in peer.deliveries.attempts] == ["", "http_timeout"]
    assert len(bot.got) == 2  # the late one was worked on all the same: both copies are real
    assert bot.got[0]["event_id"] == bot.got[1]["event_id"]


async def test_doubled_deliveries_share_their_event_id(peer: SlackPeer, bot: Bot) -> None:
    peer.faults.double_deliveries()

    await peer.say("ann", "north", "hello")
    await peer.deliveries.settle()
    await peer.deliveries.repeat(peer.deliveries.attempts[0])

    assert len(bot.got) == 3
    assert len({body["event_id"] for body in bot.got}) == 1


async def test_deliveries_are_late_lost_or_out_of_order_on_demand(peer: SlackPeer, bot: Bot) -> None:
    peer.faults.delay_deliveries(0.1)
    begun = time.monotonic()
    await peer.say("ann", "north", "late")
    waited = time.monotonic() - begun
    peer.faults.drop_deliveries()
    await peer.say("ann", "north", "lost")
    await peer.deliveries.settle()
    peer.faults.reorder_events(2)
    await peer.say("ann", "north", "first")
    await peer.say("ann", "north", "second")
    await peer.deliveries.settle()

    assert waited >= 0.1
    assert [event["text"] for event in bot.events] == ["late", "lost", "second", "first"]
    assert peer.deliveries.attempts[2].retry_num == 1


async def test_an_edit_that_calls_the_bot_is_told_as_a_mention(peer: SlackPeer, bot: Bot) -> None:
    said = await peer.say("ann", "north", "hello")
    await peer.edit("ann", said, f"{call(peer)} hello")

    assert [event["type"] for event in bot.events if "subtype" not in event] == ["message", "app_mention"]


async def test_people_do_not_touch_what_is_not_theirs(peer: SlackPeer, bot: Bot) -> None:
    said = await peer.say("ann", "north", "mine")

    with pytest.raises(PermissionError):
        await peer.say("sue", "north", "x")
    with pytest.raises(PermissionError):
        await peer.edit("ben", said, "x")
    with pytest.raises(PermissionError):
        await peer.unsay("ben", said)
    await peer.deactivate("ann")
    with pytest.raises(PermissionError):
        await peer.say("ann", "north", "x")
    assert [event["text"] for event in bot.events] == ["mine"]


async def test_typed_words_arrive_as_slack_writes_them(peer: SlackPeer, bot: Bot) -> None:
    said = await peer.say("ann", "north", "AT&T <!channel> @ben acme.com https://x.io/a?b=1&c a.b@acme.com @all")

    assert bot.events[0]["text"] == (
        f"AT&amp;T &lt;!channel&gt; <@{peer.user('ben').id}> <http://acme.com|acme.com> <https://x.io/a?b=1&amp;c> "
        "<mailto:a.b@acme.com|a.b@acme.com> @all"
    )
    words = bot.events[0]["blocks"][0]["elements"][0]["elements"]
    assert words[:2] == [{"type": "text", "text": "AT&T <!channel> "}, {"type": "user", "user_id": peer.user("ben").id}]
    assert said.text == "AT&T <!channel> @ben acme.com https://x.io/a?b=1&c a.b@acme.com @all"
    assert said.mentions == [peer.user("ben").id]


async def test_a_removed_app_hears_of_it_and_its_token_is_dead(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.retries = ()
    await peer.archive("north")
    with pytest.raises(SlackApiError, match="is_archived"):
        await bot.client.chat_postMessage(channel=peer.channel("north").id, text="x")

    await peer.uninstall()

    with pytest.raises(SlackApiError, match="account_inactive"):
        await bot.client.chat_postMessage(channel=peer.channel("joint").id, text="x")
    told = [attempt.body["event"]["type"] for attempt in peer.deliveries.attempts]
    assert told == ["channel_archive", "tokens_revoked", "app_uninstalled"]
