"""What Telegram refuses, one line each, through python-telegram-bot's own raw calls."""

import json
from typing import Any

import httpx
import pytest
from telegram import Bot, MessageEntity, User
from telegram.error import BadRequest, Forbidden

from tests.contract.peers.ptb import last
from tests.peers.telegram import TelegramPeer

BUTTON = {"text": "Go", "callback_data": "go"}
NO_TEXT = {"callback_data": "go"}
PARSE = "Can't parse entities: "


def named(peer: TelegramPeer, value: object) -> object:
    """Names of people and chats in arguments become their ids."""
    people = {user.first_name: user.id for user in peer.world.users.values()}
    return (people | {chat.title: chat.id for chat in peer.world.chats.values() if chat.title}).get(str(value), value)


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        ("sendMessage", {"text": "x"}, "Chat_id is empty"),
        ("sendMessage", {"chat_id": "@ann_sales", "text": "x"}, "Chat not found"),
        ("sendMessage", {"chat_id": "Elsewhere", "text": "x"}, "Chat not found"),
        ("sendMessage", {"chat_id": "Ann", "text": "x", "parse_mode": "Odd"}, "Unsupported parse_mode"),
        ("sendMessage", {"chat_id": "Ann", "text": "x", "parse_mode": "MarkdownV2"}, f"{PARSE}this stand-in"),
        ("sendMessage", {"chat_id": "Ann", "text": "x", "reply_markup": "{"}, "Can't parse reply keyboard markup json"),
        ("sendMessage", {"chat_id": "Ann", "text": "x", "reply_markup": []}, "Object expected as reply markup"),
        (
            "sendMessage", {"chat_id": "Ann", "text": "x", "reply_markup": {"inline_keyboard": [BUTTON]}},
            'Field "inline_keyboard" of the inlinekeyboardmarkup must be an array of arrays',
        ),
        (
            "sendMessage", {"chat_id": "Ann", "text": "x", "reply_markup": {"inline_keyboard": [["Go"]]}},
            "Can't parse inline keyboard button: inlinekeyboardbutton must be an object",
        ),
        (
            "sendMessage", {"chat_id": "Ann", "text": "x", "reply_markup": {"inline_keyboard": [[NO_TEXT]]}},
            'Can\'t parse inline keyboard button: can\'t find field "text"',
        ),
        (
            "sendMessage", {"chat_id": "Ann", "text": "x", "reply_parameters": {"message_id": 1, "chat_id": -100}},
            "Message to be replied not found",
        ),
        ("sendPhoto", {"chat_id": "Ann"}, "There is no photo in the request"),
        ("sendPhoto", {"chat_id": "Ann", "photo": "https://acme.com/x.png"}, "Failed to get http url content"),
        ("sendMediaGroup", {"chat_id": "Ann"}, "There are no media in the request"),
        ("editMessageMedia", {"chat_id": "Ann", "message_id": 1, "media": {"type": "odd"}}, "Can't parse media json"),
        ("getFile", {}, "File_id not specified"),
        ("setMyCommands", {"commands": [], "scope": {"type": "odd"}}, "Can't parse botcommandscope: unsupported type"),
        ("setMyCommands", {"commands": [], "language_code": "zh-hans"}, "Invalid language code specified"),
        (
            "setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": "News"}},
            "Can't change bot commands in channel chats",
        ),
        ("getChatAdministrators", {"chat_id": "Ann"}, "There are no administrators in the private chat"),
        ("getChatMember", {"chat_id": "North", "user_id": 5}, "Invalid user_id specified"),
        ("leaveChat", {"chat_id": "Ann"}, "Chat member status can't be changed in private chats"),
        ("createForumTopic", {"chat_id": "North", "name": "x"}, "The chat is not a forum"),
        ("createForumTopic", {"chat_id": "Forum", "name": ""}, "Topic_title_empty"),
        ("createForumTopic", {"chat_id": "Forum", "name": "x" * 129}, "Topic_title_too_long"),
        ("closeForumTopic", {"chat_id": "Forum", "message_thread_id": 999}, "Message thread not found"),
        ("reopenForumTopic", {"chat_id": "Forum", "message_thread_id": 1}, "Topic_not_modified"),
        ("setWebhook", {"url": "https://acme.com:port/"}, "Invalid webhook url specified"),
    ],
)  # fmt: skip
async def test_a_call_that_telegram_refuses(
    telegram: TelegramPeer, ptb: Bot, method: str, given: dict[str, Any], words: str
) -> None:
    telegram.world.add_group("Elsewhere", with_bot=False)
    await telegram.promote("Olga", telegram.bot, "Forum", can_manage_topics=True)
    found = {name: named(telegram, value) for name, value in given.items()}
    if isinstance(given.get("scope"), dict):
        found["scope"] = {name: named(telegram, value) for name, value in given["scope"].items()}

    with pytest.raises(BadRequest) as refused:
        await ptb.do_api_request(method.lower(), found)  # Telegram does not mind capitals, the library does

    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<a =x>y</a>", 'empty attribute name in the tag "a" at byte offset 0'),
        ("<a href='x", "unclosed start tag at byte offset 0"),
        ("<a href=x_y>z</a>", "unexpected end of name token at byte offset 8"),
        ("<b>x</ b>", "unclosed end tag at byte offset 4"),
    ],
)
async def test_an_attribute_that_telegram_refuses(telegram: TelegramPeer, ptb: Bot, html: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await ptb.send_message(telegram.direct("Ann").id, html, parse_mode="HTML")

    assert str(refused.value) == PARSE + words


@pytest.mark.parametrize(
    ("html", "text", "spans"),
    [
        ("<a>acme.com</a>", "acme.com", [("text_link", "acme.com", "http://acme.com/")]),
        ("<a href=ACME.com>x</a>", "x", [("text_link", "x", "http://acme.com/")]),
        ("<a href='https://A.com?b=&quot;1&amp;2'>x</a>", "x", [("text_link", "x", 'https://a.com/?b="1&2')]),
        ("<a href='tg://resolve?domain=x'>x</a>", "x", [("text_link", "x", "tg://resolve?domain=x")]),
        ("<a href='javascript:alert(1)'>x</a>", "x", []),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", "x", None)]),
        ("<tg-spoiler>x</tg-spoiler> <span class='tg-spoiler'>y</span>", "x y", [
            ("spoiler", "x", None), ("spoiler", "y", None)]),
        ("<s>a</s><u>b</u><tg-emoji emoji-id='5'>c</tg-emoji>", "abc", [
            ("strikethrough", "a", None), ("underline", "b", None), ("custom_emoji", "c", None)]),
        ("<b></b>x<B>y</>", "xy", [("bold", "y", None)]),
        ("&#65;&#x42;&gt &unknown; &#0; &#99999999999; &", "AB> &unknown; &#0; &#99999999999; &", []),
    ],
)  # fmt: skip
async def test_what_markup_means(
    telegram: TelegramPeer, ptb: Bot, html: str, text: str, spans: list[tuple[str, str, str | None]]
) -> None:
    await ptb.send_message(telegram.direct("Ann").id, html, parse_mode="HTML")

    assert last(telegram).text == text
    assert [(span.kind, span.text, span.target) for span in last(telegram).spans] == spans


async def test_a_language_belongs_to_a_block_of_code_only(telegram: TelegramPeer, ptb: Bot) -> None:
    html = "<pre><code class='language-py'>x</code></pre> <code class='language-py'>y</code>"

    sent = await ptb.send_message(telegram.direct("Ann").id, html, parse_mode="HTML")

    assert [(entity.type, entity.language) for entity in sent.entities] == [("pre", "py"), ("code", None)]


async def test_entities_may_come_as_a_list(telegram: TelegramPeer, ptb: Bot) -> None:
    stranger, ben = telegram.world.add_user("Stranger"), telegram.user("Ben")
    entities = [
        MessageEntity("bold", 1, 2), MessageEntity("mention", 1, 1),
        *(MessageEntity("text_mention", 4, 1, user=telegram_user(user.id)) for user in (ben, stranger)),
    ]  # fmt: skip

    await ptb.send_message(telegram.direct("Ann").id, " ab c", entities=entities)

    assert last(telegram).text == "ab c"
    assert [(span.kind, span.text) for span in last(telegram).spans] == [("bold", "ab"), ("text_mention", "c")]
    assert last(telegram).calls == [ben.id]


def telegram_user(number: int) -> User:
    """The library's User with an id."""
    return User(number, "x", is_bot=False)


async def test_bots_do_not_write_to_bots_nor_look_into_places_they_left(telegram: TelegramPeer, ptb: Bot) -> None:
    other = telegram.world.add_user("Other", username="other_bot", is_bot=True)
    await telegram.join(other, "North", by="Olga")
    with pytest.raises(Forbidden, match="bot can't send messages to bots"):
        await ptb.send_message(other.id, "x")
    await telegram.kick("Olga", telegram.bot, "North")
    await telegram.kick("Olga", telegram.bot, "Small")

    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await ptb.get_chat(telegram.chat("North").id)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await ptb.send_message(telegram.chat("Small").id, "x")
    assert (await ptb.get_chat(telegram.chat("Small").id)).title == "Small"


async def test_a_deleted_group_and_a_deleted_supergroup_are_gone_in_different_words(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    telegram.delete_chat("Small")
    telegram.delete_chat("North")

    with pytest.raises(Forbidden, match="the group chat was deleted"):
        await ptb.send_message(telegram.chat("Small").id, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(telegram.chat("North").id, "x")
    with pytest.raises(PermissionError):
        await telegram.say("Ann", "North", "x")
    assert telegram.api.codes[-2:] == [("sendMessage", 403), ("sendMessage", 400)]


async def test_a_public_place_is_found_by_its_name(telegram: TelegramPeer, ptb: Bot) -> None:
    public = telegram.world.add_supergroup("Public", [telegram.user("Ann")], username="public_place")

    sent = await ptb.send_message("@Public_Place", "x")

    assert (sent.chat.id, sent.chat.username) == (public.id, "public_place")
    assert (await ptb.get_chat("@public_place")).active_usernames == ("public_place",)
    assert telegram.chat("@public_place") is public


async def test_a_download_needs_the_token_and_a_known_path(telegram: TelegramPeer, ptb: Bot) -> None:
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        unknown = await client.get(f"{telegram.base_file_url}{ptb.token}/documents/file_9.csv")
        unauthorised = await client.get(f"{telegram.base_file_url}{ptb.token}x/documents/file_9.csv")
        broken = await client.post(f"{ptb.base_url}/getMe", content="{", headers={"Content-Type": "application/json"})

    assert (unknown.status_code, unauthorised.status_code, json.loads(broken.text)["ok"]) == (404, 401, True)
