"""`python -m bot` with as many commands as BENCH_COMMANDS says: the one that reports a deal, and others beside it."""

import os
from dataclasses import make_dataclass, replace

import bot.app
from bot.__main__ import main
from handlers.command import Command, Registry
from handlers.deals import log_deal
from models.intent import intent
from models.slots import Note


def _registry() -> Registry:
    deal: Command = log_deal.command  # type: ignore[attr-defined]
    return Registry((*(_other(deal, number) for number in range(int(os.environ["BENCH_COMMANDS"]) - 1)), deal))


def _other(deal: Command, number: int) -> Command:
    kind = intent(f"other{number}")(make_dataclass(f"Other{number}", [("text", Note)], frozen=True, slots=True))
    return replace(deal, intent=kind, en=(f"other{number}", f"another {number}"), zh=(f"别的{number}",))


if __name__ == "__main__":
    vars(bot.app)["registry"] = _registry
    main()
