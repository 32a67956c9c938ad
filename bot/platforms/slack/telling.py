"""Tell one person something that is no message of the outbox: that it takes long, that it failed, who they are not.

Nothing of this is kept: when it cannot be said it is no loss, and the log has it.
"""

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.drawing import escaped
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import Spoken
from bot.platforms.slack.responding import respond

log = structlog.get_logger()


async def tell(client: AsyncWebClient, spoken: Spoken, words: str) -> None:
    """Say it where only they see it: by what their act opened, else in the place, else in their direct chat."""
    text, user, place = escaped(words), spoken.incoming.user, spoken.incoming.place
    if spoken.response_url and await respond(client, spoken.response_url, text=text, replace_original=False):
        return
    try:
        if not spoken.direct and not spoken.view:
            try:
                await client.chat_postEphemeral(channel=place.channel, user=user, thread_ts=place.thread, text=text)
            except SlackApiError as error:
                log.warning("could not say it in the channel", reason=reason_of(error))
            else:
                return
        await client.chat_postMessage(channel=user, text=text)
    except FAULTS as error:
        log.warning("could not tell somebody", user=user, reason=reason_of(error))
