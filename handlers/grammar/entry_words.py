"""What the values of set-up look like, and the words of its closed sets."""

import re
from fractions import Fraction
from functools import cache

from handlers.grammar.patterns import Pattern
from models.ranks import Duty, Rank
from models.rules.approval import Decider
from models.rules.standing import PersonData

_RATIO = Pattern(r"([0-9]{1,19})(?:[.,]([0-9]{1,19}))?(?: ?/ ?([0-9]{1,19}))?")
_LARGEST = 2**63 - 1
"""So large a whole number may be in the database."""
HEADQUARTERS = "hq"
LOOKS = {
    "email": Pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    "zone": Pattern(r"\b[A-Za-z_]{2,20}/[A-Za-z_/+-]{2,40}[0-9]{0,2}\b|\bUTC\b"),
    "hours": Pattern(r"\b([01]?\d|2[0-3])[:：]([0-5]\d) ?(?:-|–|to|到|至) ?([01]?\d|2[0-3])[:：]([0-5]\d)\b"),
    "week": Pattern(
        r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]* ?(?:-|to) ?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b"
        r"|(?:周|星期)([一二三四五六日天]) ?(?:-|到|至) ?(?:周|星期)?([一二三四五六日天])",
        re.IGNORECASE,
    ),
    "ratio": Pattern(r"\b[0-9]{1,12}(?:[.,][0-9]{1,12})?(?: ?/ ?[0-9]{1,12})?\b"),
    "unit": Pattern(r"\b[A-Z]{3}\b"),
    "place": Pattern(r"\b(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|USA|UAE)\b"),
}
_DAYS = {day: at for at, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_DAYS |= {day: at for at, day in enumerate("一二三四五六日")} | {"天": 6}
CHOICES: dict[str, dict[str, object]] = {
    "rank": {
        "rep": Rank.REP, "sales rep": Rank.REP, "salesperson": Rank.REP, "sales representative": Rank.REP,
        "account executive": Rank.REP, "account manager": Rank.REP, "销售": Rank.REP, "业务员": Rank.REP,
        "销售代表": Rank.REP, "客户经理": Rank.REP, "manager": Rank.MANAGER, "sales manager": Rank.MANAGER,
        "regional manager": Rank.MANAGER, "area manager": Rank.MANAGER, "regional director": Rank.MANAGER,
        "sales director": Rank.MANAGER, "经理": Rank.MANAGER, "区域经理": Rank.MANAGER, "大区经理": Rank.MANAGER,
        "销售经理": Rank.MANAGER, "主管": Rank.MANAGER,
        "hq": Rank.HQ, "headquarters": Rank.HQ, "总部": Rank.HQ, "總部": Rank.HQ,
        "admin": Rank.ADMIN, "administrator": Rank.ADMIN, "管理员": Rank.ADMIN, "管理員": Rank.ADMIN,
    },
    "duty": {
        "finance": Duty.FINANCE, "财务": Duty.FINANCE, "財務": Duty.FINANCE,
        "specialist": Duty.SPECIALIST, "information specialist": Duty.SPECIALIST, "信息专员": Duty.SPECIALIST,
        "ambassador": Duty.AMBASSADOR, "推广大使": Duty.AMBASSADOR, "大使": Duty.AMBASSADOR,
    },
    "decider": {
        "manager": Decider.MANAGER, "region manager": Decider.MANAGER, "经理": Decider.MANAGER,
        "区域经理": Decider.MANAGER, "finance": Decider.FINANCE, "财务": Decider.FINANCE, "hq": Decider.HQ,
        "headquarters": Decider.HQ, "总部": Decider.HQ,
    },
    "tongue": {
        "english": "en", "英文": "en", "英语": "en", "en": "en",
        "chinese": "zh", "中文": "zh", "汉语": "zh", "zh": "zh",
    },
    "person_data": {
        "team": PersonData.TEAM, "private": PersonData.PRIVATE, "public": PersonData.PUBLIC, "仅团队": PersonData.TEAM,
        "不公开": PersonData.PRIVATE, "公开": PersonData.PUBLIC,
    },
    "bound": {"hq": HEADQUARTERS, "headquarters": HEADQUARTERS, "总部": HEADQUARTERS, "總部": HEADQUARTERS},
}  # fmt: skip


@cache
def words_of(kind: str) -> Pattern:
    """The words of a closed set, the longest first."""
    words = sorted(CHOICES[kind], key=len, reverse=True)
    return Pattern("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in words))


def read_ratio(words: str) -> Fraction | None:
    """Read a rate: 1.08, 1,08 or 27/25; none for anything that is not above zero or has too many digits."""
    found = _RATIO.fullmatch(words.strip())
    if found is None:
        return None
    below = int(found[3] or 1)
    value = Fraction(f"{found[1]}.{found[2] or 0}") / below if below else Fraction(0)
    return value if value > 0 and max(value.as_integer_ratio()) <= _LARGEST else None


def read_hours(words: str) -> str | None:
    """Read hours of work: 9:00-18:00 is 09:00-18:00."""
    found = LOOKS["hours"].fullmatch(words)
    if found is None:
        return None
    opens, closes = f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"
    return f"{opens}-{closes}" if opens < closes else None


def read_week(words: str) -> str | None:
    """Read the days of a week as their numbers (Monday is 0): sun-thu is "01236"."""
    found = LOOKS["week"].fullmatch(words)
    if found is None:
        return "".join(sorted(set(words))) if words and set(words) <= set("0123456") else None
    first, last = (_DAYS[(found[at] or found[at + 2]).lower()[:3]] for at in (1, 2))
    days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return "".join(str(day) for day in sorted(days))
