"""Feedback: goes to the ambassador and the administrators alone, and the answer to its sender alone."""

import asyncio
import json
from collections.abc import Callable

import pytest
from sqlmodel import col, select

from models.audit import AuditRow, breaks
from models.feedback import Feedback
from models.people import HeldDuty, Person
from models.ranks import Duty, Rank
from models.unit import Unit
from tests.workspace import Record, Workspace, commands_of, texts_of

pytestmark = pytest.mark.both_databases

WORDS = "the discount limits cost us two days"
SENDER, AMBASSADOR, ADMIN, MANAGER = "lin-xiao", "sun-jia", "ines-keller", "chen-wei"
IN_CHINA = "折扣上限让我们耽误了两天"


async def given(workspace: Workspace, sender: str = SENDER, text: str = f"反馈 {IN_CHINA}") -> Record:
    """Give feedback in the direct chat; returns the receipt."""
    (receipt,) = await workspace.say(sender, text)
    return receipt


async def card_of(workspace: Workspace, reader: str) -> Record:
    """The newest feedback in a reader's direct chat, as it stands now."""
    return next(one for one in reversed(await workspace.read(reader)) if "💬" in one["text"])


async def answer(workspace: Workspace, reader: str, text: str = "Legal looks at it this week") -> list[Record]:
    """Press Answer on the newest card and send the form."""
    card = await card_of(workspace, reader)
    (form,) = await workspace.press(reader, card, "reply")
    return await workspace.press(reader, form, "reply", {"text": text})


async def everything(workspace: Workspace, person: str, *channels: str) -> str:
    """All that a person can read in their direct chat and in channels."""
    places = [await workspace.read(person), *[await workspace.read(person, channel) for channel in channels]]
    return json.dumps(places, ensure_ascii=False)


def change(workspace: Workspace, work: Callable[[Unit], None]) -> None:
    """Change rows as an administrator would."""
    workspace.regatta.store.write(work).result()


@pytest.mark.everywhere
async def test_feedback_goes_to_the_ambassador_and_the_administrators_and_to_nobody_else(workspace: Workspace) -> None:
    receipt = await given(workspace)

    assert receipt["text"].startswith("✓ F-1 已发给 孙佳、Ines Keller")
    for reader in (AMBASSADOR, ADMIN):
        card = await card_of(workspace, reader)
        assert IN_CHINA in card["text"]
        assert "林晓" in card["text"]
        assert commands_of(card) == ["reply"]
    assert IN_CHINA not in await everything(workspace, MANAGER, "cn-east")
    assert IN_CHINA not in await everything(workspace, "amara-okafor", "cn-east", "hq")
    assert IN_CHINA not in await everything(workspace, "wang-lei", "cn-east")


@pytest.mark.everywhere
async def test_the_answer_comes_to_the_sender_alone_and_the_others_see_who_gave_it(workspace: Workspace) -> None:
    await given(workspace)

    replies = await answer(workspace, AMBASSADOR, "法务本周处理")

    assert any("林晓" in one["text"] and "F-1" in one["text"] for one in replies)
    newest = (await workspace.read(SENDER))[-1]["text"]
    assert "孙佳 答复了你的反馈 F-1" in newest
    assert "法务本周处理" in newest
    for reader in (AMBASSADOR, ADMIN):
        card = await card_of(workspace, reader)
        if workspace.edits or reader != AMBASSADOR:  # who answered is told that the answer was passed on
            assert "孙佳" in card["text"]
            assert "法务本周处理" in card["text"]
        assert commands_of(card) == []
    assert "法务本周处理" not in await everything(workspace, MANAGER, "cn-east")


@pytest.mark.everywhere
async def test_without_an_ambassador_the_administrators_have_it(workspace: Workspace) -> None:
    receipt = await given(workspace, "mike-davis", f"feedback {WORDS}")

    assert "F-1 went to Ines Keller and to nobody else" in receipt["text"]
    assert WORDS in (await card_of(workspace, ADMIN))["text"]
    assert WORDS not in await everything(workspace, "sarah-johnson", "us")
    assert WORDS not in await everything(workspace, AMBASSADOR)


async def test_without_ambassador_and_administrator_hq_has_it(workspace: Workspace) -> None:
    def leave(unit: Unit) -> None:
        unit.get_one(Person, ADMIN).active = False

    change(workspace, leave)
    await given(workspace, "mike-davis", f"feedback {WORDS}")

    assert WORDS in (await card_of(workspace, "amara-okafor"))["text"]
    await answer(workspace, "amara-okafor")
    assert "Legal looks at it" in (await workspace.read("mike-davis"))[-1]["text"]


async def test_when_nobody_can_be_reached_that_is_said_and_the_words_are_not_lost(workspace: Workspace) -> None:
    def leave(unit: Unit) -> None:
        for person in unit.exec(select(Person).where(col(Person.rank).in_((Rank.HQ, Rank.ADMIN)))):
            person.active = False

    change(workspace, leave)
    refusal = await given(workspace, "mike-davis", f"feedback {WORDS}")

    assert "Nobody who gets feedback can be reached yet" in refusal["text"]
    assert workspace.rows(lambda session: session.exec(select(Feedback)).all()) == []


async def test_a_manager_who_is_the_ambassador_too_does_not_get_their_people_s_feedback(workspace: Workspace) -> None:
    def appoint(unit: Unit) -> None:
        unit.add(HeldDuty(person_id="sarah-johnson", duty=Duty.AMBASSADOR))

    change(workspace, appoint)
    await given(workspace, "mike-davis", f"feedback {WORDS}")

    assert WORDS not in await everything(workspace, "sarah-johnson", "us")


async def test_the_ambassador_s_own_feedback_goes_to_the_others(workspace: Workspace) -> None:
    receipt = await given(workspace, AMBASSADOR)

    assert "Ines Keller" in receipt["text"]
    assert "孙佳" not in receipt["text"]


@pytest.mark.everywhere
async def test_feedback_alone_asks_for_the_words(workspace: Workspace) -> None:
    (form,) = await workspace.say("mike-davis", "feedback")

    assert [field["name"] for field in form["form"]["fields"]] == ["text"]
    await workspace.press("mike-davis", form, "feedback", {"text": WORDS})

    assert WORDS in (await card_of(workspace, ADMIN))["text"]


async def test_talk_about_feedback_in_a_channel_is_not_taken_for_it(workspace: Workspace) -> None:
    assert await workspace.say("mike-davis", "feedback from Acme is great", "us") == []
    assert await workspace.say("mike-davis", "feedback", "us") == []
    assert await workspace.say("lin-xiao", "反馈", "cn-east") == []
    assert workspace.rows(lambda session: session.exec(select(Feedback)).all()) == []


async def test_whoever_gives_it_in_a_channel_is_answered_alone_and_told_of_the_direct_chat(
    workspace: Workspace,
) -> None:
    (receipt,) = await workspace.say("mike-davis", f"/feedback {WORDS}", "us")

    assert receipt["visible_to"] == "mike-davis"
    assert "in our direct chat nobody does" in receipt["text"]


async def test_only_the_first_answer_counts(workspace: Workspace) -> None:
    await given(workspace)
    forms = [(await workspace.press(one, await card_of(workspace, one), "reply"))[-1] for one in (AMBASSADOR, ADMIN)]

    await asyncio.gather(
        workspace.press(AMBASSADOR, forms[0], "reply", {"text": "first"}),
        workspace.press(ADMIN, forms[1], "reply", {"text": "second"}),
    )

    answers = [one["text"] for one in await workspace.read(SENDER) if "答复了" in one["text"]]
    assert len(answers) == 1
    feedback = workspace.rows(lambda session: session.exec(select(Feedback)).one())
    assert feedback.answer in answers[0]


async def test_a_form_that_is_open_when_somebody_else_answers_shows_the_answer(workspace: Workspace) -> None:
    await given(workspace)
    (form,) = await workspace.press(ADMIN, await card_of(workspace, ADMIN), "reply")
    await answer(workspace, AMBASSADOR, "done")

    shown = next(one for one in await workspace.read(ADMIN) if one["id"] == form["id"])

    assert shown["form"] is None
    assert "孙佳" in shown["text"]


async def test_an_old_button_says_who_answered_and_asks_for_nothing(workspace: Workspace) -> None:
    await given(workspace)
    old = await card_of(workspace, ADMIN)
    await answer(workspace, AMBASSADOR, "done")

    (refusal,) = await workspace.press(ADMIN, old, "reply")

    assert "孙佳 answered F-1 already" in refusal["text"]
    assert refusal["form"] is None


def dismiss(unit: Unit) -> None:
    unit.delete(unit.get_one(HeldDuty, (AMBASSADOR, Duty.AMBASSADOR)))


def move(unit: Unit) -> None:
    unit.get_one(Person, AMBASSADOR).region_id = "us"


@pytest.mark.parametrize("loses", [dismiss, move])
async def test_whoever_lost_the_duty_or_the_region_can_answer_no_more(
    workspace: Workspace, loses: Callable[[Unit], None]
) -> None:
    await given(workspace)
    change(workspace, loses)

    (refusal,) = await workspace.press(AMBASSADOR, await card_of(workspace, AMBASSADOR), "reply")

    assert refusal["form"] is None
    assert "无法答复" in refusal["text"] or "not for you to answer" in refusal["text"]


def promote(unit: Unit) -> None:
    person = unit.get_one(Person, AMBASSADOR)
    person.rank = Rank.MANAGER


@pytest.mark.parametrize("loses", [dismiss, move, promote])
async def test_a_former_reader_s_card_and_form_show_neither_the_words_nor_the_answer(
    workspace: Workspace, loses: Callable[[Unit], None]
) -> None:
    await given(workspace)
    (form,) = await workspace.press(AMBASSADOR, await card_of(workspace, AMBASSADOR), "reply")
    change(workspace, loses)

    await answer(workspace, ADMIN, "法务本周处理")

    assert "法务本周处理" in (await card_of(workspace, ADMIN))["text"]
    seen = await everything(workspace, AMBASSADOR)
    assert "法务本周处理" not in seen
    assert IN_CHINA not in seen
    card = await card_of(workspace, AMBASSADOR)
    assert commands_of(card) == []
    assert "F-1" in card["text"]
    assert next(one for one in await workspace.read(AMBASSADOR) if one["id"] == form["id"])["form"] is None


async def test_the_audit_log_says_that_there_was_feedback_and_not_what(workspace: Workspace) -> None:
    await given(workspace)
    await answer(workspace, AMBASSADOR, "法务本周处理")

    rows = workspace.rows(lambda session: session.exec(select(AuditRow).order_by(col(AuditRow.seq))).all())

    done = [(row.actor, row.action, row.subject) for row in rows if row.action.startswith("feedback.")]
    assert done == [(SENDER, "feedback.given", "F-1"), (AMBASSADOR, "feedback.answered", "F-1")]
    written = json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False)
    assert IN_CHINA not in written
    assert "法务本周处理" not in written
    assert workspace.rows(lambda session: list(breaks(session))) == []


async def test_several_lines_arrive_as_they_were_written(workspace: Workspace) -> None:
    await given(workspace, "mike-davis", "feedback first line\n- second: 50k, close Friday\nthird")

    assert "first line\n- second: 50k, close Friday\nthird" in (await card_of(workspace, ADMIN))["text"]
    assert texts_of(await workspace.read("sarah-johnson")) == []
