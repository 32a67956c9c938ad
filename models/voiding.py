"""Voiding: an approval holds for the deal that was approved, and for no other amount, currency or account."""

from collections.abc import Mapping

from models.approvals import ApprovalRequest, advance, card_name, open_request_of, requests_in_force
from models.cards import approval as card
from models.context import Asked, UserError
from models.deals import Deal
from models.deciding import case_of, note
from models.rules.approval import RequestState, Verdict, next_state
from models.stages import Stage
from models.text import Text
from models.timeline import EntryKind

WHAT_WAS_APPROVED = frozenset({"amount_minor", "currency", "account_id", "void"})


def settle_approval(asked: Asked, deal: Deal, changes: Mapping[str, object]) -> str | None:
    """Before columns of a deal change: raise UserError while a request waits for a decision on the deal as it is.

    What was approved becomes void when the deal turns into another one; returns the number of the newest such request.
    """
    is_another = not WHAT_WAS_APPROVED.isdisjoint(changes)
    if not is_another and changes.get("stage") is not Stage.LOST:
        return None
    requests = requests_in_force(asked.session, deal.id)
    for request in requests:
        if request.state is RequestState.PENDING:
            raise UserError(
                Text(
                    "{request} waits for a decision on {deal} as it is; have it rejected first.",
                    request=request.id,
                    deal=deal.id,
                )
            )
    if not (is_another and requests):
        return None
    for request in requests:
        _void(asked, request)
    return requests[0].id


def still_waits(asked: Asked, deal: Deal) -> Text | None:
    """Say that a deal's contract is not approved yet, and who decides; none where nothing waits."""
    request = open_request_of(asked.session, deal.id)
    if request is None:
        return None
    who = card.names(case_of(asked.session, request, asked.now).deciders)
    return Text(
        "It counts as won; its contract ({request}) still waits for {deciders}.", request=request.id, deciders=who
    )


def _void(asked: Asked, request: ApprovalRequest) -> None:
    state, step = next_state(request.state, Verdict.VOID, request.step, len(request.chain))
    if not advance(asked.session, request, state, step):
        msg = f"{request.id} moved while its deal was changed"
        raise RuntimeError(msg)  # one unit of work is done at a time, so it cannot
    note(asked.session, request, EntryKind.VOIDED, now=asked.now, person_id=asked.person.id)
    face = card.face(case_of(asked.session, request, asked.now))
    for shown in (None, *range(len(request.chain))):
        asked.redraw(card_name(request, shown), face)
