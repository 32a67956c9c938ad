"""What administrators do to people and channels, and what Slack tells the app of it."""

from typing import Any

from tests.peers.slack.deliveries import Answer
from tests.peers.slack.events import channel_rename, member_event, user_event
from tests.peers.slack.forms import Forms
from tests.peers.slack.model import Json, User
from tests.peers.slack.person import Person, Place


class Office(Forms):
    """Changes of accounts and memberships."""

    async def hire(self, name: str, **more: Any) -> User:
        """Add an account; the app hears team_join."""
        user = self.world.add_user(name, **more)
        await self.deliveries.tell(user_event(self.world, "team_join", user))
        return user

    async def change_user(self, who: Person, **fields: object) -> None:
        """Change an account (`tz`, `locale`, `deleted`, `is_restricted`, ...); the app hears user_change."""
        user = self.user(who)
        for name, value in fields.items():
            if not hasattr(user, name):
                raise AttributeError(name)
            setattr(user, name, value)
        user.updated = int(self.world.clock.now())
        await self.deliveries.tell(user_event(self.world, "user_change", user))

    async def deactivate(self, who: Person) -> None:
        """Deactivate an account: Slack has no event of its own for it, only user_change with `deleted`."""
        await self.change_user(who, deleted=True)

    async def join(self, who: Person, where: Place) -> None:
        """Put somebody into a channel; the app hears member_joined_channel, of its own bot too."""
        user, channel = self.user(who), self.channel(where)
        if user.id not in channel.members:
            channel.members.append(user.id)
            await self.deliveries.tell(member_event(self.world, "member_joined_channel", user, channel))

    async def leave(self, who: Person, where: Place) -> None:
        """Take somebody out of a channel; the app hears member_left_channel."""
        user, channel = self.user(who), self.channel(where)
        channel.members.remove(user.id)
        await self.deliveries.tell(member_event(self.world, "member_left_channel", user, channel))

    async def rename(self, where: Place, name: str) -> None:
        """Rename a channel; its id stays."""
        channel = self.channel(where)
        channel.name = name
        await self.deliveries.tell(channel_rename(self.world, channel))

    async def archive(self, where: Place) -> None:
        """Archive a channel: posts are then refused with is_archived."""
        channel = self.channel(where)
        channel.is_archived = True
        event = {"type": "channel_archive", "channel": channel.id, "user": "", "event_ts": self.world.next_ts()}
        await self.deliveries.tell(event)

    async def uninstall(self) -> None:
        """Remove the app: its tokens end, and the app hears tokens_revoked and app_uninstalled."""
        self.world.app.token_error = "account_inactive"
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.world.app.user_id]}}
        await self.deliveries.tell(revoked | {"event_ts": self.world.next_ts()})
        await self.deliveries.tell({"type": "app_uninstalled", "event_ts": self.world.next_ts()})

    async def emit(self, event: Json) -> Answer | None:
        """Tell the app of anything else, by the inner event as documented."""
        return await self.deliveries.tell(event)
