"""Voiding: an approval holds for the deal that was approved, and for no other amount, currency or account."""

from collections.abc import Mapping

from models.approvals import advance, card_name, newest_request_of
from models.bookings import write_entry
from models.cards import approval as card
from models.context import Asked, UserError
from models.deals import Deal, EntryKind
from models.deciding import case_of
from models.rules.approval import RequestState, Verdict, next_state
from models.stages import Stage
from models.text import Text

APPROVED = frozenset({"amount_minor", "currency", "account_id", "void"})


def settle_approval(asked: Asked, deal: Deal, changes: Mapping[str, object]) -> str | None:
    """Before columns of a deal change: raise UserError while a request waits for a decision on the deal as it is.

    What was approved becomes void when the deal turns into another one; returns the number of that request.
    """
    is_another = not APPROVED.isdisjoint(changes)
    if not is_another and changes.get("stage") is not Stage.LOST:
        return None
    request = newest_request_of(asked.session, deal.id)
    if request is None or request.state not in (RequestState.PENDING, RequestState.APPROVED):
        return None
    if request.state is RequestState.PENDING:
        raise UserError(
            Text(
                "{request} waits for a decision on {deal} as it is; have it rejected first.",
                request=request.id,
                deal=deal.id,
            )
        )
    if not is_another:
        return None
    if not advance(asked.session, request, *next_state(request.state, Verdict.VOID, request.step, len(request.chain))):
        msg = f"{request.id} moved under the unit of work that voids it"
        raise RuntimeError(msg)  # the platform tries again
    write_entry(asked.session, deal, EntryKind.VOIDED, request.id, now=asked.now, person_id=asked.person.id)
    face = card.face(case_of(asked.session, request, asked.now))
    for step in (None, *range(len(request.chain))):
        asked.redraw(card_name(request, step), face)
    return request.id
