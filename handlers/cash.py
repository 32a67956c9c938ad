"""Cash: what was invoiced for a deal, and what came in."""

from handlers.command import SELLERS, Example, Scope, command
from handlers.personal import OWNED_DEAL
from models.bookings import deal_in_play, record_cash, today_of
from models.cards import cash as card
from models.context import Asked, Reply, UserError
from models.deals import RecordInvoice, RecordPayment
from models.text import Text
from models.timeline import EntryKind, cash_of


@command(
    RecordPayment,
    en=("paid", "collected"),
    zh=("回款", "到账"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.collected",
    summary=Text("Record cash that came in"),
    example=Example("paid D-1042 200k", "回款 D-1042 20万"),
    personal=OWNED_DEAL,
    once=True,
)
def record_payment(asked: Asked, wanted: RecordPayment) -> Reply:
    """Count cash as collected."""
    return _cash(asked, wanted, EntryKind.COLLECTED)


@command(
    RecordInvoice,
    en=("invoiced", "invoice"),
    zh=("开票",),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.invoiced",
    summary=Text("Record an invoice"),
    example=Example("invoiced D-1042 200k", "开票 D-1042 20万"),
    personal=OWNED_DEAL,
    once=True,
)
def record_invoice(asked: Asked, wanted: RecordInvoice) -> Reply:
    """Count an invoice."""
    return _cash(asked, wanted, EntryKind.INVOICED)


def _cash(asked: Asked, wanted: RecordPayment | RecordInvoice, kind: EntryKind) -> Reply:
    deal = deal_in_play(asked.session, wanted.deal)
    amount = asked.meant_in(wanted.amount, deal.currency)
    if amount.currency != deal.currency:
        raise UserError(
            Text("{deal} is in {currency}; write the amount in {currency}.", deal=deal.id, currency=deal.currency)
        )
    today = today_of(asked.session, deal, asked.now)
    on = wanted.on or today
    if on > today:
        raise UserError(Text("{day} is still to come; cash counts on the day on which it came in.", day=on), "on")
    entry = record_cash(asked.session, deal, kind, amount, on, now=asked.now, person_id=asked.person.id)
    message = card.booked(deal, entry, cash_of(asked.session, deal, kind))
    facts: dict[str, object] = {"minor": amount.minor, "currency": amount.currency}
    return Reply(message, card=f"deal:{deal.id}:{entry.id}", subject=deal.id, facts=facts)
