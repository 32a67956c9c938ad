"""Check the Slack app from outside: does the token work, and may it do what the bot does."""

from collections.abc import Iterator

import httpx
from pydantic import SecretStr

from bot.platforms.slack.faults import TOKEN_ENDED
from bot.platforms.slack.manifest import SCOPES
from bot.proxies import is_here
from bot.settings import Settings

WITHIN = 10.0


def examine_slack(settings: Settings) -> Iterator[tuple[str, bool, str]]:
    """Give (name, healthy, what to do) for the token, its scopes and how Slack reaches the bot."""
    token = settings.slack_bot_token
    if token is None:
        return
    try:
        answer = _ask(settings, "auth.test", token)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        yield (
            "slack",
            False,
            f"{settings.slack_api_url} does not answer ({type(error).__name__}); check the network or a proxy.",
        )
        return
    if not found.get("ok"):
        reason = str(found.get("error"))
        yield "slack", False, f"{TOKEN_ENDED.get(reason, f'Slack says {reason}')}."
        return
    yield "slack", True, f"the token works, in the workspace {found.get('team')}"
    yield _scopes(answer.headers.get("x-oauth-scopes", ""))
    yield _address(settings)


def _ask(settings: Settings, method: str, token: SecretStr) -> httpx.Response:
    headers, url = {"Authorization": f"Bearer {token.get_secret_value()}"}, settings.slack_api_url + method
    return httpx.post(url, headers=headers, timeout=WITHIN, trust_env=not is_here(url))


def _scopes(granted: str) -> tuple[str, bool, str]:
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        return "slack", True, "every scope that is needed"
    why = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    return "slack", False, f"scopes are missing: {why}. Add them to the app and install it again."


def _address(settings: Settings) -> tuple[str, bool, str]:
    if settings.slack_app_token is not None:
        return _socket(settings, settings.slack_app_token)
    if settings.regatta_public_url is None:
        return "slack", False, "Slack cannot reach the bot: set REGATTA_PUBLIC_URL, or SLACK_APP_TOKEN for Socket Mode."
    return "slack", True, f"requests come to {settings.regatta_public_url.rstrip('/')}/slack/events"


def _socket(settings: Settings, token: SecretStr) -> tuple[str, bool, str]:
    """Ask for the address of a socket, which is not opened: Slack gives it to an app token that works."""
    try:
        answer = _ask(settings, "apps.connections.open", token)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return "slack", False, f"Socket Mode cannot be asked for ({type(error).__name__}); try again."
    if found.get("ok"):
        return "slack", True, "Socket Mode: no public address is needed"
    why = f"Slack refuses SLACK_APP_TOKEN ({found.get('error')})"
    return "slack", False, f"{why}: make one with the scope connections:write, and switch Socket Mode on."
