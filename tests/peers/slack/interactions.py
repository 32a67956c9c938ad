"""What Slack sends when a person acts: commands, buttons, forms, shortcuts. Payloads only; hands are in person.py."""

from tests.peers.slack.model import Channel, Hook, Json, Message, User, View
from tests.peers.slack.wire import message_wire, view_wire
from tests.peers.slack.world import World


class Interactions:
    """Builds payloads, each with a fresh trigger_id and, where Slack gives one, a response_url."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.base = ""

    def command(self, user: User, channel: Channel, command: str, text: str) -> Json:
        """A slash command: form fields, all of them strings."""
        world = self.world
        return {
            "token": world.app.verification_token, "team_id": world.team.id, "team_domain": world.team.domain,
            "channel_id": channel.id, "channel_name": channel.spoken_name, "user_id": user.id, "user_name": user.name,
            "command": command, "text": text, "api_app_id": world.app.id, "is_enterprise_install": "false",
            "response_url": self._url("commands", Hook(channel.id, user.id, world.clock.now())),
            "trigger_id": world.give_trigger(user.id),
        }  # fmt: skip

    def message_action(self, user: User, message: Message, action: Json, state: Json) -> Json:
        """block_actions from a message. An ephemeral message is named in the container but not sent along."""
        channel = self.world.channels[message.channel]
        container: Json = {
            "type": "message", "message_ts": message.ts, "channel_id": channel.id,
            "is_ephemeral": message.visible_to is not None,
        }  # fmt: skip
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        hook = Hook(
            channel.id, user.id, self.world.clock.now(), message.ts, message.visible_to is not None, message.thread_ts
        )
        found = self._head("block_actions", user) | {
            "container": container, "trigger_id": self.world.give_trigger(user.id), "channel": _named(channel),
            "state": {"values": state}, "response_url": self._url("actions", hook), "actions": [action],
        }  # fmt: skip
        if message.visible_to is None:
            found["message"] = message_wire(self.world, message, self.base)
        return found

    def view_action(self, user: User, view: View, action: Json) -> Json:
        """block_actions from a modal or the Home tab: the view instead of a message, and no response_url."""
        return self._head("block_actions", user) | {
            "container": {"type": "view", "view_id": view.id}, "actions": [action],
            "trigger_id": self.world.give_trigger(user.id, view.id), "view": view_wire(self.world, view),
        }  # fmt: skip

    def submission(self, user: User, view: View) -> Json:
        """view_submission: every answer under view.state.values."""
        return self._head("view_submission", user) | {
            "trigger_id": self.world.give_trigger(user.id, view.id), "view": view_wire(self.world, view),
            "response_urls": self._response_urls(user, view),
        }  # fmt: skip

    def closed(self, user: User, view: View, *, cleared: bool) -> Json:
        """view_closed: only of a view that asked for it with notify_on_close."""
        return self._head("view_closed", user) | {"view": view_wire(self.world, view), "is_cleared": cleared}

    def global_shortcut(self, user: User, callback: str) -> Json:
        """A shortcut from the search bar or the + menu: it has no channel and no response_url."""
        found = self._head("shortcut", user) | {
            "callback_id": callback, "trigger_id": self.world.give_trigger(user.id), "action_ts": self._now(),
        }  # fmt: skip
        found.pop("api_app_id")
        found["user"].pop("name")
        return found

    def message_shortcut(self, user: User, message: Message, callback: str) -> Json:
        """A shortcut from a message's menu; it works in threads, where commands do not."""
        channel = self.world.channels[message.channel]
        hook = Hook(channel.id, user.id, self.world.clock.now(), thread_ts=message.thread_ts)
        found = self._head("message_action", user) | {
            "action_ts": self._now(), "channel": _named(channel), "callback_id": callback,
            "trigger_id": self.world.give_trigger(user.id), "message_ts": message.ts,
            "message": message_wire(self.world, message, self.base), "response_url": self._url("app", hook),
        }  # fmt: skip
        found.pop("api_app_id")
        return found

    def suggestion(self, user: User, view: View, element: Json, block: str, typed: str) -> Json:
        """block_suggestion: what a person has typed into an external_select."""
        return self._head("block_suggestion", user) | {
            "container": {"type": "view", "view_id": view.id}, "action_id": element["action_id"], "block_id": block,
            "value": typed, "view": view_wire(self.world, view),
        }  # fmt: skip

    def stamped(self, action: Json) -> Json:
        """An action with its instant."""
        return action | {"action_ts": self._now()}

    def _head(self, kind: str, user: User) -> Json:
        """`team` is the workspace the person acts from; for a stranger that is not where the app is installed."""
        team = self.world.teams[user.team_id]
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": self.world.app.id, "token": self.world.app.verification_token,
            "team": {"id": team.id, "domain": team.domain}, "enterprise": None, "is_enterprise_install": False,
        }  # fmt: skip

    def _response_urls(self, user: User, view: View) -> list[Json]:
        """One for each conversation that was chosen in an element with response_url_enabled."""
        found = []
        for block in view.body["blocks"]:
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            answer = view.answers.get(block["block_id"], {}).get(element["action_id"], {})
            channel = answer.get("selected_conversation") or answer.get("selected_channel")
            if channel:
                url = self._url("app", Hook(channel, user.id, self.world.clock.now()))
                names = {"block_id": block["block_id"], "action_id": element["action_id"]}
                found.append(names | {"channel_id": channel, "response_url": url})
        return found

    def _url(self, kind: str, hook: Hook) -> str:
        return f"{self.base}{kind}/{self.world.team.id}/{len(self.world.hooks) + 1}/{self.world.give_hook(hook)}"

    def _now(self) -> str:
        return self.world.next_ts()


def _named(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.spoken_name}
