"""People: they type lines and press what they see, as often as their platform brings it."""

from dataclasses import dataclass, field
from random import Random  # noqa: TID251  seeded: a run can be repeated
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from bot.platforms.base import Incoming, Place, Press
from models.approvals import ApprovalRequest
from models.deals import Deal
from models.message import Message
from tests.simulator.chat import Said
from tests.simulator.company import EVERYBODY, HQ, MANAGERS, PLATFORM, REPS, WORKSPACE

if TYPE_CHECKING:
    from tests.simulator.world import World


@dataclass
class Act:
    """Something that somebody did: the platform brings it until it is told that it was taken."""

    incoming: Incoming
    account: str | None = None
    minor: int = 0
    tries: int = 0
    more: int = 0
    is_taken: bool = False
    taken_at: float | None = None


@dataclass
class People:
    """What people do next."""

    world: "World"
    chance: Random
    acts: list[Act] = field(default_factory=list)

    def next(self) -> Act:
        """Make up the next act: a line, or a button that stands in the chat."""
        act = self._press() if self.chance.random() < 0.4 else None
        act = act or self._line()
        act.more = self.chance.choice((0, 0, 0, 1, 3))
        self.acts.append(act)
        return act

    def _line(self) -> Act:
        who = self.chance.choice((*REPS, *REPS, *MANAGERS, HQ))
        account, minor = None, 0
        deal = self.world.look(lambda session: self._one_of(session, Deal))
        request = self.world.look(lambda session: self._one_of(session, ApprovalRequest))
        amount = self.chance.randrange(1, 99)
        of_deal = (f"stage {deal} won", f"edit {deal} {amount}k EUR", f"paid {deal} {amount}k EUR", f"note {deal} call",
                   f"request {deal}", "undo", "my")  # fmt: skip
        if who in REPS and (deal is None or self.chance.random() < 0.6):
            account, minor = self._name(), amount * 100_000
            text = f"deal {account} {amount}k EUR close 4 Dec stage proposal"
        elif who in REPS:
            text = self.chance.choice(of_deal)
        elif who in MANAGERS:
            text = self.chance.choice(
                (f"approve {request}", f"reject {request} too dear", "approvals", "board", f"request {deal}")
            )
        else:
            text = "policy new"
        region = who.split("-")[0]
        place = (
            self.chance.choice((f"u-{who}", f"c-{region}"))
            if region != "hq"
            else self.chance.choice(("c-hq", "u-hq-one"))
        )
        return Act(self._incoming(who, place, f"/{text}", None), account, minor)

    def _press(self) -> Act | None:
        who = self.chance.choice(EVERYBODY)
        region = who.split("-")[0]
        seen = [
            said for said in self.world.chat.shown.values()
            if said.message.buttons and said.channel in (f"u-{who}", f"c-{region}") and said.visible_to in (None, who)
        ]  # fmt: skip
        if not seen:
            return None
        said: Said = self.chance.choice(seen[-8:])
        position = self.chance.randrange(len(said.message.buttons))
        form = _filled(said.message) if said.message.form is not None and position == 0 else None
        return Act(self._incoming(who, said.channel, None, Press(said.token(position), form)))

    def _incoming(self, who: str, place: str, text: str | None, press: Press | None) -> Incoming:
        key = f"k{len(self.acts)}"
        return Incoming(key, PLATFORM, WORKSPACE, f"u-{who}", Place(place), f"{who} {text} {press}", text, press)

    def _name(self) -> str:
        """A name that is like no other one, so that no reader takes it for a slip."""
        letters = Random(len(self.acts))
        return "".join(letters.choice("bdfgklmnprstvz") + letters.choice("aeiou") for _ in range(5)).title()

    def _one_of(self, session: Session, kind: type[Deal] | type[ApprovalRequest]) -> str | None:
        ids = session.exec(select(kind.id).order_by(col(kind.id))).all()
        return self.chance.choice(list(ids)) if ids else None


def _filled(message: Message) -> dict[str, object]:
    """A form with something in each field: the first of a choice, a day, or a word."""
    assert message.form is not None
    options = {name: value for name, value, _ in reversed(message.form.options)}
    return {name: options.get(name, "4 Dec" if name == "deadline" else "Prices") for name in message.form.ask}
