"""The world around the processes: time, people, a chat, a disk, and what goes wrong."""

import hashlib
import shutil
from collections.abc import Callable, Collection
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a run can be repeated
from typing import TypeVar

from sqlalchemy import create_engine, text
from sqlmodel import Session, col, select

from models.audit import AuditRow
from models.databases import reader
from models.outbox import OutboxState, Post, put_off
from tests.simulator.chat import Chat
from tests.simulator.checks import Checks
from tests.simulator.disk import BLOWS, Blow, Disk
from tests.simulator.loop import OWNER, Life, SimulatedLoop
from tests.simulator.people import Act, People
from tests.simulator.presence import Presence
from tests.simulator.process import Process
from tests.workspace import START

T = TypeVar("T")

BUSY_SECONDS = 40.0
"""So long people do things and things go wrong."""
REST_SECONDS = 240.0
"""So long it may take after that until everything has come to rest."""
MOST_SKEW = 2.0
"""Seconds by which a machine's clock differs from the true time."""
RETRY_SECONDS = 10.0
"""After so long without an answer the platform brings a delivery again."""


@dataclass
class Plan:
    """What a seed makes happen: how many processes and acts, and how often what goes wrong."""

    processes: int
    acts: int
    kills: int
    hangs: int
    cuts: int
    leaps: int
    calls: int
    disk: dict[Blow, int]

    @classmethod
    def of(cls, chance: Random) -> "Plan":
        """Draw a plan; in one of five nothing at all goes wrong."""
        processes, acts = chance.choice((1, 1, 2, 3)), chance.randrange(6, 26)
        if chance.random() < 0.2:
            return cls(processes, acts, 0, 0, 0, chance.randrange(5), 0, {})
        disk: dict[Blow, int] = {blow: chance.choice((0, 0, 10, 40)) for blow in BLOWS}
        several = processes > 1
        return cls(
            processes, acts, chance.choice((0, 1, 3)), chance.choice((0, 0, 1, 2)) if several else 0,
            chance.choice((0, 1, 2)) if several else 0, chance.randrange(5), chance.choice((0, 5, 30)), disk,
        )  # fmt: skip


@dataclass
class Run:
    """What came of a seed: its faults, and a digest of all that happened, in order."""

    seed: int
    plan: Plan
    faults: list[str]
    digest: str
    steps: int
    lines: list[str]


@dataclass
class World:
    """Everything that is not the product. `control` names the one thing that is switched off to be found out."""

    seed: int
    url: str
    control: str = ""
    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.plan = Plan.of(self.chance)
        self.loop, self.context = SimulatedLoop(), copy_context()  # type: ignore[abstract]
        self.context.run(OWNER.set, None)
        self.presence = Presence(self.loop, self._chance(), self.context)
        self.chat = Chat(self.loop, self._chance(), self.context, self.note, self.fault, self.plan.calls)
        self.people, self.checks = People(self, self._chance()), Checks()
        self.disk = Disk(self._chance(), self.plan.disk | ({Blow.FORGETS: 40} if self.control == "forgets" else {}))
        self._rows = reader(self.url)
        self._ids, self._ticks, self._ahead = 0, 0, timedelta()
        self._processes: list[Process] = []
        self._numbers = 1
        self._has_hung = False

    def _chance(self) -> Random:
        return Random(self.chance.random())

    def now(self, skew: float) -> datetime:
        """The instant, never the same twice."""
        self._ticks += 1
        return START + self._ahead + timedelta(seconds=self.loop.time() + skew, microseconds=self._ticks)

    def new_id(self) -> str:
        """Make an id."""
        self._ids += 1
        return f"{self._ids:012x}"

    def note(self, what: str) -> None:
        """Keep what happened."""
        self.lines.append(f"{self.loop.time():9.3f} {what}")

    def fault(self, what: str) -> None:
        """Keep what must not have happened."""
        self.note(f"FAULT {what}")
        self.faults.append(what)

    def look(self, work: Callable[[Session], T]) -> T:
        """Read the rows."""
        with Session(self._rows) as session:
            return work(session)

    def committed(self, number: int, topics: Collection[str]) -> None:
        """Look at the rows after a step of the writer, and let the others know."""
        self.note(f"process {number} commits")
        for what in self.look(lambda session: list(self.checks.after_step(session, self.people.acts))):
            self.fault(what)
        self.presence.say(number, topics)

    def died(self, process: Process) -> None:
        """Notice a death; another process is started after a while."""
        self.note(f"process {process.life.number} dies")
        self._processes.remove(process)
        self.presence.end(process.life.number)
        self.loop.call_later(0.0, process.store.let_go, context=self.context)
        self.loop.call_later(self.chance.choice((0.3, 2.0, 7.0)), self._start_one, context=self.context)

    def run(self) -> Run:
        """Let it all happen, and look at what came of it."""
        for _ in range(self.plan.processes):
            self.context.run(self._start_one)
        for _ in range(self.plan.acts):
            self._at(self._act)
        for trouble, times in (
            (self._kill, self.plan.kills), (self._hang, self.plan.hangs), (self._cut, self.plan.cuts),
            (self._leap, self.plan.leaps),
        ):  # fmt: skip
            for _ in range(times):
                self._at(trouble)
        self.loop.call_at(BUSY_SECONDS, self._heal, context=self.context)
        is_at_rest = self.loop.run(self._is_over, BUSY_SECONDS + REST_SECONDS)
        if not self.faults and not is_at_rest:
            self.fault(f"it does not come to rest: {self._restless()}")
        self.faults += self.loop.faults
        if not self.faults:
            for what in self.look(self._wrong_at_rest):
                self.fault(what)
        self.note(f"the audit chain ends with {self.look(_head)}")
        self.loop.bury()
        for process in self._processes:
            process.store.let_go()
        self._rows.dispose()
        digest = hashlib.sha256("\n".join(self.lines).encode()).hexdigest()[:16]
        return Run(self.seed, self.plan, self.faults, digest, self.loop.steps, self.lines)

    def _wrong_at_rest(self, session: Session) -> list[str]:
        wrong = list(self.checks.at_rest(session, self.people.acts, self.chat.arrived))
        if not self._has_hung:  # what hangs between asking and calling may draw an old face over a newer one
            wrong += self.checks.faces(session, {first: said.post_id for first, said in self.chat.shown.items()})
        return wrong

    def _at(self, what: Callable[[], None]) -> None:
        self.loop.call_at(self.chance.uniform(0.5, BUSY_SECONDS), what, context=self.context)

    def _start_one(self) -> None:
        self._numbers += 1
        number = self._numbers
        self.note(f"process {number} starts")
        skew = self.chance.uniform(-MOST_SKEW, MOST_SKEW)
        self._processes.append(Process(self, number, self.disk, skew))

    def _act(self) -> None:
        act = self.people.next()
        said = act.incoming
        self.note(f"{said.user} in {said.place.channel}: {said.text or said.press}")
        self._bring(act)

    def _bring(self, act: Act) -> None:
        """Bring a delivery to any process, and again until it is taken; what was taken may come again, too."""
        if act.is_taken and act.more <= 0:
            return
        act.more -= act.is_taken
        act.tries += 1
        self.loop.call_later(self.chance.uniform(0.01, 0.3), self._reach, act, context=self.context)
        self.loop.call_later(RETRY_SECONDS * self.chance.uniform(0.5, 1.5), self._bring, act, context=self.context)

    def _reach(self, act: Act) -> None:
        if not self._processes:
            return
        process = self.chance.choice(self._processes)
        is_lost = not self.disk.healed and self.chance.randrange(100) < self.plan.calls // 2

        def told(taken: bool) -> None:  # noqa: FBT001
            self.note(f"{act.incoming.key} is {'taken' if taken else 'refused'}{' (lost)' if is_lost else ''}")
            if taken and not is_lost:
                act.is_taken = True
            elif not taken:
                self.loop.call_later(1.0, self._bring, act, context=self.context)

        process.spawn(process.hear(act.incoming, told))

    def _kill(self) -> None:
        if self._processes:
            self.chance.choice(self._processes).die()

    def _hang(self) -> None:
        """Let a process hang: any one now, or the next one that calls the chat, with more to send in its hands."""
        seconds = self.chance.choice((2.0, 8.0, 30.0))
        if self.chance.random() < 0.5:
            self.chat.trap = lambda life: self._stop(life, seconds)
        elif self._processes:
            self._stop(self.chance.choice(self._processes).life, seconds)

    def _stop(self, life: Life, seconds: float) -> None:
        for process in self._processes:
            if process.life is life:
                self.note(f"process {life.number} hangs for {seconds:g} s")
                self._has_hung = True
                process.hang(seconds)

    def _cut(self) -> None:
        if self._processes:
            number = self.chance.choice(self._processes).life.number
            self.note(f"process {number} is cut off")
            self.presence.end(number)

    def _leap(self) -> None:
        self._ahead += timedelta(hours=self.chance.choice((1, 9, 30, 80, 130)))
        self.note(f"it is {START + self._ahead}")
        if self.control == "slots":
            self._forget_slots()

    def _forget_slots(self) -> None:
        with create_engine(self.url).begin() as rows:
            rows.execute(text("DELETE FROM slot_run"))

    def _heal(self) -> None:
        self.note("nothing goes wrong any more")
        self.disk.healed, self.chat.odds = True, 0
        self._pass()

    def _pass(self) -> None:
        """Let hours go by while things come to rest, for what backs off."""
        self._ahead += timedelta(minutes=20)
        self.loop.call_later(5.0, self._pass, context=self.context)

    def _is_over(self) -> bool:
        if self.faults or self.loop.faults:
            return True
        if self.loop.time() < BUSY_SECONDS + 1 or self.loop.steps % 50:
            return False
        return not self._restless()

    def _restless(self) -> list[str]:
        waits = select(Post.id).where(Post.state == OutboxState.WAITING, ~put_off(self.now(MOST_SKEW)))
        found = [f"{act.incoming.key} was not taken" for act in self.people.acts if not act.is_taken]
        return found + [f"post {one} waits" for one in self.look(lambda session: session.exec(waits).all())]


def _head(session: Session) -> str | None:
    return session.exec(select(AuditRow.hash).order_by(col(AuditRow.seq).desc())).first()


def simulate(template: Path, folder: Path, seed: int, control: str = "") -> Run:
    """Run one seed on a copy of the company's database."""
    path = folder / f"{seed}.db"
    shutil.copyfile(template, path)
    try:
        return World(seed, f"sqlite:///{path}", control).run()
    finally:
        for left in folder.glob(f"{seed}.db*"):
            left.unlink()
