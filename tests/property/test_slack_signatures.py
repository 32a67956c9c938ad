"""No request passes that the secret did not sign within five minutes, whatever its headers hold."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.signatures import Signatures
from tests.peers.slack.deliveries import signed

_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
_BODY = b"command=%2Fdeal&text=Acme+120k"
_HEADER = st.one_of(st.text(max_size=80), st.integers().map(str), st.just(""), st.floats().map(str))


@settings(max_examples=500, deadline=None)
@given(_HEADER, _HEADER, st.binary(max_size=60))
def test_nothing_forged_passes(timestamp: str, signature: str, body: bytes) -> None:
    assert not Signatures([_SECRET]).are_valid(
        body, {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(-400, 400), st.integers(0, len(_BODY) - 1), st.booleans())
def test_the_body_and_the_time_are_what_was_signed(age: int, place: int, spoil: bool) -> None:  # noqa: FBT001
    headers = {name.lower(): value for name, value in signed(_BODY, _SECRET, int(time.time()) - age).items()}  # noqa: TID251  Slack counts by the machine's time
    body = _BODY[:place] + b"\x00" + _BODY[place + 1 :] if spoil else _BODY

    valid = Signatures(["another", _SECRET]).are_valid(body, headers)

    if spoil or abs(age) > 301:
        assert not valid
    elif abs(age) < 299:
        assert valid
