"""Ranks and duties: what a person is in the organisation, and what they look after besides."""

from enum import StrEnum


class Rank(StrEnum):
    """What a person may do in the business; an admin runs the installation and inherits no business right."""

    REP = "rep"
    MANAGER = "manager"
    HQ = "hq"
    ADMIN = "admin"

    def at_least(self, other: "Rank") -> bool:
        """Whether this rank holds the rights of the other: rep < manager < hq; admin stands beside them."""
        ladder = (Rank.REP, Rank.MANAGER, Rank.HQ)
        if self in ladder and other in ladder:
            return ladder.index(self) >= ladder.index(other)
        return self is other


class Duty(StrEnum):
    """What somebody looks after besides their rank."""

    FINANCE = "finance"
    SPECIALIST = "specialist"
    AMBASSADOR = "ambassador"
