"""What holds a race is taken away, piece by piece: the trials must find it out."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session

import bot.answering
import bot.dispatch
import handlers.approvals
import handlers.deals
import handlers.targets
import handlers.undo
from models.approvals import ApprovalRequest
from models.cards.refusal import why_not
from models.rules.approval import RequestState, Verdict
from tests.races import approvals, targets
from tests.races.house import House, house_here
from tests.races.trial import Round, race


@pytest.fixture
async def house(template: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with house_here(template, tmp_path / "races.db", 7) as opened:
        yield opened


def nothing(*_args: object, **_named: object) -> None:
    return None


def without_compare_and_set(patch: pytest.MonkeyPatch) -> None:
    """Neither a look at the row nor a condition of its change; the key of the decision is left."""

    def advance(session: Session, request: ApprovalRequest, state: RequestState, step: int) -> bool:
        whole = update(ApprovalRequest).where(ApprovalRequest.id == request.id)  # type: ignore[arg-type]
        session.execute(whole.values(state=state, step=step, version=request.version + 1))
        session.refresh(request)
        return True

    def next_state(_state: RequestState, verdict: Verdict, at: int, _steps: int) -> tuple[RequestState, int]:
        return approvals.STATES[verdict], at

    without_a_look(patch)
    patch.setattr(handlers.approvals, "advance", advance)
    patch.setattr(handlers.approvals, "next_state", next_state)


def without_a_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handlers.approvals, "why_not", nothing)


def without_the_version(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handlers.approvals, "why_not", lambda case, me, version=None: why_not(case, me))  # noqa: ARG005


def without_spent_buttons(patch: pytest.MonkeyPatch) -> None:
    """Nor the question whether a deal is the same as another."""
    patch.setattr(bot.answering, "spend", nothing)
    patch.setattr(handlers.deals, "question", nothing)


def without_inbox_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bot.dispatch, "find_delivery", nothing)


def without_voiding(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handlers.deals, "settle_approval", nothing)
    patch.setattr(handlers.undo, "settle_approval", nothing)


def without_what_was_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handlers.targets, "target", nothing)


@pytest.mark.parametrize(
    ("race_of", "faithless"),
    [
        pytest.param(approvals.approve_against_reject, without_compare_and_set, id="18"),
        pytest.param(approvals.log_and_undo_twice, without_spent_buttons, id="19 buttons"),
        pytest.param(approvals.deliver_twice, without_inbox_keys, id="19 deliveries"),
        pytest.param(approvals.stale_button, without_the_version, id="20"),
        pytest.param(approvals.approve_while_it_rises, without_voiding, id="21"),
        pytest.param(approvals.approve_while_the_rank_is_taken, without_a_look, id="22"),
        pytest.param(targets.set_at_once, without_what_was_seen, id="24"),
    ],
)
async def test_a_bot_that_lacks_what_holds_a_race_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch, race_of: Round, faithless: Callable[[pytest.MonkeyPatch], None]
) -> None:
    faithless(monkeypatch)

    trial = await race(house, 4, race_of, 2)

    print(trial.faults[:3])  # noqa: T201  what it was found out by
    assert trial.faults != []
