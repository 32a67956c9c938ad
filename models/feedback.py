"""Feedback: what somebody wants to say to the region's ambassador and the administrators, and the answer to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import update
from sqlmodel import Field, Session, SQLModel, col, select

from models.channels import Channel
from models.columns import UtcDateTime
from models.intent import Slot, intent, name_of
from models.outbox import Post, form_card
from models.people import Person, holders_of, people_in
from models.ranks import Duty, Rank
from models.text import Text


@intent("feedback")
@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Say something to the ambassador and the administrators."""

    text: Annotated[str, Slot("text", Text("Feedback"), "textarea")]


@intent("reply")
@dataclass(frozen=True, slots=True)
class AnswerFeedback:
    """Answer somebody's feedback."""

    feedback: str
    text: Annotated[str, Slot("text", Text("Answer"), "textarea")]


class Feedback(SQLModel, table=True):
    """What somebody said, and the one answer to it; `channel_id` is where it was said."""

    id: str = Field(primary_key=True)
    sender_id: str = Field(foreign_key="person.id", index=True)
    channel_id: str = Field(foreign_key="channel.id")
    text: str
    given_at: datetime = Field(sa_type=UtcDateTime)
    answer: str | None = None
    answered_by: str | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def card(self) -> str:
        """The card that its readers see."""
        return f"feedback:{self.id}"

    @property
    def answer_card(self) -> str:
        """The card with which its sender gets the answer."""
        return f"{self.card}:answer"

    @property
    def form(self) -> str:
        """The card of the forms in which an answer is written."""
        return form_card(name_of(AnswerFeedback), self.id)


def readers(session: Session, sender: Person) -> tuple[list[Person], list[Person]]:
    """Who gets somebody's feedback: the region's ambassadors and the administrators; and HQ, when none of them can.

    It is never the sender, and never the manager of the sender's region, whatever duty they hold.
    """
    ambassadors = [one for one in holders_of(session, Duty.AMBASSADOR) if one.region_id in (None, sender.region_id)]
    return (
        _besides(sender, [*ambassadors, *people_in(session, None, Rank.ADMIN)]),
        _besides(sender, people_in(session, None, Rank.HQ)),
    )


def _besides(sender: Person, people: list[Person]) -> list[Person]:
    found = {person.id: person for person in people if person.id != sender.id}
    return [one for one in found.values() if (one.rank, one.region_id) != (Rank.MANAGER, sender.region_id)]


def may_answer(session: Session, feedback: Feedback, person: Person) -> bool:
    """Whether somebody got the feedback, and still is one of those who get the sender's."""
    shown = select(Post.id).join(Channel, col(Channel.id) == Post.channel_id)
    got = session.exec(shown.where(Post.card == feedback.card, Channel.person_id == person.id)).first() is not None
    sender = session.get_one(Person, feedback.sender_id)
    return got and any(one.id == person.id for people in readers(session, sender) for one in people)


def answer(session: Session, feedback: Feedback, person_id: str, text: str, now: datetime) -> bool:
    """Write the answer down; false when somebody was first."""
    free = update(Feedback).where(col(Feedback.id) == feedback.id, col(Feedback.answered_at).is_(None))
    taken = session.execute(free.values(answer=text, answered_by=person_id, answered_at=now))
    session.refresh(feedback)
    return bool(taken.rowcount)  # type: ignore[attr-defined]
