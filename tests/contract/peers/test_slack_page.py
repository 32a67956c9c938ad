"""The page on which a developer is anybody in Slack, and what stands behind it."""

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.peers.bolt import Body, Bot
from tests.contract.peers.test_slack_forms import STAGE, answers, field, modal, opens
from tests.peers.slack import SlackPeer


async def state_of(peer: SlackPeer, who: str = "ann", where: str = "north") -> Body:
    """What the page is drawn from."""
    asked = {"user": peer.user(who).id, "channel": peer.channel(where).id}
    async with aiohttp.ClientSession() as session, session.get(peer.base + "peer/state", params=asked) as answer:
        found: Body = await answer.json()
        return found


async def act(peer: SlackPeer, **what: object) -> str | None:
    """Do something as Ann in a channel."""
    said = {"user": peer.user("ann").id, "channel": peer.channel("north").id} | what
    async with aiohttp.ClientSession() as session, session.post(peer.base + "peer/act", json=said) as answer:
        error: str | None = (await answer.json())["error"]
        return error


async def test_mentions_in_rich_text_are_shown_by_name_and_counted(peer: SlackPeer, slack: AsyncWebClient) -> None:
    north, ben = peer.channel("north").id, peer.user("ben").id
    pieces = [
        {"type": "user", "user_id": ben}, {"type": "text", "text": " decides in "},
        {"type": "channel", "channel_id": north}, {"type": "text", "text": " at "},
        {"type": "link", "url": "https://acme.com"}, {"type": "text", "text": ", "},
        {"type": "broadcast", "range": "here"},
    ]  # fmt: skip
    section = {"type": "rich_text_section", "elements": pieces}

    await slack.chat_postMessage(channel=north, text="t", blocks=[{"type": "rich_text", "elements": [section]}])

    (shown,) = (await state_of(peer))["messages"]
    assert shown["text"] == "@ben decides in #north at https://acme.com, @here"
    assert shown["mentions"] == [ben, "!here"]


async def test_a_form_shows_what_the_app_filled_in_and_its_hints(peer: SlackPeer, bot: Bot) -> None:
    won = STAGE["element"]["options"][0]
    known = field("account", "Account", {"type": "plain_text_input", "initial_value": "Acme"})
    day = field("day", "Day", {"type": "datepicker", "initial_date": "2026-11-30"})
    hint = {"type": "plain_text", "text": "Which stage?"}
    opens(bot, modal(known, day, STAGE | {"element": STAGE["element"] | {"initial_option": won}, "hint": hint}))
    got = answers(bot, {})
    await act(peer, do="say", text="/deal")

    (form,) = (await state_of(peer))["modals"]
    await act(peer, do="submit", values={"account": "Acme AG"})

    account, when, stage = form["fields"]
    assert (account["value"]["value"], when["value"]["selected_date"]) == ("Acme", "2026-11-30")
    assert (stage["value"]["selected_option"], stage["hint"]) == (won, "Which stage?")
    values = got[0]["view"]["state"]["values"]
    assert values["account"]["answer"]["value"] == "Acme AG"
    assert values["stage"]["answer"]["selected_option"] == won


async def test_a_file_is_dropped_into_a_channel_and_can_be_fetched_again(peer: SlackPeer, bot: Bot) -> None:
    @bot.app.event("file_shared")
    async def on_file(ack: AsyncAck) -> None:
        await ack()

    where = {"user": peer.user("ann").id, "channel": peer.channel("north").id}
    form = aiohttp.FormData({"do": "upload"} | where, quote_fields=False)
    form.add_field("text", "our deals")
    form.add_field("file", b"account,amount\n", filename="deals 1.csv")
    async with aiohttp.ClientSession() as session:
        dropped = await (await session.post(peer.base + "peer/act", data=form)).json()
        empty = aiohttp.FormData({"do": "upload", "user": "x", "channel": "x"}, default_to_multipart=True)
        missing = await (await session.post(peer.base + "peer/act", data=empty)).json()
        (shown,) = (await state_of(peer))["messages"]
        fetched = await (await session.get(peer.base.rstrip("/") + shown["links"][0])).read()

    assert (dropped["error"], shown["text"], shown["files"]) == (None, "our deals", ["deals 1.csv"])
    assert fetched == b"account,amount\n"
    assert bot.events[0]["files"][0]["name"] == "deals 1.csv"
    assert missing["error"] == "Choose a file: a form brings one as `file`."


async def test_what_to_do_is_said_where_no_bot_answers_or_one_with_other_settings(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.retries = ()
    bot.statuses.append(404)
    stranger = await act(peer, do="say", text="hello")
    peer.request_url = "http://127.0.0.1:9/slack/events"

    said, command = await act(peer, do="say", text="hello"), await act(peer, do="say", text="/deal")

    assert stranger is not None
    assert "does not know this Slack (HTTP 404): put the lines" in stranger
    assert said == command
    assert said == (
        "No bot answers at http://127.0.0.1:9/slack/events: start it there, or name its address: ./dev peers --bot URL."
    )
