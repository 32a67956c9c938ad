"""Settings from the environment, `.env` and secret files; .env.example lists every one."""

import ipaddress
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AwareDatetime, Field, SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

_TELEGRAM_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_TELEGRAM_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
"""core.telegram.org/bots/api#setwebhook."""


class SettingsError(Exception):
    """Raised with one sentence that says which setting is wrong and what to do."""


class Settings(BaseSettings):
    """Every setting; names are the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", case_sensitive=False)

    regatta_database_url: str | None = None
    regatta_host: str = "127.0.0.1"
    regatta_port: int = Field(default=8300, ge=0, le=65_535)
    regatta_public_url: str | None = None
    regatta_workspace: Literal["demo", "peers", "off"] | None = None
    regatta_demo_start: AwareDatetime | None = None
    regatta_log_format: Literal["console", "json"] = "console"
    regatta_metrics_token: SecretStr | None = None
    regatta_webhook_url: SecretStr | None = None
    regatta_webhook_secret: SecretStr | None = None
    regatta_webhook_events: str | None = None
    regatta_webhook_allow_private: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    telegram_bot_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _SecretFiles(settings_cls), env_settings, dotenv_settings

    @property
    def has_platform(self) -> bool:
        """Whether a chat platform's token is set."""
        return self.slack_bot_token is not None or self.telegram_bot_token is not None

    @property
    def workspace(self) -> str:
        """Whether the web workspace is served: `demo` when there is no token and nothing else is said."""
        return self.regatta_workspace or ("off" if self.has_platform else "demo")

    @property
    def platforms(self) -> frozenset[str]:
        """The places to talk that are set."""
        given = {"web": self.workspace != "off", "slack": self.slack_bot_token, "telegram": self.telegram_bot_token}
        return frozenset(name for name, is_set in given.items() if is_set)

    @property
    def database_url(self) -> str:
        """Where the rows are kept."""
        name = "demo" if self.workspace == "demo" else "regatta"
        return self.regatta_database_url or f"sqlite:///data/{name}.db"

    @property
    def place(self) -> str:
        """Where the rows are kept, as it may be shown: a file, or an address without its password."""
        return re.sub(r"(?<=://)([^/@:]*):[^/]*@", r"\1:…@", self.database_url).removeprefix("sqlite:///")

    @property
    def _database_password(self) -> str:
        return urlsplit(self.database_url).password or ""

    def secrets(self) -> list[str]:
        """Every secret that is set, each of several too; they never reach a log."""
        values = [getattr(self, name) for name in type(self).model_fields]
        texts = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        texts += [self._database_password, unquote(self._database_password)]
        return [part for text in texts for part in (text, *text.split(","))]

    def check(self) -> None:
        """Raise SettingsError for a combination that must not start."""
        if self.workspace in ("demo", "peers") and not is_loopback(self.regatta_host):
            other = (
                "leave REGATTA_WORKSPACE out"
                if self.slack_bot_token or self.telegram_bot_token
                else "connect a platform"
            )
            msg = (
                f"The {self.workspace} workspace lets anybody act as anybody, so it serves this machine only: "
                f"leave REGATTA_HOST at 127.0.0.1 instead of {self.regatta_host}, or {other} (.env.example)."
            )
            raise SettingsError(msg)
        real = [
            url for url in (self.slack_api_url, self.telegram_api_url) if not is_loopback(urlsplit(url).hostname or "")
        ]
        if self.workspace == "peers" and real:
            msg = (
                "REGATTA_WORKSPACE=peers lets anybody act as anybody, so it stands beside test peers only: let "
                f"SLACK_API_URL and TELEGRAM_API_URL name this machine instead of {real[0]}, or leave it out."
            )
            raise SettingsError(msg)
        if self.slack_bot_token and not (self.slack_signing_secret or self.slack_app_token):
            msg = (
                "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET (requests over HTTP) or SLACK_APP_TOKEN (Socket Mode) "
                "beside it: set one of them."
            )
            raise SettingsError(msg)
        self._check_telegram()

    def _check_telegram(self) -> None:
        """Raise SettingsError for what is no token of a bot, or no secret that Telegram would take."""
        token, secret = self.telegram_bot_token, self.telegram_webhook_secret
        if token is not None and not _TELEGRAM_TOKEN.fullmatch(token.get_secret_value()):
            msg = (
                "TELEGRAM_BOT_TOKEN is no bot's token: copy it from @BotFather, like 1234567890:AA…, nothing around it."
            )
            raise SettingsError(msg)
        if secret is not None and not _TELEGRAM_SECRET.fullmatch(secret.get_secret_value()):
            what = "is empty" if not secret.get_secret_value().strip() else "has other characters or is too long"
            msg = (
                f"TELEGRAM_WEBHOOK_SECRET {what}: put 1 to 256 letters, digits, _ or - there, or leave the setting out "
                "to poll."
            )
            raise SettingsError(msg)


class _SecretFiles(EnvSettingsSource):
    """Reads `NAME_FILE` for every secret: the path of a file that holds it."""

    def __call__(self) -> dict[str, Any]:
        found = {}
        for name in self.settings_cls.model_fields:
            path = self.env_vars.get(f"{name}_file")
            if path:
                try:
                    found[name] = Path(path).read_text(encoding="utf-8").strip()
                except OSError as error:
                    msg = f"{name.upper()}_FILE names {path}, which cannot be read: {error.strerror}."
                    raise SettingsError(msg) from error
        return found


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
