"""`python -m bot`, with a third of the time to stop."""

import bot.app
import bot.delivery
import bot.platforms.slack.connection
import bot.serve
from bot.cli import main

FACTOR = 3

if __name__ == "__main__":
    for module in (bot.app, bot.delivery, bot.platforms.slack.connection):
        vars(module)["STOP_SECONDS"] /= FACTOR
    vars(bot.serve)["DRAIN_SECONDS"] = 2
    main()
