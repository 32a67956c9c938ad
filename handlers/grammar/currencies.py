"""Know currencies by code, symbol and word; a bare $ or ¥ is the region's."""

import re

from handlers.grammar.words import word_set

_CODES = word_set(
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK DZD EGP EUR GBP GHS HKD HUF IDR ILS INR IQD ISK JOD "
    "JPY KES KHR KRW KWD KZT LKR MAD MMK MNT MOP MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR "
    "SEK SGD THB TND TRY TWD UAH UYU VND XAF XOF ZAR USD CNH RMB NTD"
)
_WORDLIKE = frozenset({"TRY", "PEN", "MOP", "MAD", "RON", "COP"})
_RENAMED = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD"}

_DOLLAR = "$"
_YEN = "¥"
_YUAN = "元"
_RUPEE = "rupee"
_PESO = "peso"
_KRONE = "kr"

_FAMILIES = {
    _DOLLAR: (frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"}), "USD"),
    _YEN: (frozenset({"JPY"}), "CNY"),
    _YUAN: (frozenset({"TWD", "HKD"}), "CNY"),
    _RUPEE: (frozenset({"INR", "PKR", "LKR", "NPR"}), "INR"),
    _PESO: (frozenset({"MXN", "PHP", "COP", "CLP", "ARS", "UYU"}), "MXN"),
    _KRONE: (frozenset({"SEK", "NOK", "DKK", "ISK"}), "SEK"),
}

_WORDS = {
    **dict.fromkeys(("$", "dollar", "dollars", "buck", "bucks"), _DOLLAR),
    **dict.fromkeys(("¥", "￥"), _YEN),
    **dict.fromkeys(("元", "块钱", "塊錢", "块", "塊", "圆", "圓", "元整"), _YUAN),
    **dict.fromkeys(("rs.", "rs", "rupee", "rupees", "卢比", "盧比"), _RUPEE),
    **dict.fromkeys(("peso", "pesos", "比索"), _PESO),
    **dict.fromkeys(("kr", "kr.", "kronor", "kroner"), _KRONE),
    **dict.fromkeys(("us$", "usd$", "刀", "美金", "美元", "美刀", "us dollars", "us dollar", "u.s. dollars"), "USD"),
    **dict.fromkeys(("€", "euro", "euros", "欧元", "歐元", "欧"), "EUR"),
    **dict.fromkeys(("£", "pound", "pounds", "quid", "sterling", "英镑", "英鎊", "镑", "鎊"), "GBP"),
    **dict.fromkeys(("yuan", "renminbi", "kuai", "人民币", "人民幣", "cn¥", "rmb¥", "软妹币"), "CNY"),
    **dict.fromkeys(("yen", "日元", "日圆", "日圓", "日币", "日幣", "円", "jp¥"), "JPY"),
    **dict.fromkeys(("hk$", "港币", "港幣", "港元", "港纸", "hong kong dollars", "蚊"), "HKD"),
    **dict.fromkeys(("nt$", "台币", "台幣", "新台币", "新台幣", "新臺幣", "臺幣"), "TWD"),
    **dict.fromkeys(("s$", "sg$", "新币", "新幣", "新加坡元", "新元", "坡币", "singapore dollars"), "SGD"),
    **dict.fromkeys(("a$", "au$", "澳元", "澳币", "澳幣", "australian dollars", "aussie dollars"), "AUD"),
    **dict.fromkeys(("c$", "ca$", "can$", "加元", "加币", "加幣", "canadian dollars"), "CAD"),
    **dict.fromkeys(("nz$", "纽币", "新西兰元", "紐幣"), "NZD"),
    **dict.fromkeys(("r$", "real", "reais", "雷亚尔"), "BRL"),
    **dict.fromkeys(("mx$",), "MXN"),
    **dict.fromkeys(("₹", "印度卢比"), "INR"),
    **dict.fromkeys(("₩", "韩元", "韓元", "韩币", "원"), "KRW"),
    **dict.fromkeys(("₫", "đ", "dong", "đồng", "越南盾"), "VND"),
    **dict.fromkeys(("฿", "baht", "泰铢", "泰銖"), "THB"),
    **dict.fromkeys(("₽", "卢布", "盧布"), "RUB"),
    **dict.fromkeys(("₺", "里拉"), "TRY"),
    **dict.fromkeys(("₱",), "PHP"),
    **dict.fromkeys(("zł", "zloty"), "PLN"),
    **dict.fromkeys(("rp", "rp.", "rupiah", "印尼盾"), "IDR"),
    **dict.fromkeys(("rm", "ringgit", "马币", "馬幣", "林吉特", "令吉"), "MYR"),
    **dict.fromkeys(("fr.", "sfr.", "sfr", "francs", "瑞士法郎", "瑞郎"), "CHF"),
    **dict.fromkeys(("₪",), "ILS"),
    **dict.fromkeys(("₦",), "NGN"),
}
_WORDS |= {code.lower(): _RENAMED.get(code, code) for code in _CODES}
_ONLY_BEFORE = {"rs", "rs.", "rp", "rp.", "rm", "fr.", "sfr", "sfr.", "s$", "a$", "c$", "r$"}

_ALTERNATIVES = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_AFTER = re.compile(rf"(?:in )?({_ALTERNATIVES})(?!旦)")
_BEFORE = re.compile(rf"({_ALTERNATIVES})[ ]?$")
_CONTEXT = 24
_ALONE = re.compile(r"(?<![A-Za-z0-9$€£-])[A-Z]{3}(?![A-Za-z0-9$€£-])")
_MAJOR = frozenset({"USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "CAD", "AUD", "SGD", "HKD", "INR", "BRL", "TWD"})


def currency_of(word: str, default: str) -> str | None:
    """Give the ISO code that `word` means where `default` is the region's currency."""
    meaning = _WORDS.get(word.strip().lower())
    if meaning in _FAMILIES:
        family, fallback = _FAMILIES[meaning]
        return default if default in family else fallback
    return meaning


def is_family(word: str) -> bool:
    """Whether the word, such as $ or ¥, stands for several currencies."""
    return _WORDS.get(word) in _FAMILIES


def agrees(family_word: str, code: str) -> bool:
    """Whether a bare $ beside the code CAD says the same thing twice."""
    meaning = _WORDS.get(family_word, "")
    if meaning == _DOLLAR:
        return code.endswith("D") or code in {"MXN", "BRL", "CLP", "COP", "ARS", "UYU"}
    if meaning in {_YEN, _YUAN}:
        return code in {"CNY", "JPY", "TWD", "HKD", "USD", "SGD"}
    return meaning in _FAMILIES and code in _FAMILIES[meaning][0]


def currency_after(low: str, at: int) -> tuple[str, int] | None:
    """Find the currency word that starts at `at` (one blank allowed) and its end."""
    begin = at + 1 if low.startswith(" ", at) else at
    match = _AFTER.match(low, begin)
    if match is None:
        return None
    word, end = match[1], match.end()
    if _is_letter(word[-1]) and end < len(low) and (_is_letter(low[end]) or low[end].isdecimal()):
        return None
    if begin > at and word in _ONLY_BEFORE and word != "rs":
        return None
    return word, end


def currency_before(text: str, low: str, at: int) -> tuple[str, int] | None:
    """Find the currency word that ends at `at` (one blank allowed) and its start."""
    window = max(0, at - _CONTEXT)
    match = _BEFORE.search(low[window:at])
    if match is None:
        return None
    word, start = match[1], window + match.start(1)
    if _is_letter(word[0]) and start and (_is_letter(low[start - 1]) or low[start - 1].isdecimal()):
        return None
    spaced = match.end() > match.end(1)
    typed = text[start : start + len(word)]
    if spaced and (word.upper() in _WORDLIKE or (word in {"real", "dong", "kr", "pen"} and typed != word.upper())):
        return None
    return word, start


def lone_codes(text: str) -> list[tuple[int, int]]:
    """Find well-known codes in capitals that stand by themselves."""
    return [match.span() for match in _ALONE.finditer(text) if match[0] in _MAJOR]


def _is_letter(char: str) -> bool:
    return "a" <= char <= "z" or "à" <= char <= "ỹ"
