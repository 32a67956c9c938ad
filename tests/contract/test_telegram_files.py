"""Files in Telegram: a spreadsheet that an administrator sends, and the rows that come back as a file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.platforms.telegram import files
from handlers.importing.sheets import MOST_BYTES
from models.context import Context
from models.dropped import DroppedFile
from models.message import Attachment, Message
from models.outbox import Post
from models.people import Person
from models.text import Text, Value
from models.unit import Unit
from tests.peers.telegram.reading import Seen
from tests.stages.telegram import TelegramStage
from tests.workspace import START

INES, SARAH = "ines-keller", "sarah-johnson"
PEOPLE = "姓名,职位,大区,E-mail\nNora Berg,rep,DACH,nora@m.example\nOlaf Ruud,boss,DACH,olaf@m.example\n".encode()


@pytest.fixture
async def stage(template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, behind a webhook."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as opened:
        yield opened


def kept(session: Session) -> list[DroppedFile]:
    """The files that wait for their import."""
    return list(session.exec(select(DroppedFile)).all())


def fetched(stage: TelegramStage) -> int:
    """How often the bot asked for a file."""
    return [name for name, _ in stage.peer.api.calls].count("getFile")


def group(stage: TelegramStage) -> list[Seen]:
    """What stands in the group."""
    return stage.peer.seen_by(stage.users[SARAH], stage.place(SARAH, "us"))


async def post(stage: TelegramStage, message: Message) -> int:
    """Let the bot say something in the group."""

    def write(unit: Unit) -> int:
        return Context(unit, START, "said", lambda: "id").post("us", message).id or 0

    found = await asyncio.wrap_future(stage.regatta.store.write(write))
    stage.regatta.delivery.wake()
    await stage.settled()
    return found


def with_file(words: str, *cells: str) -> Message:
    """Words with a file below them."""
    rows: tuple[tuple[Value, ...], ...] = ((Text("Name"),), *((cell,) for cell in cells))
    return Message((Text("{words}", words=words),), attachment=Attachment("rest.csv", rows))


LONG = " ".join(f"word{number}" for number in range(1_000))
"""Three messages of Telegram's."""


async def test_a_file_dropped_in_chat_is_shown_first_and_imported_by_one_tap(stage: TelegramStage) -> None:
    (shown,) = await stage.drop(INES, "people.csv", PEOPLE)
    before = stage.rows(lambda session: session.get(Person, "nora-berg"))

    replies = await stage.press(INES, shown, "import")
    done = replies[-1]

    assert shown["text"].splitlines()[:2] == [
        "people.csv: 2 rows",
        "people, read as people: 姓名 → Name, 职位 → Rank, 大区 → Region, E-mail → Work e-mail",
    ]
    assert "Row 3: 职位: “boss” is not a rank; there is rep or manager or HQ or admin." in shown["text"]
    assert shown["buttons"][0]["label"] == "Import 1 row"
    assert shown["attachment"] is None
    assert before is None, "looking writes nothing"
    assert stage.rows(lambda session: session.get(Person, "nora-berg")).region_id == "de"
    assert done["attachment"]["name"] == "people.not-taken.csv"
    rest = done["attachment"]["content"].decode("utf-8-sig")
    assert (
        rest.splitlines()[1]
        == "Olaf Ruud,boss,DACH,olaf@m.example,职位: “boss” is not a rank; there is rep or manager or HQ or admin."
    )
    assert stage.rows(kept) == [], "the file is forgotten"


async def test_only_an_administrator_makes_the_bot_download(stage: TelegramStage) -> None:
    (refused,) = await stage.drop(SARAH, "people.csv", PEOPLE)
    stranger = stage.peer.world.add_user("Eve")
    chat = stage.peer.direct(stranger)
    chat.started = True
    await stage.peer.upload(stranger, chat, "people.csv", PEOPLE)
    await stage.peer.upload(stage.users[INES], stage.place(INES, "hq"), "people.csv", PEOPLE, "our people")
    await stage.peer.deliveries.settle()
    await stage.peer.world.eventually(lambda: len(stage.peer.seen_by(stranger, chat)) == 2)

    assert refused["text"].startswith("This is only for: administrator")
    assert stage.peer.seen_by(stranger, chat)[-1].text.startswith("I do not know you yet")
    assert fetched(stage) == 0
    assert stage.rows(kept) == []


async def test_words_beside_somebody_elses_file_are_read_as_words(stage: TelegramStage) -> None:
    user = stage.users[SARAH]
    await stage.peer.upload(user, stage.place(SARAH, None), "offer.pdf", b"%PDF", "deal Globex 80k next Tuesday")
    await stage.peer.deliveries.settle()
    await stage.settled()

    assert any("D-" in one.text and "Globex" in one.text for one in stage.peer.seen_by(user, stage.place(SARAH, None)))
    assert fetched(stage) == 0


async def test_a_file_that_is_too_large_is_not_fetched(stage: TelegramStage) -> None:
    (refused,) = await stage.drop(INES, "people.csv", bytes(MOST_BYTES + 1))

    assert refused["text"] == "people.csv is larger than 20 MB; send it in parts."
    assert fetched(stage) == 0
    assert stage.rows(kept) == []


@pytest.mark.parametrize("fault", ["lost", "gone", "slow"])
async def test_a_file_that_cannot_be_fetched_is_said_to_the_person(
    stage: TelegramStage, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "lost":
        stage.peer.faults.cut_answer("download")
    elif fault == "gone":
        stage.peer.faults.fail_api("getFile", status=500)
    else:
        monkeypatch.setattr(files, "WITHIN_SECONDS", 0.2)
        stage.peer.faults.slow_api(2, "download", times=1)

    (refused,) = await stage.drop(INES, "people.csv", PEOPLE)

    assert refused["text"] == "people.csv could not be fetched from Telegram; send it again."
    assert stage.rows(kept) == []
    (shown,) = await stage.drop(INES, "people.csv", PEOPLE)
    assert shown["text"].startswith("people.csv: 2 rows")


async def test_a_file_does_not_answer_an_open_question(stage: TelegramStage) -> None:
    await stage.say(INES, "setup region")

    *_, shown = await stage.drop(INES, "people.csv", PEOPLE)

    assert shown["text"].startswith("people.csv: 2 rows")


async def test_a_file_comes_once_after_the_last_part(stage: TelegramStage) -> None:
    stage.peer.faults.limit_api("sendDocument", retry_after=5, times=2)

    await post(stage, with_file(LONG, "Olaf"))

    *words, file = group(stage)
    assert " ".join(one.text for one in words) == LONG
    assert (file.file_name, file.text) == ("rest.csv", "")
    assert file.content is not None
    assert file.content.decode("utf-8-sig").splitlines() == ["Name", "Olaf"]


async def test_a_file_that_may_have_arrived_says_so_and_the_words_do_not_come_again(stage: TelegramStage) -> None:
    stage.peer.faults.cut_answer("sendDocument")

    await post(stage, with_file("Hello", "Olaf"))

    assert [one.file_name for one in group(stage)] == [None, "rest.csv", "rest.csv"]
    assert group(stage)[0].text == "Hello"
    assert group(stage)[2].text.startswith("This may be a repeat")


@pytest.mark.parametrize("words", ["Hello", LONG], ids=["short", "long"])
async def test_a_new_face_has_its_own_file_or_none(stage: TelegramStage, words: str) -> None:
    first = await post(stage, with_file(words, "Olaf"))

    async def change(message: Message) -> None:
        def write(unit: Unit) -> None:
            Context(unit, START, "said", lambda: "id").replace(unit.get_one(Post, first), message)

        await asyncio.wrap_future(stage.regatta.store.write(write))
        stage.regatta.delivery.wake()
        await stage.settled()

    await change(with_file("Bye", "Nora"))
    seen = group(stage)
    await change(Message((Text("Nothing left"),)))

    assert [one.text for one in seen] == ["Bye", ""]
    assert seen[1].content is not None
    assert seen[1].content.decode("utf-8-sig").splitlines() == ["Name", "Nora"]
    assert [(one.text, one.content) for one in group(stage)] == [("Nothing left", None)]
