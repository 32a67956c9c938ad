"""What an invoice or a payment looks like in chat."""

from models.deals import Deal, Undo
from models.intent import draft
from models.message import Button, Message, says
from models.money import Money
from models.text import Text, Value
from models.timeline import DealEntry, EntryKind


def booked(deal: Deal, entry: DealEntry, total: Money) -> Message:
    """Say what was booked, how much it comes to, and whether that is more than the deal is worth."""
    facts: dict[str, Value] = {"deal": deal.id, "amount": entry.amount or total, "day": entry.on_day or ""}
    if entry.kind is EntryKind.COLLECTED:
        line = Text("✓ {deal}: {amount} collected on {day}", **facts)
        sum_up = Text("{total} of {whole} collected.", total=total, whole=deal.amount)
    else:
        line = Text("✓ {deal}: {amount} invoiced on {day}", **facts)
        sum_up = Text("{total} of {whole} invoiced.", total=total, whole=deal.amount)
    lines = [line, sum_up]
    if deal.amount < total:
        lines.append(Text("That is more than the deal is worth; undo it if it was a slip."))
    return says(*lines, buttons=(Button(Text("Undo"), draft(Undo(entry.id))),))
