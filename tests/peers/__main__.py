"""Serve the stand-ins with a few people in them, so that a developer can talk to the bot without an account.

`./dev peers` starts both, `./dev peers telegram --port 9000` one, `--bot http://127.0.0.1:8400` for a bot that does not
listen at 8300. What is printed goes into `.env`.
"""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from tests.peers.slack import SlackPeer
from tests.peers.telegram import TelegramPeer

BOT_PORT = 8300
PORTS = {"slack": 8301, "telegram": 8302}

REGION, HEADQUARTERS = "DACH", "HQ"


def bot_address(given: str) -> str:
    """Where the bot is, without a slash at the end."""
    try:
        parts = urlsplit(given)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.path.strip("/"):
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:  # brackets or a port that are none
        pass
    raise argparse.ArgumentTypeError(f"give the bot's address, such as http://127.0.0.1:8400, not {given}")


async def serve_slack(stack: AsyncExitStack, port: int, address: str) -> list[str]:
    """Start Slack with a rep and a manager of one region, and headquarters; returns what the bot must be told."""
    bot = f"{address}/slack/events"
    peer = await stack.enter_async_context(SlackPeer.opened(port=port, request_url=bot))
    rep = peer.world.add_user("anna-schmidt", tz="Europe/Berlin", locale="de-DE")
    manager = peer.world.add_user("jonas-weber", tz="Europe/Berlin", locale="de-DE")
    head = peer.world.add_user("helen-park", tz="Europe/London", locale="en-GB")
    peer.world.add_channel(REGION.lower(), [rep, manager, head])
    peer.world.add_channel(HEADQUARTERS.lower(), [manager, head])
    app = peer.world.app
    return [
        f"# Slack: open {peer.base} to read and write as anybody; the bot is called at {bot}",
        f"REGATTA_PUBLIC_URL={address}",
        *_port_of(address),
        f"SLACK_API_URL={peer.api_url}",
        f"SLACK_BOT_TOKEN={app.bot_token}",
        f"SLACK_SIGNING_SECRET={app.signing_secret}",
    ]


def _port_of(address: str) -> list[str]:
    """The setting that makes a bot on this machine listen elsewhere than at its own port."""
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return [f"REGATTA_PORT={parts.port}"] if here and parts.port not in (None, BOT_PORT) else []


async def serve_telegram(stack: AsyncExitStack, port: int, _address: str) -> list[str]:
    """Start Telegram with the same people; nobody has pressed Start yet."""
    peer = await stack.enter_async_context(TelegramPeer.opened(port=port))
    rep = peer.world.add_user("Anna", "Schmidt", username="anna_schmidt", language_code="de")
    manager = peer.world.add_user("Jonas", "Weber", language_code="de")
    head = peer.world.add_user("Helen", "Park", username="helen_park")
    peer.world.add_supergroup(REGION, [rep, head], owner=manager)
    peer.world.add_supergroup(HEADQUARTERS, [manager], owner=head, is_forum=True)
    return [
        f"# Telegram: open {peer.base} to read and write as anybody; the bot polls unless it gives an address",
        f"TELEGRAM_API_URL={peer.api_url}",
        f"TELEGRAM_BOT_TOKEN={peer.world.bot.token}",
    ]


SERVED = {"slack": serve_slack, "telegram": serve_telegram}


async def serve(names: list[str], port: int | None, bot: str) -> None:
    """Serve until the program is told to end."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with AsyncExitStack() as stack:
        for place, name in enumerate(names):
            at = PORTS[name] if port is None else port + place if port else 0
            sys.stdout.write("\n".join([*await SERVED[name](stack, at, bot), "", ""]))
            sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./dev peers", description="Serve the stand-ins for the chat platforms.")
    parser.add_argument("peer", nargs="?", choices=sorted(SERVED), help="which one; both when none is named")
    parser.add_argument("--port", type=int, help="the first one's port, 0 for any; Slack 8301 and Telegram 8302")
    bot = f"http://127.0.0.1:{os.environ.get('REGATTA_PORT') or BOT_PORT}"
    parser.add_argument("--bot", metavar="URL", default=bot, type=bot_address, help=f"where Slack calls the bot; {bot}")
    asked = parser.parse_args()
    try:
        asyncio.run(serve([asked.peer] if asked.peer else list(SERVED), asked.port, asked.bot))
    except OSError as refused:
        parser.exit(1, f"{refused.strerror}\n" if refused.strerror else f"{refused}\n")


if __name__ == "__main__":
    main()
