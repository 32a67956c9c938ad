"""At a glance: what a person finds where a platform gives the bot a page of its own for each.

It is what the commands say to that person in their direct chat. Each part is kept as a row, for its buttons; one that
says what it said before keeps its row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from sqlmodel import Session, col, select

from bot import gate
from bot.clock import Clock
from bot.platforms.base import Incoming
from bot.speakers import Speakers
from handlers.command import Registry
from models import broadcasts
from models.approvals import ShowWaiting
from models.context import Asked, UserError
from models.deals import ShowMine
from models.intent import name_of
from models.message import Message
from models.outbox import OutboxState, Post, stored
from models.targets import ShowTargets
from models.text import Text
from models.unit import Unit, put

_PARTS = (
    (Text("Waits for your decision"), ShowWaiting()),
    (Text("Your deals and targets"), ShowMine()),
    (Text("Targets"), ShowTargets()),
)


@dataclass(frozen=True)
class Glance:
    """Asks for everybody what concerns them. `mark` begins the ids of its rows: they are no messages of a chat."""

    registry: Registry
    speakers: Speakers
    clock: Clock
    new_id: Callable[[], str]
    mark: str

    def of(self, session: Session, incoming: Incoming) -> list[tuple[Text, Post]]:
        """The parts of a person's page with their titles, from what is committed; a new one has no number yet.

        Raise LookupError for somebody who is not known.
        """
        unit = cast("Unit", session)  # what is asked here writes nothing, and reading must not hold the writer
        asked = self.speakers.asked(unit, incoming, self.new_id(), self.clock.now(), self.new_id)
        return [(title, self._row(asked, name, message)) for title, name, message in self._parts(asked)]

    def keep(self, unit: Unit, parts: Sequence[tuple[Text, Post]]) -> list[tuple[Text, Post]]:
        """Give the new parts their numbers, which their buttons need."""
        return [(title, row if row.id is not None else _kept(unit, row)) for title, row in parts]

    def _parts(self, asked: Asked) -> Iterator[tuple[Text, str, Message]]:
        if asked.region is not None:
            for policy, message in broadcasts.unread(asked.session, asked.person, asked.region, asked.language):
                yield Text("Please read and confirm"), f"policy:{policy.id}", message
        for title, wanted in _PARTS:
            command = self.registry.by_intent[name_of(type(wanted))]
            try:
                gate.check(asked, command, wanted)
                reply = command.handler(asked, wanted)
            except UserError:
                continue  # it is not for this person
            if reply.message is not None:
                yield title, command.name, reply.message

    def _row(self, asked: Asked, name: str, message: Message) -> Post:
        card = f"glance:{asked.person.id}:{name}"
        row = Post(
            event_id=asked.event_id, channel_id=asked.channel.id, visible_to=asked.person.id, card=card,
            body=stored(message), state=OutboxState.SENT, created_at=asked.now, next_try_at=asked.now,
            sent_at=asked.now, message_id=f"{self.mark}{card}",
        )  # fmt: skip
        return _same(asked.session, row) or row


def _kept(unit: Unit, row: Post) -> Post:
    return _same(unit, row) or put(unit, row)


def _same(session: Session, row: Post) -> Post | None:
    """The newest row of a part, if it says the same."""
    newest = session.exec(select(Post).where(Post.card == row.card).order_by(col(Post.id).desc())).first()
    return newest if newest and (newest.body, newest.channel_id) == (row.body, row.channel_id) else None
