"""Proxies: which one an address is reached through, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY; none on this machine."""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from bot.settings import is_loopback


def proxy_for(url: str) -> str | None:
    """The proxy that an address is reached through; none for one that NO_PROXY names, or that is this machine's."""
    proxies, parts = getproxies_environment(), urlsplit(url)
    if is_here(url) or proxy_bypass_environment(parts.netloc.rpartition("@")[2], proxies):
        return None
    own = "https" if parts.scheme in ("https", "wss") else "http"
    return next((found for each in (own, "https", "http") if (found := proxies.get(each, "").strip())), None)


def is_here(url: str) -> bool:
    """Whether an address is this machine's own."""
    return is_loopback(urlsplit(url).hostname or "")
