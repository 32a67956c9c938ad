"""Where something was said: the thread that a message belongs to, and the group behind a private answer about it."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from bot.directory import Directory
from bot.platforms.base import Incoming, Place
from bot.platforms.telegram.reading import PLATFORM, TOPIC, Spoken
from bot.platforms.telegram.sending import ONLY
from models.outbox import Post, post_of_message, thread_of
from models.store import Store


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the places of one bot by what it posted."""

    store: Store
    directory: Directory
    workspace: str

    def is_channel(self, place: str) -> bool:
        """Whether a chat, or a topic of one, is a channel."""
        return (PLATFORM, self.workspace, place) in self.directory.now().places

    def root_of(self, place: Place, message: str) -> str | None:
        """The root of the thread that a message of the bot's belongs to; none for what a person wrote."""
        channel = self.directory.now().places.get((PLATFORM, self.workspace, place.channel))
        if channel is None:
            return None

        def look(session: Session) -> str | None:
            post = post_of_message(session, channel.id, message)
            thread = None if post is None else thread_of(session, post)
            is_root = post is not None and (thread is None or thread.startswith(TOPIC))
            return post.message_id if post is not None and is_root else thread

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
    shown = f"{ONLY}{chat}:{message}"
    whole = session.exec(select(Post).where(Post.message_id == shown, col(Post.edits).is_(None))).first()
    if whole is not None:
        return whole
    # no condition on `edits`: by it SQLite would look through nearly all rows instead of the few that have parts
    of_several = select(Post).where(col(Post.parts).is_not(None), col(Post.parts).contains(shown, autoescape=True))
    return next((post for post in session.exec(of_several) if post.edits is None and shown in post.part_ids), None)
