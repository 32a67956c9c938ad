"""Write docs/commands.md from the declarations: `python -m tests.tools.commands_page`."""

from pathlib import Path

from bot.language import Reader, plain
from bot.registry import registry
from handlers.command import Command
from models.ranks import Rank

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
ENGLISH = Reader()
HEAD = """# Commands

Written by `python -m tests.tools.commands_page` from the declarations in handlers/; a test fails when it is stale.

In a direct chat and after a slash or a mention every line is read. In a channel a line without either is a command
only when it is exactly a command word, or starts with one and names what the command needs. In the thread of a card the
words marked with * work without naming the card; a sentence that begins like a decision counts there only where one
waits for whoever writes it. `approve` and `reject` alone show what waits, to choose.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(command) for command in registry().commands)


def _section(command: Command) -> str:
    words = [*command.words["en"], *command.words["zh"]]
    mark = " *" if command.in_thread else ""
    ranks = ", ".join(plain(rank, ENGLISH) for rank in Rank if rank in command.requires)
    personal = command.personal
    lines = [
        f"\n## {command.name}\n",
        f"{plain(command.summary, ENGLISH)}.\n",
        f"- Words: {', '.join(f'`{word}`' for word in words)}{mark}" if words else "- Words: none; a button only",
    ]
    if command.example is not None:
        lines.append(f"- For example: `{command.example.en}` or `{command.example.zh}`")
    lines += [
        f"- For: {ranks}; touches {command.scope.value} things; audited as `{command.audit}`",
        f"- Personal data: {_personal(personal.fields, personal)}",
    ]
    return "\n".join(lines) + "\n"


def _personal(fields: tuple[str, ...], personal: object) -> str:
    if not fields:
        return "none is written"
    purpose, retention, readers = (
        plain(getattr(personal, name), ENGLISH) for name in ("purpose", "retention", "readers")
    )
    return f"{', '.join(f'`{field}`' for field in fields)}, {purpose}; kept {retention}; read by {readers}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
