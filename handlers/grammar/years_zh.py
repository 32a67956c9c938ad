"""Read years as Chinese lines write them: 2027, 27, 二零二七, 两千零四, 明."""

from datetime import date

from handlers.grammar.days import full_year
from handlers.grammar.numerals import read_chinese

_DIGITS = "〇零一二三四五六七八九"
_VALUES = dict(zip(_DIGITS, "00123456789", strict=True))
_STEPS = {"今": 0, "本": 0, "明": 1, "后": 2, "後": 2, "去": -1, "前": -2}
_REPUBLIC = 1911  # the year before the first of the Republic, as Taiwan counts
_SHORT = 2

NUMBERED = (
    rf"(?:[公西]元)?(?:民[国國][0-9]{{2,3}}|(?<![0-9])(?:[1-9][0-9]{{2,3}}|[0-9]{{2}})"
    rf"|(?<![{_DIGITS}十百])(?:[一二三四五六七八九][{_DIGITS}]{{2,3}}|[{_DIGITS}]{{2}})"
    r"|[两兩二]千(?:[零〇][一二三四五六七八九十]{1,3})?)年"
)
# A year, or none: what follows a year that cannot be read is not read either.
YEAR = rf"(?:(?=[0-9{_DIGITS}公西民两兩今明后後去本前])({NUMBERED}|[今明后後去本]年|(?<![天周月])前年)|(?<!年))"


def year_in(words: str | None, today: date) -> int | None:
    """Give the year that is named; None when none is."""
    if not words:
        return None
    words = words.removesuffix("年").lstrip("公西元")
    if words[0] == "民":
        return _REPUBLIC + int(words[2:])
    if words in _STEPS:
        return today.year + _STEPS[words]
    if "千" in words:
        return int(read_chinese(words) or 0)
    digits = "".join(_VALUES.get(char, char) for char in words)
    return full_year(int(digits)) if len(digits) == _SHORT else int(digits)
