"""Tell the customer from the people and places of an English sentence by the words around each name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.grammar.chatter_en import CHATTER, PROSE
from handlers.grammar.patterns import Pattern
from handlers.grammar.words import word_set

TITLES = word_set(
    "mr mrs ms miss dr prof herr frau señor señora sr sra don doña khun ibu pak bapak bu mas sister brother "
    "father sir lady monsieur madame mme signor signora uncle auntie"
)
_RANKS = frozenset({"I", "CEO", "CFO", "CTO", "COO", "CIO", "CMO", "VP", "SVP", "EVP", "MD", "SDR", "PM", "HR", "IT"})
STARTERS = word_set(
    "unfortunately heads lovely took walked sorry great good quick met saw visited called closing "
    "customer client fyi ok so yes well today yesterday update news hey hi hello still probably thanks "
    "finally apparently luckily sadly happy glad spoke chatted talked had got went drove flew finished just "
    "please unlike while after before"
)
_FORMS = word_set(
    "inc ltd llc corp gmbh ag sa plc co kg bv nv group systems school hospital hospice foods industries union "
    "bank partners works mills rentals theatre dairy candles bearings solutions technologies labs holdings "
    "services company school university clinic hotel logistics energy motors marine catering roasters studio studios "
    "pharma pharmacy insurance capital ventures media digital electronics textiles steel chemicals farms brewery "
    "brewing bakery restaurant construction builders engineering airways airlines shipping consulting associates trust "
    "council college institute museum club resort homes care health medical dental veterinary optics tools machinery"
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’+-]*(?:\.(?=[A-Za-z]))?[\w'’+-]*"
_JOINT = r"(?:&|and|of|the|de|del|della|la|las|los|el|do|da|dos|van|von|der|den|y|e|et|und)"
_NAME = Pattern(
    rf"(?<![\w'’@#]){_CAPITAL}(?:(?: {_JOINT}){{0,2}} {_CAPITAL}){{0,6}}(?:,? (?:Inc|Ltd|LLC|Co|S\.A)\.?)?"
    r"|[\u4e00-\u9fff]{2,20}"
)
HAN_TITLE = Pattern(r"^[\u4e00-\u9fff]{1,2}(?:总|總|经理|經理|先生|小姐|女士|主任|老师|老師|董|姐|哥)$")
_OFFICE = Pattern(
    r",? (?:the |our |their |my |a )?(?:vp|svp|evp|ceo|cfo|cto|coo|cio|cmo|md|head|director|managing director|owner"
    r"|founder|manager|buyer|partner|president|chair|secretary|assistant|engineer)\b",
    re.IGNORECASE,
)
_OF_WHOM = Pattern(r" (?:from|at|over at) (?=[A-Z\u4e00-\u9fff])")
_PART_OF = Pattern(r" (?:office|team|trade|expo|show|conference|podcast|fair|branch|airport|station|summit|event)\b")
TELLS = Pattern(r" (?:says?|said|told|asked|called|thinks|introduced|found|saw|mentioned|emailed|texted|likes|wrote)\b")
_DOES = Pattern(
    r" (?:is|are|was|were|has|have|had|would|wants?|said|says|agreed|agrees|liked?|likes|heard|already|approved|can"
    r"|could|will|needs?|asked|signed|bought|ordered|told|came|confirmed|accepted|just|finally)\b"
)
_BEFORE = Pattern(r"([\w'’]+)[ ,]*$")
_DID = word_set(
    "won visited log logged logging closed closing signed landed lead customer client account introduced with for "
    "sold at from of"
)
_WHERE = word_set("in near around via to outside on")
_WITH_WHOM = word_set("friend colleague boss buddy cousin neighbour thanks and by me")
_LEAST = 1


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    words: tuple[str, ...]
    score: int


def customer_of_sentence(text: str) -> tuple[int, int] | None:
    """Give the span of the one name that is a customer's; none when there is none, or two are as likely.

    `text` has blanks where values were claimed.
    """
    names = sorted(_names(text), key=lambda name: -name.score)
    if not names or names[0].score < _LEAST:
        return None
    rivals = [name for name in names[1:] if name.words != names[0].words and name.score >= names[0].score]
    return None if rivals else (names[0].start, names[0].end)


def _names(text: str) -> Iterator[_Name]:
    person_ends: int | None = None
    for match in _NAME.each(text):
        for start, end in _parts(text, *match.span()):
            words = tuple(text[start:end].split())
            if not words:
                continue
            score = _score(text, start, end, words, after_a_person=person_ends)
            if _is_person(text, end, words):
                person_ends = end
                continue
            yield _Name(start, end, words, score)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Drop the ordinary words before a name, and part a person from what they are of."""
    words = [(start + found.start(), start + found.end()) for found in re.finditer(r"\S+", text[start:end])]
    while words and (_is_plain(text[slice(*words[0])]) or text[slice(*words[0])] in _RANKS):
        words.pop(0)
    cut = 0
    for at, span in enumerate(words):
        word = text[slice(*span)]
        titled = words and text[slice(*words[0])].lower().rstrip(".") in TITLES
        if word in _RANKS or (word == "of" and titled):
            if at > cut:
                yield words[cut][0], words[at - 1][1]
            cut = at + 1
            while cut < len(words) and text[slice(*words[cut])] in {"of", "at", "the", "and"}:
                cut += 1
    if cut < len(words):
        yield words[cut][0], words[-1][1]


def _is_plain(word: str) -> bool:
    low = word.lower().strip(".,")
    return low in STARTERS or low in CHATTER or (low in PROSE and low not in TITLES)


def _is_person(text: str, end: int, words: tuple[str, ...]) -> bool:
    if words[0].lower().rstrip(".") in TITLES or words[-1].endswith(("-san", "-sama")) or HAN_TITLE.match(words[0]):
        return True
    short = len(words) <= 2 and not has_form(words)  # noqa: PLR2004 a first and a last name
    if not short:
        return False
    return bool(_OFFICE.match(text, end) or _OF_WHOM.match(text, end) or text.startswith(" (", end))


def has_form(words: Iterable[str]) -> bool:
    """Whether a word is one that companies and other houses are called by."""
    return any(word.lower().strip(".,") in _FORMS for word in words)


def _score(text: str, start: int, end: int, words: tuple[str, ...], *, after_a_person: int | None) -> int:
    found = _BEFORE.search(text, max(0, start - 24), start)
    before = found[1].lower() if found else ""
    parted = text[:start].rstrip()[-1:] in {"", ",", ".", ";", ":", "!", "?", "-", "–"}
    short = len(words) <= 2 and not has_form(words)  # noqa: PLR2004 a first and a last name
    score = min(len(words), 3) - 1 + 2 * has_form(words) + 2 * (words[0] >= "\u4e00")
    if before in {"at", "from", "of"} and after_a_person is not None and start - after_a_person < 30:  # noqa: PLR2004 near
        return score + 4
    if _PART_OF.match(text, end):
        return -4
    if not parted and before in _WHERE and short:
        return -3 if before != "to" or "introduced" not in text[:start] else score + 2
    if before in {"from", "the"} and short and len(words) == 1:
        score -= 3
    if before in _WITH_WHOM and short:
        score -= 2
    if TELLS.match(text, end) and len(words) == 1:
        score -= 2
    elif _DOES.match(text, end):
        score += 2
    if before in _DID:
        score += 2
    return score + (2 if parted else 0)
