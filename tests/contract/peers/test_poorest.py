"""The stand-in for the poorest chat keeps its limits by refusing."""

from typing import Any

import pytest

from tests.peers.clock import Clock
from tests.peers.poorest.world import LONGEST_TEXT, MOST_A_MINUTE, RefusedError, World


@pytest.fixture
def world() -> World:
    """A chat with one person in one group, g2; nobody has written to the robot alone."""
    made = World(Clock())
    made.add_group([made.add_user("Ann")])
    return made


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"chat": "g2", "text": "new", "edit": "1"}, "not_possible_here"),
        ({"chat": "g2", "text": "below", "thread": "1"}, "not_possible_here"),
        ({"chat": "g2", "text": "fill in", "form": []}, "not_possible_here"),
        ({"chat": "g2", "text": "psst", "only": "u1"}, "not_possible_here"),
        ({"chat": "g9", "text": "hello"}, "no_such_chat"),
        ({"chat": "u1", "text": "hello"}, "never_wrote"),
        ({"chat": "g2", "text": " \n"}, "text_empty_or_too_long"),
        ({"chat": "g2", "text": "汉" * (LONGEST_TEXT // 3 + 1)}, "text_empty_or_too_long"),
        ({"chat": "g2", "text": "which?", "buttons": [{"label": "a", "value": "b"}] * 7}, "bad_buttons"),
        ({"chat": "g2", "text": "which?", "buttons": [{"label": "a", "value": "b" * 65}]}, "bad_buttons"),
        ({"chat": "g2", "text": "you", "call": ["u9"]}, "nobody_to_call"),
    ],
)
def test_what_cannot_be_done_here_is_refused(world: World, body: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError, match=code):
        world.send(body)


def test_the_twenty_first_message_of_a_minute_is_refused(world: World) -> None:
    for _ in range(MOST_A_MINUTE):
        world.send({"chat": "g2", "text": "hello"})

    with pytest.raises(RefusedError, match="too_many") as refused:
        world.send({"chat": "g2", "text": "hello"})
    assert 0 < refused.value.more["retry_after"] <= 60
    world.clock.advance(61)
    world.send({"chat": "g2", "text": "hello"})


def test_the_robot_hears_in_a_group_only_what_calls_it(world: World) -> None:
    assert not world.hears(world.chats["g2"], "deal Globex 80k")
    assert world.hears(world.chats["g2"], "@Regatta deal Globex 80k")
    assert world.hears(world.chats["u1"], "deal Globex 80k")


@pytest.mark.parametrize("words", ["https://a.b/c", "www.acme", "acme.com", "a@b.co", "@Ann", "公司.中国"])
def test_what_looks_alive_is_alive(world: World, words: str) -> None:
    assert world.send({"chat": "g2", "text": f"see {words}"}).alive
