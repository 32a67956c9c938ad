"""A form as a line: what it shows can be sent back as it is."""

import pytest

from bot.forms import options_of
from bot.language import LANGUAGES, Reader, plain
from bot.registry import registry
from bot.typed_forms import entered
from models.intent import Draft, SlotField, slots_of
from models.message import Form

CHOICES = [
    (command.name, slot)
    for command in registry().commands
    for slot in slots_of(command.intent)
    if options_of(slot, Form(Draft(command.name, {}), (slot.name,)))
]


@pytest.mark.parametrize(("name", "slot"), CHOICES, ids=[f"{name}-{slot.name}" for name, slot in CHOICES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_taken_by_its_label(name: str, slot: SlotField, language: str) -> None:
    form = Form(Draft(name, {}), (slot.name,))

    for value, label in options_of(slot, form):
        line = f"Q-1 {plain(slot.slot.label, Reader(language))}: {plain(label, Reader(language))}"
        found = entered(line, form)
        assert found == {slot.name: [value] if slot.slot.input == "multiselect" else value}
