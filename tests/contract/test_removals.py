"""What is taken away in chat goes by a whole line only, and what hung on it meets no surprise."""

from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import col, select

from models.approvals import rules
from models.regions import rate_on
from models.rules.attainment import Measure
from models.targets import Scope, Target, target
from tests.workspace import START, Workspace, commands_of

pytestmark = pytest.mark.both_databases

ADMIN, HQ = "ines-keller", "amara-okafor"


def target_of(workspace: Workspace, year: str) -> Any:
    return workspace.rows(lambda session: target(session, Scope.REGION, "de", year, Measure.SIGNED))


@pytest.mark.parametrize("line", ["no target DACH 99999", "no target DACH Q1 2027", "remove target DACH please do not"])
async def test_a_target_stays_when_a_word_of_the_line_cannot_be_read(workspace: Workspace, line: str) -> None:
    before = [target_of(workspace, year) for year in ("2026", "2027")]

    (told,) = await workspace.say(HQ, line)

    assert told["text"].startswith("I could not read “"), told
    assert [target_of(workspace, year) for year in ("2026", "2027")] == before


async def test_talk_about_a_target_or_a_region_takes_nothing_away(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")

    assert await workspace.say(HQ, "no target set for DACH yet", "hq") == []
    assert await workspace.say(ADMIN, "remove region from the filter in Nordics", "hq") == []
    (whole,) = await workspace.say(HQ, "remove target for the region DACH in 2027", "hq")

    assert target_of(workspace, "2026") is not None
    assert whole["text"].startswith("✓ DACH has no target for 2027")


async def test_the_people_of_a_region_that_nobody_knows_are_not_everybody(workspace: Workspace) -> None:
    for person, line in ((ADMIN, "people Atlantis"), ("sarah-johnson", "people Atlantis")):
        (form,) = await workspace.say(person, line)

        assert form["table"] is None
        assert form["form"]["fields"][0]["error"].startswith("There is no region “Atlantis”")


async def test_a_step_whose_region_is_gone_says_that_a_later_step_goes_first(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")
    await workspace.say(ADMIN, "setup team Fjord in Nordics")
    await workspace.say(ADMIN, "target Nordics 4m 2027")
    (team,) = await workspace.say(ADMIN, "remove team Fjord")
    (aim,) = await workspace.say(ADMIN, "no target Nordics 2027")
    (region,) = await workspace.say(ADMIN, "remove region Nordics")

    early = [(await workspace.press(ADMIN, step, "setup_undo"))[-1]["text"] for step in (team, aim)]
    later = [(await workspace.press(ADMIN, step, "setup_undo"))[-1]["text"] for step in (region, team, aim)]

    assert early == ["That was changed again since; take back the later step first."] * 2
    assert later == [
        "✓ Taken back: Nordics",
        "✓ Taken back: the team Fjord",
        "✓ Taken back: the target of Nordics 2027",
    ]


async def test_a_policy_for_a_region_that_was_removed_is_not_sent(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")
    (form,) = await workspace.say(HQ, "policy new")
    entered = {"title": "Prices", "text": "Hold them.", "audience": "nordics", "deadline": "2026-12-10"}
    preview = (await workspace.press(HQ, form, commands_of(form)[0], entered))[-1]
    await workspace.say(ADMIN, "remove region Nordics")

    (told,) = await workspace.press(HQ, preview, "send")

    assert told["text"] == "A region of P-1 was removed; press Edit and choose the regions anew."


async def test_of_two_that_are_named_the_one_that_is_meant_is_asked_for(workspace: Workspace) -> None:
    (people,) = await workspace.say("sarah-johnson", "invite Mike Davis and Carlos Rivera")
    (years,) = await workspace.say(HQ, "no target DACH 2026 2027")

    (places,) = await workspace.say(HQ, "targets DACH LATAM")

    assert people["text"].startswith("I read two things in “Mike Davis and Carlos Rivera”."), people
    assert [button["label"] for button in people["buttons"]] == ["Mike Davis", "Carlos Rivera"]
    assert [button["label"] for button in places["buttons"]] == ["DACH", "LATAM"]
    assert [button["label"] for button in years["buttons"]] == ["2026", "2027"]


async def test_a_team_that_nobody_knows_is_answered_with_those_that_there_are(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "remove team Foo in DACH")

    assert form["form"]["fields"][0]["error"] == "There is no team “Foo”; there are: Süd, Nord."


async def test_who_lets_somebody_go_sees_no_deals_of_the_region_they_came_from(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 9m USD proposal")
    await workspace.say(ADMIN, "setup person Mike Davis rep DACH")
    (only_there,) = await workspace.say("jonas-weber", "leaver Mike Davis")
    await workspace.say("mike-davis", "deal Contoso 2m EUR")

    (both,) = await workspace.say("jonas-weber", "leaver Mike Davis")

    assert "Also open, in United States: 2 open deals; the managers there can move them." in only_there["text"]
    assert only_there["table"] is None
    assert "Jonas Weber can move and close them until then: `stage D-1347 lost`" in both["text"]
    assert [row[1] for row in both["table"]["rows"]] == ["Contoso"], "a deal without a stage is open, too"


def split_of_dach(workspace: Workspace) -> dict[tuple[str, str], int]:
    query = select(Target).where(Target.region_id == "de", col(Target.period).startswith("2027"))
    rows = workspace.rows(lambda session: session.exec(query).all())
    return {(row.scope_id, row.period): row.minor for row in rows}


async def test_a_team_that_comes_back_has_the_very_targets_that_it_had(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team West in DACH")
    await workspace.say(ADMIN, "setup person Lukas Brandt rep DACH team West")
    (asked,) = await workspace.say(ADMIN, "target DACH 4m 2027")
    await workspace.press(ADMIN, asked, "target")
    await workspace.say(ADMIN, "setup person Lukas Brandt rep DACH team none")
    before = split_of_dach(workspace)

    (gone,) = await workspace.say(ADMIN, "remove team West")
    between = split_of_dach(workspace)
    *_, back = await workspace.press(ADMIN, gone, "setup_undo")

    assert gone["text"] == (
        "✓ Removed: team West of DACH\n"
        "The target of 2027 is split anew among the others; Undo brings the old split back."
    )
    assert "de-west" not in {owner for owner, _ in between}
    assert back["text"] == "✓ Taken back: the team West"
    assert split_of_dach(workspace) == before


async def test_a_target_that_comes_back_is_split_as_it_was_and_not_by_who_is_there_now(workspace: Workspace) -> None:
    before = split_of_dach(workspace)
    (gone,) = await workspace.say(ADMIN, "no target DACH 2027")
    await workspace.say(ADMIN, "setup person Lukas Brandt rep DACH team Nord")

    await workspace.press(ADMIN, gone, "setup_undo")

    assert split_of_dach(workspace) == before


async def test_a_team_s_old_split_does_not_replace_a_target_that_was_set_since(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team West in DACH")
    for year in (2027, 2026):
        (asked,) = await workspace.say(ADMIN, f"target DACH 4m {year}")
        await workspace.press(ADMIN, asked, "target")
    (gone,) = await workspace.say(ADMIN, "remove team West")
    (asked,) = await workspace.say(HQ, "target DACH 5m 2027")
    await workspace.press(HQ, asked, "target")

    *_, told = await workspace.press(ADMIN, gone, "setup_undo")

    assert told["text"] == "That was changed again since; take back the later step first."
    assert target_of(workspace, "2027").major == 5_000_000


def rules_of(workspace: Workspace) -> set[str]:
    return {rule.decider.value for rule in workspace.rows(rules)}


@pytest.mark.everywhere
async def test_a_limit_goes_by_one_line_and_comes_back_with_undo(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 200k USD proposal")
    await workspace.say("mike-davis", "request D-1346")

    (gone,) = await workspace.say(ADMIN, "remove limit finance")
    (none,) = await workspace.say(ADMIN, "取消审批额度 财务")
    left = rules_of(workspace)
    *_, back = await workspace.press(ADMIN, gone, "setup_undo")

    assert gone["text"] == (
        "✓ Removed: the limit of HQ finance\nApprovals: region manager for every contract\n"
        "1 request that was asked for before still waits for it."
    )
    assert none["text"].startswith("There is no limit of HQ finance;")
    assert left == {"manager"}
    assert "Taken back: the limit of finance" in back["text"]
    assert rules_of(workspace) == {"manager", "finance"}


async def test_a_rate_goes_by_one_line_and_the_one_before_holds_again(workspace: Workspace) -> None:
    def now() -> Any:
        return workspace.rows(lambda session: rate_on(session, "EUR", "USD", START.date()))

    await workspace.say(ADMIN, "setup rate EUR 1.20")
    (newest,) = await workspace.say(ADMIN, "remove rate EUR")
    before = now()
    (last,) = await workspace.say(ADMIN, "取消汇率 EUR")
    none = now()
    (refused,) = await workspace.say(ADMIN, "remove rate EUR")
    (back, *_) = await workspace.say(ADMIN, "setup undo")

    assert newest["text"] == (
        "✓ Removed: 1 EUR = 1.2 USD, from Wed 25 Nov 2026 on\nBefore it: 1 EUR = 1.08 USD; it holds again."
    )
    assert (before, none, now()) == (Fraction("1.08"), None, Fraction("1.08"))
    assert last["text"].splitlines()[1].startswith("EUR has no rate now: amounts in it are counted, not priced in USD")
    assert refused["text"].startswith("There is no rate of EUR")
    assert back["text"] == "✓ Taken back: the rate of EUR"


async def test_a_limit_or_a_rate_stays_when_a_word_of_the_line_cannot_be_read(workspace: Workspace) -> None:
    (rate,) = await workspace.say(ADMIN, "remove rate EUR of last year")
    (limit,) = await workspace.say(ADMIN, "remove limit finance above 100k")
    (foreign,) = await workspace.say(HQ, "remove limit finance")

    assert rate["form"]["fields"][0]["error"] == "That is not a currency; write its code, like EUR."
    assert limit["form"]["fields"][0]["error"].startswith("“finance above 100k” cannot decide")
    assert foreign["text"].startswith("This is only for: administrator")
    assert rules_of(workspace) == {"manager", "finance"}
