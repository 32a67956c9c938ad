"""Read figures however they are grouped: 1,200,000 or 1.200.000,50 or 1'200'000 or 1,20,000."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

_THREE = 3
_LONGEST = 40


@lru_cache(maxsize=256)
def decimal_mark(locale: str) -> str:
    """Say whether the region writes 1.5 or 1,5; an unknown region writes 1.5."""
    try:
        return "," if get_decimal_symbol(Locale.parse(locale.replace("-", "_"))) == "," else "."
    except (UnknownLocaleError, ValueError):
        return "."


def read_figure(figure: str, locale: str, *, scaled: bool = False) -> tuple[Decimal, ...]:
    """Give the possible values of `figure`: none when it is no number, two when region and habit disagree.

    `scaled` says that a word such as k or million follows, before which a fraction is likely.
    """
    figure = figure.replace("_", "'").replace("’", "'").replace(" ", "'")
    if len(figure) > _LONGEST:
        return ()
    marks = [char for char in figure if char in ",."]
    if not marks:
        return _one(_grouped(figure, "'"))
    last = marks[-1]
    if len(set(marks)) > 1:
        whole, _, fraction = figure.rpartition(last)
        other = marks[0]
        return _one(_with_fraction(_grouped(whole, other), fraction)) if other != last else ()
    if len(marks) > 1:
        return _one(_grouped(figure, last))
    whole, _, fraction = figure.partition(last)
    as_fraction = _with_fraction(_grouped(whole, "'"), fraction)
    if len(fraction) != _THREE or "'" in whole or len(whole) > _THREE or whole.startswith("0"):
        return _one(as_fraction)
    if as_fraction is None:
        return ()
    as_group = Decimal(whole + fraction)
    if last != decimal_mark(locale):
        return (as_group, as_fraction) if scaled else (as_group,)
    if scaled:
        return _one(as_fraction)
    return (as_group, as_fraction)


def _one(value: Decimal | None) -> tuple[Decimal, ...]:
    return () if value is None else (value,)


def _grouped(figure: str, mark: str) -> Decimal | None:
    parts = figure.replace("'", mark).split(mark)
    if len(parts) == 1:
        return Decimal(figure) if figure.isdecimal() else None
    if not all(part.isdecimal() for part in parts) or len(parts[-1]) != _THREE or len(parts[0]) > _THREE:
        return None
    inner = {len(part) for part in parts[1:-1]}
    western = inner <= {_THREE}
    indian = inner <= {2} and len(parts[0]) <= 2  # noqa: PLR2004 lakh and crore are pairs of digits
    return Decimal("".join(parts)) if western or indian else None


def _with_fraction(whole: Decimal | None, fraction: str) -> Decimal | None:
    if whole is None or not fraction.isdecimal():
        return None
    return whole + Decimal(fraction).scaleb(-len(fraction))
