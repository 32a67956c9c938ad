"""What people do besides deals: visits, check-ins, targets."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine import field_rows
from tests.machine.diary import Visit
from tests.machine.field_rows import YEARS
from tests.machine.hands import REGIONS, Hands, askers, people, which
from tests.machine.model import SELLERS
from tests.races.lane import number_in, with_button

CURRENCIES = {"us": "USD", "cn-east": "CNY"}
days = st.integers(2, 20)
"""From today on: far enough to be a day to come in every zone."""


class Fieldwork(Hands):
    """Visits that come back, what people say in the stand-up, and what headquarters asks of a region."""

    @rule(who=people, nth=st.one_of(st.none(), which), after=st.one_of(st.none(), days))
    def visit(self, who: str, nth: int | None, after: int | None) -> None:
        """Visit a new customer, or that of a deal."""
        person, number = self.person(who), next(self.keys)
        known = nth is not None and self.company.deals
        account = self.deal(nth or 0).account if known else f"Newcomer {number}"
        on = (self.now() + timedelta(days=after)).date() if after else None
        line = f'/visit account:"{account}" saw plant {number}' + (f" next {on}" if on else "")
        replies, done = self.say(who, line, "visit.logged")
        assert done == (person.rank in SELLERS)
        if done:
            self.diary.plan(Visit(number_in(replies, "V"), who), on, self.company.zone(person), self.now())
            self.company.write_visit(person, account, self.now())

    @rule(who=askers, nth=which)
    @precondition(lambda self: self.diary.visits)
    def finish(self, who: str | None, nth: int) -> None:
        visit = self._visit(nth)
        who = who or visit.owner
        _, done = self.say(who, f"done {visit.id}", "visit.done")
        assert done == self._may_change(who, visit)
        if done:
            self.diary.finish(visit, self.now())

    @rule(who=askers, nth=which, after=days)
    @precondition(lambda self: self.diary.visits)
    def postpone(self, who: str | None, nth: int, after: int) -> None:
        visit = self._visit(nth)
        who = who or visit.owner
        on = (self.now() + timedelta(days=after)).date()
        _, done = self.say(who, f"postpone {visit.id} {on}", "visit.moved")
        assert done == self._may_change(who, visit)
        if done:
            self.diary.plan(visit, on, self.company.zone(self.person(who)), self.now())

    @rule(who=people)
    def check_in(self, who: str) -> None:
        """It counts for the stand-up that is open, or for the next one."""
        person, did = self.person(who), f"closed {next(self.keys)} deals"
        _, done = self.say(who, f"/standup {did}", "standup.answered")
        assert done == (person.rank in ("rep", "manager"))
        if done:
            stand_up, answer = self.rows(lambda session: field_rows.newest_check_in(session, who))
            assert (stand_up.region_id, answer.did) == (person.region, did)
            assert timedelta(0) < stand_up.closes_at - self.now() < timedelta(days=17)  # holidays put one off
            self.diary.check_ins[stand_up.id, who] = did

    @rule(
        who=people, region=st.sampled_from(list(REGIONS)), year=st.sampled_from(YEARS),
        millions=st.integers(1, 9), sure=st.booleans(),
    )  # fmt: skip
    def set_target(self, who: str, region: str, year: int, millions: int, sure: bool) -> None:  # noqa: FBT001  drawn
        """Set one, or be asked whether to replace the one that is there."""
        minor, before = millions * 1_000_000_01, self.diary.targets.get((region, year))
        may = self.person(who).rank in ("hq", "admin")
        line = f"target {REGIONS[region]} {minor // 100}.{minor % 100:02} {CURRENCIES[region]} {year}"
        replies, done = self.say(who, line, "target.set")
        assert done == (may and before is None)
        if may and before not in (None, minor) and sure:
            _, done = self.press(who, with_button(replies, "target"), "target", "target.set")
            assert done
        if done:
            self.diary.targets[region, year] = minor

    @rule(who=people, region=st.sampled_from(list(REGIONS)), year=st.sampled_from(YEARS))
    def remove_target(self, who: str, region: str, year: int) -> None:
        is_there = (region, year) in self.diary.targets
        _, done = self.say(who, f"no target {REGIONS[region]} {year}", "target.removed")
        assert done == (is_there and self.person(who).rank in ("hq", "admin"))
        if done:
            del self.diary.targets[region, year]

    def _visit(self, nth: int) -> Visit:
        visits = list(self.diary.visits.values())
        return visits[nth % len(visits)]

    def _may_change(self, who: str, visit: Visit) -> bool:
        return who == visit.owner and self.person(who).rank in SELLERS and not visit.done
