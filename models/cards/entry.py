"""What one line of a deal's timeline says."""

from models.text import Text, Value, listed, verbatim
from models.timeline import DealEntry, EntryKind

_KINDS = {
    EntryKind.LOGGED: Text("logged"),
    EntryKind.AMENDED: Text("amended"),
    EntryKind.STAGE: Text("stage"),
    EntryKind.NOTE: Text("note"),
    EntryKind.VISIT: Text("visit"),
    EntryKind.INVOICED: Text("invoiced"),
    EntryKind.COLLECTED: Text("collected"),
    EntryKind.REQUESTED: Text("approval requested"),
    EntryKind.DECIDED: Text("decided"),
    EntryKind.VOIDED: Text("approval void"),
    EntryKind.UNDONE: Text("taken back"),
}


def what(entry: DealEntry) -> Value:
    """What the entry says; of a correction, what was before and what is now."""
    kind: Value = _KINDS[entry.kind]
    if entry.kind is EntryKind.STAGE:
        old, new = entry.stages
        kind = Text("{old} → {new}", old=old or verbatim("–"), new=new or verbatim("–"))
    elif entry.kind is EntryKind.AMENDED:
        kind = listed([_change(name, old, new) for name, old, new in entry.changes]) if entry.changes else kind
    if entry.amount is not None:
        kind = Text("{kind} {amount}", kind=kind, amount=entry.amount)
    return Text("{kind}: {text}", kind=kind, text=entry.text) if entry.text else kind


_COLUMNS = {
    "amount": Text("amount"),
    "close_on": Text("close date"),
    "stage": Text("stage"),
    "tags": Text("tags"),
    "contract_url": Text("contract"),
    "account_id": Text("account"),
}


def _change(name: str, old: Value | None, new: Value | None) -> Text:
    if name == "account_id":
        return _COLUMNS[name]
    return Text("{what} {old} → {new}", what=_COLUMNS[name], old=old or verbatim("–"), new=new or verbatim("–"))
