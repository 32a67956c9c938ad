"""A plugin of Errbot, as its documentation shows one: a webhook takes lines, a command writes one row."""

import os
import sqlite3
from typing import Any

from errbot import BotPlugin, botcmd, webhook
from errbot.backends.base import Message


class Deal(BotPlugin):  # type: ignore[misc]
    """Takes what Slack would post and does it as what a person typed."""

    def activate(self) -> None:
        super().activate()
        self.rows = sqlite3.connect(os.environ["PEER_DATABASE"], isolation_level=None, check_same_thread=False)
        self.rows.execute("PRAGMA journal_mode=WAL")
        self.rows.execute("PRAGMA synchronous=NORMAL")
        self.rows.execute("CREATE TABLE deal (id INTEGER PRIMARY KEY, person TEXT NOT NULL, line TEXT NOT NULL)")

    @webhook("/slack/events", raw=True)  # type: ignore[untyped-decorator]
    def events(self, request: Any) -> str:
        form = request.form
        typed = Message(body=f"{form['command']} {form['text']}", frm=self.build_identifier(form["user_id"]))
        typed.to = self.bot_identifier
        self._bot.process_message(typed)
        return "OK"

    @botcmd  # type: ignore[untyped-decorator]
    def deal(self, message: Message, line: str) -> None:
        self.rows.execute("INSERT INTO deal (person, line) VALUES (?, ?)", (message.frm.person, line))
