"""At a glance: what a person finds where a platform gives the bot a page of its own for each.

It is what the commands say to that person in their direct chat. Each part is kept as a row, for its buttons; one that
says what it said before keeps its row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlmodel import col, select

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
from models.store import Unit, put
from models.targets import ShowTargets
from models.text import Text

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

    def of(self, unit: Unit, incoming: Incoming) -> list[tuple[Text, Post]]:
        """The parts of a person's page with their titles; raise LookupError for somebody who is not known."""
        asked = self.speakers.asked(unit, incoming, self.new_id(), self.clock.now(), self.new_id)
        return [(title, self._kept(asked, name, message)) for title, name, message in self._parts(asked)]

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

    def _kept(self, asked: Asked, name: str, message: Message) -> Post:
        card, body = f"glance:{asked.person.id}:{name}", stored(message)
        newest = asked.session.exec(select(Post).where(Post.card == card).order_by(col(Post.id).desc())).first()
        if newest is not None and newest.body == body and newest.channel_id == asked.channel.id:
            return newest
        row = Post(
            event_id=asked.event_id, channel_id=asked.channel.id, visible_to=asked.person.id, card=card, body=body,
            state=OutboxState.SENT, created_at=asked.now, next_try_at=asked.now, sent_at=asked.now,
            message_id=f"{self.mark}{card}",
        )  # fmt: skip
        return put(asked.session, row)
