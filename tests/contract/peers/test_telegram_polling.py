"""What python-telegram-bot gets with getUpdates: offsets, waiting, kinds, and one poller at a time."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken
from telegram.ext import Application, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

from tests.contract.peers.ptb import bot_of
from tests.peers.telegram import TelegramPeer


async def say(peer: TelegramPeer, *texts: str) -> None:
    """Ann types into her chat with the bot."""
    for text in texts:
        await peer.say("Ann", peer.direct("Ann"), text)


def texts_of(updates: tuple[Update, ...]) -> list[str]:
    """The words of the messages."""
    return [str(update.effective_message.text) for update in updates if update.effective_message]


async def test_updates_stay_until_a_higher_offset_confirms_them(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one", "two", "three")

    first = await ptb.get_updates()
    again = await ptb.get_updates()
    rest = await ptb.get_updates(offset=first[1].update_id)
    none = await ptb.get_updates(offset=first[-1].update_id + 1)
    gone = await ptb.get_updates()

    assert texts_of(first) == texts_of(again) == ["one", "two", "three"]
    assert [update.update_id for update in first] == list(range(first[0].update_id, first[0].update_id + 3))
    assert (texts_of(rest), none, gone) == (["two", "three"], (), ())


async def test_a_negative_offset_keeps_only_the_last(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one", "two", "three")

    last = await ptb.get_updates(offset=-1)

    assert texts_of(last) == texts_of(await ptb.get_updates()) == ["three"]


async def test_a_limit_leaves_the_rest_for_the_next_call(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one", "two", "three")

    first = await ptb.get_updates(limit=2)

    assert texts_of(first) == ["one", "two"]
    assert texts_of(await ptb.get_updates(offset=first[-1].update_id + 1)) == ["three"]


async def test_an_offset_far_ahead_counts_as_none(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one")
    [update] = await ptb.get_updates()

    far = await ptb.get_updates(offset=update.update_id + 12)
    near = await ptb.get_updates(offset=update.update_id + 11)

    assert (texts_of(far), near, await ptb.get_updates()) == (["one"], (), ())


async def test_ids_may_start_anew_below_the_old_ones(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "old")
    [old] = await ptb.get_updates()
    await ptb.get_updates(offset=old.update_id + 1)
    telegram.updates.next_id = 1_000

    await say(telegram, "new")

    [new] = await ptb.get_updates(offset=old.update_id + 1)
    assert (new.update_id, texts_of((new,))) == (1_000, ["new"])


async def test_everything_is_settled_when_it_is_confirmed(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one")
    settled = asyncio.create_task(telegram.deliveries.settle())
    [update] = await ptb.get_updates()
    await asyncio.sleep(0.01)
    before = settled.done()

    await ptb.get_updates(offset=update.update_id + 1)
    await settled

    assert not before
    assert [attempt.way for attempt in telegram.deliveries.attempts] == ["polling"]


async def test_a_poll_waits_for_the_next_message(telegram: TelegramPeer, ptb: Bot) -> None:
    poll = asyncio.create_task(ptb.get_updates(timeout=30))
    await telegram.world.eventually(lambda: telegram.api.calls[-1][0] == "getUpdates")

    await say(telegram, "hello")

    assert texts_of(await poll) == ["hello"]


async def test_a_poll_ends_empty_when_its_time_is_over(telegram: TelegramPeer, ptb: Bot) -> None:
    poll = asyncio.create_task(ptb.get_updates(timeout=90))  # Telegram waits for 50 seconds at most
    await telegram.world.eventually(lambda: telegram.api.calls[-1][0] == "getUpdates")
    telegram.clock.advance(49)
    await asyncio.sleep(0.02)
    before = poll.done()

    telegram.clock.advance(1)

    assert (before, await poll) == (False, ())


async def test_a_second_poller_sends_the_first_one_away(telegram: TelegramPeer, ptb: Bot) -> None:
    first = asyncio.create_task(ptb.get_updates(timeout=30))
    await telegram.world.eventually(lambda: telegram.api.calls[-1][0] == "getUpdates")
    async with bot_of(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await first
        await say(telegram, "hello")

        assert texts_of(await second) == ["hello"]


async def test_polling_and_a_webhook_exclude_each_other(telegram: TelegramPeer, ptb: Bot) -> None:
    poll = asyncio.create_task(ptb.get_updates(timeout=30))
    await telegram.world.eventually(lambda: telegram.api.calls[-1][0] == "getUpdates")

    await ptb.set_webhook("http://127.0.0.1:9/telegram/webhook", secret_token="secret")

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await ptb.get_updates()
    await ptb.delete_webhook()
    assert await ptb.get_updates() == ()


async def test_the_wanted_kinds_are_remembered(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.get_updates(allowed_updates=["edited_message"])
    said = await telegram.say("Ann", telegram.direct("Ann"), "one")
    await telegram.edit("Ann", said, "two")
    only_edits = await ptb.get_updates()
    await ptb.get_updates(offset=only_edits[-1].update_id + 1, allowed_updates=[])
    await say(telegram, "three")

    assert [texts_of((update,)) for update in only_edits] == [["two"]]
    assert texts_of(await ptb.get_updates()) == ["three"]


async def test_updates_are_kept_for_a_day_and_presses_for_150_seconds(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "hello")
    card = await ptb.send_message(telegram.direct("Ann").id, "card", reply_markup={"inline_keyboard": [[
        {"text": "Go", "callback_data": "go"}]]})  # type: ignore[arg-type]  # fmt: skip
    await telegram.press("Ann", telegram.seen_by("Ann", telegram.direct("Ann"))[-1], "Go")

    telegram.clock.advance(149)
    young = await ptb.get_updates()
    telegram.clock.advance(1.5)
    later = await ptb.get_updates()
    telegram.clock.advance(24 * 3600 - 160)
    kept = await ptb.get_updates()
    telegram.clock.advance(20)

    assert card.message_id == 2
    assert [update.callback_query is not None for update in young] == [False, True]
    assert texts_of(later) == texts_of(kept) == ["hello"]
    assert await ptb.get_updates() == ()


async def test_the_library_s_own_updater_confirms_what_it_has_only_put_into_memory(telegram: TelegramPeer) -> None:
    """Why the bot owns its loop: the updater moves the offset on although nothing has been worked on yet."""
    working, done = asyncio.Event(), []

    async def work(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await working.wait()
        done.append(update.update_id)

    requests = [HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False}) for _ in range(2)]
    builder = Application.builder().token(telegram.world.bot.token).base_url(telegram.base_url)
    application = builder.request(requests[0]).get_updates_request(requests[1]).job_queue(None).build()
    application.add_handler(TypeHandler(Update, work))
    await say(telegram, "one", "two")
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await telegram.world.eventually(lambda: not telegram.updates.pending())
        before = list(done)
        working.set()
        await telegram.world.eventually(lambda: len(done) == 2)
        await application.updater.stop()
        await application.stop()

    assert before == []


async def test_a_token_that_is_wrong_revoked_or_none_is_refused(telegram: TelegramPeer, ptb: Bot) -> None:
    number, _, secret = telegram.world.bot.token.partition(":")
    for token, words in ((f"{number}:{secret[::-1]}", "Unauthorized"), (f"{number}:short", "Not Found")):
        with pytest.raises(InvalidToken) as refused:
            await bot_of(telegram, token).__aenter__()
        assert words in str(refused.value.__cause__)
    telegram.revoke_token()
    with pytest.raises(InvalidToken, match="Unauthorized"):
        await ptb.get_me()


async def test_deliveries_are_late_lost_doubled_or_out_of_order_on_demand(telegram: TelegramPeer, ptb: Bot) -> None:
    await say(telegram, "one")
    telegram.faults.drop_deliveries()
    lost = await ptb.get_updates()
    telegram.faults.double_deliveries()
    [first] = await ptb.get_updates()
    [again] = await ptb.get_updates(offset=first.update_id + 1)
    telegram.faults.reorder_events(2)
    await say(telegram, "two", "three")
    telegram.faults.delay_deliveries(0.05)
    begun = asyncio.get_running_loop().time()
    turned = await ptb.get_updates()

    assert (lost, again.update_id) == ((), first.update_id)
    assert texts_of(turned) == ["three", "two"]
    assert turned[0].update_id > turned[1].update_id
    assert asyncio.get_running_loop().time() - begun >= 0.05
