"""What is said when a customer is worked with already."""

from collections.abc import Sequence

from models.accounts import Account
from models.cards.deal import summary
from models.deals import Deal, Dismiss, ShowDeal
from models.intent import Draft, draft
from models.message import Button, Message, Style, says
from models.people import Person
from models.regions import Region
from models.text import Text, Value, joined, listed


def seen(deal: Deal, account: Account, owner: Person | None, anyway: Draft, update: Draft | None) -> Message:
    """Ask whether a deal is the one that is there already, which the asker may see; `update` corrects that one."""
    line = Text("Is this the same deal? {deal}", deal=summary(deal, account))
    if owner is None:
        reported = Text("You reported it on {day}.", day=deal.created_at)
    else:
        reported = Text("{person} reported it on {day}.", person=owner.name, day=deal.created_at)
    show = Button(Text("Show {deal}", deal=deal.id), draft(ShowDeal(deal.id)))
    change = (Button(Text("Update {deal}", deal=deal.id), update),) if update else ()
    return says(line, reported, _typed(anyway), buttons=(_anyway(anyway), *change, show, _no()))


def unseen(anyway: Draft, *, elsewhere: bool) -> Message:
    """Ask the same about a deal of which the asker may know nothing."""
    if elsewhere:
        line = Text("Another region works with this account; both managers have been told.")
    else:
        line = Text("A colleague in your region works with this account; your manager has been told.")
    return says(line, buttons=(_anyway(anyway), _no()))


def _typed(anyway: Draft) -> Text:
    """What the asker typed and what has not been stored."""
    values = [anyway.known.get(name) for name in ("account", "amount", "close_on", "stage")]
    return Text("What you typed is not stored yet: {deal}", deal=joined([each for each in values if each is not None]))


def told(account: Account, asker: Region, other: Region, deal: Deal | None, others: Sequence[Person]) -> Message:
    """Tell a manager that two regions work with one customer; `deal` is their own region's, when it has one already."""
    names: Value = listed([person.name for person in others]) or other.name
    if deal is None:
        line = Text(
            "{account}: somebody in {region} is reporting a deal, and {other} works with this account already.",
            account=account.name, region=asker.name, other=other.name,
        )  # fmt: skip
    else:
        line = Text(
            "{account}: {region} is reporting a deal, and {other} has {deal}.",
            account=account.name, region=asker.name, other=other.name, deal=deal.id,
        )  # fmt: skip
    return says(line, Text("Settle it with {people}.", people=names))


def told_at_home(account: Account, asker: Person, deal: Deal, owner: Person) -> Message:
    """Tell a manager that two of their people work with one customer."""
    line = Text(
        "{account}: {person} is reporting a deal, and {owner} has {deal}.",
        account=account.name, person=asker.name, owner=owner.name, deal=deal.id,
    )  # fmt: skip
    return says(line)


def _anyway(anyway: Draft) -> Button:
    return Button(Text("It is another one"), anyway, Style.PRIMARY)


def _no() -> Button:
    return Button(Text("Leave it"), draft(Dismiss()))
