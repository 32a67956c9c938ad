"""Tell one person something that is no message of the outbox: that it takes long, that it failed, who they are not.

Nothing of this is kept: when it cannot be said it is no loss, and the log has it.
"""

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.drawing import escaped
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import Spoken

log = structlog.get_logger()

OK = 200


async def respond(client: AsyncWebClient, url: str, **said: object) -> bool:
    """Post to a response_url; false when Slack does not take it (any more)."""
    webhook = AsyncWebhookClient(url, session=client.session, retry_handlers=[])
    try:
        answer = await webhook.send_dict(said)
    except FAULTS as error:
        log.warning("a response_url did not answer", reason=reason_of(error))
        return False
    if answer.status_code != OK:
        log.warning("a response_url was refused", status=answer.status_code, reason=answer.body[:200])
    return answer.status_code == OK


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
