"""Send what only looks as if Slack or Telegram had sent it: every request must be refused with 4xx and leave no trace.

Each forgery is a true request with one thing about it changed; at the end the true one is accepted, once.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from urllib.parse import urlencode

import httpx
from sqlmodel import Session, func, select

from bot.app import Regatta
from bot.clock import SystemClock
from models.inbox import Delivery
from models.visits import Visit
from tests.crash.kill import Trial
from tests.peers.slack import SlackPeer
from tests.peers.slack.deliveries import signed
from tests.peers.slack.events import envelope, message_event
from tests.peers.telegram import TelegramPeer
from tests.stages import slack, telegram
from tests.stages.serving import served

LINE = 'visit account:"Kill 00000" met Jane'
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
FORM = "application/x-www-form-urlencoded"
TOO_OLD = 301
"""Seconds after which Slack's own documentation has a request refused as a replay."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Headers = list[tuple[str, bytes]]
Request = tuple[Headers, bytes]


async def run_forged_slack(template: Path, database: Path, number: int, seed: int) -> Trial:
    """Forge signatures, timestamps and bodies of events, commands and presses."""
    chance = Random(seed)
    async with SlackPeer.opened() as peer:
        users = slack.settle_company(template, database, peer)
        regatta = Regatta(slack.slack_settings(database, peer), SystemClock())
        user, channel, world = users["mike-davis"], peer.channel("us"), peer.world
        message = world.post(channel, user.id, LINE)
        event = json.dumps(envelope(world, message_event(world, message, peer.base), peer.base)).encode()
        command = urlencode(peer.interactions.command(user, channel, "/deal", "Kill 20k")).encode()
        pressed = urlencode({"payload": json.dumps({"type": "block_actions", "actions": []})}).encode()
        bodies = [(event, "application/json"), (command, FORM), (pressed, FORM)]

        def true(body: bytes, kind: str, *, age: int = 0, secret: str = world.app.signing_secret) -> Request:
            headers = signed(body, secret, int(peer.clock.real()) - age)
            return [(name, value.encode()) for name, value in (headers | {"Content-Type": kind}).items()], body

        def forge() -> Request:
            body, kind = chance.choice(bodies)
            way = chance.choice(SLACK_WAYS)
            if way is _late:
                return true(body, kind, age=chance.choice((-1, 1)) * chance.randint(TOO_OLD + 5, 10**9))
            if way is _anothers:
                return true(body, kind, secret=_letters(chance, 32).decode())
            return way(true(body, kind), chance)

        async with served(regatta) as url:
            return await _offer(regatta, f"{url}/slack/events", number, forge, lambda: true(*bodies[0]))


async def run_forged_telegram(template: Path, database: Path, number: int, seed: int) -> Trial:
    """Forge the secret that Telegram sends along."""
    chance = Random(seed)
    async with TelegramPeer.opened() as peer:
        users = telegram.settle(template, database, peer)
        regatta = Regatta(telegram.settings_of(database, peer), SystemClock())
        user = users["mike-davis"]
        chat = {"id": user.id, "type": "private", "first_name": "Mike"}
        sender = {"id": user.id, "is_bot": False, "first_name": "Mike"}
        said = {"message_id": 1, "date": int(peer.clock.real()), "chat": chat, "from": sender, "text": LINE}
        update = json.dumps({"update_id": 7, "message": said}).encode()

        def true() -> Request:
            kind = ("Content-Type", b"application/json")
            return [(SECRET_HEADER, telegram.SECRET.encode()), kind], update

        async with served(regatta) as url:
            return await _offer(
                regatta, f"{url}/telegram/webhook", number, lambda: chance.choice(TELEGRAM_WAYS)(true(), chance), true
            )


async def _offer(
    regatta: Regatta, url: str, number: int, forge: Callable[[], Request], true: Callable[[], Request]
) -> Trial:
    """Send the forgeries, look for what they left, and send the true request twice."""
    trial = Trial(number, 0)
    async with httpx.AsyncClient(timeout=10) as client:

        async def post(headers: Headers, body: bytes) -> int:
            raw = [(name.encode(), value) for name, value in headers]
            return (await client.post(url, headers=raw, content=body)).status_code

        for place in range(number):
            status = await post(*forge())
            if 400 <= status < 500:
                trial.answered.add(place)
            else:
                trial.faults.append(f"forgery {place} got {status}")
        trial.faults += [f"{what} are there after forgeries alone" for what in regatta.store.read(_left)]
        for status in [await post(*request) for request in [true()] * 2]:
            trial.faults += [] if status == httpx.codes.OK else [f"the true one got {status}"]
        trial.found[0] = regatta.store.read(lambda session: session.exec(select(func.count()).select_from(Visit)).one())
    trial.faults += [] if trial.found[0] == 1 else [f"the true request led to {trial.found[0]} visits"]
    return trial


def _left(session: Session) -> list[str]:
    counted = {
        "deliveries": session.exec(select(func.count()).select_from(Delivery)).one(),
        "visits": session.exec(select(func.count()).select_from(Visit)).one(),
    }
    return [f"{count} {what}" for what, count in counted.items() if count]


def _letters(chance: Random, most: int) -> bytes:
    return bytes(chance.choice(b"0123456789abcdefABCDEFxyz=.-_ ") for _ in range(chance.randint(1, most))).strip()


def _changed(value: bytes, chance: Random) -> bytes:
    """A value with one byte another one, missing, or more; never what HTTP reads as the same value."""
    place = chance.randrange(len(value))
    other = bytes([chance.choice([each for each in range(0x21, 0x7F) if each != value[place]])])
    return chance.choice((
        value[:place] + other + value[place + 1 :], value[:place] + value[place + 1 :], value[:place], value + other,
        value[:place] + chance.choice((b"\xff", b"\xe2\x82\xac", b"\x80")) + value[place + 1 :], value + value,
    ))  # fmt: skip


def _with(headers: Headers, name: str, *values: bytes) -> Headers:
    return [each for each in headers if each[0] != name] + [(name, value) for value in values]


def _value(headers: Headers, name: str) -> bytes:
    return next(value for key, value in headers if key == name)


def _late(request: Request, _chance: Random) -> Request:
    """Signed truly, but long ago or far ahead."""
    return request


def _anothers(request: Request, _chance: Random) -> Request:
    """Signed truly, with another app's secret."""
    return request


def _signature(request: Request, chance: Random) -> Request:
    headers, body = request
    value = _value(headers, SIGNATURE)
    forged = (
        _changed(value, chance), b"v0=" + _letters(chance, 80), b"v1=" + value[3:], value[3:], b"", b"v0=",
        b"v0=" + b"0" * 64,
    )  # fmt: skip
    return _with(headers, SIGNATURE, chance.choice(forged)), body


def _timestamp(request: Request, chance: Random) -> Request:
    headers, body = request
    value = _value(headers, STAMP)
    forged = (
        _changed(value, chance), str(chance.randint(-(10**12), 10**12)).encode(), value + b".0", b"-" + value, b"nan",
        b"inf", b"1e9", b"0x10", b"", b"9" * 400, "٣".encode(), _letters(chance, 20),
    )  # fmt: skip
    return _with(headers, STAMP, chance.choice(forged)), body


def _missing(request: Request, chance: Random) -> Request:
    headers, body = request
    gone = chance.choice(((SIGNATURE,), (STAMP,), (SIGNATURE, STAMP)))
    return [each for each in headers if each[0] not in gone], body


def _unsigned_check(request: Request, _chance: Random) -> Request:
    """What an older Slack asked without a signature."""
    headers = [each for each in request[0] if each[0] not in (SIGNATURE, STAMP)]
    return _with(headers, "Content-Type", b"application/x-www-form-urlencoded"), b"ssl_check=1&token=x"


def _body(request: Request, chance: Random) -> Request:
    headers, body = request
    added = chance.choice((b"&text=more", b" ", b"\x00", b"\xff", b"&ssl_check=1"))
    return headers, chance.choice((_changed(body, chance), body + added, b"", added))


def _secret(request: Request, chance: Random) -> Request:
    headers, body = request
    value = _value(headers, SECRET_HEADER)
    forged = (
        _changed(value, chance),
        value.upper(),
        value[::-1],
        b"",
        _letters(chance, 256),
        b"\xff\xfe",
        b"*",
        b"None",
    )
    return _with(headers, SECRET_HEADER, chance.choice(forged)), body


def _no_secret(request: Request, _chance: Random) -> Request:
    return [each for each in request[0] if each[0] != SECRET_HEADER], request[1]


def _twice(request: Request, chance: Random) -> Request:
    """A false secret before the true one is another value: two headers of one name are one list."""
    headers, body = request
    return _with(headers, SECRET_HEADER, _letters(chance, 20) or b"x", _value(headers, SECRET_HEADER)), body


SLACK_WAYS = (_signature, _timestamp, _missing, _unsigned_check, _body, _late, _anothers)
TELEGRAM_WAYS = (_secret, _no_secret, _twice)
