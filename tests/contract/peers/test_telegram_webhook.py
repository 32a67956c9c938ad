"""What the bot's webhook gets: the secret, order, redelivery with growing pauses, and answers that act."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, RetryAfter

from tests.contract.peers.ptb import SECRET, Webhook
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.reading import Seen


async def say(peer: TelegramPeer, text: str) -> Seen:
    """Ann types into her chat with the bot."""
    return await peer.say("Ann", peer.direct("Ann"), text)


async def test_updates_carry_the_secret(telegram: TelegramPeer, webhook: Webhook) -> None:
    await say(telegram, "hello")

    assert (webhook.texts, webhook.secrets) == (["hello"], [SECRET])
    assert [(each.way, each.status) for each in telegram.deliveries.attempts] == [("webhook", 200)]
    await telegram.deliveries.settle()
    assert telegram.updates.pending() == []


async def test_without_a_secret_there_is_no_header(telegram: TelegramPeer, webhook: Webhook, ptb: Bot) -> None:
    telegram.clock.advance(1)
    await ptb.set_webhook(webhook.url)

    await say(telegram, "hello")

    assert webhook.secrets == [None]


async def test_a_failed_update_comes_again_after_one_two_four_seconds(telegram: TelegramPeer, webhook: Webhook) -> None:
    webhook.statuses = [500, 503, 403]
    await say(telegram, "hello")
    pauses = []
    for _ in range(3):
        pause, before = 0.0, len(telegram.deliveries.attempts)
        while len(telegram.deliveries.attempts) == before:
            telegram.clock.advance(0.5)
            pause += 0.5
            await asyncio.sleep(0.01)
        pauses.append(pause)
    await telegram.deliveries.settle()

    assert pauses == pytest.approx([1, 2, 4], abs=0.5)
    assert webhook.texts == ["hello"]
    assert len({each.update.id for each in telegram.deliveries.attempts}) == 1
    assert [each.number for each in telegram.deliveries.attempts] == [0, 1, 2, 3]


async def test_pauses_grow_to_a_minute_and_after_a_day_the_update_is_lost(
    telegram: TelegramPeer, webhook: Webhook
) -> None:
    webhook.statuses = [500] * 5_000
    await say(telegram, "hello")
    for _ in range(12):
        before = len(telegram.deliveries.attempts)
        telegram.clock.advance(60)
        await telegram.world.eventually(lambda before=before: len(telegram.deliveries.attempts) > before)  # type: ignore[misc]
        await asyncio.sleep(0.01)
    telegram.clock.advance(24 * 3600)
    await telegram.deliveries.settle()

    assert len(telegram.deliveries.attempts) == 13
    assert (webhook.got, telegram.updates.pending()) == ([], [])


async def test_retry_after_is_honoured(telegram: TelegramPeer, webhook: Webhook) -> None:
    webhook.statuses, webhook.headers = [429], {"Retry-After": "100"}

    await say(telegram, "hello")
    telegram.clock.advance(99)
    await asyncio.sleep(0.02)
    early = list(webhook.texts)
    telegram.clock.advance(1)
    await telegram.deliveries.settle()

    assert (early, webhook.texts) == ([], ["hello"])


async def test_a_chat_waits_for_its_failed_update_and_others_do_not(telegram: TelegramPeer, webhook: Webhook) -> None:
    await telegram.start("Ben")
    webhook.got.clear()
    webhook.statuses = [500]

    await say(telegram, "one")
    await say(telegram, "two")
    await telegram.say("Ben", telegram.direct("Ben"), "other")
    before = list(webhook.texts)
    telegram.clock.advance(1)
    await telegram.deliveries.settle()

    assert before == ["other"]
    assert webhook.texts == ["other", "one", "two"]


async def test_a_press_overtakes_a_message_of_its_chat_that_failed(
    telegram: TelegramPeer, webhook: Webhook, ptb: Bot
) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await ptb.send_message(telegram.direct("Ann").id, "card", reply_markup=markup)  # type: ignore[arg-type]
    webhook.statuses = [500]
    await say(telegram, "hello")

    await telegram.press("Ann", telegram.seen_by("Ann", telegram.direct("Ann"))[0], "Go")

    assert [update.callback_query is not None for update in webhook.got] == [True]


async def test_no_answer_in_time_comes_again_although_it_was_worked_on(
    telegram: TelegramPeer, webhook: Webhook
) -> None:
    telegram.deliveries.answer_within = 0.3
    given_up = asyncio.Event()

    async def wait() -> None:
        telegram.deliveries.answer_within, webhook.before = 30.0, None  # the first one alone is late
        await given_up.wait()

    webhook.before = wait

    await say(telegram, "hello")
    telegram.clock.advance(1)
    await telegram.deliveries.settle()
    given_up.set()
    await telegram.world.eventually(lambda: len(webhook.texts) == 2)

    assert [each.error for each in telegram.deliveries.attempts] == ["Read timeout expired", None]
    assert webhook.texts == ["hello", "hello"]
    assert webhook.got[0].update_id == webhook.got[1].update_id


async def test_an_answer_may_call_a_method_but_not_read(telegram: TelegramPeer, webhook: Webhook) -> None:
    chat = telegram.direct("Ann").id
    webhook.answers = [{"method": "sendMessage", "chat_id": chat, "text": "<b>Done</b>", "parse_mode": "HTML"}]
    webhook.answers += [{"method": "getMe"}, {"method": "deleteWebhook"}]

    for text in ("one", "two", "three"):
        await say(telegram, text)

    said = telegram.seen_by("Ann", telegram.direct("Ann"))
    assert [(seen.text, seen.standing_out("bold")) for seen in said if seen.author == "Regatta"] == [("Done", ["Done"])]
    assert [name for name, _ in telegram.api.calls][-1] == "sendMessage"
    assert telegram.deliveries.webhook is not None


async def test_the_webhook_s_state_can_be_read(telegram: TelegramPeer, webhook: Webhook, ptb: Bot) -> None:
    well = await ptb.get_webhook_info()
    webhook.statuses = [500]
    await say(telegram, "hello")
    ill = await ptb.get_webhook_info()

    assert (well.url, well.pending_update_count, well.max_connections) == (webhook.url, 0, 40)
    assert well.last_error_message is None
    assert (ill.pending_update_count, ill.last_error_message) == (
        1, "Wrong response from the webhook: 500 Internal Server Error",
    )  # fmt: skip
    assert ill.last_error_date is not None


async def test_what_waits_goes_to_the_webhook_unless_it_is_dropped(
    telegram: TelegramPeer, webhook: Webhook, ptb: Bot
) -> None:
    await ptb.delete_webhook()
    await say(telegram, "kept")
    telegram.clock.advance(1)
    await ptb.set_webhook(webhook.url, secret_token=SECRET)
    await telegram.deliveries.settle()
    await ptb.delete_webhook()
    await say(telegram, "dropped")
    telegram.clock.advance(1)
    await ptb.set_webhook(webhook.url, secret_token=SECRET, drop_pending_updates=True, allowed_updates=["message"])
    await telegram.deliveries.settle()

    assert webhook.texts == ["kept"]
    assert (await ptb.get_webhook_info()).allowed_updates == ("message",)


async def test_an_address_must_be_https_on_a_known_port_and_a_secret_of_plain_letters(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    telegram.api.limits.on = False
    for url, words in (
        ("http://example.com/hook", "an https url must be provided"), ("https://example.com:9000/", "only on ports"),
    ):  # fmt: skip
        with pytest.raises(BadRequest, match=words):
            await ptb.set_webhook(url)
    for secret, words in (("with space", "unallowed characters"), ("a" * 257, "too long")):
        with pytest.raises(BadRequest, match=words):
            await ptb.set_webhook("https://example.com/hook", secret_token=secret)
    assert await ptb.set_webhook("https://example.com:8443/hook", secret_token="A-z_0" * 50)


async def test_a_webhook_is_set_once_a_second(ptb: Bot, telegram: TelegramPeer) -> None:
    await ptb.set_webhook("https://example.com/hook")

    with pytest.raises(RetryAfter):
        await ptb.set_webhook("https://example.com/other")

    telegram.clock.advance(1)
    assert await ptb.set_webhook("https://example.com/other")


async def test_only_so_many_posts_are_under_way_at_once(telegram: TelegramPeer, webhook: Webhook, ptb: Bot) -> None:
    telegram.clock.advance(1)
    await ptb.set_webhook(webhook.url, secret_token=SECRET, max_connections=1)
    await telegram.start("Ben")
    busy, most = 0, 0

    async def count() -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.02)
        busy -= 1

    webhook.before = count
    await asyncio.gather(say(telegram, "one"), telegram.say("Ben", telegram.direct("Ben"), "two"))

    assert most == 1


async def test_deliveries_are_doubled_lost_late_and_out_of_order_on_demand(
    telegram: TelegramPeer, webhook: Webhook
) -> None:
    telegram.faults.double_deliveries()
    await say(telegram, "twice")
    telegram.faults.drop_deliveries()
    await say(telegram, "lost")
    telegram.clock.advance(1)
    await telegram.deliveries.settle()
    telegram.faults.reorder_events(2)
    await say(telegram, "first")
    await telegram.say("Ann", "North", "/second@regatta_bot")
    await telegram.deliveries.settle()
    telegram.faults.delay_deliveries(0.05)
    begun = asyncio.get_running_loop().time()
    await say(telegram, "late")
    waited = asyncio.get_running_loop().time() - begun
    await telegram.deliveries.repeat(telegram.deliveries.attempts[0])

    assert webhook.texts == ["twice", "twice", "lost", "/second@regatta_bot", "first", "late", "twice"]
    assert waited >= 0.05
    assert webhook.got[0].update_id == webhook.got[1].update_id == webhook.got[-1].update_id


async def test_where_nobody_listens_the_update_waits(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.set_webhook("http://127.0.0.1:9/telegram/webhook")

    await say(telegram, "hello")

    assert (await ptb.get_webhook_info()).last_error_message == "Connection refused"
    await ptb.delete_webhook()
    [update] = await ptb.get_updates()
    assert update.message is not None
    assert update.message.text == "hello"


async def test_what_was_on_its_way_when_the_webhook_goes_waits_for_a_poll(
    telegram: TelegramPeer, webhook: Webhook, ptb: Bot
) -> None:
    stuck = asyncio.Event()
    webhook.before = stuck.wait  # type: ignore[assignment]
    said = [asyncio.create_task(say(telegram, text)) for text in ("one", "two")]
    await telegram.world.eventually(lambda: webhook.secrets)

    await ptb.delete_webhook()
    await asyncio.gather(*said)
    stuck.set()

    updates = await ptb.get_updates()
    assert [update.message.text for update in updates if update.message] == ["one", "two"]
