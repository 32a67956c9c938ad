"""What every rule of the machine needs: people who type and press, and a look at the rows after each step."""

import asyncio
from collections import Counter
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.machine import field_rows, rows
from tests.machine.model import Company, Deal, Entry, Person
from tests.races.lane import with_button
from tests.workspace import Record, Workspace, commands_of

ADMIN = "ines-keller"
PEOPLE = (
    ("mike-davis", "Mike Davis", "rep", "us"), ("emily-chen", "Emily Chen", "rep", "us"),
    ("sarah-johnson", "Sarah Johnson", "manager", "us"), ("lin-xiao", "林晓", "rep", "cn-east"),
    ("chen-wei", "陈伟", "manager", "cn-east"), ("amara-okafor", "Amara Okafor", "hq", None),
    ("chen-siyuan", "陈思远 Chen Siyuan", "hq", None), (ADMIN, "Ines Keller", "admin", None),
)  # fmt: skip
REGIONS = {"us": "United States", "cn-east": "华东 East China"}
people = st.sampled_from([person[0] for person in PEOPLE])
askers = st.one_of(st.none(), people)
"""Whoever it is for to do, or anybody."""
which = st.integers(0, 60)


class Hands(RuleBasedStateMachine):
    """Eight people of two regions and headquarters; `template` is a demo as it is after the seed."""

    template: ClassVar[Path]
    steps: ClassVar[int] = 0
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened: AbstractAsyncContextManager[Workspace] = Workspace.opened(
            self.template, Path(self.folder.name) / "service.db"
        )
        self.workspace: Workspace = self.run(self.opened.__aenter__())
        self.company = Company([Person(*facts) for facts in PEOPLE])
        self.person("chen-siyuan").finance = True
        self.echoes: list[tuple[Entry, Record]] = []
        self.keys, self.last = count(), ("", "", "")
        self.diary = self.company.diary
        self.before = self.rows(rows.signed)

    def teardown(self) -> None:
        """Look at the whole, and close it."""
        try:
            wrong = self.rows(lambda session: rows.wrong_in(session, self.company))
            wrong += self.rows(lambda session: field_rows.unlike(session, self.diary))
            sums = Counter(self.rows(rows.signed))
            sums.subtract(self.before)
            assert wrong == []
            assert {key: minor for key, minor in sums.items() if minor} == dict(self.company.signed())
        finally:
            self.run(self.opened.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()

    # How they do it

    def say(self, who: str, text: str, action: str) -> tuple[list[Record], bool]:
        key = f"key {next(self.keys)}"
        self.last = (who, text, key)
        replies = self.run(self.workspace.say(who, text, self.place(who), key=key))
        return replies, self.was_done(who, key, action)

    def press(
        self, who: str, message: Record, command: str, action: str, form: Any = None, nth: int = 0
    ) -> tuple[list[Record], bool]:
        key = f"key {next(self.keys)}"
        replies = self.run(self.workspace.press(who, message, command, form, nth, key))
        return replies, self.was_done(who, key, action)

    def was_done(self, who: str, key: str, action: str) -> bool:
        """Whether it was done, once, and neither refused nor answered with a question, as the audit log says."""
        type(self).steps += 1
        audited = self.rows(lambda session: rows.audited(session, f"{who}:{key}"))
        assert audited in ([action], ["refused"], ["answered"]), audited
        return bool(audited == [action])

    def check_invariants(self, *given: Any, **more: Any) -> None:
        super().check_invariants(*given, **more)
        wrong = self.rows(lambda session: rows.unlike(session, self.company))
        wrong += self.rows(lambda session: field_rows.unlike(session, self.diary))
        assert wrong == []

    def keep_echo(self, replies: list[Record]) -> None:
        if any("undo" in commands_of(reply) for reply in replies):
            self.echoes.append((self.company.entries[-1], with_button(replies, "undo")))

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def rows(self, work: "Any") -> Any:
        return self.workspace.rows(work)

    def now(self) -> datetime:
        now: datetime = self.workspace.regatta.clock.now()
        return now

    def person(self, who: str) -> Person:
        return self.company.people[who]

    def deal(self, nth: int) -> Deal:
        deals = list(self.company.deals.values())
        return deals[nth % len(deals)]

    def place(self, who: str) -> str:
        """Where somebody speaks: in their region's channel, else alone with the bot."""
        return self.person(who).region or f"dm-{who}"
