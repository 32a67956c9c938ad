"""Check that a request is Slack's: HMAC-SHA256 over `v0:{timestamp}:{body}`, no older than five minutes.

docs.slack.dev/authentication/verifying-requests-from-slack. Bolt's own check fails on a timestamp that is no number and
lets an unsigned `ssl_check` through, so it is not used.
"""

from collections.abc import Mapping, Sequence

from slack_sdk.signature import SignatureVerifier

LONGEST_BODY = 1_000_000


class Signatures:
    """The signing secrets that count: several while one takes over from another."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._verifiers = [SignatureVerifier(secret) for secret in secrets]

    def are_valid(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether one of the secrets signed the body, within five minutes."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signature.isascii()):  # noqa: PLR2004 a time
            return False
        try:
            text = body.decode()
        except UnicodeDecodeError:  # the SDK would fail, and Slack sends nothing but UTF-8
            return False
        return any(verifier.is_valid(text, timestamp, signature) for verifier in self._verifiers)
