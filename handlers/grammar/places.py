"""Places: countries by code or name, and what a country settles: currency, language, formats, and mostly the zone."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies, list_currencies

from models.calendars import english_names, knows_place

_ONE_FOR_ALL = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon",
    "UA": "Europe/Kiev", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""The zone that stands for a country of several (CLDR, supplemental data, primaryZones)."""

_EVERYDAY = {
    "uae": "AE", "emirates": "AE", "阿联酋": "AE", "holland": "NL", "america": "US",
    "united states of america": "US", "czech republic": "CZ", "viet nam": "VN", "南韩": "KR", "韓國": "KR",
    "great britain": "GB", "britain": "GB", "england": "GB-ENG", "scotland": "GB-SCT", "wales": "GB-WLS",
    "northern ireland": "GB-NIR", "mainland china": "CN", "prc": "CN", "中国大陆": "CN", "大陆": "CN",
}  # fmt: skip
"""What people call countries that no list has; England and its like have their own holidays."""

_SEASONS = (datetime(2026, 1, 15), datetime(2026, 7, 15))  # noqa: DTZ001  put into each zone in turn

_CODE = re.compile(r"([A-Za-z]{2})(?:[-_ ]([A-Za-z0-9]{1,3}))?")


def read_place(words: str) -> str | None:
    """Read a country with or without its state: `DE-BY`, `Germany`, `德国`; none where nobody knows its holidays."""
    words = words.strip().strip(",，。").replace(".", "")
    found = _CODE.fullmatch(words)
    if found is not None:
        country, state = found[1].upper(), (found[2] or "").upper() or None
        country = _countries().get(country.casefold(), country)
        if knows_place(country, None):
            return f"{country}-{state}" if state and knows_place(country, state) else None if state else country
    return _countries().get(_plain(words))


def parts_of(place: str) -> tuple[str, str | None]:
    """The country and the state of a place: DE-BY is (DE, BY)."""
    country, _, state = place.partition("-")
    return country, state or None


def read_zone(words: str) -> str | None:
    """Read an IANA zone, in whatever case."""
    return _zones().get(words.strip().casefold())


def read_unit(words: str) -> str | None:
    """Read the code of a currency that is in use."""
    code = words.strip().upper()
    return code if code in list_currencies() else None


@cache
def zones_in(country: str) -> tuple[str, ...]:
    """The zones that differ in a country, in the order of the zone database; one, where business goes by one."""
    if country in _ONE_FOR_ALL:
        return (_ONE_FOR_ALL[country],)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line.startswith(f"{country}\t"))
    kinds: dict[tuple[timedelta | None, ...], str] = {}
    for _, _, zone, *_ in rows:
        kinds.setdefault(tuple(day.replace(tzinfo=ZoneInfo(zone)).utcoffset() for day in _SEASONS), zone)
    return tuple(kinds.values())


def currency_in(country: str) -> str | None:
    """The currency of a country."""
    found = get_territory_currencies(country)
    return str(found[-1]) if found else None


def language_in(country: str) -> str:
    """Whether the bot speaks Chinese or English there."""
    return "zh" if get_official_languages(country)[:1] == ("zh",) or country in {"TW", "HK", "MO"} else "en"


def locale_in(country: str, language: str) -> str:
    """How figures and dates are written in a country: de-DE, zh-CN, en-SG."""
    try:
        likely = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return "zh-CN" if language == "zh" else "en-US"
    return f"{'zh' if language == 'zh' else likely.language}-{country}"


@cache
def _countries() -> dict[str, str]:
    """Countries by what they are called in English and Chinese, in plain letters."""
    names = {_plain(name): code for name, code in english_names()}
    for locale in (Locale("en"), Locale("zh"), Locale("zh", script="Hant")):
        for code, name in locale.territories.items():
            if len(code) == 2 and code.isalpha() and knows_place(code, None):  # noqa: PLR2004  ISO 3166-1 alpha-2
                names |= {_plain(word): code for word in (name, *_shorter(name))}
    return names | _EVERYDAY


def _shorter(name: str) -> Iterator[str]:
    """Hong Kong of Hong Kong SAR China, 香港 of 中国香港特别行政区, both names of Myanmar (Burma)."""
    yield name.removesuffix(" SAR China")
    for end in ("特别行政区", "特別行政區"):
        if name.endswith(end):
            yield from (name.removesuffix(end), name.removesuffix(end)[2:])
    yield from (part for part in re.split(r" ?[()]", name) if part)


def _plain(name: str) -> str:
    """A name without what people leave away: accents, dots and the article."""
    letters = (letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    words = "".join(letters).replace("&", "and").replace("’", "").replace("'", "").replace(".", "")
    return " ".join(words.removeprefix("the ").split())


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone or zone == "UTC"}
