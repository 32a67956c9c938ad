"""From nothing to a working company, in chat: claim it, set it up a step at a time, let people in, let them go."""

import re
from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.approvals import ApprovalRequest
from models.audit import AuditRow
from models.deals import Deal
from models.links import LinkCode
from models.people import Identity, Person
from models.ranks import Rank
from models.regions import Region, Team
from models.rules.approval import RequestState
from models.rules.standing import PersonData
from models.schedules import Schedule
from models.targets import Scope, Target
from tests.peers.slack.model import User
from tests.peers.slack.reading import Seen
from tests.stages.from_nothing import NewSlack
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


async def test_who_takes_an_invitation_has_no_rights_until_the_manager_says_so(slack: NewSlack) -> None:
    ines, anna = await claimed(slack), slack.peer.world.add_user("anna")
    await slack.say(ines, "setup company Meridian country GB")
    await slack.say(ines, "setup region DACH country DE")
    await slack.say(ines, "setup person Anna Weber manager")
    code = code_in(await slack.say(ines, "invite Anna Weber"))

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
    assert shown["table"]["columns"] == ["事项", "", "现状"]
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

    assert "I could not read “currency Euro”" in refused["text"]


async def test_a_region_is_known_by_any_words_of_its_name(workspace: Workspace) -> None:
    (added,) = await workspace.say(ADMIN, "setup person Nora Berg rep East China")

    assert added["text"].startswith("✓ Nora Berg · rep · 华东 East China")
