"""The whole service under a state machine: people type, press, repeat and wait; after each step the rows are compared
with the model, at the end everything is.
"""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.fieldwork import Fieldwork
from tests.machine.hands import ADMIN, REGIONS, askers, people, which
from tests.machine.model import Request, State
from tests.races.lane import number_in, with_button
from tests.workspace import commands_of

STAGES = ("won", "lost", "proposal", "contract")
SYLLABLES = [f"{consonant}{vowel}" for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
amounts = st.one_of(st.integers(1, 99), st.integers(101, 400)).map(lambda thousands: thousands * 1_000_00)


class Service(Fieldwork):
    """What people do to deals, contracts and policies, and what happens around them; the rest is in the base."""

    @rule(who=people, minor=amounts, stage=st.sampled_from([None, *STAGES]))
    def log(self, who: str, minor: int, stage: str | None) -> None:
        number = next(self.keys)
        name = "".join(SYLLABLES[number // 70**place % 70] for place in range(3)).title()
        person = self.person(who)
        replies, done = self.say(
            who, f'/deal account:"{name} {number}" {minor // 100} USD {stage or ""}', "deal.logged"
        )
        assert done == (person.rank in ("rep", "manager"))
        if done:
            signed = self.company.today(person.region or "", self.now()) if stage == "won" else None
            state = State(minor, stage, signed)
            self.company.log(person, number_in(replies, "D"), f"{name} {number}", state, self.now())
            self.keep_echo(replies)

    @rule(who=askers, nth=which, minor=amounts)
    @precondition(lambda self: self.company.deals)
    def edit(self, who: str | None, nth: int, minor: int) -> None:
        deal = self.deal(nth)
        person = self.person(who := who or deal.owner)
        replies, done = self.say(who, f"edit {deal.id} {minor // 100} USD", "deal.amended")
        may = self.company.may_touch(person, deal) and minor != deal.now.minor
        if may:
            may = self.company.change(person, deal, "amended", replace(deal.now, minor=minor), self.now())
            self.keep_echo(replies if may else [])
        assert done == may

    @rule(who=people, nth=which, stage=st.sampled_from(STAGES))
    @precondition(lambda self: self.company.deals)
    def move(self, who: str | None, nth: int, stage: str) -> None:
        deal = self.deal(nth)
        person = self.person(who := who or deal.owner)
        replies, done = self.say(who, f"stage {deal.id} {stage}", "deal.stage")
        may = self.company.may_touch(person, deal) and stage != deal.now.stage
        if may:
            signed = self.company.today(deal.region, self.now()) if stage == "won" else None
            after = replace(deal.now, stage=stage, signed=signed)
            may = self.company.change(person, deal, "stage", after, self.now())
            self.keep_echo(replies if may else [])
        assert done == may

    @rule(who=askers, nth=which)
    @precondition(lambda self: self.company.deals)
    def note(self, who: str | None, nth: int) -> None:
        deal = self.deal(nth)
        person = self.person(who := who or deal.owner)
        _, done = self.say(who, f"note {deal.id} they want it in May", "deal.noted")
        assert done == self.company.may_touch(person, deal)
        if done:
            self.company.write(person, deal, "note", self.now())

    @rule(who=askers, nth=which, minor=amounts)
    @precondition(lambda self: self.company.deals)
    def pay(self, who: str | None, nth: int, minor: int) -> None:
        deal = self.deal(nth)
        person = self.person(who := who or deal.owner)
        replies, done = self.say(who, f"paid {deal.id} {minor // 100} USD", "deal.collected")
        assert done == self.company.may_touch(person, deal)
        if done:
            self.company.write(person, deal, "collected", self.now(), minor)
            self.keep_echo(replies)

    @rule(who=people)
    def undo(self, who: str) -> None:
        person = self.person(who)
        _, done = self.say(who, "undo", "deal.undone")
        assert done == self.company.undo(person, self.company.last_of(person), self.now())

    @rule(who=askers, nth=which)
    @precondition(lambda self: self.echoes)
    def press_undo(self, who: str | None, nth: int) -> None:
        entry, echo = self.echoes[-1 - nth % len(self.echoes)]
        person = self.person(who := who or entry.by)
        if echo["channel"] in (self.place(who), *(REGIONS if person.region is None else ())):
            _, done = self.press(who, echo, "undo", "deal.undone")
            assert done == self.company.undo(person, entry, self.now())

    @rule(who=askers, nth=which)
    @precondition(lambda self: self.company.deals)
    def request(self, who: str | None, nth: int) -> None:
        deal = self.deal(nth)
        person = self.person(who := who or deal.owner)
        replies, done = self.say(who, f"request {deal.id}", "approval.requested")
        steps: list[str] = []
        if self.company.may_touch(person, deal) and deal.now.stage != "lost" and not self.company.waits(deal):
            steps = self.company.chain(person, deal)
        assert done == bool(steps)
        if done:
            number = number_in(replies, "A")
            self.company.requests[number] = Request(number, deal.id, who, deal.region, deal.now.minor, steps)
            self.company.write(person, deal, "requested", self.now())

    @rule(who=askers, nth=which, verdict=st.sampled_from(["approved", "approved", "rejected"]))
    @precondition(lambda self: self.company.requests)
    def decide(self, who: str | None, nth: int, verdict: str) -> None:
        asked = list(self.company.requests.values())
        waiting = [one for one in asked if one.state == "pending"] or asked
        request = (waiting if nth % 4 else asked)[nth % len(waiting if nth % 4 else asked)]
        who = who or min(self.company.deciders(request), default=ADMIN)
        line = f"approve {request.id}" if verdict == "approved" else f"reject {request.id} too low"
        _, done = self.say(who, line, f"approval.{verdict}")
        assert done == self.company.decide(self.person(who), request, verdict)
        if done:
            self.company.write(self.person(who), self.company.deals[request.deal], "decided", self.now())

    @rule(who=people, regions=st.sets(st.sampled_from(list(REGIONS)), min_size=1))
    def send_policy(self, who: str, regions: set[str]) -> None:
        (form, *_), may = self.say(who, "policy new", "answered")
        assert may == (self.person(who).rank == "hq")
        if not may:
            return
        facts = {"title": "Rebate", "text": "3 %", "title_zh": "返利", "text_zh": "百分之三", "deadline": "2027-06-30"}
        replies, _ = self.press(who, form, "policy", "policy.drafted", {**facts, "audience": sorted(regions)})
        preview = with_button(replies, "send")
        nth = len([command for command in commands_of(preview) if command == "send"]) - 1
        _, done = self.press(who, preview, "send", "policy.sent", nth=nth)
        assert done
        self.company.policies[number_in([preview], "P")] = regions

    @rule(who=people, nth=which)
    @precondition(lambda self: self.company.policies)
    def acknowledge(self, who: str, nth: int) -> None:
        number = list(self.company.policies)[nth % len(self.company.policies)]
        _, done = self.say(who, f"acknowledge {number}", "policy.acknowledged")
        may = self.person(who).region in self.company.policies[number]
        assert done == (may and (number, who) not in self.company.read)
        if done:
            self.company.read.add((number, who))

    @rule(
        by=people,
        who=st.sampled_from(["mike-davis", "sarah-johnson", "chen-wei"]),
        rank=st.sampled_from(["rep", "manager"]),
    )
    def set_rank(self, by: str, who: str, rank: str) -> None:
        person = self.person(who)
        _, done = self.say(by, f"setup person {person.name} {rank} {REGIONS[person.region or '']}", "setup.person")
        assert done == (by == ADMIN and rank != person.rank)
        if done:
            person.rank = rank
            self.company.hand_on()

    @rule(other=st.booleans())
    @precondition(lambda self: self.last[0])
    def deliver_again(self, other: bool) -> None:  # noqa: FBT001  drawn
        """What was typed last comes again, as it was or with other words under the same key: nothing happens."""
        who, text, key = self.last
        body = {"as": who, "channel": self.place(who), "text": text + "!" * other, "thread": None, "key": key}
        answer = self.run(self.workspace.client.post("/workspace/messages", json=body))
        assert answer.status_code == (409 if other else 200)

    @rule(span=st.sampled_from(["4m", "4m", "4m", "11m", "3h", "1d", "6d"]))
    def wait(self, span: str) -> None:
        self.run(self.workspace.advance(span))
        self.diary.pass_until(self.now())
