"""What every place to talk looks like from inside: something to draw a message and to send it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bot.language import Reader
from bot.turns import Haste
from models.channels import Channel
from models.message import Message
from models.text import Text
from models.unit import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody spoke: a channel as the platform names it, and the root message of a thread."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: its opaque token, and the form that went with it."""

    token: str
    form: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that somebody sent: its name and what is in it, or why that could not be had."""

    name: str
    content: bytes
    fault: Text | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a platform delivered, in neutral terms.

    `key` is the platform's delivery key; `body` is what it covered. `left` says that the account is no more,
    `foreign` that it belongs to another organisation, which no code can change. `quoted`: somebody points at words that
    were not said to the bot, to have them read as a deal. `email` is the work address of an account that nobody knows,
    as far as the platform has verified it.
    """

    key: str
    platform: str
    workspace: str
    user: str
    place: Place
    body: str
    text: str | None = None
    press: Press | None = None
    file: Dropped | None = None
    left: bool = False
    foreign: bool = False
    quoted: bool = False
    email: str | None = None

    @property
    def account(self) -> tuple[str, str, str]:
        """Who spoke, as the platform knows them for ever."""
        return self.platform, self.workspace, self.user

    @property
    def body_hash(self) -> str:
        """What the inbox keeps of the body, to know the same delivery again."""
        return hashlib.sha256(self.body.encode("utf-8", "surrogatepass")).hexdigest()


class Begin(Protocol):
    """Says that a call is about to be made; raises what ends the sending where it must not be made any more."""

    async def __call__(self, *, leaves: bool = True) -> None:
        """`leaves` says that the call leaves something there that was not there: from then on that is in doubt."""
        ...


async def _nothing(*, leaves: bool = True) -> None:
    """Do nothing before a call."""


@dataclass(frozen=True, slots=True)
class Can:
    """What a platform's own code can do; what it cannot, `bot/degrading.py` says in another way.

    `threads`: an answer stands below the message that it answers. `edits`: a message gets a new face. `forms`: fields
    are asked for and come back as a press. `whispers`: one person of a group is told something that the others do not
    see.
    """

    threads: bool = True
    edits: bool = True
    forms: bool = True
    whispers: bool = True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A post that is due: what to draw, for whom, and where. `edits` is the platform's id of the message to redraw.

    `parts` are the ids of what stands there already: all parts of a message to redraw, or of a new one those that were
    taken before a fault. `edited_post` is the row of the message to redraw. `doubtful` says that it may stand there
    already, because nobody knows what became of an earlier try: it is drawn with `sorry.MAY_BE_REPEATED`. `haste` says
    whether somebody waits for it, or for what comes behind it. `begin` is awaited when its turn has come, before each
    call.
    """

    post_id: int
    event_id: str
    channel: Channel
    message: Message
    reader: Reader
    thread: str | None
    edits: str | None
    visible_to: str | None
    parts: tuple[str, ...] = ()
    holds_secret: bool = False
    edited_post: int | None = None
    doubtful: bool = False
    haste: Haste = field(default_factory=lambda: Haste(is_on=True))
    begin: Begin = _nothing


class Confirm(Protocol):
    """Says in a unit of work that a post was sent."""

    def __call__(self, unit: Unit, *ids: str) -> None:
        """Keep the platform's id of the message, or those of its parts in order."""
        ...


BLOCKED_SECONDS = 60.0
"""So long after a no that a proxy or a firewall said it is tried again, for as long as it takes."""


class SendError(Exception):
    """The platform did not take a message; `permanent` when trying again cannot help.

    `parts` are the ids of what stands there in spite of it. `doubtful`: nobody knows whether it was taken.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        parts: Iterable[str] = (),
        doubtful: bool = False,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after
        self.parts = tuple(parts)
        self.doubtful = doubtful


class ChannelGoneError(SendError):
    """The channel is not there any more, or the bot is not in it; `why` says it to the administrators."""

    def __init__(self, reason: str, why: Text) -> None:
        super().__init__(reason, permanent=True)
        self.why = why


class ShutOutError(SendError):
    """The platform lets the bot say nothing at all any more; the reason says what an operator can do."""


class Platform(Protocol):
    """A place to talk. `keeps_order`: sends that are begun in order arrive in order, so none must wait for the last."""

    name: str
    keeps_order: bool
    can: Can

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Send a post, then run `confirm` with the message's id in a unit of work; raise SendError when refused."""
        ...
