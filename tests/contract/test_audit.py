"""The audit log says that something was done only where it was; what only asks back stands there as answered."""

import pytest
from sqlmodel import Session, col, select

from models.audit import AuditRow
from tests.workspace import Workspace, commands_of

pytestmark = pytest.mark.both_databases

MIKE, AMARA, INES = "mike-davis", "amara-okafor", "ines-keller"
MORNING = "2026-11-30T09:05-05:00"


def newest(workspace: Workspace) -> str:
    """What the log says was done last by somebody."""

    def look(session: Session) -> str:
        rows = select(AuditRow.action).where(AuditRow.actor != "clock").order_by(col(AuditRow.seq).desc())
        return str(session.exec(rows).first())

    return str(workspace.rows(look))


@pytest.mark.parametrize(
    ("who", "first", "then", "done"),
    [
        pytest.param(MIKE, "/deal Initrode 120k", "stage {} proposal", "deal.stage", id="another stage"),
        pytest.param(MIKE, "/deal Initrode 120k proposal", "stage {} proposal", "answered", id="the same stage"),
        pytest.param(MIKE, "/deal Initrode 120k", "edit {} 130k", "deal.amended", id="another amount"),
        pytest.param(MIKE, "/deal Initrode 120k", "edit {} 120k", "answered", id="the same amount"),
        pytest.param(MIKE, "/deal Initrode 120k", "edit {} note:they pay late", "deal.noted", id="a note alone"),
        pytest.param(MIKE, "/deal Initrode 120k", "/deal Initrode 121k", "answered", id="nearly the same deal"),
        pytest.param(MIKE, "/deal Initrode 120k", "/deal Soylent Green 121k", "deal.logged", id="another customer"),
        pytest.param(AMARA, "target United States 6m USD 2028", "target United States 7m USD 2028", "answered",
                     id="another target in the place of one"),
        pytest.param(AMARA, "target United States 6m USD 2028", "target United States 6m USD 2029", "target.set",
                     id="a target of another year"),
        pytest.param(INES, "my", "leaver Mike Davis", "answered", id="asked whether somebody leaves"),
    ],
)  # fmt: skip
async def test_what_changed_nothing_is_in_the_log_as_answered(
    workspace: Workspace, who: str, first: str, then: str, done: str
) -> None:
    said = await workspace.say(who, first, "us" if who == MIKE else None)
    number = next((word for word in said[0]["text"].split() if word.startswith("D-")), "")

    await workspace.say(who, then.format(number), "us" if who == MIKE else None)

    assert newest(workspace) == done


async def test_whoever_is_asked_before_something_is_done_is_in_the_log_once_they_say_yes(workspace: Workspace) -> None:
    (asks,) = await workspace.say(INES, "leaver Mike Davis")

    await workspace.press(INES, asks, commands_of(asks)[0])

    assert newest(workspace) == "person.left"


async def test_somebody_of_a_leaver_s_name_is_in_the_log_as_set_up_once_it_was_said_who_they_are(
    workspace: Workspace,
) -> None:
    (leaves,) = await workspace.say(INES, "leaver Mike Davis")
    await workspace.press(INES, leaves, "leaver")

    (asks,) = await workspace.say(INES, "setup person Mike Davis rep DACH")
    asked = newest(workspace)
    await workspace.press(INES, asks, "setup_person")

    assert (asked, newest(workspace)) == ("answered", "setup.person")


async def test_talk_below_a_stand_up_is_in_the_log_as_a_check_in_once_its_writer_says_so(workspace: Workspace) -> None:
    await workspace.move_to(MORNING)
    prompt = next(one for one in await workspace.read(MIKE, "us") if "answer" in commands_of(one))
    await workspace.say(MIKE, "calls", "us", prompt["id"])

    (asks,) = await workspace.say(MIKE, "thanks all", "us", prompt["id"])
    asked = newest(workspace)
    await workspace.press(MIKE, asks, "answer")

    assert (asked, newest(workspace)) == ("answered", "standup.answered")
