"""Which words decide, and which are talk: alone, in a sentence, below a card that waits for somebody or for nobody."""

import pytest

from models.rules.approval import RequestState, Verdict
from tests.contract.test_approvals import asked, decisions, reported, requests
from tests.workspace import Workspace, commands_of, texts_of


@pytest.mark.everywhere
async def test_who_decides_without_saying_what_chooses_among_what_waits_for_them(workspace: Workspace) -> None:
    await asked(workspace)
    await asked(workspace, "Initech 20k USD close 4 Dec")

    (choice,) = await workspace.say("sarah-johnson", "approve")
    await workspace.press("sarah-johnson", choice, "approve", nth=1)
    (reasoned,) = await workspace.say("sarah-johnson", "驳回 价格过低")
    await workspace.press("sarah-johnson", reasoned, "reject")

    assert choice["form"] is None
    assert commands_of(choice) == ["approve", "reject"] * 2
    assert any("A-2" in button["label"] for button in choice["buttons"])
    verdicts = {one.request_id: (one.verdict, one.reason) for one in decisions(workspace)}
    assert verdicts == {"A-1": (Verdict.REJECTED, "价格过低"), "A-2": (Verdict.APPROVED, "")}


@pytest.mark.parametrize("words", ["approve", "reject", "批准", "reject price too low", "驳回"])
async def test_who_decides_where_nothing_waits_reads_that_in_one_sentence(workspace: Workspace, words: str) -> None:
    for person in ("sarah-johnson", "mike-davis"):
        (told,) = await workspace.say(person, words)

        assert told["text"] == "Nothing waits for your decision. Enjoy the calm."
        assert told["form"] is None


async def test_a_sentence_that_begins_like_a_decision_is_talk_where_none_waits_for_the_speaker(
    workspace: Workspace,
) -> None:
    echo = await reported(workspace)
    await workspace.press("mike-davis", echo, "request")
    card = (await workspace.read("mike-davis", "us"))[-1]
    for thread in (echo["id"], card["id"]):
        for person in ("emily-chen", "mike-davis"):
            assert await workspace.say(person, "reject their first idea, I say", "us", thread) == []
            assert await workspace.say(person, "approve of it all the same", "us", thread) == []

    (told,) = await workspace.say("emily-chen", "@regatta reject their first idea", "us", card["id"])
    await workspace.say("sarah-johnson", "reject price too low", "us", echo["id"])
    late = await workspace.say("sarah-johnson", "reject it all again", "us", echo["id"])
    (alone,) = await workspace.say("sarah-johnson", "approve", "us", echo["id"])

    assert told["text"] == "A-1 is for the region manager to decide: Sarah Johnson."
    assert [(one.verdict, one.reason) for one in decisions(workspace)] == [(Verdict.REJECTED, "price too low")]
    assert requests(workspace)[0].state is RequestState.REJECTED
    assert texts_of(late) == []
    assert alone["text"].startswith("You rejected A-1 already")
