"""Photos and documents in both directions, and what is too big."""

import asyncio

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, NetworkError

from tests.contract.peers.pictures import jpeg, png
from tests.contract.peers.ptb import last, refusal
from tests.peers.telegram import TelegramPeer

MB = 1024 * 1024


async def test_a_photo_is_uploaded_with_a_caption_and_known_again_by_its_id(telegram: TelegramPeer, ptb: Bot) -> None:
    chat, picture = telegram.direct("Ann").id, png(640, 480)

    sent = await ptb.send_photo(chat, picture, caption="<b>Board</b>", parse_mode="HTML")
    shown = last(telegram)
    await ptb.send_photo(chat, sent.photo[-1].file_id)

    assert (shown.photo, shown.text, shown.standing_out("bold")) == (picture, "Board", ["Board"])
    assert [(size.width, size.height) for size in sent.photo] == [(320, 240), (640, 480)]
    assert (last(telegram).photo, last(telegram).text) == (picture, "")


async def test_a_document_keeps_its_name(telegram: TelegramPeer, ptb: Bot) -> None:
    sent = await ptb.send_document(telegram.direct("Ann").id, b"a,b\n", filename="deals.csv", caption="x" * 1_024)

    assert (last(telegram).file_name, last(telegram).content, last(telegram).text) == (
        "deals.csv",
        b"a,b\n",
        "x" * 1_024,
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == ("deals.csv", "text/csv", 4)


async def test_what_a_photo_may_not_be(telegram: TelegramPeer, ptb: Bot) -> None:
    chat = telegram.direct("Ann").id

    assert await refusal(ptb.send_photo(chat, b"no picture")) == "Image_process_failed"
    assert await refusal(ptb.send_photo(chat, png(10, 201))) == "Photo_invalid_dimensions"
    assert await refusal(ptb.send_photo(chat, jpeg(6_000, 4_001))) == "Photo_invalid_dimensions"
    telegram.clock.advance(10)
    assert "is too big for a photo" in await refusal(ptb.send_photo(chat, png(extra=bytes(10 * MB))))
    assert await refusal(ptb.send_photo(chat, png(), caption="x" * 1_025)) == "Message caption is too long"
    assert (await refusal(ptb.send_photo(chat, "unknown-id"))).startswith("Wrong remote file identifier specified")


async def test_several_pictures_go_out_as_an_album(telegram: TelegramPeer, ptb: Bot) -> None:
    chat = telegram.direct("Ann").id

    sent = await ptb.send_media_group(chat, [InputMediaPhoto(png(), caption="first"), InputMediaPhoto(png(8, 8))])

    seen = telegram.seen_by("Ann", telegram.direct("Ann"))
    assert [(each.text, each.photo) for each in seen] == [("first", png()), ("", png(8, 8))]
    assert sent[0].media_group_id == sent[1].media_group_id
    document = InputMediaDocument(b"x", filename="x.txt")
    assert await refusal(ptb.send_media_group(chat, [document, InputMediaPhoto(png())])) == (
        "Can't use the media of the specified type in the album"
    )
    assert await refusal(ptb.send_media_group(chat, [document])) == ("Too few messages to send as an album")


async def test_what_a_person_uploads_can_be_fetched(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.upload("Ann", telegram.direct("Ann"), "deals.csv", b"a,b\n", "here")
    await telegram.upload("Ann", telegram.direct("Ann"), "card.jpg", jpeg(), as_photo=True)
    document, photo = (update.message for update in await ptb.get_updates())
    assert document is not None
    assert document.document is not None
    assert photo is not None

    first, second = await ptb.get_file(document.document.file_id), await ptb.get_file(photo.photo[-1].file_id)

    assert (document.caption, document.document.file_name) == ("here", "deals.csv")
    assert await first.download_as_bytearray() == b"a,b\n"
    assert await second.download_as_bytearray() == jpeg()
    assert (photo.photo[-1].width, photo.photo[-1].height) == (640, 480)
    assert str(second.file_path).endswith("/photos/file_2.jpg")
    assert first.file_path == f"{telegram.base_file_url}{telegram.world.bot.token}/documents/file_1.csv"


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.upload("Ann", telegram.direct("Ann"), "big.bin", bytes(20 * MB + 1))
    [update] = await ptb.get_updates()
    assert update.message is not None
    assert update.message.document is not None

    assert await refusal(ptb.get_file(update.message.document.file_id)) == "File is too big"
    assert await refusal(ptb.get_file("unknown")) == "Invalid file_id"


async def test_a_download_can_fail_and_be_cut(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.upload("Ann", telegram.direct("Ann"), "deals.csv", b"a,b\n" * 1_000)
    [update] = await ptb.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await ptb.get_file(update.message.document.file_id)

    telegram.faults.fail_api("download", 502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await file.download_as_bytearray()
    telegram.faults.halve_answer("download")
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) == 4_000


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda peer: peer.faults.fail_api("sendMessage", 502), "Bad Gateway"),
        (lambda peer: peer.faults.cut_answer("sendMessage"), "RemoteProtocolError|ReadError"),
        (lambda peer: peer.faults.halve_answer("sendMessage"), "RemoteProtocolError|ReadError"),
        (lambda peer: peer.faults.slow_api(0.3, "sendMessage", 1), "Timed out"),
        (lambda peer: peer.faults.limit_api("sendMessage", 7), "Flood control exceeded"),
    ],
)
async def test_calls_fail_on_demand(telegram: TelegramPeer, ptb: Bot, fault: object, words: str) -> None:
    chat = telegram.direct("Ann")
    fault(telegram)  # type: ignore[operator]
    with pytest.raises(Exception, match=words) as refused:
        await ptb.send_message(chat.id, "x", read_timeout=0.1)
    await asyncio.sleep(0.01)

    was_done = len(telegram.seen_by("Ann", chat)) == 1
    assert was_done == (words not in ("Bad Gateway", "Flood control exceeded"))
    assert not isinstance(refused.value, BadRequest)
    telegram.faults.clear()
    assert await ptb.send_message(chat.id, "y")
