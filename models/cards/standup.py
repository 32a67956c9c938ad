"""What a stand-up looks like: the prompt under the board, the short thanks, the digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from models.intent import draft
from models.message import Button, Field, Message, Style, Table, says
from models.people import Person
from models.standups import CheckIn, CheckInNow, StandUp
from models.text import Plural, Text, Value, listed

FORM = ("did", "plans", "blockers")


def under_board(board: Message, stand_up: StandUp) -> Message:
    """Put the prompt and its two buttons under the week's board: one post a week."""
    prompt = Text("Check in until {time}: press a button, or answer in this thread.", time=stand_up.closes_at)
    return replace(board, lines=(*board.lines, prompt), buttons=_buttons(stand_up))


def reminder(stand_up: StandUp) -> Message:
    """For one person, before the close."""
    line = Text("Your check-in for {week} is still open, until {time}.", week=stand_up.week, time=stand_up.closes_at)
    return says(line, buttons=_buttons(stand_up))


def _buttons(stand_up: StandUp) -> tuple[Button, ...]:
    wanted = CheckInNow(stand_up.id)
    return (
        Button(Text("Check in"), draft(wanted, *FORM), Style.PRIMARY),
        Button(Text("Just my deals, that's all"), draft(wanted)),
    )


def noted(stand_up: StandUp, check_in: CheckIn, *, again: bool, ahead: datetime | None, in_thread: bool) -> Message:
    """Tell the person alone that it counts, and what was understood; not again what stands just above in the thread."""
    if ahead is not None:
        line = Text("✓ Noted ahead for {week}; the stand-up is on {time}.", week=stand_up.week, time=ahead)
    elif again:
        line = Text("✓ This replaces your check-in for {week}.", week=stand_up.week)
    else:
        line = Text("✓ Noted for {week}.", week=stand_up.week)
    as_typed = in_thread and not check_in.plans and not check_in.blockers
    return Message(lines=(line,), fields=() if as_typed else _said(check_in))


def offer_to_replace(stand_up: StandUp, words: str) -> Message:
    """Ask whether more words in the thread are a new check-in; nothing is replaced until somebody says so."""
    line = Text("You have checked in for {week}. Shall this replace it?", week=stand_up.week)
    replacing = CheckInNow(stand_up.id, did=words, plans="", blockers="")
    button = Button(Text("Replace it"), draft(replacing))
    return Message(lines=(line,), fields=(Field(Text("Last week"), words),), buttons=(button,))


def _said(check_in: CheckIn) -> tuple[Field, ...]:
    parts = (
        (Text("Last week"), check_in.did),
        (Text("This week"), check_in.plans),
        (Text("What is in the way"), check_in.blockers),
    )
    return tuple(Field(label, words) for label, words in parts if words)


def digest(stand_up: StandUp, answers: Sequence[tuple[CheckIn, Person]], late: int, asked: int) -> Message:
    """One post: what is in the way first, then who said what; of those who are late only how many."""
    lines = [Text("Stand-up, {week}", week=stand_up.week)]
    if late:
        lines.append(Plural("{n} of {all} has not answered.", "{n} of {all} have not answered.", n=late, all=asked))
    else:
        lines.append(Text("Everybody answered."))
    blocked = [(check_in, person) for check_in, person in answers if check_in.blockers]
    if answers and not blocked:
        lines.append(Text("Nothing is in the way."))
    fields = tuple(Field(_in_the_way(person), check_in.blockers) for check_in, person in blocked)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (person.name, check_in.did or "–", check_in.plans or "–") for check_in, person in answers
    )
    table = Table((Text("Who"), Text("Last week"), Text("This week")), rows) if rows else None
    return Message(lines=tuple(lines), fields=fields, table=table)


def _in_the_way(person: Person) -> Text:
    return Text("In the way of {name}", name=person.name)


def late(stand_up: StandUp, people: Sequence[Person]) -> Message:
    """For the manager alone: who has not answered."""
    names = listed([person.name for person in people])
    return says(Text("No check-in for {week} from: {names}", week=stand_up.week, names=names))


def closed(stand_up: StandUp, coming: datetime | None) -> Text:
    """Say that it is over and when the next one is."""
    if coming is None:
        return Text("The stand-up of {week} is closed; no other is planned.", week=stand_up.week)
    return Text("The stand-up of {week} is closed; the next one is on {time}.", week=stand_up.week, time=coming)
