"""A newcomer whose work address Slack has verified is asked whether it is them, and is in by one tap."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models.audit import AuditRow
from models.channels import Channel
from models.configuring import ConfigChange
from models.deals import Deal
from models.people import Identity, Person
from tests.contract.test_setup import claimed
from tests.peers.slack.model import LEAST_SCOPES, User
from tests.peers.slack.reading import Seen
from tests.stages.from_nothing import NewSlack

UNKNOWN = "I do not know you yet"
LINE = "deal Siemens 45k EUR"


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[NewSlack]:
    """Slack, and a company of one region and one rep who has no account yet; her address is written in capitals."""
    async with NewSlack.opened(tmp_path / "new.db") as stage:
        ines = await claimed(stage)
        await stage.say(ines, "setup company Meridian country GB")
        await stage.say(ines, "setup region DACH country DE")
        await stage.say(ines, "setup person Lin Xiao rep DACH Lin@Example.com")
        yield stage


def ines_of(slack: NewSlack) -> User:
    return next(user for user in slack.peer.world.users.values() if user.name == "ines")


def identities(slack: NewSlack) -> dict[str, str]:
    """Whose each account is, but for the administrator's."""
    found = slack.rows(lambda session: session.exec(select(Identity)).all())
    return {one.user_id: one.person_id for one in found if one.user_id != ines_of(slack).id}


def chat(slack: NewSlack, user: User) -> list[Seen]:
    return [one for one in slack.peer.seen_by(user, slack.peer.direct(user)) if one.user != user.id]


def deals(slack: NewSlack) -> list[Deal]:
    return list(slack.rows(lambda session: session.exec(select(Deal)).all()))


async def test_who_is_known_by_their_work_address_is_in_by_one_tap(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")

    (question,) = await slack.say(lin, LINE)
    before = identities(slack)
    done, welcome = await slack.press(lin, question, "That is me")
    logged = deals(slack)
    echo, *_ = await slack.say(lin, LINE)

    assert question.text.splitlines()[0] == "Are you Lin Xiao (lin@example.com)?"
    assert "nothing was done yet" in question.text
    assert before == {}
    assert identities(slack) == {lin.id: "lin-xiao"}
    assert (done.text, done.buttons) == ("✓ This account is linked: Lin Xiao.", [])
    assert welcome.text.startswith("You are linked: here you are Lin Xiao.")
    assert logged == [], "what was typed first is not executed"
    assert "Siemens" in echo.text


async def test_the_tap_is_audited_and_part_of_the_set_up(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")
    (question,) = await slack.say(lin, "hello")

    await slack.press(lin, question, "That is me")

    rows = slack.rows(lambda session: session.exec(select(AuditRow)).all())
    assert [(row.actor, row.action) for row in rows][-2:] == [
        (lin.id, "account.recognised"), ("lin-xiao", "account.linked"),
    ]  # fmt: skip
    changed = slack.rows(lambda session: session.exec(select(ConfigChange.kind, ConfigChange.actor)).all())
    assert [tuple(one) for one in changed][-2:] == [("identity", "lin-xiao"), ("channel", "lin-xiao")]
    (place,) = slack.rows(lambda session: session.exec(select(Channel).where(Channel.external_id == lin.id)).all())
    assert (place.person_id, place.name) == ("lin-xiao", "Lin Xiao")


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_who_speaks_in_a_channel_is_asked_in_the_direct_chat(slack: NewSlack, way: str) -> None:
    lin, line = slack.peer.world.add_user("lin"), "/deal Siemens 45k"
    lobby = slack.peer.world.add_channel("lobby", [lin])

    told = await slack.say(lin, line if way == "command" else f"<@{slack.peer.world.app.user_id}> my", lobby)
    (question,) = chat(slack, lin)
    await slack.press(lin, question, "That is me")

    assert [one.text.startswith("I asked you in our direct chat who you are") for one in told] == [True]
    assert told[0].is_ephemeral
    assert identities(slack) == {lin.id: "lin-xiao"}


async def test_who_says_something_to_others_in_a_channel_is_not_asked(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")
    lobby = slack.peer.world.add_channel("lobby", [lin])

    await slack.say(lin, "lunch?", lobby)

    assert chat(slack, lin) == []
    assert "users.info" not in [method for method, given in slack.peer.api.calls if given.get("user") == lin.id]


async def test_the_question_is_in_the_language_of_whom_it_is_about(slack: NewSlack) -> None:
    await slack.say(ines_of(slack), "setup person Chen Wei rep DACH wei@example.com language Chinese")
    wei = slack.peer.world.add_user("wei")

    (question,) = await slack.say(wei, "你好")

    assert question.text.splitlines()[0] == "你是 Chen Wei（wei@example.com）吗？"
    assert [button.label for button in question.buttons] == ["是我"]


async def _other_address(_: NewSlack) -> dict[str, Any]:
    return {"name": "eve"}


async def _two_of_the_address(slack: NewSlack) -> dict[str, Any]:
    def write(unit: Any) -> None:
        unit.get_one(Person, "twin").email = "LIN@example.com"

    await slack.say(ines_of(slack), "setup person Twin rep DACH twin@example.com")
    slack.regatta.store.write(write).result()
    return {"name": "lin"}


async def _has_an_account(slack: NewSlack) -> dict[str, Any]:
    lin = slack.peer.world.add_user("lin")
    (question,) = await slack.say(lin, "hello")
    await slack.press(lin, question, "That is me")
    return {"name": "lin-2"}


async def _has_left(slack: NewSlack) -> dict[str, Any]:
    def write(unit: Any) -> None:
        unit.get_one(Person, "lin-xiao").active = False

    slack.regatta.store.write(write).result()
    return {"name": "lin"}


async def _guest(_: NewSlack) -> dict[str, Any]:
    return {"name": "lin", "is_restricted": True}


async def _foreign(slack: NewSlack) -> dict[str, Any]:
    return {"name": "lin", "team": slack.peer.world.add_team("Other Company")}


async def _no_scope(slack: NewSlack) -> dict[str, Any]:
    slack.peer.world.app.scopes = set(LEAST_SCOPES - {"users:read.email"}) | {"im:history"}
    return {"name": "lin"}


async def _cannot_be_looked_up(slack: NewSlack) -> dict[str, Any]:
    slack.peer.faults.fail_api("users.info")
    return {"name": "lin"}


@pytest.mark.parametrize(
    "given",
    [_other_address, _two_of_the_address, _has_an_account, _has_left, _guest, _foreign, _no_scope,
     _cannot_be_looked_up],
)  # fmt: skip
async def test_whom_an_address_does_not_name_alone_hears_the_old_sentence(slack: NewSlack, given: Any) -> None:
    more = await given(slack)
    before = identities(slack)
    user = slack.peer.world.add_user(**more)
    user.email = user.email if user.name == "eve" else "lin@example.com"

    (answer,) = await slack.say(user, LINE)

    assert answer.text.startswith(UNKNOWN)
    assert answer.buttons == []
    assert identities(slack) == before


async def test_an_address_that_slack_has_not_verified_does_not_count(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")
    lin.is_email_confirmed = False

    (answer,) = await slack.say(lin, LINE)

    assert answer.text.startswith(UNKNOWN)


@pytest.mark.parametrize("whose", ["nobody's", "another's", "a colleague's"])
async def test_somebody_else_s_tap_on_a_copied_button_does_nothing(slack: NewSlack, whose: str) -> None:
    ines, lin = ines_of(slack), slack.peer.world.add_user("lin")
    await slack.say(ines, "setup person Eve Adams rep DACH eve@example.com")
    (question,) = await slack.say(lin, "hello")
    eve = ines if whose == "a colleague's" else slack.peer.world.add_user("eve" if whose == "another's" else "mallory")
    await slack.say(eve, "hello")
    copied = slack.peer.world.post(
        slack.peer.direct(eve), slack.peer.world.app.user_id, "", blocks=question.blocks, bot_id="B1"
    )

    await slack.peer.press(eve, copied, "That is me")
    await slack.settled()

    assert identities(slack) == {}
    assert [one.text for one in chat(slack, lin)] == [question.text]


async def test_the_address_is_asked_for_again_at_the_tap(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")
    (question,) = await slack.say(lin, "hello")
    lin.email = "lin@elsewhere.example"

    answers = await slack.press(lin, question, "That is me")

    assert [one.text[: len(UNKNOWN)] for one in answers] == [UNKNOWN]
    assert identities(slack) == {}


async def test_a_question_does_not_count_once_the_address_is_another_person_s(slack: NewSlack) -> None:
    def write(unit: Any) -> None:
        unit.get_one(Person, "lin-xiao").email = "lin@new.example"
        unit.get_one(Person, "eve-adams").email = "lin@example.com"

    await slack.say(ines_of(slack), "setup person Eve Adams rep DACH eve@example.com")
    lin = slack.peer.world.add_user("lin")
    (question,) = await slack.say(lin, "hello")
    slack.regatta.store.write(write).result()

    answers = await slack.press(lin, question, "That is me")

    assert [one.text[: len(UNKNOWN)] for one in answers] == [UNKNOWN]
    assert identities(slack) == {}


async def test_a_second_tap_says_that_it_is_done(slack: NewSlack) -> None:
    lin = slack.peer.world.add_user("lin")
    (question,) = await slack.say(lin, "hello")
    (again,) = await slack.say(lin, "hello?")
    copied = slack.peer.world.post(
        slack.peer.direct(lin), slack.peer.world.app.user_id, "", blocks=again.blocks, bot_id="B1"
    )
    await slack.press(lin, question, "That is me")

    await slack.peer.press(lin, copied, "That is me")
    await slack.settled()

    assert chat(slack, lin)[-1].text == "This account is linked already; nothing was done."
    assert [one.buttons for one in chat(slack, lin) if one.ts in (question.ts, again.ts)] == [[], []]
    assert identities(slack) == {lin.id: "lin-xiao"}
