"""Answer by a response_url: it can be used five times within thirty minutes, and says by its status whether it was.

docs.slack.dev/interactivity/handling-user-interaction.
"""

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.faults import FAULTS, reason_of
from bot.proxies import proxy_for

log = structlog.get_logger()

OK = 200


async def respond(client: AsyncWebClient, url: str, **said: object) -> bool:
    """Post to a response_url; false when Slack does not take it (any more)."""
    webhook = AsyncWebhookClient(url, session=client.session, retry_handlers=[])
    webhook.proxy = proxy_for(url)
    try:
        answer = await webhook.send_dict(said)
    except FAULTS as error:
        log.warning("a response_url did not answer", reason=reason_of(error))
        return False
    if answer.status_code != OK:
        log.warning("a response_url was refused", status=answer.status_code, reason=answer.body[:200])
    return answer.status_code == OK
