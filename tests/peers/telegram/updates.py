"""What waits for the bot, whichever way it is brought: update ids, kinds that are wanted, and how long each waits."""

import asyncio
from dataclasses import dataclass, field

from tests.peers.telegram.model import Json
from tests.peers.telegram.world import World

KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member",
    "chat_member",
)  # fmt: skip
"""Those that the peer plays; the names of others may be asked for and are never told."""

ONLY_ON_REQUEST = frozenset({"chat_member"})
"""Told only when allowed_updates names them (core.telegram.org/bots/api#getupdates)."""

LIVES = 24 * 3600
"""Seconds that updates are kept: 'not longer than 24 hours'."""

PRESS_LIVES = 150
"""Seconds that a press is kept: the number of the Bot API server (Client.cpp, add_new_callback_query)."""

AHEAD = 10
"""An offset so much further than the next id is taken for none (TDLib, TQueue.cpp)."""


@dataclass(eq=False)
class Update:
    """One update. Those of one `line` are brought one after the other.

    `first` is done after the first attempt, or when it must wait for another one that failed.
    """

    id: int
    kind: str
    body: Json
    line: tuple[str, int]
    expires_at: float
    first: asyncio.Future[object] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def wire(self) -> Json:
        """The Update object."""
        return {"update_id": self.id, self.kind: self.body}

    def tried(self, result: object = None) -> None:
        """Let nobody wait for its first attempt any longer."""
        if not self.first.done():
            self.first.set_result(result)


class Updates:
    """The bot's queue. `next_id` may be set: ids start anew at any number after a quiet week."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.next_id = 900_000_001
        self.allowed: frozenset[str] | None = None
        self._waiting: list[Update] = []

    def make(self, kind: str, body: Json, line: tuple[str, int], lives: float) -> Update | None:
        """Number an update; None when the bot does not want its kind. It waits once it is put."""
        wanted = self.allowed if self.allowed is not None else frozenset(KINDS) - ONLY_ON_REQUEST
        if kind not in wanted or lives <= 0:
            return None
        update = Update(self.next_id, kind, body, line, self.world.clock.now() + lives)
        self.next_id += 1
        return update

    def put(self, update: Update) -> None:
        """Let it wait for the bot."""
        self._waiting.append(update)
        self.world.touch()

    def allow(self, kinds: object) -> None:
        """Take over `allowed_updates`: none given keeps what was said before, an empty list means the default."""
        if isinstance(kinds, list):
            self.allowed = frozenset(str(kind) for kind in kinds) if kinds else None

    def pending(self) -> list[Update]:
        """What waits, without what has become too old."""
        now = self.world.clock.now()
        self._waiting = [each for each in self._waiting if each.expires_at > now]
        return list(self._waiting)

    def forget(self, update: Update) -> None:
        """It has arrived, or never will."""
        update.tried()
        if update in self._waiting:
            self._waiting.remove(update)
        self.world.touch()

    def confirm(self, offset: int) -> list[Update]:
        """Forget what lies before an offset and return the rest; a negative one keeps only that many of the last."""
        waiting = self.pending()
        if offset < 0:
            self._waiting = waiting[offset:]
        elif 0 < offset <= self.next_id + AHEAD:
            self._waiting = [each for each in waiting if each.id >= offset]
        self.world.touch()
        return list(self._waiting)

    def clear(self) -> None:
        """drop_pending_updates."""
        for update in self._waiting:
            update.tried()
        self._waiting.clear()
        self.world.touch()
