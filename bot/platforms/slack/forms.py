"""Forms as open modals: opened from a button, answered beside their fields, brought up to date when it took long."""

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot import tokens
from bot.answering import Answer
from bot.directory import Directory
from bot.due import reader_of
from bot.language import plain
from bot.platforms.slack.faults import reason_of
from bot.platforms.slack.modals import draw_closed, draw_modal
from bot.platforms.slack.reading import Body, Spoken
from bot.platforms.slack.sending import SlackPlatform
from models.outbox import Post, form_faces, newest_face
from models.store import Store


@dataclass(frozen=True)
class Forms:
    """The forms that Slack has open, by the posts behind them."""

    store: Store
    directory: Directory
    platform: SlackPlatform

    async def open(self, spoken: Spoken) -> None:
        """Open the form that waits behind a button, for the one whom it asks."""
        face, trigger, incoming = self._face(spoken), spoken.trigger, spoken.incoming
        known = self.directory.now()
        person = known.person_of(incoming.platform, incoming.workspace, incoming.user)
        may_see = face is not None and person is not None and face.visible_to in (None, person.id)
        if face is None or trigger is None or not may_see or face.message.form is None:
            return
        channel = known.channels[face.channel_id]
        pen = self.platform.pen(face.id or 0, reader_of(known, channel, face.visible_to), channel.workspace)
        await self.platform.open_form(trigger, face.message, pen, channel, incoming.place.thread)

    def errors(self, answer: Answer) -> dict[str, str]:
        """What is wrong with a form that was sent, by its fields."""
        faces = self.store.read(lambda session: form_faces(session, answer.event_id))
        return {name: words for face in faces for name, words in self._errors(face)}

    def _errors(self, face: Post) -> Iterator[tuple[str, str]]:
        known, form = self.directory.now(), face.message.form
        reader = reader_of(known, known.channels[face.channel_id], face.visible_to)
        for name, text in form.errors if form is not None else ():
            yield name, plain(text, reader)

    async def bring_up_to_date(self, spoken: Spoken, answer: Answer) -> str:
        """Show in a form that nobody answered in time what became of it; the words to say when it is closed already."""
        face = self._face(spoken)
        if face is None or spoken.view is None:
            return ""
        known, errors = self.directory.now(), self.errors(answer)
        channel, place = known.channels[face.channel_id], spoken.incoming.place
        pen = self.platform.pen(face.id or 0, reader_of(known, channel, face.visible_to), channel.workspace)
        context = {"channel": place.channel, "thread": place.thread or ""}
        view = draw_modal(face.message, pen, context) if errors else draw_closed(face.message, pen)
        try:
            await self.platform.client.views_update(view_id=spoken.view, view=view)
        except SlackApiError as error:
            if reason_of(error) != "not_found":
                raise
            return "\n".join(errors.values())
        return ""

    def _face(self, spoken: Spoken) -> Post | None:
        """The newest face of the message that a button or a form belongs to."""
        press = spoken.incoming.press
        return None if press is None else self.store.read(lambda session: self._face_of(session, press.token))

    def _face_of(self, session: Session, token: str) -> Post | None:
        company = self.directory.now().company
        try:
            number, _ = tokens.verify(company.button_key if company else "", token)
        except tokens.ForgedTokenError:
            return None
        post = session.get(Post, number)
        first = session.get(Post, post.edits) if post is not None and post.edits else post
        return newest_face(session, first) if first is not None else None


def fields_of(view: Body) -> list[str]:
    """The fields of a form, by name."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
