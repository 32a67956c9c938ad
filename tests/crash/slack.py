"""Kill the server at random moments while Slack delivers lines, and let Slack deliver again what got no answer."""

import asyncio
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from tests.crash.kill import PEOPLE, Trial
from tests.crash.visits import count_visits
from tests.peers.slack import SlackPeer
from tests.server import Server
from tests.stages.slack import settle_company

IN_FLIGHT = 8


async def run_slack_trial(template: Path, database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Type lines into channels, killing and restarting on the way; then compare what was acknowledged with rows."""
    moments, trial = Random(seed), Trial(commands, kills)
    async with SlackPeer.opened() as peer:
        users = settle_company(template, database, peer)
        app = peer.world.app
        server = Server(
            database, SLACK_BOT_TOKEN=app.bot_token, SLACK_SIGNING_SECRET=app.signing_secret, SLACK_API_URL=peer.api_url
        ).start()
        peer.request_url = f"{server.url}/slack/events"

        peer.faults.double_deliveries(commands // 2)

        async def type_lines(numbers: list[int]) -> None:
            for number in numbers:
                person, place = PEOPLE[number % len(PEOPLE)]
                await peer.say(users[person], peer.channel(place), f'visit account:"Kill {number:05d}" met Jane')

        typing = [
            asyncio.create_task(type_lines(list(range(start, commands, IN_FLIGHT)))) for start in range(IN_FLIGHT)
        ]
        for _ in range(kills):
            await asyncio.sleep(moments.uniform(0.05, 0.4))
            server.kill()
            await asyncio.to_thread(server.start)
            peer.clock.advance(60)
        await asyncio.gather(*typing)
        for _ in range(3):
            peer.clock.advance(400)
            await asyncio.sleep(0.3)
        await peer.deliveries.settle()
        server.kill()
        texts = [
            attempt.body["event"].get("text", "")
            for attempt in peer.deliveries.attempts
            if attempt.answer and attempt.answer.ok
        ]
        trial.answered.update(int(text.split('"')[1].split()[1]) for text in texts if text.startswith("visit account:"))
        trial.repeated = sum(attempt.retry_num > 0 for attempt in peer.deliveries.attempts)
    count_visits(database, trial)
    return trial
