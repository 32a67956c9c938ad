"""Whatever somebody typed is read on every platform as the same words, without mention or link, however long it is."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from models.message import Message
from models.text import Link, Mention, Text, verbatim
from tests.property.profiles import CAPTION, PROFILES, WORDS, Profile, visible

EVERY = pytest.mark.parametrize("profile", [*PROFILES.values(), CAPTION], ids=[*PROFILES, "caption"])
CHARACTERS = {
    "latin": "a", "chinese": "汉", "rocket": "🚀", "family": "👩‍👩‍👧‍👦", "flag": "🇩🇪", "skin": "👍🏽", "keycap": "1️⃣",
    "accent": "e\u0301", "arabic": "ش", "hebrew": "שָׁ", "markup": "&",
}  # fmt: skip


def holds(profile: Profile, words: str) -> None:
    """Assert that words are read as they are, alone and within a line."""
    for line, said in ((verbatim(words), words), (Text("Note: {words}", words=words), f"Note: {words}")):
        shown = profile.show(Message(lines=(line,)))

        assert profile.bare("".join(each.text for each in shown)) in (profile.bare(said), profile.bare(said) or "…")
        assert [each.alive for each in shown if each.alive] == []


@EVERY
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS)
@example("x" * 3_999 + "\n" + "y" * 9_001)
@example("汉" * 40_000)
@example("👩‍👩‍👧‍👦" * 4_096)
@example("a.b" * 4_096)
@example("WWW.0 www.1 -.AA")
@example("&" * 40_000)
@example("\u202e" * 5_000)
@example("\x00" * 5_000 + "x")
def test_any_words_are_read_as_they_are(profile: Profile, words: str) -> None:
    holds(profile, words)


@EVERY
def test_only_a_typed_person_is_called_and_only_a_typed_address_can_be_pressed(
    profile: Profile, request: pytest.FixtureRequest
) -> None:
    person = Text("{who} {other}", who=Mention("mike", "Mike"), other=Mention("eve", "@Mike <!here>"))
    address = Text("{link} {bad}", link=Link("contract", "https://a.example/x"), bad=Link("run", "javascript:alert(1)"))

    found = [
        [alive for each in profile.show(Message(lines=(line,))) for alive in each.alive] for line in (person, address)
    ]

    assert [len(alive) for alive in found] == [0 if "web" in request.node.name else 1, 1]


@EVERY
@pytest.mark.parametrize("character", CHARACTERS.values(), ids=CHARACTERS)
def test_a_long_message_is_parted_validly_and_no_character_is_cut(profile: Profile, character: str) -> None:
    at_the_limit = profile.longest // profile.size(character)
    long = [length // len(character) for length in (13_000, 40_000)]
    for number in (at_the_limit - 1, at_the_limit, at_the_limit + 1, *long):
        shown = [
            visible_of(profile, each.text) for each in profile.show(Message(lines=(verbatim(character * number),)))
        ]

        whole = visible_of(profile, character)
        assert "".join(shown) == whole * number
        assert all(text == whole * (len(text) // len(whole)) for text in shown)


@EVERY
def test_words_of_a_long_message_stay_whole(profile: Profile) -> None:
    words = [f"word{number}" for number in range(6_000)]

    shown = profile.show(Message(lines=(verbatim(" ".join(words)),)))

    assert [word for each in shown for word in each.text.split()] == words


def visible_of(profile: Profile, words: str) -> str:
    """Words without the marks that keep them from coming alive."""
    return words if profile.bare is str else words.replace("\u2060", "")


def test_what_is_compared_is_what_people_see() -> None:
    assert visible("a\u2060b c") == "abc"
