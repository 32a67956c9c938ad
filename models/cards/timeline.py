"""What a deal looks like with everything that happened to it."""

from collections.abc import Sequence

from models.accounts import Account
from models.cards.deal import deal_buttons
from models.cards.entry import what
from models.deals import Deal
from models.message import Field, Message, Table
from models.people import Person
from models.text import Link, Text, Value
from models.timeline import DealEntry, EntryKind, total_of


def full(deal: Deal, account: Account, owner: Person, rows: Sequence[tuple[DealEntry, Person]]) -> Message:
    """Everything about a deal: its facts and its timeline, with who and when."""
    fields = [Field(Text("Owner"), owner.name), Field(Text("Amount"), deal.amount)]
    if deal.stage is not None:
        fields.append(Field(Text("Stage"), deal.stage))
    if deal.close_on is not None:
        fields.append(Field(Text("Close date"), deal.close_on))
    if deal.contract_url:
        fields.append(Field(Text("Contract link"), Link(deal.contract_url, deal.contract_url)))
    for label, kind in ((Text("Invoiced"), EntryKind.INVOICED), (Text("Collected"), EntryKind.COLLECTED)):
        booked = total_of([entry for entry, _ in rows], kind, deal)
        if booked.minor:
            fields.append(Field(label, Text("{amount} of {whole}", amount=booked, whole=deal.amount)))
    table = Table(
        (Text("When"), Text("Who"), Text("What")),
        tuple((entry.at, person.name, _struck(entry)) for entry, person in rows),
    )
    line = Text("{deal} · {account}", deal=deal.id, account=account.name)
    lines = (line, Text("This deal was taken back and counts nowhere.")) if deal.void else (line,)
    return Message(lines=lines, fields=tuple(fields), table=table, buttons=() if deal.void else deal_buttons(deal))


def _struck(entry: DealEntry) -> Value:
    return Text("{what} (taken back)", what=what(entry)) if entry.undone else what(entry)
