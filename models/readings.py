"""Readings: which of a deal's typed words still say what it is, after corrections and what was taken back."""

from collections.abc import Iterable, Sequence

from models.claims import Claim
from models.timeline import CHANGES, DealEntry, EntryKind

# The slots that a column was read from, where they are not called the same.
_FIELDS = {"account_id": "account", "close_on": "close", "contract_url": "url"}


def standing(entries: Sequence[DealEntry]) -> tuple[Claim, ...]:
    """Give the newest reading of each field that nothing has changed since, newest entry first, of entries in order."""
    found: list[Claim] = []
    settled: set[str] = set()
    for entry in reversed([entry for entry in entries if entry.kind in CHANGES and counts(entry)]):
        found += [claim for claim in entry.claims if _field(claim.slot) not in settled]
        settled |= _fields(claim.slot for claim in entry.claims) | _fields(column for column, _, _ in entry.changes)
    return tuple(found)


def counts(entry: DealEntry) -> bool:
    """Whether an entry's words are worth explaining: not when they were taken back, but how the deal began always."""
    return not entry.undone or entry.kind is EntryKind.LOGGED


def _fields(names: Iterable[str]) -> set[str]:
    return {_field(name) for name in names}


def _field(name: str) -> str:
    """Name the field of a slot or a column; an amount and its currency are one."""
    return "amount" if name == "currency" else _FIELDS.get(name, name)
