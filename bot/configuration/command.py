"""`regatta config`: export, apply, history and undo, each in one unit of work."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby
from pathlib import Path

from sqlmodel import col, select

from bot.configuration.apply import ACTOR, apply
from bot.configuration.export import document_of
from bot.configuration.telling import told
from bot.configuration.yaml_file import MOST_BYTES, Source, written
from bot.faults import FaultError
from models import audit
from models.configuring import ChangedSinceError, Changes, ConfigChange, InUseError
from models.context import Context
from models.regions import Organisation
from models.store import Store
from models.succession import hand_on_after_changes
from models.unit import Unit

MOST_ROWS = 20_000
MOST_TOLD = 8
NOTHING = "Everything stands as the file says already; nothing was changed."


def export(store: Store, path: Path) -> None:
    """Write the configuration; raise FaultError where there is no company yet."""

    def text(unit: Unit) -> str:
        company = unit.exec(select(Organisation)).first()
        if company is None or not company.name:
            raise FaultError(
                "There is no company yet: claim the installation with `regatta setup code`, or apply a file."
            )
        return written(document_of(unit))

    path.write_text(store.write(text).result(), encoding="utf-8")


def apply_file(
    store: Store, path: Path, now: datetime, new_id: Callable[[], str], *, dry_run: bool, prune: bool
) -> list[str]:
    """Apply a file whole, or with `dry_run` only say what it would change; raise FaultError with the line at fault."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FaultError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB; that is no configuration.")
        source = Source(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FaultError(f"{path.name} is not written in UTF-8: save it so, and try again.") from error

    def work(unit: Unit) -> list[str]:
        event_id = new_id()
        with unit.rehearsal() if dry_run else nullcontext():
            lines = apply(unit, source, event_id, now, new_id, prune=prune)
        changed = sum(not line.startswith(" ") for line in lines)
        if dry_run:
            return [*(lines or [NOTHING]), "Nothing was written: this was a dry run."]
        if changed:
            facts: dict[str, object] = {"rows": changed}
            audit.append(
                unit, event_id=event_id, at=now, actor=ACTOR, action="config.applied", subject="-", facts=facts
            )
            lines.append(f"{changed} changed; `regatta config undo {event_id}` takes all of it back.")
        return lines or [NOTHING]

    return store.write(work).result()


def history(store: Store, most: int = 20) -> list[str]:
    """The newest events that changed the configuration: when, who, how many rows and the id for `undo`, then what."""
    query = select(ConfigChange).order_by(col(ConfigChange.id).desc()).limit(MOST_ROWS)
    rows = store.read(lambda session: session.exec(query).all())
    events = [(event, list(changes)) for event, changes in groupby(rows, key=lambda row: row.event_id)]
    return [line for event, changes in events[:most] for line in (_event(event, changes), *_rows(changes))]


def _event(event: str, changes: Sequence[ConfigChange]) -> str:
    first = changes[-1]
    back = f"  takes back {first.undoes}" if first.undoes else ""
    return f"{first.at:%Y-%m-%d %H:%M} UTC  {first.actor:<20} {len(changes):>4} rows  {event}{back}"


def _rows(changes: Sequence[ConfigChange]) -> list[str]:
    """What an event changed, in the order in which it did."""
    lines = [f"    {told(change)}" for change in reversed(changes[-MOST_TOLD:])]
    more = len(changes) - MOST_TOLD
    return [*lines, f"    and {more} more"] if more > 0 else lines


def undo(store: Store, event_id: str, now: datetime, new_id: Callable[[], str]) -> list[str]:
    """Take back what one event changed; raise FaultError when it is unknown, changed since, or in use."""

    def work(unit: Unit) -> list[str]:
        changes = Changes(unit, new_id(), now, ACTOR, may_let_in=True)
        if unit.exec(select(ConfigChange).where(ConfigChange.event_id == event_id)).first() is None:
            raise FaultError(
                f"Nothing of the configuration was changed by {event_id}; `regatta config history` lists what was."
            )
        try:
            changes.take_back(event_id)
        except ChangedSinceError as error:
            raise FaultError(
                f"{error}: take back the later change first; `regatta config history` lists them."
            ) from error
        except InUseError as error:
            raise FaultError(f"{error}, so it stays.") from error
        hand_on_after_changes(Context(unit, now, changes.event_id, new_id))
        audit.append(
            unit, event_id=changes.event_id, at=now, actor=ACTOR, action="config.undone", subject=event_id,
            facts={"rows": changes.count},
        )  # fmt: skip
        rows = unit.exec(
            select(ConfigChange).where(ConfigChange.event_id == changes.event_id).order_by(col(ConfigChange.id))
        )
        return [told(row) for row in rows]

    return store.write(work).result()
