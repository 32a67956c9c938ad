"""Deals, as a rep reports them."""

from sqlmodel import select

from models.deals import Deal
from models.reconcile import differences
from tests.workspace import Record, Workspace, button_of, commands_of, texts_of

GLOBEX = "/deal Globex 80k USD close next Tuesday stage proposal #expansion"


def number_in(message: Record) -> str:
    """The deal's number in a bot's line."""
    return str(next(word for word in message["text"].replace(":", " ").split() if word.startswith("D-")))


async def test_the_echo_shows_the_deal_and_only_the_rep_sees_attainment(workspace: Workspace) -> None:
    echo, private = await workspace.say("mike-davis", GLOBEX, "us")

    assert "Globex · USD 80,000 · Tue 1 Dec 2026 (“next Tuesday”)" in echo["text"]
    assert "proposal · #expansion" in echo["text"]
    assert commands_of(echo) == ["undo", "edit", "request"]
    assert echo["visible_to"] is None
    assert "%" not in echo["text"]
    assert private["visible_to"] == "mike-davis"
    assert "signed" in private["text"]
    assert "pace" in private["text"]
    others = texts_of(await workspace.read("emily-chen", "us"))
    assert echo["text"] in others
    assert private["text"] not in others


async def test_a_chinese_line_is_read_and_says_what_was_assumed(workspace: Workspace) -> None:
    echo, _ = await workspace.say("lin-xiao", "报单 苏州精工 75万 下周三 合同", "cn-east")

    assert "苏州精工 · CNY 750,000 · 2026年12月2日(周三)" in echo["text"]
    assert echo["text"].splitlines()[1].count("CNY") == 1


async def test_a_line_without_its_command_word_is_offered_in_direct_chat_only(workspace: Workspace) -> None:
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")
    ignored = await workspace.say("lin-xiao", "苏州精工 75万 赢单", "cn-east")

    assert ignored == []
    assert commands_of(offer) == ["deal", "dismiss"]
    logged = await workspace.press("lin-xiao", offer, "deal")
    assert any("苏州精工 · CNY 750,000" in text for text in texts_of(logged))


async def test_not_meant_as_a_deal_logs_nothing(workspace: Workspace) -> None:
    before = workspace.rows(lambda session: len(session.exec(select(Deal)).all()))
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")

    await workspace.press("lin-xiao", offer, "dismiss")

    assert workspace.rows(lambda session: len(session.exec(select(Deal)).all())) == before


async def test_a_deal_with_parts_missing_asks_for_just_these(workspace: Workspace) -> None:
    (asking,) = await workspace.say("mike-davis", "/deal 80k close Friday", "us")

    assert [field["name"] for field in asking["form"]["fields"]] == ["account"]
    assert asking["visible_to"] == "mike-davis"
    replies = await workspace.press("mike-davis", asking, "deal", {"account": "Soylent"})
    assert "Soylent · USD 80,000 · Fri 27 Nov 2026" in replies[1]["text"]


async def test_a_wrong_answer_in_a_form_is_said_beside_its_field_and_keeps_the_rest(workspace: Workspace) -> None:
    (asking,) = await workspace.say("mike-davis", "/deal", "us")

    (again,) = await workspace.press("mike-davis", asking, "deal", {"account": "Soylent", "amount": "a lot"})

    assert again["id"] == asking["id"]
    fields = {field["name"]: field for field in again["form"]["fields"]}
    assert fields["amount"]["error"]
    assert fields["account"]["value"] == "Soylent"
    replies = await workspace.press("mike-davis", again, "deal", {"account": "Soylent", "amount": "12,500 USD"})
    assert any("Soylent · USD 12,500" in text for text in texts_of(replies))


async def test_a_form_sent_twice_logs_one_deal(workspace: Workspace) -> None:
    (asking,) = await workspace.say("mike-davis", "/deal 80k", "us")

    await workspace.press("mike-davis", asking, "deal", {"account": "Zweimal"})
    second = await workspace.press("mike-davis", asking, "deal", {"account": "Zweimal"})

    assert "nothing was done twice" in second[-1]["text"]
    echoes = [text for text in texts_of(await workspace.read("mike-davis", "us")) if "Zweimal" in text]
    assert len(echoes) == 1


async def test_an_old_face_of_a_form_that_was_sent_logs_nothing_more(workspace: Workspace) -> None:
    (asking,) = await workspace.say("mike-davis", "/deal", "us")
    (again,) = await workspace.press("mike-davis", asking, "deal", {"account": "Zweimal", "amount": "a lot"})
    await workspace.press("mike-davis", again, "deal", {"account": "Zweimal", "amount": "5k USD"})

    late = await workspace.press("mike-davis", asking, "deal", {"account": "Zweimal", "amount": "5k USD"})

    assert "nothing was done twice" in late[-1]["text"]


async def test_only_one_of_two_readings_can_be_chosen(workspace: Workspace) -> None:
    (question,) = await workspace.say("mike-davis", "/deal Acme Corp 50k or 60k USD close Friday", "us")

    for button in question["buttons"]:
        body = {"as": "mike-davis", "message": question["id"], "button": button["id"]}
        replies = (await workspace.post("/workspace/actions", body))["replies"]

    assert "nothing was done twice" in replies[-1]["text"]


async def test_two_amounts_are_asked_about_with_a_button_each(workspace: Workspace) -> None:
    (question,) = await workspace.say("mike-davis", "/deal Acme Corp 50k or 60k USD close Friday", "us")

    assert [button["label"] for button in question["buttons"]] == ["USD 50,000", "USD 60,000"]
    body = {"as": "mike-davis", "message": question["id"], "button": question["buttons"][1]["id"]}
    replies = (await workspace.post("/workspace/actions", body))["replies"]
    assert any("Acme Corp · USD 60,000 · Fri 27 Nov 2026" in text for text in texts_of(replies))


async def test_undo_reverses_every_total_within_ten_minutes(workspace: Workspace) -> None:
    before = (await workspace.say("mike-davis", "my"))[0]["text"]
    echo, _ = await workspace.say("mike-davis", "/deal Globex 48k USD won", "us")
    assert (await workspace.say("mike-davis", "my"))[0]["text"] != before

    await workspace.press("mike-davis", echo, "undo")

    assert (await workspace.say("mike-davis", "my"))[0]["text"] == before
    assert workspace.rows(differences) == []


async def test_undo_is_refused_after_ten_minutes_and_says_how_to_correct(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", GLOBEX, "us")
    await workspace.advance("11m")

    refusal = (await workspace.press("mike-davis", echo, "undo"))[-1]

    assert "ten minutes" in refusal["text"]
    assert f"edit {number_in(echo)}" in refusal["text"]


async def test_nobody_takes_back_what_another_reported(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", GLOBEX, "us")

    refusal = (await workspace.press("emily-chen", echo, "undo"))[-1]

    assert refusal["visible_to"] == "emily-chen"
    assert "nothing of yours" in refusal["text"]


async def test_edit_opens_a_form_that_is_filled_in_and_moves_the_totals(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", "/deal Globex 48k USD won", "us")
    (form,) = await workspace.press("mike-davis", echo, "edit")
    values = {field["name"]: field["value"] for field in form["form"]["fields"]}
    assert values["account"] == "Globex"
    assert values["amount"] == "48000 USD"

    replies = await workspace.press("mike-davis", form, "edit", values | {"amount": "50k"})

    assert any("USD 50,000" in text for text in texts_of(replies))
    assert workspace.rows(differences) == []


async def test_the_timeline_tells_stage_note_cash_and_visit_with_who(workspace: Workspace) -> None:
    number = number_in((await workspace.say("lin-xiao", "报单 苏州精工 75万 合同", "cn-east"))[0])
    await workspace.say("lin-xiao", f"备注 {number} 客户要求五月交货", "cn-east")
    await workspace.say("lin-xiao", "/visit 苏州精工 拜访张总", "cn-east")
    await workspace.say("lin-xiao", f"阶段 {number} 赢单", "cn-east")
    await workspace.say("lin-xiao", f"开票 {number} 30万", "cn-east")
    await workspace.say("lin-xiao", f"回款 {number} 20万", "cn-east")

    (shown,) = await workspace.say("lin-xiao", f"查看 {number}", "cn-east")

    story = [" ".join(row) for row in shown["table"]["rows"]]
    assert len(story) == 6
    assert all("林晓" in line for line in story)
    assert "客户要求五月交货" in story[1]
    assert "拜访张总" in story[2]
    assert "合同 → 赢单" in story[3] or "contract → won" in story[3]
    assert "CNY 300,000" in story[4]
    assert "CNY 200,000" in story[5]
    assert shown["visible_to"] == "lin-xiao"
    assert workspace.rows(differences) == []


async def test_cash_in_another_currency_than_the_deal_is_refused_in_words(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", GLOBEX, "us"))[0])

    (refusal,) = await workspace.say("mike-davis", f"/paid {number} 5k EUR", "us")

    assert "USD" in refusal["text"]
    assert refusal["visible_to"] == "mike-davis"


async def test_a_rep_sees_own_deals_a_manager_the_regions_and_hq_all(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", GLOBEX, "us"))[0])

    seen = {
        person: (await workspace.say(person, f"deal show {number}"))[0]["table"] is not None
        for person in ("mike-davis", "emily-chen", "sarah-johnson", "chen-wei", "amara-okafor")
    }

    assert seen == {
        "mike-davis": True, "emily-chen": False, "sarah-johnson": True, "chen-wei": False, "amara-okafor": True,
    }  # fmt: skip


async def test_my_names_the_measure_and_the_pace_of_month_and_quarter(workspace: Workspace) -> None:
    (mine,) = await workspace.say("mike-davis", "my", "us")

    assert "Nov 2026 signed" in mine["text"]
    assert "Q4 2026 signed" in mine["text"]
    assert "pace" in mine["text"]
    assert mine["table"]["rows"]
    assert mine["visible_to"] == "mike-davis"


async def test_hq_is_told_why_its_deal_would_count_nowhere(workspace: Workspace) -> None:
    (refusal,) = await workspace.say("amara-okafor", "/deal Globex 80k USD", "hq")

    assert "no region" in refusal["text"]


async def test_the_same_button_of_an_offer_counts_once(workspace: Workspace) -> None:
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")

    await workspace.press("lin-xiao", offer, "deal")
    second = await workspace.press("lin-xiao", offer, "deal")

    assert "twice" in second[-1]["text"] or "已" in second[-1]["text"]
    assert button_of(offer, "deal")


async def test_a_payment_without_a_year_is_in_the_past_and_one_to_come_is_refused(workspace: Workspace) -> None:
    number = number_in((await workspace.say("lin-xiao", "报单 苏州精工 75万 合同", "cn-east"))[0])

    (paid,) = await workspace.say("lin-xiao", f"回款 {number} 20万 11月20日", "cn-east")
    (refused,) = await workspace.say("lin-xiao", f"回款 {number} 20万 2026-12-20", "cn-east")

    assert "2026年11月20日" in paid["text"]
    fields = {field["name"]: field for field in refused["form"]["fields"]}
    assert "2026年12月20日" in fields["on"]["error"]
    assert len((await workspace.say("lin-xiao", f"查看 {number}"))[0]["table"]["rows"]) == 2


async def test_a_bare_command_word_in_direct_chat_opens_the_form(workspace: Workspace) -> None:
    (asking,) = await workspace.say("lin-xiao", "报单")

    assert [field["name"] for field in asking["form"]["fields"]] == ["account", "amount"]
