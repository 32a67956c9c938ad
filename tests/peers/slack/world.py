"""What is the case: teams, people, channels, messages, files, views. Nothing here speaks over the network."""

import hashlib
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from tests.peers.changes import Changes
from tests.peers.clock import Clock
from tests.peers.slack.model import App, Channel, Hook, Json, Message, Team, Trigger, Upload, User, View

SLACKBOT = "USLACKBOT"
_SHARED_IN = {"channels": "channel", "groups": "group", "ims": "im"}


class World(Changes):
    """One workspace with one installed app, and the workspaces that are connected to it."""

    def __init__(self, clock: Clock, team_name: str = "Regatta") -> None:
        super().__init__()
        self.clock = clock
        self._made = 0
        self._last_ts = 0
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = {}
        self._by_ts: dict[tuple[str, str], Message] = {}
        self._threads: dict[tuple[str, str], list[Message]] = {}
        self.uploads: dict[str, Upload] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.team = self.add_team(team_name)
        bot = self.add_user("regatta", is_bot=True, real_name="Regatta")
        self.app = App(
            id=self.make_id("A", "app"), bot_id=self.make_id("B", "bot"), user_id=bot.id, name="Regatta",
            bot_token="xoxb-" + self.secret("bot token"), app_token="xapp-1-" + self.secret("app token"),
            signing_secrets=[self.secret("signing secret")],
        )  # fmt: skip

    def make_id(self, letter: str, name: str | None = None) -> str:
        """An id as Slack writes them: a letter and ten of A-Z0-9. The same name gives the same id in every run."""
        self._made += 1
        seed = name if name is not None else f"#{self._made}"
        number = int.from_bytes(hashlib.sha256(f"{letter}/{seed}".encode()).digest()[:8], "big")
        return (
            letter
            + "0"
            + "".join("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number // 36**place % 36] for place in range(9))
        )

    def next_ts(self) -> str:
        """A message's `ts`: seconds and six digits, unique and increasing."""
        self._last_ts = max(self._last_ts + 100, int(self.clock.now()) * 1_000_000 + 100)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # People and places

    def add_team(self, name: str) -> Team:
        """Add a workspace; every one but the first is another company's."""
        team = Team(self.make_id("T", name), name, name.lower().replace(" ", "-"))
        self.teams[team.id] = team
        return team

    def add_user(
        self,
        name: str,
        *,
        tz: str = "America/New_York",
        locale: str = "en-US",
        team: Team | None = None,
        real_name: str | None = None,
        is_bot: bool = False,
        is_restricted: bool = False,
    ) -> User:
        """Add an account: `team` for one of another company, `is_restricted` for a guest."""
        home = team or self.team
        offset = self.clock.day().astimezone(ZoneInfo(tz)).utcoffset()
        user = User(
            id=self.make_id("U", f"{home.id}/{name}"), team_id=home.id, name=name,
            real_name=real_name or name.replace("-", " ").title(), tz=tz, locale=locale,
            tz_offset=int(offset.total_seconds()) if offset else 0, email=None if is_bot else f"{name}@example.com",
            is_bot=is_bot, is_restricted=is_restricted, updated=int(self.clock.now()),
        )  # fmt: skip
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[User] = (),
        *,
        is_private: bool = False,
        is_ext_shared: bool = False,
        with_bot: bool = True,
    ) -> Channel:
        """Add a channel with its members, the app's bot among them unless told otherwise."""
        people = [member.id for member in members] + ([self.app.user_id] if with_bot else [])
        channel = Channel(
            self.make_id("C", name), name, int(self.clock.now()), people, is_private=is_private,
            is_ext_shared=is_ext_shared,
        )  # fmt: skip
        self.channels[channel.id] = channel
        self.messages[channel.id] = []
        return channel

    def direct(self, one: str, other: str) -> Channel:
        """The direct conversation of two people, made when there is none."""
        pair = sorted({one, other})
        found = next((each for each in self.channels.values() if each.is_im and sorted(each.members) == pair), None)
        if found:
            return found
        channel = Channel(self.make_id("D", "/".join(pair)), "", int(self.clock.now()), pair, is_im=True)
        self.channels[channel.id] = channel
        self.messages[channel.id] = []
        return channel

    def has_met(self, user: User) -> bool:
        """Whether the app shares a conversation with somebody."""
        return any({user.id, self.app.user_id} <= set(channel.members) for channel in self.channels.values())

    # Messages

    def post(self, channel: Channel, user: str, text: str, **more: object) -> Message:
        """Put a message into a channel; a reply to a reply goes to the thread's root, as Slack does it."""
        thread = more.pop("thread_ts", None)
        message = Message(channel.id, self.next_ts(), user, text, **more)  # type: ignore[arg-type]
        message.team = self.users[user].team_id if user in self.users else self.team.id
        root = self.find(channel.id, str(thread)) if thread else None
        if thread:
            message.thread_ts = (root.thread_ts or root.ts) if root else str(thread)
            top = self.find(channel.id, message.thread_ts)
            message.parent_user = top.user if top else None
        self.messages[channel.id].append(message)
        self._by_ts[channel.id, message.ts] = message
        if message.thread_ts:
            self._threads.setdefault((channel.id, message.thread_ts), []).append(message)
        self.touch()
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """A message that has not been deleted, an ephemeral one too."""
        found = self._by_ts.get((channel, ts))
        return None if found is None or found.deleted else found

    def public(self, channel: str) -> list[Message]:
        """What everybody in a channel sees, oldest first."""
        return [each for each in self.messages.get(channel, []) if not each.deleted and each.visible_to is None]

    def replies(self, message: Message) -> list[Message]:
        """The replies in a message's thread, oldest first."""
        thread = self._threads.get((message.channel, message.ts), [])
        return [each for each in thread if not each.deleted and each.visible_to is None]

    # Forms

    def give_trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger_id for a person's act: good once, for three seconds."""
        self._made += 1
        trigger = f"{self._made}.{self.team.id}.{self.secret(f'trigger {self._made}')}"
        self.triggers[trigger] = Trigger(user, self.clock.now(), view_id=view_id)
        return trigger

    def give_hook(self, hook: Hook) -> str:
        """The last part of a response_url."""
        self._made += 1
        key = self.secret(f"hook {self._made}")[:24]
        self.hooks[key] = hook
        return key

    def opened(self, user: str) -> list[View]:
        """A person's open modals, the one on top last."""
        return [self.views[view] for view in self.modals.get(user, [])]

    def file_wire(self, upload: Upload, base: str) -> Json:
        """A `file` object."""
        suffix = upload.name.rsplit(".", 1)[-1].lower() if "." in upload.name else "text"
        kinds = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "csv": "text/csv", "svg": "image/svg+xml"}
        places = [self.channels[name] for name in upload.channels]
        url = f"{base}files-pri/{self.team.id}-{upload.id}/{upload.name}"
        return {
            "id": upload.id, "created": upload.created, "timestamp": upload.created, "name": upload.name,
            "title": upload.title, "mimetype": kinds.get(suffix, "application/octet-stream"), "filetype": suffix,
            "pretty_type": suffix.upper(), "user": upload.user, "size": upload.size, "mode": "hosted",
            "is_external": False, "is_public": True, "url_private": url, "url_private_download": url + "?download=1",
            "permalink": url, "alt_txt": upload.alt_text or "",
            **{key: [place.id for place in places if place.kind == kind] for key, kind in _SHARED_IN.items()},
        }  # fmt: skip
