"""47: nobody was there for a minute, a day, a month. What came due is done or missed, as each job declares."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

import bot.app
from bot.registry import jobs
from models.audit import AuditRow
from models.context import Context
from models.dropped import FORGET as FORGET_FILE
from models.outbox import Post
from models.retention import FORGET as FORGET_WORDS
from models.schedules import Due, Timer, TimerState, next_slots
from models.unit import Unit
from tests.contract.test_policies import sent
from tests.workspace import START, Workspace

LATE = {
    "standup": timedelta(hours=12),
    "standup.remind": timedelta(hours=2),
    "standup.close": timedelta(days=3),
    "visit": timedelta(days=3),
    "policy-send": timedelta(days=90),
    "policy-deadline": timedelta(days=90),
    "import.forget": timedelta(days=365),
    "words.forget": timedelta(days=3650),
    "inbox.prune": timedelta(days=3650),
}
"""How late each job is still done: what is promised."""
QUIET = {"import.forget", "words.forget", "inbox.prune"}
SUNDAY, MONDAY = "2026-11-29T12:00+00:00", "2026-11-30T09:00-05:00"
DOWN = {"a minute": timedelta(minutes=1), "a day": timedelta(days=1), "a month": timedelta(days=31)}

Key = tuple[str, str, str]


def test_47_each_job_is_done_as_late_as_was_promised() -> None:
    declared = jobs()

    assert {name: job.late for name, job in declared.items()} == LATE
    assert {name for name, job in declared.items() if job.quiet} == QUIET


async def busy(workspace: Workspace) -> None:
    """Have something of each job come: a visit, a policy, a stand-up that is open, things to forget."""
    await sent(workspace, deadline="2026-12-01")
    for day in ("30 Nov", "1 Dec"):
        await workspace.say("mike-davis", f"/visit Globex met Jane next {day}", "us")

    def plan(unit: Unit) -> None:
        for number, job in enumerate((FORGET_FILE, FORGET_WORDS)):
            context = Context(unit, START, "plan", lambda: "plan")
            context.plan(job, "nothing", START + timedelta(days=5, hours=number))

    workspace.regatta.store.write(plan).result()


def coming(session: Session) -> list[Due]:
    """The next slot of each schedule, and every timer that waits."""
    timers = session.exec(select(Timer).where(Timer.state == TimerState.WAITING))
    return [*next_slots(session), *(Due(row.job, row.subject, row.due_at, timer_id=row.id) for row in timers)]


def told(session: Session) -> dict[Key, tuple[str, str, datetime]]:
    """What the audit log says of the clock's work: by job, subject and instant, its outcome, event and when."""
    found = {}
    for row in session.exec(select(AuditRow).where(col(AuditRow.action).startswith("job."))):
        facts = json.loads(row.facts)
        key = (row.action.removeprefix("job."), row.subject, facts["due_at"])
        assert key not in found, f"{key} was told twice"
        found[key] = (facts["outcome"], row.event_id, row.at)
    return found


async def back_after(template: Path, path: Path, open_until: str, down: timedelta) -> list[str]:
    """Stop, and come back so long after the first thing was due; what is not as it was promised."""
    async with Workspace.opened(template, path) as before:
        await busy(before)
        await before.move_to(open_until)
        dues, known = before.rows(coming), before.rows(told)
        offset = before.regatta.clock.now() - before.regatta._base.now()
    now = min(due.due_at for due in dues) + down

    async with Workspace.opened(template, path, now - offset) as after:
        await after.regatta.scheduler.run_due(now)
        done, speaks = after.rows(told), after.rows(lambda session: set(session.exec(select(Post.event_id))))
        following = after.regatta.scheduler.next_due()
    faults = [] if following is not None and following.due_at > now else ["something is due still"]
    for due in dues:
        key = (due.job, due.subject, due.due_at.isoformat())
        if due.due_at <= now and key not in done:
            faults.append(f"{key} was lost")
    for key in done.keys() - known.keys():
        outcome, event, at = done[key]
        late = at - datetime.fromisoformat(key[2])
        promised = "done" if late <= LATE[key[0]] else "missed"
        if outcome != promised:
            faults.append(f"{key} is {outcome}, {late} late")
        if outcome == "missed" and event in speaks:
            faults.append(f"{key} was missed and spoke")
    return faults


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("open_until", [SUNDAY, MONDAY], ids=["before Monday", "after the prompts"])
async def test_47_after_an_outage_each_job_does_what_it_declares(
    template: Path, tmp_path: Path, open_until: str, down: str
) -> None:
    assert await back_after(template, tmp_path / "down.db", open_until, DOWN[down]) == []


async def test_a_clock_that_does_everything_however_late_is_found_out(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = {name: replace(job, late=timedelta(days=3650)) for name, job in jobs().items()}
    monkeypatch.setattr(bot.app, "jobs", lambda: patient)

    assert await back_after(template, tmp_path / "down.db", SUNDAY, DOWN["a day"]) != []
