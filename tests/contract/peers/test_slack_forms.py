"""What a real bolt app and a person do with each other: commands, buttons, forms, shortcuts, response_url."""

import asyncio
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.contract.peers.bolt import Body, Bot
from tests.peers.slack import SlackPeer

WORDS = {"type": "plain_text", "text": "Words"}


def field(block: str, label: str, element: Body, **more: object) -> Body:
    """A question of a form."""
    words = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": block, "label": words, "element": element | {"action_id": "answer"}} | more


def modal(*blocks: Body, title: str = "New deal", **more: object) -> Body:
    """A form."""
    return {
        "type": "modal", "callback_id": "deal", "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"}, "blocks": list(blocks),
    } | more  # fmt: skip


ACCOUNT = field("account", "Account", {"type": "plain_text_input"})
STAGE = field(
    "stage",
    "Stage",
    {
        "type": "static_select",
        "options": [
            {"text": {"type": "plain_text", "text": "Won"}, "value": "won"},
            {"text": {"type": "plain_text", "text": "Lost"}, "value": "lost"},
        ],
    },
    optional=True,
)
APPROVE = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Approve"}, "value": "A-1"},
    ],
}


def opens(bot: Bot, view: Body) -> list[Body]:
    """Make /deal open a form; returns what the app got."""
    got: list[Body] = []

    @bot.app.command("/deal")
    async def on_command(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        got.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return got


def answers(bot: Bot, *said: dict[str, Any]) -> list[Body]:
    """Answer submissions with `said`, one after the other; returns what the app got."""
    got: list[Body] = []
    left = list(said)

    @bot.app.view("deal")
    async def on_view(ack: AsyncAck, body: Body) -> None:
        got.append(body)
        await ack(**left.pop(0))

    return got


async def test_a_command_is_answered_for_the_typist_only(peer: SlackPeer, bot: Bot) -> None:
    got: list[Body] = []

    @bot.app.command("/deal")
    async def on_command(ack: AsyncAck, body: Body) -> None:
        got.append(body)
        await ack("Booked.")

    answer = await peer.slash("ann", "north", "/deal Acme 120k")

    assert answer.ok
    assert (got[0]["command"], got[0]["text"], got[0]["channel_name"]) == ("/deal", "Acme 120k", "north")
    assert [(seen.text, seen.is_ephemeral) for seen in peer.seen_by("ann", "north")] == [("Booked.", True)]
    assert peer.seen_by("ben", "north") == []


async def test_a_command_in_a_thread_is_refused_by_slack(peer: SlackPeer, bot: Bot) -> None:
    got = opens(bot, modal(ACCOUNT))
    root = await peer.say("ann", "north", "root")

    await peer.slash("ann", "north", "/deal Acme 120k", thread_ts=root.ts)

    assert got == []
    assert peer.seen_by("ann", "north", root.ts)[-1].text == "/deal is not supported in threads. Sorry!"


async def test_a_command_that_is_not_answered_shows_the_error_and_does_not_come_again(
    peer: SlackPeer, bot: Bot
) -> None:
    peer.deliveries.answer_within, given_up = 0.3, asyncio.Event()

    async def wait() -> None:
        peer.deliveries.answer_within = 30.0
        await given_up.wait()

    bot.before = wait
    late = await peer.slash("ann", "north", "/deal")
    given_up.set()
    bot.before, bot.statuses = None, [500]
    broken = await peer.slash("ann", "north", "/deal")
    await peer.deliveries.settle()

    assert (late.error, broken.error) == ("operation_timeout", "dispatch_failed")
    assert [seen.text for seen in peer.seen_by("ann", "north")] == [
        '/deal failed with the error "operation_timeout"',
        '/deal failed with the error "dispatch_failed"',
    ]
    assert len(peer.deliveries.attempts) == 2


async def test_a_stranger_has_no_commands_but_presses_buttons(peer: SlackPeer, bot: Bot) -> None:
    pressed: list[Body] = []

    @bot.app.action("approve")
    async def on_press(ack: AsyncAck, body: Body) -> None:
        pressed.append(body)
        await ack()

    await bot.client.chat_postMessage(channel=peer.channel("joint").id, text="t", blocks=[APPROVE])

    command = await peer.slash("sue", "joint", "/deal Acme")
    await peer.press("sue", peer.seen_by("sue", "joint")[0], "Approve")

    assert command.error == "not_a_command"
    assert pressed[0]["user"]["team_id"] == peer.user("sue").team_id != peer.world.team.id
    assert pressed[0]["team"]["id"] == peer.user("sue").team_id


async def test_a_press_carries_the_message_and_answers_through_the_response_url(peer: SlackPeer, bot: Bot) -> None:
    got: list[Body] = []

    @bot.app.action("approve")
    async def on_press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        got.append(body)
        await ack()
        await respond("Only for you")
        await respond("Approved", replace_original=True)
        await respond("For all", response_type="in_channel")

    await bot.client.chat_postMessage(channel=peer.channel("north").id, text="Card", blocks=[APPROVE])
    card = peer.seen_by("ann", "north")[0]

    answer = await peer.press("ann", card, "Approve")

    assert answer.ok
    assert (got[0]["actions"][0]["value"], got[0]["message"]["ts"]) == ("A-1", card.ts)
    assert got[0]["container"] == {
        "type": "message", "message_ts": card.ts, "channel_id": card.channel, "is_ephemeral": False,
    }  # fmt: skip
    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["Approved", "Only for you", "For all"]
    assert [seen.text for seen in peer.seen_by("ben", "north")] == ["Approved", "For all"]


async def test_a_press_uses_the_present_face_of_the_message(peer: SlackPeer, bot: Bot) -> None:
    post = await bot.client.chat_postMessage(channel=peer.channel("north").id, text="Card", blocks=[APPROVE])
    old = peer.seen_by("ann", "north")[0]
    await bot.client.chat_update(channel=old.channel, ts=post["ts"], text="Card", blocks=[])

    with pytest.raises(LookupError):
        await peer.press("ann", old, "Approve")


async def test_an_ephemeral_press_has_no_message_and_can_be_deleted(peer: SlackPeer, bot: Bot) -> None:
    got: list[Body] = []

    @bot.app.action("approve")
    async def on_press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        got.append(body)
        await ack()
        await respond(delete_original=True)

    await bot.client.chat_postEphemeral(
        channel=peer.channel("north").id, user=peer.user("ann").id, text="t", blocks=[APPROVE]
    )
    await peer.press("ann", peer.seen_by("ann", "north")[0], "approve")

    assert ("message" in got[0], got[0]["container"]["is_ephemeral"]) == (False, True)
    assert peer.seen_by("ann", "north") == []


async def test_a_response_url_serves_five_times_in_thirty_minutes(peer: SlackPeer, bot: Bot) -> None:
    urls: list[str] = []

    @bot.app.command("/deal")
    async def on_command(ack: AsyncAck, body: Body) -> None:
        urls.append(body["response_url"])
        await ack()

    await peer.slash("ann", "north", "/deal")
    await peer.slash("ann", "north", "/deal")
    first, second = (AsyncWebhookClient(url) for url in urls)

    used = [await first.send(text=str(number)) for number in range(6)]
    peer.clock.advance(30 * 60 + 1)
    expired = await second.send(text="late")

    assert [(answer.status_code, answer.body) for answer in used[:5]] == [(200, "ok")] * 5
    assert (used[5].status_code, "used_url" in used[5].body) == (404, True)
    assert (expired.status_code, "expired_url" in expired.body) == (404, True)
    assert [seen.text for seen in peer.seen_by("ann", "north")] == ["0", "1", "2", "3", "4"]


async def test_a_form_is_filled_refused_and_closed(peer: SlackPeer, bot: Bot) -> None:
    opens(bot, modal(ACCOUNT, STAGE, private_metadata="secret"))
    got = answers(bot, {"response_action": "errors", "errors": {"account": "Who is that?"}}, {})

    await peer.slash("ann", "north", "/deal")
    [form] = peer.modals("ann")
    empty = await peer.submit("ann", form)
    await peer.submit("ann", form, {"Account": "Acmee", "Stage": "Won"})
    [refused] = peer.modals("ann")
    await peer.submit("ann", form, {"account": "Acme"})

    assert [(question.label, question.optional) for question in form.fields] == [("Account", False), ("Stage", True)]
    assert (empty.error, len(got)) == ("client", 2)
    assert refused.errors == {"account": "Who is that?"}
    values = got[1]["view"]["state"]["values"]
    assert values["account"] == {"answer": {"type": "plain_text_input", "value": "Acme"}}
    assert values["stage"]["answer"]["selected_option"]["value"] == "won"
    assert (got[1]["view"]["private_metadata"], got[1]["view"]["callback_id"]) == ("secret", "deal")
    assert peer.modals("ann") == []


async def test_forms_are_updated_pushed_and_cleared(peer: SlackPeer, bot: Bot) -> None:
    opens(bot, modal(ACCOUNT))
    second, third = modal(ACCOUNT, title="Second"), modal(ACCOUNT, title="Third")
    answers(
        bot, {"response_action": "update", "view": second}, {"response_action": "push", "view": third},
        {"response_action": "clear"},
    )  # fmt: skip
    await peer.slash("ann", "north", "/deal")

    titles = []
    for _ in range(3):
        await peer.submit("ann", None, {"Account": "Acme"})
        titles.append([view.title for view in peer.modals("ann")])

    assert titles == [["Second"], ["Second", "Third"], []]


async def test_an_answer_that_slack_does_not_understand_shows_trouble(peer: SlackPeer, bot: Bot) -> None:
    opens(bot, modal(ACCOUNT))
    answers(bot, {"response_action": "errors", "errors": {"nowhere": "x"}})
    await peer.slash("ann", "north", "/deal")

    answer = await peer.submit("ann", None, {"Account": "Acme"})

    assert answer.error == "invalid_response"
    assert peer.modals("ann")[0].notice == "We had some trouble connecting. Try again?"


async def test_a_trigger_opens_one_form_within_three_seconds(peer: SlackPeer, bot: Bot) -> None:
    triggers: list[str] = []

    @bot.app.command("/deal")
    async def on_command(ack: AsyncAck, body: Body) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async def refused(trigger: str, view: Body) -> str:
        with pytest.raises(SlackApiError) as error:
            await bot.client.views_open(trigger_id=trigger, view=view)
        return str(error.value.response["error"])

    await peer.slash("ann", "north", "/deal")
    await peer.slash("ann", "north", "/deal")
    await bot.client.views_open(trigger_id=triggers[0], view=modal(ACCOUNT))

    assert await refused("1.2.3", modal(ACCOUNT)) == "invalid_trigger_id"
    assert await refused(triggers[0], modal(ACCOUNT)) == "exchanged_trigger_id"
    assert await refused(triggers[1], modal(ACCOUNT, title="t" * 25)) == "invalid_arguments"
    assert await refused(triggers[1], modal(*[{"type": "divider"}] * 101)) == "invalid_arguments"
    peer.clock.advance(3.1)
    assert await refused(triggers[1], modal(ACCOUNT)) == "expired_trigger_id"


async def test_views_are_updated_by_hash_and_gone_when_closed(peer: SlackPeer, bot: Bot) -> None:
    opens(bot, modal(ACCOUNT, notify_on_close=True))
    closed: list[Body] = []

    @bot.app.view_closed("deal")
    async def on_close(ack: AsyncAck, body: Body) -> None:
        closed.append(body)
        await ack()

    await peer.slash("ann", "north", "/deal")
    [form] = peer.modals("ann")
    changed = await bot.client.views_update(view_id=form.id, view=modal(ACCOUNT, title="Changed", notify_on_close=True))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bot.client.views_update(view_id=form.id, hash="old", view=modal(ACCOUNT))
    await peer.dismiss("ann")
    with pytest.raises(SlackApiError, match="not_found"):
        await bot.client.views_update(view_id=form.id, view=modal(ACCOUNT))

    assert changed["view"]["title"]["text"] == "Changed"
    assert (len(closed), closed[0]["is_cleared"]) == (1, False)


async def test_shortcuts_work_in_threads_and_bring_the_message(peer: SlackPeer, bot: Bot) -> None:
    got: list[Body] = []

    @bot.app.shortcut("answer")
    async def on_shortcut(ack: AsyncAck, body: Body) -> None:
        got.append(body)
        await ack()

    root = await peer.say("ann", "north", "root")
    reply = await peer.say("ben", "north", "reply", thread_ts=root.ts)
    await peer.shortcut("ann", reply, "answer")
    await peer.shortcut("ann", None, "answer")

    assert [body["type"] for body in got] == ["message_action", "shortcut"]
    assert (got[0]["message"]["text"], got[0]["message"]["thread_ts"]) == ("reply", root.ts)
    assert "channel" not in got[1]


async def test_the_home_tab_is_each_persons_own(peer: SlackPeer, bot: Bot) -> None:
    @bot.app.event("app_home_opened")
    async def on_home(event: Body, client: AsyncWebClient) -> None:
        text = {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}
        view = {"type": "home", "blocks": [{"type": "section", "text": text}, APPROVE]}
        await client.views_publish(user_id=event["user"], view=view)

    @bot.app.action("approve")
    async def on_press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(ACCOUNT, title=body["container"]["type"]))

    home = await peer.open_home("ann")
    again = await peer.open_home("ann")
    assert home
    assert again
    await peer.press_in_view("ann", home, "Approve")

    assert (home.text, again.id) == ("Hello @ann", home.id)
    assert peer.home("ben") is None
    assert [view.title for view in peer.modals("ann")] == ["view"]


async def test_a_button_in_a_form_pushes_another_and_a_fourth_is_too_many(peer: SlackPeer, bot: Bot) -> None:
    refused: list[str] = []
    more = {"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": WORDS}]}
    opens(bot, modal(ACCOUNT, more))

    @bot.app.action("more")
    async def on_press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(ACCOUNT, more))
        except SlackApiError as error:
            refused.append(error.response["error"])

    await peer.slash("ann", "north", "/deal")
    for _ in range(3):
        await peer.press_in_view("ann", peer.modals("ann")[-1], "more")

    assert len(peer.modals("ann")) == 3
    assert refused == ["push_limit_reached"]


async def test_an_external_menu_offers_what_the_app_finds(peer: SlackPeer, bot: Bot) -> None:
    opens(bot, modal(field("account", "Account", {"type": "external_select", "min_query_length": 1})))
    got = answers(bot, {})

    @bot.app.options("answer")
    async def on_typing(ack: AsyncAck, body: Body) -> None:
        words = {"type": "plain_text", "text": body["value"].title()}
        await ack(options=[{"text": words, "value": "A-1"}])

    await peer.slash("ann", "north", "/deal")
    offered = await peer.options("ann", peer.modals("ann")[0], "Account", "acme")
    await peer.submit("ann", None, {"Account": "Acme"})

    assert offered == ["Acme"]
    assert got[0]["view"]["state"]["values"]["account"]["answer"]["selected_option"]["value"] == "A-1"


async def test_each_kind_of_field_has_its_own_slot(peer: SlackPeer, bot: Bot) -> None:
    choice = {"text": WORDS, "value": "w"}
    kinds: dict[str, tuple[Body, object, object]] = {
        "selected_date": ({"type": "datepicker"}, "2026-11-30", "2026-11-30"),
        "selected_time": ({"type": "timepicker", "initial_time": "09:00"}, None, None),
        "selected_user": ({"type": "users_select"}, "U1", "U1"),
        "selected_options": ({"type": "checkboxes", "options": [choice]}, ["Words"], [choice]),
        "value": ({"type": "number_input", "is_decimal_allowed": True}, 12.5, "12.5"),
    }
    opens(bot, modal(*(field(name, name, element, optional=True) for name, (element, _, _) in kinds.items())))
    got = answers(bot, {})

    await peer.slash("ann", "north", "/deal")
    await peer.submit("ann", None, {name: given for name, (_, given, _) in kinds.items() if given is not None})

    values = got[0]["view"]["state"]["values"]
    assert values["selected_time"]["answer"]["selected_time"] == "09:00"
    for name in ("selected_date", "selected_user", "selected_options", "value"):
        assert values[name]["answer"][name] == kinds[name][2]


async def test_a_command_is_escaped_and_nothing_else(peer: SlackPeer, bot: Bot) -> None:
    got = opens(bot, modal(ACCOUNT))

    await peer.slash("ann", "north", "/deal AT&T @ben acme.com")

    assert got[0]["text"] == "AT&amp;T @ben acme.com"
