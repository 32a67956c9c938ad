"""What a press on a button brings, and how it is answered."""

import pytest
from telegram import Bot, CallbackQuery, Message
from telegram.error import BadRequest

from tests.contract.peers.ptb import keyboard, last, refusal
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.person import Pressed
from tests.peers.telegram.reading import Seen


@pytest.fixture
async def card(telegram: TelegramPeer, ptb: Bot) -> Seen:
    """A message with a button in Ann's chat."""
    await ptb.send_message(
        telegram.direct("Ann").id, "Deal", reply_markup=keyboard([("Approve", "a:1"), ("No", "n:1")])
    )
    return last(telegram)


async def asked(bot: Bot) -> CallbackQuery:
    """The press that waits, confirmed."""
    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query is not None
    return update.callback_query


async def test_a_press_names_its_person_its_message_and_its_data(telegram: TelegramPeer, ptb: Bot, card: Seen) -> None:
    pressed = await telegram.press("Ann", card, "Approve")
    query = await asked(ptb)

    assert (query.data, query.from_user.id, query.from_user.language_code) == (
        "a:1",
        telegram.user("Ann").id,
        "zh-hans",
    )
    assert (query.from_user.full_name, query.from_user.username) == ("Ann Sales", "ann_sales")
    assert isinstance(query.message, Message)
    assert (query.message.message_id, query.message.text, query.message.chat.id) == (card.id, "Deal", card.chat)
    assert not pressed.is_answered


async def test_an_answer_appears_once_and_in_time(telegram: TelegramPeer, ptb: Bot, card: Seen) -> None:
    pressed = await telegram.press("Ann", card, "Approve")
    query = await asked(ptb)
    too_long = await refusal(query.answer("x" * 201))
    await query.answer("x" * 200, show_alert=True)
    again = await refusal(query.answer())
    await telegram.press("Ann", card, "No")
    late = await asked(ptb)
    telegram.clock.advance(16)

    assert (pressed.text, pressed.is_alert, pressed.is_answered) == ("x" * 200, True, True)
    assert too_long == "Message_too_long"
    assert again == await refusal(late.answer())
    assert again == "Query is too old and response timeout expired or query id is invalid"


async def test_anybody_in_a_group_may_press(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.send_message(telegram.chat("North").id, "Deal", reply_markup=keyboard([("Go", "go")]))
    card = telegram.seen_by("Ben", "North")[-1]

    await telegram.press("Ben", card, "Go")

    query = await asked(ptb)
    assert (query.from_user.id, query.message and query.message.chat.id) == (telegram.user("Ben").id, card.chat)


async def test_the_message_of_a_press_is_inaccessible_when_it_is_old_or_gone(
    telegram: TelegramPeer, ptb: Bot, card: Seen
) -> None:
    telegram.clock.advance(49 * 3600)
    await telegram.press("Ann", card, "Approve")
    old = await asked(ptb)
    telegram.world.messages[card.chat][-1].deleted = True
    await telegram.press("Ann", card, "Approve", stale=True)
    gone = await asked(ptb)

    for query in (old, gone):
        assert query.message is not None
        assert not query.message.is_accessible  # the library makes it a Message all the same, with date 1970
        assert getattr(query.message, "text", None) is None
        assert (query.message.message_id, query.message.chat.id, query.data) == (card.id, card.chat, "a:1")


async def test_a_button_that_is_gone_can_still_be_pressed_by_whom_it_was_shown(
    telegram: TelegramPeer, ptb: Bot, card: Seen
) -> None:
    await ptb.edit_message_text("Decided", card.chat, card.id)

    with pytest.raises(LookupError):
        await telegram.press("Ann", card, "Approve")
    await telegram.press("Ann", card, "Approve", stale=True)

    query = await asked(ptb)
    assert isinstance(query.message, Message)
    assert (query.data, query.message.text) == ("a:1", "Decided")


async def test_a_button_with_an_address_opens_it_and_tells_nobody(telegram: TelegramPeer, ptb: Bot) -> None:
    markup = {"inline_keyboard": [[{"text": "Site", "url": "https://acme.com"}]]}
    await ptb.send_message(telegram.direct("Ann").id, "x", reply_markup=markup)  # type: ignore[arg-type]

    pressed = await telegram.press("Ann", last(telegram), "Site")

    assert pressed == Pressed(None, "https://acme.com")
    assert (pressed.is_answered, await ptb.get_updates()) == (True, ())


async def test_an_answer_may_open_the_bot_by_a_link_and_nothing_else(
    telegram: TelegramPeer, ptb: Bot, card: Seen
) -> None:
    await telegram.press("Ann", card, "Approve")
    query = await asked(ptb)

    with pytest.raises(BadRequest, match="Url_invalid"):
        await query.answer(url="https://acme.com")
    assert await query.answer(url="https://t.me/regatta_bot?start=abc")
