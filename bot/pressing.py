"""Pressing: whose button a token is, that it counts once, and what stands in its message afterwards."""

from bot import tokens
from handlers.command import Command
from models.context import Asked, UserError
from models.inbox import SpentButton
from models.message import Button, says
from models.outbox import OutboxState, Post, newest_face
from models.regions import organisation
from models.text import Text
from models.unit import Unit


class UnknownButtonError(Exception):
    """Raised for a button that no message of this installation carries."""


def pressed_button(unit: Unit, token: str) -> tuple[Post, Button]:
    """The post and the button of a token; raise UnknownButtonError for a token of no button."""
    try:
        post_id, position = tokens.verify(organisation(unit).button_key, token)
    except tokens.ForgedTokenError as error:
        raise UnknownButtonError(token) from error
    post = unit.get(Post, post_id)
    if post is None:
        raise UnknownButtonError(token)
    buttons = post.message.buttons
    if position >= len(buttons):
        raise UnknownButtonError(token)
    return post, buttons[position]


def spend(asked: Asked, post: Post) -> None:
    """Let one of a message's buttons count once for its presser, whatever its face by now; raise UserError after it."""
    message = post.edits or post.id or 0
    if asked.session.get(SpentButton, (message, asked.person.id)) is not None:
        raise UserError(Text("This was already sent; nothing was done twice."))
    asked.session.add(SpentButton(outbox_id=message, person_id=asked.person.id))


def settle(asked: Asked, command: Command | None, pressed: Post | None) -> None:
    """Close the form or the question that was answered: nothing is left to press."""
    if command is None or pressed is None:
        return
    if (pressed.edits or pressed.id) in asked.redrawn:
        return  # the command gave it its new face
    if pressed.message.form is not None:
        asked.replace(pressed, says(Text("✓ Sent: {what}", what=command.summary)))
    elif command.once:
        asked.replace(pressed, pressed.message.without_buttons())


def refresh(asked: Asked, pressed: Post | None) -> None:
    """Give a message the face that it should have by now, where that never arrived: an old button was still there."""
    if pressed is None:
        return
    first = asked.session.get_one(Post, pressed.edits or pressed.id)
    newest = newest_face(asked.session, first)
    if newest.id != pressed.id and newest.state is OutboxState.DEAD:
        asked.replace(first, newest.message)
