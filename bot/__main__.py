"""`python -m bot` and the `regatta` command."""

import gc

OBJECTS = 50_000
"""So many objects more until the collector looks through the newest. With the interpreter's own 700 it takes a quarter
of a start, whose objects nearly all stay, and a twentieth of every command."""


def main() -> None:
    """Load the command line and run it."""
    gc.set_threshold(OBJECTS)
    from bot.cli import main as run  # noqa: PLC0415  what is loaded here is what the collector should leave alone

    run()


if __name__ == "__main__":
    main()
