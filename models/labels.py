"""What the closed sets of values are called in a message."""

from enum import Enum

from models.codec import storable
from models.ranks import Duty, Rank
from models.rules.approval import Decider, RequestState, Verdict
from models.rules.attainment import Measure
from models.rules.standing import PersonData
from models.stages import Stage
from models.text import Text

# A dictionary by value alone would take Rank.MANAGER for Decider.MANAGER: both are "manager".
_NAMED: tuple[tuple[Enum, Text], ...] = (
    (Stage.LEAD, Text("lead")),
    (Stage.QUALIFIED, Text("qualified")),
    (Stage.PROPOSAL, Text("proposal")),
    (Stage.NEGOTIATION, Text("negotiation")),
    (Stage.CONTRACT, Text("contract")),
    (Stage.WON, Text("won")),
    (Stage.LOST, Text("lost")),
    (Measure.SIGNED, Text("signed")),
    (Measure.INVOICED, Text("invoiced")),
    (Measure.COLLECTED, Text("collected")),
    (Rank.REP, Text("rep")),
    (Rank.MANAGER, Text("manager")),
    (Rank.HQ, Text("HQ")),
    (Rank.ADMIN, Text("administrator")),
    (Duty.FINANCE, Text("finance")),
    (Duty.SPECIALIST, Text("information specialist")),
    (Duty.AMBASSADOR, Text("ambassador")),
    (Decider.MANAGER, Text("region manager")),
    (Decider.FINANCE, Text("HQ finance")),
    (Decider.HQ, Text("HQ")),
    (PersonData.TEAM, Text("for the team alone")),
    (PersonData.PRIVATE, Text("private")),
    (PersonData.PUBLIC, Text("the top names, by agreement")),
    (Verdict.APPROVED, Text("approved")),
    (Verdict.REJECTED, Text("rejected")),
    (Verdict.VOID, Text("withdrawn")),
    (RequestState.PENDING, Text("waiting for a decision")),
    (RequestState.APPROVED, Text("approved")),
    (RequestState.REJECTED, Text("rejected")),
    (RequestState.VOID, Text("no longer asked for")),
)
_LABELS = {(type(value), value): label for value, label in _NAMED}

for _kind in {kind for kind, _ in _LABELS}:
    storable(_kind)


def label_of(value: Enum) -> Text:
    """What a value is called."""
    return _LABELS[type(value), value]
