"""Rights that nobody gets: by a second account, another name, a forged button, or because they were there before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from models.approvals import ApprovalRequest, Decision
from models.deals import Deal
from models.rules.approval import RequestState
from tests.access.trials import try_forged_buttons, try_self_approvals
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage
from tests.workspace import Workspace, texts_of

ADMIN = "ines-keller"


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    async with SlackStage.opened(template, tmp_path / "slack.db") as opened:
        yield opened


def deals(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Deal)).one()


async def test_52_nobody_decides_about_their_own_by_edit_second_account_or_rank(workspace: Workspace) -> None:
    trial = await try_self_approvals(workspace, 3, seed=1)

    assert trial.faults == []
    assert len(trial.answered) == 3
    assert trial.repeated >= 3 * 5, "they were refused, not unheard"


async def test_54_strangers_guests_and_bots_of_slack_have_no_effect(slack: SlackStage) -> None:
    peer, before = slack.peer, slack.rows(deals)
    place, bot = peer.channel("us"), f"<@{peer.world.app.user_id}>"
    others = [
        peer.world.add_user("sue", team=peer.world.add_team("Other Company")),
        peer.world.add_user("gus", is_restricted=True), peer.world.add_user("robo", is_bot=True),
        peer.world.add_user("newcomer"),
    ]  # fmt: skip
    (card, *_) = await slack.say("mike-davis", "/deal Acme 120k", "us")

    for other in others:
        place.members.append(other.id)
        await peer.say(other, place, f"{bot} deal Globex 5m USD")
        await peer.press(other, next(one for one in peer.seen_by(other, place) if one.ts == card["id"]), "Undo")
    await slack.settled()

    assert slack.rows(deals) == before + 1
    assert not slack.rows(lambda session: session.get_one(Deal, "D-1346").void)


async def test_55_a_username_that_goes_to_somebody_else_takes_no_rights_along(template: Path, tmp_path: Path) -> None:
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as stage:
        mike, eve, before = stage.users["mike-davis"], stage.peer.world.add_user("Eve"), stage.rows(deals)
        stage.peer.take_username(mike, "mike_sells")
        stage.peer.take_username(eve, "mike_sells")
        await stage.peer.start(eve)

        await stage.peer.say(eve, stage.peer.direct(eve), "deal Globex 80k")
        await stage.peer.deliveries.settle()
        theirs = stage.rows(deals)
        await stage.say("mike-davis", "deal Globex 80k")

        assert theirs == before
        assert stage.rows(deals) == before + 1


async def test_56_rights_end_with_the_account_and_what_waited_for_it_goes_on(slack: SlackStage) -> None:
    (card, *_) = await slack.say("mike-davis", "/deal Acme 80k USD", "us")
    await slack.press("mike-davis", card, "request")
    sarah = slack.users["sarah-johnson"]

    await slack.peer.deactivate(sarah)
    await slack.settled()
    sarah.deleted = False  # somebody who still has the session
    await slack.peer.say(sarah, slack.peer.direct(sarah), "approve A-1")
    await slack.settled()
    undecided = slack.rows(lambda session: session.get_one(ApprovalRequest, "A-1").state)
    await slack.say("amara-okafor", "approve A-1")

    assert undecided is RequestState.PENDING
    assert slack.rows(lambda session: session.get_one(ApprovalRequest, "A-1").state) is RequestState.APPROVED
    assert slack.rows(lambda session: session.exec(select(Decision.person_id)).all()) == ["amara-okafor"]


@pytest.mark.everywhere
async def test_57_who_moves_to_another_region_sees_and_decides_there_and_no_more_here(workspace: Workspace) -> None:
    (card, *_) = await workspace.say("mike-davis", "deal Acme 80k USD")
    await workspace.press("mike-davis", card, "request")
    await workspace.say("anna-schmidt", "deal Trumpf 80k EUR")
    seen = texts_of(await workspace.say("sarah-johnson", "deal show D-1346"))

    await workspace.say(ADMIN, "setup person Sarah Johnson manager DACH")
    old = texts_of(await workspace.say("sarah-johnson", "deal show D-1346"))
    decided = texts_of(await workspace.say("sarah-johnson", "approve A-1"))
    new = texts_of(await workspace.say("sarah-johnson", "deal show D-1347"))
    own = texts_of(await workspace.say("mike-davis", "deal show D-1346"))

    assert "Acme" in seen[0]
    assert old == ["There is no deal D-1346 among those that you may see; `my` lists yours."]
    assert "another region" in decided[0]
    assert "Trumpf" in new[0]
    assert "Acme" in own[0]
    assert workspace.rows(lambda session: session.exec(select(Decision)).all()) == []


async def test_58_of_forged_buttons_none_is_taken(workspace: Workspace) -> None:
    trial = await try_forged_buttons(workspace, 300, seed=1)

    assert trial.faults == []
    assert len(trial.answered) == 300
