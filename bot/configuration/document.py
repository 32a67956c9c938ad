"""What a configuration file may say; pydantic refuses every other word, and says where."""

import re
from datetime import date, time
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from handlers.grammar.entered import VALUE_LIMIT
from handlers.grammar.entry_words import read_hours, read_ratio
from handlers.grammar.places import read_place, read_unit, read_zone
from models.channels import ChannelKind
from models.money import Money
from models.ranks import Duty, Rank
from models.rules.approval import Decider
from models.rules.standing import PersonData

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_MINOR = 10**15
_AMOUNT = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,4})?) ([A-Z]{3})")


def _read(what: str, reader: Any) -> Any:
    def check(words: str) -> str:
        value = reader(words)
        if value is None:
            raise ValueError(f"{words} is not {what}")
        return str(value)

    return AfterValidator(check)


def _without_blanks(words: str) -> str:
    if len(words.split()) != 1:
        raise ValueError(f"an id has no blanks: {words}")
    return words


def _week(words: object) -> str:
    if isinstance(words, str) and words and set(words) <= set("0123456"):
        return words
    days = [WEEKDAYS.index(day) for day in words if day in WEEKDAYS] if isinstance(words, list) else []
    if not days or not isinstance(words, list) or len(days) != len(words):
        raise ValueError("the working week is a list of days like [monday, tuesday]")
    return "".join(str(day) for day in sorted(set(days)))


def _weekday(words: object) -> int:
    if isinstance(words, int) and 0 <= words < len(WEEKDAYS):
        return words
    if words not in WEEKDAYS:
        raise ValueError(f"{words} is not a weekday like monday")
    return WEEKDAYS.index(str(words))


def _money(words: object) -> Money:
    if isinstance(words, Money):
        return words
    found = _AMOUNT.fullmatch(str(words))
    if found is None or read_unit(found[2]) is None:
        raise ValueError(f"{words} is not an amount like 4440000 EUR")
    try:
        amount = Money.of(found[1], found[2])
    except ValueError as error:
        raise ValueError(f"{words} has smaller parts than {found[2]}") from error
    if amount.minor > MOST_MINOR:
        raise ValueError(f"{words} is too large")
    return amount


def _ratio(words: object) -> Fraction:
    value = read_ratio(str(words))
    if value is None:
        raise ValueError(f"{words} is not a rate like 1.08 or 27/25")
    return value


TargetYear = Annotated[int, Field(ge=2000, le=2100)]
Id = Annotated[str, Field(min_length=1, max_length=80)]
RegionId = Annotated[Id, AfterValidator(_without_blanks)]
Words = Annotated[str, Field(min_length=1, max_length=VALUE_LIMIT)]
Zone = Annotated[str, _read("an IANA time zone like Europe/Berlin", read_zone)]
Place = Annotated[str, _read("a country whose holidays are known, like DE or DE-BY", read_place)]
Currency = Annotated[str, _read("a currency's code like EUR", read_unit)]
Hours = Annotated[str, _read("hours of work like 09:00-18:00", read_hours)]
Language = Annotated[str, Field(pattern="^(en|zh)$")]
Locale = Annotated[str, Field(pattern="^[a-z]{2,3}-[A-Z]{2}$")]


def _shown(write: Any) -> PlainSerializer:
    """How a value stands in the file."""
    return PlainSerializer(write, when_used="json")


Week = Annotated[str, BeforeValidator(_week), _shown(lambda days: [WEEKDAYS[int(day)] for day in days])]
Weekday = Annotated[int, BeforeValidator(_weekday), _shown(lambda day: WEEKDAYS[day])]
Amount = Annotated[
    Money, BeforeValidator(_money), _shown(lambda money: f"{money.major.normalize():f} {money.currency}")
]
Ratio = Annotated[Fraction, BeforeValidator(_ratio), _shown(lambda ratio: f"{ratio.numerator}/{ratio.denominator}")]
Clock = Annotated[time, _shown(lambda at: f"{at:%H:%M}")]
Day = Annotated[date, _shown(lambda day: day.isoformat())]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class CompanyPart(_Part):
    name: Words
    language: Language = "en"
    zone: Zone
    country: Place
    locale: Locale
    currency: Currency


class AgreementPart(_Part):
    who: Words
    signed_on: Day
    document: Words


class TeamPart(_Part):
    id: Id
    name: Words
    zone: Zone | None = None
    language: Language | None = None
    locale: Locale | None = None
    currency: Currency | None = None
    country: Place | None = None


class SchedulePart(_Part):
    job: Words
    weekday: Weekday
    at: Clock


class RegionPart(_Part):
    id: RegionId
    name: Words
    zone: Zone
    country: Place
    currency: Currency
    locale: Locale
    language: Language
    hours: Hours = "09:00-18:00"
    week: Week = "01234"
    person_data: PersonData = PersonData.PRIVATE
    agreement: AgreementPart | None = None
    teams: list[TeamPart] = []
    schedules: list[SchedulePart] = []
    targets: dict[TargetYear, Amount] = {}


class ChannelPart(_Part):
    platform: Words
    workspace: Words
    channel: Words
    kind: ChannelKind
    name: Words
    region: Id | None = None


class AccountPart(_Part):
    platform: Words
    workspace: Words
    user: Words


class PersonPart(_Part):
    id: Id
    name: Words
    rank: Rank
    region: Id | None = None
    team: Id | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$"), AfterValidator(str.casefold)] | None = None
    language: Language | None = None
    zone: Zone | None = None
    locale: Locale | None = None
    currency: Currency | None = None
    country: Place | None = None
    active: bool = True
    duties: list[Duty] = []
    accounts: list[AccountPart] = []


class RulePart(_Part):
    id: Id
    step: Annotated[int, Field(ge=1, le=20)]
    decider: Decider
    above: Amount


class RatePart(_Part):
    currency: Currency
    to: Currency
    since: Day
    rate: Ratio


class Document(_Part):
    """The whole file."""

    company: CompanyPart
    regions: list[RegionPart] = []
    channels: list[ChannelPart] = []
    people: list[PersonPart] = []
    approvals: list[RulePart] = []
    rates: list[RatePart] = []
