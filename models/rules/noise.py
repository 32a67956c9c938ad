"""The noise budget: how many messages that nobody asked for a reader gets in a week."""

from typing import Final


class Budget:
    """Unasked messages in a normal week, Monday to Sunday of the reader: what the product promises each reader."""

    REP: Final = 5
    MANAGER: Final = 10
    CHANNEL: Final = 5
