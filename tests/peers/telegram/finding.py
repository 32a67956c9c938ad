"""Finding people and chats by what a test calls them."""

from tests.peers.telegram.model import Chat, User
from tests.peers.telegram.world import World

Person = User | str | int
Place = Chat | str | int


class Finding:
    """A person or place is an object, an id, a first or full name, a title, or @username; a person's own chat with the
    bot is the place `peer.direct(user)`. After a migration a title means the supergroup."""

    world: World

    def user(self, who: Person) -> User:
        """Find an account; raise LookupError when there is none."""
        if isinstance(who, User):
            return who
        users = self.world.users.values()
        found = next((each for each in users if who in (each.id, each.first_name, each.full_name, _at(each))), None)
        if found is None:
            raise LookupError(f"no user {who!r}")
        return found

    def chat(self, where: Place) -> Chat:
        """Find a chat; raise LookupError when there is none."""
        if isinstance(where, Chat):
            return where
        chats = [each for each in self.world.chats.values() if each.upgraded_to is None or each.id == where]
        found = next((each for each in chats if where in (each.id, each.title or None, _at(each))), None)
        if found is None:
            raise LookupError(f"no chat {where!r}")
        return found

    def direct(self, who: Person) -> Chat:
        """A person's chat with the bot."""
        return self.world.private(self.user(who))


def _at(named: User | Chat) -> str:
    return f"@{named.username}"
