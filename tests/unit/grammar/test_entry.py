"""Lines of set-up: a name with values beside it, in any order, in both languages."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.grammar.line import read_line
from handlers.grammar.places import read_place
from handlers.grammar.reading import Reading, ReadingContext
from models.intent import slots_of
from models.ranks import Duty, Rank
from models.setup import GiveDuty, SetUpCompany, SetUpPerson, SetUpRegion

CONTEXT = ReadingContext(
    date(2026, 11, 27), "en-US", "USD", people={"lin xiao": "lin-xiao", "陈伟": "chen-wei"},
    regions={"dach": "de", "华东 east china": "cn-east", "华东": "cn-east", "east": "cn-east", "china": "cn-east"},
)  # fmt: skip


def read(kind: type, text: str) -> Reading:
    """Read a line as the command of an intent does."""
    slots = [field.slot for field in slots_of(kind) if field.slot.kind != "words"]
    needed = [field.slot.kind for field in slots_of(kind) if field.required]
    return read_line(text, slots, needed or [slots[0].kind], CONTEXT)


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        (SetUpCompany, "Max & Co in Germany", {"name": "Max & Co", "place": "DE"}),
        (SetUpCompany, "The BBC", {"name": "The BBC"}),
        (SetUpRegion, "DACH country DE-BY", {"name": "DACH", "place": "DE-BY"}),
        (
            SetUpRegion,
            "华东 国家：中国 币种 CNY 语言 中文",
            {"name": "华东", "place": "CN", "unit": "CNY", "tongue": "zh"},
        ),
        (SetUpRegion, "Bank of China country CN", {"name": "Bank of China", "place": "CN"}),
        (SetUpRegion, "Gulf UAE", {"name": "Gulf", "place": "AE"}),
        (SetUpRegion, "North in UK", {"name": "North", "place": "GB"}),
        (SetUpRegion, "Nordics in Sweden", {"name": "Nordics", "place": "SE"}),
        (SetUpRegion, "US country US zone America/New_York", {"name": "US", "place": "US", "zone": "America/New_York"}),
        (
            SetUpRegion,
            "Gulf in AE sun-thu 8:00-17:00",
            {"name": "Gulf", "place": "AE", "week": "01236", "hours": "08:00-17:00"},
        ),
        (
            SetUpPerson,
            "Lin Xiao rep East lin@x.com",
            {"name": "Lin Xiao", "rank": Rank.REP, "region": "cn-east", "email": "lin@x.com"},
        ),
        (
            SetUpPerson,
            "陈小明 销售 华东 团队 上海组",
            {"name": "陈小明", "rank": Rank.REP, "region": "cn-east", "team": "上海组"},
        ),
        (SetUpPerson, "Rep Tyler manager DACH", {"name": "Rep Tyler", "rank": Rank.MANAGER, "region": "de"}),
        (SetUpPerson, "DACH Müller rep", {"name": "DACH Müller", "rank": Rank.REP}),
        (SetUpPerson, "English Bob rep DACH", {"name": "English Bob", "rank": Rank.REP, "region": "de"}),
        (SetUpPerson, "华东方 销售 华东", {"name": "华东方", "rank": Rank.REP, "region": "cn-east"}),
        (SetUpPerson, "Ines Santos In rep DACH", {"name": "Ines Santos In", "rank": Rank.REP, "region": "de"}),
        (
            SetUpPerson,
            "Carl Max rep DACH <mailto:carl@x.com|carl@x.com>",
            {"name": "Carl Max", "rank": Rank.REP, "region": "de", "email": "carl@x.com"},
        ),
        (GiveDuty, "Lin Xiao finance", {"person": "lin-xiao", "duty": Duty.FINANCE}),
        (GiveDuty, "陈伟 信息专员", {"person": "chen-wei", "duty": Duty.SPECIALIST}),
    ],
)
def test_a_line_of_set_up_fills_its_slots(kind: type, text: str, values: dict[str, Any]) -> None:
    reading = read(kind, text)

    assert dict(reading.values) == values
    assert reading.problem is None


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (SetUpPerson, "Eve rep Mars", "Mars"),
        (SetUpPerson, "Anna Weber admin hq DACH", "admin"),
        (SetUpPerson, "Bo Li rep DACH\nAl Ma rep DACH", "rep"),
        (SetUpRegion, "DACH zone: Foo/Bar", "zone: Foo/Bar"),
        (GiveDuty, "nobody finance", "nobody"),
        (SetUpPerson, "王五 皇帝 华东", "皇帝"),
        (SetUpPerson, "Bo rank emperor", "rank emperor"),
    ],
)
def test_words_that_cannot_be_read_are_named(kind: type, text: str, words: str) -> None:
    problem = read(kind, text).problem

    assert problem is not None
    assert problem.words == words


@pytest.mark.parametrize("name", ["Ann Lee", "ann lee", "陈思远 Chen Siyuan", "Ludwig van Beethoven", "林晓"])
def test_a_name_of_several_words_holds_no_rank(name: str) -> None:
    reading = read(SetUpPerson, f"{name} DACH")

    assert (reading.values["name"], reading.missing) == (name, ("rank",))
    assert reading.problem is not None
    assert reading.problem.words == ""


@given(st.text(max_size=60), st.sampled_from([SetUpCompany, SetUpRegion, SetUpPerson, GiveDuty]))
def test_any_words_are_read_or_asked_about(text: str, kind: type) -> None:
    reading = read(kind, text)

    assert reading.problem is not None or set(reading.values)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("GB", "UK U.K. 英国 英國 Britain GBR"),
        ("US", "USA U.S.A. U.S. America 美国 美國"),
        ("AE", "UAE uae Emirates 阿联酋"),
        ("KR", "Korea 韩国 南韩"),
        ("HK", "香港 中国香港"),
        ("NL", "Holland Netherlands 荷兰"),
        ("TR", "Turkey Türkiye Turkiye 土耳其"),
        ("GB-ENG", "England UK-ENG"),
    ],
)
def test_a_country_is_known_by_what_people_call_it(code: str, words: str) -> None:
    assert {word: read_place(word) for word in words.split()} == dict.fromkeys(words.split(), code)


def test_a_country_of_several_words_is_known_whatever_its_accents() -> None:
    names = ("South Korea", "the Netherlands", "Hong Kong", "Ivory Coast", "Cote d'Ivoire", "Bosnia and Herzegovina")

    assert [read_place(name) for name in names] == ["KR", "NL", "HK", "CI", "CI", "BA"]


@pytest.mark.parametrize("kind", [SetUpPerson, GiveDuty])
def test_the_first_of_what_is_missing_is_asked_for(kind: type) -> None:
    reading = read(kind, "=")

    assert len(reading.missing) > 1
    assert reading.problem is not None
    assert reading.problem.slot == reading.missing[0]
