"""The receiver: whereto events go, as the settings say it."""

import ipaddress
from dataclasses import dataclass

import httpx

from bot.settings import Settings, SettingsError
from bot.webhooks.guard import Allowed, BlockedError, Guard, system_resolve
from models.events import EventKind

_PORTS = {"http": 80, "https": 443}
_LONGEST_NAME, _LONGEST_LABEL = 253, 63


@dataclass(frozen=True, slots=True)
class Receiver:
    """An address, the secrets that sign what goes there (several while one is changed), and what it wants to hear."""

    url: httpx.URL
    secrets: tuple[bytes, ...]
    kinds: frozenset[EventKind]
    allowed: Allowed

    @property
    def host(self) -> str:
        """The host in ASCII, as it was encoded once: decoded and encoded anew, it might be another one's name."""
        return self.url.raw_host.decode("ascii")

    @property
    def port(self) -> int:
        """The port that is connected to."""
        return self.url.port or _PORTS[self.url.scheme]

    @property
    def encrypted(self) -> bool:
        """Whether it is https."""
        return self.url.scheme == "https"

    def __repr__(self) -> str:
        return f"Receiver({self.host}:{self.port})"


def receiver_of(settings: Settings) -> Receiver | None:
    """Read the settings; none when no address is set. Raise SettingsError for what must not start."""
    if settings.regatta_webhook_url is None:
        return None
    url = _url(settings.regatta_webhook_url.get_secret_value())
    secret = settings.regatta_webhook_secret
    secrets = tuple(part.strip().encode() for part in (secret.get_secret_value() if secret else "").split(","))
    if not any(secrets):
        raise SettingsError(
            "REGATTA_WEBHOOK_URL needs REGATTA_WEBHOOK_SECRET beside it: without a signature the receiver could not "
            "tell the bot's events from anybody else's."
        )
    try:
        allowed = Allowed.of(settings.regatta_webhook_allow_private or "")
    except ValueError as error:
        raise SettingsError(f"REGATTA_WEBHOOK_ALLOW_PRIVATE is wrong: {error}.") from error
    kinds = _kinds(settings.regatta_webhook_events or "")
    receiver = Receiver(url, tuple(one for one in secrets if one), kinds, allowed)
    _check(receiver)
    return receiver


def _url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise SettingsError("REGATTA_WEBHOOK_URL is no web address.") from error
    if url.scheme not in _PORTS or not url.host:
        raise SettingsError("REGATTA_WEBHOOK_URL must begin with https:// and name a host.")
    if not _is_name(url.raw_host.decode("ascii")):
        raise SettingsError("REGATTA_WEBHOOK_URL names a host that no name server can know.")
    if url.userinfo:
        raise SettingsError("REGATTA_WEBHOOK_URL must hold no user and password: the signature says who sends.")
    return url


def _is_name(host: str) -> bool:
    """Whether a host has the form of a name or an address (RFC 1035, 2.3.4)."""
    name = host.removesuffix(".")
    return len(name) <= _LONGEST_NAME and all(0 < len(label) <= _LONGEST_LABEL for label in name.split("."))


def _kinds(text: str) -> frozenset[EventKind]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = next((name for name in names if name not in set(EventKind)), None)
    if unknown is not None:
        raise SettingsError(
            f"REGATTA_WEBHOOK_EVENTS names {unknown}, which does not exist; there is: {', '.join(EventKind)}."
        )
    return frozenset(EventKind(name) for name in names)


def _check(receiver: Receiver) -> None:
    """Refuse what the guard would refuse whatever the name stands for."""
    place = (receiver.host.casefold(), receiver.port)
    if not receiver.encrypted and place not in receiver.allowed.places and not receiver.allowed.networks:
        raise SettingsError(
            "REGATTA_WEBHOOK_URL must begin with https://; plain http goes only to an address that "
            "REGATTA_WEBHOOK_ALLOW_PRIVATE lists."
        )
    try:
        address = ipaddress.ip_address(receiver.host)
    except ValueError:
        return
    try:
        guard = Guard(receiver.allowed, system_resolve)
        guard.check(receiver.host, receiver.port, address, encrypted=receiver.encrypted)
    except BlockedError as error:
        raise SettingsError(f"REGATTA_WEBHOOK_URL: {error}.") from error
