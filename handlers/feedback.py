"""Feedback: say something to the ambassador and the administrators, and get their answer, both in private."""

from typing import Any

from handlers.command import ANYONE, Example, PersonalData, Scope, command
from models.cards import feedback as card
from models.context import Asked, Reply, UserError
from models.feedback import AnswerFeedback, Feedback, GiveFeedback, answer, may_answer, readers
from models.numbers import next_number
from models.people import Person
from models.ranks import Rank
from models.regions import Region
from models.retention import plan_to_forget
from models.text import Text

WRITTEN = PersonalData(
    ("feedback.sender_id", "feedback.text", "feedback.answered_by", "feedback.answer"),
    Text("so that somebody answers what a person has to say"),
    Text("a year, then deleted"),
    Text("the person, the ambassadors of their region and the administrators; without any, HQ"),
)


@command(
    GiveFeedback,
    en=("feedback",),
    zh=("反馈", "反饋"),
    requires=ANYONE,
    scope=Scope.SELF,
    audit="feedback.given",
    summary=Text("Tell the ambassador and the administrators something; your manager does not see it"),
    example=Example("feedback the discount limits cost us two days", "反馈 折扣上限让我们耽误了两天"),
    personal=WRITTEN,
    once=True,
)
def give_feedback(asked: Asked, wanted: GiveFeedback) -> Reply:
    """Bring it to everybody who gets the region's feedback, or to HQ; refuse it when nobody can be reached."""
    feedback = Feedback(
        id=next_number(asked.session, "F"), sender_id=asked.person.id, channel_id=asked.channel.id, text=wanted.text,
        given_at=asked.now,
    )  # fmt: skip
    asked.session.add(feedback)
    asked.session.flush()
    plan_to_forget(asked)
    message = card.asked(feedback, asked.person, asked.region.name if asked.region else None)
    who_reads = readers(asked.session, asked.person)
    for people in who_reads:
        told = [person for person in people if asked.tell(person.id, message, card=feedback.card) is not None]
        if told:
            answer = card.received(feedback, told, private=asked.in_private)
            return Reply(answer, private=True, subject=feedback.id, facts={"readers": len(told)})
    if not any(who_reads) and asked.person.rank is Rank.ADMIN:
        raise UserError(Text("Nobody but you gets feedback yet; name an ambassador with `setup duty`."))
    raise UserError(
        Text("Nobody who gets feedback can be reached yet: an administrator must open a direct chat with me.")
    )


def _may_answer(asked: Asked, wanted: Any) -> None:
    """Raise UserError for feedback that did not come to the asker, or that was answered; no form is shown then."""
    feedback = asked.session.get(Feedback, getattr(wanted, "feedback", None) or "")
    if feedback is None or not may_answer(asked.session, feedback, asked.person):
        raise UserError(Text("That feedback is not for you to answer."))
    if feedback.answered_by is not None:
        raise UserError(_answered(asked, feedback))


@command(
    AnswerFeedback,
    requires=ANYONE,
    check=_may_answer,
    scope=Scope.SELF,
    audit="feedback.answered",
    summary=Text("Answer feedback, to its sender alone"),
    personal=WRITTEN,
)
def answer_feedback(asked: Asked, wanted: AnswerFeedback) -> Reply:
    """Bring the answer to the sender alone, and show every other reader that it was given."""
    feedback = asked.session.get_one(Feedback, wanted.feedback)
    if not answer(asked.session, feedback, asked.person.id, wanted.text, asked.now):
        raise UserError(_answered(asked, feedback))
    plan_to_forget(asked)
    sender = asked.session.get_one(Person, feedback.sender_id)
    region = asked.session.get(Region, sender.region_id) if sender.region_id else None
    face = card.answered(feedback, sender, region.name if region else None, asked.person)
    allowed = {person.id for people in readers(asked.session, sender) for person in people}
    for name in (feedback.card, feedback.form):
        asked.redraw_for(allowed, name, face, card.closed(feedback))
    message = card.answer(feedback, asked.person)
    if asked.tell(sender.id, message, card=feedback.answer_card, unasked=False) is None:
        asked.post(
            feedback.channel_id, message, card=feedback.answer_card, visible_to=sender.id, unasked=False
        )  # fmt: skip
    return Reply(card.sent(feedback, sender), private=True, subject=feedback.id)


def _answered(asked: Asked, feedback: Feedback) -> Text:
    who = asked.session.get_one(Person, feedback.answered_by)
    when = feedback.answered_at or feedback.given_at
    return Text("{person} answered {feedback} already, {at}.", person=who.name, feedback=feedback.id, at=when)
