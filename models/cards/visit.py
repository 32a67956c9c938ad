"""What a visit looks like in chat."""

from models.accounts import Account
from models.intent import draft, unfinished
from models.message import Button, Message, Style, says
from models.text import Text, Value, joined
from models.visits import FinishVisit, MoveVisit, Visit


def written(visit: Visit, account: Account, deal_id: str | None) -> Message:
    """Say what was written down, and when it comes back."""
    lines = [Text("✓ Visit {visit}", visit=_summary(visit, account))]
    if visit.next_on is not None:
        lines.append(Text("I will remind you on the morning of {day}.", day=visit.next_on))
    if deal_id is not None:
        lines.append(Text("It stands on the timeline of {deal}.", deal=deal_id))
    return says(*lines, buttons=_buttons(visit)[1:] if visit.next_on is not None else ())


def reminder(visit: Visit, account: Account) -> Message:
    """On the morning of the day: what was promised."""
    return says(Text("Today: {visit}", visit=_summary(visit, account)), buttons=_buttons(visit))


def finished(visit: Visit, account: Account) -> Message:
    """Say that it is done."""
    return says(Text("✓ Done: {visit}", visit=_summary(visit, account)))


def moved(visit: Visit, account: Account) -> Message:
    """Say when it comes back."""
    line = Text("✓ Moved to {day}: {visit}", day=visit.next_on or "", visit=_summary(visit, account))
    return says(line, buttons=_buttons(visit))


def _summary(visit: Visit, account: Account) -> Text:
    parts: list[Value] = [visit.id, account.name]
    if visit.text:
        parts.append(visit.text)
    return joined(parts)


def _buttons(visit: Visit) -> tuple[Button, ...]:
    return (
        Button(Text("Done"), draft(FinishVisit(visit.id)), Style.PRIMARY),
        Button(Text("Move…"), unfinished(MoveVisit, "on", visit=visit.id)),
    )
