"""Check the bot from outside: whether the token works, what the bot may hear, and how updates come.

core.telegram.org/bots/api#getme, #getwebhookinfo.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.platforms.telegram.webhook import PATH
from bot.proxies import is_here
from bot.settings import Settings, is_loopback

WITHIN = 10.0
PORTS = (443, 80, 88, 8443)
_PRIVACY = {
    False: "privacy mode is on: in groups it hears commands, mentions of it and replies to it, and no other words. For "
    "answers in a card's thread without a reply to the bot: @BotFather, /setprivacy, Disable; then add it to the "
    "groups anew.",
    True: "privacy mode is off: it hears everything in its groups, and answers only what is meant for it",
}

Finding = tuple[str, bool, str]


class _CannotAskError(Exception):
    """Carries the sentence that says why, and what to do."""


def examine_telegram(settings: Settings) -> Iterator[Finding]:
    """Give (name, healthy, what to do) for the token, the groups, privacy mode, the address and the webhook."""
    if settings.telegram_bot_token is None:
        return
    try:
        me, info = _asked(settings, "getMe"), _asked(settings, "getWebhookInfo")
    except _CannotAskError as error:
        yield "telegram", False, str(error)
        return
    yield "telegram", True, f"the token works, for @{me.get('username')}"
    if not me.get("can_join_groups"):
        yield "telegram", False, "it cannot be added to groups: @BotFather, /setjoingroups, Enable."
    yield "telegram", True, _PRIVACY[bool(me.get("can_read_all_group_messages"))]
    if settings.telegram_webhook_secret is None:
        yield _polling(str(info.get("url") or ""))
    else:
        yield from _webhook(settings, info)
    yield from _waiting(info)


def _asked(settings: Settings, method: str) -> dict[str, Any]:
    """Call a method; the token is in the address, so no error of the library's is shown."""
    token, root = settings.telegram_bot_token, settings.telegram_api_url.rstrip("/")
    try:
        address = f"{root}/bot{token.get_secret_value() if token else ''}/{method}"
        answer = httpx.get(address, timeout=WITHIN, trust_env=not is_here(root))
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        why = f"{root} does not answer ({type(error).__name__})"
        raise _CannotAskError(f"{why}; check the network or a proxy. It cannot be reached in mainland China.") from None
    if found.get("ok"):
        return dict(found["result"])
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND):
        raise _CannotAskError(
            "Telegram does not know TELEGRAM_BOT_TOKEN: copy it again, @BotFather, /mybots, API Token."
        )
    raise _CannotAskError(f"Telegram says {found.get('description')}.")


def _polling(url: str) -> Finding:
    if not url:
        return "telegram", True, "updates are asked for (polling): no public address is needed"
    note = (
        f"it is to poll, and a webhook is set at {url}: stop the process there, or give it a bot of its own. A start "
        "here takes the webhook away; to use it, set TELEGRAM_WEBHOOK_SECRET."
    )
    return "telegram", False, note


def _webhook(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    url, public = str(info.get("url") or ""), settings.regatta_public_url
    if public is None:
        note = f"updates are delivered to {url}, as somebody told Telegram"
        missing = "Telegram was told no address: set REGATTA_PUBLIC_URL, or leave TELEGRAM_WEBHOOK_SECRET out to poll."
        yield "telegram", bool(url), note if url else missing
        return
    wanted = public.rstrip("/") + PATH
    fault = _address_fault(public)
    if fault:
        yield "telegram", False, fault
    elif url == wanted:
        yield "telegram", True, f"updates are delivered to {url}"
    elif not url:
        yield "telegram", True, f"no webhook is set; the next start sets it to {wanted}"
    else:
        note = f"updates are delivered to {url}, not to {wanted}: stop the process there, then start this one anew."
        yield "telegram", False, note


def _address_fault(public: str) -> str | None:
    """Why Telegram would not take an address; plain HTTP to this machine is for a server of one's own."""
    try:
        address = urlsplit(public)
        host, port = address.hostname or "", address.port
    except ValueError:
        return f"REGATTA_PUBLIC_URL is no address: {public}."
    if is_loopback(host):
        return None
    if address.scheme != "https":
        return f"Telegram delivers over HTTPS only: REGATTA_PUBLIC_URL must begin with https:// instead of {public}."
    if port not in (None, *PORTS):
        return f"Telegram delivers to the ports 443, 80, 88 and 8443 only: change port {port} in REGATTA_PUBLIC_URL."
    return None


def _waiting(info: dict[str, Any]) -> Iterator[Finding]:
    """What waits at Telegram, and what went wrong at the last delivery."""
    waiting, error = int(info.get("pending_update_count") or 0), info.get("last_error_message")
    if error:
        at = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
        note = f"the last delivery that failed, at {at:%Y-%m-%d %H:%M} UTC: {error}. Updates that wait: {waiting}."
        advice = " See that the address can be reached from outside and that the bot runs." if waiting else ""
        yield "telegram", waiting == 0, note + advice
    elif waiting:
        note = f"updates that wait: {waiting}; a running bot takes them at once, Telegram keeps them a day"
        yield "telegram", True, note
