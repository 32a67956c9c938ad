"""What help looks like in chat."""

from collections.abc import Sequence

from models.help import Capability
from models.message import Message, Table
from models.text import Text, Value, verbatim


def overview(offered: Sequence[Capability]) -> Message:
    """One line a command: what it does and how to say it."""
    rows: tuple[tuple[Value, ...], ...] = tuple((one.summary, _line(one)) for one in offered)
    return Message(
        lines=(Text("Here is what you can say. In a channel, begin with a slash or mention me."),),
        table=Table((Text("What it does"), Text("What to type")), rows),
    )


def usage(one: Capability) -> Message:
    """One command: what it does, its words and an example."""
    words = verbatim(" · ".join(one.words))
    lines = (one.summary, Text("Words: {words}", words=words), Text("Example: {line}", line=_line(one)))
    return Message(lines=lines)


def _line(one: Capability) -> Value:
    return one.example or one.words[0]
