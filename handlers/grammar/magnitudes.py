"""Know the words that scale a figure (k, Mio., lakh, tỷ), some of them only in their regions."""

import re
from decimal import Decimal

_EVERYWHERE = {
    **dict.fromkeys(("k", "thousand", "thousands", "grand", "tsd", "tausend", "nghìn", "ngàn"), 10**3),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "million", "millions", "millionen", "triệu"), 10**6),
    **dict.fromkeys(("millones", "millón", "milhão", "milhões", "milioni", "juta"), 10**6),
    **dict.fromkeys(("b", "bn", "bln", "billion", "billions", "mrd", "milliard", "milliards", "tỷ", "tỉ"), 10**9),
    **dict.fromkeys(("milliarden", "milliarde", "miliar"), 10**9),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 10**5),
    **dict.fromkeys(("crore", "crores", "cr"), 10**7),
    "hundred": 10**2,
    "wan": 10**4,
    "ribu": 10**3,
}
_BY_LANGUAGE: dict[str, dict[str, tuple[int, ...]]] = {
    "pt": {"mil": (10**3,), "mi": (10**6,), "bi": (10**9,), "bilhões": (10**9,), "bilhão": (10**9,)},
    "es": {"mil": (10**3,), "mdp": (10**6,), "millon": (10**6,)},
    "fr": {"md": (10**9,), "mds": (10**9,), "mille": (10**3,)},
    "de": {"mill": (10**6,), "t": (10**3,)},
    "id": {"rb": (10**3,), "jt": (10**6,), "m": (10**6, 10**9)},
    "ms": {"rb": (10**3,), "jt": (10**6,)},
    "vi": {"tr": (10**6,), "ty": (10**9,), "ti": (10**9,), "n": (10**3,), "ng": (10**3,)},
    "it": {"mila": (10**3,), "mld": (10**9,)},
    "pl": {"tys": (10**3,), "mld": (10**9,)},
    "ru": {"тыс": (10**3,), "млн": (10**6,), "млрд": (10**9,)},
    "ko": {"만": (10**4,), "억": (10**8,)},
}
_UNSURE = {"mil": (10**3, 10**6)}
_WORD = re.compile(r"[a-zà-ɏа-яạ-ỹđ가-힣]{1,12}\.?")
_JOINED = re.compile(r"(t|k|mm|mn|m|bn|b)(usd|eur|gbp|cny|rmb|sgd|hkd|aud|cad|chf|inr|jpy|brl)$")
_LETTER_SCALES = {"t": 3, "k": 3, "m": 6, "mm": 6, "mn": 6, "b": 9, "bn": 9}


def magnitude_at(low: str, at: int, language: str) -> tuple[tuple[Decimal, ...], int] | None:
    """Find the scale word at `at` (one blank allowed): its possible factors and its end."""
    begin = at + 1 if low.startswith(" ", at) else at
    if low.startswith("t€", begin):
        return (Decimal(1000),), begin + 1
    match = _WORD.match(low, begin)
    if match is None:
        return None
    word = match[0].rstrip(".")
    if begin == at:
        joined = _JOINED.match(word)
        if joined:
            return (Decimal(10) ** _LETTER_SCALES[joined[1]],), begin + len(joined[1])
    factors = _BY_LANGUAGE.get(language, {}).get(word) or _factors(word)
    if factors is None or (begin > at and word in {"b", "t", "n", "cr"}):
        return None
    dotted = len(word) > 1 and match[0].endswith(".")
    end = begin + len(word) + (1 if dotted else 0)
    following = low[end : end + 1]
    if following and "0" <= following <= "9":
        return None
    scales = tuple(Decimal(factor) for factor in factors)
    if word in {"hundred", "thousand", "lakh"}:
        higher = magnitude_at(low, end, language)
        if higher is not None and low.startswith(" ", end):
            return tuple(factor * scales[0] for factor in higher[0]), higher[1]
    return scales, end


def _factors(word: str) -> tuple[int, ...] | None:
    if word in _EVERYWHERE:
        return (_EVERYWHERE[word],)
    return _UNSURE.get(word)
