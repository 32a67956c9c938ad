"""Read days of the month and years in English words: twenty-first, thirty, twenty twenty-seven."""

from handlers.grammar.patterns import Pattern

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FIRSTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TENTHS = (
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
)  # fmt: skip
_NUMBERS = (
    {word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)}
    | {word: number for number, word in enumerate((*_FIRSTS, *_TENTHS), start=1)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {"twentieth": 20, "thirtieth": 30, "oh": 0, "zero": 0, "thousand": 1000}
)
_JOINT = Pattern(r"[ ,-]+(?:and )?")

_ONE, _TEEN, _TEN, _FIRST = ("|".join(words) for words in (_ONES, _TEENS, _TENS, _FIRSTS))

# A number in words goes on, so what was read of it is only a part.
ENDS = (
    rf"(?![ -](?:and [a-z]+ )?(?:{_ONE}|{_TEEN}|{_TEN}|hundred|thousand|million|billion|lakh|crore|k|grand|m|mm|bn"
    r"|percent|dollars|euros|seats|users)\b)"
)
ORDINAL = (
    rf"(?<!thirty[ -])(?<!twenty[ -])(?:twenty[ -](?:{_FIRST})|thirty[ -]first|{_FIRST}|{'|'.join(_TENTHS)}"
    r"|twentieth|thirtieth)"
)
CARDINAL = rf"(?:twenty[ -](?:{_ONE})|thirty[ -]one|{_TEEN}|twenty|thirty)"
ANY_NUMBER = rf"(?:(?:{_TEN})(?:[ -](?:{_ONE}))?|{_ONE}|{_TEEN})"
_CENTURY = rf"(?:nineteen|twenty)[ -](?:(?:oh|zero)[ -](?:{_ONE})|{_TEEN}|(?:{_TEN})(?:[ -](?:{_ONE}))?)"
YEAR_WORDS = rf"(?:{_CENTURY}|two thousand(?: (?:and )?{ANY_NUMBER})?){ENDS}"


def number_of(words: str) -> int:
    """Read a number below a hundred or an ordinal."""
    return sum(_NUMBERS[word] for word in _JOINT.split(words))


def year_in_words(words: str) -> int:
    """Read a year in figures or in words."""
    if words[-1].isdecimal():
        return int(words)
    first, *rest = _JOINT.split(words)
    if rest[0] == "thousand":
        return 2000 + sum(_NUMBERS[word] for word in rest[1:])
    return 100 * _NUMBERS[first] + sum(_NUMBERS[word] for word in rest)
