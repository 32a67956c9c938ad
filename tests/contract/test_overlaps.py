"""Nothing is counted twice: nearly the same deal is asked about, and a name that resembles another is offered."""

from datetime import date

import pytest
from sqlmodel import select

from models.accounts import Account, account_named
from models.deals import Deal
from models.regions import Rate
from models.unit import Unit
from tests.workspace import Record, Workspace, button_of, commands_of, texts_of

pytestmark = pytest.mark.both_databases


def deals_with(workspace: Workspace, name: str) -> list[Deal]:
    """The deals of a customer that count."""
    query = select(Deal).join(Account).where(Account.name == name, Deal.void == False)  # noqa: E712  a column
    return list(workspace.rows(lambda session: session.exec(query).all()))


def said(replies: list[Record]) -> Record:
    """The first new message among the replies to a press; the question loses its buttons beside it."""
    return next(reply for reply in replies if not reply["edited"])


def labels(message: Record) -> list[str]:
    return [button["label"] for button in message["buttons"]]


@pytest.mark.everywhere
async def test_the_same_deal_again_is_asked_about_and_counts_only_when_it_is_another(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")

    (question,) = await workspace.say("mike-davis", "/deal umbrella 105k USD close Friday #new", "us")

    assert question["visible_to"] == "mike-davis"
    assert question["text"].startswith("Is this the same deal? D-")
    assert "Umbrella · USD 100,000" in question["text"]
    assert "You reported it on" in question["text"]
    assert commands_of(question) == ["deal", "edit", "show", "dismiss"]
    assert len(deals_with(workspace, "Umbrella")) == 1

    echo = said(await workspace.press("mike-davis", question, "deal"))

    assert "Umbrella · USD 105,000 · Fri 27 Nov 2026 (“Friday”) · #new" in echo["text"]
    assert echo["visible_to"] is None
    assert len(deals_with(workspace, "Umbrella")) == 2


async def test_updating_the_deal_that_is_there_keeps_the_note_that_was_typed(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")
    (question,) = await workspace.say("mike-davis", "/deal umbrella 105k USD note: two more seats", "us")

    await workspace.press("mike-davis", question, "edit")

    (timeline,) = await workspace.say("mike-davis", "deal show D-1346")
    assert "two more seats" in str(timeline)


async def test_leaving_it_logs_nothing_and_the_question_is_spent(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")
    (question,) = await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")

    left = said(await workspace.press("mike-davis", question, "dismiss"))
    again = said(await workspace.press("mike-davis", question, "deal"))

    assert left["text"] == "All right, nothing was logged."
    assert "nothing was done twice" in again["text"]
    assert len(deals_with(workspace, "Umbrella")) == 1


async def test_more_than_five_per_cent_or_fourteen_days_apart_is_another_deal(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")
    await workspace.say("mike-davis", "/deal Umbrella 106k USD", "us")
    await workspace.advance("15d")
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")

    assert len(deals_with(workspace, "Umbrella")) == 3


async def test_a_deal_that_was_taken_back_is_no_duplicate(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")
    await workspace.press("mike-davis", echo, "undo")

    replies = await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")

    assert replies[0]["text"].startswith("✓ ")


async def test_an_edit_runs_the_same_rule(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")
    echo, _ = await workspace.say("mike-davis", "/deal Umbrella 200k USD", "us")
    number = echo["text"].split()[1]

    (question,) = await workspace.say("mike-davis", f"edit {number} 99k", "us")
    assert "Is this the same deal?" in question["text"]
    assert {deal.amount_minor for deal in deals_with(workspace, "Umbrella")} == {10_000_000, 20_000_000}

    changed = said(await workspace.press("mike-davis", question, "edit"))
    assert "USD 99,000" in changed["text"]


@pytest.mark.everywhere
async def test_of_another_regions_deal_nothing_is_said_and_both_managers_hear_it_once(workspace: Workspace) -> None:
    await workspace.say("anna-schmidt", "/deal Umbrella 92k EUR #secret", "de")

    (question,) = await workspace.say("mike-davis", "/deal Umbrella 99k USD", "us")

    assert question["visible_to"] == "mike-davis"
    assert question["text"] == "Another region works with this account; both managers have been told."
    assert commands_of(question) == ["deal", "dismiss"]
    for hidden in ("92", "Anna", "D-", "DACH", "EUR", "secret"):
        assert hidden not in str(question["text"]) + str(labels(question))
    theirs, ours = texts_of(await workspace.read("jonas-weber")), texts_of(await workspace.read("sarah-johnson"))
    assert sum("Umbrella: United States is reporting a deal, and DACH has D-" in text for text in theirs) == 1
    assert sum("DACH works with this account already" in text for text in ours) == 1
    assert not any("92" in text or "D-" in text for text in ours if "Umbrella" in text)

    await workspace.say("mike-davis", "/deal Umbrella 99k USD", "us")
    assert sum("Umbrella" in text for text in texts_of(await workspace.read("jonas-weber"))) == 1


async def test_of_a_colleagues_deal_a_rep_hears_only_that_it_is_there(workspace: Workspace) -> None:
    await workspace.say("emily-chen", "/deal Umbrella 100k USD", "dm-emily-chen")

    (question,) = await workspace.say("mike-davis", "/deal Umbrella 100k USD", "us")

    assert question["text"] == "A colleague in your region works with this account; your manager has been told."
    told = [text for text in texts_of(await workspace.read("sarah-johnson")) if "Umbrella" in text]
    assert len(told) == 1
    assert "Emily Chen has D-" in told[0]


async def test_a_near_miss_is_stored_as_typed_and_offers_the_known_name(workspace: Workspace) -> None:
    echo, _ = await workspace.say("lin-xiao", "报单 华东医葯 48万", "cn-east")

    assert "华东医葯 · CNY 480,000" in echo["text"]
    assert "“华东医葯”是新客户。是不是 华东医药？" in echo["text"]
    assert labels(echo)[-1] == "就是 华东医药"
    assert len(deals_with(workspace, "华东医葯")) == 1

    button = echo["buttons"][-1]
    body = {"as": "lin-xiao", "message": echo["id"], "button": button["id"], "form": None}
    changed = (await workspace.post("/workspace/actions", body))["replies"]

    assert "华东医药 · CNY 480,000" in changed[0]["text"]
    assert deals_with(workspace, "华东医葯") == []
    again, _ = await workspace.say("lin-xiao", "报单 华东医葯 99万", "cn-east")
    assert labels(again)[-1] == "就是 华东医药"


async def test_names_of_another_region_are_never_offered(workspace: Workspace) -> None:
    in_channel, _ = await workspace.say("mike-davis", "/deal Bosch Rexrot 80k USD", "us")
    in_private, _ = await workspace.say("emily-chen", "/deal Zeiss Medtec 90k USD")

    for echo in (in_channel, in_private):
        assert "Same as" not in echo["text"]
        assert commands_of(echo) == ["undo", "edit", "request"]
    at_home, _ = await workspace.say("anna-schmidt", "/deal Bosch Rexroht 80k EUR", "de")
    assert "Same as Bosch Rexroth?" in at_home["text"]


async def test_a_customer_at_home_is_offered_however_many_elsewhere_look_more_alike(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal 桂林县第三人民医院 120k close Friday", "us")

    def elsewhere(unit: Unit) -> None:
        deal = next(each for each in unit.exec(select(Deal)) if each.region_id != "us").model_dump()
        for number in range(150):
            account = account_named(unit, f"{chr(0x4E00 + number)}林市第二人民医院", f"{number:032x}")
            unit.add(Deal(**{**deal, "id": f"D-9{number:03}", "account_id": account.id}))

    workspace.regatta.store.write(elsewhere).result()

    echo, *_ = await workspace.say("mike-davis", "/deal 桂林市第二人民医院 90k close Friday", "us")
    assert "Same as 桂林县第三人民医院?" in echo["text"]


async def test_a_customer_that_was_imported_with_two_blanks_is_not_offered_as_itself(workspace: Workspace) -> None:
    workspace.regatta.store.write(lambda unit: account_named(unit, "Vandelay  Optics", "0" * 32)).result()

    echo, *_ = await workspace.say("mike-davis", "/deal Vandelay Optics 90k close Friday", "us")

    assert "Same as" not in echo["text"]


async def test_letters_that_only_look_latin_are_pointed_out(workspace: Workspace) -> None:
    mixed, _ = await workspace.say("mike-davis", "/deal Umbrellа 80k USD", "us")
    plain, _ = await workspace.say("mike-davis", "/deal Дружба 80k USD", "us")

    assert "“Umbrellа” has letters that only look Latin" in mixed["text"]
    assert "only look Latin" not in plain["text"]


@pytest.mark.everywhere
async def test_explain_in_the_thread_shows_which_words_were_read_as_what(workspace: Workspace) -> None:
    echo, _ = await workspace.say("mike-davis", "/deal Umbrella 80k close next Tuesday porposal #new", "us")

    (explained,) = await workspace.say("mike-davis", "explain", "us", thread=echo["id"])

    assert explained["visible_to"] == "mike-davis"
    rows = {row[0]: tuple(row[1:]) for row in explained["table"]["rows"]}
    assert rows["Umbrella"] == ("Account: Umbrella", "the words that were left")
    assert rows["80k"] == ("Amount: USD 80,000", "a figure with its unit or currency")
    assert rows["close next Tuesday"][0] == "Close date: Tue 1 Dec 2026"
    assert rows["porposal"] == ("Stage: proposal", "a word for a stage, read as “proposal”")
    assert rows["–"] == ("Currency: USD", "the currency of your region")
    (refused,) = await workspace.say("lin-xiao", "解释 " + echo["text"].split()[1])
    assert "Umbrella" not in refused["text"], "another region's deal is not explained"
    assert refused["table"] is None


async def test_what_was_chosen_by_a_button_is_explained_too(workspace: Workspace) -> None:
    (question,) = await workspace.say("mike-davis", "/deal Umbrella 50k or 60k USD", "us")
    echo = said(await workspace.press("mike-davis", question, "deal"))

    (explained,) = await workspace.say("mike-davis", "explain", "us", thread=echo["id"])

    assert ["50k or 60k USD", "Amount: USD 50,000", "you chose it"] in explained["table"]["rows"]
    assert button_of(echo, "undo")["label"] == "Undo"


async def test_what_was_typed_can_correct_the_deal_that_is_there(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 50k lead", "us")
    (question,) = await workspace.say("mike-davis", "/deal Umbrella 51k next Friday won", "us")
    assert "What you typed is not stored yet: Umbrella · USD 51,000 · Fri 4 Dec 2026 · won" in question["text"]

    echo, _ = await workspace.press("mike-davis", question, "edit")

    assert echo["text"].startswith("✓ Changed: D-1346 · Umbrella · USD 51,000 · Fri 4 Dec 2026")
    assert "won" in echo["text"]


async def test_another_currency_is_compared_at_the_rate_of_the_region_s_own_day(workspace: Workspace) -> None:
    await workspace.move_to("2026-11-26T06:00+08:00")  # in UTC it is the day before
    new = Rate(currency="CNY", to_currency="USD", from_on=date(2026, 11, 26), numerator=1, denominator=2)
    workspace.regatta.store.write(lambda unit: unit.add(new)).result()
    await workspace.say("lin-xiao", "/deal Umbrella 100000 CNY", "cn-east")

    (question, *_) = await workspace.say("lin-xiao", "/deal Umbrella 50000 USD", "cn-east")

    assert len(deals_with(workspace, "Umbrella")) == 1, question["text"]
