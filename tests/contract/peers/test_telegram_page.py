"""The page on which a developer is anybody."""

import asyncio

import aiohttp
from telegram import Bot

from tests.contract.peers.ptb import keyboard
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.page import NOBODY


async def test_the_page_shows_a_chat_and_speaks_for_a_person(telegram: TelegramPeer, ptb: Bot) -> None:
    ann, north = telegram.user("Ann"), telegram.chat("North")
    await ptb.send_photo(
        north.id, b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x02\x00\x00\x00\x02", "<b>Card</b>"
    )
    where = {"user": str(ann.id), "chat": str(north.id)}
    async with aiohttp.ClientSession() as session:
        page = await (await session.get(telegram.base)).text()
        said = await session.post(telegram.base + "peer/act", json=where | {"do": "say", "text": "hello"})
        refused = await session.post(telegram.base + "peer/act", json=where | {"do": "say", "text": "x", "chat": "5"})
        state = await (await session.get(telegram.base + "peer/state", params=where)).json()
        picture = await session.get(f"{telegram.base}peer/file/{north.id}/{state['messages'][0]['id']}")

        assert "<title>Telegram stand-in</title>" in page
        assert (await said.json(), await refused.json()) == ({"error": NOBODY}, {"error": "no chat 5"})
        assert (await picture.read()).startswith(b"\x89PNG")
    assert [message["text"] for message in state["messages"]] == ["<b>Card</b>", "hello"]
    assert [chat["name"] for chat in state["chats"]] == ["North", "Small", "News", "Forum", "Regatta"]
    assert [person["name"] for person in state["people"]] == ["Ann Sales", "Ben", "Olga"]


async def test_the_page_presses_start_and_buttons(telegram: TelegramPeer, ptb: Bot) -> None:
    ben = telegram.user("Ben")
    where = {"user": str(ben.id), "chat": str(ben.id)}

    async def answer() -> None:
        updates = await ptb.get_updates(timeout=10, offset=telegram.updates.next_id)
        assert updates[0].callback_query is not None
        await updates[0].callback_query.answer("Approved")

    async with aiohttp.ClientSession() as session:

        async def act(**what: object) -> object:
            answered = await session.post(telegram.base + "peer/act", json=where | what)
            return (await answered.json())["error"]

        before = await (await session.get(telegram.base + "peer/state", params=where)).json()
        await ptb.get_updates(timeout=0)
        assert await act(do="start") is None
        card = await ptb.send_message(ben.id, "Deal", reply_markup=keyboard([("Approve", "a")]))
        answering = asyncio.create_task(answer())
        assert await act(do="press", message=card.message_id, label="Approve") == "Approved"
        await answering

    assert (before["started"], before["messages"]) == (False, [])
    assert [seen.text for seen in telegram.seen_by(ben, telegram.direct(ben))] == ["/start", "Deal"]


async def test_a_file_is_dropped_into_a_topic(telegram: TelegramPeer, ptb: Bot) -> None:
    ann, forum = telegram.user("Ann"), telegram.chat("Forum")
    topic = await telegram.add_topic("Olga", forum, "Deals")
    form = aiohttp.FormData({"do": "upload", "user": str(ann.id), "chat": str(forum.id), "topic": str(topic.id)})
    form.add_field("text", "@regatta_bot our deals")
    form.add_field("file", b"account,amount\n", filename="deals.csv")
    await ptb.get_updates(timeout=0)

    async with aiohttp.ClientSession() as session:
        dropped = await (await session.post(telegram.base + "peer/act", data=form)).json()

    seen = telegram.seen_by(ann, forum)[-1]
    update = (await ptb.get_updates(timeout=0))[-1]
    assert (dropped["error"], seen.text, seen.file_name, seen.topic) == (
        None,
        "@regatta_bot our deals",
        "deals.csv",
        topic.id,
    )
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.document.file_name == "deals.csv"


async def test_a_mention_by_id_says_where_it_stands(telegram: TelegramPeer, ptb: Bot) -> None:
    ann, north = telegram.user("Ann"), telegram.chat("North")

    await ptb.send_message(
        north.id, f'🎉 <b>Won by <a href="tg://user?id={ann.id}">Ann Sales</a></b>', parse_mode="HTML"
    )

    seen = telegram.seen_by(ann, north)[-1]
    (mention,) = [span for span in seen.spans if span.kind == "text_mention"]
    assert (mention.text, mention.start, seen.calls) == ("Ann Sales", 10, [ann.id])
