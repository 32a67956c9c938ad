"""Hearing: what somebody means who has no thread, no form and no group that hears everything."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlmodel import Session

from bot import tokens
from bot.directory import Directory
from bot.literals import JOINER
from bot.platforms.base import Incoming, Place, Press
from bot.typed_forms import entered, number_in
from models.channels import Channel, ChannelKind
from models.message import Form
from models.outbox import Post, newest_face
from models.store import Store


@dataclass(frozen=True, slots=True)
class Hearing:
    """Takes a line that answers a form as the form, and a press on what was said in private where it was asked for."""

    store: Store
    directory: Directory
    button_key: Callable[[], str]

    def of(self, incoming: Incoming) -> Incoming:
        """A delivery as it is meant."""
        if incoming.press is not None:
            return self._at_home(incoming, incoming.press.token)
        incoming = replace(incoming, text=(incoming.text or "").replace(JOINER, ""))  # it comes with what is copied
        number = number_in(incoming.text or "")
        return incoming if number is None else self._sent(incoming, number)

    def _sent(self, incoming: Incoming, number: int) -> Incoming:
        """The press that sends a form; the line as it is where its number is no form of the speaker's."""
        person = self.directory.now().person_of(incoming.platform, incoming.workspace, incoming.user)
        found = self.store.read(lambda session: _form_of(session, number, person.id)) if person is not None else None
        if found is None:
            return incoming
        post_id, channel_id, form = found
        press = Press(tokens.sign(self.button_key(), post_id, 0), entered(incoming.text or "", form))
        return replace(incoming, text=None, press=press, place=self._place(incoming, channel_id))

    def _at_home(self, incoming: Incoming, token: str) -> Incoming:
        try:
            post_id, _ = tokens.verify(self.button_key(), token)
        except tokens.ForgedTokenError:
            return incoming
        post = self.store.read(lambda session: _channel_of(session, post_id))
        return incoming if post is None else replace(incoming, place=self._place(incoming, post))

    def _place(self, incoming: Incoming, channel_id: str) -> Place:
        """The place of a post, if it is on the same platform: another one's group is no place to speak from here."""
        channel = self.directory.now().channels.get(channel_id)
        if channel is None or (channel.platform, channel.workspace) != (incoming.platform, incoming.workspace):
            return incoming.place
        return Place(channel.external_id)


def _channel_of(session: Session, post_id: int) -> str | None:
    post = session.get(Post, post_id)
    return post.channel_id if post is not None else None


def _form_of(session: Session, number: int, person_id: str) -> tuple[int, str, Form] | None:
    """The newest face of a form that one person was asked: which post it is, where it stands, and the form."""
    first = session.get(Post, number)
    if first is None or first.edits is not None:
        return None
    face = newest_face(session, first)
    face = face if face.message.form is not None else first
    form = face.message.form
    return (face.id or 0, first.channel_id, form) if form and _is_for(session, first, person_id) else None


def _is_for(session: Session, post: Post, person_id: str) -> bool:
    channel = session.get_one(Channel, post.channel_id)
    is_own = channel.kind is ChannelKind.DIRECT and channel.person_id == person_id
    return is_own or post.visible_to == person_id
