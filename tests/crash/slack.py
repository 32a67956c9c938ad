"""Kill the server at random moments while Slack delivers lines, and let Slack deliver again what got no answer."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlalchemy import text

from tests.crash.fleet import Fleet, ServerOf
from tests.crash.forked import ForkedServer
from tests.crash.kill import PEOPLE, Trial
from tests.crash.many import all_sent
from tests.crash.visits import count_visits
from tests.databases import opened
from tests.peers.slack import SlackPeer
from tests.server import Server
from tests.stages.slack import settle_company

MARK = re.compile("This may be a repeat|这条可能是重复消息")
IN_FLIGHT = 8
CONNECTS_WITHIN = 30.0
ENOUGH = 0.9


def _server(database: Path, peer: SlackPeer, *, socket_mode: bool, of: "ServerOf") -> Server | Fleet:
    """A server that reaches the peer, by requests or over Socket Mode."""
    app = peer.world.app
    way = {"SLACK_APP_TOKEN": app.app_token} if socket_mode else {"SLACK_SIGNING_SECRET": app.signing_secret}
    server = of(database, SLACK_BOT_TOKEN=app.bot_token, SLACK_API_URL=peer.api_url, **way)
    peer.request_url = None if socket_mode else f"{server.url}/slack/events"
    return server


async def _start(server: Server | Fleet, peer: SlackPeer) -> None:
    """Start it, and wait until Slack reaches it."""
    await asyncio.to_thread(server.start)
    if peer.request_url is None:
        await peer.world.eventually(lambda: peer.socket_mode.connections, CONNECTS_WITHIN)


async def run_slack_trial(
    template: Path,
    database: Path,
    commands: int,
    kills: int,
    seed: int,
    *,
    socket_mode: bool = False,
    of: ServerOf = ForkedServer,
) -> Trial:
    """Type lines into channels, killing and restarting on the way; then compare what was acknowledged with rows."""
    moments, trial = Random(seed), Trial(commands, kills)
    async with SlackPeer.opened() as peer:
        users = settle_company(template, database, peer)
        server = _server(database, peer, socket_mode=socket_mode, of=of)
        await _start(server, peer)
        peer.faults.double_deliveries(commands // 2)
        up = asyncio.Event()
        up.set()

        async def type_lines(numbers: list[int]) -> None:
            for number in numbers:
                await up.wait()  # else all would be typed while nobody hears
                person, place = PEOPLE[number % len(PEOPLE)]
                await peer.say(users[person], peer.channel(place), f'visit account:"Kill {number:05d}" met Jane')

        typing = [
            asyncio.create_task(type_lines(list(range(start, commands, IN_FLIGHT)))) for start in range(IN_FLIGHT)
        ]
        for _ in range(kills):
            await asyncio.sleep(moments.uniform(0.05, 0.4))
            server.kill()
            up.clear()
            await _start(server, peer)
            up.set()
            peer.clock.advance(60)
        await asyncio.gather(*typing)
        for _ in range(3):
            peer.clock.advance(400)
            await asyncio.sleep(0.3)
        await peer.deliveries.settle()
        if isinstance(server, Fleet):
            server.kill_all_but_one()
            await all_sent(database, trial)
            server.close()
        else:
            server.kill()
        _count(peer, trial)
        _look_at_answers(peer, trial, is_over=isinstance(server, Fleet))
    _look_at_order(database, trial)
    count_visits(database, trial)
    if len(trial.answered) < commands * ENOUGH:
        trial.faults.append(f"only {len(trial.answered)} of {commands} lines were acknowledged: nothing is proved")
    return trial


def _look_at_answers(peer: SlackPeer, trial: Trial, *, is_over: bool) -> None:
    """Each line is answered once (where that is over), and where more than once, with a mark."""
    bot, told = peer.world.app.user_id, Counter[int]()
    for posts in peer.world.messages.values():
        for said in (f"{one.text} {one.blocks}" for one in posts if one.user == bot):
            if not MARK.search(said):
                told.update({int(number) for number in re.findall(r"Kill (\d{5})", said)})
    trial.faults += [f"line {number} was answered {n} times without a mark" for number, n in told.items() if n > 1]
    silent = trial.answered - set(told) - _marked(peer) if is_over else set()
    trial.faults += [f"line {number} got no answer" for number in sorted(silent)]


def _look_at_order(database: Path, trial: Trial) -> None:
    """Each channel has its messages in the order in which they were written, whichever process sent them."""
    last: dict[str, float] = {}
    written = "SELECT channel_id, message_id FROM outbox WHERE edits IS NULL AND state = 'sent' ORDER BY id"
    with opened(database) as rows:
        for channel, message in rows.execute(text(written)):
            if re.fullmatch(r"\d+\.\d+", message or ""):
                if float(message) < last.get(channel, 0.0):
                    trial.faults.append(f"message {message} of {channel} was overtaken")
                last[channel] = float(message)


def _marked(peer: SlackPeer) -> set[int]:
    texts = (f"{one.text} {one.blocks}" for posts in peer.world.messages.values() for one in posts)
    return {int(number) for text in texts if MARK.search(text) for number in re.findall(r"Kill (\d{5})", text)}


def _count(peer: SlackPeer, trial: Trial) -> None:
    """Count the lines that were acknowledged, and the deliveries that were brought again."""
    attempts = peer.deliveries.attempts
    lines = [each.body["event"].get("text", "") for each in attempts if each.answer and each.answer.ok]
    trial.answered.update(int(line.split('"')[1].split()[1]) for line in lines if line.startswith("visit account:"))
    trial.repeated = sum(attempt.retry_num > 0 for attempt in attempts)
