"""A lane: the people of one region, whose races meet nobody else's but headquarters'."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlmodel import Session

from bot.demo.company import REGIONS
from models.approvals import ApprovalRequest, Decision, card_name, decisions
from models.deals import Deal
from models.outbox import face_of, showing
from models.ranks import Rank
from tests.races.house import House
from tests.workspace import Record, commands_of, texts_of

HQ = {"amara-okafor": "Amara Okafor", "chen-siyuan": "陈思远 Chen Siyuan"}
FINANCE = "chen-siyuan"
ADMIN = "ines-keller"
SMALL, LARGE = 80, 150
"""Thousands of dollars: below the limit for finance, and above it."""


@dataclass
class Lane:
    """One region in a house: its channel has its name. `deals` are kept for another round, by owner and size."""

    house: House
    region: str
    name: str
    manager: str
    manager_name: str
    reps: tuple[str, ...]
    deals: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def chance(self) -> Random:
        return self.house.chance

    async def deal(self, owner: str, thousands: int = SMALL) -> str:
        """A deal of somebody's that nothing waits for, new or of an earlier round."""
        if (owner, thousands) not in self.deals:
            line = f'/deal account:"{unlike(self.chance)}" {thousands}k USD'
            self.deals[owner, thousands] = number_in(await self.house.say(owner, line, self.region), "D")
        return self.deals[owner, thousands]

    async def request(self, asker: str, deal: str) -> tuple[str, Record]:
        """Ask for a deal's approval; its number, and the card in the region's channel."""
        replies = await self.house.say(asker, f"request {deal}", self.region)
        return number_in(replies, "A"), with_button(replies, "approve")

    async def now(self, card: Record) -> Record:
        """A card as it stands now."""
        seen = await self.house.read("amara-okafor", card["channel"])
        return next(one for one in seen if one["id"] == card["id"])

    def decided(self, request: str) -> tuple[ApprovalRequest, Deal, list[Decision]]:
        """A request, its deal and the verdicts on it."""

        def read(session: Session) -> tuple[ApprovalRequest, Deal, list[Decision]]:
            row = session.get_one(ApprovalRequest, request)
            return row, session.get_one(Deal, row.deal_id), decisions(session, request)

        return self.house.rows(read)

    def buttons_left(self, request: str) -> list[str]:
        """Where a request can still be decided by a button: the channels of its cards."""

        def read(session: Session) -> list[str]:
            row = session.get_one(ApprovalRequest, request)
            names = [card_name(row, step) for step in (None, *range(len(row.chain)))]
            posts = [post for name in names for post in showing(session, name)]
            return [post.channel_id for post in posts if face_of(session, post).buttons]

        return self.house.rows(read)


def lanes_of(house: House) -> list[Lane]:
    """A lane for each region of the demo."""
    lanes = []
    for region in REGIONS:
        (manager,) = [person for person in region.people if person[2] is Rank.MANAGER]
        reps = tuple(person[0] for person in region.people if person[2] is Rank.REP)
        lanes.append(Lane(house, region.id, region.name, manager[0], manager[1], reps))
    return lanes


def number_in(replies: Sequence[Record], letter: str) -> str:
    """The first number of a letter that the replies name."""
    words = " ".join(reply["text"] for reply in replies)
    found = re.search(rf"\b{letter}-\d+", words)
    assert found is not None, words
    return found[0]


def with_button(replies: Sequence[Record], command: str) -> Record:
    """The first of the replies that has a button of a command."""
    found = [reply for reply in replies if command in commands_of(reply)]
    assert found, f"nothing to press for {command}: {texts_of(list(replies))}"
    return found[0]


def unlike(chance: Random) -> str:
    """A name of an account that is like no other."""
    syllables = [f"{chance.choice('bcdfghklmnprstvz')}{chance.choice('aeiou')}" for _ in range(5)]
    return f"{''.join(syllables[:3])} {''.join(syllables[3:])}".title()
