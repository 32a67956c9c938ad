"""The outgoing webhook: what happened reaches the receiver, signed, in order, at least once, and names nobody."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlmodel import col, select

from bot.operations import dead_lines, retry
from bot.webhooks.client import SECONDS, Client
from bot.webhooks.receiver import receiver_of
from bot.webhooks.sender import TRIES, Sender
from bot.webhooks.upkeep import examine_endpoint
from models.bookings import change_deal
from models.deals import Deal
from models.events import WEBHOOK, Event, EventKind
from models.stages import Stage
from models.timeline import EntryKind
from models.told import person_told
from models.unit import Unit
from tests.contract.test_approvals import MORNING
from tests.contract.test_deals import number_in
from tests.contract.test_policies import policy_posts, sent
from tests.contract.test_start import one_sentence, regatta
from tests.peers.webhook import DRIPPING, HALF_OPEN, LATE, RESET, TRUNCATED, WebhookReceiver, Wrong, status
from tests.workspace import Workspace

pytestmark = pytest.mark.both_databases

SECRET = "a secret of some length"


@dataclass
class Told:
    """A workspace with a receiver, whose events go when the test says so."""

    workspace: Workspace
    receiver: WebhookReceiver
    sender: Sender

    async def settle(self) -> None:
        """Send what is due."""
        await self.sender.settle()

    async def later(self, span: str) -> None:
        """Let time go by (`30s`, `5m`, `1h`), then send what is due."""
        if span.endswith("s"):
            base = self.workspace.regatta.clock._base  # type: ignore[attr-defined]
            base.at += timedelta(seconds=int(span[:-1]))
        else:
            await self.workspace.advance(span)
        await self.settle()

    def waiting(self) -> list[Event]:
        """What no receiver has yet."""
        return list(self.workspace.rows(lambda session: session.exec(select(Event).order_by(col(Event.id))).all()))


def webhook_settings(receiver: WebhookReceiver, **more: str) -> dict[str, Any]:
    """The settings that lead to a receiver on this machine."""
    return {
        "regatta_webhook_url": receiver.url,
        "regatta_webhook_secret": ",".join(receiver.secrets),
        "regatta_webhook_allow_private": receiver.place,
    } | more


@asynccontextmanager
async def telling(
    template: Path, path: Path, receiver: WebhookReceiver, *, seconds: float = SECONDS, **more: Any
) -> AsyncIterator[Told]:
    """Open a workspace that tells a receiver, without the loop that sends by itself."""
    async with Workspace.opened(template, path, **webhook_settings(receiver, **more)) as workspace:
        regatta = workspace.regatta
        assert regatta._telling is not None
        regatta._telling.cancel()
        await asyncio.gather(regatta._telling, return_exceptions=True)
        whereto = receiver_of(regatta.settings)
        assert whereto is not None
        client = Client(whereto, regatta.clock, seconds=seconds)
        receiver.now = regatta.clock.now
        try:
            yield Told(
                workspace, receiver, Sender(regatta.store, regatta.clock, client, regatta.metrics, regatta.members)
            )
        finally:
            await client.close()


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver.opened(SECRET) as opened:
        yield opened


@pytest.fixture
async def told(template: Path, tmp_path: Path, receiver: WebhookReceiver) -> AsyncIterator[Told]:
    async with telling(template, tmp_path / "demo.db", receiver) as opened:
        yield opened


def pseudonym(told: Told, person_id: str) -> str | None:
    """What the receiver knows a person as."""
    found: str | None = told.workspace.rows(lambda session: person_told(session, person_id, WEBHOOK))
    return found


def bodies(receiver: WebhookReceiver) -> list[Any]:
    return list(receiver.taken.values())


async def deal(told: Told, line: str = "Globex 80k USD close 4 Dec stage proposal") -> str:
    """Report a deal; gives its number."""
    return number_in((await told.workspace.say("mike-davis", f"/deal {line}", "us"))[0])


# What is told


async def test_every_change_of_a_deal_is_told_in_order_and_signed(told: Told) -> None:
    number = await deal(told)
    say = told.workspace.say
    await say("mike-davis", f"edit {number} 90k")
    await say("mike-davis", f"stage {number} won")
    await say("mike-davis", f"invoiced {number} 90k")
    await say("mike-davis", f"paid {number} 30k 2026-11-24")
    await told.settle()

    assert told.receiver.kinds == ["deal.logged", "deal.changed", "deal.moved", "deal.invoiced", "deal.paid"]
    assert told.receiver.refused == []
    assert {body["subject"] for body in bodies(told.receiver)} == {number}
    logged, paid = bodies(told.receiver)[0], bodies(told.receiver)[-1]
    assert logged["version"] == 1
    assert logged["at"].startswith("2026-11-25T02:30:")
    assert logged["at"].endswith("Z")
    assert re.fullmatch("[0-9a-f]{16}", logged["actor"])
    assert {body["actor"] for body in bodies(told.receiver)} == {logged["data"]["deal"]["owner"]} == {logged["actor"]}
    assert logged["data"]["deal"]["amount"] == {"minor": 8_000_000, "currency": "USD"}
    assert logged["data"]["deal"]["account"]["name"] == "Globex"
    assert logged["data"]["deal"]["close_on"] == "2026-12-04"
    assert paid["data"]["amount"] == {"minor": 3_000_000, "currency": "USD"}
    assert paid["data"]["on"] == "2026-11-24"
    assert paid["data"]["deal"]["collected"] == {"minor": 3_000_000, "currency": "USD"}
    assert paid["data"]["deal"]["stage"] == "won"
    assert told.waiting() == []


async def test_undo_is_an_event_of_its_own(told: Told) -> None:
    number = await deal(told)
    await told.workspace.say("mike-davis", "undo")
    await told.settle()

    assert told.receiver.kinds == ["deal.logged", "deal.undone"]
    undone = bodies(told.receiver)[1]["data"]
    assert undone["undone"] == "deal.logged"
    assert undone["deal"]["id"] == number
    assert undone["deal"]["void"] is True


async def test_an_approval_is_told_with_its_deal_until_it_is_void(told: Told) -> None:
    workspace = told.workspace
    await workspace.move_to(MORNING)
    number = await deal(told)
    await workspace.say("mike-davis", f"request {number}")
    await workspace.say("sarah-johnson", "approve A-1")
    await workspace.say("mike-davis", f"edit {number} 95k")
    await told.settle()

    assert told.receiver.kinds == [
        "deal.logged", "approval.requested", "approval.decided", "approval.voided", "deal.changed",
    ]  # fmt: skip
    assert {body["subject"] for body in bodies(told.receiver)} == {number}
    _, asked, decided, voided, _ = (body["data"] for body in bodies(told.receiver))
    assert (asked["request"]["id"], asked["request"]["state"]) == ("A-1", "pending")
    assert asked["request"]["steps"] == ["manager"]
    assert decided["decided"] == {"step": 1, "verdict": "approved"}
    assert (decided["request"]["state"], voided["request"]["state"]) == ("approved", "void")
    assert bodies(told.receiver)[2]["actor"] == pseudonym(told, "sarah-johnson")
    assert asked["request"]["requester"] == pseudonym(told, "mike-davis")


async def test_a_policy_is_told_when_it_is_sent_and_when_it_is_acknowledged(told: Told) -> None:
    await sent(told.workspace, at_once=True)
    (post,) = await policy_posts(told.workspace, "us")
    await told.workspace.press("mike-davis", post, "acknowledge")
    await told.workspace.press("mike-davis", post, "acknowledge")
    await told.settle()

    assert told.receiver.kinds == ["policy.published", "policy.acknowledged"]
    published, acknowledged = bodies(told.receiver)
    assert published["data"]["policy"]["title"] == "Q4 rebate"
    assert published["data"]["regions"] == ["cn-east", "de", "latam", "sea", "us"]
    assert acknowledged["subject"] == published["subject"]
    assert acknowledged["data"]["region"] == "us"
    assert acknowledged["actor"] == pseudonym(told, "mike-davis")


async def test_a_command_that_is_rolled_back_tells_nothing(told: Told) -> None:
    number = await deal(told)
    await told.settle()

    def work(unit: Unit) -> None:
        with suppress(ZeroDivisionError), unit.attempt():
            found, now = unit.get_one(Deal, number), told.workspace.regatta.clock.now()
            change_deal(unit, found, EntryKind.STAGE, {"stage": Stage.WON}, now=now, person_id="mike-davis")
            assert unit.exec(select(Event)).one().kind is EventKind.DEAL_MOVED
            raise ZeroDivisionError

    told.workspace.regatta.store.write(work).result()
    await told.workspace.say("emily-chen", "undo")
    await told.settle()

    assert told.receiver.kinds == ["deal.logged"]


async def test_without_an_address_nothing_is_written(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Globex 80k USD won", "us")

    assert workspace.rows(lambda session: session.exec(select(Event)).all()) == []
    assert workspace.regatta.webhook is None


async def test_only_the_kinds_that_are_wanted_are_told(
    template: Path, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    wanted: dict[str, Any] = {"regatta_webhook_events": "deal.moved, deal.paid"}
    async with telling(template, tmp_path / "demo.db", receiver, **wanted) as told:
        number = await deal(told)
        await told.workspace.say("mike-davis", f"stage {number} won")
        await told.settle()

    assert receiver.kinds == ["deal.moved"]


async def test_what_is_told_holds_no_name_and_no_free_text(told: Told) -> None:
    workspace = told.workspace
    await workspace.move_to(MORNING)
    number = await deal(told, "Globex 80k USD close 4 Dec stage proposal #secretary https://x.example/Mike-Davis.pdf")
    await workspace.say("mike-davis", f"edit {number} 90k note: call the secretary")
    await workspace.say("mike-davis", f"note {number} call the secretary")
    await workspace.say("mike-davis", f"request {number}")
    await workspace.say("sarah-johnson", "reject A-1 call the secretary")
    await sent(workspace, at_once=True)
    await told.settle()

    said = json.dumps(bodies(told.receiver), ensure_ascii=False)
    assert len(bodies(told.receiver)) == 5
    stored = workspace.rows(lambda session: session.get_one(Deal, number))
    assert stored.tag_list
    assert stored.contract_url
    for words in ("secretary", "mike", "davis", "sarah", "johnson", "amara", "3 percent", "x.example"):
        assert words not in said.casefold()


async def test_each_endpoint_knows_people_by_other_pseudonyms(told: Told) -> None:
    both = [
        told.workspace.rows(lambda session, to=to: person_told(session, "mike-davis", to)) for to in (WEBHOOK, "crm")
    ]

    assert len(set(both)) == 2


async def test_where_a_region_protects_its_people_not_even_their_ids_are_told(told: Told) -> None:
    await told.workspace.say("anna-schmidt", "/deal Festo 50k EUR won", "de")
    await told.settle()

    (logged,) = bodies(told.receiver)
    assert logged["actor"] is None
    assert logged["data"]["deal"]["owner"] is None
    assert logged["data"]["deal"]["region"] == "de"
    assert "anna" not in json.dumps(logged)


async def test_an_event_s_id_does_not_say_who_acknowledged_where_a_region_protects_its_people(told: Told) -> None:
    await sent(told.workspace, at_once=True)
    (post,) = await policy_posts(told.workspace, "de")
    await told.workspace.press("anna-schmidt", post, "acknowledge")
    await told.settle()

    said = bodies(told.receiver)[-1]
    policy = said["data"]["policy"]
    tried = f"{said['kind']}:policy:{policy['id']}:{policy['version']}:anna-schmidt:{said['at']}"
    assert said["actor"] is None
    assert said["id"] not in {str(uuid5(NAMESPACE_URL, f"{begin}:{tried}")) for begin in ("regatta", "event")}


# What goes wrong on the way


@pytest.mark.parametrize(("wrong", "requests"), [(LATE, 2), (RESET, 2), (TRUNCATED, 2), (DRIPPING, 2), (HALF_OPEN, 1)])
async def test_after_a_lost_answer_the_same_event_comes_again(
    template: Path, tmp_path: Path, receiver: WebhookReceiver, wrong: Wrong, requests: int
) -> None:
    async with telling(template, tmp_path / "demo.db", receiver, seconds=0.5) as told:
        receiver.faults.append(wrong)
        await deal(told)
        await told.settle()
        assert len(told.waiting()) == 1
        while receiver.faults or told.waiting():  # a busy machine may lose more than this one answer
            await told.later("1m")

    ids = [headers["regatta-event-id"] for _, headers, _ in receiver.requests]
    assert len(ids) >= requests
    assert len(set(ids)) == 1
    assert receiver.kinds == ["deal.logged"]
    assert receiver.refused == []


async def test_nothing_overtakes_an_earlier_event_of_its_deal_and_others_do_not_wait(told: Told) -> None:
    first = await deal(told)
    await told.workspace.say("mike-davis", f"stage {first} won")
    other = await deal(told, "Initech 20k USD close 4 Dec stage lead")
    told.receiver.faults.append(status(422))
    await told.settle()

    assert [body["subject"] for body in bodies(told.receiver)] == [other]

    await told.later("1m")

    assert [(body["subject"], body["kind"]) for body in bodies(told.receiver)] == [
        (other, "deal.logged"), (first, "deal.logged"), (first, "deal.moved"),
    ]  # fmt: skip


async def test_a_receiver_that_is_down_is_asked_less_and_less_often_and_by_one_event(told: Told) -> None:
    for account in ("Globex", "Initech", "Hooli"):
        await deal(told, f"{account} 20k USD close 4 Dec stage lead")
    told.receiver.faults.extend(status(503) for _ in range(100))
    await told.settle()
    asked = told.receiver.connections

    await told.later("1s")
    assert told.receiver.connections == asked
    for _ in range(120):
        await told.later("30s")

    assert told.receiver.connections - asked < 15  # an hour: 2, 4, 8 ... seconds apart
    told.receiver.faults.clear()
    await told.later("2h")
    assert len(told.receiver.taken) == 3


async def test_a_wrong_address_holds_everything_and_is_asked_by_one_event(told: Told) -> None:
    for account in ("Globex", "Initech", "Hooli"):
        await deal(told, f"{account} 20k USD close 4 Dec stage lead")
    told.receiver.faults.extend(status(404) for _ in range(4))
    await told.settle()
    asked = told.receiver.connections

    await told.later("1s")
    assert told.receiver.connections == asked
    await told.later("1s")
    assert told.receiver.connections == asked + 1

    await told.later("1h")
    assert len(told.receiver.taken) == 3


@pytest.mark.parametrize(
    "header", ["Retry-After: 300", "Retry-After: Wed, 25 Nov 2026 02:35:00 GMT"], ids=["seconds", "date"]
)
async def test_nobody_calls_before_the_time_that_429_named_not_even_after_a_restart(
    template: Path, tmp_path: Path, receiver: WebhookReceiver, header: str
) -> None:
    async with telling(template, tmp_path / "demo.db", receiver) as told:
        receiver.faults.append(status(429, header))
        await deal(told)
        await told.settle()
        await deal(told, "Initech 20k USD close 4 Dec stage lead")
        await told.later("4m")
        assert told.waiting()[0].attempts == 0
    async with telling(template, tmp_path / "demo.db", receiver) as told:
        await told.later("55s")
        assert receiver.connections == 1

        await told.later("6s")

    assert len(receiver.taken) == 2


async def test_410_stops_it_and_tells_until_an_operator_starts_it_again(told: Told) -> None:
    told.receiver.faults.append(status(410))
    await deal(told)
    await told.settle()
    await told.later("5d")

    assert told.receiver.connections == 1
    (line,) = told.workspace.rows(lambda session: list(dead_lines(session)))
    assert "webhook" in line
    assert "410" in line
    healthy, note = told.workspace.rows(lambda session: examine_endpoint(session, WEBHOOK))
    assert not healthy
    assert "ops retry webhook" in note
    assert b"regatta_webhook_stopped 1.0" in told.workspace.regatta.metrics.text()

    await deal(told, "Initech 20k USD close 4 Dec stage lead")
    assert len(told.waiting()) == 1, "nothing is written while nobody listens"
    retry(told.workspace.regatta.store, "webhook")
    await told.settle()

    assert told.receiver.kinds == ["deal.logged"]


async def test_what_is_refused_for_three_days_is_dead_and_can_be_sent_again(told: Told) -> None:
    number = await deal(told)
    told.receiver.faults.extend(status(400) for _ in range(TRIES))
    await told.settle()
    for _ in range(TRIES - 1):
        await told.later("1h")
    await told.workspace.say("mike-davis", f"stage {number} won")
    await told.settle()

    assert told.receiver.kinds == ["deal.moved"]
    (line,) = told.workspace.rows(lambda session: list(dead_lines(session)))
    assert line.startswith("E-")
    assert f"deal.logged of {number}" in line
    assert "answered 400" in line

    retry(told.workspace.regatta.store, line.split()[0])
    await told.settle()

    assert told.receiver.kinds == ["deal.moved", "deal.logged"]
    assert b'regatta_webhook_tries_total{outcome="taken"} 2.0' in told.workspace.regatta.metrics.text()


async def test_a_redirect_is_not_followed(told: Told) -> None:
    async with WebhookReceiver.opened(SECRET) as elsewhere:
        told.receiver.faults.append(status(307, f"Location: {elsewhere.url}"))
        await deal(told)
        await told.settle()

        assert elsewhere.connections == 0
        assert "redirects are not followed" in str(told.waiting()[0].error)


async def test_while_a_secret_is_changed_the_receiver_may_know_the_old_or_the_new_one(
    template: Path, tmp_path: Path, receiver: WebhookReceiver
) -> None:
    both: dict[str, Any] = {"regatta_webhook_secret": f"the new one,{SECRET}"}
    async with telling(template, tmp_path / "demo.db", receiver, **both) as told:
        await deal(told)
        await told.settle()
        receiver.secrets = ("the new one",)
        await deal(told, "Initech 20k USD close 4 Dec stage lead")
        await told.settle()

    assert len(receiver.taken) == 2
    assert receiver.refused == []


async def test_a_receiver_with_another_secret_refuses(told: Told) -> None:
    told.receiver.secrets = ("another",)
    await deal(told)
    await told.settle()

    assert told.receiver.refused == ["wrong signature"]
    assert len(told.waiting()) == 1


async def test_the_running_bot_sends_by_itself(template: Path, tmp_path: Path, receiver: WebhookReceiver) -> None:
    async with Workspace.opened(template, tmp_path / "demo.db", **webhook_settings(receiver)) as workspace:
        await workspace.say("mike-davis", "/deal Globex 80k USD won", "us")
        async with asyncio.timeout(10):
            while not receiver.taken:  # noqa: ASYNC110  the receiver offers no event
                await asyncio.sleep(0.05)

    assert receiver.kinds == ["deal.logged"]


# What an operator is told


def test_an_address_without_a_secret_does_not_start(tmp_path: Path) -> None:
    result = regatta(
        "run", "--port", "0", database=tmp_path / "demo.db", REGATTA_WEBHOOK_URL="https://crm.example/hook"
    )

    assert "REGATTA_WEBHOOK_SECRET" in one_sentence(result)


def test_the_secret_may_come_from_a_file_and_the_doctor_names_whereto(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"new,{SECRET}\n")
    settings = {
        "REGATTA_WEBHOOK_URL": "http://127.0.0.1:9/hook/t0ken", "REGATTA_WEBHOOK_SECRET_FILE": str(tmp_path / "secret"),
        "REGATTA_WEBHOOK_EVENTS": "deal.paid", "REGATTA_WEBHOOK_ALLOW_PRIVATE": "127.0.0.1:9",
    }  # fmt: skip

    said = regatta("doctor", database=tmp_path / "demo.db", **settings).stdout

    assert "ok    webhook      deal.paid to 127.0.0.1, signed with 2 secrets" in said
    assert "t0ken" not in said


def test_the_doctor_finds_a_receiver_that_may_not_be_reached(tmp_path: Path) -> None:
    settings = {"REGATTA_WEBHOOK_URL": "https://localhost/", "REGATTA_WEBHOOK_SECRET": SECRET}

    result = regatta("doctor", database=tmp_path / "demo.db", **settings)

    assert "FAULT webhook      localhost stands at" in result.stdout
    assert result.returncode == 1
