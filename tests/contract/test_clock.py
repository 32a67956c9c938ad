"""Weeks by the demo clock: each region's Monday at its own nine o'clock, once, in the order of the instants."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from models.channels import Channel, ChannelKind
from models.outbox import Post
from models.people import Person
from models.regions import Region
from models.rules.noise import Budget
from models.schedules import SlotOutcome, SlotRun
from tests.workspace import Workspace, commands_of, seeded_database

pytestmark = pytest.mark.both_databases

SPRING = datetime(2027, 3, 10, 12, tzinfo=UTC)
"""Before 14 March (United States) and 28 March (Germany), when the clocks change, and 29 March, Easter Monday."""


def boards(workspace: Workspace) -> list[tuple[str, datetime]]:
    """Every Monday post: (region, instant), in the order in which they were decided on."""

    def read(session: Session) -> list[tuple[str, datetime]]:
        query = select(Post).where(
            col(Post.card).like("standup:%"), col(Post.edits).is_(None), col(Post.thread).is_(None)
        )
        posts = session.exec(query.order_by(col(Post.id))).all()
        return [(post.channel_id, post.created_at) for post in posts if post.message.picture]

    return list(workspace.rows(read))


def local_times(workspace: Workspace) -> dict[str, list[str]]:
    """The Monday posts of each region as its own clock shows them."""
    zones = workspace.rows(lambda session: {region.id: region.zone for region in session.exec(select(Region))})
    seen: dict[str, list[str]] = {region: [] for region in zones}
    for region, at in boards(workspace):
        seen[region].append(f"{at.astimezone(ZoneInfo(zones[region])):%a %d %b %H:%M}")
    return seen


@pytest.fixture
async def spring(tmp_path: Path) -> AsyncIterator[Workspace]:
    """The demo in the spring of 2027."""
    template = seeded_database(tmp_path / "template.db", SPRING)
    async with Workspace.opened(template, tmp_path / "demo.db", SPRING) as opened:
        yield opened


async def test_each_region_has_its_board_once_a_week_at_its_own_nine(spring: Workspace) -> None:
    """Two Mondays, both changes of the clocks, and Easter Monday, which moves Germany alone to its Tuesday."""
    begun = time.perf_counter()
    await spring.move_to("2027-04-02T00:00+00:00")
    print(f"{time.perf_counter() - begun:.1f} s for three weeks")  # noqa: T201  a figure to look at, not to assert

    mondays = ["Mon 15 Mar 09:00", "Mon 22 Mar 09:00", "Mon 29 Mar 09:00"]
    assert local_times(spring) == {
        "cn-east": mondays,
        "de": ["Mon 15 Mar 09:00", "Mon 22 Mar 09:00", "Tue 30 Mar 09:00"],
        "latam": mondays,
        "sea": mondays,
        "us": mondays,
    }


async def test_regions_come_in_the_order_of_their_instants(spring: Workspace) -> None:
    await spring.move_to("2027-03-16T00:00+00:00")

    instants = [at for _, at in boards(spring)]
    assert [region for region, _ in boards(spring)] == ["cn-east", "sea", "de", "latam", "us"]
    assert instants == sorted(instants)


async def test_small_steps_and_one_leap_come_to_the_same(template: Path, tmp_path: Path) -> None:
    async with Workspace.opened(template, tmp_path / "leap.db") as leap:
        await leap.advance("14d")
        at_once = boards(leap)
    async with Workspace.opened(template, tmp_path / "steps.db") as steps:
        for _ in range(28):
            await steps.advance("12h")
        assert [(region, at.replace(microsecond=0)) for region, at in boards(steps)] == [
            (region, at.replace(microsecond=0)) for region, at in at_once
        ]
    assert len(at_once) == 10


async def test_a_restart_in_between_doubles_nothing(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    async with Workspace.opened(template, path) as before:
        await before.move_to("2026-11-30T09:00+01:00")
        assert [region for region, _ in boards(before)] == ["cn-east", "sea", "de"]

    async with Workspace.opened(template, path) as after:
        await after.move_to("2026-12-01T00:00+00:00")
        assert Counter(region for region, _ in boards(after)) == Counter(["cn-east", "sea", "de", "latam", "us"])


async def test_a_slot_more_than_twelve_hours_late_is_missed_and_the_next_one_comes(
    template: Path, tmp_path: Path
) -> None:
    late = datetime(2026, 12, 1, 15, tzinfo=UTC)
    async with Workspace.opened(template, tmp_path / "demo.db", late) as workspace:
        await workspace.regatta.scheduler.run_due(workspace.regatta.clock.now())
        missed = workspace.rows(
            lambda session: [(run.planned_on, run.outcome) for run in session.exec(select(SlotRun))]
        )
        await workspace.move_to("2026-12-08T00:00+00:00")

        assert missed == [(date(2026, 11, 30), SlotOutcome.MISSED)] * 5
        assert len(boards(workspace)) == 5


REPS = {
    "cn-east": ["lin-xiao", "zhao-min", "wang-lei", "sun-jia"],
    "sea": ["daniel-tan", "siti-rahman", "minh-tran", "kanya-suk"],
    "de": ["anna-schmidt", "lukas-braun", "mia-hoffmann", "felix-kraemer"],
    "latam": ["joao-silva", "beatriz-costa", "rafael-lima", "camila-souza"],
    "us": ["mike-davis", "emily-chen", "carlos-rivera", "grace-kim"],
}
TEN_LOCAL = ("02:00", "02:30", "09:00", "13:00", "15:00")


MANAGERS = {
    "cn-east": "chen-wei", "sea": "priya-nair", "de": "jonas-weber", "latam": "maria-gomez", "us": "sarah-johnson",
}  # fmt: skip


async def test_a_normal_week_keeps_the_noise_budget(workspace: Workspace) -> None:
    """Row 53: unasked messages in a week are at most 5 to a rep, 10 to a manager, 5 to a channel."""
    for (region, reps), ten in zip(REPS.items(), TEN_LOCAL, strict=True):
        await workspace.move_to(f"2026-11-30T{ten}+00:00")
        await monday_morning(workspace, region, reps)
    for day in range(1, 7):
        await workspace.move_to(f"2026-12-0{day}T16:00+00:00")
        for region, reps in REPS.items():
            for rep in reps[day % 2 :: 2]:
                await workspace.say(rep, f"/deal Customer{day} {day + 2}k won", region)
        if day == 1:
            await tuesday_at_work(workspace)

    unasked = unasked_by_reader(workspace)

    print(unasked)  # noqa: T201  figures to look at
    most = {kind: max(count for one, count in unasked if one == kind) for kind, _ in unasked}
    assert 0 < most["channel"] <= Budget.CHANNEL
    assert 0 < most["rep"] <= Budget.REP
    assert 0 < most["manager"] <= Budget.MANAGER


async def monday_morning(workspace: Workspace, region: str, reps: list[str]) -> None:
    """One rep answers the stand-up and asks for an approval."""
    post = next(one for one in await workspace.read(reps[0], region) if one["image"])
    await workspace.press(reps[0], post, "answer", {"did": "calls", "blockers": "the price list"})
    echo = (await workspace.say(reps[0], "/deal Customer0 2k stage contract", region))[0]
    await workspace.press(reps[0], echo, "request")


async def tuesday_at_work(workspace: Workspace) -> None:
    """HQ sends a policy, and the managers decide what was asked for."""
    [form] = await workspace.say("amara-okafor", "policy new")
    policy = {"title": "Rebate", "text": "3 percent", "title_zh": "返利", "text_zh": "百分之三"}
    *_, preview = await workspace.press(
        "amara-okafor", form, "policy", policy | {"audience": ["all"], "deadline": "2026-12-04"}
    )
    await workspace.press("amara-okafor", preview, "send")
    for manager in MANAGERS.values():
        call = next(one for one in await workspace.read(manager) if "approve" in commands_of(one))
        await workspace.press(manager, call, "approve")


async def test_what_nobody_asked_for_counts_and_an_answer_or_a_new_face_does_not(workspace: Workspace) -> None:
    echo = (await workspace.say("mike-davis", "/deal Globex 2k stage contract", "us"))[0]
    assert unasked_by_reader(workspace) == []

    await workspace.press("mike-davis", echo, "request")
    assert unasked_by_reader(workspace) == [("channel", 1), ("manager", 1)]

    await workspace.say("sarah-johnson", "approve A-1")
    assert unasked_by_reader(workspace) == [("channel", 2), ("manager", 1)]


def unasked_by_reader(workspace: Workspace) -> list[tuple[str, int]]:
    """Count unasked posts by who reads them alone, or by channel: (rank or "channel", how many)."""

    def read(session: Session) -> list[tuple[str, int]]:
        counts: Counter[tuple[str, str]] = Counter()
        query = select(Post, Channel, Person).join(Channel, col(Channel.id) == Post.channel_id)
        query = query.outerjoin(Person, col(Person.id) == Channel.person_id)
        for post, channel, person in session.exec(query.where(col(Post.unasked), col(Post.edits).is_(None))):
            alone = channel.kind is ChannelKind.DIRECT
            counts[(person.rank.value, person.id) if alone else ("channel", channel.id)] += 1
            assert post.visible_to is None
        return sorted((kind, count) for (kind, _), count in counts.items())

    return list(workspace.rows(read))
