"""Forms that are asked for in a chat, one question after the other, where a platform has nothing to fill in."""

import json

from sqlmodel import Field, Session, SQLModel

from models.outbox import Post


class OpenForm(SQLModel, table=True):
    """The form that a chat is asked about; a newer one takes its place.

    `left` are the fields still to ask, the first is open; `entered` is what was answered, by field: a field that is in
    neither keeps what is known. `message_id` is the question that was asked, none until it was sent.
    """

    __tablename__ = "open_form"
    workspace: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    post_id: int
    left: str
    entered: str
    message_id: str | None = None

    @property
    def is_answered_by_words(self) -> bool:
        """Whether what is typed next answers it: a question stands in the chat, and it is not whether to send."""
        return self.message_id is not None and bool(self.fields_left)

    @property
    def fields_left(self) -> list[str]:
        """The fields still to ask."""
        return [str(name) for name in json.loads(self.left)]

    @property
    def answers(self) -> dict[str, object]:
        """What was answered, by field."""
        return dict(json.loads(self.entered))

    def move(self, left: list[str], answers: dict[str, object]) -> None:
        """Go on: what is still to ask, and what was answered. The next question is not sent yet."""
        self.left = json.dumps(left)
        self.entered = json.dumps(answers, ensure_ascii=False)
        self.message_id = None


def open_form(session: Session, workspace: str, chat: str) -> OpenForm | None:
    """The form that a chat is asked about."""
    return session.get(OpenForm, (workspace, chat))


def begin(session: Session, workspace: str, chat: str, post: Post, left: list[str]) -> None:
    """Ask about the form of a post from now on."""
    row = open_form(session, workspace, chat)
    if row is None:
        row = OpenForm(workspace=workspace, chat=chat, post_id=post.id or 0, left="[]", entered="{}")
    row.post_id = post.id or 0
    row.move(left, {})
    session.add(row)


def close(session: Session, workspace: str, chat: str, post: Post) -> None:
    """Ask no more about the message that a post shows, whatever face it has."""
    row = open_form(session, workspace, chat)
    asked = session.get(Post, row.post_id) if row is not None else None
    if row is not None and (asked is None or (asked.edits or asked.id) == (post.edits or post.id)):
        session.delete(row)
