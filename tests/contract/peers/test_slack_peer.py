"""What the real slack_sdk sees of the peer's Web API: answers, refusals, rates and faults."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.peers.bolt import Body, client_of
from tests.peers.slack import LEAST_SCOPES, SlackPeer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def section(text: str) -> Body:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def buttons(count: int, label: str = "Go", value: str = "v") -> Body:
    """An actions block."""
    words = {"type": "plain_text", "text": label}
    made = [{"type": "button", "action_id": f"a{number}", "text": words, "value": value} for number in range(count)]
    return {"type": "actions", "elements": made}


async def refusal(call: object) -> str:
    """The error that a call is refused with."""
    with pytest.raises(SlackApiError) as refused:
        await call  # type: ignore[misc]
    return str(refused.value.response["error"])


async def test_a_post_is_seen_by_the_members_of_the_channel(peer: SlackPeer, slack: AsyncWebClient) -> None:
    channel = peer.channel("north")

    answer = await slack.chat_postMessage(channel=channel.id, text="Hello *all*")

    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["Hello *all*"]
    assert peer.seen_by("sue", "north") == []
    assert answer["message"]["bot_profile"]["name"] == "Regatta"
    assert answer["ts"] == peer.seen_by("ann", "north")[0].ts


async def test_message_times_are_unique_and_increase(peer: SlackPeer, slack: AsyncWebClient) -> None:
    peer.api.limits.on = False

    posts = [await slack.chat_postMessage(channel=peer.channel("north").id, text=str(n)) for n in range(20)]

    times = [str(post["ts"]) for post in posts]
    assert times == sorted(set(times))
    assert all(len(time.partition(".")[2]) == 6 for time in times)


async def test_an_ephemeral_is_seen_by_one_person_and_cannot_be_updated(peer: SlackPeer, slack: AsyncWebClient) -> None:
    channel = peer.channel("north").id

    answer = await slack.chat_postEphemeral(channel=channel, user=peer.user("ann").id, text="psst")

    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["psst"]
    assert peer.seen_by("ben", "north") == []
    assert await refusal(slack.chat_update(channel=channel, ts=answer["message_ts"], text="x")) == "message_not_found"
    history = await slack.conversations_history(channel=channel)
    assert history["messages"] == []


async def test_an_update_without_blocks_keeps_the_blocks(peer: SlackPeer, slack: AsyncWebClient) -> None:
    channel = peer.channel("north").id
    post = await slack.chat_postMessage(channel=channel, text="old", blocks=[section("Old face"), buttons(1)])

    await slack.chat_update(channel=channel, ts=post["ts"], text="new")
    kept = peer.seen_by("ann", "north")[0]
    await slack.chat_update(channel=channel, ts=post["ts"], text="new", blocks=[])

    assert (kept.text, kept.raw, kept.is_edited) == ("Old face", "new", True)
    assert peer.seen_by("ann", "north")[0].buttons == []


async def test_an_app_changes_and_deletes_only_its_own_messages(peer: SlackPeer, slack: AsyncWebClient) -> None:
    said = await peer.say("ann", "north", "mine")

    assert await refusal(slack.chat_update(channel=said.channel, ts=said.ts, text="x")) == "cant_update_message"
    assert await refusal(slack.chat_delete(channel=said.channel, ts=said.ts)) == "cant_delete_message"


async def test_a_reply_to_a_reply_stays_in_the_thread_of_the_root(peer: SlackPeer, slack: AsyncWebClient) -> None:
    root = await peer.say("ann", "north", "root")
    first = await slack.chat_postMessage(channel=root.channel, text="one", thread_ts=root.ts)
    await slack.chat_postMessage(channel=root.channel, text="two", thread_ts=first["ts"])

    thread = await slack.conversations_replies(channel=root.channel, ts=root.ts)

    assert [message["text"] for message in thread["messages"]] == ["root", "one", "two"]
    assert thread["messages"][0]["reply_count"] == 2
    assert thread["messages"][2]["parent_user_id"] == peer.user("ann").id


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([section("x")] * 51, "invalid_blocks"),
        ([section("x" * 3_001)], "invalid_blocks"),
        ([section("")], "invalid_blocks"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 11}], "invalid_blocks"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "f" * 2_001}]}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "h" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}], "invalid_blocks"),
        ([buttons(26)], "invalid_blocks"),
        ([buttons(1, label="b" * 76)], "invalid_blocks"),
        ([buttons(1, value="v" * 2_001)], "invalid_blocks"),
        ([{"type": "actions", "elements": [*buttons(1)["elements"], *buttons(1)["elements"]]}], "invalid_blocks"),
        ([section("x") | {"block_id": "same"}] * 2, "invalid_blocks"),
        ([{"type": "image", "alt_text": "nothing to show"}], "invalid_blocks"),
        ([{"type": "image", "alt_text": "unknown", "slack_file": {"id": "F0"}}], "invalid_blocks"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "c"}]] * 101}], "invalid_blocks"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "c"}] * 21]}], "invalid_blocks"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "c"}]]}] * 2, "invalid_attachments"),
        ([{"type": "sectoin"}], "invalid_blocks"),
        ([section("x" * 2_990)] * 5, "msg_blocks_too_long"),
    ],
)
async def test_blocks_beyond_a_limit_are_refused(
    peer: SlackPeer, slack: AsyncWebClient, blocks: list[Body], error: str
) -> None:
    call = slack.chat_postMessage(channel=peer.channel("north").id, text="t", blocks=blocks)

    assert await refusal(call) == error
    assert peer.seen_by("ann", "north") == []


async def test_blocks_at_their_limits_are_taken(peer: SlackPeer, slack: AsyncWebClient) -> None:
    fields = {"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 10}
    cells = [*[{"type": "raw_text", "text": "c"}] * 19, {"type": "raw_number", "value": 1, "text": "1"}]
    table = {"type": "table", "rows": [cells]}
    blocks = [section("x" * 3_000), fields, table, buttons(25, "b" * 75), *([{"type": "divider"}] * 46)]

    await slack.chat_postMessage(channel=peer.channel("north").id, text="t", blocks=blocks)

    assert len(peer.seen_by("ann", "north")[0].buttons) == 25


async def test_a_name_that_is_a_mention_is_told_apart_from_an_escaped_one(
    peer: SlackPeer, slack: AsyncWebClient
) -> None:
    channel = peer.channel("north").id

    await slack.chat_postMessage(channel=channel, text="<!channel> &amp; co")
    await slack.chat_postMessage(channel=channel, text="t", blocks=[section("&lt;!channel&gt; &amp; co")])
    await slack.chat_postMessage(channel=channel, text="t", blocks=[section("<!here> look")])

    loud, quiet, block = peer.seen_by("ann", "north")
    assert (loud.text, loud.mentions) == ("@channel & co", ["!channel"])
    assert (quiet.text, quiet.mentions) == ("<!channel> & co", [])
    assert (block.text, block.mentions) == ("@here look", ["!here"])


async def test_refusals_have_the_documented_names(peer: SlackPeer, slack: AsyncWebClient) -> None:
    outside = peer.world.add_channel("outside", [peer.user("ann")], with_bot=False)
    hidden = peer.world.add_channel("hidden", [peer.user("ann")], with_bot=False, is_private=True)
    here = peer.channel("north").id

    assert await refusal(slack.chat_postMessage(channel="C0", text="t")) == "channel_not_found"
    assert await refusal(slack.chat_postMessage(channel=hidden.id, text="t")) == "channel_not_found"
    assert await refusal(slack.chat_postMessage(channel=outside.id, text="t")) == "not_in_channel"
    assert await refusal(slack.api_call("chat.postMessage", json={"channel": here})) == "no_text"
    assert await refusal(slack.chat_postMessage(channel=here, text="t" * 40_001)) == "msg_too_long"
    assert await refusal(slack.chat_update(channel=here, ts="1.0", text="t")) == "message_not_found"
    assert await refusal(slack.users_info(user="U0")) == "user_not_found"
    assert await refusal(slack.users_lookupByEmail(email="no@example.com")) == "users_not_found"
    assert await refusal(slack.users_list(cursor="nonsense")) == "invalid_cursor"
    foreign = str((await slack.conversations_members(channel=here, limit=1))["response_metadata"]["next_cursor"])
    assert await refusal(slack.conversations_history(channel=here, cursor=foreign)) == "invalid_cursor"
    assert await refusal(slack.api_call("chat.shout")) == "unknown_method"


async def test_a_wrong_token_or_none_is_refused(peer: SlackPeer) -> None:
    async with client_of(peer, "xoxb-wrong") as wrong, aiohttp.ClientSession() as session:
        assert await refusal(wrong.auth_test()) == "invalid_auth"
        assert await refusal(AsyncWebClient(base_url=peer.api_url, session=session).auth_test()) == "not_authed"


async def test_a_missing_scope_says_what_is_needed_and_what_was_granted(peer: SlackPeer, slack: AsyncWebClient) -> None:
    peer.world.app.scopes = {"commands"}

    with pytest.raises(SlackApiError) as refused:
        await slack.users_info(user=peer.user("ann").id)

    assert refused.value.response.data == {
        "ok": False, "error": "missing_scope", "needed": "users:read", "provided": "commands",
    }  # fmt: skip


async def test_the_least_scopes_let_no_direct_message_through(peer: SlackPeer) -> None:
    peer.world.app.scopes = set(LEAST_SCOPES)

    await peer.say("ann", peer.direct("ann"), "hello")
    await peer.say("ann", "north", f"<@{peer.world.app.user_id}> hello")

    assert {attempt.body["event"]["type"] for attempt in peer.deliveries.attempts} == {"app_mention"}


async def test_people_carry_their_zone_language_and_standing(peer: SlackPeer, slack: AsyncWebClient) -> None:
    ben = await slack.users_info(user=peer.user("ben").id, include_locale=True)
    gus = await slack.users_info(user=peer.user("gus").id)
    sue = await slack.users_info(user=peer.user("sue").id)

    assert (ben["user"]["tz"], ben["user"]["tz_offset"], ben["user"]["locale"]) == ("Asia/Shanghai", 28_800, "zh-CN")
    assert (gus["user"]["is_restricted"], gus["user"]["team_id"]) == (True, peer.world.team.id)
    assert "locale" not in gus["user"]
    assert (sue["user"]["team_id"] == peer.world.team.id, sue["user"]["is_stranger"]) == (False, False)


@pytest.mark.usefixtures("peer")
async def test_users_list_comes_in_pages_without_strangers(slack: AsyncWebClient) -> None:
    names = []
    async for part in await slack.users_list(limit=2):
        assert len(part["members"]) <= 2
        names += [member["name"] for member in part["members"]]

    assert names == ["regatta", "ann", "ben", "gus"]


async def test_a_fast_channel_gets_429_and_another_does_not(peer: SlackPeer, slack: AsyncWebClient) -> None:
    north, joint = peer.channel("north").id, peer.channel("joint").id
    for number in range(4):
        await slack.chat_postMessage(channel=north, text=str(number))
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel=north, text="one too many")
    posted = len(peer.seen_by("ann", "north"))
    await slack.chat_postMessage(channel=joint, text="elsewhere")
    peer.clock.advance(float(refused.value.response.headers["Retry-After"]))
    await slack.chat_postMessage(channel=north, text="later")

    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "1"
    assert posted == 4


async def test_a_picture_goes_up_in_three_steps(peer: SlackPeer, slack: AsyncWebClient) -> None:
    channel = peer.channel("north").id

    answer = await slack.files_upload_v2(channel=channel, filename="board.png", file=PNG, initial_comment="The board")
    alone = await slack.files_upload_v2(filename="card.png", file=PNG)
    picture = {"type": "image", "alt_text": "card", "slack_file": {"id": alone["file"]["id"]}}
    await slack.chat_postMessage(channel=channel, text="t", blocks=[picture])

    board, card = peer.seen_by("ann", "north")
    assert (board.text, board.files, board.images) == ("The board", ["board.png"], [PNG])
    assert (card.text, card.images) == ("card", [PNG])
    assert answer["file"]["mimetype"] == "image/png"


async def test_an_uploaded_file_is_read_with_the_bots_token_only(peer: SlackPeer, slack: AsyncWebClient) -> None:
    await peer.upload("ann", "north", "deals.csv", b"a,b\n")
    history = await slack.conversations_history(channel=peer.channel("north").id)
    ident = peer.deliveries.attempts[0].body["event"]["file_id"]
    url = (await slack.files_info(file=ident))["file"]["url_private"]

    assert url == history["messages"][0]["files"][0]["url_private"]
    assert await refusal(slack.files_info(file="F0")) == "file_not_found"

    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {peer.world.app.bot_token}"}) as answer:
            assert await answer.read() == b"a,b\n"
        async with session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_an_answer_cut_off_leaves_the_message_posted(peer: SlackPeer) -> None:
    peer.faults.cut_answer("chat.postMessage")

    async with client_of(peer) as slack:
        slack.retry_handlers.clear()
        with pytest.raises(aiohttp.ClientError):
            await slack.chat_postMessage(channel=peer.channel("north").id, text="once")

    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["once"]


async def test_half_an_answer_leaves_the_message_posted_too(peer: SlackPeer) -> None:
    peer.faults.halve_answer("chat.postMessage")

    async with client_of(peer) as slack:
        slack.retry_handlers.clear()
        with pytest.raises(aiohttp.ClientError):
            await slack.chat_postMessage(channel=peer.channel("north").id, text="once")

    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["once"]


async def test_the_sdks_own_retry_doubles_a_post_whose_answer_was_cut(peer: SlackPeer, slack: AsyncWebClient) -> None:
    peer.faults.cut_answer("chat.postMessage")

    await slack.chat_postMessage(channel=peer.channel("north").id, text="twice")

    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["twice", "twice"]


async def test_faults_of_the_api_come_when_they_are_asked_for(peer: SlackPeer, slack: AsyncWebClient) -> None:
    channel = peer.channel("north").id
    peer.faults.fail_api("chat.postMessage", 503)
    with pytest.raises(SlackApiError) as failed:
        await slack.chat_postMessage(channel=channel, text="lost")
    peer.faults.limit_api("chat.postMessage", retry_after=30)
    with pytest.raises(SlackApiError) as limited:
        await slack.chat_postMessage(channel=channel, text="later")
    peer.faults.limit_channel(channel, peer.clock.now() + 10)

    assert await refusal(slack.chat_postMessage(channel=channel, text="t")) == "ratelimited"
    assert failed.value.response.status_code == 503
    assert limited.value.response.headers["Retry-After"] == "30"
    assert peer.seen_by("ann", "north") == []


async def test_a_direct_chat_is_opened_once_and_found_by_the_persons_id(peer: SlackPeer, slack: AsyncWebClient) -> None:
    ann = peer.user("ann").id

    opened = await slack.conversations_open(users=ann)
    again = await slack.conversations_open(users=ann)
    post = await slack.chat_postMessage(channel=ann, text="hi")

    assert opened["channel"]["id"].startswith("D")
    assert again["already_open"]
    assert post["channel"] == opened["channel"]["id"]
    assert [seen.text for seen in peer.seen_by("ann", peer.direct("ann"))] == ["hi"]


async def test_channels_members_and_history_are_read_in_pages(peer: SlackPeer, slack: AsyncWebClient) -> None:
    north = peer.channel("north").id
    peer.world.add_channel("secret", [peer.user("ann")], is_private=True)
    said = [await peer.say("ann", "north", str(number)) for number in range(5)]

    public = await slack.conversations_list(types="public_channel")
    private = await slack.conversations_list(types="private_channel")
    members = [
        name async for part in await slack.conversations_members(channel=north, limit=3) for name in part["members"]
    ]
    newest = await slack.conversations_history(channel=north, limit=2)
    next_page = await slack.conversations_history(
        channel=north, limit=2, cursor=newest["response_metadata"]["next_cursor"]
    )
    after = await slack.conversations_history(channel=north, oldest=said[2].ts)

    assert [channel["name"] for channel in public["channels"]] == ["north", "joint"]
    assert [(channel["name"], channel["is_private"]) for channel in private["channels"]] == [("secret", True)]
    assert members == peer.channel("north").members
    assert [message["text"] for message in [*newest["messages"], *next_page["messages"]]] == ["4", "3", "2", "1"]
    assert (newest["has_more"], [message["text"] for message in after["messages"]]) == (True, ["4", "3"])


async def test_small_methods_answer_as_documented(peer: SlackPeer, slack: AsyncWebClient) -> None:
    said = await peer.say("ann", "joint", "hello")
    whose = await slack.auth_test()
    joint = await slack.conversations_info(channel=said.channel, include_num_members=True)
    link = await slack.chat_getPermalink(channel=said.channel, message_ts=said.ts)
    await slack.reactions_add(channel=said.channel, timestamp=said.ts, name="eyes")
    found = await slack.users_lookupByEmail(email="ann@example.com")
    team = await slack.team_info()

    assert (whose["user_id"], whose["bot_id"], whose["team_id"]) == (
        peer.world.app.user_id, peer.world.app.bot_id, team["team"]["id"],
    )  # fmt: skip
    assert (joint["channel"]["is_ext_shared"], joint["channel"]["num_members"]) == (True, 3)
    assert link["permalink"].endswith(f"/archives/{said.channel}/p{said.ts.replace('.', '')}")
    assert await refusal(slack.reactions_add(channel=said.channel, timestamp=said.ts, name="eyes")) == "already_reacted"
    assert found["user"]["id"] == peer.user("ann").id
    assert (await slack.api_test(foo="bar"))["args"] == {"foo": "bar"}


async def test_the_page_shows_a_channel_and_speaks_for_a_person(peer: SlackPeer) -> None:
    async with aiohttp.ClientSession() as session:
        page = await session.get(peer.base)
        where = {"user": peer.user("ann").id, "channel": peer.channel("north").id}
        said = await session.post(peer.base + "peer/act", json=where | {"do": "say", "text": "hello"})
        command = await session.post(peer.base + "peer/act", json=where | {"do": "say", "text": "/deal"})
        state = await (await session.get(peer.base + "peer/state", params=where)).json()

        assert "<title>Slack stand-in</title>" in await page.text()
        assert (await said.json(), await command.json()) == ({"error": None}, {"error": "dispatch_failed"})
    texts = [message["text"] for message in state["messages"]]
    assert texts == ["hello", '/deal failed with the error "dispatch_failed"']
    assert [channel["name"] for channel in state["channels"]] == ["#north", "#joint", "Regatta"]
