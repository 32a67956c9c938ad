"""What several capabilities write about people, said once."""

from handlers.command import KEPT, PersonalData
from models.text import Text

OWNED_DEAL = PersonalData(
    ("deal.owner_id", "deal_entry.person_id", "rollup.person_id"),
    Text("to credit the deal and show its history"),
    KEPT,
    Text("the person, their manager and HQ"),
)
