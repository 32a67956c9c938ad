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
