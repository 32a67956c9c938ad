"""A line is read as a whole: what cannot be read in it is named, or it is talk between people."""

import pytest

from models.people import Person
from tests.workspace import Workspace

ADMIN, HQ, REP = "ines-keller", "amara-okafor", "mike-davis"


@pytest.mark.everywhere
async def test_the_targets_of_a_region_that_nobody_knows_are_not_everybody_s(workspace: Workspace) -> None:
    (form,) = await workspace.say(HQ, "targets 2027 Atlantis")

    assert form["table"] is None
    assert form["form"]["fields"][0]["error"].startswith("There is no region “Atlantis”")


@pytest.mark.parametrize(
    ("person", "line", "words"),
    [
        (ADMIN, "leaver Mike Davis is on holiday", "on holiday"),
        (ADMIN, "离职 林晓 今天请假", "今天请假"),
        (ADMIN, "invite Mike Davis tomorrow", "tomorrow"),
        (ADMIN, "setup undo last three", "last three"),
        (HQ, "target DACH 4m 2027 or 5m", "or 5m"),
        (HQ, "board last week of Mars", "Mars"),
        (REP, "approvals of Anna", "Anna"),
        (REP, "undo everything", "everything"),
    ],
)
async def test_words_that_a_line_leaves_over_are_named_and_nothing_is_done(
    workspace: Workspace, person: str, line: str, words: str
) -> None:
    (told,) = await workspace.say(person, line)

    assert told["text"].startswith(f"I could not read “{words}”; nothing was changed.")
    assert told["buttons"] == []


async def test_talk_about_somebody_s_holiday_asks_nobody_whether_they_leave(workspace: Workspace) -> None:
    assert await workspace.say(ADMIN, "leaver Mike Davis is on holiday", "hq") == []
    assert await workspace.say(HQ, "targets for Mars look bad", "hq") == []

    assert workspace.rows(lambda session: session.get(Person, "mike-davis").active)


@pytest.mark.parametrize(
    ("person", "line"), [(ADMIN, "leaver Mike Davis, please"), (ADMIN, "离职 林晓 谢谢"), (HQ, "board, please")]
)
async def test_a_kind_word_hurts_no_line(workspace: Workspace, person: str, line: str) -> None:
    (done,) = await workspace.say(person, line)

    assert "I could not read" not in done["text"]
