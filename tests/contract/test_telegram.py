"""What is special about Telegram: how updates come, what has no effect there, and what no text can do."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, func, select

from bot.app import Regatta
from bot.literals import JOINER
from bot.platforms.telegram.pieces import LONGEST_TEXT, Piece, shared_out, units
from bot.platforms.telegram.webhook import LONGEST_BODY
from bot.settings import SettingsError
from models.channels import Channel
from models.deals import Deal
from models.inbox import Delivery
from models.outbox import OutboxState, Post
from models.people import Identity
from models.questions import OpenForm
from models.unit import Unit
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.model import ANONYMOUS_ADMIN, CHANNEL_BOT, Chat
from tests.stages.logs import logged
from tests.stages.serving import served
from tests.stages.telegram import SECRET, TelegramStage, settings_of, settle
from tests.workspace import START, Record, StandingClock, commands_of

MIKE = "mike-davis"
LINE = "/deal@regatta_bot Globex 80k next Tuesday"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def stage(template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, behind a webhook."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as opened:
        yield opened


def deals(session: Session) -> int:
    """How many deals there are."""
    return session.exec(select(func.count()).select_from(Deal)).one()


def deliveries(session: Session) -> int:
    """How many deliveries were taken."""
    return session.exec(select(func.count()).select_from(Delivery)).one()


async def test_a_command_in_a_group_is_a_deal_and_undo_takes_it_back(stage: TelegramStage) -> None:
    before = stage.rows(deals)

    echo, *_ = await stage.say(MIKE, LINE, "us")
    pressed = await stage.peer.press(stage.users[MIKE], stage.seen(MIKE, echo), "Undo")
    await stage.peer.world.eventually(lambda: pressed.is_answered)

    assert "Globex" in echo["text"]
    assert "undo" in commands_of(echo)
    assert stage.rows(deals) == before + 1
    await stage.peer.world.eventually(lambda: "Taken back" in stage.seen(MIKE, echo).text)
    assert stage.seen(MIKE, echo).buttons == []


async def test_a_wrong_secret_is_401_and_does_nothing(stage: TelegramStage) -> None:
    await stage.say(MIKE, "my")
    [*_, attempt] = stage.peer.deliveries.attempts
    webhook = stage.peer.deliveries.webhook
    assert webhook is not None
    before = stage.rows(deals)
    update = attempt.body | {"update_id": 7, "message": attempt.body["message"] | {"text": "deal Globex 80k"}}

    async with httpx.AsyncClient() as client:
        wrong = [{}, {HEADER: ""}, {HEADER: SECRET + "x"}, {HEADER: "é".encode("latin-1")}]
        answers = [(await client.post(webhook.url, json=update, headers=each)).status_code for each in wrong]  # type: ignore[arg-type]
        nothing = stage.rows(deals) - before
        right = (await client.post(webhook.url, json=update, headers={HEADER: SECRET})).status_code

    assert answers == [401] * 4
    assert (nothing, right, stage.rows(deals) - before) == (0, 200, 1)


@pytest.mark.parametrize(
    ("body", "status"), [(b"x" * (LONGEST_BODY + 1), 413), (b"{", 400), (b"[]", 400), (b"7", 400), (b'"x"', 400)]
)
async def test_what_is_no_update_is_refused(stage: TelegramStage, body: bytes, status: int) -> None:
    webhook = stage.peer.deliveries.webhook
    assert webhook is not None

    async with httpx.AsyncClient() as client:
        answer = await client.post(webhook.url, content=body, headers={HEADER: SECRET})

    assert answer.status_code == status


async def test_an_empty_secret_does_not_start(template: Path, tmp_path: Path) -> None:
    async with TelegramPeer.opened() as peer:
        settle(template, tmp_path / "telegram.db", peer)

        with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET is empty"):
            Regatta(settings_of(tmp_path / "telegram.db", peer, telegram_webhook_secret=""), StandingClock(START))


async def test_a_public_address_is_registered_as_the_webhook(template: Path, tmp_path: Path) -> None:
    async with TelegramPeer.opened() as peer:
        settle(template, tmp_path / "telegram.db", peer)
        address = "https://regatta.example.com/"
        settings = settings_of(tmp_path / "telegram.db", peer, regatta_public_url=address)

        async with served(Regatta(settings, StandingClock(START))):
            await peer.world.eventually(lambda: peer.deliveries.webhook)

        webhook = peer.deliveries.webhook
        assert webhook is not None
        assert (webhook.url, webhook.secret) == ("https://regatta.example.com/telegram/webhook", SECRET)


async def test_the_same_update_again_is_one_deal(stage: TelegramStage) -> None:
    before = stage.rows(deals)
    await stage.say(MIKE, LINE, "us")
    taken = stage.rows(deliveries)

    again = [await stage.peer.deliveries.repeat(stage.peer.deliveries.attempts[-1]) for _ in range(3)]

    assert [attempt.status for attempt in again] == [200] * 3
    assert (stage.rows(deals), stage.rows(deliveries)) == (before + 1, taken)


async def test_an_edited_command_has_no_second_effect(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]
    typed = await stage.peer.say(user, stage.place(MIKE, "us"), LINE)

    await stage.peer.edit(user, typed, LINE.replace("80k", "90k"))
    await stage.peer.deliveries.settle()

    assert stage.rows(deals) == before + 1


async def test_an_anonymous_administrator_and_a_channel_have_no_effect(stage: TelegramStage) -> None:
    before, user, group = stage.rows(deals), stage.users[MIKE], stage.place(MIKE, "us")
    news = stage.peer.world.add_channel("News", [user], owner=user)
    for account in (ANONYMOUS_ADMIN, CHANNEL_BOT):  # even if somebody was linked to them by mistake
        await asyncio.wrap_future(stage.regatta.store.write(partial(_link, stage, account)))

    await stage.peer.say(user, group, LINE, as_channel=news)
    await stage.peer.promote(user, user, group, is_anonymous=True)
    await stage.peer.say(user, group, LINE)
    await stage.peer.deliveries.settle()

    assert stage.rows(deals) == before


async def test_a_command_to_another_bot_has_no_effect(stage: TelegramStage) -> None:
    before = stage.rows(deals)

    assert await stage.say(MIKE, LINE.replace("regatta_bot", "other_bot"), "us") == []
    assert stage.rows(deals) == before


async def test_a_mention_of_the_bot_carries_chinese_commands(stage: TelegramStage) -> None:
    before = stage.rows(deals)

    await stage.say(MIKE, "@regatta_bot 报单 Globex 8万 下周三", "us")

    assert stage.rows(deals) == before + 1


async def test_a_stranger_is_told_so_and_does_nothing(stage: TelegramStage) -> None:
    before = stage.rows(deals)
    sue = stage.peer.world.add_user("Sue")

    await stage.peer.start(sue)
    await stage.peer.say(sue, stage.peer.direct(sue), "deal Globex 80k")
    await stage.peer.world.eventually(lambda: len(stage.peer.seen_by(sue, stage.peer.direct(sue))) == 4)

    assert "I do not know you yet" in stage.peer.seen_by(sue, stage.peer.direct(sue))[-1].text
    assert stage.rows(deals) == before


async def test_polling_confirms_only_what_is_committed(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramStage.opened(template, path, polling=True) as stage:
        before = stage.rows(deals)
        await stage.say(MIKE, LINE, "us")
        after = stage.rows(deals)

    assert after == before + 1


async def test_what_was_not_committed_comes_again_after_a_restart(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        users = settle(template, path, peer)
        first = Regatta(settings_of(path, peer, polling=True), StandingClock(START))
        with logged():
            async with served(first):
                before = first.store.read(deals)
                first.store.close()  # the disk is gone: nothing can be committed any more
                await peer.say(users[MIKE], peer.direct(users[MIKE]), "deal Globex 80k next Tuesday")
                await peer.world.eventually(lambda: len(peer.deliveries.attempts) == 1)
        waiting = len(peer.updates.pending())

        second = Regatta(settings_of(path, peer, polling=True), StandingClock(START))
        async with served(second):
            await peer.deliveries.settle()
            after = second.store.read(deals)

    assert (waiting, after) == (1, before + 1)


HOSTILE = (
    "<b>bold</b> & &amp; <a href='https://x.com'>", "@ann_sales @regatta_bot", "https://evil.com/x?a=b", "evil.com",
    "tg://user?id=1", "/undo@regatta_bot", "#won $ACME", "a@b.com", "__x__ *y* `z` [w](https://v.com)",
    "公司.中国", "3.14.com", "</code></pre>", "<tg-spoiler>",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
async def test_any_text_is_shown_as_the_same_literal(stage: TelegramStage, words: str) -> None:
    user = stage.users[MIKE]
    chat = stage.peer.direct(user)
    part = shared_out([Piece("say: "), Piece(words)])[0]

    await stage.regatta.delivery._platforms["telegram"].bot.send_message(  # type: ignore[attr-defined]
        chat.id, "".join(piece.html for piece in part), parse_mode="HTML"
    )

    seen = stage.peer.seen_by(user, chat)[-1]
    assert seen.text.replace(JOINER, "") == f"say: {words}"
    assert (seen.links, seen.mentions, seen.calls, seen.spans) == ([], [], [], [])


@pytest.mark.parametrize("text", ["a" * 13_000, "😀" * 5_000, "字" * 4_097, "line one\n" * 900, "<&>" * 3_000])
def test_a_long_text_is_cut_into_whole_parts(text: str) -> None:
    parts = shared_out([Piece("head", "bold"), Piece(text), Piece("end", "code")])

    assert all(units("".join(piece.text for piece in part)) <= LONGEST_TEXT for part in parts)
    assert "".join(piece.text for part in parts for piece in part).replace(JOINER, "") == f"head{text}end"


async def test_the_menu_shows_the_commands_in_the_readers_language(stage: TelegramStage) -> None:
    peer = stage.peer
    chinese = peer.world.add_user("Hua", language_code="zh")
    await peer.world.eventually(lambda: ("default", "zh") in peer.world.commands)

    assert peer.commands_for(stage.users[MIKE], peer.direct(stage.users[MIKE]))["undo"]
    assert peer.commands_for(chinese, peer.direct(chinese))["help"] == "看看可以怎么说"


def open_forms(session: Session) -> int:
    return len(session.exec(select(OpenForm)).all())


async def form_of(stage: TelegramStage) -> Record:
    """The form behind the bare command word, with an account that is not asked for by the bot's own words."""
    (form,) = await stage.say(MIKE, "deal")
    return form


async def test_a_form_asks_one_question_after_the_other(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]
    chat = stage.peer.direct(user)
    form = await form_of(stage)
    names = [field["name"] for field in form["form"]["fields"]]

    values = {"account": "Initrode", "amount": "30k", "close_date": "2026-12-04"}
    await stage.press(MIKE, form, "deal", {name: value for name, value in values.items() if name in names})

    assert stage.rows(deals) == before + 1
    questions = [one for one in stage.peer.seen_by(user, chat) if one.standing_out("bold")]
    assert [one.buttons for one in questions] == [[]] * len(questions), "nothing is left to press"
    assert any("Initrode" in one.text for one in questions)


async def test_a_form_goes_on_after_a_restart(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        users = settle(template, path, peer)
        user = users[MIKE]
        chat = peer.direct(user)
        async with served(Regatta(settings_of(path, peer, polling=True), StandingClock(START))) as _:
            await peer.say(user, chat, "deal")
            await peer.world.eventually(lambda: peer.seen_by(user, chat)[-1].text.startswith("Account:"))

        async with served(Regatta(settings_of(path, peer, polling=True), StandingClock(START))):
            await peer.say(user, chat, "Initrode")
            await peer.world.eventually(lambda: peer.seen_by(user, chat)[-1].text.startswith("Amount:"))

        assert any(one.text == "Account: Initrode" for one in peer.seen_by(user, chat))


async def test_what_is_typed_before_its_question_is_there_is_no_answer_and_is_done(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]
    chat = stage.peer.direct(user)

    def questions() -> int:
        return sum(one.text.startswith("Account:") for one in stage.peer.seen_by(user, chat))

    stage.peer.faults.slow_api(0, "sendMessage", times=1)  # the form
    stage.peer.faults.fail_api("sendMessage", 502)  # its first question
    await stage.peer.say(user, chat, "deal")
    await stage.peer.world.eventually(lambda: stage.rows(open_forms))
    await stage.peer.say(user, chat, "deal Globex 80k next Tuesday")
    await stage.peer.world.eventually(lambda: stage.rows(deals) == before + 1)
    early = questions()
    await stage.peer.world.eventually(questions)

    assert early == 0, "the deal was typed first"
    assert questions() == 1


async def test_cancel_ends_a_form_and_a_slash_still_commands(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]
    chat = stage.peer.direct(user)
    await form_of(stage)
    asked = stage.peer.world.eventually(lambda: [one for one in stage.peer.seen_by(user, chat) if one.buttons])
    question = (await asked)[-1]

    await stage.say(MIKE, "/my")
    await stage.peer.press(user, question, "Cancel")
    await stage.peer.world.eventually(lambda: "Cancelled" in stage.peer.now(question).text)
    await stage.say(MIKE, "deal Globex 80k next Tuesday")

    assert stage.rows(deals) == before + 1


async def test_somebody_who_never_pressed_start_gets_no_private_answer_and_nothing_waits(stage: TelegramStage) -> None:
    user = stage.users[MIKE]
    stage.peer.direct(user).started = False

    replies = await stage.say(MIKE, "/deal@regatta_bot", "us")

    assert replies == []
    dead = stage.rows(lambda session: session.exec(select(Post).where(Post.state == OutboxState.DEAD)).one())
    assert "can't initiate conversation" in dead.error


async def group_of(stage: TelegramStage) -> Chat:
    """A small group where the region's channel stands now, with one deal in it."""
    user, peer = stage.users[MIKE], stage.peer
    small = peer.world.add_group("Small", [user], owner=user)
    await asyncio.wrap_future(stage.regatta.store.write(lambda unit: _stand(unit, "us", str(small.id))))
    await peer.say(user, small, LINE)
    await peer.world.eventually(lambda: len(peer.seen_by(user, small)) == 2)
    return small


async def test_a_group_that_became_a_supergroup_goes_on_there(stage: TelegramStage) -> None:
    user, peer = stage.users[MIKE], stage.peer
    small, before = await group_of(stage), stage.rows(deals)

    new = await peer.migrate(user, small)
    await peer.say(user, new, LINE.replace("Globex", "Initech"))
    await peer.world.eventually(lambda: any("Initech" in one.text and one.buttons for one in peer.seen_by(user, new)))

    assert stage.rows(deals) == before + 1
    assert stage.rows(place_of) == str(new.id)


async def test_a_group_whose_move_was_never_told_is_followed_when_something_is_sent(stage: TelegramStage) -> None:
    user, peer = stage.users[MIKE], stage.peer
    small = await group_of(stage)
    new = peer.world.add_supergroup("Small", [user])
    small.upgraded_to = new.id

    outgoing = await peer.press(user, peer.seen_by(user, small)[1], "Undo")
    await peer.world.eventually(lambda: outgoing.is_answered and stage.rows(place_of) == str(new.id))


def place_of(session: Session) -> str:
    """Where the region's channel stands."""
    return session.get_one(Channel, "us").external_id


def _link(stage: TelegramStage, account: int, unit: Unit) -> None:
    workspace = str(stage.peer.world.bot.user.id)
    unit.add(Identity(platform="telegram", workspace=workspace, user_id=str(account), person_id=MIKE))


def _stand(unit: Unit, channel: str, place: str) -> None:
    unit.get_one(Channel, channel).external_id = place
