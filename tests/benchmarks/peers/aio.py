"""aiogram's own webhook, with one command and one row a command."""

import sqlite3
import sys

from aiogram import Bot, Dispatcher
from aiogram.filters import Command
from aiogram.types import Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

port, database, token, secret = sys.argv[1:]
rows = sqlite3.connect(database, isolation_level=None)
rows.execute("PRAGMA journal_mode=WAL")
rows.execute("PRAGMA synchronous=NORMAL")
rows.execute("CREATE TABLE deal (key INTEGER PRIMARY KEY, person INTEGER NOT NULL, line TEXT NOT NULL)")
dispatcher = Dispatcher()


@dispatcher.message(Command("deal"))  # type: ignore[untyped-decorator]
async def deal(message: Message, event_update: Update) -> None:
    if message.from_user is not None:
        rows.execute("INSERT INTO deal VALUES (?, ?, ?)", (event_update.update_id, message.from_user.id, message.text))


app = web.Application()
SimpleRequestHandler(dispatcher, Bot(token), secret_token=secret).register(app, "/telegram/webhook")
web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)
