"""The workspace's JSON, as programs script against it."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from models.accounts import Account
from models.audit import AuditRow, breaks
from models.deals import Deal
from tests.workspace import Record, Workspace, button_of

pytestmark = pytest.mark.both_databases

DEAL = {"as": "mike-davis", "channel": "us", "text": "/deal Once 80k USD", "thread": None, "key": "k-1"}
MESSAGE_KEYS = {
    "id", "channel", "thread", "author", "text", "fields", "table", "image", "buttons", "form", "visible_to", "edited",
    "at",
}  # fmt: skip


def deals_called(workspace: Workspace, name: str) -> int:
    """How many deals of an account's name there are."""

    def count(session: object) -> int:
        query = select(Deal).join(Account).where(Account.name == name)
        return len(session.exec(query).all())  # type: ignore[attr-defined]

    return int(workspace.rows(count))


async def test_people_channels_and_messages_have_the_shapes_of_the_contract(workspace: Workspace) -> None:
    people = (await workspace.client.get("/workspace/people")).json()
    channels = (await workspace.client.get("/workspace/channels", params={"as": "lin-xiao"})).json()
    posted = await workspace.post("/workspace/messages", DEAL)

    assert {frozenset(person) for person in people} == {frozenset({"id", "name", "rank", "duties", "region", "locale"})}
    assert {person["rank"] for person in people} == {"rep", "manager", "hq", "admin"}
    assert len({person["region"] for person in people}) >= 6
    assert channels == [
        {"id": "cn-east", "name": "华东 East China", "region": "cn-east", "kind": "region"},
        {"id": "dm-lin-xiao", "name": "Regatta", "region": None, "kind": "direct"},
    ]
    assert set(posted) == {"id", "replies"}
    assert all(set(reply) == MESSAGE_KEYS for reply in posted["replies"])
    assert set(posted["replies"][0]["buttons"][0]) == {"id", "command", "label", "style"}


async def test_what_was_typed_is_a_message_and_replies_are_already_readable(workspace: Workspace) -> None:
    posted = await workspace.post("/workspace/messages", DEAL)

    seen = {message["id"]: message for message in await workspace.read("mike-davis", "us")}
    assert seen[posted["id"]]["text"] == DEAL["text"]
    assert seen[posted["id"]]["author"] == "mike-davis"
    assert all(seen[reply["id"]] == reply for reply in posted["replies"])


async def test_the_same_key_four_times_is_one_deal_also_across_a_restart(
    workspace: Workspace, template: Path, tmp_path: Path
) -> None:
    first = await workspace.post("/workspace/messages", DEAL)
    second = await workspace.post("/workspace/messages", DEAL)
    await workspace.regatta.stop()
    async with Workspace.opened(template, tmp_path / "demo.db") as again:
        third = await again.post("/workspace/messages", DEAL)
        fourth = await again.post("/workspace/messages", DEAL)

        assert first == second == third == fourth
        assert deals_called(again, "Once") == 1


async def test_the_same_key_at_the_same_time_gives_everybody_the_same_replies(workspace: Workspace) -> None:
    answers = await asyncio.gather(*(workspace.post("/workspace/messages", DEAL) for _ in range(6)))

    assert len(answers[0]["replies"]) == 2
    assert all(answer == answers[0] for answer in answers)
    assert deals_called(workspace, "Once") == 1


async def test_keys_are_counted_per_person(workspace: Workspace) -> None:
    await workspace.post("/workspace/messages", DEAL)
    await workspace.post("/workspace/messages", DEAL | {"as": "emily-chen", "text": "/deal Once 160k USD"})

    assert deals_called(workspace, "Once") == 2


async def test_the_same_key_with_another_body_is_409_and_audited(workspace: Workspace) -> None:
    await workspace.post("/workspace/messages", DEAL)

    answer = await workspace.client.post("/workspace/messages", json=DEAL | {"text": "/deal Other 1k USD"})

    assert answer.status_code == httpx.codes.CONFLICT
    assert set(answer.json()) == {"error", "message"}
    actions = workspace.rows(lambda session: [row.action for row in session.exec(select(AuditRow))])
    assert actions[-1] == "delivery.conflict"
    assert workspace.rows(lambda session: list(breaks(session))) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/workspace/messages", DEAL | {"as": "nobody"}),
        ("/workspace/messages", DEAL | {"channel": "nowhere"}),
        ("/workspace/messages", DEAL | {"channel": "de"}),
        ("/workspace/messages", DEAL | {"channel": "dm-emily-chen"}),
        ("/workspace/messages", DEAL | {"thread": "999999"}),
        ("/workspace/messages", DEAL | {"thread": "x"}),
        ("/workspace/messages", DEAL | {"text": None}),
        ("/workspace/messages", DEAL | {"text": 5}),
        ("/workspace/messages", []),
        ("/workspace/messages", DEAL | {"key": "\ud800"}),
        ("/workspace/actions", {"as": "mike-davis", "message": "1", "button": "1.0.abc"}),
        ("/workspace/actions", {"as": "mike-davis", "message": "x", "button": "x"}),
        ("/workspace/clock", {}),
        ("/workspace/clock", {"advance": "-1d"}),
        ("/workspace/clock", {"advance": "401d"}),
        ("/workspace/clock", {"to": "2020-01-01T00:00+00:00"}),
        ("/workspace/clock", {"to": "2026-12-01T00:00"}),
        ("/workspace/clock", {"to": "tomorrow"}),
    ],
)
async def test_what_cannot_be_taken_is_4xx_with_error_and_message(
    workspace: Workspace, path: str, body: Record | list[object]
) -> None:
    content = json.dumps(body)
    answer = await workspace.client.post(path, content=content, headers={"Content-Type": "application/json"})

    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"error", "message"}


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Host": "["}, {"Content-Type": "text/plain"}],
)
async def test_a_foreign_page_changes_nothing(workspace: Workspace, headers: dict[str, str]) -> None:
    body = b'{"as":"mike-davis","channel":"us","text":"/deal Once 80k USD"}'

    answer = await workspace.client.post(
        "/workspace/messages", content=body, headers={"Content-Type": "application/json"} | headers
    )

    assert 400 <= answer.status_code < 500
    assert deals_called(workspace, "Once") == 0


async def test_a_forged_button_is_refused_and_does_nothing(workspace: Workspace) -> None:
    echo = (await workspace.post("/workspace/messages", DEAL))["replies"][0]
    token = button_of(echo, "undo")["id"]
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")

    answer = await workspace.client.post(
        "/workspace/actions", json={"as": "mike-davis", "message": echo["id"], "button": forged}
    )

    assert answer.status_code == httpx.codes.NOT_FOUND
    assert (await workspace.read("mike-davis", "us"))[1]["text"] == echo["text"]


async def test_after_gives_only_later_messages_and_threads_are_apart(workspace: Workspace) -> None:
    first = await workspace.post("/workspace/messages", DEAL)
    root = first["replies"][0]
    await workspace.say("emily-chen", "well done", "us", thread=root["id"])

    query = {"as": "mike-davis", "channel": "us", "after": root["id"]}
    later = (await workspace.client.get("/workspace/messages", params=query)).json()
    assert all(int(message["id"]) > int(root["id"]) and message["thread"] is None for message in later)
    thread = await workspace.read("mike-davis", "us", thread=root["id"])
    assert [message["text"] for message in thread] == ["well done"]


async def test_the_page_keeps_to_itself_and_shows_typed_markup_as_text(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal <b>x</b> 50k <script>alert(1)</script>", "us")

    answer = await workspace.client.get("/as/mike-davis/c/us")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<b>x</b>" not in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text


async def test_a_process_that_could_not_follow_what_was_committed_is_not_ready_and_says_why(
    workspace: Workspace,
) -> None:
    def fails(_rows: object) -> None:
        raise RuntimeError("not followed")

    workspace.regatta.store.watchers.append(fails)
    with capture_logs() as logs:
        replies = await workspace.say("mike-davis", "/deal Initrode 40k", "us")

    assert replies != []
    assert (await workspace.client.get("/readyz")).json()["accepting"] is False
    assert any("started anew" in line["event"] and "not followed" in str(line["exc_info"]) for line in logs)


async def test_health_readiness_and_metrics_answer(workspace: Workspace) -> None:
    assert (await workspace.client.get("/healthz")).status_code == httpx.codes.OK
    ready = (await workspace.client.get("/readyz")).json()
    assert ready == {"migrated": True, "accepting": True, "sending": True, "connected": True, "scheduler": True}
    await workspace.say("mike-davis", "my")
    metrics = (await workspace.client.get("/metrics")).text
    assert 'regatta_outbox_posts{state="sent"} 1.0' in metrics
    assert "regatta_acknowledge_seconds_count 1.0" in metrics


async def test_nobody_answers_below_what_only_one_person_sees(workspace: Workspace) -> None:
    _, private = await workspace.say("mike-davis", "/deal Globex 80k USD", "us")

    body = {"as": "mike-davis", "channel": "us", "text": "a secret", "thread": private["id"]}
    answer = await workspace.client.post("/workspace/messages", json=body)

    assert answer.status_code == httpx.codes.NOT_FOUND
    assert all("a secret" not in message["text"] for message in await workspace.read("emily-chen", "us"))
