"""Quoting: somebody points at words that were not said to the bot, to have them read as a deal.

Whoever wrote them, the deal is that of the one who points, and nothing counts before they have looked at it in a form.
"""

from bot.understanding import TEXT_LIMIT, Speaker, Wanted
from handlers.command import Registry
from handlers.grammar.deal_line import read_deal
from models.deals import LogDeal
from models.intent import Draft, name_of, slots_of

_SHOWN = ("account", "amount", "close_on", "stage", "tags", "note")


def quoted_deal(text: str, speaker: Speaker, registry: Registry) -> Wanted:
    """Read words as far as they are a deal; what is unclear or missing stays empty in the form."""
    command, reading = registry.by_intent[name_of(LogDeal)], read_deal(text[:TEXT_LIMIT], speaker.reading)
    values = {slot.name: reading.values.get(slot.slot.kind) for slot in slots_of(LogDeal)}
    known = {name: value for name, value in values.items() if value is not None}
    return Wanted(command, Draft(command.name, known, _SHOWN, reading.claims))
