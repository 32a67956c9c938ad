"""Errbot with its own web server and one command, in the backend that it has for itself alone.

Its backends for Slack and Telegram ask and are not called, so a webhook of a plugin takes the lines, and checks
no signature.
"""

import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from errbot.bootstrap import bot_config_defaults, setup_bot

port, database = sys.argv[1:]
os.environ["PEER_DATABASE"] = database
folder = Path(tempfile.mkdtemp(dir=Path(database).parent))
plugin = folder / "plugins"
plugin.mkdir()
shutil.copy(Path(__file__).with_name("errbot_deal.py"), plugin / "deal.py")
(plugin / "deal.plug").write_text("[Core]\nName = Deal\nModule = deal\n[Python]\nVersion = 3\n", encoding="utf-8")

config = SimpleNamespace(
    BOT_DATA_DIR=str(folder), BOT_EXTRA_PLUGIN_DIR=str(plugin), BOT_LOG_FILE=str(folder / "log"),
    BOT_LOG_LEVEL=logging.WARNING, BOT_ADMINS=("@nobody",), BOT_PREFIX="/", CORE_PLUGINS=("Webserver",),
)  # fmt: skip
bot_config_defaults(config)
logging.getLogger("werkzeug").setLevel(logging.ERROR)
bot = setup_bot("Null", logging.getLogger(), config)
webserver = {"HOST": "127.0.0.1", "PORT": int(port), "SSL": None}
bot.plugin_manager.set_plugin_configuration("Webserver", webserver)
bot.serve_forever()
