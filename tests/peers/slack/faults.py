"""What can go wrong between Slack and an app, on demand: `peer.faults.cut_answer("chat.postMessage")`.

A method's name, `response_url`, `upload` (the second step of a file), `files-pri` (its download), or `*` for the
next call of any kind.
"""

from dataclasses import dataclass, field

from tests.peers import faults


@dataclass
class Faults(faults.Faults):
    """One object per peer; everything is well until a test says otherwise.

    Doubled events go out at the same time under the same event_id; a dropped attempt counts as timed out.
    """

    deaf: bool = False
    limited_channels: dict[str, float] = field(default_factory=dict)

    def limit_channel(self, channel: str, until: float) -> None:
        """Refuse every post into a channel until an instant of the peer's clock (`peer.clock.now() + 30`)."""
        self.limited_channels[channel] = until
