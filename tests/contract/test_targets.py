"""Targets split to the cent, and say so."""

import pytest
from sqlmodel import select

from models.regions import Team
from models.targets import Scope, Target
from models.unit import put
from tests.workspace import Record, Workspace

pytestmark = pytest.mark.both_databases


async def set_target(workspace: Workspace, line: str) -> Record:
    """Type a target and confirm that it replaces the demo's."""
    (asking,) = await workspace.say("amara-okafor", line, "hq")
    assert "has a target of" in asking["text"]
    return (await workspace.press("amara-okafor", asking, "target"))[-1]


async def test_a_year_is_split_so_that_children_sum_to_the_parent(workspace: Workspace) -> None:
    shown = await set_target(workspace, "target United States 6,000,001.01 USD 2027")

    assert shown["table"]["rows"][0][1] == "USD 6,000,001.01"
    rows = workspace.rows(lambda session: session.exec(select(Target)).all())
    year = [row for row in rows if row.period.startswith("2027") and row.currency == "USD"]

    def total(scope: Scope, *marks: str) -> int:
        return sum(row.minor for row in year if row.scope is scope and row.period.startswith(marks))

    for scope in Scope:
        assert total(scope, "2027-0", "2027-1") == total(scope, "2027-Q") == 600_000_101
    assert all("✓" in row[-1] for row in shown["table"]["rows"])
    assert shown["table"]["columns"][2:4] == ["Coast", "Midwest"]


@pytest.mark.everywhere
async def test_a_target_is_answered_by_quarter_and_the_months_by_the_line_that_it_names(workspace: Workspace) -> None:
    (asking,) = await workspace.say("amara-okafor", "target United States 6m USD 2027")

    short = (await workspace.press("amara-okafor", asking, "target"))[-1]
    (whole,) = await workspace.say("amara-okafor", "targets United States 2027")
    (own,) = await workspace.say("sarah-johnson", "targets 2027")

    assert [row[0] for row in short["table"]["rows"]] == ["2027", "Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027"]
    assert short["table"]["rows"][0][1] == "USD 6,000,000"
    assert "… and 12 more: `targets United States 2027`" in short["text"]
    assert len(whole["table"]["rows"]) == 17
    assert own["table"] == short["table"]


async def test_a_target_without_a_currency_is_in_the_regions(workspace: Workspace) -> None:
    shown = await set_target(workspace, "目标 华东 4000万 2027")

    assert shown["table"]["rows"][0][1] == "CNY 40,000,000"


async def test_a_manager_sees_the_own_regions_targets_and_not_anothers(workspace: Workspace) -> None:
    (own,) = await workspace.say("sarah-johnson", "/targets", "us")
    (other,) = await workspace.say("sarah-johnson", "/targets DACH", "us")

    assert "United States" in own["text"]
    assert other["table"] is None
    assert "another region" in other["text"]


@pytest.mark.everywhere
async def test_help_lists_what_the_rank_may_say_in_the_readers_language(workspace: Workspace) -> None:
    (rep,) = await workspace.say("lin-xiao", "帮助")
    (hq,) = await workspace.say("amara-okafor", "help")

    lines = [row[1] for row in rep["table"]["rows"]]
    assert any(line.startswith("报单") for line in lines)
    assert not any(line.startswith("目标 华东") for line in lines)
    assert any(row[1].startswith("target ") for row in hq["table"]["rows"])


async def test_a_target_is_replaced_only_when_its_writer_says_so_and_nobody_else_hears_it(
    workspace: Workspace,
) -> None:
    before = (await workspace.say("amara-okafor", "targets United States"))[0]["table"]["rows"][0]

    (asking,) = await workspace.say("amara-okafor", "/target United States 6m USD", "us")

    assert asking["visible_to"] == "amara-okafor"
    assert before[1] in asking["text"]
    assert (await workspace.say("amara-okafor", "targets United States"))[0]["table"]["rows"][0] == before
    shown = (await workspace.press("amara-okafor", asking, "target"))[-1]
    assert shown["table"]["rows"][0][1] == "USD 6,000,000"
    assert "6,000,000" not in str(await workspace.read("mike-davis", "us"))


async def test_a_year_that_is_over_gets_no_target(workspace: Workspace) -> None:
    (refusal,) = await workspace.say("amara-okafor", "target United States 6m USD 1999", "hq")

    assert "1999" in refusal["text"]
    assert refusal["buttons"] == []


async def test_an_administrator_who_sets_a_target_reads_every_month_of_it(workspace: Workspace) -> None:
    (months,) = await workspace.say("ines-keller", "targets United States 2026")
    (own,) = await workspace.say("sarah-johnson", "targets East China 2026")

    assert len(months["table"]["rows"]) == 17
    assert "another region" in own["text"]


async def test_who_moved_to_a_region_of_another_currency_breaks_no_table_of_targets(workspace: Workspace) -> None:
    before = (await workspace.say("amara-okafor", "targets United States", "hq"))[0]["table"]

    await workspace.say("ines-keller", "setup person 林晓 rep United States", "hq")
    (after,) = await workspace.say("amara-okafor", "targets United States", "hq")

    assert after["table"] == before


async def test_a_team_called_like_a_region_takes_nothing_of_its_target(workspace: Workspace) -> None:
    workspace.regatta.store.write(lambda unit: put(unit, Team(id="de", name="Dach", region_id="us"))).result()
    before = (await workspace.say("amara-okafor", "targets DACH", "hq"))[0]["table"]

    await set_target(workspace, "target United States 6m USD 2026")

    assert before["rows"]
    assert (await workspace.say("amara-okafor", "targets DACH", "hq"))[0]["table"] == before
