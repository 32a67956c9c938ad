"""Files that an administrator drops in their direct chat: fetched from Slack, and from nowhere else.

docs.slack.dev/reference/objects/file-object: the address wants the bot's token and the scope files:read; without
them it answers with a page to sign in on.
"""

from dataclasses import dataclass, replace

import structlog
from aiohttp import ClientTimeout
from yarl import URL

from bot.directory import Directory
from bot.due import reader_of
from bot.language import plain
from bot.platforms.base import Dropped
from bot.platforms.slack.client import Client
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import Shared, Spoken
from bot.proxies import proxy_for
from handlers.command import ADMINS
from handlers.importing.sheets import MOST_BYTES, is_table, too_large
from models.text import Text

log = structlog.get_logger()

OK = 200
WITHIN = ClientTimeout(total=60)
PIECE = 65_536


class _TooLargeError(Exception):
    """Raised for a file of more bytes than are read."""


class _NotServedError(Exception):
    """Raised for a file that Slack does not give."""


@dataclass(frozen=True)
class Files:
    """Fetches what was dropped."""

    client: Client
    directory: Directory

    async def fetched(self, spoken: Spoken) -> tuple[Spoken, str]:
        """What was said with the file that came along; instead of it the words to say, where it did not come through.

        Words beside a picture stay words. A file of somebody who may not import is not fetched: they are refused.
        """
        incoming, known = spoken.incoming, self.directory.now()
        place = incoming.platform, incoming.workspace, incoming.user
        person, channel = known.person_of(*place), known.places.get(place)
        tables = [file for file in spoken.shared if is_table(file.name)]
        is_words = bool(incoming.text and incoming.text.strip())
        if not spoken.direct or person is None or channel is None or (is_words and not tables):
            return spoken, ""
        if person.rank not in ADMINS and (is_words or not tables):
            return spoken, ""
        if person.rank not in ADMINS or not tables:
            return _with(spoken, Dropped(spoken.shared[0].name, b"")), ""
        found = await self._one_of(spoken.shared)
        if isinstance(found, Dropped):
            return _with(spoken, found), ""
        return spoken, plain(found, reader_of(known, channel, person.id))

    async def _one_of(self, shared: tuple[Shared, ...]) -> Dropped | Text:
        """The one file, or what is the matter with it."""
        file = shared[0]
        if len(shared) > 1:
            return Text("Send one file at a time, so that it is clear which one counts; nothing was done.")
        if file.size > MOST_BYTES:
            return too_large(file.name)
        try:
            return Dropped(file.name, await self._content(file.url))
        except _TooLargeError:
            return too_large(file.name)
        except (*FAULTS, _NotServedError, ValueError) as error:
            reason = str(error) if isinstance(error, _NotServedError) else reason_of(error)
            log.warning("a file did not come through", reason=reason)
            return Text(
                "{file} did not come through, so nothing was done. Drop it again; if that does not help, "
                "`regatta doctor` says what is missing.",
                file=file.name,
            )

    async def _content(self, address: str) -> bytes:
        session, url = self.client.session, URL(address)
        if session is None or not is_slacks(url, URL(self.client.base_url)):
            raise _NotServedError("not an address of Slack's")
        token, content = {"Authorization": f"Bearer {self.client.token}"}, bytearray()
        proxy = proxy_for(address)
        async with session.get(url, headers=token, allow_redirects=False, timeout=WITHIN, proxy=proxy) as answer:
            if answer.status != OK or answer.content_type == "text/html":
                raise _NotServedError(f"{answer.status} {answer.content_type}")
            async for piece in answer.content.iter_chunked(PIECE):
                content += piece
                if len(content) > MOST_BYTES:
                    raise _TooLargeError
        return bytes(content)


def is_slacks(url: URL, api: URL) -> bool:
    """Whether an address is of the host that serves the API, or below it, as files.slack.com is below slack.com."""
    host, own = url.host or "", api.host or ""
    return (url.scheme, url.port) == (api.scheme, api.port) and (host == own or host.endswith(f".{own}"))


def _with(spoken: Spoken, file: Dropped) -> Spoken:
    return replace(spoken, incoming=replace(spoken.incoming, file=file))
