"""The weekly board: the Monday post and what `board` shows."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, delete, select

from models.boards import weekly_board
from models.calendars import is_working_day
from models.deals import Deal
from models.people import Person
from models.ranks import Rank
from models.regions import PersonDataAgreement, Rate, Region
from models.rollups import Rollup
from models.rules.standing import PersonData
from models.targets import Target
from models.unit import Unit
from tests.workspace import Record, Workspace, commands_of

pytestmark = pytest.mark.both_databases

US_MONDAY = "2026-11-30T09:00-05:00"
REGIONS = {
    "华东 East China": "cn-east",
    "DACH": "de",
    "LATAM": "latam",
    "South-East Asia": "sea",
    "United States": "us",
}
WEEK = (date(2026, 11, 16), date(2026, 11, 22))


async def board_of(workspace: Workspace, person: str, word: str = "board") -> Record:
    (board,) = await workspace.say(person, word)
    return board


def signed_in_the_week(workspace: Workspace, owner: str) -> dict[str, int]:
    """Sum the deals themselves, in minor units, by region or team."""

    def read(session: Session) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for deal in session.exec(select(Deal)):
            if deal.signed_on is not None and WEEK[0] <= deal.signed_on <= WEEK[1] and not deal.void:
                sums[getattr(deal, owner)] += deal.amount_minor
        return sums

    return dict(workspace.rows(read))


async def test_one_post_has_the_board_as_picture_and_text_and_the_check_in(workspace: Workspace) -> None:
    await workspace.move_to(US_MONDAY)

    (post,) = [message for message in await workspace.read("mike-davis", "us") if message["author"] == "regatta"]
    picture = await workspace.client.get(post["image"])

    assert post["text"].startswith("Weekly board, Week 48 (23–29 Nov), signed: United States is number ")
    assert commands_of(post)[0] == "answer"
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert post["visible_to"] is None


async def test_the_amounts_are_the_sums_of_the_deals_of_the_week(workspace: Workspace) -> None:
    board = await board_of(workspace, "mike-davis")

    by_region, by_team = signed_in_the_week(workspace, "region_id"), signed_in_the_week(workspace, "team_id")
    rows = {row[1]: row for row in board["table"]["rows"]}
    for name, region in REGIONS.items():
        assert rows[name][5].endswith(f" {by_region.get(region, 0) / 100:,.0f}")
    assert rows["Team Coast"][5] == f"USD {by_team.get('us-1', 0) / 100:,.0f}"
    assert rows["Team Midwest"][5] == f"USD {by_team.get('us-2', 0) / 100:,.0f}"


async def test_attainment_is_the_weeks_amount_over_its_share_of_the_months_target(workspace: Workspace) -> None:
    board = await board_of(workspace, "mike-davis")

    row = next(row for row in board["table"]["rows"] if row[1] == "United States")
    target = workspace.rows(lambda session: session.get_one(Target, ("region", "us", "2026-11", "signed")).minor)
    calendar = workspace.rows(lambda session: session.get_one(Region, "us").calendar)
    days = [date(2026, 11, day) for day in range(1, 31)]
    share = Fraction(
        sum(is_working_day(calendar, day) and WEEK[0] <= day <= WEEK[1] for day in days),
        sum(is_working_day(calendar, day) for day in days),
    )
    expected = signed_in_the_week(workspace, "region_id")["us"] / (target * share)
    assert row[2] == f"{round(expected * 100)}%"


async def test_regions_stand_in_the_order_of_attainment_and_then_the_teams(workspace: Workspace) -> None:
    board = await board_of(workspace, "mike-davis")

    rows = board["table"]["rows"]
    shares = [int(row[2].removesuffix("%")) for row in rows]
    assert {row[1] for row in rows[:5]} == set(REGIONS)
    assert shares[:5] == sorted(shares[:5], reverse=True)
    assert [row[0] for row in rows[5:]] == ["1", "2"]
    assert all(row[1].startswith("Team ") for row in rows[5:])


async def test_equal_attainment_shares_a_rank(workspace: Workspace) -> None:
    await edit(workspace, lambda session: session.execute(delete(Rollup)))

    board = await board_of(workspace, "mike-davis")

    assert [row[0] for row in board["table"]["rows"]] == ["1"] * 7


@pytest.mark.everywhere
async def test_a_rep_asks_in_chinese_and_gets_the_board_alone(workspace: Workspace) -> None:
    board = (await workspace.say("lin-xiao", "榜单", "cn-east"))[0]

    assert board["visible_to"] == "lin-xiao"
    assert board["image"] or not workspace.pictures
    assert {"上海组", "苏杭组"} == {row[1].split()[-1] for row in board["table"]["rows"][5:]}
    assert commands_of(board) == []


async def test_headquarters_sees_the_regions_alone(workspace: Workspace) -> None:
    board = await board_of(workspace, "amara-okafor")

    assert {row[1] for row in board["table"]["rows"]} == set(REGIONS)
    assert "in front" in board["text"]


@pytest.mark.parametrize("person", ["mike-davis", "lin-xiao", "anna-schmidt"])
async def test_no_board_names_a_person(workspace: Workspace, person: str) -> None:
    names = workspace.rows(lambda session: list(session.exec(select(Person.name))))

    board = await board_of(workspace, person)

    assert [name for name in names if name in str(board)] == []


@pytest.mark.parametrize(("agreed", "named"), [(True, True), (False, False)])
async def test_top_names_need_a_recorded_agreement(workspace: Workspace, agreed: bool, named: bool) -> None:  # noqa: FBT001
    def publish(session: Session) -> None:
        session.get_one(Region, "cn-east").person_data = PersonData.PUBLIC
        for team in ("cn-east-1", "cn-east-2"):
            for place in range(3):
                session.add(Person(id=f"{team}-{place}", name=f"{team} {place}", rank=Rank.REP, region_id="cn-east"))
        if agreed:
            session.add(
                PersonDataAgreement(region_id="cn-east", who="工会", signed_on=date(2026, 3, 1), document="协议 1")
            )

    await edit(workspace, publish)

    board = await board_of(workspace, "lin-xiao")

    assert ("1. " in board["text"]) is named


async def test_a_missing_rate_is_counted_not_priced_and_said(workspace: Workspace) -> None:
    await edit(workspace, lambda session: session.execute(delete(Rate).where(col(Rate.currency) == "BRL")))

    board = await board_of(workspace, "mike-davis")

    latam = next(row for row in board["table"]["rows"] if row[1] == "LATAM")
    assert latam[6] == "–"
    assert latam[2].endswith("%")
    assert "Counted, not priced, for want of a rate: BRL" in board["text"]


async def test_a_region_where_nobody_sells_is_not_ranked_and_is_named(workspace: Workspace) -> None:
    before = await board_of(workspace, "mike-davis")
    await workspace.say("ines-keller", "setup region Nordics country SE")
    await workspace.say("ines-keller", "setup person Sarah Johnson manager Nordics")

    board = await board_of(workspace, "mike-davis")
    theirs = await board_of(workspace, "sarah-johnson")
    await workspace.say("ines-keller", "setup person Olaf Ruud rep Nordics")
    after = await board_of(workspace, "mike-davis")

    assert board["table"] == before["table"]
    assert "Not ranked, since nobody sells there yet: Nordics" in board["text"]
    assert board["text"].splitlines()[0].endswith("of 5")
    assert theirs["text"].splitlines()[0].endswith("in front")
    assert "of 6" in after["text"]
    assert "Not ranked" not in after["text"]


async def test_a_board_takes_as_many_queries_for_thirty_regions_as_for_five(workspace: Workspace) -> None:
    before = queries(workspace)

    await edit(workspace, lambda session: session.add_all([another(session, place) for place in range(25)]))

    assert queries(workspace) <= before < 30


def another(session: Session, place: int) -> Region:
    facts = session.get_one(Region, "us").model_dump() | {"id": f"us-{place}", "name": f"US {place}"}
    return Region(**facts)


def queries(workspace: Workspace) -> int:
    def read(session: Session) -> int:
        seen: list[str] = []
        engine = session.get_bind()
        count = lambda *facts: seen.append(facts[2])  # noqa: E731  a listener is known by its identity
        event.listen(engine, "before_cursor_execute", count)
        weekly_board(session, session.get_one(Region, "us"), date(2026, 11, 25), workspace.regatta.clock.now())
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    return int(workspace.rows(read))


async def edit(workspace: Workspace, work: Callable[[Unit], Any]) -> None:
    """Change the rows as an import would."""
    await asyncio.wrap_future(workspace.regatta.store.write(work))


async def test_a_board_and_my_say_what_pace_is(workspace: Workspace) -> None:
    board = await board_of(workspace, "mike-davis")
    mine, quarter = [(await workspace.say("mike-davis", words))[0] for words in ("my", "my Q4")]
    (chinese,) = await workspace.say("lin-xiao", "我的")

    assert "pace: the share of the month's working days that are over" in board["text"].split("\n")
    for answer in (mine, quarter):
        assert answer["text"].split("\n")[-1] == "pace: the share of the period's working days that are over"
    assert chinese["text"].split("\n")[-1].startswith("节奏：")
