"""Deals, as a rep reports them."""

import asyncio
from datetime import date

import pytest
from sqlmodel import select

from models.deals import Deal
from models.people import Person
from models.reconcile import differences
from models.targets import Target
from models.unit import Unit
from tests.workspace import Record, Workspace, button_of, commands_of, texts_of

pytestmark = pytest.mark.both_databases

GLOBEX = "/deal Globex 80k USD close next Tuesday stage proposal #expansion"


def number_in(message: Record) -> str:
    """The deal's number in a bot's line."""
    return str(next(word for word in message["text"].replace(":", " ").split() if word.startswith("D-")))


def deal_of(workspace: Workspace, message: Record) -> Deal:
    """The deal of a bot's line, as its row is."""
    number = number_in(message)
    deal: Deal = workspace.rows(lambda session: session.get_one(Deal, number))
    return deal


async def form_of(workspace: Workspace, person: str, echo: Record) -> tuple[Record, Record]:
    """Press Edit: the form, and the values that stand in it."""
    (form,) = await workspace.press(person, echo, "edit")
    return form, {field["name"]: field["value"] for field in form["form"]["fields"]}


@pytest.mark.everywhere
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


@pytest.mark.everywhere
async def test_a_chinese_line_is_read_and_says_what_was_assumed(workspace: Workspace) -> None:
    echo, _ = await workspace.say("lin-xiao", "报单 苏州精工 75万 下周三 合同", "cn-east")

    assert "苏州精工 · CNY 750,000 · 2026年12月2日(周三)" in echo["text"]
    assert echo["text"].splitlines()[1].count("CNY") == 1


@pytest.mark.everywhere
async def test_a_line_without_its_command_word_is_offered_in_direct_chat_only(workspace: Workspace) -> None:
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")
    ignored = await workspace.say("lin-xiao", "苏州精工 75万 赢单", "cn-east")

    assert ignored == []
    assert commands_of(offer) == ["deal", "dismiss"]
    logged = await workspace.press("lin-xiao", offer, "deal")
    assert any("苏州精工 · CNY 750,000" in text for text in texts_of(logged))


@pytest.mark.everywhere
async def test_not_meant_as_a_deal_logs_nothing(workspace: Workspace) -> None:
    before = workspace.rows(lambda session: len(session.exec(select(Deal)).all()))
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")

    await workspace.press("lin-xiao", offer, "dismiss")

    assert workspace.rows(lambda session: len(session.exec(select(Deal)).all())) == before


async def test_a_deal_with_parts_missing_asks_for_them_with_what_is_known_filled_in(workspace: Workspace) -> None:
    (asking,) = await workspace.say("mike-davis", "/deal 80k close Friday", "us")

    filled = {field["name"]: field["value"] for field in asking["form"]["fields"]}
    assert filled == {"account": None, "amount": "80000 USD", "close_on": "2026-11-27"}
    assert asking["visible_to"] == "mike-davis"
    replies = await workspace.press("mike-davis", asking, "deal", {"account": "Soylent"})
    assert "Soylent · USD 80,000 · Fri 27 Nov 2026" in replies[1]["text"]


@pytest.mark.everywhere
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


@pytest.mark.everywhere
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


@pytest.mark.everywhere
async def test_nobody_takes_back_what_another_reported(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", GLOBEX, "us")

    refusal = (await workspace.press("emily-chen", echo, "undo"))[-1]

    assert refusal["visible_to"] == "emily-chen"
    assert "nothing of yours" in refusal["text"]


@pytest.mark.everywhere
async def test_edit_opens_a_form_that_is_filled_in_and_moves_the_totals(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", "/deal Globex 48k USD won", "us")
    (form,) = await workspace.press("mike-davis", echo, "edit")
    values = {field["name"]: field["value"] for field in form["form"]["fields"]}
    assert values["account"] == "Globex"
    assert values["amount"] == "48000 USD"

    replies = await workspace.press("mike-davis", form, "edit", values | {"amount": "50k"})

    assert any("USD 50,000" in text for text in texts_of(replies))
    assert workspace.rows(differences) == []


@pytest.mark.everywhere
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


@pytest.mark.everywhere
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


async def test_two_amounts_without_the_command_word_are_asked_about_in_direct_chat_only(workspace: Workspace) -> None:
    assert await workspace.say("mike-davis", "Initech 50k or 60k", "us") == []

    (question,) = await workspace.say("mike-davis", "Initech 50k or 60k")
    assert [button["label"] for button in question["buttons"]] == ["USD 50,000", "USD 60,000"]

    echo = next(one for one in await workspace.press("mike-davis", question, "deal") if not one["edited"])
    assert "Initech · USD 50,000" in echo["text"]


@pytest.mark.everywhere
async def test_a_bare_command_word_in_direct_chat_opens_the_form(workspace: Workspace) -> None:
    (asking,) = await workspace.say("lin-xiao", "报单")

    assert [field["name"] for field in asking["form"]["fields"]] == ["account", "amount"]


async def test_two_payments_can_both_be_taken_back_in_any_order(workspace: Workspace) -> None:
    before = (await workspace.say("mike-davis", "my"))[0]["text"]
    number = number_in((await workspace.say("mike-davis", GLOBEX))[0])
    await workspace.say("mike-davis", f"paid {number} 5k")
    await workspace.say("mike-davis", f"note {number} they pay in parts")
    await workspace.say("mike-davis", f"paid {number} 7k")

    second, first, whole = [(await workspace.say("mike-davis", "undo"))[-1]["text"] for _ in range(3)]

    assert "collected USD 7,000" in second
    assert "collected USD 5,000" in first
    assert "It counts nowhere" in whole
    assert workspace.rows(differences) == []
    assert (await workspace.say("mike-davis", "my"))[0]["text"] == before


async def test_a_stage_and_then_the_deal_itself_are_taken_back_newest_first(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX))[0]
    moved = (await workspace.say("mike-davis", f"stage {number_in(echo)} won"))[0]

    (early,) = await workspace.press("mike-davis", echo, "undo")
    await workspace.press("mike-davis", moved, "undo")
    await workspace.press("mike-davis", echo, "undo")

    assert "take back the newest change first" in early["text"]
    assert deal_of(workspace, echo).void
    assert workspace.rows(differences) == []


async def test_a_change_by_somebody_else_stands_before_ones_own(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    managers = (await workspace.say("sarah-johnson", f"edit {number_in(echo)} 90k", "us"))[0]

    (refusal,) = await workspace.press("mike-davis", echo, "undo")
    await workspace.press("sarah-johnson", managers, "undo")
    await workspace.press("mike-davis", echo, "undo")

    assert "take back the newest change first" in refusal["text"]
    assert deal_of(workspace, echo).void


async def test_a_deal_is_not_taken_back_while_its_cash_counts(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    await workspace.say("mike-davis", f"paid {number_in(echo)} 5k", "us")

    (refusal,) = await workspace.press("mike-davis", echo, "undo")

    assert "Take the cash of" in refusal["text"]
    assert not deal_of(workspace, echo).void


async def test_cash_of_a_deal_that_counts_nowhere_shows_as_a_difference(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX))[0]
    await workspace.say("mike-davis", f"paid {number_in(echo)} 5k")

    def orphan(unit: Unit) -> None:
        unit.get_one(Deal, number_in(echo)).void = True

    await asyncio.wrap_future(workspace.regatta.store.write(orphan))

    assert {key[2] for key, _, _ in workspace.rows(differences)} == {"collected"}


@pytest.mark.parametrize("words", ["stage {deal} won", "edit {deal} won"])
async def test_the_clock_of_the_deals_region_says_in_which_week_it_was_won(workspace: Workspace, words: str) -> None:
    echo = (await workspace.say("lin-xiao", "报单 苏州精工 75万 合同", "cn-east"))[0]
    await workspace.move_to("2026-11-30T00:30+08:00")  # still Sunday at HQ in London

    await workspace.say("amara-okafor", words.format(deal=number_in(echo)))

    assert deal_of(workspace, echo).signed_on == date(2026, 11, 30)


async def test_a_rep_on_the_road_signs_on_the_day_of_their_region(workspace: Workspace) -> None:
    def travel(unit: Unit) -> None:
        unit.get_one(Person, "lin-xiao").zone = "America/New_York"

    await asyncio.wrap_future(workspace.regatta.store.write(travel))
    await workspace.move_to("2026-11-30T00:30+08:00")

    echo = (await workspace.say("lin-xiao", "报单 苏州精工 75万 赢单"))[0]

    assert deal_of(workspace, echo).signed_on == date(2026, 11, 30)


async def test_cash_comes_in_on_the_day_of_the_deals_region(workspace: Workspace) -> None:
    number = number_in((await workspace.say("lin-xiao", "报单 苏州精工 75万 合同", "cn-east"))[0])
    await workspace.move_to("2026-11-30T00:30+08:00")

    (today,) = await workspace.say("amara-okafor", f"paid {number} 5k CNY")
    (named,) = await workspace.say("amara-okafor", f"paid {number} 6k CNY 2026-11-30")
    (later,) = await workspace.say("amara-okafor", f"paid {number} 6k CNY 2026-12-01")

    assert "collected on Mon 30 Nov 2026" in today["text"]
    assert "collected on Mon 30 Nov 2026" in named["text"]
    assert "still to come" in later["form"]["fields"][-1]["error"]


async def test_correcting_the_close_date_of_a_won_deal_moves_it_to_that_week(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", "/deal Globex 48k USD won", "us"))[0]
    assert deal_of(workspace, echo).signed_on == date(2026, 11, 24)  # 21:30 in New York

    await workspace.say("mike-davis", f"edit {number_in(echo)} close 2026-11-20")

    assert deal_of(workspace, echo).signed_on == date(2026, 11, 20)
    assert workspace.rows(differences) == []
    await workspace.say("mike-davis", f"edit {number_in(echo)} 50k")
    assert deal_of(workspace, echo).signed_on == date(2026, 11, 20)
    await workspace.say("mike-davis", f"edit {number_in(echo)} close 2026-12-20")
    assert deal_of(workspace, echo).signed_on == date(2026, 11, 24)
    assert workspace.rows(differences) == []


async def test_edit_on_an_old_echo_shows_the_deal_as_it_is_now(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    await workspace.say("mike-davis", f"edit {number_in(echo)} 90k")

    form, values = await form_of(workspace, "mike-davis", echo)
    await workspace.press("mike-davis", form, "edit", values | {"tags": "renewal"})

    deal = deal_of(workspace, echo)
    assert values["amount"] == "90000 USD"
    assert (deal.amount_minor, deal.tags) == (90_000_00, "renewal")


async def test_a_form_that_was_opened_before_a_change_says_who_was_faster(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    form, values = await form_of(workspace, "mike-davis", echo)
    await workspace.say("sarah-johnson", f"edit {number_in(echo)} 90k")
    await workspace.say("emily-chen", "my")

    (refusal,) = await workspace.press("mike-davis", form, "edit", values | {"tags": "renewal"})

    deal = deal_of(workspace, echo)
    assert refusal["text"] == f"{deal.id} was changed since by Sarah Johnson; press Edit again."
    assert (deal.amount_minor, deal.tags) == (90_000_00, "expansion")


async def test_a_form_is_also_old_once_a_change_was_taken_back(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    await workspace.say("mike-davis", f"edit {number_in(echo)} 90k")
    form, values = await form_of(workspace, "mike-davis", echo)
    await workspace.say("mike-davis", "undo")

    (refusal,) = await workspace.press("mike-davis", form, "edit", values)

    assert "was changed since by Mike Davis" in refusal["text"]
    assert deal_of(workspace, echo).amount_minor == 80_000_00


@pytest.mark.parametrize("no_tags", ["", "  ", "#", ","])
async def test_fields_that_are_emptied_in_the_form_are_emptied_in_the_deal(workspace: Workspace, no_tags: str) -> None:
    echo = (await workspace.say("mike-davis", f"{GLOBEX} https://files.example.com/c.pdf", "us"))[0]
    form, values = await form_of(workspace, "mike-davis", echo)
    emptied = {"close_on": "", "stage": None, "tags": no_tags, "contract_url": ""}

    replies = await workspace.press("mike-davis", form, "edit", values | emptied)

    deal = deal_of(workspace, echo)
    assert (deal.close_on, deal.stage, deal.tags, deal.contract_url) == (None, None, "", None)
    assert deal.amount_minor == 80_000_00
    assert "✓ Changed" in "".join(texts_of(replies))


async def test_emptying_the_stage_of_a_won_deal_takes_it_out_of_the_totals(workspace: Workspace) -> None:
    before = (await workspace.say("mike-davis", "my"))[0]["text"]
    echo = (await workspace.say("mike-davis", "/deal Globex 48k USD won", "us"))[0]
    form, values = await form_of(workspace, "mike-davis", echo)

    await workspace.press("mike-davis", form, "edit", values | {"stage": ""})

    assert deal_of(workspace, echo).signed_on is None
    assert (await workspace.say("mike-davis", "my"))[0]["text"].split("\n")[1:] == before.split("\n")[1:]
    assert workspace.rows(differences) == []


@pytest.mark.parametrize("field", ["account", "amount"])
async def test_what_a_deal_needs_cannot_be_emptied(workspace: Workspace, field: str) -> None:
    echo = (await workspace.say("mike-davis", GLOBEX, "us"))[0]
    form, values = await form_of(workspace, "mike-davis", echo)

    (again,) = await workspace.press("mike-davis", form, "edit", values | {field: "", "tags": ""})

    fields = {one["name"]: one for one in again["form"]["fields"]}
    assert fields[field]["error"] == "This is needed."
    assert deal_of(workspace, echo).tags == "expansion"
    await workspace.press("mike-davis", again, "edit", values | {"tags": ""})
    assert deal_of(workspace, echo).tags == ""
    assert deal_of(workspace, echo).amount_minor == 80_000_00


async def test_a_rep_whose_targets_are_in_another_currency_does_not_stop_the_region(workspace: Workspace) -> None:
    def move(unit: Unit) -> None:
        unit.get_one(Person, "mike-davis").region_id = "de"

    await asyncio.wrap_future(workspace.regatta.store.write(move))

    echo, private = await workspace.say("anna-schmidt", "/deal Siemens 20k EUR won", "de")
    (mine,) = await workspace.say("mike-davis", "my")
    await workspace.move_to("2026-11-30T09:30+01:00")

    assert "Siemens" in echo["text"]
    assert "of 5" in private["text"]
    assert "of EUR" in mine["text"]
    assert [one for one in await workspace.read("anna-schmidt", "de") if one["image"]]


async def test_a_target_without_a_rate_is_no_target(workspace: Workspace) -> None:
    def price(unit: Unit) -> None:
        for target in unit.exec(select(Target).where(Target.scope_id == "anna-schmidt")):
            target.currency = "CHF"

    await asyncio.wrap_future(workspace.regatta.store.write(price))

    (mine,) = await workspace.say("anna-schmidt", "my")

    assert "%" not in mine["text"]
    assert "EUR" in mine["text"]


async def test_edit_without_a_deal_asks_which_one(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", GLOBEX))[0])

    (asking,) = await workspace.say("mike-davis", "edit 90k")
    replies = await workspace.press("mike-davis", asking, "edit", {"deal": number})

    assert [field["name"] for field in asking["form"]["fields"]] == ["deal", "amount"]
    assert "USD 90,000" in "".join(texts_of(replies))


async def test_cash_adds_up_and_more_than_the_deal_is_worth_is_said_with_undo(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", "/deal Globex 90k USD won", "us"))[0])
    (first,) = await workspace.say("mike-davis", f"/paid {number} 50k", "us")
    (second,) = await workspace.say("mike-davis", f"/paid {number} 200k", "us")

    assert "USD 50,000 of USD 90,000 collected" in first["text"]
    assert "more than the deal is worth" not in first["text"]
    assert "USD 250,000 of USD 90,000 collected" in second["text"]
    assert "more than the deal is worth" in second["text"]
    await workspace.press("mike-davis", second, "undo")
    shown = (await workspace.say("mike-davis", f"deal show {number}"))[0]
    assert {"label": "Collected", "value": "USD 50,000 of USD 90,000"} in shown["fields"]
    assert workspace.rows(differences) == []


@pytest.mark.parametrize("slip", ["stage purple", "nonsense words"])
async def test_words_that_mean_nothing_rename_no_account(workspace: Workspace, slip: str) -> None:
    number = number_in((await workspace.say("mike-davis", GLOBEX, "us"))[0])

    (refusal,) = await workspace.say("mike-davis", f"/edit {number} {slip}", "us")

    assert "nothing was changed" in refusal["text"]
    assert "Globex" in (await workspace.say("mike-davis", f"deal show {number}"))[0]["text"]


async def test_a_correction_is_on_the_timeline_with_before_and_after(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", GLOBEX, "us"))[0])
    await workspace.say("mike-davis", f"/edit {number} 90k close 5 Dec", "us")

    (shown,) = await workspace.say("mike-davis", f"deal show {number}")

    told = shown["table"]["rows"][-1][2]
    assert "amount USD 80,000 → USD 90,000" in told
    assert "close date Tue 1 Dec 2026 → Sat 5 Dec 2026" in told


async def test_the_answer_to_an_offer_leaves_nothing_to_press(workspace: Workspace) -> None:
    (offer,) = await workspace.say("lin-xiao", "苏州精工 75万 赢单")

    await workspace.press("lin-xiao", offer, "dismiss")
    late = await workspace.press("lin-xiao", offer, "deal")

    assert (await workspace.read("lin-xiao"))[1]["buttons"] == []
    assert "已" in late[-1]["text"] or "twice" in late[-1]["text"]


async def test_an_amount_without_a_currency_is_in_the_deals(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", "/deal Globex 80k EUR won", "us"))[0])
    await workspace.say("mike-davis", f"/paid {number} 50k", "us")

    edited = await workspace.say("mike-davis", f"/edit {number} 90k", "us")
    (paid,) = await workspace.say("mike-davis", f"/paid {number} 10k", "us")

    assert "EUR 90,000" in edited[0]["text"]
    assert "assumed" not in edited[0]["text"]
    assert "EUR 60,000 of EUR 90,000 collected" in paid["text"]
    (form,) = await workspace.press("mike-davis", edited[0], "edit")
    values = {field["name"]: field["value"] for field in form["form"]["fields"]}
    replies = await workspace.press("mike-davis", form, "edit", values | {"amount": "95k"})
    assert any("EUR 95,000" in text for text in texts_of(replies))


@pytest.mark.everywhere
async def test_the_currency_of_a_deal_with_cash_is_kept(workspace: Workspace) -> None:
    number = number_in((await workspace.say("mike-davis", "/deal Globex 80k EUR won", "us"))[0])
    await workspace.say("mike-davis", f"/paid {number} 50k EUR", "us")

    (refused,) = await workspace.say("mike-davis", f"/edit {number} 90k USD", "us")

    fields = {field["name"]: field for field in refused["form"]["fields"]}
    assert "keep the amount in EUR" in fields["amount"]["error"]
    assert workspace.rows(differences) == []


@pytest.mark.everywhere
async def test_the_echo_owns_up_to_words_that_it_did_not_use(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", "/deal Fabrikam 230k minus 10% not won yet", "us")

    assert echo["text"].splitlines()[1] == "USD assumed · not used: “minus … 10% … not won yet”"
    (explained,) = await workspace.say("mike-davis", "explain D-1346")
    assert ["not won yet", "Not used", "said not to be so"] in explained["table"]["rows"]


async def test_undo_says_what_it_does_not_take_back(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 23k won", "us")
    await workspace.say("mike-davis", "/visit Umbrella met Bob next 3 Dec", "us")

    (answer,) = await workspace.say("mike-davis", "undo")

    assert answer["text"] == (
        "What you did last is visit V-1, and that stays. Press Undo under the deal that you mean."
    )
    (again,) = await workspace.say("mike-davis", "deal show D-1346")
    assert "Taken back" not in again["text"]


@pytest.mark.parametrize(
    ("line", "what"),
    [("request D-1346", "the request for D-1346"), ("approve A-1", "the decision on D-1346")],
)
async def test_undo_right_after_a_request_or_a_decision_takes_back_no_deal(
    workspace: Workspace, line: str, what: str
) -> None:
    await workspace.say("mike-davis", "/deal Initrode 40k", "us")
    await workspace.say("sarah-johnson", "/deal Tyrell 50k", "us")
    who = "mike-davis" if line.startswith("request") else "sarah-johnson"
    if who != "mike-davis":
        await workspace.say("mike-davis", "request D-1346", "us")
    await workspace.say(who, line, "us")

    (answer,) = await workspace.say(who, "undo", "us")

    assert answer["text"].startswith(f"What you did last is {what}, and that stays.")
    assert not any(deal.void for deal in workspace.rows(lambda session: session.exec(select(Deal)).all()))


async def test_a_change_of_currency_is_not_undone_below_cash_in_the_new_one(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Initrode 80k USD", "us")
    edited, *_ = await workspace.say("mike-davis", "edit D-1346 80k EUR", "us")
    paid, *_ = await workspace.say("mike-davis", "paid D-1346 20k EUR", "us")

    (refused,) = await workspace.press("mike-davis", edited, "undo")
    await workspace.press("mike-davis", paid, "undo")
    await workspace.press("mike-davis", edited, "undo")

    assert refused["text"] == "Take the cash of D-1346 back first: it is in EUR."
    assert workspace.rows(lambda session: session.get_one(Deal, "D-1346")).currency == "USD"


@pytest.mark.parametrize("last", ["done V-1", "postpone V-1 two weeks"])
async def test_undo_right_after_a_visit_was_moved_or_done_takes_back_no_deal(workspace: Workspace, last: str) -> None:
    await workspace.say("mike-davis", "/visit Umbrella met Bob next 3 Dec", "us")
    await workspace.say("mike-davis", "/deal Umbrella 23k won", "us")
    await workspace.say("mike-davis", last)

    (answer,) = await workspace.say("mike-davis", "undo")

    assert answer["text"].startswith("What you did last is visit V-1, and that stays.")


async def test_a_correction_can_bring_a_note(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 23k won", "us")

    echo = (await workspace.say("mike-davis", "edit D-1346 25k note: they added two seats"))[0]
    (timeline,) = await workspace.say("mike-davis", "deal show D-1346")
    (noted,) = await workspace.say("mike-davis", "edit D-1346 note: and one more")

    assert "USD 25,000" in echo["text"]
    assert "they added two seats" in str(timeline)
    assert noted["text"] == "✓ Note on D-1346: and one more"


async def test_edit_without_a_change_opens_the_form(workspace: Workspace) -> None:
    (form,) = await workspace.say("mike-davis", "edit D-1333")

    values = {field["name"]: field["value"] for field in form["form"]["fields"]}
    assert (values["account"], values["amount"], values["stage"]) == ("Soylent", "22000 USD", "won")

    sent = await workspace.press("mike-davis", form, "edit", values | {"amount": "23k"})
    assert any("Changed: D-1333 · Soylent · USD 23,000" in text for text in texts_of(sent))


async def test_a_form_says_what_is_still_needed(workspace: Workspace) -> None:
    (form,) = await workspace.say("mike-davis", "deal Globex next Tuesday proposal")

    assert form["text"].splitlines()[1] == "Still needed: Amount. What you typed is kept."


@pytest.mark.everywhere
@pytest.mark.parametrize("line", ["hi", "deal of 50k coming from Globex", "deal with Globex first"])
async def test_small_talk_in_a_channel_gets_no_answer(workspace: Workspace, line: str) -> None:
    assert await workspace.say("mike-davis", line, "us") == []
