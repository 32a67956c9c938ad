"""`explain` shows how the words were read that the deal stands on now."""

from tests.workspace import Record, Workspace


def read_as(explained: Record) -> dict[str, str]:
    """What each of the typed words was read as."""
    return {words: read for words, read, _ in explained["table"]["rows"]}


async def reported(workspace: Workspace, line: str = "/deal Umbrella 80k close next Tuesday") -> tuple[Record, str]:
    """Report a deal; gives its card and its number."""
    echo, _ = await workspace.say("mike-davis", line, "us")
    return echo, echo["text"].split()[1]


async def test_after_an_edit_each_field_shows_its_newest_reading(workspace: Workspace) -> None:
    _, deal = await reported(workspace)
    await workspace.say("mike-davis", f"edit {deal} 90k", "us")

    (explained,) = await workspace.say("mike-davis", f"explain {deal}", "us")

    rows = read_as(explained)
    assert rows["90k"] == "Amount: USD 90,000"
    assert rows["Umbrella"] == "Account: Umbrella"
    assert rows["close next Tuesday"] == "Close date: Tue 1 Dec 2026"
    assert "80k" not in rows


async def test_after_an_undo_the_reading_that_holds_again_is_shown(workspace: Workspace) -> None:
    _, deal = await reported(workspace)
    changed, _ = await workspace.say("mike-davis", f"edit {deal} 90k", "us")
    await workspace.press("mike-davis", changed, "undo")

    (explained,) = await workspace.say("mike-davis", f"explain {deal}", "us")
    (in_its_thread,) = await workspace.say("mike-davis", "explain", "us", thread=changed["id"])

    assert read_as(explained)["80k"] == "Amount: USD 80,000"
    assert "90k" not in read_as(explained)
    assert read_as(in_its_thread) == read_as(explained)


async def test_in_a_changes_thread_its_words_stand_first_and_say_what_was_changed_since(workspace: Workspace) -> None:
    echo, deal = await reported(workspace)
    await workspace.say("mike-davis", f"edit {deal} 90k", "us")

    (explained,) = await workspace.say("mike-davis", "explain", "us", thread=echo["id"])

    words = [row[0] for row in explained["table"]["rows"]]
    rows = read_as(explained)
    assert words.index("80k") < words.index("90k")
    assert rows["80k"] == "Amount: USD 80,000 (changed since)"
    assert rows["90k"] == "Amount: USD 90,000"
    assert rows["Umbrella"] == "Account: Umbrella"


async def test_words_that_a_form_changed_are_no_longer_said_to_hold(workspace: Workspace) -> None:
    echo, deal = await reported(workspace)
    (form,) = await workspace.press("mike-davis", echo, "edit")
    values = {field["name"]: field["value"] for field in form["form"]["fields"]} | {"amount": "95k USD"}
    await workspace.press("mike-davis", form, "edit", values)

    (explained,) = await workspace.say("mike-davis", f"explain {deal}", "us")

    assert list(read_as(explained)) == ["Umbrella", "close next Tuesday"]


async def test_an_amount_without_currency_is_explained_in_the_currency_of_its_deal(workspace: Workspace) -> None:
    _, deal = await reported(workspace, "/deal Umbrella 80k EUR")
    await workspace.say("mike-davis", f"edit {deal} 90k", "us")

    (explained,) = await workspace.say("mike-davis", f"explain {deal}", "us")

    assert read_as(explained)["90k"] == "Amount: EUR 90,000"
    assert ["–", "Currency: EUR", "the currency of the deal"] in explained["table"]["rows"]


async def test_a_deal_that_was_taken_back_still_says_how_it_was_read(workspace: Workspace) -> None:
    echo, deal = await reported(workspace)
    await workspace.press("mike-davis", echo, "undo")

    (explained,) = await workspace.say("mike-davis", f"explain {deal}", "us")

    assert "This deal was taken back and counts nowhere." in explained["text"]
    assert read_as(explained)["80k"] == "Amount: USD 80,000"
