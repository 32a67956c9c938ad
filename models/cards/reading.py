"""How a typed line was read: which words filled what, by which rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import Enum

from models.accounts import Account
from models.claims import Claim
from models.deals import Deal
from models.message import Message, Table, says
from models.money import Money
from models.text import Text, Value, verbatim

SLOTS = {
    "account": Text("Account"),
    "amount": Text("Amount"),
    "currency": Text("Currency"),
    "close": Text("Close date"),
    "stage": Text("Stage"),
    "tags": Text("Tags"),
    "note": Text("Note"),
    "url": Text("Contract link"),
    "deal": Text("Deal"),
    "owner": Text("Owner"),
    "ignored": Text("Set aside"),
    "unused": Text("Not used"),
}
_ASIDE = frozenset({"ignored", "unused"})
RULES = {
    "label": Text("you named it"),
    "quoted": Text("in quotation marks"),
    "known account": Text("a customer that is known"),
    "what is left": Text("the words that were left"),
    "name in a sentence": Text("the customer of your sentence"),
    "chosen": Text("you chose it"),
    "number": Text("a figure with its unit or currency"),
    "bare number": Text("a figure of four digits or more"),
    "number in words": Text("a number in words"),
    "range": Text("a range"),
    "product": Text("a product"),
    "not a number": Text("no number"),
    "vague amount": Text("no exact amount"),
    "region default": Text("the currency of your region"),
    "deal default": Text("the currency of the deal"),
    "code": Text("a currency code"),
    "stage word": Text("a word for a stage"),
    "#tag": Text("a word with #"),
    "link": Text("a link"),
    "address": Text("a web address"),
    "weekday": Text("a weekday: the next one, or that of the week you said"),
    "weekday of a week": Text("a weekday of the week you said"),
    "weekday of a month": Text("a weekday counted within its month"),
    "weekday of this month": Text("a weekday counted within this month"),
    "weekday and day": Text("a weekday and a day of the month that agree"),
    "month and day": Text("a month and a day"),
    "day and month": Text("a day and a month"),
    "month/day": Text("a date in figures, month first as your region writes it"),
    "day/month": Text("a date in figures, day first as your region writes it"),
    "year-month-day": Text("a full date"),
    "date in figures": Text("a date in figures"),
    "part of a month": Text("a part of a month: the 1st, the 15th or the last day"),
    "month": Text("a month: its last day"),
    "day of a month": Text("a day of the month you said"),
    "day": Text("a day of the month: the next one"),
    "week": Text("a week: its last day"),
    "quarter": Text("a quarter: its last day"),
    "half-year": Text("a half-year: its last day"),
    "year": Text("a year: its last day"),
    "part of a year": Text("a part of a year"),
    "period": Text("a period: its last day"),
    "end of a period": Text("the end of a period; a week ends on Friday"),
    "start of a period": Text("the start of a period"),
    "middle of a period": Text("the middle of a period: the 15th"),
    "working days": Text("counted in working days of your region's calendar"),
    "denied stage": Text("said not to be so"),
    "not used": Text("words that fill nothing"),
    "in a while": Text("counted from today"),
    "counted from a day": Text("counted from the day you said"),
    "named day": Text("counted from today"),
    "feast": Text("a holiday"),
    "before Spring Festival": Text("the day before Spring Festival"),
    "unclear date": Text("no exact day"),
    "dateparser": Text("a date as your region writes it"),
}


def explained(deal: Deal, account: Account, here: Sequence[Claim], holding: Sequence[Claim]) -> Message:
    """Lay out which words filled what, by which rule: those of the change at hand, then the others that hold."""
    title = Text("How the words of {deal} · {account} were read:", deal=deal.id, account=account.name)
    lines = (title, Text("This deal was taken back and counts nowhere.")) if deal.void else (title,)
    columns = (Text("You typed"), Text("Read as"), Text("Because it is"))
    rows = [_row(_in_currency(claim, deal.currency)) if claim in holding else _row(claim, since=True) for claim in here]
    rows += [_row(_in_currency(claim, deal.currency)) for claim in holding if claim not in here]
    return Message(lines=lines, table=Table(columns, tuple(rows)))


def not_typed(deal: Deal) -> Message:
    """Nothing of the deal was read from words."""
    return says(Text("Nothing of {deal} was read from typed words: it came by a form or a button.", deal=deal.id))


def _in_currency(claim: Claim, currency: str) -> Claim:
    """Say an amount that named no currency in the deal's, in which it was taken."""
    if not claim.assumed:
        return claim
    if isinstance(claim.value, Money):
        return replace(claim, value=Money.of(claim.value.major, currency))
    if claim.slot == "currency" and claim.value != currency:
        return replace(claim, value=currency, rule="deal default")
    return claim


def _row(claim: Claim, *, since: bool = False) -> tuple[Value, ...]:
    """Lay out one claim; `since` says that its field was changed afterwards."""
    because = RULES.get(claim.rule) or verbatim(claim.rule)
    if claim.corrected:
        because = Text("{rule}, read as “{word}”", rule=because, word=claim.corrected)
    slot = SLOTS.get(claim.slot) or verbatim(claim.slot)
    read = slot if claim.slot in _ASIDE else Text("{slot}: {value}", slot=slot, value=_value(claim.value))
    if since:
        read = Text("{read} (changed since)", read=read)
    return claim.words or verbatim("–"), read, because


def _value(value: object) -> Value:
    if isinstance(value, (str, int, Money, date, Enum)):
        return value
    if isinstance(value, tuple):
        return verbatim(" ".join(f"#{item}" for item in value))
    return verbatim("–" if value is None else str(value))
