"""The slot types that intents are made of."""

from datetime import date
from fractions import Fraction
from typing import Annotated

from models.intent import Slot
from models.money import Money
from models.stages import Stage
from models.text import Text

AccountName = Annotated[str, Slot("account", Text("Account"))]
Amount = Annotated[Money, Slot("amount", Text("Amount"), "amount")]
CloseDate = Annotated[date, Slot("close", Text("Close date"), "date")]
Day = Annotated[date, Slot("date", Text("Date"), "date")]
PastDay = Annotated[date, Slot("past", Text("Date"), "date")]
StageSlot = Annotated[Stage, Slot("stage", Text("Stage"), "select")]
Tags = Annotated[tuple[str, ...], Slot("tags", Text("Tags"))]
Note = Annotated[str, Slot("note", Text("Note"), "textarea")]
ContractLink = Annotated[str, Slot("url", Text("Contract link"), "url")]
DealNumber = Annotated[str, Slot("deal", Text("Deal"))]
RequestNumber = Annotated[str, Slot("request", Text("Request"))]
PolicyNumber = Annotated[str, Slot("policy", Text("Policy"))]
VisitNumber = Annotated[str, Slot("visit", Text("Visit"))]
RegionId = Annotated[str, Slot("region", Text("Region"), "select")]
Reason = Annotated[str, Slot("text", Text("Reason"), "textarea")]
Words = Annotated[str, Slot("text", Text("Text"), "textarea")]
Share = Annotated[Fraction, Slot("percent", Text("Percent"))]
