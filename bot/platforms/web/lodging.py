"""Lodging: everybody who exists lives in the workspace too, with an account and a chat with the bot.

The demo is seeded with both. Beside test peers people come by the set-up in chat, at any time, so it is looked after
whenever the workspace is asked for.
"""

import asyncio
from dataclasses import dataclass

from bot.directory import Directory, Snapshot
from models.channels import Channel, ChannelKind
from models.joining import chat_at
from models.people import Identity
from models.store import Store
from models.unit import Unit

PLATFORM, WORKSPACE = "web", "local"


@dataclass(frozen=True, slots=True)
class Lodging:
    """Gives the snapshot of a moment in which nobody is without a room."""

    store: Store
    directory: Directory

    async def known(self) -> Snapshot:
        """The newest snapshot, after whoever is new has moved in."""
        known = self.directory.now()
        if any(self._homeless(known)):
            await asyncio.wrap_future(self.store.write(self._move_in))
            known = self.directory.now()
        return known

    def _homeless(self, known: Snapshot) -> list[str]:
        """Who has no account here."""
        every = (person for person in known.people.values() if person.active)
        return [person.id for person in every if (PLATFORM, WORKSPACE, person.id) not in known.accounts]

    def _move_in(self, unit: Unit) -> None:
        known = self.directory.now()
        for person in self._homeless(known):
            if unit.get(Identity, (PLATFORM, WORKSPACE, person)) is not None:
                continue
            unit.add(Identity(platform=PLATFORM, workspace=WORKSPACE, user_id=person, person_id=person))
            room = f"web-{person}"
            chat = chat_at(unit, PLATFORM, WORKSPACE, room)  # theirs from before, where they come back
            if chat is None:
                chat = Channel(
                    id=room, platform=PLATFORM, workspace=WORKSPACE, external_id=room, kind=ChannelKind.DIRECT, name=""
                )
            chat.name, chat.person_id = known.people[person].name, person
            unit.add(chat)
