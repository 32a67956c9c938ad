"""Read numbers written in English words: two hundred thousand, one point two million, a million and a half."""

from decimal import Decimal

from handlers.grammar.patterns import Pattern

_UNITS = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_TENS["fourty"] = 40
_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "grand": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "billion": 10**9,
}
_SCALES |= {"thousands": 10**3, "millions": 10**6, "billions": 10**9}
_ADDED = {word: Decimal(value) for word, value in (_UNITS | _TENS | {"a": 1, "an": 1}).items()}
_ADDED |= {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_ADDED["3quarters"] = Decimal("0.75")
_SEVERAL_QUARTERS = Pattern(r"\bthree quarters(?: of)?(?: an?)?\b")
# A million and a half: the half is of the million.
_AND_A_HALF = Pattern(r"\b(million|billion|thousand|lakh|crore)s? and a (half|quarter)$")
_DIGIT = "zero|one|two|three|four|five|six|seven|eight|nine"
_POINT = Pattern(rf"({_DIGIT}|ten|eleven|twelve) point((?: (?:{_DIGIT})\b)+)")
_ARTICLES = Pattern(r"\b(half|quarter)(?: of)? an?\b|\ban? (?=half|quarter)")


def is_number_word(word: str) -> bool:
    """Whether the English word can be part of a spelled-out number."""
    return word in _UNITS or word in _TENS or word in _SCALES or word in {"hundred", "hundreds", "point"}


def read_english(words: list[str]) -> Decimal | None:
    """Read spelled-out English (figures may stand among the words); None unless it has a hundred or more in it."""
    total = group = Decimal(0)
    scaled = False
    last_scale = 10**12
    for index, word in enumerate(_in_reading_order(words)):
        if index == 0 and word.replace(".", "", 1).isdecimal():
            group = Decimal(word)
        elif word in _ADDED and not (index and word in {"a", "an"}) and _may_add(group, _ADDED[word]):
            group += _ADDED[word]
        elif word.startswith("hundred") and group < 100:  # noqa: PLR2004 once in a group
            group, scaled = (group or Decimal(1)) * 100, True
        elif word in _SCALES and group and _SCALES[word] < last_scale:
            total, group, scaled = total + group * _SCALES[word], Decimal(0), True
            last_scale = _SCALES[word]
        else:
            return None
    return total + group if scaled else None


def _in_reading_order(words: list[str]) -> list[str]:
    """Leave out articles, put the half of `a million and a half` before its million, write one point two as 1.2."""
    text = _AND_A_HALF.sub(lambda match: f"and {match[2]} {match[1]}", " ".join(words))
    text = _SEVERAL_QUARTERS.sub("3quarters", text)
    text = _ARTICLES.sub(lambda match: match[1] or "", text)
    point = _POINT.match(text)
    if text.startswith("point "):
        text = f"zero {text}"
        point = _POINT.match(text)
    if point is not None:
        digits = "".join(str(_UNITS[digit]) for digit in point[2].split())
        text = f"{_UNITS[point[1]]}.{digits} {text[point.end() :]}"
    return [word for word in text.split() if word not in {"and", "of"}]


def _may_add(group: Decimal, added: Decimal) -> bool:
    """Whether the words follow each other in one number: twenty five, not fifty sixty."""
    room = 1 if added < 1 else 10 if added < 10 else 100  # noqa: PLR2004 units follow tens, tens follow hundreds
    return group % room == 0
