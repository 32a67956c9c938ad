"""Files in Slack: an administrator drops a table in the direct chat, and rows that come with an answer are a file."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from yarl import URL

from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.doors import Doors
from bot.platforms.slack.files import is_slacks
from handlers.importing.sheets import MOST_BYTES
from models.context import Context
from models.dropped import DroppedFile
from models.message import Attachment, Message, says
from models.outbox import Post
from models.people import Person
from models.text import Text
from models.unit import Unit
from tests.contract.test_import import PEOPLE
from tests.peers.slack.events import message_event
from tests.peers.slack.model import ALL_SCOPES
from tests.stages.slack import SlackStage
from tests.workspace import Record

INES, SARAH, MIKE = "ines-keller", "sarah-johnson", "mike-davis"


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


def kept(slack: SlackStage) -> list[DroppedFile]:
    return list(slack.rows(lambda session: session.exec(select(DroppedFile)).all()))


async def content_of(slack: SlackStage, attachment: Record) -> str:
    """A file as somebody of the workspace reads it."""
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {slack.peer.world.app.bot_token}"}) as client:
        return (await client.get(attachment["url"])).content.decode("utf-8-sig")


def shared(slack: SlackStage, person: str) -> list[str]:
    """The files that the bot shared with somebody, by name."""
    user = slack.users[person]
    seen = slack.peer.seen_by(user, slack.peer.direct(user))
    return [name for one in seen if one.user != user.id for name in one.files]


def last(slack: SlackStage, person: str) -> str:
    user = slack.users[person]
    return slack.peer.seen_by(user, slack.peer.direct(user))[-1].text


async def test_a_file_dropped_in_slack_is_shown_first_and_imported_by_one_tap(slack: SlackStage) -> None:
    (found,) = await slack.drop(INES, "people.csv", PEOPLE)
    before = slack.rows(lambda session: session.get(Person, "nora-berg"))

    done = (await slack.press(INES, found, "import"))[-1]
    rest = await content_of(slack, done["attachment"])

    assert found["text"].splitlines()[:2] == [
        "people.csv: 2 rows",
        "people, read as people: 姓名 → Name, 职位 → Rank, 大区 → Region, E-mail → Work e-mail",
    ]
    assert "Row 3: 职位: “boss” is not a rank; there is rep or manager or HQ or admin." in found["text"]
    assert found["table"]["rows"] == [["people", "1", "0", "0", "1"]]
    assert found["buttons"][0]["label"] == "Import 1 row"
    assert before is None, "looking writes nothing"
    assert slack.rows(lambda session: session.get(Person, "nora-berg")).region_id == "de"
    assert done["attachment"]["name"] == "people.not-taken.csv"
    assert rest.splitlines()[1] == (
        "Olaf Ruud,boss,DACH,olaf@m.example,职位: “boss” is not a rank; there is rep or manager or HQ or admin."
    )
    assert shared(slack, INES) == ["people.not-taken.csv"]
    assert kept(slack) == [], "the file is forgotten"


async def test_a_file_comes_over_socket_mode_too(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=True) as stage:
        (found,) = await stage.drop(INES, "people.csv", PEOPLE)

    assert found["text"].startswith("people.csv: 2 rows")


async def test_a_file_of_somebody_else_is_refused_and_not_fetched(slack: SlackStage) -> None:
    slack.peer.faults.fail_api("files-pri", status=500)

    (refused,) = await slack.drop(SARAH, "people.csv", PEOPLE)

    assert refused["text"].startswith("This is only for: administrator")
    assert kept(slack) == []
    assert slack.peer.faults.of_call("files-pri") is not None, "nobody asked for it"


async def test_a_file_in_a_channel_is_nobody_s_business(slack: SlackStage) -> None:
    slack.peer.channel("us").members.append(slack.users[INES].id)
    slack.peer.faults.fail_api("files-pri", status=500)

    replies = await slack.drop(INES, "people.csv", PEOPLE, "us")

    await slack.peer.upload(slack.users[INES], slack.peer.channel("us"), "people.csv", PEOPLE, "the list of today")

    assert replies == []
    assert kept(slack) == []
    assert slack.peer.faults.of_call("files-pri") is not None, "nobody asked for it"


@pytest.mark.parametrize(("person", "name"), [(INES, "card.png"), (MIKE, "card.png"), (MIKE, "people.csv")])
async def test_words_beside_a_picture_stay_words(slack: SlackStage, person: str, name: str) -> None:
    user = slack.users[person]
    await slack.peer.upload(user, slack.peer.direct(user), name, b"\x89PNG", "help deal")
    await slack.settled()
    with_it = last(slack, person)
    (without,) = await slack.say(person, "help deal")

    assert with_it.splitlines()[0] == without["text"].splitlines()[0].replace("`", "")


async def test_a_file_that_is_no_table_is_named_as_one(slack: SlackStage) -> None:
    (refused,) = await slack.drop(INES, "x.pdf", b"%PDF")

    assert refused["text"] == "x.pdf is no table that I can read; save it as .xlsx or .csv."


@pytest.mark.parametrize("said", [None, 10], ids=["as Slack says", "as it turns out"])
async def test_a_file_that_is_too_large_is_not_read_to_its_end(slack: SlackStage, said: int | None) -> None:
    user = slack.users[INES]
    content = b"name,rank\n" + b"x" * MOST_BYTES
    if said is None:
        slack.peer.faults.fail_api("files-pri", status=500)

    await slack.peer.upload(user, slack.peer.direct(user), "big.csv", content, said_size=said)

    assert last(slack, INES) == "big.csv is larger than 20 MB; send it in parts."
    assert (slack.peer.faults.of_call("files-pri") is None) == (said is not None)
    assert kept(slack) == []


@pytest.mark.parametrize("fault", ["fail_api", "cut_answer", "halve_answer", "no scope"])
async def test_a_file_that_does_not_come_through_is_a_sentence(slack: SlackStage, fault: str) -> None:
    if fault == "no scope":
        slack.peer.world.app.scopes = set(ALL_SCOPES - {"files:read"})
    else:
        getattr(slack.peer.faults, fault)("files-pri", times=2)  # the library asks again after a lost connection
    user = slack.users[INES]

    await slack.peer.upload(user, slack.peer.direct(user), "people.csv", PEOPLE)

    assert last(slack, INES).startswith("people.csv did not come through, so nothing was done. Drop it again")
    assert kept(slack) == []


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/people.csv", True),
        ("https://slack.com/people.csv", True),
        ("http://files.slack.com/people.csv", False),
        ("https://files.slack.com:8443/people.csv", False),
        ("https://notslack.com/people.csv", False),
        ("https://slack.com.example/people.csv", False),
        ("https://slack.com@example.com/people.csv", False),
    ],
)
def test_the_token_goes_to_slack_alone(*, address: str, counts: bool) -> None:
    assert is_slacks(URL(address), URL("https://slack.com/api/")) is counts


@pytest.mark.parametrize("address", ["http://localhost:{port}{path}", "people.csv", ""])
async def test_a_file_is_fetched_from_slack_alone(slack: SlackStage, address: str) -> None:
    user, world = slack.users[INES], slack.peer.world
    await slack.drop(SARAH, "people.csv", PEOPLE)
    (upload,) = world.uploads.values()
    file = world.file_wire(upload, slack.peer.base)
    there = URL(file["url_private_download"])  # the same server by another name would serve it
    file["url_private_download"] = address.format(port=there.port, path=there.raw_path_qs)
    message = world.post(slack.peer.direct(user), user.id, "")
    event = message_event(world, message, slack.peer.base) | {"subtype": "file_share", "files": [file]}

    await slack.peer.emit(event)

    assert last(slack, INES).startswith("people.csv did not come through")


async def test_two_files_at_once_are_not_guessed_at(slack: SlackStage) -> None:
    user, world = slack.users[INES], slack.peer.world
    one = await slack.peer.upload(user, slack.peer.direct(user), "x.pdf", b"%PDF")
    await slack.settled()
    file = world.file_wire(next(each for each in world.uploads.values() if each.name == "x.pdf"), slack.peer.base)
    message = world.post(slack.peer.direct(user), user.id, "")
    files = [file | {"name": "a.csv"}, file | {"name": "b.csv"}]

    await slack.peer.emit(message_event(world, message, slack.peer.base) | {"subtype": "file_share", "files": files})
    await slack.settled()

    assert one.files == ["x.pdf"]
    assert last(slack, INES).startswith("Send one file at a time")


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["fail_api", "cut_answer", "halve_answer", "limit_api"])
async def test_after_a_fault_in_the_middle_the_file_is_there_once(slack: SlackStage, method: str, fault: str) -> None:
    (found,) = await slack.drop(INES, "people.csv", PEOPLE)
    getattr(slack.peer.faults, fault)(method)
    user = slack.users[INES]

    slack.peer.clock.advance(20)
    await slack.peer.press(user, slack.peer.seen_by(user, slack.peer.direct(user))[-1], found["buttons"][0]["label"])
    await slack.settled(backing_off=True)

    said = [one["text"] for one in await slack.read(INES)]
    assert shared(slack, INES) == ["people.not-taken.csv"]
    assert len([text for text in said if "✓ Imported people.csv" in text]) == 1
    assert not any("may be a repeat" in text for text in said)


async def test_a_message_with_a_file_gets_a_new_face_and_keeps_the_file(slack: SlackStage) -> None:
    def write(unit: Unit) -> None:
        context = Context(unit, slack.clock.now(), "test", lambda: "id")
        if (post := unit.exec(select(Post).where(Post.card == "test")).first()) is None:
            rows = Attachment("rows.csv", (("name",), ("=Nora",)))
            context.post(f"dm-{INES}", Message((Text("Before"),), attachment=rows), card="test")
        else:
            context.replace(post, says(Text("After")))

    for _ in range(2):
        slack.peer.clock.advance(20)
        slack.regatta.store.write(write).result()
        slack.regatta.delivery.wake()
        await slack.settled()

    after = next(one for one in await slack.read(INES) if one["text"] == "After")
    assert after["edited"]
    assert "chat.delete" not in [method for method, _ in slack.peer.api.calls]
    assert after["attachment"]["name"] == "rows.csv"
    assert await content_of(slack, after["attachment"]) == "name\r\n'=Nora\r\n"
    assert shared(slack, INES) == ["rows.csv"]


async def test_a_file_stays_known_although_the_longer_face_of_its_message_failed_in_the_middle(
    slack: SlackStage,
) -> None:
    def write(unit: Unit) -> None:
        context = Context(unit, slack.clock.now(), "test", lambda: "id")
        if (post := unit.exec(select(Post).where(Post.card == "test")).first()) is None:
            rows = Attachment("rows.csv", (("name",), ("Nora",)))
            context.post(f"dm-{INES}", Message((Text("Before"),), attachment=rows), card="test")
        else:
            context.replace(post, says(Text("{words}", words="After " * 3_000)))

    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled()
    slack.regatta.store.write(write).result()
    slack.peer.faults.limit_api("chat.postMessage")
    slack.regatta.delivery.wake()
    await slack.settled(backing_off=True)

    first = slack.rows(lambda session: session.exec(select(Post).where(Post.card == "test")).first())
    assert len(first.part_ids) > 2
    assert [part.startswith("file:") for part in first.part_ids].count(True) == 1


@pytest.mark.parametrize("fault", ["fail_api", "cut_answer"])
async def test_a_file_for_one_person_among_others_goes_to_their_direct_chat_once(slack: SlackStage, fault: str) -> None:
    def write(unit: Unit) -> None:
        context = Context(unit, slack.clock.now(), "test", lambda: "id")
        rows = Attachment("rows.csv", (("name",), ("Nora",)))
        context.post("us", Message((Text("Yours alone"),), attachment=rows), visible_to=MIKE)

    getattr(slack.peer.faults, fault)("files.completeUploadExternal")
    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    await slack.settled(backing_off=True)

    assert [one["text"] for one in await slack.read(MIKE, "us")].count("Yours alone") == 1
    assert shared(slack, MIKE) == ["rows.csv"]
    assert not any(one.files for one in slack.peer.seen_by(slack.users[SARAH], "us"))


async def test_without_the_scope_the_words_stand_without_the_file(slack: SlackStage) -> None:
    (found,) = await slack.drop(INES, "people.csv", PEOPLE)
    slack.peer.world.app.scopes = set(ALL_SCOPES - {"files:write"})

    done = (await slack.press(INES, found, "import"))[-1]

    assert done["text"].startswith("✓ Imported people.csv")
    assert done["attachment"] is None


async def test_a_file_that_comes_slowly_is_not_acknowledged_before_it_is_taken_and_is_read_once(
    slack: SlackStage,
) -> None:
    slack.wait_at_most(0.1)
    slack.peer.faults.slow_api(0.5, "files-pri")

    user = slack.users[INES]
    await slack.peer.upload(user, slack.peer.direct(user), "people.csv", PEOPLE)
    await slack.peer.world.eventually(lambda: last(slack, INES).startswith("people.csv: 2 rows"))
    slack.peer.clock.advance(60)
    await slack.peer.deliveries.settle()

    files = [one for one in slack.peer.deliveries.attempts if one.body.get("event", {}).get("files")]
    assert [one.answer.ok for one in files if one.answer] == [False, False, True]
    assert len(kept(slack)) == 1
    assert sum(one["text"].startswith("people.csv") for one in await slack.read(INES)) == 1
    assert slack.peer.faults.api[-1].times == 1_000_000 - 1, "it was fetched once"


async def test_a_press_is_acknowledged_in_time_although_slack_takes_long_to_open_its_form(
    slack: SlackStage,
) -> None:
    (connection,) = slack.regatta.connections.values()
    assert isinstance(connection, SlackConnection)
    connection.platform.doors = Doors(monotonic=count(0, 10).__next__)  # no trigger is young enough
    (form,) = await slack.say(MIKE, "/deal 80k close Friday", "us")
    asks = slack._message(slack.users[MIKE], form)
    slack.wait_at_most(0.1, slack=0.4)
    slack.peer.faults.slow_api(1.0, "views.open")

    answer = await slack.peer.press(slack.users[MIKE], asks, asks.buttons[0].action_id)
    await slack.peer.world.eventually(lambda: slack.peer.modals(slack.users[MIKE]))

    assert answer.ok
