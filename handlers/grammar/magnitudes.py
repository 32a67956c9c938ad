"""Know the words that scale a figure (k, Mio., lakh, tỷ), some of them only in their regions."""

from decimal import Decimal
from functools import lru_cache

from handlers.grammar.patterns import Pattern

_EVERYWHERE = {
    **dict.fromkeys(("k", "thousand", "thousands", "grand", "tsd", "tausend", "nghìn", "ngàn"), 10**3),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "million", "millions", "millionen", "triệu"), 10**6),
    **dict.fromkeys(("millones", "millón", "milhão", "milhões", "milioni", "juta", "miljoen", "miljoner"), 10**6),
    **dict.fromkeys(("b", "bn", "bln", "billion", "billions", "mrd", "milliard", "milliards", "tỷ", "tỉ"), 10**9),
    **dict.fromkeys(("milliarden", "milliarde", "miliar", "milyar", "miljard", "miljarder"), 10**9),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 10**5),
    **dict.fromkeys(("crore", "crores", "cr"), 10**7),
    **dict.fromkeys(("trillion", "trillions", "tn", "trn"), 10**12),
    "hundred": 10**2,
    "wan": 10**4,
    "ribu": 10**3,
    "พัน": 10**3,
    "หมื่น": 10**4,
    "แสน": 10**5,
    "ล้าน": 10**6,
    "천": 10**3,
    "만": 10**4,
    "백만": 10**6,
    "천만": 10**7,
    "억": 10**8,
}
# By language, or by a whole locale where the country decides.
_BY_PLACE: dict[str, dict[str, tuple[int, ...]]] = {
    "pt": {
        **dict.fromkeys(("mi", "kk", "milhao", "milhoes"), (10**6,)),
        **dict.fromkeys(("bi", "bilhões", "bilhão"), (10**9,)),
        "mil": (10**3,),
    },
    "es": {"mil": (10**3,), "mdp": (10**6,), "millon": (10**6,)},
    "fr": {"md": (10**9,), "mds": (10**9,), "mille": (10**3,)},
    "de": {"mill": (10**6,), "t": (10**3,)},
    "id": {"rb": (10**3,), "jt": (10**6,), "m": (10**6, 10**9)},
    "ms": {"rb": (10**3,), "jt": (10**6,)},
    "vi": {
        **dict.fromkeys(("tr", "trieu"), (10**6,)),
        **dict.fromkeys(("ty", "ti"), (10**9,)),
        **dict.fromkeys(("n", "ng", "nghin", "ngan"), (10**3,)),
    },
    "it": {"mila": (10**3,), "mld": (10**9,)},
    "nl": {"mld": (10**9,), "duizend": (10**3,)},
    "pl": {"tys": (10**3,), "mld": (10**9,)},
    "ru": {"тыс": (10**3,), "млн": (10**6,), "млрд": (10**9,)},
    "tr": {"bin": (10**3,), "milyon": (10**6,)},
    "en-in": {"l": (10**5,)},
    "hi-in": {"l": (10**5,)},
}
_UNSURE = {"mil": (10**3, 10**6)}
_WORD = Pattern(r"[a-zà-ɏа-яạ-ỹđ]{1,12}\.?|천만|백만|[천만억]|พัน|หมื่น|แสน|ล้าน")
_CODES = (
    "usd|eur|gbp|cny|rmb|sgd|hkd|twd|ntd|aud|nzd|cad|chf|inr|jpy|brl|mxn|sek|nok|dkk|pln|czk|huf|thb|idr|vnd|krw|"
    "myr|php|aed|sar|zar|ils|rub|kr"
)
_JOINED = Pattern(rf"(t|k|mm|mn|m|bn|b)(?:{_CODES})$")
_BEFORE = Pattern(rf"(?<![a-z0-9&.'-])(t|k|mm|mn|m|mio\.? ?|tsd\.? ?|mrd\.? ?|bn|b)({_CODES}|[€$£¥]) ?$")
_CURRENCIES = (*_CODES.split("|"), *"€$£¥")
_LETTER_SCALES = {"t": 3, "k": 3, "m": 6, "mm": 6, "mn": 6, "b": 9, "bn": 9, "mio": 6, "tsd": 3, "mrd": 9}
_NOT_AFTER_A_BLANK = frozenset({"b", "t", "n", "l"})
_INDIAN = frozenset({"en-in", "hi-in"})
_CONTEXT = 12


def magnitude_at(low: str, at: int, locale: str) -> tuple[tuple[Decimal, ...], int] | None:
    """Find the scale word at `at` (one blank allowed): its possible factors and its end."""
    begin = at + 1 if low.startswith(" ", at) else at
    if low.startswith(("t€", "k€", "m€", "k$", "m$", "k£", "m£"), begin):
        return (Decimal(10) ** _LETTER_SCALES[low[begin]],), begin + 1
    match = _WORD.match(low, begin)
    if match is None:
        return None
    word = match[0].rstrip(".")
    joined = _JOINED.match(word)
    if joined:
        return (Decimal(10) ** _LETTER_SCALES[joined[1]],), begin + len(joined[1])
    locale = locale.replace("_", "-").lower()
    factors = _local_words(locale).get(word) or _factors(word)
    spaced = begin > at
    if factors is None or (spaced and (word in _NOT_AFTER_A_BLANK or (word == "cr" and locale not in _INDIAN))):
        return None
    dotted = len(word) > 1 and match[0].endswith(".")
    end = begin + len(word) + (1 if dotted else 0)
    following = low[end : end + 1]
    if following and "0" <= following <= "9":
        return None
    scales = tuple(Decimal(factor) for factor in factors)
    if word in {"hundred", "thousand", "lakh"}:
        higher = magnitude_at(low, end, locale)
        if higher is not None and low.startswith(" ", end):
            return tuple(factor * scales[0] for factor in higher[0]), higher[1]
    return scales, end


def scaled_currency_before(low: str, at: int) -> tuple[str, int, Decimal] | None:
    """Find a currency with its scale in front that ends at `at` (T€ 450, kEUR 450, MUSD 3): word, start, factor."""
    window = max(0, at - _CONTEXT)
    before = low[window:at]
    match = _BEFORE.search(before) if before.rstrip().endswith(_CURRENCIES) else None
    if match is None:
        return None
    return match[2], window + match.start(), Decimal(10) ** _LETTER_SCALES[match[1].rstrip(" .")]


@lru_cache(maxsize=256)
def _local_words(locale: str) -> dict[str, tuple[int, ...]]:
    """Give the words of the locale's language and country."""
    return {**_BY_PLACE.get(locale.split("-", 1)[0], {}), **_BY_PLACE.get(locale, {})}


def _factors(word: str) -> tuple[int, ...] | None:
    if word in _EVERYWHERE:
        return (_EVERYWHERE[word],)
    return _UNSURE.get(word)
