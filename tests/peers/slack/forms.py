"""The hands and eyes of a person in forms: shortcuts, modals, the App Home."""

import asyncio
from typing import Any

from tests.peers.slack.answers import REQUIRED, chosen, initial, is_empty, slot_of
from tests.peers.slack.api import ApiError
from tests.peers.slack.blocks import elements
from tests.peers.slack.deliveries import Answer
from tests.peers.slack.events import app_home_opened
from tests.peers.slack.methods_views import checked_view, push, replace
from tests.peers.slack.model import Json, Message, User, View
from tests.peers.slack.person import Hands, Person, action_of
from tests.peers.slack.reading import Seen, SeenView, buttons_of, named, seen_view

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack's client shows on a form when the app did not answer, or not in a way that it understands."""


class Forms(Hands):
    """What people do in forms."""

    async def shortcut(self, who: Person, message: Seen | Message | None, callback_id: str) -> Answer:
        """Use a message's shortcut (also in threads), or a global one when there is no message."""
        user = self.user(who)
        if message is None:
            return await self.deliveries.ask("interactive", self.interactions.global_shortcut(user, callback_id))
        current = self.world.find(message.channel, message.ts)
        if current is None:
            raise LookupError("the message is not there any more")
        payload = self.interactions.message_shortcut(user, current, callback_id)
        return await self.deliveries.ask("interactive", payload)

    async def open_home(self, who: Person, tab: str = "home") -> SeenView | None:
        """Open the app's Home (or its `messages` tab) and see what is there after the app heard of it."""
        user = self.user(who)
        await self.deliveries.tell(app_home_opened(self.world, user.id, tab))
        return self.home(user)

    def home(self, who: Person) -> SeenView | None:
        """A person's Home tab; None while nothing was published for them."""
        view = self.world.views.get(self.world.homes.get(self.user(who).id, ""))
        return seen_view(self.world, view) if view else None

    def modals(self, who: Person) -> list[SeenView]:
        """A person's open modals, the one on top last."""
        return [seen_view(self.world, view) for view in self.world.opened(self.user(who).id)]

    async def press_in_view(self, who: Person, view: SeenView, label: str, choose: str | None = None) -> Answer:
        """Press a button, or choose from a menu, in an open modal or on the Home tab."""
        user, current = self.user(who), self._open(who, view)
        button = named(buttons_of(current.body["blocks"]), label)
        action = self.interactions.stamped(action_of(current.body["blocks"], button, choose))
        self._fill(current, {})
        for block, element in elements(current.body["blocks"]):
            if (block["block_id"], element["action_id"]) == (button.block_id, button.action_id) and choose is not None:
                current.answers.setdefault(button.block_id, {})[button.action_id] = chosen(element, choose)
        payload = self.interactions.view_action(user, current, action)
        answer = await self.deliveries.ask("interactive", payload)
        current.notice = None if answer.ok else TROUBLE
        return answer

    async def submit(self, who: Person, view: SeenView | None, values: dict[str, Any] | None = None) -> Answer:
        """Fill fields by label, block_id or action_id and submit the modal on top.

        An empty required field stops at the client, as in Slack: the answer's error is then `client` and the app hears
        nothing. Afterwards the modal is closed, or shows errors, or another view, as the app answered.
        """
        user = self.user(who)
        current = self._open(user, view or self.modals(user)[-1])
        self._fill(current, values or {})
        current.errors, current.notice = self._missing(current), None
        if current.errors:
            return Answer(error="client")
        answer = await self.deliveries.ask("interactive", self.interactions.submission(user, current))
        if not answer.ok:
            current.notice = TROUBLE
        else:
            try:
                self._answered(user, current, answer)
            except (ApiError, KeyError, TypeError):
                current.notice = TROUBLE
                answer = Answer(answer.status, answer.text, "invalid_response")
        self.world.touch()
        return answer

    async def dismiss(self, who: Person, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them; the app hears view_closed of those with notify_on_close."""
        user = self.user(who)
        stack = self.world.opened(user.id)
        closing = stack if everything or stack[-1].body.get("clear_on_close") else stack[-1:]
        self.world.modals[user.id] = [view.id for view in stack if view not in closing]
        cleared = len(closing) > 1 or everything
        told = [
            self.deliveries.ask("interactive", self.interactions.closed(user, view, cleared=cleared))
            for view in reversed(closing)
            if view.body.get("notify_on_close")
        ]
        await asyncio.gather(*told)

    async def options(self, who: Person, view: SeenView, label: str, typed: str) -> list[str]:
        """Type into an external menu of a modal and read the choices that the app offers."""
        current = self._open(who, view)
        block, element = _field(current, label)
        payload = self.interactions.suggestion(self.user(who), current, element, block["block_id"], typed)
        answer = await self.deliveries.ask("interactive", payload)
        body = answer.body
        element["options"] = body.get("options") or [
            one for each in body.get("option_groups", []) for one in each["options"]
        ]
        return [option["text"]["text"] for option in element["options"]]

    def _open(self, who: Person, view: SeenView) -> View:
        user = self.user(who)
        current = self.world.views[view.id]
        if current.id not in [*self.world.modals.get(user.id, []), self.world.homes.get(user.id)]:
            raise LookupError("the form is not open any more")
        return current

    def _fill(self, view: View, values: dict[str, Any]) -> None:
        for block, element in elements(view.body["blocks"]):
            if element["type"] != "button":
                view.answers.setdefault(block["block_id"], {}).setdefault(element["action_id"], initial(element))
        for name, value in values.items():
            block, element = _field(view, name)
            view.answers[block["block_id"]][element["action_id"]] = chosen(element, value)

    def _missing(self, view: View) -> dict[str, str]:
        return {
            block["block_id"]: REQUIRED
            for block in view.body["blocks"]
            if block["type"] == "input"
            and not block.get("optional")
            and is_empty(view.answers[block["block_id"]][block["element"]["action_id"]])
        }

    def _answered(self, user: User, view: View, answer: Answer) -> None:
        """response_action: errors, update, push, clear; an empty 200 closes the view. Else Slack shows trouble."""
        stack = self.world.modals[user.id]
        if not answer.text.strip():
            if view.id in stack:
                stack.remove(view.id)
            return
        said = answer.body
        action = said.get("response_action")
        if action == "clear":
            stack.clear()
        elif action == "errors":
            view.errors = _checked_errors(view, said["errors"])
        elif action == "update":
            replace(self.world, view, checked_view(self.world, said["view"], "modal", but=view))
        elif action == "push":
            push(self.world, user.id, checked_view(self.world, said["view"], "modal"))
        else:
            raise KeyError(f"unknown response_action {action}")


def _checked_errors(view: View, errors: Json) -> dict[str, str]:
    """Errors belong to input blocks of this view; with any other block_id Slack refuses the answer."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not errors or not errors.keys() <= inputs:
        raise KeyError("errors of blocks that are no inputs")
    return {name: str(words) for name, words in errors.items()}


def _field(view: View, name: str) -> tuple[Json, Json]:
    """The block and element that a label, block_id or action_id names; raises LookupError when there is none."""
    for block, element in elements(view.body["blocks"]):
        label = (block.get("label") or {}).get("text")
        if name in (label, block["block_id"], element["action_id"]) and element["type"] != "button":
            return block, element
    raise LookupError(f"no field {name!r} in {slot_names(view)}")


def slot_names(view: View) -> list[str]:
    """The labels of a view's fields."""
    return [
        (block.get("label") or {}).get("text") or slot_of(element["type"])
        for block, element in elements(view.body["blocks"])
    ]
