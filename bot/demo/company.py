"""The demo company as facts: five regions that differ in zone, calendar, currency, language and luck."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from models.ranks import Duty, Rank
from models.rules.standing import PersonData


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """A region: `luck` scales what its reps bring in against their targets, `monthly` is a rep's target in major units."""

    id: str
    name: str
    zone: str
    country: str
    subdivision: str | None
    currency: str
    locale: str
    language: str
    monthly: int
    luck: float
    teams: tuple[str, str]
    people: tuple[tuple[str, str, Rank], ...]
    accounts: tuple[str, ...]
    person_data: PersonData = PersonData.PRIVATE


NAME = "Meridian Instruments"
ZONE, COUNTRY, LOCALE, CURRENCY, LANGUAGE = "Europe/London", "GB", "en-GB", "USD", "en"

_R, _M = Rank.REP, Rank.MANAGER

REGIONS = (
    DemoRegion(
        "cn-east", "华东 East China", "Asia/Shanghai", "CN", None, "CNY", "zh-CN", "zh", 620_000, 1.06,
        ("上海组", "苏杭组"),
        (
            ("chen-wei", "陈伟", _M), ("lin-xiao", "林晓", _R), ("zhao-min", "赵敏", _R),
            ("wang-lei", "王磊", _R), ("sun-jia", "孙佳", _R),
        ),
        (
            "苏州精工", "华东医药", "上海星河科技", "杭州海康", "宁波远洋", "无锡新能", "南京智联", "常州恒达", "绍兴纺织",
            "嘉兴电子", "温州机电", "合肥光电",
        ),
    ),
    DemoRegion(
        "de", "DACH", "Europe/Berlin", "DE", "BY", "EUR", "de-DE", "en", 74_000, 0.93,
        ("Süd", "Nord"),
        (
            ("jonas-weber", "Jonas Weber", _M), ("anna-schmidt", "Anna Schmidt", _R), ("lukas-braun", "Lukas Braun", _R),
            ("mia-hoffmann", "Mia Hoffmann", _R), ("felix-kraemer", "Felix Krämer", _R),
        ),
        (
            "Siemens Healthineers", "Bosch Rexroth", "Zeiss Meditec", "Dräger", "Trumpf", "Festo", "Krones", "Sartorius",
            "Jungheinrich", "Wacker Neuson", "Kärcher", "Endress Hauser",
        ),
        PersonData.TEAM,
    ),
    DemoRegion(
        "latam", "LATAM", "America/Sao_Paulo", "BR", "SP", "BRL", "pt-BR", "en", 390_000, 0.82,
        ("Capital", "Interior"),
        (
            ("maria-gomez", "María Gómez", _M), ("joao-silva", "João Silva", _R), ("beatriz-costa", "Beatriz Costa", _R),
            ("rafael-lima", "Rafael Lima", _R), ("camila-souza", "Camila Souza", _R),
        ),
        (
            "Embraer", "Gerdau", "Natura", "Suzano", "WEG", "Braskem", "Klabin", "Marcopolo", "Randon", "Tigre",
            "Fleury", "Dasa",
        ),
    ),
    DemoRegion(
        "sea", "South-East Asia", "Asia/Singapore", "SG", None, "SGD", "en-SG", "en", 88_000, 0.74,
        ("Straits", "Mekong"),
        (
            ("priya-nair", "Priya Nair", _M), ("daniel-tan", "Daniel Tan", _R), ("siti-rahman", "Siti Rahman", _R),
            ("minh-tran", "Trần Minh", _R), ("kanya-suk", "Kanya Suk", _R),
        ),
        (
            "Sembcorp", "Keppel", "Venture Corp", "Olam", "Thai Union", "Vinamilk", "Petronas Gas", "Jollibee",
            "Wilmar", "Banpu", "Astra", "Gojek",
        ),
    ),
    DemoRegion(
        "us", "United States", "America/New_York", "US", "NY", "USD", "en-US", "en", 96_000, 0.97,
        ("Coast", "Midwest"),
        (
            ("sarah-johnson", "Sarah Johnson", _M), ("mike-davis", "Mike Davis", _R), ("emily-chen", "Emily Chen", _R),
            ("carlos-rivera", "Carlos Rivera", _R), ("grace-kim", "Grace Kim", _R),
        ),
        (
            "Globex", "Initech", "Umbrella Health", "Stark Industries", "Wayne Labs", "Hooli", "Soylent", "Tyrell",
            "Wonka Foods", "Cyberdyne", "Aperture", "Massive Dynamic",
        ),
    ),
)  # fmt: skip

# Teams that work by another clock, or keep other holidays, than their region.
TEAM_ZONES = {"sea-2": "Asia/Bangkok", "us-2": "America/Chicago"}
TEAM_PLACES = {"de-2": ("DE", "HH"), "sea-2": ("TH", None)}

HEADQUARTERS: tuple[tuple[str, str, Rank, tuple[Duty, ...], str], ...] = (
    ("amara-okafor", "Amara Okafor", Rank.HQ, (), "en"),
    ("chen-siyuan", "陈思远 Chen Siyuan", Rank.HQ, (Duty.FINANCE,), "zh"),
    ("ines-keller", "Ines Keller", Rank.ADMIN, (), "en"),
)

DUTIES = {"zhao-min": Duty.SPECIALIST, "anna-schmidt": Duty.SPECIALIST, "joao-silva": Duty.SPECIALIST,
          "siti-rahman": Duty.SPECIALIST, "emily-chen": Duty.SPECIALIST, "sun-jia": Duty.AMBASSADOR,
          "mia-hoffmann": Duty.AMBASSADOR}  # fmt: skip

WORKS_AGREEMENT = ("Betriebsrat Meridian", date(2026, 3, 2), "Betriebsvereinbarung 4/2026, team boards")

RATES = {
    "USD": Fraction(1), "CNY": Fraction(14, 100), "EUR": Fraction(108, 100), "BRL": Fraction(18, 100),
    "SGD": Fraction(74, 100), "GBP": Fraction(127, 100), "JPY": Fraction(67, 10000), "CAD": Fraction(73, 100),
}  # fmt: skip

APPROVAL_LIMITS = (("manager", 1, 0), ("finance", 2, 100_000))
