"""What becomes of threads, edits, forms and private answers where a chat has none of them, and of a slow robot."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from bot.degrading import names
from models.approvals import Decision
from models.channels import Channel
from models.context import Context
from models.deals import Deal
from models.message import says
from models.outbox import Post
from models.policies import Policy
from models.stages import Stage
from models.text import Text
from models.unit import Unit
from tests.contract.test_approvals import LARGE, asked
from tests.contract.test_policies import FORM, HQ, policy_posts, sent
from tests.stages.poorest import PoorestStage
from tests.workspace import commands_of

MIKE, SARAH = "mike-davis", "sarah-johnson"


@pytest.fixture
async def poorest(template: Path, tmp_path: Path) -> AsyncIterator[PoorestStage]:
    """The company in the poorest chat."""
    async with PoorestStage.opened(template, tmp_path / "poorest.db") as stage:
        yield stage


def texts(stage: PoorestStage, channel: str) -> list[str]:
    """What the bot said in a channel, as it stands there."""
    place = stage.regatta.directory.now().channels[channel].external_id
    return [said.text for said in stage.peer.world.chats[place].said if said.user is None]


def deals_of(stage: PoorestStage) -> list[Deal]:
    return list(stage.rows(lambda session: session.exec(select(Deal).order_by(col(Deal.created_at).desc())).all()))


async def test_what_one_person_may_see_goes_to_their_direct_chat_and_says_which_group_it_is_about(
    poorest: PoorestStage,
) -> None:
    await poorest.say(MIKE, "deal Globex 80k USD close Friday", "us")

    assert [text.split(" · ")[1] for text in texts(poorest, "us")] == ["Globex"]
    (private,) = texts(poorest, "dm-mike-davis")
    assert private.startswith("About United States:\n")
    assert "signed" in private


async def test_without_a_direct_chat_the_group_reads_one_sentence_that_says_nothing(poorest: PoorestStage) -> None:
    def leave(unit: Unit) -> None:
        unit.execute(delete(Channel).where(col(Channel.id) == "dm-mike-davis"))

    await asyncio.wrap_future(poorest.regatta.store.write(leave))
    poorest.regatta.directory._snapshot = None

    await poorest.say(MIKE, "my", "us")

    (sentence,) = texts(poorest, "us")
    assert sentence == "Mike Davis, my answer is for you alone: write to me in private once, then say it again."
    assert texts(poorest, "dm-sarah-johnson") == []


async def test_a_form_is_one_message_with_the_line_to_copy_and_the_whole_of_it_may_be_sent_back(
    poorest: PoorestStage,
) -> None:
    await poorest.say(MIKE, "deal 80k close Friday")
    (form,) = texts(poorest, "dm-mike-davis")
    assert "Still needed: Account. What you typed is kept." in form
    number = form[form.index("Q-") :].split()[0]
    assert form.splitlines()[-1] == f"{number} Account: …; Amount: 80000 USD; Close date: 2026-11-27"

    await poorest.say(MIKE, form.replace("Account: …", "Account: Soylent"))

    (deal, *_) = deals_of(poorest)
    assert (deal.amount_minor, str(deal.close_on)) == (80_000_00, "2026-11-27")
    assert any("Soylent · USD 80,000" in text for text in texts(poorest, "dm-mike-davis"))


async def test_what_is_wrong_in_a_line_is_said_and_the_rest_of_it_is_kept(poorest: PoorestStage) -> None:
    await poorest.say(MIKE, "deal")
    number = texts(poorest, "dm-mike-davis")[-1].split("Q-")[1].split()[0]

    await poorest.say(MIKE, f"Q-{number} account: Soylent; 金额：a lot")
    again = texts(poorest, "dm-mike-davis")[-1]
    await poorest.say(MIKE, f"Q-{number} amount: 5k USD")

    assert "Amount: That is not an amount" in again
    assert again.splitlines()[-1] == f"Q-{number} Account: Soylent; Amount: a lot"
    assert any("Soylent · USD 5,000" in text for text in texts(poorest, "dm-mike-davis"))


async def test_the_longest_form_is_copied_with_its_link_and_put_right_in_one_place(poorest: PoorestStage) -> None:
    (form,) = await poorest.say(HQ, "policy new")
    asked_for = texts(poorest, "dm-amara-okafor")[-1]
    assert "Needed: Title in English, Text in English, Audience, Deadline. The others may stay empty." in asked_for
    entered = FORM | {"text": "From 1 December: 3 percent;\nask finance.", "deadline": "soon"}
    await poorest.press(HQ, form, "policy", entered)

    again = texts(poorest, "dm-amara-okafor")[-1]
    await poorest.say(HQ, again.replace("Deadline: soon", "Deadline: 2026-11-27"))

    (policy,) = poorest.rows(lambda session: session.exec(select(Policy)).all())
    assert (policy.link, policy.text) == (FORM["link"], entered["text"])
    assert "send" in commands_of((await poorest.read(HQ))[-1])


async def test_a_choice_is_shown_and_typed_in_the_readers_words(poorest: PoorestStage) -> None:
    await poorest.say("lin-xiao", "报单 75万 下周三 合同")
    form = texts(poorest, "dm-lin-xiao")[-1]
    assert form.endswith("阶段：合同")

    await poorest.say("lin-xiao", form.replace("客户：…", "客户：苏州精工").replace("阶段：合同", "阶段：赢单"))

    assert deals_of(poorest)[0].stage is Stage.WON


async def test_a_private_chat_that_is_gone_takes_no_group_with_it(poorest: PoorestStage) -> None:
    poorest.peer.world.chats.pop(poorest.users[MIKE])
    group = poorest.regatta.directory.now().channels["us"].external_id

    for line in ("@Regatta my", "@Regatta deal Globex 80k USD close Friday"):
        await poorest.peer.say(poorest.users[MIKE], group, line)
        await poorest.settled()

    assert len(texts(poorest, "us")) == 1
    assert texts(poorest, "dm-ines-keller") == []  # an administrator hears of groups that are gone
    assert set(poorest.peer.refusals) == {"no_such_chat"}
    poorest.peer.refusals.clear()


async def test_a_form_of_one_field_takes_the_words_behind_its_number(poorest: PoorestStage) -> None:
    card = await asked(poorest)  # type: ignore[arg-type]
    await poorest.press(SARAH, card, "reject")
    line = texts(poorest, "dm-sarah-johnson")[-1].splitlines()[-1]
    assert line.endswith(" Reason: …")

    await poorest.say(SARAH, f"{line.split()[0]} price too low")

    (decision,) = poorest.rows(lambda session: session.exec(select(Decision)).all())
    assert decision.reason == "price too low"


async def test_a_field_that_the_form_does_not_have_is_asked_about_and_nothing_is_done(poorest: PoorestStage) -> None:
    await poorest.say(MIKE, "deal")
    number, before = texts(poorest, "dm-mike-davis")[-1].split("Q-")[1].split()[0], len(deals_of(poorest))

    await poorest.say(MIKE, f"Q-{number} buyer: Soylent; amount: 5k USD")

    assert "Q-" in texts(poorest, "dm-mike-davis")[-1]
    assert len(deals_of(poorest)) == before


async def test_nobody_sends_the_form_of_another(poorest: PoorestStage) -> None:
    await poorest.say(MIKE, "deal")
    number = texts(poorest, "dm-mike-davis")[-1].split("Q-")[1].split()[0]
    before = len(deals_of(poorest))

    await poorest.say("emily-chen", f"Q-{number} account: Soylent; amount: 5k USD")

    assert len(deals_of(poorest)) == before


async def test_a_press_in_private_on_what_was_asked_in_a_group_counts_in_the_group(poorest: PoorestStage) -> None:
    (question,) = await poorest.say(MIKE, "deal Acme Corp 50k or 60k USD close Friday", "us")
    assert texts(poorest, "us") == []

    await poorest.press(MIKE, question, "deal", nth=1)

    assert "Acme Corp · USD 60,000" in texts(poorest, "us")[0]


async def test_a_decision_is_typed_with_its_number_and_said_once_in_the_group(poorest: PoorestStage) -> None:
    await asked(poorest, LARGE)  # type: ignore[arg-type]
    before = len(texts(poorest, "us"))

    await poorest.say(SARAH, "approve A-1", "us")

    face, said = texts(poorest, "us")[before:]
    assert said == "A-1: Sarah Johnson approved step 1. Next: 陈思远 Chen Siyuan"
    assert face.splitlines()[0].startswith("A-1 · approval of")
    assert "Asked by" not in face  # what the card said before is not said again
    assert "Step 2 of 2: HQ finance (陈思远 Chen Siyuan)" in face

    before = len(texts(poorest, "us"))
    await poorest.say("chen-siyuan", "批准 A-1")
    (said,) = texts(poorest, "us")[before:]
    assert "A-1 is approved" in said


async def test_figures_that_move_are_told_to_headquarters_once_an_hour_and_to_no_group(poorest: PoorestStage) -> None:
    await sent(poorest, audience=["sea"])  # type: ignore[arg-type]
    (post,) = await policy_posts(poorest, "sea")  # type: ignore[arg-type]
    for person in ("priya-nair", "daniel-tan", "siti-rahman"):
        await poorest.press(person, post, "acknowledge")
    desk, group = len(texts(poorest, "hq")), len(texts(poorest, "sea"))
    for person in ("minh-tran", "kanya-suk"):
        await poorest.press(person, post, "acknowledge")
    assert len(texts(poorest, "hq")) == desk

    await poorest.advance("1h")
    await poorest.advance("3h")

    (told,) = texts(poorest, "hq")[desk:]
    assert "South-East Asia 5/5" in told
    assert len(texts(poorest, "sea")) == group


async def test_what_only_loses_its_buttons_is_not_said_again_and_a_longer_number_is_another_thing(
    poorest: PoorestStage,
) -> None:
    (offer,) = await poorest.say(MIKE, "Soylent 5k USD won")
    await poorest.press(MIKE, offer, "dismiss")
    said = texts(poorest, "dm-mike-davis")

    await poorest.advance("3h")

    assert texts(poorest, "dm-mike-davis") == said
    assert not names(says(Text("A-12 is approved")), "A-1")


async def test_who_waits_for_an_answer_goes_before_what_nobody_waits_for(poorest: PoorestStage) -> None:
    def broadcast(unit: Unit) -> None:
        context = Context(unit, poorest.regatta.clock.now(), "event", lambda: "id")
        for number in range(12):
            for channel in ("us", "de", "latam", "sea", "hq"):
                context.post(channel, says(Text("News {n}", n=number)))

    began = poorest.peer.clock.now()
    await asyncio.wrap_future(poorest.regatta.store.write(broadcast))
    poorest.regatta.delivery.wake()
    await poorest.peer.world.eventually(lambda: len(texts(poorest, "us")) > 1)
    await poorest.say(MIKE, "my")

    said = [one for chat in poorest.peer.world.chats.values() for one in chat.said if one.user is None]
    order = [one.text for one in sorted(said, key=lambda one: int(one.id))]
    assert len(order) == 61
    assert next(at for at, text in enumerate(order) if not text.startswith("News")) < 30
    assert poorest.peer.clock.now() - began > 120  # 61 messages at 20 a minute
    assert poorest.peer.refusals == []


async def test_a_message_is_parted_where_it_is_too_long_and_its_buttons_are_at_its_end(poorest: PoorestStage) -> None:
    def post(unit: Unit) -> None:
        context = Context(unit, poorest.regatta.clock.now(), "event", lambda: "id")
        context.post("us", says(Text("Long: {words}", words="汉字 " * 2_000)))

    await asyncio.wrap_future(poorest.regatta.store.write(post))
    poorest.regatta.delivery.wake()
    await poorest.settled()

    parts = texts(poorest, "us")
    assert len(parts) > 7
    assert "".join("".join(parts).split()) == "Long:" + "汉字" * 2_000
    (row,) = poorest.rows(lambda session: session.exec(select(Post).where(Post.event_id == "event")).all())
    assert len(row.part_ids) == len(parts)


async def test_nobody_is_answered_who_does_not_call_the_bot_in_a_group(poorest: PoorestStage) -> None:
    group = poorest.regatta.directory.now().channels["us"].external_id

    await poorest.peer.say(poorest.users[MIKE], group, "deal Globex 80k USD close Friday")

    assert texts(poorest, "us") == []
