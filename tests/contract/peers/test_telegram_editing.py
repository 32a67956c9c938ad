"""What python-telegram-bot may change and delete, and how Telegram refuses the rest."""

import pytest
from telegram import Bot, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest

from tests.contract.peers.pictures import png
from tests.contract.peers.ptb import last, refusal
from tests.peers.telegram import TelegramPeer

GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


@pytest.fixture
async def card(telegram: TelegramPeer, ptb: Bot) -> Message:
    """A message with a button in Ann's chat."""
    telegram.api.limits.on = False
    return await ptb.send_message(telegram.direct("Ann").id, "<b>Deal</b>", parse_mode="HTML", reply_markup=GO)


async def test_an_edit_changes_the_words_and_drops_the_keyboard_unless_it_is_given_again(
    telegram: TelegramPeer, card: Message
) -> None:
    await card.edit_text("won", reply_markup=GO)
    kept = last(telegram)
    await card.edit_text("lost")

    assert (kept.text, kept.is_edited, [button.label for button in kept.buttons]) == ("won", True, ["Go"])
    assert (last(telegram).text, last(telegram).buttons) == ("lost", [])


async def test_a_person_sees_the_present_face_of_a_message(telegram: TelegramPeer, ptb: Bot, card: Message) -> None:
    seen = last(telegram)
    await card.edit_text("won")
    assert (seen.text, telegram.now(seen).text) == ("Deal", "won")
    await ptb.delete_message(seen.chat, seen.id)

    for hand in (telegram.press("Ann", seen, "Go"), telegram.forward("Ann", seen, telegram.direct("Ann"))):
        with pytest.raises(LookupError):
            await hand
    with pytest.raises(LookupError):
        telegram.now(seen)


async def test_the_same_again_is_refused_as_not_modified(card: Message) -> None:
    refused = await refusal(card.edit_text("<b>Deal</b>  ", parse_mode="HTML", reply_markup=GO))

    assert refused.startswith("Message is not modified: specified new message content and reply markup are exactly")
    assert (await refusal(card.edit_reply_markup(GO))).startswith("Message is not modified")
    assert await card.edit_text("Deal", reply_markup=GO)  # the same words, but no longer bold


async def test_a_keyboard_alone_can_be_taken_away_and_that_is_no_edit(telegram: TelegramPeer, card: Message) -> None:
    await card.edit_reply_markup(None)

    assert (last(telegram).buttons, last(telegram).is_edited, last(telegram).text) == ([], False, "Deal")


async def test_only_the_bot_s_own_messages_can_be_edited(telegram: TelegramPeer, ptb: Bot, card: Message) -> None:
    said = await telegram.say("Ann", telegram.direct("Ann"), "mine")

    assert await refusal(ptb.edit_message_text("x", said.chat, said.id)) == "Message can't be edited"
    assert await refusal(ptb.edit_message_text("x", said.chat, 999)) == "Message to edit not found"
    await telegram.promote("Olga", "Ann", "North", is_anonymous=True)
    said = await telegram.say("Ann", "North", "in the name of all")
    assert await refusal(ptb.edit_message_text("x", said.chat, said.id)) == "Message can't be edited"
    await card.delete()
    assert await refusal(card.edit_text("x")) == "Message to edit not found"


async def test_a_question_that_asks_for_a_reply_cannot_be_edited(
    telegram: TelegramPeer, ptb: Bot, card: Message
) -> None:
    question = await ptb.send_message(telegram.direct("Ann").id, "Why?", reply_markup=ForceReply())

    assert await refusal(question.edit_text("Why not?")) == "Message can't be edited"
    chat, number = card.chat_id, card.message_id
    asked = {"chat_id": chat, "message_id": number, "text": "x", "reply_markup": {"force_reply": True}}
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await ptb.do_api_request("editmessagetext", asked)


async def test_posts_of_a_channel_are_edited_and_deleted_by_its_administrator(telegram: TelegramPeer, ptb: Bot) -> None:
    post = await telegram.say("Olga", "News", "hello")
    await telegram.promote("Olga", telegram.bot, "News")

    await ptb.edit_message_text("hello all", post.chat, post.id)
    shown = telegram.now(post).text
    await ptb.delete_message(post.chat, post.id)

    assert (shown, telegram.seen_by("Ann", "News")) == ("hello all", [])


async def test_captions_and_texts_are_edited_by_their_own_methods(
    telegram: TelegramPeer, ptb: Bot, card: Message
) -> None:
    photo = await ptb.send_photo(telegram.direct("Ann").id, png(), caption="old")

    assert await refusal(photo.edit_text("x")) == "There is no text in the message to edit"
    assert await refusal(card.edit_caption("x")) == "There is no caption in the message to edit"
    assert await refusal(photo.edit_caption("x" * 1_025)) == "Message caption is too long"
    await photo.edit_caption("<i>new</i>", parse_mode="HTML")
    assert (last(telegram).text, last(telegram).standing_out("italic")) == ("new", ["new"])


async def test_a_picture_can_be_exchanged(telegram: TelegramPeer, ptb: Bot) -> None:
    photo = await ptb.send_photo(telegram.direct("Ann").id, png(), caption="old")
    picture = png(20, 10)

    await photo.edit_media(InputMediaPhoto(picture, caption="<b>new</b>", parse_mode="HTML"), reply_markup=GO)

    assert (last(telegram).photo, last(telegram).text) == (picture, "new")
    assert (last(telegram).standing_out("bold"), last(telegram).button("Go").data) == (["new"], "go")


async def test_messages_are_deleted_within_two_days(telegram: TelegramPeer, ptb: Bot, card: Message) -> None:
    said = await telegram.say("Ann", telegram.direct("Ann"), "mine")
    in_group = await telegram.say("Ann", "North", "mine")

    assert await refusal(ptb.delete_message(in_group.chat, in_group.id)) == "Message can't be deleted"
    assert await ptb.delete_message(said.chat, said.id)
    assert await refusal(ptb.delete_message(said.chat, said.id)) == "Message to delete not found"
    telegram.clock.advance(48 * 3600 + 1)
    assert await refusal(card.delete()) == "Message can't be deleted"
    assert [seen.text for seen in telegram.seen_by("Ann", telegram.direct("Ann"))] == ["Deal"]


async def test_an_administrator_with_the_right_deletes_what_others_said(telegram: TelegramPeer, ptb: Bot) -> None:
    said = await telegram.say("Ann", "North", "mine")
    await telegram.promote("Olga", telegram.bot, "North", can_delete_messages=True)

    assert await ptb.delete_messages(said.chat, [said.id, 999])
    assert said.id not in [seen.id for seen in telegram.seen_by("Ann", "North")]
    with pytest.raises(BadRequest):
        await ptb.delete_message(said.chat, said.id)
