"""The stages of a deal, in the order of the funnel."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a deal stands; won and lost end it."""

    LEAD = "lead"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    CONTRACT = "contract"
    WON = "won"
    LOST = "lost"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is expected of the deal."""
        return self in (Stage.WON, Stage.LOST)
