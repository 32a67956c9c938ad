"""Approvals: asked for by a rep, decided by whom the rules name, in words or by button."""

import asyncio

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from models.approvals import ApprovalRequest, Decision, advance
from models.audit import AuditRow, breaks
from models.outbox import OutboxState, Post
from models.people import HeldDuty, Person
from models.ranks import Duty, Rank
from models.rules.approval import RequestState, Verdict
from models.unit import Unit
from tests.workspace import Record, Workspace, commands_of, texts_of

pytestmark = pytest.mark.both_databases

SMALL, LARGE = "Globex 80k USD close 4 Dec", "Globex 120k USD close 4 Dec"
MORNING = "2026-11-25T10:00-05:00"


async def reported(workspace: Workspace, line: str = SMALL, person: str = "mike-davis", channel: str = "us") -> Record:
    """Report a deal and give its echo."""
    return (await workspace.say(person, f"/deal {line}", channel))[0]


async def asked(workspace: Workspace, line: str = SMALL, person: str = "mike-davis", channel: str = "us") -> Record:
    """Report a deal, ask for its approval by the echo's button, and give the card in the region's channel."""
    (card,) = await workspace.press(person, await reported(workspace, line, person, channel), "request")
    return card


def number_of(echo: Record) -> str:
    return next(word for word in str(echo["text"]).split() if word.startswith("D-"))


async def newest(workspace: Workspace, person: str, channel: str | None = None) -> Record:
    return (await workspace.read(person, channel))[-1]


async def now(workspace: Workspace, card: Record, person: str = "amara-okafor") -> Record:
    """A card as it stands now."""
    return next(one for one in await workspace.read(person, card["channel"]) if one["id"] == card["id"])


def decisions(workspace: Workspace) -> list[Decision]:
    return list(workspace.rows(lambda session: session.exec(select(Decision).order_by(col(Decision.at))).all()))


def requests(workspace: Workspace) -> list[ApprovalRequest]:
    return list(workspace.rows(lambda session: session.exec(select(ApprovalRequest)).all()))


def actions(workspace: Workspace) -> list[tuple[str, str]]:
    """Who did what, as the unbroken audit log has it."""

    def read(session: Session) -> list[tuple[str, str]]:
        assert list(breaks(session)) == []
        return [(row.actor, row.action) for row in session.exec(select(AuditRow))]

    return list(workspace.rows(read))


@pytest.mark.everywhere
async def test_a_request_is_a_card_in_the_channel_and_before_its_decider(workspace: Workspace) -> None:
    await workspace.move_to(MORNING)

    card = await asked(workspace)

    direct = await newest(workspace, "sarah-johnson")
    assert card["channel"] == "us"
    assert card["visible_to"] is None
    assert card["text"].split("\n") == [
        f"A-1 · approval of {number_of(card)} · Globex · USD 80,000",
        "Asked by Mike Davis, Wed 25 Nov 2026 10:00",
        "Step 1 of 1: region manager (Sarah Johnson)",
        "Rule: every contract needs the region manager",
        "Due Wed 25 Nov 2026 16:00 (6 working hours left)",
        "No contract attached",
    ]
    assert "Why you: you manage United States; every contract needs the region manager." in direct["text"]
    assert commands_of(card) == commands_of(direct) == ["approve", "reject"]


async def test_the_card_links_the_contract_that_came_with_the_words(workspace: Workspace) -> None:
    number = number_of(await reported(workspace))

    card, answer = await workspace.say("mike-davis", f"request {number} https://files.example.com/c.pdf")

    assert card["channel"] == "us"
    assert "Contract: https://files.example.com/c.pdf" in card["text"]
    assert answer["channel"] == "dm-mike-davis"
    assert f"A-1 asks for approval of {number}." in answer["text"]
    assert "Sarah Johnson" in answer["text"]


async def test_holidays_and_nights_of_the_region_do_not_count_until_it_is_due(workspace: Workspace) -> None:
    await workspace.move_to("2026-11-25T16:00-05:00")

    card = await asked(workspace)

    assert "Due Fri 27 Nov 2026 13:00 (6 working hours left)" in card["text"]  # Thursday is Thanksgiving


@pytest.mark.everywhere
async def test_a_manager_approves_by_button_and_everybody_sees_it(workspace: Workspace) -> None:
    await workspace.move_to(MORNING)
    card = await asked(workspace)
    direct = await newest(workspace, "sarah-johnson")
    await workspace.advance("70m")

    replies = await workspace.press("sarah-johnson", direct, "approve")

    assert "✓ You approved A-1; Mike Davis has been told." in texts_of(replies)
    for shown in (await now(workspace, card), await now(workspace, direct, "sarah-johnson")):
        assert shown["edited"]
        assert shown["buttons"] == []
        if workspace.edits:
            assert "✓ Step 1 of 1: approved by Sarah Johnson, Wed 25 Nov 2026 11:10" in shown["text"]
            assert "Elapsed: 1 h 10 min of working time" in shown["text"]
    (said,) = await workspace.read("mike-davis", "us", card["id"])
    told = await newest(workspace, "mike-davis")
    for heard in (said, told):
        assert heard["text"].startswith("Mike Davis: A-1 is approved")
        assert "Sarah Johnson decided after 1 h 10 min of working time." in heard["text"]
    (decision,) = decisions(workspace)
    assert (decision.person_id, decision.verdict) == ("sarah-johnson", Verdict.APPROVED)
    assert requests(workspace)[0].state is RequestState.APPROVED
    assert ("mike-davis", "approval.requested") in actions(workspace)
    assert ("sarah-johnson", "approval.approved") in actions(workspace)


@pytest.mark.everywhere
async def test_a_large_amount_goes_on_to_finance_in_chinese(workspace: Workspace) -> None:
    card = await asked(workspace, "苏州精工 75万 下周三 合同", "lin-xiao", "cn-east")
    assert await workspace.read("chen-siyuan") == []
    await workspace.advance("1h")

    await workspace.say("chen-wei", "批准", "cn-east", card["id"])

    shown = await now(workspace, card)
    assert shown["edited"]
    assert commands_of(shown) == ["approve", "reject"]
    assert "陈思远 Chen Siyuan" in shown["text"]
    assert "USD 100,000" in shown["text"]
    assert "17:30" in shown["text"]  # six hours of their own
    first = await newest(workspace, "chen-wei")
    assert first["edited"]
    assert first["buttons"] == []
    second = await newest(workspace, "chen-siyuan")
    assert "USD 100,000" in second["text"]

    await workspace.say("chen-siyuan", "同意", thread=second["id"])

    assert (await now(workspace, card))["buttons"] == []
    assert [decision.person_id for decision in decisions(workspace)] == ["chen-wei", "chen-siyuan"]
    assert requests(workspace)[0].state is RequestState.APPROVED
    assert "林晓" in (await workspace.read("lin-xiao", "cn-east", card["id"]))[-1]["text"]


async def test_a_step_that_is_not_the_last_says_who_is_next(workspace: Workspace) -> None:
    card = await asked(workspace, LARGE)
    assert "Step 1 of 2" in card["text"]

    await workspace.press("sarah-johnson", card, "approve")

    (said,) = await workspace.read("mike-davis", "us", card["id"])
    shown = await now(workspace, card)
    assert said["text"] == "Sarah Johnson approved step 1. Next: 陈思远 Chen Siyuan"
    assert "✓ Step 1 of 2: approved by Sarah Johnson" in shown["text"]
    assert "Step 2 of 2: HQ finance (陈思远 Chen Siyuan)" in shown["text"]
    assert "Rule: contracts above USD 100,000 need HQ finance" in shown["text"]


async def test_an_amount_at_the_limit_needs_the_manager_alone(workspace: Workspace) -> None:
    card = await asked(workspace, "Globex 100k USD close 4 Dec")

    assert "Step 1 of 1" in card["text"]


@pytest.mark.everywhere
async def test_chinese_words_in_the_thread_reject_with_a_reason(workspace: Workspace) -> None:
    card = await asked(workspace, "苏州精工 30万 下周三 合同", "lin-xiao", "cn-east")

    await workspace.say("chen-wei", "驳回 价格过低", "cn-east", card["id"])

    shown = await now(workspace, card)
    assert shown["buttons"] == []
    if workspace.edits:
        assert "✗" in shown["text"]
        assert "“价格过低”" in shown["text"]
    (said,) = [one for one in await workspace.read("lin-xiao", "cn-east", card["id"]) if one["author"] == "regatta"]
    assert "林晓" in said["text"]
    assert "价格过低" in (await newest(workspace, "lin-xiao"))["text"]
    assert decisions(workspace)[0].reason == "价格过低"
    assert requests(workspace)[0].state is RequestState.REJECTED
    assert ("chen-wei", "approval.rejected") in actions(workspace)


@pytest.mark.everywhere
async def test_words_decide_in_the_thread_of_the_direct_chat_and_anywhere_by_number(workspace: Workspace) -> None:
    await asked(workspace)
    direct = await newest(workspace, "sarah-johnson")
    await asked(workspace, "Initech 20k USD close 4 Dec")

    await workspace.say("sarah-johnson", "reject price too low", thread=direct["id"])
    await workspace.say("sarah-johnson", "approve A-2")

    verdicts = {decision.request_id: (decision.verdict, decision.reason) for decision in decisions(workspace)}
    assert verdicts == {"A-1": (Verdict.REJECTED, "price too low"), "A-2": (Verdict.APPROVED, "")}


@pytest.mark.everywhere(without={"telegram": "a message of blanks cannot be sent"})
async def test_a_rejection_by_button_asks_for_the_reason(workspace: Workspace) -> None:
    card = await asked(workspace)

    (form,) = await workspace.press("sarah-johnson", card, "reject")
    assert form["visible_to"] == "sarah-johnson"
    assert [field["name"] for field in form["form"]["fields"]] == ["reason"]
    await workspace.press("sarah-johnson", form, "reject", {"reason": "  "})
    assert decisions(workspace) == []
    again = await now(workspace, form, "sarah-johnson")
    await workspace.press("sarah-johnson", again, "reject", {"reason": "Why so cheap?"})

    assert decisions(workspace)[0].reason == "Why so cheap?"


async def test_talk_that_begins_like_a_decision_decides_nothing(workspace: Workspace) -> None:
    card = await asked(workspace)

    for words in (
        "同意你的看法",
        "approve of such a price, really",
        "驳回的理由是什么？",
        "reject it, or what do you think?",
    ):
        (answer,) = await workspace.say("sarah-johnson", words, "us", card["id"])
        assert answer["visible_to"] == "sarah-johnson"
    for words in ("approve", "reject the idea", "同意你的看法"):
        assert await workspace.say("sarah-johnson", words, "us") == []

    assert decisions(workspace) == []


@pytest.mark.everywhere
async def test_nobody_decides_their_own_request(workspace: Workspace) -> None:
    card = await asked(workspace)

    for command in ("approve", "reject"):
        (answer,) = await workspace.press("mike-davis", card, command)
        assert answer["text"] == "You cannot decide your own request; it goes to Sarah Johnson."
        assert answer["visible_to"] == "mike-davis"
    assert decisions(workspace) == []


async def test_a_managers_own_request_goes_to_headquarters(workspace: Workspace) -> None:
    card = await asked(workspace, person="sarah-johnson")

    (answer,) = await workspace.press("sarah-johnson", card, "approve")
    assert answer["text"].endswith("it goes to Amara Okafor, 陈思远 Chen Siyuan.")
    assert "Rule: every contract needs the region manager; nobody else may decide this one, so HQ does" in card["text"]
    await workspace.press("amara-okafor", await newest(workspace, "amara-okafor"), "approve")

    assert [decision.person_id for decision in decisions(workspace)] == ["amara-okafor"]


async def test_the_second_decision_hears_who_was_first(workspace: Workspace) -> None:
    await workspace.move_to(MORNING)
    card = await asked(workspace, person="sarah-johnson")
    direct = await newest(workspace, "amara-okafor")
    await workspace.press("chen-siyuan", card, "approve")

    for late in (card, direct):
        for command in ("approve", "reject"):
            (answer,) = await workspace.press("amara-okafor", late, command)
            assert (
                answer["text"] == "陈思远 Chen Siyuan was first and approved A-1, Wed 25 Nov 2026 15:00."
            )  # in London

    assert len(decisions(workspace)) == 1


async def test_the_same_button_pressed_twice_counts_once(workspace: Workspace) -> None:
    card = await asked(workspace, LARGE)
    await workspace.press("sarah-johnson", card, "approve")

    (again,) = await workspace.press("sarah-johnson", card, "approve")

    assert "You approved step 1 of A-1 already" in again["text"]
    assert "it now waits for 陈思远 Chen Siyuan." in again["text"]
    assert len(decisions(workspace)) == 1


async def test_a_button_from_before_others_had_to_decide_says_who_does_now(workspace: Workspace) -> None:
    await asked(workspace)
    (call,) = [one for one in await workspace.read("sarah-johnson") if "approve" in commands_of(one)]
    await workspace.say("ines-keller", "setup person Sarah Johnson rep United States")
    await workspace.say("ines-keller", "setup person Sarah Johnson manager United States")

    (answer,) = await workspace.press("sarah-johnson", call, "approve")

    assert answer["text"] == "A-1 has changed since; it waits for Amara Okafor, 陈思远 Chen Siyuan."
    assert decisions(workspace) == []


@pytest.mark.parametrize(("state", "faces"), [(OutboxState.DEAD, 2), (OutboxState.SENT, 1)])
async def test_a_card_whose_new_face_was_given_up_gets_it_when_its_old_button_is_pressed(
    workspace: Workspace, state: OutboxState, faces: int
) -> None:
    card = await asked(workspace)
    await workspace.say("sarah-johnson", "approve A-1")
    edits = update(Post).where(col(Post.card) == "approval:A-1", col(Post.edits).is_not(None))
    workspace.regatta.store.write(lambda unit: unit.execute(edits.values(state=state))).result()

    await workspace.press("sarah-johnson", card, "approve")

    shown = workspace.rows(
        lambda session: session.exec(
            select(Post).where(Post.card == "approval:A-1", col(Post.edits).is_not(None)).order_by(col(Post.id))
        ).all()
    )
    assert len(shown) == faces
    assert [post.message.buttons for post in shown] == [()] * faces
    assert shown[-1].state is OutboxState.SENT


async def test_of_several_verdicts_at_once_one_counts(workspace: Workspace) -> None:
    card = await asked(workspace, person="sarah-johnson")

    await asyncio.gather(
        workspace.say("amara-okafor", "approve A-1"),
        workspace.say("chen-siyuan", "驳回 A-1 价格过低"),
        workspace.press("amara-okafor", card, "approve"),
    )

    done = [action for _, action in actions(workspace) if action in ("approval.approved", "approval.rejected")]
    assert len(decisions(workspace)) == len(done) == 1
    assert [action for _, action in actions(workspace)].count("refused") == 2


async def test_a_request_moves_only_from_the_version_that_was_read(workspace: Workspace) -> None:
    await asked(workspace)

    def race(unit: Unit) -> tuple[bool, bool]:
        ours = unit.get_one(ApprovalRequest, "A-1")
        unit.expunge(ours)
        theirs = unit.get_one(ApprovalRequest, "A-1")
        first = advance(unit, theirs, RequestState.PENDING, 0)
        unit.expunge(theirs)
        unit.add(ours)
        return first, advance(unit, ours, RequestState.REJECTED, 0)

    moved = await asyncio.wrap_future(workspace.regatta.store.write(race))

    assert moved == (True, False)
    assert requests(workspace)[0].state is RequestState.PENDING


async def test_whoever_has_no_right_is_refused_in_words(workspace: Workspace) -> None:
    card = await asked(workspace, LARGE)
    refusals = {}
    for person in ("emily-chen", "ines-keller", "amara-okafor"):
        for command in ("approve", "reject"):
            (answer,) = await workspace.press(person, card, command)
            refusals[person] = answer["text"]
    for person in ("jonas-weber", "anna-schmidt"):
        (answer,) = await workspace.say(person, "approve A-1")
        refusals[person] = answer["text"]
    (early,) = await workspace.press("chen-siyuan", card, "approve")

    assert refusals == {
        "emily-chen": "A-1 is for the region manager to decide: Sarah Johnson.",
        "ines-keller": "A-1 is for the region manager to decide: Sarah Johnson.",
        "amara-okafor": "A-1 is for the region manager to decide: Sarah Johnson.",
        "jonas-weber": "A-1 belongs to another region; its own people decide it.",
        "anna-schmidt": "A-1 belongs to another region; its own people decide it.",
    }
    assert "Sarah Johnson" in early["text"]
    assert decisions(workspace) == []
    assert [action for _, action in actions(workspace)].count("refused") == 9


async def test_a_decider_of_an_earlier_step_does_not_decide_the_next(workspace: Workspace) -> None:
    card = await asked(workspace, LARGE)
    await workspace.press("sarah-johnson", card, "approve")

    (answer,) = await workspace.press("sarah-johnson", await now(workspace, card), "approve")

    assert answer["text"] == "You decided an earlier step of A-1; step 2 of 2 is for 陈思远 Chen Siyuan."


async def test_the_only_one_for_a_later_step_is_kept_for_it(workspace: Workspace) -> None:
    card = await asked(workspace, LARGE, "sarah-johnson")

    assert "Step 1 of 2: HQ (Amara Okafor)" in card["text"]
    assert await workspace.read("chen-siyuan") == []
    (answer,) = await workspace.press("chen-siyuan", card, "approve")
    assert "Amara Okafor" in answer["text"]
    assert decisions(workspace) == []


async def test_a_request_that_nobody_could_decide_says_whom_to_appoint(workspace: Workspace) -> None:
    number = number_of(await reported(workspace, LARGE))

    (answer,) = await workspace.say("amara-okafor", f"request {number}")

    assert answer["text"] == (
        "Nobody could decide step 2 of this request. Ask an administrator to appoint another person who looks after "
        "finance, or to let in one who has not joined yet, then ask again."
    )
    assert requests(workspace) == []


async def test_a_deal_has_one_open_request(workspace: Workspace) -> None:
    echo = await reported(workspace)
    await workspace.press("mike-davis", echo, "request")

    (answer,) = await workspace.press("mike-davis", echo, "request")
    (undone,) = await workspace.press("mike-davis", echo, "undo")

    assert f"A-1 asks for {number_of(echo)} already; it waits for Sarah Johnson" in answer["text"]
    assert "A-1 waits for a decision" in undone["text"]
    assert len(requests(workspace)) == 1


async def test_an_open_rejection_form_closes_when_the_request_is_decided(workspace: Workspace) -> None:
    card = await asked(workspace)
    (in_channel,) = await workspace.press("sarah-johnson", card, "reject")
    (in_private,) = await workspace.press("sarah-johnson", await newest(workspace, "sarah-johnson"), "reject")

    await workspace.press("sarah-johnson", card, "approve")

    for form in (in_channel, in_private):
        closed = await now(workspace, form, "sarah-johnson")
        assert closed["form"] is None
        assert closed["buttons"] == []
        assert "Step 1 of 1: approved by Sarah Johnson" in closed["text"]
        assert closed["visible_to"] == form["visible_to"]


async def test_after_a_rejection_it_can_be_asked_for_again(workspace: Workspace) -> None:
    echo = await reported(workspace)
    await workspace.press("mike-davis", echo, "request")
    await workspace.say("sarah-johnson", "reject A-1 price too low")

    (card,) = await workspace.press("mike-davis", echo, "request")

    assert card["text"].startswith("A-2")


async def test_an_amount_without_a_rate_needs_every_step_and_says_so(workspace: Workspace) -> None:
    card = await asked(workspace, "Globex 500 CHF close 4 Dec")

    assert "CHF 500 (no rate to USD, so every rule applies)" in card["text"]
    assert "Step 1 of 2" in card["text"]


async def test_another_currency_stands_beside_the_reporting_currency(workspace: Workspace) -> None:
    card = await asked(workspace, "Trumpf 50k EUR close 4 Dec", "anna-schmidt", "de")

    assert "EUR 50.000 (USD 54.000)" in card["text"]


async def test_the_timeline_tells_who_asked_and_who_decided(workspace: Workspace) -> None:
    card = await asked(workspace)
    await workspace.say("sarah-johnson", "reject A-1 price too low")

    (shown,) = await workspace.say("mike-davis", f"deal show {number_of(card)}")

    assert [row[1:] for row in shown["table"]["rows"]][1:] == [
        ["Mike Davis", "approval requested: A-1"],
        ["Sarah Johnson", "decided: A-1 ✗ 1/1 price too low"],
    ]


@pytest.mark.everywhere
async def test_what_waits_is_listed_soonest_due_first_with_buttons(workspace: Workspace) -> None:
    await workspace.move_to(MORNING)
    assert "Nothing waits for your decision" in (await workspace.say("sarah-johnson", "approvals"))[0]["text"]
    for number in range(11, 23):
        await asked(workspace, f"Customer{number} 20k USD close 4 Dec")
        await workspace.advance("1m")

    (listed,) = await workspace.say("sarah-johnson", "待我审批", "us")

    assert listed["visible_to"] == "sarah-johnson"
    assert listed["text"].split("\n") == ["12 requests wait for your decision.", "2 more follow when these are done."]
    assert [row[0] for row in listed["table"]["rows"]] == [f"A-{number}" for number in range(1, 11)]
    assert "(5 working hours left)" in listed["table"]["rows"][0][-1]
    assert [button["label"] for button in listed["buttons"]][:3] == ["Approve A-1", "Reject A-1…", "Approve A-2"]
    assert len(listed["buttons"]) == 20
    await workspace.press("sarah-johnson", listed, "approve")
    (left,) = await workspace.say("sarah-johnson", "approvals")
    assert left["table"]["rows"][0][0] == "A-2"
    assert (await workspace.say("amara-okafor", "approvals"))[0]["table"] is None


async def test_the_direct_card_is_seen_by_its_decider_alone(workspace: Workspace) -> None:
    await asked(workspace)

    for person in ("emily-chen", "mike-davis", "amara-okafor", "chen-siyuan", "jonas-weber", "ines-keller"):
        assert not any("A-1" in text for text in texts_of(await workspace.read(person)))
        answer = await workspace.client.get("/workspace/messages", params={"as": person, "channel": "dm-sarah-johnson"})
        assert answer.status_code == 404


async def test_a_request_that_does_not_exist_is_said_to_be_none(workspace: Workspace) -> None:
    (answer,) = await workspace.say("sarah-johnson", "approve A-99")

    assert answer["text"] == "There is no such request; `approvals` lists what waits for you."


async def appoint(workspace: Workspace, person: str, duty: Duty | None = None) -> None:
    """Make somebody a second manager of their region, perhaps one who looks after finance."""

    def work(unit: Unit) -> None:
        unit.get_one(Person, person).rank = Rank.MANAGER
        if duty is not None:
            unit.add(HeldDuty(person_id=person, duty=duty))

    await asyncio.wrap_future(workspace.regatta.store.write(work))


async def test_nobody_decides_about_their_own_deal_that_another_asked_for(workspace: Workspace) -> None:
    number = number_of(await reported(workspace, LARGE, "sarah-johnson"))
    await appoint(workspace, "emily-chen")
    await appoint(workspace, "sarah-johnson", Duty.FINANCE)

    card, _ = await workspace.say("emily-chen", f"request {number}")

    assert "Step 1 of 1: HQ (Amara Okafor, 陈思远 Chen Siyuan)" in card["text"]
    assert "approve" not in [command for one in await workspace.read("sarah-johnson") for command in commands_of(one)]
    (answer,) = await workspace.press("sarah-johnson", card, "approve")
    assert answer["text"] == "This is your own deal, so A-1 goes to Amara Okafor, 陈思远 Chen Siyuan."
    (asker,) = await workspace.press("emily-chen", card, "approve")
    assert asker["text"].startswith("You cannot decide your own request")
    assert decisions(workspace) == []


async def test_a_manager_asks_for_a_reps_deal_and_finance_that_owns_it_does_not_decide(workspace: Workspace) -> None:
    number = number_of(await reported(workspace, LARGE))
    await appoint(workspace, "mike-davis", Duty.FINANCE)

    card, _ = await workspace.say("sarah-johnson", f"request {number}")

    assert "Step 1 of 1: HQ" in card["text"]
    (answer,) = await workspace.press("mike-davis", card, "approve")
    assert "This is your own deal" in answer["text"]


async def approved(workspace: Workspace) -> tuple[Record, Record]:
    """A deal whose request was approved: its echo, and the card."""
    echo = await reported(workspace)
    (card,) = await workspace.press("mike-davis", echo, "request")
    await workspace.say("sarah-johnson", "approve A-1")
    return echo, card


@pytest.mark.everywhere
@pytest.mark.parametrize("words", ["stage {deal} lost", "edit {deal} lost", "edit {deal} 90k", "修改 {deal} 90万 元"])
async def test_a_deal_stays_as_it_was_asked_for_while_it_waits(workspace: Workspace, words: str) -> None:
    card = await asked(workspace)

    (refusal,) = await workspace.say("mike-davis", words.format(deal=number_of(card)))

    assert "A-1 waits for a decision" in refusal["text"]
    assert requests(workspace)[0].state is RequestState.PENDING
    (moved, *_) = await workspace.say("mike-davis", f"stage {number_of(card)} won")
    assert "Globex · USD 80,000" in moved["text"]
    await workspace.say("sarah-johnson", "approve A-1")
    assert requests(workspace)[0].state is RequestState.APPROVED


@pytest.mark.everywhere
async def test_a_decision_counts_in_the_thread_of_the_deal_that_waits_for_it(workspace: Workspace) -> None:
    echo = await reported(workspace)
    talk = await workspace.say("sarah-johnson", "approve", "us", thread=echo["id"])
    await workspace.press("mike-davis", echo, "request")

    own = await workspace.say("mike-davis", "approve", "us", thread=echo["id"])
    await workspace.say("sarah-johnson", "approve", "us", thread=echo["id"])

    assert talk == [] or not workspace.threads
    assert "You cannot decide your own request" in texts_of(own)[-1]
    assert [(one.person_id, one.verdict) for one in decisions(workspace)] == [("sarah-johnson", Verdict.APPROVED)]


@pytest.mark.everywhere
async def test_a_decision_may_name_the_deal_that_waits_for_it(workspace: Workspace) -> None:
    deal = number_of(await reported(workspace))
    await workspace.say("mike-davis", f"request {deal}")

    (other,) = await workspace.say("anna-schmidt", f"approve {deal}")
    await workspace.say("sarah-johnson", f"reject {deal.lower()} price too low")

    assert "A-1" not in other["text"]
    assert [(one.verdict, one.reason) for one in decisions(workspace)] == [(Verdict.REJECTED, "price too low")]


async def test_a_refusal_in_the_thread_of_the_deal_keeps_its_reason(workspace: Workspace) -> None:
    echo = await reported(workspace)
    await workspace.press("mike-davis", echo, "request")

    await workspace.say("sarah-johnson", "驳回 价格过低", "us", thread=echo["id"])

    assert [(one.verdict, one.reason) for one in decisions(workspace)] == [(Verdict.REJECTED, "价格过低")]


@pytest.mark.everywhere
async def test_who_wins_a_deal_reads_which_decision_it_still_waits_for(workspace: Workspace) -> None:
    deal = number_of(await asked(workspace))

    (won, *_) = await workspace.say("mike-davis", f"edit {deal} won")
    await workspace.say("sarah-johnson", "approve A-1")
    (moved, *_) = await workspace.say("mike-davis", f"stage {deal} proposal")
    (again, *_) = await workspace.say("mike-davis", f"stage {deal} won")

    assert "It counts as won; its contract (A-1) still waits for Sarah Johnson." in won["text"]
    assert "still waits" not in moved["text"] + again["text"]


@pytest.mark.parametrize("words", ["edit {deal} 5m", "edit {deal} 80k EUR", "edit {deal} account: Initech"])
async def test_an_approval_ends_with_the_deal_that_was_approved(workspace: Workspace, words: str) -> None:
    echo, card = await approved(workspace)

    replies = await workspace.say("mike-davis", words.format(deal=number_of(echo)), "us")

    changed = next(one for one in replies if "✓ Changed" in one["text"])
    assert "Approval A-1 no longer holds; ask again." in changed["text"]
    assert requests(workspace)[0].state is RequestState.VOID
    for shown in [await now(workspace, card), *await workspace.read("sarah-johnson")]:
        if "A-1 · approval" in shown["text"]:
            assert "No longer asked for: the deal was changed." in shown["text"]
            assert "Globex" in shown["text"]
            assert shown["buttons"] == []
    (shown,) = await workspace.say("mike-davis", f"show {number_of(echo)}")
    assert "approval void: A-1" in [row[-1] for row in shown["table"]["rows"]]
    (late,) = await workspace.press("sarah-johnson", card, "approve")
    assert late["text"] == "A-1 is no longer asked for: the deal was changed."
    (again,) = await workspace.press("mike-davis", changed, "request")
    assert again["text"].startswith("A-2")


async def test_every_approval_of_a_deal_ends_with_it(workspace: Workspace) -> None:
    echo, _ = await approved(workspace)
    await workspace.press("mike-davis", echo, "request")
    await workspace.say("sarah-johnson", "reject A-2 once is enough")

    await workspace.say("mike-davis", f"edit {number_of(echo)} 5m")

    states = {request.id: request.state for request in requests(workspace)}
    assert states == {"A-1": RequestState.VOID, "A-2": RequestState.REJECTED}


async def test_taking_a_change_back_ends_the_approval_of_the_change(workspace: Workspace) -> None:
    echo = await reported(workspace)
    changed = (await workspace.say("mike-davis", f"edit {number_of(echo)} 90k", "us"))[0]
    await workspace.press("mike-davis", changed, "request")
    await workspace.say("sarah-johnson", "approve A-1")

    (undone,) = [one for one in await workspace.press("mike-davis", changed, "undo") if "Taken back" in one["text"]]

    assert "Approval A-1 no longer holds; ask again." in undone["text"]
    assert commands_of(undone) == ["request"]
    assert requests(workspace)[0].state is RequestState.VOID


async def test_taking_an_approved_deal_back_ends_its_approval(workspace: Workspace) -> None:
    echo, card = await approved(workspace)

    await workspace.press("mike-davis", echo, "undo")

    assert requests(workspace)[0].state is RequestState.VOID
    assert "No longer asked for" in (await now(workspace, card))["text"]


@pytest.mark.parametrize("words", ["stage {deal} won", "edit {deal} close 5 Dec #renewal", "paid {deal} 5k"])
async def test_other_changes_leave_an_approval_in_force(workspace: Workspace, words: str) -> None:
    echo, _ = await approved(workspace)

    changed = (await workspace.say("mike-davis", words.format(deal=number_of(echo)), "us"))[0]

    assert "no longer holds" not in changed["text"]
    assert requests(workspace)[0].state is RequestState.APPROVED


@pytest.mark.parametrize(("line", "steps"), [("Globex 80k USD", 1), ("Globex 500k USD", 2)])
async def test_limits_hold_in_their_own_currency_when_the_company_reports_in_another(
    workspace: Workspace, line: str, steps: int
) -> None:
    (said, *_) = await workspace.say("ines-keller", "setup company currency EUR")
    echo = await reported(workspace, f"{line} close 4 Dec")

    await workspace.press("mike-davis", echo, "request")

    assert "EUR" in said["text"]
    assert [len(one.chain) for one in requests(workspace)] == [steps]


@pytest.mark.everywhere
async def test_a_decision_on_a_deal_that_waits_for_none_says_how_it_stands(workspace: Workspace) -> None:
    deal = number_of(await reported(workspace))

    (none,) = await workspace.say("sarah-johnson", f"批准 {deal}")
    (unknown,) = await workspace.say("sarah-johnson", "approve D-9999")
    await workspace.say("mike-davis", f"request {deal}")
    await workspace.say("sarah-johnson", f"approve {deal}")
    (late,) = await workspace.say("sarah-johnson", f"approve {deal}")

    assert none["text"] == f"Nobody asks for an approval of {deal}; to ask, type `request {deal}`."
    assert unknown["text"] == "Nobody asks for an approval of D-9999; to ask, type `request D-9999`."
    assert "A-1" in late["text"]
    assert "already" in late["text"]
    assert [one.verdict for one in decisions(workspace)] == [Verdict.APPROVED]


async def test_below_a_request_another_deal_is_only_mentioned(workspace: Workspace) -> None:
    card = await asked(workspace)
    other = number_of(await reported(workspace, "Initech 70k USD close 4 Dec"))
    await workspace.say("mike-davis", f"request {other}")

    await workspace.say("sarah-johnson", f"reject like {other}", "us", thread=card["id"])

    assert [(one.request_id, one.verdict) for one in decisions(workspace)] == [("A-1", Verdict.REJECTED)]
