"""Stand-ups, as reps answer them and managers read them."""

import pytest
from sqlmodel import col, select

from models.standups import CheckIn
from tests.workspace import Record, Workspace, button_of, commands_of, texts_of

pytestmark = pytest.mark.both_databases

US_MONDAY = "2026-11-30T09:00-05:00"
US_CLOSE = "2026-11-30T18:00-05:00"
NEXT_US_MONDAY = "Mon 7 Dec 2026 09:00"


async def prompt(workspace: Workspace) -> Record:
    """Go to the Monday of the United States and read its post."""
    await workspace.move_to(US_MONDAY)
    return next(message for message in await workspace.read("mike-davis", "us") if message["table"])


def answers(workspace: Workspace) -> list[CheckIn]:
    return list(workspace.rows(lambda session: session.exec(select(CheckIn).order_by(col(CheckIn.at))).all()))


@pytest.mark.everywhere
async def test_the_form_is_filled_with_the_deals_of_the_week(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Globex 80k USD won", "us")
    await workspace.say("emily-chen", "/deal Initech 12k USD won", "us")
    post = await prompt(workspace)

    (opened,) = await workspace.press("mike-davis", post, "answer")

    fields = {field["name"]: field["value"] for field in opened["form"]["fields"]}
    assert list(fields) == ["did", "plans", "blockers"]
    assert "Globex ✓" in fields["did"]
    assert "Initech" not in fields["did"]
    assert opened["visible_to"] == "mike-davis"


async def test_the_form_counts_from_the_message_that_opened_it_and_from_the_form_itself(workspace: Workspace) -> None:
    post = await prompt(workspace)
    form = {"did": "Closed Globex", "plans": "Visit Hooli", "blockers": "No price list"}
    (opened,) = await workspace.press("emily-chen", post, "answer")

    (thanks,) = await workspace.press("mike-davis", post, "answer", form)
    await workspace.press("emily-chen", opened, "answer", {"did": "Renewed Hooli"})

    assert thanks["visible_to"] == "mike-davis"
    assert [(one.person_id, one.did, one.plans, one.blockers) for one in answers(workspace)] == [
        ("mike-davis", "Closed Globex", "Visit Hooli", "No price list"),
        ("emily-chen", "Renewed Hooli", "", ""),
    ]


async def test_one_tap_is_enough_when_the_deals_say_it_all(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Globex 80k USD won", "us")
    post = await prompt(workspace)

    await tap(workspace, "mike-davis", post, post["buttons"][1])

    assert commands_of(post) == ["answer", "answer"]
    (answer,) = answers(workspace)
    assert "Globex ✓" in answer.did
    assert "80" not in answer.did


async def test_the_form_has_the_same_tap(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Globex 80k USD won", "us")
    await prompt(workspace)
    (opened,) = await workspace.say("mike-davis", "standup")

    await tap(workspace, "mike-davis", opened, opened["buttons"][1])

    (answer,) = answers(workspace)
    assert "Globex ✓" in answer.did


async def tap(workspace: Workspace, person: str, message: Record, button: Record) -> None:
    body = {"as": person, "message": message["id"], "button": button["id"], "form": None}
    await workspace.post("/workspace/actions", body)


@pytest.mark.everywhere(
    without={
        "telegram": "a private answer goes to the private chat, which has no threads",
        "poorest": "there are no threads; `standup TEXT` is the answer",
    }
)
async def test_what_a_rep_writes_in_the_thread_is_the_answer(workspace: Workspace) -> None:
    post = await prompt(workspace)

    (thanks,) = await workspace.say("mike-davis", "met Globex, they sign next Friday", "us", post["id"])
    await workspace.say("emily-chen", "renewals all week\nblockers: no demo unit\nplans: visit Hooli", "us", post["id"])

    assert thanks["visible_to"] == "mike-davis"
    assert thanks["thread"] == post["id"]
    assert [(one.did, one.plans, one.blockers) for one in answers(workspace)] == [
        ("met Globex, they sign next Friday", "", ""),
        ("renewals all week", "visit Hooli", "no demo unit"),
    ]
    assert thanks["id"] not in [message["id"] for message in await workspace.read("emily-chen", "us", post["id"])]


async def test_a_chinese_answer_in_the_thread_is_parted_by_its_labels(workspace: Workspace) -> None:
    await workspace.move_to("2026-11-30T09:00+08:00")
    post = next(message for message in await workspace.read("lin-xiao", "cn-east") if message["buttons"])

    await workspace.say("lin-xiao", "拜访了苏州精工\n卡点：价格没批\n本周：签合同", "cn-east", post["id"])

    (answer,) = answers(workspace)
    assert (answer.did, answer.plans, answer.blockers) == ("拜访了苏州精工", "签合同", "价格没批")


async def test_a_command_in_the_thread_stays_a_command(workspace: Workspace) -> None:
    post = await prompt(workspace)

    replies = await workspace.say("mike-davis", "deal Globex 80k USD won", "us", post["id"])
    (board,) = await workspace.say("mike-davis", "board", "us", post["id"])

    assert "Globex" in replies[0]["text"]
    assert board["table"] is not None
    assert answers(workspace) == []


async def test_headquarters_may_talk_in_the_thread_without_being_answered(workspace: Workspace) -> None:
    post = await prompt(workspace)

    replies = await workspace.say("amara-okafor", "great week, all of you", "us", post["id"])

    assert replies == []
    assert answers(workspace) == []


async def test_headquarters_has_no_check_in(workspace: Workspace) -> None:
    post = await prompt(workspace)

    (refusal,) = await workspace.press("amara-okafor", post, "answer", {"did": "everything"})

    assert "rep, manager" in refusal["text"]
    assert answers(workspace) == []


async def test_more_talk_in_the_thread_replaces_a_check_in_only_when_its_writer_says_so(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.say("mike-davis", "calls\nblockers: legal review", "us", post["id"])

    (asking,) = await workspace.say("mike-davis", "thanks all", "us", post["id"])
    assert [(one.did, one.blockers) for one in answers(workspace)] == [("calls", "legal review")]
    replies = await workspace.press("mike-davis", asking, "answer")

    assert asking["visible_to"] == "mike-davis"
    assert any("replaces" in reply["text"] for reply in replies)
    assert [(one.did, one.blockers) for one in answers(workspace)] == [("thanks all", "")]


async def test_a_second_answer_replaces_the_first(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.say("mike-davis", "calls", "us", post["id"])

    (thanks,) = await workspace.press("mike-davis", post, "answer", {"did": "calls and a visit"})
    (opened,) = await workspace.press("mike-davis", post, "answer")

    assert "replaces" in thanks["text"]
    assert [one.did for one in answers(workspace)] == ["calls and a visit"]
    assert opened["form"]["fields"][0]["value"] == "calls and a visit"


@pytest.mark.everywhere
async def test_the_digest_says_blockers_first_and_names_nobody_who_is_late(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.say("mike-davis", "closed Globex", "us", post["id"])
    await workspace.press("emily-chen", post, "answer", {"did": "calls", "blockers": "No price list"})

    await workspace.move_to(US_CLOSE)

    digest = (await workspace.read("mike-davis", "us"))[-1]
    assert "2 of 4 have not answered" in digest["text"]
    assert [(field["label"], field["value"]) for field in digest["fields"]] == [
        ("In the way of Emily Chen", "No price list")
    ]
    assert [row[:2] for row in digest["table"]["rows"]] == [["Emily Chen", "calls"], ["Mike Davis", "closed Globex"]]
    assert "Carlos" not in str(digest)
    told = (await workspace.read("sarah-johnson"))[-1]
    assert "Carlos Rivera, Grace Kim" in told["text"]
    assert not any("Carlos Rivera" in text for text in texts_of(await workspace.read("mike-davis")))


async def test_only_who_has_not_answered_is_reminded_before_the_close(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.say("mike-davis", "closed Globex", "us", post["id"])

    await workspace.move_to("2026-11-30T16:00-05:00")

    assert await workspace.read("mike-davis") == []
    (reminder,) = await workspace.read("emily-chen")
    assert "until Mon 30 Nov 2026 18:00" in reminder["text"]
    await workspace.press("emily-chen", reminder, "answer", {"did": "calls"})
    assert [one.did for one in answers(workspace)] == ["closed Globex", "calls"]


async def test_after_the_close_the_answer_says_when_the_next_one_is(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.move_to(US_CLOSE)

    (by_form,) = await workspace.press("mike-davis", post, "answer", {"did": "calls"})
    (by_thread,) = await workspace.say("mike-davis", "calls", "us", post["id"])
    (by_button,) = await workspace.press("mike-davis", post, "answer")

    assert f"closed; the next one is on {NEXT_US_MONDAY}" in by_form["text"]
    assert by_form["text"] == by_thread["text"] == by_button["text"]
    assert answers(workspace) == []


async def test_who_will_be_away_answers_ahead(workspace: Workspace) -> None:
    (opened,) = await workspace.say("mike-davis", "standup")
    thanks = (await workspace.press("mike-davis", opened, "answer", {"did": "on leave from Monday"}))[-1]

    await workspace.move_to(US_CLOSE)

    assert "the stand-up is on Mon 30 Nov 2026 09:00" in thanks["text"]
    channel = await workspace.read("emily-chen", "us")
    assert sum(bool(message["buttons"]) for message in channel) == 1
    assert channel[-1]["table"]["rows"] == [["Mike Davis", "on leave from Monday", "–"]]


async def test_the_words_open_the_form_in_both_languages(workspace: Workspace) -> None:
    (english,) = await workspace.say("mike-davis", "standup")
    (chinese,) = await workspace.say("lin-xiao", "站会")

    assert button_of(english, "answer")
    assert [field["name"] for field in chinese["form"]["fields"]] == ["did", "plans", "blockers"]


async def test_words_after_the_command_are_the_answer_in_a_direct_chat(workspace: Workspace) -> None:
    await prompt(workspace)

    await workspace.say("mike-davis", "standup two visits, one offer")
    await workspace.say("mike-davis", "standup was long today", "us")

    assert [one.did for one in answers(workspace)] == ["two visits, one offer"]


async def test_an_empty_answer_without_deals_asks_for_a_line(workspace: Workspace) -> None:
    post = await prompt(workspace)

    (refusal,) = await workspace.press("sarah-johnson", post, "answer", {"did": "", "plans": "", "blockers": ""})

    assert "write one line" in refusal["text"]
    assert answers(workspace) == []


async def test_a_form_in_the_thread_counts_also_after_a_check_in(workspace: Workspace) -> None:
    post = await prompt(workspace)
    await workspace.say("mike-davis", "calls", "us", post["id"])
    (form,) = await workspace.say("mike-davis", "standup", "us", post["id"])

    await workspace.press("mike-davis", form, "answer", {"did": "calls and a visit"})

    assert [one.did for one in answers(workspace)] == ["calls and a visit"]
