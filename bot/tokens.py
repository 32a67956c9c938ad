"""Button tokens: which row and which button, with a signature, inside Telegram's 64 bytes."""

import hashlib
import hmac


class ForgedTokenError(Exception):
    """Raised for a token that this installation did not make."""


def sign(key: str, post_id: int, position: int) -> str:
    """Make the token of a post's button."""
    body = f"{post_id}.{position}"
    return f"{body}.{_mac(key, body)}"


def verify(key: str, token: str) -> tuple[int, int]:
    """Read a token: (post id, position); raise ForgedTokenError for anything else."""
    body, _, mac = token.rpartition(".")
    post_id, _, position = body.partition(".")
    if not (post_id.isascii() and post_id.isdigit() and position.isascii() and position.isdigit()):
        raise ForgedTokenError(token)
    if not hmac.compare_digest(_mac(key, body).encode(), mac.encode("utf-8", "surrogatepass")):
        raise ForgedTokenError(token)
    return int(post_id), int(position)


def _mac(key: str, body: str) -> str:
    return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()[:24]
