"""Live pages: every change of the workspace's log as a server-sent event, replayed after a reconnect."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.store import Store
from models.workspace import WorkspaceChange, WorkspaceMessage

BATCH = 200


class Live:
    """Wakes the pages that listen when something was written."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._closed = False
        self._time: datetime | None = None

    def wake(self) -> None:
        """Say that something changed."""
        for event in self._waiting:
            event.set()

    def tell_time(self, now: datetime) -> None:
        """Say that the demo's clock was moved to an instant."""
        self._time = now
        self.wake()

    def close(self) -> None:
        """Let every page go."""
        self._closed = True
        self.wake()

    async def changes(
        self, store: Store, after: int, draw: Callable[[Session, WorkspaceMessage], Any]
    ) -> AsyncIterator[dict[str, str]]:
        """Yield events after a change's id, for ever; `draw` gives None for what the page may not see."""
        signal = asyncio.Event()
        self._waiting.add(signal)
        told = self._time
        try:
            while not self._closed:
                signal.clear()
                if self._time is not None and self._time is not told:
                    told = self._time
                    yield {"event": "clock", "data": json.dumps({"now": told.isoformat()})}
                batch = store.read(lambda session, after=after: _batch(session, after, draw))  # type: ignore[misc]
                for change_id, data in batch:
                    after = change_id
                    if data is not None:
                        yield {"event": "message", "id": str(change_id), "data": json.dumps(data, ensure_ascii=False)}
                if not batch:
                    await signal.wait()
        finally:
            self._waiting.discard(signal)


def last_change(session: Session) -> int:
    """The id of the newest change; 0 when there is none."""
    return session.exec(select(WorkspaceChange.id).order_by(col(WorkspaceChange.id).desc()).limit(1)).first() or 0


def _batch(session: Session, after: int, draw: Callable[[Session, WorkspaceMessage], Any]) -> list[tuple[int, Any]]:
    query = select(WorkspaceChange, WorkspaceMessage).join(
        WorkspaceMessage, col(WorkspaceMessage.id) == WorkspaceChange.message_id
    )
    query = query.where(col(WorkspaceChange.id) > after).order_by(col(WorkspaceChange.id)).limit(BATCH)
    return [(change.id or 0, draw(session, message)) for change, message in session.exec(query)]
