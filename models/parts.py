"""Parts: the messages that a platform needed for a post which does not fit one."""

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.outbox import Post


class MessagePart(SQLModel, table=True):
    """One of a post's messages, by its number from 0; a post that fits one message has none of these.

    `post_id` is the post's first face, whose own `message_id` is that of part 0. Written as soon as the platform has
    taken the part, so that after a fault or a crash the parts before it are not sent again.
    """

    __tablename__ = "message_part"
    post_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    message_id: str = Field(index=True)


def parts_of(session: Session, post_id: int) -> list[str]:
    """The messages of a post that were taken so far, in their order."""
    query = select(MessagePart.message_id).where(MessagePart.post_id == post_id).order_by(col(MessagePart.number))
    return list(session.exec(query))


def keep_parts(session: Session, post_id: int, messages: list[str]) -> None:
    """Let a post have these messages."""
    session.exec(delete(MessagePart).where(col(MessagePart.post_id) == post_id))
    session.add_all(MessagePart(post_id=post_id, number=number, message_id=one) for number, one in enumerate(messages))


def post_of_part(session: Session, channel_id: str, message_id: str) -> Post | None:
    """The post whose later part a message is; none for anything else."""
    query = select(Post).join(MessagePart, col(MessagePart.post_id) == col(Post.id))
    return session.exec(query.where(Post.channel_id == channel_id, MessagePart.message_id == message_id)).first()
