"""The noise budget: how many messages that nobody asked for a reader gets in a week."""

from enum import StrEnum
from typing import Final


class Budget:
    """Unasked messages in a normal week, Monday to Sunday of the reader: what the product promises each reader."""

    REP: Final = 5
    MANAGER: Final = 10
    CHANNEL: Final = 5


class MessageKind(StrEnum):
    """Why a message is sent: the reader asked, has to act (a decision, a policy), or may be interested."""

    ANSWER = "answer"
    TASK = "task"
    NOTICE = "notice"

    @property
    def is_unasked(self) -> bool:
        """Whether the message counts against the budget."""
        return self is not MessageKind.ANSWER


def may_post(kind: MessageKind, unasked_this_week: int, limit: int) -> bool:
    """Whether a message may go out now; only a notice is held back, for the digest, once the budget is used up."""
    return kind is not MessageKind.NOTICE or unasked_this_week < limit
