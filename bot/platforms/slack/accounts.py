"""What Slack says of an account that nobody here knows: whether it is a guest's, and which address it verified.

Fields: docs.slack.dev/reference/objects/user-object; the address needs the scope users:read.email.
"""

import asyncio
from dataclasses import dataclass, replace

import structlog

from bot.directory import Directory
from bot.linking import code_in
from bot.platforms.base import Incoming
from bot.platforms.slack.client import Client
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import BOT, Body, Spoken, is_guest

log = structlog.get_logger()

LOOK_UP_SECONDS = 1.5
"""How long Slack may take to say who somebody is: what they did is acknowledged after it, within three seconds."""


@dataclass(frozen=True)
class Accounts:
    """Looks accounts up."""

    client: Client
    directory: Directory

    async def looked_up(self, spoken: Spoken) -> tuple[Incoming, bool]:
        """What was done, with the verified address of an account that nobody knows; whether a guest asks for a link.

        Who asks for a link and cannot be looked up is not linked: this raises.
        """
        incoming = spoken.incoming
        if incoming.foreign:
            return incoming, False
        if code_in(incoming.text) is not None:
            guest = is_guest(await self._info(incoming.user))
            return replace(incoming, foreign=guest), guest
        to_the_bot = spoken.direct or spoken.trigger is not None or BOT in (incoming.text or "")
        is_known = self.directory.now().person_of(incoming.platform, incoming.workspace, incoming.user) is not None
        if is_known or incoming.quoted or not to_the_bot:
            return incoming, False
        return replace(incoming, email=await self._verified_address(incoming)), False

    async def _info(self, account: str) -> Body:
        """What Slack says of an account; raise TimeoutError when it says nothing for long."""
        async with asyncio.timeout(LOOK_UP_SECONDS):
            answer = await self.client.users_info(user=account)
        user: Body = answer["user"]
        return user

    async def _verified_address(self, incoming: Incoming) -> str | None:
        """The address of a member of this workspace; none of a guest's, a bot's or another organisation's account."""
        try:
            user = await self._info(incoming.user)
        except FAULTS as error:
            log.warning("could not look an account up", user=incoming.user, reason=reason_of(error))
            return None
        is_member = user.get("team_id") == incoming.workspace and not (user.get("deleted") or user.get("is_bot"))
        if not is_member or is_guest(user) or user.get("is_stranger") or not user.get("is_email_confirmed"):
            return None
        address = (user.get("profile") or {}).get("email")
        return address if isinstance(address, str) else None
