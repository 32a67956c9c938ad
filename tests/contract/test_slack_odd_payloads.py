"""What Slack delivers and nobody expected: no effect, no error, and the next delivery is served as ever."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from models.inbox import Delivery
from tests.peers.slack.deliveries import Answer, signed
from tests.stages.slack import SlackStage

HEAD = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": "1.2.3"}
FORM = {"id": "V1", "type": "modal", "callback_id": "old", "blocks": [], "state": {"values": {}}}


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


async def deliver(slack: SlackStage, body: dict[str, Any], *, event: bool) -> Answer:
    """Bring a signed body as Slack does."""
    peer = slack.peer
    raw = json.dumps(body).encode() if event else urlencode({"payload": json.dumps(body)}).encode()
    kind = "application/json" if event else "application/x-www-form-urlencoded"
    headers = signed(raw, peer.world.app.signing_secret, int(peer.clock.real()))
    return await peer.post_raw(raw, headers | {"Content-Type": kind})


async def is_untouched(slack: SlackStage) -> bool:
    """Nothing was taken in, and a deal is logged as ever."""
    taken = slack.rows(lambda session: session.exec(select(Delivery)).all())
    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")
    return not taken and echo["text"].startswith("✓ D-1346")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "ts": "1.1"},
        {"type": "message", "channel": "C1", "ts": "1.1", "user": "U1", "subtype": "channel_topic", "text": "/deal x"},
        {"type": "message", "channel": "C1", "ts": "1.1", "user": "U1", "bot_id": "B1", "text": "deal Acme 5k"},
        {"type": "message", "channel": "C1", "ts": "1.1", "subtype": "message_deleted", "previous_message": {}},
        {"type": "reaction_added", "user": "U1", "item": {}},
        {"type": "user_change", "user": {"id": "U1"}},
        {"type": "member_joined_channel", "user": "U1", "channel": "C1"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}},
        {"type": "not_invented_yet"},
    ],
    ids=lambda event: f"{event['type']} {event.get('subtype', '')}".strip(),
)
async def test_an_event_that_is_no_words_of_a_person_has_no_effect(slack: SlackStage, event: dict[str, Any]) -> None:
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}

    answer = await deliver(slack, body, event=True)

    assert answer.ok
    assert await is_untouched(slack)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "x"}], "container": {"type": "message"}},
        {"type": "block_actions", "actions": [{"action_id": "x", "value": "y"}]},
        {"type": "block_actions", "actions": [{"action_id": "x", "value": "y"}], "container": {"type": "view"},
         "view": FORM},
        {"type": "block_actions", "actions": [{"action_id": "x", "value": "y"}],
         "container": {"type": "message_attachment"}},
        {"type": "view_submission", "view": FORM},
        {"type": "view_submission", "view": FORM | {"private_metadata": "no json"}},
        {"type": "view_submission", "view": FORM | {"private_metadata": "[]"}},
    ],
    ids=["no value", "no container", "no view of ours", "attachment", "no context", "no json", "a list"],
)  # fmt: skip
async def test_an_interaction_that_is_none_of_ours_has_no_effect(slack: SlackStage, body: dict[str, Any]) -> None:
    answer = await deliver(slack, HEAD | body, event=False)

    assert answer.ok
    assert await is_untouched(slack)


async def test_a_forged_form_does_nothing(slack: SlackStage) -> None:
    place = {"channel": "C1", "thread": "", "token": "1.0.forged"}

    answer = await deliver(
        slack, HEAD | {"type": "view_submission", "view": FORM | {"private_metadata": json.dumps(place)}}, event=False
    )

    assert answer.ok
    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")
    assert echo["text"].startswith("✓ D-1346")
