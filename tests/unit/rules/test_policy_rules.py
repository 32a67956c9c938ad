"""Which language a policy is written in, and who misses theirs."""

import pytest

from models.rules.policies import language_missing, language_shown, written_in


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Q4 rebate", "en"),
        ("Q4 返利", "zh"),
        ("CRM 系统本周升级", "zh"),
        ("New terms for 苏州精工 and their resellers in the east", "en"),
        ("🎉", "en"),
        ("مرحبا بالعالم", "en"),
        ("", "en"),
    ],
)
def test_words_are_chinese_when_most_of_them_are(words: str, language: str) -> None:
    assert written_in(words) == language


def test_a_reader_gets_their_own_language_where_it_exists() -> None:
    assert language_shown("zh", "en", has_chinese=True) == "zh"
    assert language_shown("zh", "en", has_chinese=False) == "en"
    assert language_shown("en", "zh", has_chinese=True) == "zh"
    assert language_shown("en", "en", has_chinese=True) == "en"


def test_a_language_is_missing_only_when_nothing_is_written_in_it() -> None:
    assert language_missing("en", has_chinese=True) is None
    assert language_missing("en", has_chinese=False) == "zh"
    assert language_missing("zh", has_chinese=False) == "en"
