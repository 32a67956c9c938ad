"""Where something was said: the thread that a message belongs to, and the group behind a private answer about it."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from bot.directory import Directory
from bot.platforms.base import Incoming, Place
from bot.platforms.telegram.reading import PLATFORM, Spoken
from bot.platforms.telegram.sending import ONLY
from models.outbox import Post, post_of_message
from models.store import Store


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the places of one bot by what it posted."""

    store: Store
    directory: Directory
    workspace: str

    def root_of(self, place: Place, message: str) -> str | None:
        """The root of the thread that a message of the bot's belongs to; none for what a person wrote."""
        channel = self.directory.now().places.get((PLATFORM, self.workspace, place.channel))
        if channel is None:
            return None

        def look(session: Session) -> str | None:
            post = post_of_message(session, channel.id, message)
            if post is None:
                return None
            root = session.get(Post, post.thread_post) if post.thread_post else None
            return post.thread or (root.message_id if root is not None else None) or message

        return self.store.read(look)

    def at_home(self, spoken: Spoken) -> Incoming:
        """A press on what was said in private about a group happens where that was asked."""
        incoming = spoken.incoming
        if incoming.press is None or not spoken.direct:
            return incoming
        post = self.store.read(lambda session: _whispered(session, incoming.place.channel, spoken.message))
        if post is None:
            return incoming
        channel = self.directory.now().channels[post.channel_id]
        return replace(incoming, place=Place(channel.external_id, post.thread))


def _whispered(session: Session, chat: str, message: str | None) -> Post | None:
    """The post that a private message about a group shows."""
    query = select(Post).where(Post.message_id == f"{ONLY}{chat}:{message}", col(Post.edits).is_(None))
    return session.exec(query).first()
