"""From nothing to a working company, in chat: claim it, set it up a step at a time, let people in, let them go."""

import re
from collections.abc import AsyncIterator
from datetime import time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.approvals import ApprovalRequest
from models.audit import AuditRow
from models.deals import Deal
from models.links import LinkCode
from models.people import Identity, Person
from models.ranks import Rank
from models.regions import Rate, Region, Team
from models.rules.approval import RequestState
from models.rules.standing import PersonData
from models.schedules import Schedule
from models.targets import Scope, Target
from models.unit import Unit
from tests.peers.slack.model import User
from tests.peers.slack.reading import Seen
from tests.stages.from_nothing import NewSlack
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage
from tests.workspace import Workspace, button_of, commands_of

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")
ADMIN = "ines-keller"


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[NewSlack]:
    """Slack, and an installation that is nobody's."""
    async with NewSlack.opened(tmp_path / "new.db") as stage:
        yield stage


async def claimed(slack: NewSlack) -> User:
    """Claim the installation as its first administrator."""
    ines = slack.peer.world.add_user("ines", real_name="Ines Keller")
    await slack.say(ines, f"setup {slack.claim_code()}")
    return ines


def code_in(messages: list[Seen]) -> str:
    found = CODE.search(messages[-1].text)
    assert found is not None, messages[-1].text
    return found[0]


async def let_in(slack: NewSlack, by: User, user: User, name: str) -> None:
    """Invite somebody, take the invitation with their account, and confirm it."""
    code = code_in(await slack.say(by, f"invite {name}"))
    await slack.say(user, f"link {code}")
    question = slack.peer.seen_by(by, slack.peer.direct(by))[-1]
    await slack.press(by, question, "It is them")


async def test_an_empty_installation_becomes_a_company_whose_first_contract_is_approved(slack: NewSlack) -> None:
    world = slack.peer.world
    anna, lin = world.add_user("anna", real_name="Anna Weber"), world.add_user("lin", real_name="林晓")
    ines = await claimed(slack)
    dach = world.add_channel("dach", [ines, anna, lin])

    await slack.say(ines, "setup company Meridian country GB currency USD")
    await slack.say(ines, "setup me Ines Keller")
    await slack.say(ines, "setup region DACH country DE-BY")
    await slack.say(ines, "/setup channel DACH", dach)
    await slack.say(ines, "/setup channel hq", world.add_channel("hq", [ines]))
    await slack.say(ines, "setup person Anna Weber manager")
    await slack.say(ines, "setup person 林晓 rep 中文")
    await slack.say(ines, "setup person Amara Okafor hq")
    (asks,) = await slack.say(ines, "setup")
    await slack.say(ines, "setup rate EUR 1,08")
    await slack.say(ines, "setup limit manager")
    await slack.say(ines, "target DACH 2m")
    (done,) = await slack.say(ines, "setup")
    await let_in(slack, ines, anna, "Anna Weber")
    await let_in(slack, anna, lin, "林晓")
    await slack.say(lin, "/报单 Siemens 45k 下周三 方案", dach)
    await slack.say(lin, "申请 D-1001")
    card = next(one for one in slack.peer.seen_by(anna, slack.peer.direct(anna)) if "A-1" in one.text)
    await slack.press(anna, card, "Approve")

    assert "Rates | ○ | missing for: EUR" in asks.text
    assert "Everything is there." in done.text
    (request,) = slack.rows(lambda session: session.exec(select(ApprovalRequest)).all())
    assert request.state is RequestState.APPROVED
    (deal,) = slack.rows(lambda session: session.exec(select(Deal)).all())
    assert (deal.owner_id, deal.region_id, deal.currency, deal.amount_minor) == ("林晓", "dach", "EUR", 4_500_000)
    (monday,) = slack.rows(lambda session: session.exec(select(Schedule)).all())
    assert (monday.region_id, monday.weekday, monday.at) == ("dach", 0, time(9))
    region = slack.rows(lambda session: session.get(Region, "dach"))
    assert (region.zone, region.country, region.subdivision) == ("Europe/Berlin", "DE", "BY")
    assert (region.currency, region.locale, region.person_data) == ("EUR", "de-DE", PersonData.PRIVATE)
    assert slack.rows(lambda session: session.exec(select(Target).where(Target.scope_id == "林晓")).first())


async def test_a_claim_counts_once_and_for_an_hour(slack: NewSlack) -> None:
    eve = slack.peer.world.add_user("eve")
    code = slack.claim_code()
    ines = slack.peer.world.add_user("ines")
    (welcome,) = await slack.say(ines, f"setup {code}")

    (again,) = await slack.say(eve, f"setup {code}")
    late = slack.claim_code()
    slack.clock.at += timedelta(hours=1, seconds=1)
    (too_late,) = await slack.say(eve, f"setup {late}")

    assert welcome.text.startswith("This installation is yours")
    assert "wrong, used or older" in again.text
    assert "wrong, used or older" in too_late.text
    people = slack.rows(lambda session: session.exec(select(Person)).all())
    assert [person.rank for person in people] == [Rank.ADMIN]


async def test_visitors_of_an_installation_that_is_nobody_s_hear_how_it_is_claimed(slack: NewSlack) -> None:
    eve = slack.peer.world.add_user("eve")

    (greeted,) = await slack.say(eve, "hello")
    (wrong,) = await slack.say(eve, "setup ABCD-2345")
    await claimed(slack)
    (later,) = await slack.say(eve, "hello")

    assert greeted.text.startswith("Nobody has claimed me yet, so nothing was done. Run `regatta setup code`")
    assert "Run `regatta setup code` on the server for a new one" in wrong.text
    assert later.text.startswith("I do not know you yet")


async def test_the_home_of_an_installation_that_is_nobody_s_says_how_it_is_claimed(slack: NewSlack) -> None:
    eve = slack.peer.world.add_user("eve")

    async def home() -> str:
        await slack.peer.open_home(eve)
        await slack.peer.world.eventually(lambda: slack.peer.home(eve))
        return str(slack.peer.home(eve))

    unclaimed = await home()
    await claimed(slack)
    await slack.peer.open_home(eve)
    await slack.peer.world.eventually(lambda: "I do not know you yet" in str(slack.peer.home(eve)))

    assert "Run `regatta setup code` on the server" in unclaimed
    assert "I do not know you yet" not in unclaimed


async def test_a_board_without_anybody_who_sells_is_one_sentence(slack: NewSlack) -> None:
    ines = await claimed(slack)
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup team Nord in DACH")

    (board,) = await slack.say(ines, "board")

    assert board.text == "Weekly board, Week 47 (16–22 Nov): nobody sells yet, so there is nothing to rank."


async def test_who_takes_an_invitation_has_no_rights_until_the_manager_says_so(slack: NewSlack) -> None:
    ines, anna = await claimed(slack), slack.peer.world.add_user("anna")
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Anna Weber manager")
    told = await slack.say(ines, "invite Anna Weber")
    code = code_in(told)
    assert f"In Slack, open Regatta under Apps and write to it: link {code}" in told[-1].text

    (waits,) = await slack.say(anna, f"link {code}")
    (stranger,) = await slack.say(anna, "my")
    question = slack.peer.seen_by(ines, slack.peer.direct(ines))[-1]
    await slack.press(ines, question, "It is not")
    (still,) = await slack.say(anna, "my")
    (spent,) = await slack.say(anna, f"link {code}")

    assert waits.text.startswith("Thank you. Your manager is asked now")
    assert stranger.text.startswith("I do not know you yet")
    assert still.text.startswith("I do not know you yet")
    assert "wrong, used or older" in spent.text
    assert len(slack.rows(lambda session: session.exec(select(Identity)).all())) == 1


async def test_an_invitation_lives_seven_days(slack: NewSlack) -> None:
    ines, anna = await claimed(slack), slack.peer.world.add_user("anna")
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Anna Weber rep")
    code = code_in(await slack.say(ines, "invite Anna Weber"))
    slack.clock.at += timedelta(days=7)

    (late,) = await slack.say(anna, f"link {code}")

    assert "wrong, used or older" in late.text


async def test_a_name_with_a_sharp_s_is_known_as_it_is_written(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Großraum Mitte country DE")
    await workspace.say(ADMIN, "setup person Karl Strauß rep Großraum Mitte")

    (people,) = await workspace.say(ADMIN, "people Großraum Mitte")
    (duty,) = await workspace.say(ADMIN, "setup duty Karl Strauß finance")

    assert "Großraum Mitte: 1 person" in people["text"]
    assert duty["text"].startswith("✓ Karl Strauß holds: finance")


async def test_nobody_but_an_administrator_is_answered_in_a_channel_that_is_not_bound(slack: NewSlack) -> None:
    ines = await claimed(slack)
    lobby = slack.peer.world.add_channel("lobby", [ines])

    (board,) = await slack.say(ines, "/board", lobby)
    (shown,) = await slack.say(ines, "/setup", lobby)

    assert board.text == "This channel belongs to no region yet; type setup channel and the region's name here."
    assert "Set-up of" in shown.text


@pytest.mark.everywhere
async def test_a_region_takes_what_its_country_settles_and_goes_again_with_undo(workspace: Workspace) -> None:
    (added,) = await workspace.say(ADMIN, "setup region Nordics country SE week sun-thu 08:30-17:00")
    region = workspace.rows(lambda session: session.get(Region, "nordics"))
    await workspace.press(ADMIN, added, "setup_undo")

    assert added["text"].startswith("✓ Nordics · SE · Europe/Stockholm · SEK · English · 08:30–17:00")
    assert region.calendar.working_week == {6, 0, 1, 2, 3}
    assert workspace.rows(lambda session: session.get(Region, "nordics")) is None
    assert workspace.rows(lambda session: session.get(Schedule, "standup:nordics")) is None


@pytest.mark.everywhere
async def test_the_form_asks_what_the_line_left_out_and_keeps_the_rest(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup region Nordics 8:00-16:30")
    assert form["form"] is not None

    *_, done = await workspace.press(ADMIN, form, "setup_region", form={"place": "Sweden"})

    assert "✓ Nordics · SE · Europe/Stockholm" in done["text"]
    assert workspace.rows(lambda session: session.get(Region, "nordics")).closes == time(16, 30)


@pytest.mark.everywhere
async def test_a_person_whom_nobody_knows_is_asked_for_again_with_the_rest_kept(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup duty Emly Chen finance")

    done = await workspace.press(ADMIN, form, "setup_duty", form={"person": "Emily Chen"})

    assert done[-1]["text"] == "✓ Emily Chen holds: finance"


ASTRAY: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("setup duty Nobody finance", "person", "Nobody", "I know nobody of that name", {"duty": "finance"}),
    ("invite Nobody", "person", "Nobody", "I know nobody of that name", {}),
    ("setup region Atl country Atlantis", "place", "Atlantis", "That is not a country", {"name": "Atl"}),
    ("设置大区 华中 国家 火星", "place", "火星", "That is not a country", {"name": "华中"}),
    (
        "setup person Al Bo rep Mars al@x.com", "region", "Mars", "There is no region “Mars”",
        {"name": "Al Bo", "rank": "rep", "email": "al@x.com"},
    ),
    ("setup person data Mars team", "region", "Mars", "There is no region “Mars”", {"rule": "team"}),
    (
        "设置人员 王五 皇帝 华东", "rank", "皇帝", "“皇帝” is not a rank; there is rep or manager",
        {"name": "王五", "region": "cn-east"},
    ),
    ("setup person Ann Lee emperor us", "rank", "emperor", "“emperor” is not", {"name": "Ann Lee", "region": "us"}),
    ("setup limit boss above 100k", "decider", "boss", "“boss” cannot decide", {"amount": "100000 USD"}),
    ("设置职责 林晓 扫地", "duty", "扫地", "“扫地” is not a duty; there is finance", {"person": "林晓"}),
    (
        "setup region Nordics country SE language German", "language", "German",
        "I do not speak “German”; there is English and Chinese.", {"name": "Nordics", "place": "SE"},
    ),
    ("target Mars 2m", "region", "Mars", "There is no region “Mars”", {"amount": "2000000 USD"}),
)  # fmt: skip


async def test_what_cannot_be_read_stands_marked_in_its_field_beside_the_rest(workspace: Workspace) -> None:
    for line, field, words, why, others in ASTRAY:
        (form,) = await workspace.say("amara-okafor" if line.startswith("target") else ADMIN, line)

        fields = {each["name"]: each for each in form["form"]["fields"]}
        wrong = fields.pop(field)
        assert (wrong["value"], wrong["error"].startswith(why)) == (words, True), wrong
        assert {name: each["value"] for name, each in fields.items()} == others


@pytest.mark.parametrize("line", ["setup company Country Garden", "设置公司 国家电网"])
async def test_a_name_may_begin_like_a_label(workspace: Workspace, line: str) -> None:
    (done,) = await workspace.say(ADMIN, line)

    assert done["text"].startswith(f"✓ {line.split(maxsplit=1)[1].removeprefix('company ')}")


@pytest.mark.everywhere
async def test_a_region_on_which_nothing_hangs_goes_and_comes_back(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")
    await workspace.say(ADMIN, "setup team Nord-1 in Nordics")

    (gone,) = await workspace.say(ADMIN, "删除大区 Nordics")
    left = workspace.rows(lambda session: (session.get(Region, "nordics"), session.get(Team, "nordics-nord-1")))
    await workspace.press(ADMIN, gone, "setup_undo")

    assert gone["text"] == "✓ Removed: region Nordics\nWith it went its teams: Nord-1"
    assert left == (None, None)
    assert workspace.rows(lambda session: session.get(Region, "nordics")).zone == "Europe/Stockholm"
    assert workspace.rows(lambda session: session.get(Schedule, "standup:nordics")) is not None
    assert workspace.rows(lambda session: session.get(Team, "nordics-nord-1")).name == "Nord-1"


async def test_what_goes_with_a_region_is_named(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")
    for team in ("Fjord", "Berg"):
        await workspace.say(ADMIN, f"setup team {team} in Nordics")
    await workspace.say(ADMIN, "setup channel Nordics", "hq")

    (gone,) = await workspace.say(ADMIN, "remove region Nordics")

    assert gone["text"].splitlines()[1:] == [
        "With it went its teams: Berg, Fjord",
        "Its channel belongs to no region now; `setup channel` binds it to another.",
    ]


@pytest.mark.parametrize(
    ("person", "lines"),
    [
        (ADMIN, "setup · people · help"),
        ("amara-okafor", "targets · targets DACH · policies · help"),
        ("sarah-johnson", "people · approvals · board · targets · help"),
        ("mike-davis", "my · board · deal show D-1310 · explain D-1310 · standup · help"),
    ],
)
async def test_no_table_has_a_column_without_a_heading(workspace: Workspace, person: str, lines: str) -> None:
    for line in lines.split(" · "):
        for shown in await workspace.say(person, line):
            assert shown["table"] is None or all(shown["table"]["columns"]), line


async def test_what_keeps_a_region_is_named_with_what_to_do(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 120k USD proposal")
    await workspace.say(ADMIN, "setup region Nordics country SE")
    await workspace.say("amara-okafor", "target Nordics 4m 2027")

    (full,) = await workspace.say(ADMIN, "remove region United States")
    (aimed,) = await workspace.say(ADMIN, "remove region Nordics")
    (freed,) = await workspace.say(ADMIN, "no target Nordics 2027")
    (gone,) = await workspace.say(ADMIN, "remove region Nordics")

    why = full["text"]
    assert why.startswith(
        "United States stays, since it has 5 people (Carlos Rivera, Emily Chen, Grace Kim, …), to be "
    )
    assert " open deals (D-" in why
    assert "a target (2025, 2026, 2027), to be taken away with `no target`." in why
    assert "Nordics stays, since it has a target (2027)" in aimed["text"]
    assert freed["text"] == "✓ Nordics has no target for 2027 any more; it was SEK 4,000,000."
    assert gone["text"] == "✓ Removed: region Nordics"


async def test_a_region_where_nobody_works_goes_though_its_monday_came(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup region Nordics country SE")
    await workspace.move_to("2026-11-30T10:00+01:00")
    (early,) = await workspace.say(ADMIN, "remove region Nordics")
    await workspace.move_to("2026-11-30T20:00+01:00")

    (gone,) = await workspace.say(ADMIN, "remove region Nordics")
    await workspace.press(ADMIN, gone, "setup_undo")

    assert "a stand-up that is open until" in early["text"]
    assert gone["text"] == "✓ Removed: region Nordics"
    again = workspace.rows(lambda session: session.get(Schedule, "standup:nordics"))
    assert str(again.from_on) == "2026-12-01", "its Monday is not held twice"


@pytest.mark.parametrize("workspace", [SlackStage, TelegramStage], indirect=True)  # in the web everybody is in
async def test_a_list_of_people_says_who_works_where_and_who_is_not_in_yet(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup person Nora Berg rep United States")

    (own,) = await workspace.say("sarah-johnson", "people")

    assert own["text"].splitlines() == ["United States: 6 people", "1 is not in yet; `invite` lets them in."]
    assert own["table"]["rows"][0] == ["Sarah Johnson", "manager", "✓"]
    assert ["Nora Berg", "rep", "not yet"] in own["table"]["rows"]


@pytest.mark.everywhere
async def test_who_may_see_which_list_of_people(workspace: Workspace) -> None:
    (other,) = await workspace.say("sarah-johnson", "people DACH")
    (every,) = await workspace.say("amara-okafor", "people")
    (one,) = await workspace.say(ADMIN, "人员 United States")
    (rep,) = await workspace.say("mike-davis", "people")

    assert other["text"].startswith("That is another region's")
    assert ["陈思远 Chen Siyuan", "HQ, finance", "✓"] in every["table"]["rows"]
    assert ["Sarah Johnson", "manager, United States", "✓"] in every["table"]["rows"]
    assert one["text"].startswith("United States: 5 people")
    assert rep["text"].startswith("This is only for: manager, HQ, administrator")


async def test_a_long_list_of_people_is_cut_with_a_count(workspace: Workspace) -> None:
    def hire(unit: Unit) -> None:
        unit.add_all([Person(id=f"p{n}", name=f"P {n:02}", rank=Rank.REP, region_id="us") for n in range(31)])

    workspace.regatta.store.write(hire).result()

    (shown,) = await workspace.say("sarah-johnson", "people")
    (every,) = await workspace.say("amara-okafor", "people")

    assert every["text"].splitlines()[-1] == "and 29 more; by region: `people 华东 East China`"
    assert shown["text"].splitlines()[0] == "United States: 36 people"
    assert shown["text"].splitlines()[-1] == "and 6 more"
    assert len(shown["table"]["rows"]) == 30


@pytest.mark.everywhere
async def test_a_team_goes_once_its_people_are_elsewhere(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team Ost in DACH")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Ost")

    (kept,) = await workspace.say(ADMIN, "remove team Ost in DACH")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Nord")
    (gone,) = await workspace.say(ADMIN, "remove team Ost")

    assert "Ost stays, since it has 1 person (Nora Berg), to be moved with `setup person`." in kept["text"]
    assert gone["text"] == "✓ Removed: team Ost of DACH"


async def test_the_target_of_a_team_that_goes_is_split_among_the_others(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team Ost in DACH")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Ost")
    (asks,) = await workspace.say("amara-okafor", "target DACH 9m EUR 2027")
    await workspace.press("amara-okafor", asks, "target")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Nord")

    await workspace.say(ADMIN, "remove team Ost")

    teams = workspace.rows(
        lambda session: session.exec(
            select(Target.minor)
            .join(Team, col(Team.id) == Target.scope_id)
            .where(Target.region_id == "de", Target.scope == Scope.TEAM, Target.period == "2027")
        ).all()
    )
    assert sum(teams) == 900_000_000


async def test_a_country_of_several_zones_is_asked_for_the_zone(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup region Canada country CA")

    zone = next(field for field in form["form"]["fields"] if field["name"] == "zone")
    assert zone["error"].startswith("There are several time zones")
    assert "America/Toronto" in zone["error"]


@pytest.mark.everywhere
async def test_a_person_is_added_changed_and_given_a_duty_by_a_line_each(workspace: Workspace) -> None:
    (added,) = await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Nord nora@meridian.example")
    await workspace.say(ADMIN, "setup person Nora Berg manager DACH")
    (duty,) = await workspace.say(ADMIN, "设置职责 Nora Berg 推广大使")

    assert added["text"].startswith("✓ Nora Berg · rep · DACH · nora@meridian.example")
    assert duty["text"] == "✓ Nora Berg holds: ambassador"
    nora = workspace.rows(lambda session: session.get(Person, "nora-berg"))
    assert (nora.rank, nora.region_id, nora.email) == (Rank.MANAGER, "de", "nora@meridian.example")


@pytest.mark.everywhere
async def test_a_step_says_all_that_it_has_set(workspace: Workspace) -> None:
    (region,) = await workspace.say(ADMIN, "setup region Gulf country AE zone Asia/Dubai week sun-thu 08:00-16:00 中文")
    (person,) = await workspace.say(ADMIN, "setup person Bo Li rep DACH team Nord Chinese zone Europe/Zurich")
    (company,) = await workspace.say(ADMIN, "setup company Meridian country CH language Chinese")

    assert region["text"].splitlines()[0] == (
        "✓ Gulf · AE · Asia/Dubai · AED · Chinese · 08:00–16:00 · Sun–Thu · holidays of AE"
    )
    assert person["text"].splitlines()[0] == "✓ Bo Li · rep · DACH · team Nord · Chinese · Europe/Zurich"
    assert company["text"].splitlines()[0] == "✓ Meridian · Europe/Zurich · CHF · Chinese · headquarters in CH"


async def test_who_agreed_to_names_on_boards_is_said_again(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup person data United States public")
    entered = {"agreed_by": "Staff council", "document": "Agreement 7", "agreed_on": "2026-11-02"}

    done = (await workspace.press(ADMIN, form, "setup_person_data", form=entered))[-1]

    assert done["text"].splitlines()[1] == "Agreed by Staff council on Mon 2 Nov 2026: Agreement 7"


async def test_a_form_shows_what_could_stand_in_its_empty_fields(workspace: Workspace) -> None:
    (shown,) = await workspace.say(ADMIN, "setup")
    examples = {
        "setup_region": "For example: Name: DACH · Country, and state where it has its own holidays: Germany, DE-BY ·",
        "setup_person": "For example: Name: Anna Weber · Team: Süd · Work e-mail: anna@example.com",
        "setup_duty": "For example: Person: Anna Weber",
        "setup_limit": "For example: Amount: 100k",
        "target": "For example: Amount: 4m · Year: 2027",
    }

    for command, words in examples.items():
        (form,) = await workspace.press(ADMIN, shown, command)
        assert words in form["text"]


async def test_two_steps_go_back_one_after_the_other_by_words(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team Ost in DACH")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Ost")

    await workspace.say(ADMIN, "setup undo")
    await workspace.say(ADMIN, "撤销设置")
    (nothing,) = await workspace.say(ADMIN, "setup undo")

    assert workspace.rows(lambda session: session.get(Person, "nora-berg")) is None
    assert nothing["text"] == "There is no step of yours to take back."


async def test_a_step_that_others_built_on_stays(workspace: Workspace) -> None:
    (team,) = await workspace.say(ADMIN, "setup team Ost in DACH")
    await workspace.say(ADMIN, "setup person Nora Berg rep DACH team Ost")

    (refused,) = await workspace.press(ADMIN, team, "setup_undo")

    assert refused["text"].startswith("That is in use by now, so it stays")


async def test_a_step_that_was_changed_since_goes_back_after_the_later_one(workspace: Workspace) -> None:
    (first,) = await workspace.say(ADMIN, "setup region DACH 08:00-16:00")
    (second,) = await workspace.say(ADMIN, "setup region DACH 07:00-15:00")

    (refused,) = await workspace.press(ADMIN, first, "setup_undo")
    await workspace.press(ADMIN, second, "setup_undo")
    await workspace.press(ADMIN, first, "setup_undo")

    assert refused["text"] == "That was changed again since; take back the later step first."
    assert workspace.rows(lambda session: session.get(Region, "de")).opens == time(9)


async def test_a_chain_that_would_wait_for_nobody_is_refused(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup no duty 陈思远 Chen Siyuan finance")

    (form,) = await workspace.say(ADMIN, "setup limit finance above 50k")

    (field,) = [field for field in form["form"]["fields"] if field["name"] == "decider"]
    assert field["error"].startswith("Nobody holds the finance duty yet")


async def test_names_on_boards_need_an_agreement(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup person data United States public")

    entered = {"agreed_by": "Staff council", "document": "Agreement 7", "agreed_on": "2026-11-02"}
    await workspace.press(ADMIN, form, "setup_person_data", form=entered)

    assert workspace.rows(lambda session: session.get(Region, "us")).person_data is PersonData.PUBLIC


@pytest.mark.everywhere
async def test_a_leaver_has_no_rights_anywhere_and_what_stays_open_is_listed(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 120k USD proposal")
    (question,) = await workspace.say("sarah-johnson", "leaver Mike Davis")

    (done,) = await workspace.press("sarah-johnson", question, "leaver")

    assert question["text"].startswith("Shall I end every right of Mike Davis now")
    assert done["text"].startswith("✓ Mike Davis has left")
    assert ["D-1346", "Acme", "USD 120,000, proposal"] in done["table"]["rows"]
    assert not workspace.rows(lambda session: session.get(Person, "mike-davis")).active
    assert not workspace.rows(
        lambda session: session.exec(select(Identity.user_id).where(Identity.person_id == "mike-davis")).all()
    )
    deal = workspace.rows(lambda session: session.get(Deal, "D-1346"))
    assert (deal.owner_id, deal.void) == ("mike-davis", False)
    told = workspace.rows(
        lambda session: session.exec(select(AuditRow.action).where(AuditRow.subject == "mike-davis")).all()
    )
    assert "person.left" in told


async def test_a_leaver_s_open_deals_have_somebody_who_can_move_them(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 9m USD proposal")
    (question,) = await workspace.say("sarah-johnson", "leaver Mike Davis")
    (done,) = await workspace.press("sarah-johnson", question, "leaver")

    (closed, *_) = await workspace.say("sarah-johnson", "stage D-1346 lost")
    await workspace.say("emily-chen", "deal Acme 8m USD proposal")
    await workspace.say(ADMIN, "setup person Sarah Johnson hq")
    (other,) = await workspace.say(ADMIN, "leaver Emily Chen")

    line = (
        "The open deals stay Mike Davis's until they are handed over; "
        "Sarah Johnson can move and close them until then: `stage D-1346 lost`"
    )
    assert line in question["text"]
    assert line in done["text"]
    assert "lost" in closed["text"]
    assert "Amara Okafor, Sarah Johnson, 陈思远 Chen Siyuan can move and close them" in other["text"]


async def test_a_manager_lets_only_their_own_people_go(workspace: Workspace) -> None:
    (other,) = await workspace.say("sarah-johnson", "leaver Anna Schmidt")
    (boss,) = await workspace.say("sarah-johnson", "离职 Amara Okafor")
    (rep,) = await workspace.say("mike-davis", "leaver Emily Chen")

    assert other["text"] == "Anna Schmidt is not in your hands; ask an administrator."
    assert boss["text"] == "Amara Okafor is not in your hands; ask an administrator."
    assert rep["text"].startswith("This is only for: manager, HQ, administrator")


async def test_the_only_administrator_stays(workspace: Workspace) -> None:
    (demoted,) = await workspace.say(ADMIN, "setup person Ines Keller hq")
    (left,) = await workspace.say("ines-keller", "leaver Ines Keller")

    assert demoted["text"] == "Ines Keller is the only administrator; appoint another one first."
    assert left["text"].startswith("Nobody ends their own rights")


@pytest.mark.parametrize("person", ["mike-davis", "sarah-johnson", "amara-okafor"])
async def test_only_administrators_set_up(workspace: Workspace, person: str) -> None:
    for line in ("setup", "setup region Mars country US", "setup person Eve hq", "setup limit manager", "setup undo"):
        (refused,) = await workspace.say(person, line)
        assert refused["text"].startswith("This is only for: administrator"), line


async def test_set_up_in_chinese_reads_as_it_should(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup person Ines Keller admin language Chinese")

    (region,) = await workspace.say(ADMIN, "设置大区 华北 国家 中国")
    (shown,) = await workspace.say(ADMIN, "设置")

    assert region["text"].startswith("✓ 华北 · CN · Asia/Shanghai · CNY · 中文 · 09:00–18:00")
    assert shown["table"]["columns"] == ["事项", "就绪", "现状"]
    assert commands_of(shown)[0] == "setup_company"
    assert button_of(shown, "setup_company")["label"] == "公司…"


@pytest.mark.everywhere
async def test_what_waited_for_a_manager_who_leaves_is_decided_by_headquarters(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 20k USD proposal")
    await workspace.say("mike-davis", "request D-1346")
    (question,) = await workspace.say("amara-okafor", "leaver Sarah Johnson")

    done = await workspace.press("amara-okafor", question, "leaver")
    waiting = await workspace.say("amara-okafor", "approvals")
    await workspace.press("amara-okafor", waiting[0], "approve")

    assert any("Headquarters decides now: A-1" in one["text"] for one in done)
    request = workspace.rows(lambda session: session.get(ApprovalRequest, "A-1"))
    assert request.state is RequestState.APPROVED


async def test_an_account_that_became_somebody_s_is_not_taken_by_an_older_invitation(slack: NewSlack) -> None:
    ines, bo = await claimed(slack), slack.peer.world.add_user("bo")
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Lin Xiao rep")
    code = code_in(await slack.say(ines, "invite Lin Xiao"))
    await slack.say(bo, f"link {code}")
    question = slack.peer.seen_by(ines, slack.peer.direct(ines))[-1]
    await slack.say(bo, f"setup {slack.claim_code()}")

    await slack.press(ines, question, "It is them")
    (shown,) = await slack.say(bo, "setup")

    assert "Set-up of Meridian" in shown.text, "bo is the administrator that they claimed to be"
    assert len(slack.rows(lambda session: session.exec(select(Identity)).all())) == 2


async def test_undo_lets_nobody_in_again(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup team Ost in DACH")
    (question,) = await workspace.say(ADMIN, "leaver Mike Davis")
    (left, *_) = await workspace.press(ADMIN, question, "leaver")

    (back, *_) = await workspace.say(ADMIN, "setup undo")
    (nothing,) = await workspace.say(ADMIN, "setup undo")

    assert left["text"].startswith("✓ Mike Davis has left")
    assert back["text"].startswith("✓ Taken back")
    assert nothing["text"] == "There is no step of yours to take back."
    assert not workspace.rows(lambda session: session.get(Person, "mike-davis")).active
    assert len(workspace.rows(lambda session: session.exec(select(Team).where(Team.region_id == "de")).all())) == 2


async def test_a_second_manager_is_let_in_by_an_administrator(slack: NewSlack) -> None:
    ines, anna, bert = await claimed(slack), slack.peer.world.add_user("anna"), slack.peer.world.add_user("bert")
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Anna Weber manager")
    await slack.say(ines, "setup person Bert Kurz manager")
    await let_in(slack, ines, anna, "Anna Weber")
    await let_in(slack, ines, bert, "Bert Kurz")

    (mine,) = await slack.say(bert, "approvals")

    assert mine.text.startswith("Nothing waits")


async def test_a_target_adds_up_again_once_somebody_left(workspace: Workspace) -> None:
    (question,) = await workspace.say("sarah-johnson", "leaver Mike Davis")
    await workspace.press("sarah-johnson", question, "leaver")

    (asks,) = await workspace.say("amara-okafor", "target us 12m USD 2026")
    await workspace.press("amara-okafor", asks, "target")

    rows = workspace.rows(
        lambda session: session.exec(select(Target).where(Target.region_id == "us", Target.period == "2026")).all()
    )
    people = sum(row.minor for row in rows if row.scope is Scope.PERSON)
    assert people == next(row.minor for row in rows if row.scope is Scope.REGION) == 1_200_000_000


async def test_a_channel_that_is_not_bound_answers_no_manager_even_after_an_administrator_spoke_there(
    slack: NewSlack,
) -> None:
    ines, anna = await claimed(slack), slack.peer.world.add_user("anna")
    lobby = slack.peer.world.add_channel("lobby", [ines, anna])
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Anna Weber manager")
    await let_in(slack, ines, anna, "Anna Weber")
    await slack.say(ines, "/setup", lobby)

    await slack.say(anna, "/invite Anna Weber", lobby)

    assert slack.rows(lambda session: session.exec(select(LinkCode).where(col(LinkCode.used_at).is_(None))).all()) == []


async def test_a_claim_that_everybody_saw_is_worth_nothing(slack: NewSlack) -> None:
    ines = slack.peer.world.add_user("ines")
    lobby, code = slack.peer.world.add_channel("lobby", [ines]), slack.claim_code()

    await slack.say(ines, f"/setup {code}", lobby)
    (refused,) = await slack.say(ines, f"setup {code}")

    assert "wrong, used or older" in refused.text
    assert slack.rows(lambda session: session.exec(select(Person)).all()) == []


async def test_the_last_administrator_with_an_account_stays_though_another_is_on_the_list(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup person Ghost Admin admin")

    (refused,) = await workspace.say(ADMIN, "setup person Ines Keller hq")

    assert refused["text"] == "Ines Keller is the only administrator; appoint another one first."


async def test_headquarters_belongs_to_no_region(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup person Anna Weber hq DACH")

    region = next(field for field in form["form"]["fields"] if field["name"] == "region")
    assert region["error"] == "Headquarters and administrators belong to no region; leave it away."


async def test_who_comes_back_is_who_they_were(workspace: Workspace) -> None:
    (question,) = await workspace.say("sarah-johnson", "leaver Mike Davis")
    await workspace.press("sarah-johnson", question, "leaver")

    await workspace.say(ADMIN, "setup person Mike Davis rep United States")

    people = workspace.rows(lambda session: session.exec(select(Person).where(Person.name == "Mike Davis")).all())
    assert [(person.id, person.active) for person in people] == [("mike-davis", True)]


async def test_a_region_with_targets_keeps_its_currency(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup region DACH currency CHF")

    currency = next(field for field in form["form"]["fields"] if field["name"] == "currency")
    assert currency["error"] == "DACH has targets in EUR, so it keeps it."


async def test_a_value_that_cannot_be_read_is_named_and_not_taken_into_the_name(workspace: Workspace) -> None:
    (refused,) = await workspace.say(ADMIN, "setup company Meridian currency Euro")

    name, currency = refused["form"]["fields"]
    assert (name["value"], currency["value"]) == ("Meridian", "Euro")
    assert currency["error"] == "That is not a currency; write its code, like EUR."


async def test_a_region_is_known_by_any_words_of_its_name(workspace: Workspace) -> None:
    (added,) = await workspace.say(ADMIN, "setup person Nora Berg rep East China")

    assert added["text"].startswith("✓ Nora Berg · rep · 华东 East China")


async def test_a_command_without_its_one_word_asks_for_it(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup me")

    done = await workspace.press(ADMIN, form, "setup_me", form={"name": "Ines Kell"})

    assert form["form"]["fields"][0]["error"] is None
    assert done[-1]["text"] == "✓ You are Ines Kell."


async def test_a_country_without_a_known_time_zone_asks_for_it(workspace: Workspace) -> None:
    (form,) = await workspace.say(ADMIN, "setup region Balkans country Kosovo")
    zone = next(each for each in form["form"]["fields"] if each["name"] == "zone")

    done = (await workspace.press(ADMIN, form, "setup_region", form={"zone": "Europe/Belgrade"}))[-1]

    assert zone["error"] == "I know no time zone of that country; write it like Europe/Berlin."
    assert done["text"].startswith("✓ Balkans · XK · Europe/Belgrade · EUR · English")


async def test_the_administrators_hear_of_one_more_whom_a_code_of_the_server_made(slack: NewSlack) -> None:
    ines = await claimed(slack)
    other = slack.peer.world.add_user("other")

    await slack.say(other, f"setup {slack.claim_code()}")

    told = slack.peer.seen_by(ines, slack.peer.direct(ines))[-1].text
    assert told.startswith("An account in Slack became an administrator with a code made on the server.")


async def test_who_is_in_a_team_can_leave_it(workspace: Workspace) -> None:
    (without,) = await workspace.say(ADMIN, "setup person Mike Davis rep United States team none")

    assert "Midwest" not in without["text"]
    assert workspace.rows(lambda session: session.get_one(Person, "mike-davis").team_id) is None


async def test_an_administrator_who_is_not_understood_is_sent_to_what_they_can_say(workspace: Workspace) -> None:
    (answer,) = await workspace.say(ADMIN, "config history")

    assert answer["text"] == "I did not understand that; type `help` to see what you can say."


async def test_the_only_one_who_gets_feedback_reads_how_somebody_else_does(slack: NewSlack) -> None:
    ines = await claimed(slack)

    (answer,) = await slack.say(ines, "feedback hello")

    assert answer.text == "Nobody but you gets feedback yet; name an ambassador with setup duty."


@pytest.mark.both_databases
@pytest.mark.parametrize("rate", ["0.8612345678", "0.000061234567", "123456789012.5"])
async def test_a_rate_of_many_digits_is_kept_exactly(workspace: Workspace, rate: str) -> None:
    await workspace.say(ADMIN, f"setup rate EUR {rate}")

    kept = select(Rate).where(Rate.currency == "EUR").order_by(col(Rate.from_on).desc())
    newest = workspace.rows(lambda session: session.exec(kept).first())
    assert Fraction(newest.numerator, newest.denominator) == Fraction(rate)


async def test_a_rate_of_too_many_digits_is_asked_for_again(workspace: Workspace) -> None:
    before = workspace.rows(lambda session: session.exec(select(Rate)).all())

    (answer,) = await workspace.say(ADMIN, "setup rate EUR 123456789012.123456789012")

    assert "123456789012.123456789012" in answer["text"]
    assert workspace.rows(lambda session: session.exec(select(Rate)).all()) == before


async def test_another_currency_of_the_company_says_what_becomes_of_limits_targets_and_rates(
    workspace: Workspace,
) -> None:
    (known,) = await workspace.say(ADMIN, "setup company Meridian currency EUR")
    (unknown,) = await workspace.say(ADMIN, "设置公司 Meridian 币种 CHF")
    await workspace.say(ADMIN, "setup rate USD 0.8")
    (same,) = await workspace.say(ADMIN, "setup company Meridian Instruments")

    assert known["text"].splitlines()[1:] == [
        "Limits stay as they are and count at the rate of the day: HQ finance above USD 100,000 (EUR 92,592.59)",
        "Targets stay in the currencies of their regions.",
    ]
    limits, targets, rates = unknown["text"].splitlines()[1:]
    assert limits.startswith("These limits have no rate to CHF, so that every contract needs them until one is there:")
    assert targets == "Targets stay in the currencies of their regions."
    assert rates.startswith("No rate to CHF yet: CNY, EUR, BRL, SGD, USD. Amounts in them are counted, not priced")
    assert rates.endswith("`setup rate CNY 1.08`")
    assert len(same["text"].splitlines()) == 1
