"""What can go wrong between Telegram and the bot, on demand: `peer.faults.cut_answer("sendMessage")`.

Names of methods are those that Telegram writes, `download` is the fetch of a file, `*` the next call of any kind.
Where the bot polls, a dropped delivery is an empty answer, and a doubled one comes again after it was confirmed.
"""

from dataclasses import dataclass, field

from tests.peers import faults


@dataclass
class Faults(faults.Faults):
    """One object per peer; everything is well until a test says otherwise."""

    limited_chats: dict[int, float] = field(default_factory=dict)

    def limit_chat(self, chat: int, until: float) -> None:
        """Refuse every message into a chat until an instant of the peer's clock (`peer.clock.now() + 30`)."""
        self.limited_chats[chat] = until
