"""What feedback looks like: to those who get it, and to whoever gave it."""

from collections.abc import Sequence

from models.feedback import AnswerFeedback, Feedback
from models.intent import unfinished
from models.message import Button, Message, Style, says
from models.people import Person
from models.text import Text, listed, verbatim


def asked(feedback: Feedback, sender: Person, region: str | None) -> Message:
    """To a reader: who says what, and a way to answer."""
    button = Button(Text("Answer…"), unfinished(AnswerFeedback, "text", feedback=feedback.id), Style.PRIMARY)
    return says(*_said(feedback, sender, region), buttons=(button,))


def answered(feedback: Feedback, sender: Person, region: str | None, who: Person) -> Message:
    """To a reader, once somebody answered."""
    line = Text("Answered by {person}, {at}:", person=who.name, at=feedback.answered_at or feedback.given_at)
    return says(*_said(feedback, sender, region), line, verbatim(feedback.answer or ""))


def closed(feedback: Feedback) -> Message:
    """To somebody who got it once, and now is not one of its readers: neither its words nor the answer."""
    return says(Text("💬 {feedback} was answered. You are not one of its readers any more.", feedback=feedback.id))


def received(feedback: Feedback, people: Sequence[Person], *, private: bool) -> Message:
    """To the sender: who reads it, and who does not."""
    who = listed([person.name for person in people])
    lines = [Text("✓ {feedback} went to {people} and to nobody else. The answer comes to you alone.",
                  feedback=feedback.id, people=who)]  # fmt: skip
    if not private:
        lines.append(Text("What you typed here others may have read; in our direct chat nobody does."))
    return says(*lines)


def answer(feedback: Feedback, who: Person) -> Message:
    """To the sender: the answer, below their own words."""
    return says(
        Text("{person} answers your feedback {feedback}: “{text}”", person=who.name, feedback=feedback.id,
             text=feedback.text),
        verbatim(feedback.answer or ""),
    )  # fmt: skip


def sent(feedback: Feedback, sender: Person) -> Message:
    """To whoever answered."""
    return says(Text("✓ Your answer to {feedback} went to {person}.", feedback=feedback.id, person=sender.name))


def _said(feedback: Feedback, sender: Person, region: str | None) -> tuple[Text, ...]:
    facts = {"feedback": feedback.id, "person": sender.name}
    title = (
        Text("💬 {feedback}: feedback from {person}, {region}. Their manager does not see it.", **facts, region=region)
        if region
        else Text("💬 {feedback}: feedback from {person}.", **facts)
    )
    return title, verbatim(feedback.text)
