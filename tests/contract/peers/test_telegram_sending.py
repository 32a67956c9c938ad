"""What python-telegram-bot may send: text and its markup, sizes, keyboards, replies, and how fast."""

import asyncio

import httpx
import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import Forbidden, RetryAfter

from tests.contract.peers.pictures import png
from tests.contract.peers.ptb import keyboard, last, refusal
from tests.peers.telegram import TelegramPeer

EMOJI = "\U0001f600"
NO_BUTTON = "Can't parse inline keyboard button"


async def test_html_is_read_and_shown(telegram: TelegramPeer, ptb: Bot) -> None:
    ben, chat = telegram.user("Ben"), telegram.direct("Ann").id
    html = (
        f'{EMOJI} <b>Bold <i>both</i></b> <a href="acme.com/x">link</a> <a href="tg://user?id={ben.id}">Ben</a> '
        "<code>a.com</code> &lt;b&gt; &amp;nbsp; <blockquote expandable>quote</blockquote>"
    )

    sent = await ptb.send_message(chat, html, parse_mode="HTML")

    assert last(telegram).text == f"{EMOJI} Bold both link Ben a.com <b> &nbsp; quote"
    assert [(span.kind, span.text, span.target) for span in last(telegram).spans] == [
        ("bold", "Bold both", None), ("italic", "both", None), ("text_link", "link", "http://acme.com/x"),
        ("text_mention", "Ben", str(ben.id)), ("code", "a.com", None), ("expandable_blockquote", "quote", None),
    ]  # fmt: skip
    assert (last(telegram).links, last(telegram).calls) == (["http://acme.com/x"], [ben.id])
    assert sent.parse_entities()[sent.entities[0]] == "Bold both"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a < b", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("é<x>", 'Can\'t parse entities: unsupported start tag "x" at byte offset 2'),
        ("<b>a", "Can't parse entities: can't find end tag corresponding to start tag b"),
        ("</b>", "Can't parse entities: unexpected end tag at byte offset 0"),
        ("<b><i>a</b></i>", 'Can\'t parse entities: unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Can't parse entities: unclosed start tag at byte offset 0"),
        ("<b>a</b", "Can't parse entities: unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Can\'t parse entities: expected equal sign in declaration of an attribute of the tag "a" at',
        ),
        ('<span class="red">x</span>', 'Can\'t parse entities: tag "span" must have class "tg-spoiler" at byte'),
        ("&#xD800;", "Can't parse entities: text contains invalid unicode characters after decoding html entities"),
        ("", "Message text is empty"),
        ("<b> </b>\n", "Text must be non-empty"),
        ("x" * 4_097, "Message is too long"),
        (EMOJI * 2_049, "Message is too long"),
        ("<b>" * 11_000, "Text is too long"),
    ],
)
async def test_a_text_that_telegram_refuses(telegram: TelegramPeer, ptb: Bot, html: str, words: str) -> None:
    assert (await refusal(ptb.send_message(telegram.direct("Ann").id, html, parse_mode="HTML"))).startswith(words)


async def test_length_is_counted_in_utf_16_after_the_markup_is_gone(telegram: TelegramPeer, ptb: Bot) -> None:
    telegram.api.limits.on = False
    for text in (EMOJI * 2_048, "<b>" + "x" * 4_096 + "</b>", "&amp;" * 4_096, " " * 20 + "x" * 4_096 + "\n\n"):
        await ptb.send_message(telegram.direct("Ann").id, text, parse_mode="HTML")
        assert len(last(telegram).text.encode("utf-16-le")) == 2 * 4_096


async def test_telegram_finds_links_mentions_and_commands_by_itself(telegram: TelegramPeer, ptb: Bot) -> None:
    words = "acme.com a.b@acme.com @ann_sales @nobody_here /deal #won $USD https://x.io/a?b=1."

    await ptb.send_message(telegram.direct("Ann").id, words)

    assert [(span.kind, span.text) for span in last(telegram).spans] == [
        ("url", "acme.com"), ("email", "a.b@acme.com"), ("mention", "@ann_sales"), ("mention", "@nobody_here"),
        ("bot_command", "/deal"), ("hashtag", "#won"), ("cashtag", "$USD"), ("url", "https://x.io/a?b=1"),
    ]  # fmt: skip
    assert last(telegram).calls == [telegram.user("Ann").id]
    assert last(telegram).preview == "acme.com"


async def test_domains_may_end_in_two_letters_or_in_chinese(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.send_message(
        telegram.direct("Ann").id, "deals.py 华东医药.公司 deals.csv 3.18 v2.3 e.g. Mr.Smith a.com-b 12.de"
    )

    assert last(telegram).links == ["deals.py", "华东医药.公司", "12.de"]


async def test_what_the_bot_is_doing_can_be_shown(telegram: TelegramPeer, ptb: Bot) -> None:
    assert await ptb.send_chat_action(telegram.direct("Ann").id, "typing")
    assert await refusal(ptb.send_chat_action(telegram.direct("Ann").id, "dancing")) == (
        "Wrong parameter action in request"
    )


async def test_in_code_and_behind_a_word_joiner_nothing_is_found(telegram: TelegramPeer, ptb: Bot) -> None:
    html = "<code>acme.com @ann_sales /deal</code> acme\u2060.com @\u2060ann_sales /\u2060deal"

    await ptb.send_message(telegram.direct("Ann").id, html, parse_mode="HTML")

    assert (last(telegram).links, last(telegram).mentions, last(telegram).standing_out("bot_command")) == ([], [], [])


async def test_control_characters_and_marks_of_direction_are_dropped(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.send_message(telegram.direct("Ann").id, "a\x00b\r\n\u202ec\u2028d ")

    assert last(telegram).text == "a b\ncd"


async def test_a_mention_of_somebody_whom_the_bot_never_met_is_plain_text(telegram: TelegramPeer, ptb: Bot) -> None:
    stranger = telegram.world.add_user("Stranger")

    await ptb.send_message(telegram.direct("Ann").id, f'<a href="tg://user?id={stranger.id}">x</a>', parse_mode="HTML")

    assert (last(telegram).text, last(telegram).spans) == ("x", [])


async def test_a_preview_can_be_switched_off_and_a_message_sent_without_a_sound(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    options = LinkPreviewOptions(is_disabled=True)

    await ptb.send_message(
        telegram.direct("Ann").id, "acme.com", link_preview_options=options, disable_notification=True
    )

    assert (last(telegram).preview, last(telegram).links, last(telegram).is_silent) == (None, ["acme.com"], True)


async def test_a_keyboard_is_shown_with_its_rows(telegram: TelegramPeer, ptb: Bot) -> None:
    markup = keyboard([("Yes", "y" * 64), ("No", "n")])
    link = InlineKeyboardMarkup([*markup.inline_keyboard, [InlineKeyboardButton("Site", url="https://acme.com")]])

    await ptb.send_message(telegram.direct("Ann").id, "card", reply_markup=link)

    shown = [(button.label, button.row, button.data, button.url) for button in last(telegram).buttons]
    assert shown == [("Yes", 0, "y" * 64, None), ("No", 0, "n", None), ("Site", 1, None, "https://acme.com")]


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([("x", "d" * 65)]), "Button_data_invalid"),
        (keyboard([("x", "é" * 33)]), "Button_data_invalid"),
        (
            keyboard([("x", "")]),
            "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
        (keyboard([(" ", "d")]), "Button_text_invalid"),
        (keyboard([("x", "d")] * 9), "Reply markup is too long"),
        (keyboard(*[[("x", "d")]] * 101), "Reply markup is too long"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", url="no address")]]),
            "Inline keyboard button url 'no address' is invalid: wrong http url",
        ),
    ],
)
async def test_a_keyboard_that_telegram_refuses(
    telegram: TelegramPeer, ptb: Bot, markup: InlineKeyboardMarkup, words: str
) -> None:
    assert await refusal(ptb.send_message(telegram.direct("Ann").id, "card", reply_markup=markup)) == words


async def test_a_reply_is_asked_of_whom_it_concerns(telegram: TelegramPeer, ptb: Bot) -> None:
    said = await telegram.say("Ann", "North", "hello")
    reply = ReplyParameters(said.id)

    await ptb.send_message(said.chat, "Which one?", reply_parameters=reply, reply_markup=ForceReply(selective=True))

    asked = {name: telegram.seen_by(name, "North")[-1] for name in ("Ann", "Ben")}
    assert (asked["Ann"].wants_reply, asked["Ben"].wants_reply) == (True, False)
    assert asked["Ann"].reply_to == said.id


async def test_a_reply_to_what_is_gone_is_refused_unless_it_may_stand_alone(telegram: TelegramPeer, ptb: Bot) -> None:
    said = await telegram.say("Ann", telegram.direct("Ann"), "hello")
    await telegram.unsay("Ann", said)

    refused = await refusal(ptb.send_message(said.chat, "x", reply_parameters=ReplyParameters(said.id)))
    sent = await ptb.send_message(
        said.chat, "x", reply_parameters=ReplyParameters(said.id, allow_sending_without_reply=True)
    )

    assert (refused, sent.reply_to_message) == ("Message to be replied not found", None)


async def test_an_unknown_chat_and_an_unstarted_one_are_refused_differently(telegram: TelegramPeer, ptb: Bot) -> None:
    stranger = telegram.world.add_user("Stranger")

    for chat in (stranger.id, -1_001_234, "@nobody_here"):
        assert await refusal(ptb.send_message(chat, "x")) == "Chat not found"
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await ptb.send_message(telegram.user("Ben").id, "x")


async def test_more_than_a_short_burst_into_a_chat_is_limited_to_one_a_second(telegram: TelegramPeer, ptb: Bot) -> None:
    chat = telegram.direct("Ann").id
    for number in range(3):
        await ptb.send_message(chat, str(number))

    with pytest.raises(RetryAfter) as limited:
        await ptb.send_message(chat, "one too many")
    telegram.clock.advance(1)
    await ptb.send_message(chat, "in time")

    assert limited.value.retry_after.total_seconds() == 1  # type: ignore[union-attr]
    assert [code for method, code in telegram.api.codes if method == "sendMessage"] == [200, 200, 200, 429, 200]
    assert [seen.text for seen in telegram.seen_by("Ann", telegram.direct("Ann"))] == ["0", "1", "2", "in time"]


async def test_a_group_takes_twenty_messages_a_minute_and_edits_count(telegram: TelegramPeer, ptb: Bot) -> None:
    chat = telegram.chat("North").id
    for number in range(19):
        sent = await ptb.send_message(chat, str(number))
        telegram.clock.advance(1)
    await sent.edit_text("edited")
    telegram.clock.advance(1)

    with pytest.raises(RetryAfter) as limited:
        await ptb.send_message(chat, "one too many")
    telegram.clock.advance(limited.value.retry_after.total_seconds())  # type: ignore[union-attr]
    await ptb.send_message(chat, "in time")

    assert limited.value.retry_after.total_seconds() == pytest.approx(40, abs=1)  # type: ignore[union-attr]


async def test_an_album_counts_as_many_messages_as_it_has(telegram: TelegramPeer, ptb: Bot) -> None:
    chat, album = telegram.chat("North").id, [InputMediaPhoto(png()) for _ in range(10)]
    await ptb.send_media_group(chat, album)
    await ptb.send_media_group(chat, album)

    with pytest.raises(RetryAfter):
        await ptb.send_message(chat, "one too many")


async def test_thirty_messages_a_second_are_the_most_over_all_chats(telegram: TelegramPeer, ptb: Bot) -> None:
    people = [telegram.world.add_user(f"Person {number}") for number in range(80)]
    for person in people:
        telegram.direct(person).started = True

    sent = await asyncio.gather(*(ptb.send_message(each.id, "hello") for each in people), return_exceptions=True)

    limited = [each for each in sent if isinstance(each, RetryAfter)]
    assert 10 < len(limited) <= 50


async def test_a_chat_can_be_limited_until_an_instant(telegram: TelegramPeer, ptb: Bot) -> None:
    chat = telegram.direct("Ann").id
    telegram.faults.limit_chat(chat, telegram.clock.now() + 300)

    with pytest.raises(RetryAfter) as limited:
        await ptb.send_message(chat, "x")
    telegram.clock.advance(300)

    assert limited.value.retry_after.total_seconds() == pytest.approx(300, abs=1)  # type: ignore[union-attr]
    assert await ptb.send_message(chat, "x")


async def test_arguments_come_as_json_as_a_form_or_in_the_address(telegram: TelegramPeer, ptb: Bot) -> None:
    given: dict[str, str | int] = {"chat_id": telegram.direct("Ann").id, "text": "hello"}
    url = f"{ptb.base_url}/sendmessage"
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        answers = [
            await client.post(url, json=given), await client.post(url, data=given), await client.get(url, params=given),
        ]  # fmt: skip
        unknown = await client.post(f"{ptb.base_url}/sendNothing")

    assert [answer.json()["result"]["text"] for answer in answers] == ["hello"] * 3
    assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    assert [name for name, _ in telegram.api.calls][1:4] == ["sendMessage"] * 3
