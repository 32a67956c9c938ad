"""Know currencies by code, symbol and word; a bare $ or ¥ is the region's."""

from handlers.grammar.currency_words import CODES, DOLLAR, FAMILIES, WORDLIKE, WORDS, YEN, YUAN
from handlers.grammar.patterns import Pattern
from handlers.grammar.words import has_han, word_set

_LENGTHS_BY_FIRST = {
    char: tuple(sorted({len(word) for word in WORDS if word[0] == char}, reverse=True))
    for char in {word[0] for word in WORDS}
}
_LENGTHS_BY_LAST = {
    char: tuple(sorted({len(word) for word in WORDS if word[-1] == char}, reverse=True))
    for char in {word[-1] for word in WORDS}
}
_ONLY_BEFORE = {"rs", "rs.", "rp", "rp.", "rm", "fr.", "sfr", "sfr.", "s$", "a$", "c$", "r$"}

# Words that are also parts of names: before a figure they are a currency only when typed as a plain word.
_PLAIN_BEFORE = word_set("euro euros yen baht rupees rupiah ringgit renminbi yuan")
# What may follow a currency without blank when a blank stands before it; anything else makes a name: 港币通.
_AFTER_MONEY = Pattern(
    r"[下本这這周週明后後今月年预預大左上整在于约約,，]|星期|礼拜|禮拜|[0-9一二三四五六七八九十]+[月号日]|报价|報價|方案|合同|合約|谈判|談判|签约|"
    r"簽約|成交|线索|線索"
)
_CAPITAL = Pattern(r" [A-Z]")
_ALONE = Pattern(r"(?<![A-Za-z0-9$€£-])[A-Z]{3}(?![A-Za-z0-9$€£-])")
_MAJOR = frozenset({"USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "CAD", "AUD", "SGD", "HKD", "INR", "BRL", "TWD"})


def currency_of(word: str, default: str) -> str | None:
    """Give the ISO code that `word` means where `default` is the region's currency."""
    meaning = WORDS.get(word.strip().lower())
    if meaning in FAMILIES:
        family, fallback = FAMILIES[meaning]
        return default if default in family else fallback
    return meaning


def is_family(word: str) -> bool:
    """Whether the word, such as $ or ¥, stands for several currencies."""
    return WORDS.get(word) in FAMILIES


def agrees(family_word: str, code: str) -> bool:
    """Whether a bare $ beside the code CAD says the same thing twice."""
    meaning = WORDS.get(family_word, "")
    if meaning == DOLLAR:
        return code.endswith("D") or code in {"MXN", "BRL", "CLP", "COP", "ARS", "UYU"}
    if meaning in {YEN, YUAN}:
        return code in {"CNY", "JPY", "TWD", "HKD", "USD", "SGD"}
    return meaning in FAMILIES and code in FAMILIES[meaning][0]


def currency_after(text: str, low: str, at: int) -> tuple[str, int] | None:
    """Find the currency word that starts at `at` (one blank allowed) and its end."""
    begin = at + 1 if low.startswith(" ", at) else at
    begin += 3 if low.startswith("in ", begin) else 0
    word = _longest(low, begin, _LENGTHS_BY_FIRST)
    if not word:
        return None
    end = begin + len(word)
    following = low[end : end + 1]
    if following == "旦" or (_is_letter(word[-1]) and following and (_is_letter(following) or following.isdecimal())):
        return None
    return (word, end) if begin == at or not _begins_a_name(text, word, begin) else None


def currency_before(text: str, low: str, at: int) -> tuple[str, int] | None:
    """Find the currency word that ends at `at` (one blank allowed) and its start; 元 and 刀 only follow a figure."""
    spaced = at > 0 and low[at - 1] == " "
    stop = at - 1 if spaced else at
    word = _longest_before(low, stop)
    if not word:
        return None
    start = stop - len(word)
    if has_han(word) and len(word) == 1:
        return None
    if _is_letter(word[0]) and start and (_is_letter(low[start - 1]) or low[start - 1].isdecimal()):
        return None
    return None if spaced and _ends_a_name(text[start:stop], word) else (word, start)


def _begins_a_name(text: str, word: str, begin: int) -> bool:
    """Whether the word after a blank belongs to what follows: 20万 元祖食品, 50k Dollar General, 50k Mad Max."""
    end = begin + len(word)
    if word in _ONLY_BEFORE and word != "rs":
        return True
    if not word[0].isascii():
        return has_han(text[end : end + 1]) and (len(word) == 1 or _AFTER_MONEY.match(text, end) is None)
    if word.upper() in WORDLIKE:
        return text[begin:end] != word.upper()
    typed = text[begin:end]
    return word.isalpha() and len(word) > 2 and typed.istitle() and _CAPITAL.match(text, end) is not None  # noqa: PLR2004 kr


def _ends_a_name(typed: str, word: str) -> bool:
    """Whether the word before a blank belongs to what precedes: Family Dollar 50k."""
    if word.upper() in WORDLIKE or word == "kr":
        return word.upper() in WORDLIKE or typed != word.upper()
    if not word.isascii() or not word.isalpha() or word.upper() in CODES or word in _ONLY_BEFORE:
        return False
    return not (word in _PLAIN_BEFORE and (typed.islower() or word == "rupees"))


def _longest(low: str, at: int, lengths: dict[str, tuple[int, ...]]) -> str:
    for length in lengths.get(low[at : at + 1], ()):
        if low[at : at + length] in WORDS:
            return low[at : at + length]
    return ""


def _longest_before(low: str, stop: int) -> str:
    for length in _LENGTHS_BY_LAST.get(low[stop - 1 : stop], ()):
        if length <= stop and low[stop - length : stop] in WORDS:
            return low[stop - length : stop]
    return ""


def lone_codes(text: str) -> list[tuple[int, int]]:
    """Find well-known codes in capitals that stand by themselves."""
    return [match.span() for match in _ALONE.finditer(text) if match[0] in _MAJOR]


def _is_letter(char: str) -> bool:
    return "a" <= char <= "z" or "à" <= char <= "ỹ"
