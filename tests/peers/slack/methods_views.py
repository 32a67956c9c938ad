"""views.*: modals, three at most on each other, and the Home tab."""

import json

from tests.peers.slack.api import ApiError, Call
from tests.peers.slack.blocks import elements, faults_of
from tests.peers.slack.model import Json, Trigger, View
from tests.peers.slack.wire import view_wire, with_ids
from tests.peers.slack.world import World

TRIGGER_LIVES = 3.0
"""Seconds: 'you have 3 seconds to exchange it'."""

DEEPEST = 3
"""'A modal can hold up to 3 views at a time'."""


async def views_open(call: Call) -> Json:
    """views.open."""
    body = checked_view(call.world, call.parsed("view"), "modal")
    trigger = _exchange(call)
    view = make_view(call.world, trigger.user, body)
    call.world.modals[trigger.user] = [view.id]
    call.world.touch()
    return {"view": view_wire(call.world, view)}


async def views_push(call: Call) -> Json:
    """views.push: on top of the modal that the trigger came from."""
    body = checked_view(call.world, call.parsed("view"), "modal")
    trigger = _exchange(call)
    view = push(call.world, trigger.user, body)
    return {"view": view_wire(call.world, view)}


def push(world: World, user: str, body: Json) -> View:
    """Put a view on top of a person's modal; raises push_limit_reached for a fourth."""
    stack = world.modals.get(user, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= DEEPEST:
        raise ApiError("push_limit_reached")
    view = make_view(world, user, body, root=stack[0], previous=stack[-1])
    stack.append(view.id)
    world.touch()
    return view


async def views_update(call: Call) -> Json:
    """views.update: by view_id or external_id, anew when `hash` is not the present one."""
    view = _named(call)
    if call.text("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict")
    body = checked_view(call.world, call.parsed("view"), view.body["type"], but=view)
    replace(call.world, view, body)
    return {"view": view_wire(call.world, view)}


def replace(world: World, view: View, body: Json) -> None:
    """Give a view a new body; what was typed stays where block_id and action_id stay."""
    view.body = body
    view.hash = new_hash(world)
    view.errors = {}
    kept = {(block["block_id"], element["action_id"]) for block, element in elements(body["blocks"])}
    view.answers = {
        block: {action: value for action, value in actions.items() if (block, action) in kept}
        for block, actions in view.answers.items()
        if any(block == one for one, _ in kept)
    }
    world.touch()


async def views_publish(call: Call) -> Json:
    """views.publish: a person's Home tab."""
    world, user = call.world, call.text("user_id")
    if user not in world.users:
        raise ApiError("user_not_found")
    body = checked_view(world, call.parsed("view"), "home")
    old = world.views.get(world.homes.get(user, ""))
    if old and call.text("hash") and call.text("hash") != old.hash:
        raise ApiError("hash_conflict")
    if old:
        replace(world, old, body)
        return {"view": view_wire(world, old)}
    view = make_view(world, user, body)
    world.homes[user] = view.id
    world.touch()
    return {"view": view_wire(world, view)}


def make_view(world: World, user: str, body: Json, root: str | None = None, previous: str | None = None) -> View:
    """A new view of a person."""
    ident = world.make_id("V")
    view = View(ident, user, body, new_hash(world), root or ident, previous)
    world.views[ident] = view
    return view


def new_hash(world: World) -> str:
    """A view's `hash`: another at every change."""
    return f"{int(world.clock.now())}.{world.secret(world.make_id('h'))[:8]}"


def _exchange(call: Call) -> Trigger:
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if call.world.clock.now() - trigger.given_at > TRIGGER_LIVES:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


def _named(call: Call) -> View:
    world, ident, outside = call.world, call.text("view_id"), call.text("external_id")
    if outside:
        ident = next((each.id for each in world.views.values() if each.body.get("external_id") == outside), "")
    view = world.views.get(ident)
    open_now = {each for stack in world.modals.values() for each in stack} | set(world.homes.values())
    if view is None or view.id not in open_now:
        raise ApiError("not_found")
    return view


def checked_view(world: World, body: object, kind: str, but: View | None = None) -> Json:
    """A view that Slack takes, its blocks with ids; else raises what it answers: invalid_arguments with reasons."""
    if not isinstance(body, dict):
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    if len(json.dumps(body)) > 250_000:
        raise ApiError("view_too_large")
    faults = list(_view_faults(body, kind))
    if faults:
        raise ApiError("invalid_arguments", response_metadata={"messages": faults})
    outside = body.get("external_id")
    if outside and any(each.body.get("external_id") == outside and each is not but for each in world.views.values()):
        raise ApiError("duplicate_external_id")
    return body | {"blocks": with_ids(world, body["blocks"])}


def _view_faults(body: Json, kind: str) -> list[str]:
    if body.get("type") != kind:
        return [f"[ERROR] must be {kind} [json-pointer:/view/type]"]
    faults = [fault.replace(":/blocks", ":/view/blocks") for fault in faults_of(body.get("blocks"), surface=kind)]
    for name, most in (("private_metadata", 3_000), ("callback_id", 255), ("external_id", 255)):
        if len(body.get(name) or "") > most:
            faults.append(f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/{name}]")
    if kind == "home":
        return faults
    for name in ("title", "submit", "close"):
        given = body.get(name)
        if given is None and name != "title":
            continue
        words = given.get("text") if isinstance(given, dict) and given.get("type") == "plain_text" else None
        if not words:
            faults.append(f"[ERROR] missing required field [json-pointer:/view/{name}]")
        elif len(words) > 24:
            faults.append(f"[ERROR] must be less than 25 characters [json-pointer:/view/{name}]")
    has_input = any(block.get("type") == "input" for block in body.get("blocks") or [] if isinstance(block, dict))
    if has_input and not body.get("submit"):
        faults.append("[ERROR] `submit` is required when an `input` block is within `blocks` [json-pointer:/view]")
    return faults
