"""python-telegram-bot's own webhook, with one command and one row a command."""

import sqlite3
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler

port, database, token, secret, api = sys.argv[1:]
rows = sqlite3.connect(database, isolation_level=None)
rows.execute("PRAGMA journal_mode=WAL")
rows.execute("PRAGMA synchronous=NORMAL")
rows.execute("CREATE TABLE deal (key INTEGER PRIMARY KEY, person INTEGER NOT NULL, line TEXT NOT NULL)")


async def deal(update: Update, _: Any) -> None:
    if update.effective_user is not None and update.effective_message is not None:
        line = update.effective_message.text
        rows.execute("INSERT INTO deal VALUES (?, ?, ?)", (update.update_id, update.effective_user.id, line))


application = Application.builder().token(token).base_url(f"{api}/bot").build()
application.add_handler(CommandHandler("deal", deal))
application.run_webhook(
    "127.0.0.1", int(port), "telegram/webhook", webhook_url="https://example.com:8443/telegram/webhook",
    secret_token=secret,
)  # fmt: skip
