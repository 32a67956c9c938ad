"""The hands and eyes of a person in channels: say, type a command, press, edit, upload, read."""

import asyncio

from tests.peers.slack.answers import chosen, slot_of
from tests.peers.slack.api import Api
from tests.peers.slack.blocks import elements
from tests.peers.slack.deliveries import Answer, Deliveries
from tests.peers.slack.events import (
    app_mention,
    file_shared,
    mentions_app,
    message_changed,
    message_deleted,
    message_event,
)
from tests.peers.slack.hooks import use
from tests.peers.slack.interactions import Interactions
from tests.peers.slack.model import Channel, Hook, Json, Message, Upload, User
from tests.peers.slack.reading import Button, Seen, named, seen_message
from tests.peers.slack.typed import as_event_text, escaped
from tests.peers.slack.wire import message_wire
from tests.peers.slack.world import SLACKBOT, World

Person = User | str
Place = Channel | str


class Hands:
    """What people do in channels. A person or place is an object, an id or a name; `peer.direct(user)` is the chat
    with the app. Everything waits for the app's first answer, at most 3 s, and never raises because of it."""

    world: World
    deliveries: Deliveries
    interactions: Interactions
    api: Api
    base: str

    def user(self, who: Person) -> User:
        """Find an account; raise LookupError when there is none."""
        if isinstance(who, User):
            return who
        found = self.world.users.get(who) or next(
            (each for each in self.world.users.values() if each.name == who), None
        )
        if found is None:
            raise LookupError(f"no user {who!r}")
        return found

    def channel(self, where: Place) -> Channel:
        """Find a conversation; raise LookupError when there is none."""
        if isinstance(where, Channel):
            return where
        places = self.world.channels
        found = places.get(where) or next((each for each in places.values() if each.name == where), None)
        if found is None:
            raise LookupError(f"no channel {where!r}")
        return found

    def direct(self, who: Person) -> Channel:
        """A person's direct chat with the app."""
        return self.world.direct(self.user(who).id, self.world.app.user_id)

    def _present(self, who: Person, where: Place) -> tuple[User, Channel]:
        user, channel = self.user(who), self.channel(where)
        if user.deleted:
            raise PermissionError(f"{user.name} is deactivated")
        if user.id not in channel.members:
            raise PermissionError(f"{user.name} is not in {channel.name or channel.id}")
        return user, channel

    # Doing

    async def say(self, who: Person, where: Place, text: str, thread_ts: str | None = None) -> Seen:
        """Type a message, in a thread with `thread_ts`; the app hears `message` and, when mentioned, `app_mention`.

        `@name` and `<@U…>` mention; `&`, `<`, `>`, links and addresses reach the app as Slack writes them.
        """
        user, channel = self._present(who, where)
        message = self.world.post(channel, user.id, as_event_text(self.world, text), thread_ts=thread_ts)
        message.client_msg_id = self.world.secret(message.ts)
        told = [self.deliveries.tell(message_event(self.world, message, self.base))]
        if mentions_app(self.world, channel, message.text):
            told.append(self.deliveries.tell(app_mention(self.world, message, self.base)))
        await asyncio.gather(*told)
        return seen_message(self.world, message)

    async def slash(self, who: Person, where: Place, line: str, thread_ts: str | None = None) -> Answer:
        """Type a slash command (`/deal Acme 120k`) and show its answer, or what Slack says when there is none.

        `&`, `<` and `>` come escaped; mentions and links stay as typed, because should_escape is off by default.
        """
        user, channel = self._present(who, where)
        command, _, text = line.partition(" ")
        if thread_ts:
            self._slackbot(user, channel, f"{command} is not supported in threads. Sorry!", thread_ts)
            return Answer(error="not_supported_in_threads")
        known = self.world.app.commands
        if user.team_id != self.world.team.id or (known is not None and command not in known):
            self._slackbot(user, channel, f"{command} is not a valid command.")
            return Answer(error="not_a_command")
        payload = self.interactions.command(user, channel, command, escaped(text.strip()))
        answer = await self.deliveries.ask("slash_commands", payload)
        if not answer.ok:
            error = "operation_timeout" if answer.error == "http_timeout" else "dispatch_failed"
            self._slackbot(user, channel, f'{command} failed with the error "{error}"')
            return Answer(answer.status, answer.text, error)
        shown = answer.body or ({"text": answer.text} if answer.text.strip() else {})
        if shown.get("text") or shown.get("blocks"):
            use(self.api.call("response_url", shown), Hook(channel.id, user.id, self.world.clock.now()))
        return answer

    async def press(self, who: Person, message: Seen | Message, label: str, choose: str | None = None) -> Answer:
        """Press a button by its label or action_id, or choose from a menu, on the message's present face."""
        user, _ = self._present(who, message.channel)
        current = self.world.find(message.channel, message.ts)
        if current is None or current.visible_to not in (None, user.id):
            raise LookupError("the message is not there any more")
        button = named(seen_message(self.world, current).buttons, label)
        action = self.interactions.stamped(action_of(current.blocks, button, choose))
        answer = await self.deliveries.ask("interactive", self.interactions.message_action(user, current, action, {}))
        return Answer(answer.status, answer.text, _spoken(answer.error))

    async def edit(self, who: Person, message: Seen | Message, text: str) -> Seen:
        """Edit one's own message; a mention that was not there before is told again as `app_mention`."""
        user, channel = self._present(who, message.channel)
        current = self._own(user, message)
        before, called = message_wire(self.world, current, self.base), mentions_app(self.world, channel, current.text)
        current.text = as_event_text(self.world, text)
        current.edited = {"user": user.id, "ts": f"{int(self.world.clock.now())}.000000"}
        self.world.touch()
        told = [self.deliveries.tell(message_changed(self.world, current, before, self.base))]
        if mentions_app(self.world, channel, current.text) and not called:
            told.append(self.deliveries.tell(app_mention(self.world, current, self.base)))
        await asyncio.gather(*told)
        return seen_message(self.world, current)

    async def unsay(self, who: Person, message: Seen | Message) -> None:
        """Delete one's own message."""
        user, _ = self._present(who, message.channel)
        current = self._own(user, message)
        before = message_wire(self.world, current, self.base)
        current.deleted = True
        self.world.touch()
        await self.deliveries.tell(message_deleted(self.world, current, before))

    async def upload(
        self,
        who: Person,
        where: Place,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | None = None,
        said_size: int | None = None,
    ) -> Seen:
        """Drop a file into a channel: `file_shared` and a message with subtype file_share. `said_size` is a lie."""
        user, channel = self._present(who, where)
        world, ident = self.world, self.world.make_id("F")
        upload = Upload(
            ident,
            name,
            name,
            said_size or len(content),
            user.id,
            int(world.clock.now()),
            world.secret(ident),
            content,
            [channel.id],
        )
        world.uploads[ident] = upload
        message = world.post(channel, user.id, as_event_text(world, text), thread_ts=thread_ts, files=[ident])
        shared = self.deliveries.tell(file_shared(world, upload, channel.id))
        await asyncio.gather(shared, self.deliveries.tell(message_event(world, message, self.base)))
        return seen_message(world, message)

    # Reading

    def seen_by(self, who: Person, where: Place, thread_ts: str | None = None) -> list[Seen]:
        """What somebody sees in a conversation, oldest first, replies and their own ephemerals among it."""
        user, channel = self.user(who), self.channel(where)
        if user.id not in channel.members:
            return []
        found = [each for each in self.world.messages[channel.id] if not each.deleted]
        found = [each for each in found if each.visible_to in (None, user.id)]
        if thread_ts:
            found = [each for each in found if thread_ts in (each.ts, each.thread_ts)]
        return [seen_message(self.world, each) for each in found]

    def now(self, message: Seen | Message) -> Seen:
        """A message's present face; raises LookupError when it was deleted."""
        current = self.world.find(message.channel, message.ts)
        if current is None:
            raise LookupError("the message was deleted")
        return seen_message(self.world, current)

    def _own(self, user: User, message: Seen | Message) -> Message:
        current = self.world.find(message.channel, message.ts)
        if current is None or current.user != user.id:
            raise PermissionError("that is not their message")
        return current

    def _slackbot(self, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> None:
        self.world.post(channel, SLACKBOT, text, thread_ts=thread_ts, visible_to=user.id)


def _spoken(error: str | None) -> str | None:
    """What a person sees of a failed press: a warning sign, with Slack's name for it in the log."""
    return {None: None, "http_timeout": "operation_timeout"}.get(error, "dispatch_failed")


def action_of(blocks: list[Json], button: Button, choose: str | None) -> Json:
    """An element of `actions` in block_actions."""
    for block, element in elements(blocks):
        if (block["block_id"], element["action_id"]) != (button.block_id, button.action_id):
            continue
        found: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        if element["type"] == "button":
            found["text"] = element["text"]
            for name in ("value", "url", "style"):
                if name in element:
                    found[name] = element[name]
        else:
            picked = chosen(element, choose)
            found[slot_of(element["type"])] = picked[slot_of(element["type"])]
        return found
    raise LookupError(button.label)
