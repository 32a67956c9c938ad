"""Steps of set-up: what the commands that take one share."""

from models.cards import steps as card
from models.configuring import Changes
from models.context import Asked, Reply, UserError
from models.message import Message
from models.people import Person
from models.regions import Region, regions
from models.text import Text


def changes_of(asked: Asked) -> Changes:
    """The changes of this step, in the asker's name."""
    return Changes(asked.session, asked.event_id, asked.now, asked.person.id)


def done(asked: Asked, changes: Changes, message: Message, subject: str) -> Reply:
    """Show the step, or say that it changed nothing."""
    if not changes.count:
        raise UserError(Text("It stands like that already; nothing was changed."))
    step = card.step_card(asked.event_id)
    return Reply(message, private=True, card=step, subject=subject, facts={"rows": changes.count})


def region_of(asked: Asked, region_id: str) -> Region:
    """Find a region; raise UserError when there is none of that id."""
    region = asked.session.get(Region, region_id)
    if region is None:
        raise UserError(Text("There is no region “{name}”; `setup` shows which there are.", name=region_id))
    return region


def only_region(asked: Asked, field: str = "region") -> str:
    """The region that is meant where there is only one."""
    every = regions(asked.session)
    if len(every) != 1:
        raise UserError(Text("Of which region? Choose one.") if every else Text("Add a region first."), field)
    return every[0].id


def colleague_of(asked: Asked, person_id: str) -> Person:
    """Find somebody who works here; raise UserError when there is nobody of that id."""
    person = asked.session.get(Person, person_id)
    if person is None or not person.active:
        raise UserError(Text("I know nobody of that name; `setup` adds people."), "person")
    return person
