"""The scene of one trial: the rows that a thing is made of, in the unit of work in which it is asked for."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from sqlmodel import SQLModel

from models.accounts import account_named
from models.approvals import ApprovalRequest, written
from models.bookings import open_deal
from models.channels import direct_channel
from models.configuring import Changes
from models.context import Context
from models.deals import Deal
from models.dropped import keep_file
from models.feedback import Feedback, readers
from models.joining import AccountRequest
from models.message import says
from models.money import Money
from models.people import HeldDuty, Person
from models.policies import Policy, PolicyReach, PolicyState
from models.ranks import Duty, Rank
from models.regions import Region, Team
from models.rules.approval import Decider, Step
from models.stages import Stage
from models.standups import stand_up_of
from models.text import Text
from models.timeline import timeline
from models.unit import Unit
from models.visits import Visit

R = TypeVar("R", bound=SQLModel)

HERE, ELSEWHERE = "us", "de"
"""The region of the one who asks, and another one."""
CANARIES = {"own": "Ownbird", "here": "Herebird", "elsewhere": "Elsewherebird"}
"""Customers of whoever asks, of a colleague, and of a colleague in another region."""
COLLEAGUES = {"here": "emily-chen", "elsewhere": "anna-schmidt"}
MANAGERS = {"here": "sarah-johnson", "elsewhere": "jonas-weber"}
REGIONS = {"own": HERE, "here": HERE, "elsewhere": ELSEWHERE}


@dataclass(frozen=True)
class Scene:
    """The unit of work in which a thing is made, and who will ask for it."""

    unit: Unit
    person: Person
    now: datetime
    numbers: "count[int]" = field(default_factory=lambda: count(700))

    def owner(self, whose: str) -> str:
        """Who has the thing."""
        return COLLEAGUES.get(whose, self.person.id)

    def deal(self, whose: str) -> Deal:
        """A deal of somebody's, with a customer by whose name it is known again."""
        account = account_named(self.unit, CANARIES[whose], f"canary-{whose}")
        deal = Deal(
            id=f"D-{next(self.numbers)}", account_id=account.id, amount_minor=9_000_000, currency="USD",
            stage=Stage.PROPOSAL, owner_id=self.owner(whose), region_id=REGIONS[whose], created_at=self.now,
        )  # fmt: skip
        open_deal(self.unit, deal, now=self.now, today=self.now.date())
        self.unit.flush()
        return deal

    def request(self, whose: str, decider: Decider, asked_by: str | None = None) -> str:
        """A request for somebody's deal that waits for a decider; asked for by its owner, if by nobody else."""
        deal = self.deal(whose)
        request = ApprovalRequest(
            id=f"A-{next(self.numbers)}", deal_id=deal.id, deal_version=deal.version,
            requester_id=asked_by or deal.owner_id,
            region_id=deal.region_id, amount_minor=deal.amount_minor, currency="USD",
            steps=written((Step(decider, f"contract-{decider.value}"),)), due_at=self.now + timedelta(hours=6),
            created_at=self.now,
        )  # fmt: skip
        return self._kept(request).id

    def holding_finance(self) -> None:
        """Let whoever asks look after finance."""
        self._kept(HeldDuty(person_id=self.person.id, duty=Duty.FINANCE))

    def visit(self, whose: str) -> str:
        """A visit of somebody's."""
        account = account_named(self.unit, CANARIES[whose], f"canary-{whose}")
        visit = Visit(
            id=f"V-{next(self.numbers)}", account_id=account.id, owner_id=self.owner(whose), text="met Jane",
            next_on=self.now.date() + timedelta(days=9), created_at=self.now,
        )  # fmt: skip
        return self._kept(visit).id

    def entry(self, whose: str) -> int:
        """The line with which somebody's deal was reported."""
        return timeline(self.unit, self.deal(whose).id)[0][0].id or 0

    def policy(self, state: PolicyState, *regions: str) -> str:
        """A policy to some regions."""
        policy = Policy(
            id=f"P-{next(self.numbers)}", title="Rebates", text="From Monday.", audience=" ".join(regions),
            deadline=self.now.date() + timedelta(days=7), author_id="chen-siyuan", state=state, created_at=self.now,
        )  # fmt: skip
        self._kept(policy)
        for region in regions if state is PolicyState.SENT else ():
            self._kept(PolicyReach(policy_id=policy.id, region_id=region, send_at=self.now, sent_at=self.now))
        return policy.id

    def stand_up(self, whose: str) -> str:
        """A region's stand-up that is open."""
        region = self.unit.get_one(Region, REGIONS[whose])
        stand_up = stand_up_of(self.unit, region, self.now.date(), self.now)
        stand_up.closes_at = self.now + timedelta(hours=1)
        return self._kept(stand_up).id

    def feedback(self, *, shown: bool) -> str:
        """Feedback of a rep that came to its readers; `shown` says that it once came to whoever asks, too."""
        sender = self.unit.get_one(Person, COLLEAGUES["here"])
        home = direct_channel(self.unit, sender.id)
        feedback = Feedback(
            id=f"F-{next(self.numbers)}", sender_id=sender.id, channel_id=home.id if home else "", text="slow",
            given_at=self.now,
        )  # fmt: skip
        self._kept(feedback)
        context = Context(self.unit, self.now, "feedback", lambda: "feedback")
        told = {one.id for one in readers(self.unit, sender)[0]}
        for reader in sorted(told | ({self.person.id} if shown else set())):
            context.tell(reader, says(Text("Feedback")), card=feedback.card)
        return feedback.id

    def account_request(self, person: str) -> int:
        """An account that took somebody's invitation."""
        asked = AccountRequest(
            platform="slack", workspace="T1", user_id="UNEW", person_id=person, asked_at=self.now
        )  # fmt: skip
        return self._kept(asked).id or 0

    def file(self, *, theirs: bool) -> str:
        """A list that was dropped in the chat."""
        owner = self.person.id if theirs else COLLEAGUES["here"]
        return keep_file(
            self.unit,
            "file-1",
            owner,
            "people.csv",
            b"name,rank,region,email\nNova Newcomer,rep,us,nova@example.com\n",
            self.now,
        )

    def step(self) -> None:
        """A step of the set-up by whoever asks, so that there is something to take back."""
        region = self.unit.get_one(Region, "sea")
        changes = Changes(self.unit, "step", self.now, self.person.id)
        changes.put(Region(**{**region.model_dump(), "name": "Renamed"}))

    def with_duty(self, person: str) -> str:
        """Somebody who is an ambassador."""
        if self.unit.get(HeldDuty, (person, Duty.AMBASSADOR)) is None:
            self._kept(HeldDuty(person_id=person, duty=Duty.AMBASSADOR))
        return person

    def without_duty(self, person: str) -> str:
        """Somebody who is no information specialist."""
        held = self.unit.get(HeldDuty, (person, Duty.SPECIALIST))
        if held is not None:
            self.unit.delete(held)
            self.unit.flush()
        return person

    def second_manager(self) -> str:
        """Another manager of the region, beside the one who may ask."""
        return self._kept(Person(id="second-manager", name="Second Manager", rank=Rank.MANAGER, region_id=HERE)).id

    def second_administrator(self) -> str:
        """Another administrator, beside the one who may ask."""
        return self._kept(Person(id="second-admin", name="Second Admin", rank=Rank.ADMIN)).id

    def empty_region(self) -> str:
        """A region on which nothing hangs."""
        like = self.unit.get_one(Region, "us").model_dump()
        return self._kept(Region(**{**like, "id": "nowhere", "name": "Nowhere"})).id

    def empty_team(self) -> str:
        """A team on which nothing hangs."""
        Changes(self.unit, "step", self.now, "ines-keller").put(Team(id="nobody", region_id=HERE, name="Nobody"))
        return "Nobody"

    def targeted(self, whose: str) -> str:
        """A region with a target for the next year but one."""
        changes = Changes(self.unit, "target", self.now, "amara-okafor")
        region = self.unit.get_one(Region, REGIONS[whose])
        changes.set_target(region, self.now.year + 2, Money(100_000_00, region.currency))
        return region.id

    def _kept(self, row: R) -> R:
        self.unit.add(row)
        self.unit.flush()
        return row
