"""Read numbers written in words: 四十八万, 12万5."""

from decimal import Decimal

from handlers.grammar.patterns import Pattern

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "兩": 2,
    "貳": 2,
    "參": 3,
    "陸": 6,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "w": 10**4, "亿": 10**8, "億": 10**8}
NUMERALS = "".join(_DIGITS) + "".join(_SMALL) + "万萬亿億半"
_TOKEN = Pattern(rf"[0-9]+(?:\.[0-9]+)?|[{''.join(_DIGITS)}]+|[十拾百佰千仟万萬w亿億半]")
_ABOUT = Pattern(
    rf"([0-9{''.join(_DIGITS)}十百千万亿]*?)(?<![{''.join(_DIGITS)}])([{''.join(_DIGITS)}]{{2}})([十拾百佰千仟万萬w亿億]+)"
)
_MYRIAD = 10_000

_LONGEST = 30


def read_chinese(words: str) -> Decimal | None:
    """Read a Chinese or mixed numeral strictly; None when it breaks the order of its units."""
    words = words.replace(",", "")
    tokens = _TOKEN.findall(words)
    if len(words) > _LONGEST or "".join(tokens) != words or not tokens:
        return None
    total = Decimal(0)
    last_big = 10**13
    section: list[str] = []
    for token in tokens:
        if token not in _BIG:
            section.append(token)
            continue
        big = _BIG[token]
        if big >= last_big:
            if big > last_big and not section and total:
                total, last_big = total * big, big
                continue
            return None
        part = _section(section)
        if part is None or part == 0:
            return None
        total += part * big
        last_big, section = big, []
    tail = _tail(section, last_big)
    return None if tail is None else total + tail


def about(words: str) -> tuple[Decimal, ...]:
    """Give both ends of 五六十万 and 三五百万, which two neighbouring digits before a unit mean; else nothing."""
    match = _ABOUT.fullmatch(words)
    if match is None:
        return ()
    low, high = (int(_digit(digit)) for digit in match[2])
    if not (high == low + 1 or (low, high) == (3, 5)):
        return ()
    ends = [read_chinese(match[1] + digit + match[3]) for digit in match[2]]
    return tuple(end for end in ends if end is not None)


def _tail(section: list[str], last_big: int) -> Decimal | None:
    """Read what follows the last 万 or 亿: one digit is a tenth of it (12万5), 半 a half."""
    if not section:
        return Decimal(0)
    if last_big > 10**8:
        return _section(section)
    if section == ["半"]:
        return Decimal(last_big) / 2
    only = section[0]
    if len(section) == 1 and (only.isdecimal() or only[0] in _DIGITS):
        if len(only) == 1:
            return _digit(only) * last_big / 10
        as_added = len(only) == 4 or only[0] in "0零〇"  # noqa: PLR2004 12万5000, 一万零五
        return _section(section) if as_added else None
    return _section(section)


def _section(tokens: list[str]) -> Decimal | None:
    """Read a number below ten thousand, or figures of any size that stand alone."""
    if len(tokens) == 1 and tokens[0] not in _SMALL:
        return _digit(tokens[0])
    total = Decimal(0)
    last = _MYRIAD
    pending: Decimal | None = None
    zero = False
    for token in tokens:
        if token in _SMALL:
            unit = _SMALL[token]
            if unit >= last:
                return None
            total += (Decimal(1) if pending is None else pending) * unit
            last, pending, zero = unit, None, False
            continue
        if pending is not None:
            return None
        zero = token[0] in "0零〇"
        pending = _digit(token.lstrip("零〇") or "零")
        if pending is None:
            return None
    if pending is None:
        return total
    elided = last > 10 and not zero and pending < 10 and tokens[-1] not in _SMALL  # noqa: PLR2004 一百二 is 120
    return total + (pending * last / 10 if elided and total else pending)


def _digit(numeral: str) -> Decimal:
    if numeral == "半":
        return Decimal("0.5")
    if numeral[0] in _DIGITS:
        return Decimal("".join(str(_DIGITS[char]) for char in numeral))
    return Decimal(numeral)
