"""English and Chinese are complete, and equal in what they name."""

from datetime import date
from string import Formatter

import pytest

from bot.language import Reader, plain
from models.money import Money
from models.rules.periods import DateRange
from models.text import Plural, Text
from tests.tools import messages


def placeholders(template: str) -> set[str]:
    """The values that a template names."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_catalogue_holds_exactly_the_texts_of_the_code(language: str) -> None:
    stored = {message.id for message in messages.read(language) if message.id}
    wanted = {message.id for message in messages.updated(language) if message.id}

    assert stored == wanted, "run python -m tests.tools.messages"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_translated_and_names_the_same_values(language: str) -> None:
    faults = []
    for message in messages.read(language):
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
        if not all(targets):
            faults.append(f"not translated: {sources[-1]}")
        elif any(placeholders(target) != placeholders(sources[-1]) for target in targets):
            faults.append(f"other values: {sources[-1]} / {targets[0]}")

    assert faults == []


def test_a_plural_follows_its_number_in_english_and_has_one_form_in_chinese() -> None:
    one, many = (Plural("Your {n} newest deal", "Your {n} newest deals", n=n) for n in (1, 3))

    assert plain(one, Reader()) == "Your 1 newest deal"
    assert plain(many, Reader()) == "Your 3 newest deals"
    assert plain(one, Reader("zh", "zh-CN")).replace("1", "3") == plain(many, Reader("zh", "zh-CN"))


def test_a_value_is_never_read_as_a_template() -> None:
    assert plain(Text("{words}", words="{n} {0.__class__}"), Reader()) == "{n} {0.__class__}"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        ("2026-11-01", "2026-11-15", "1–15 Nov 2026", "2026年11月1日至15日"),
        ("2026-11-28", "2026-12-03", "28 Nov – 3 Dec 2026", "2026年11月28日至12月3日"),
        ("2026-12-28", "2027-01-03", "28 Dec 2026 – 3 Jan 2027", "2026年12月28日至2027年1月3日"),
        ("2026-11-24", "2026-11-24", "Tue 24 Nov 2026", "2026年11月24日(周二)"),
    ],
)
def test_days_in_a_row_are_written_as_people_write_them(first: str, last: str, english: str, chinese: str) -> None:
    days = DateRange(date.fromisoformat(first), date.fromisoformat(last))

    assert plain(days, Reader("en", "en-US", "UTC")) == english
    assert plain(days, Reader("zh", "zh-CN", "UTC")) == chinese


@pytest.mark.parametrize("locale", ["zh-DE", "zh-CH", "en-JP"])
def test_money_is_written_for_readers_whose_language_is_no_language_of_their_country(locale: str) -> None:
    assert plain(Text("{amount}", amount=Money(123_450, "EUR")), Reader("en", locale)) == "EUR 1,234.50"
