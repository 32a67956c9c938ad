"""Know the words around a name in an English sentence: just won X for 120k, signed today."""

from collections.abc import Sequence

from handlers.grammar.words import word_set

CHATTER = word_set(
    "asap so "
    "please pls plz thanks thx ty hey hi hello log add new fyi for with at from to of in on by and or a an the is "
    "worth close closes closing closed expected exp exp. est eta due stage about around deal account customer "
    "client company amount value total date cc vs via as it we will should this my our need"
)
VERBS = word_set(
    "got get getting sent send sending signed signing closed closing won lost landed bagged inked met meeting talked "
    "talking talk spoke speaking chatted chatting called calling working worked received submitted quoted pitched "
    "pitching presented negotiating moved moving move marked mark log logged logging record recorded book booked put "
    "create created register adding added heard visited visiting finished wrapped secured scored"
)
PROSE = VERBS | word_set(
    "just finally we i they he she it you us our me their his her them have has had was were been am are is be new "
    "big good great nice quick update updated news team all everyone folks guys people think thinking guess hope "
    "hoping looks looking like can could would will should might may must want wants wanted need needs let lets let's "
    "i'm we're we've i've it's that's there's there here's here this that these those so now still yet already again "
    "over line across into onto out up off through said says saying yes no not but because if when while since after "
    "then also too very really pretty sure maybe perhaps probably possibly likely definitely hopefully came come "
    "coming went going goes go back agreed agrees accepted approved confirmed confirms ordered bought buying buy "
    "renewed interested ready happy keen opportunity opp today's congrats win ok okay hi some only nearly almost "
    "roughly potentially either between both who which what how he's she's they're did does done do make made takes "
    "my add adding sadly closing please pls plz took give gave gives another first next last"
)
_JOINERS = word_set("and of the for in on by & de la to with at from a an")
_NAMES_BEGIN = frozenset({"All", "Do", "About", "This", "Made", "Back"})
_IMPERATIVES = word_set("add adding please pls plz logging closing hi hey fyi")
COMMENTS = word_set("sadly unfortunately luckily hopefully apparently fortunately regrettably")
_OPENS_WITH = word_set("to with from at a an")
_SAID = word_set("said says wants wanted signed agreed agrees accepted approved confirmed confirms just is has was")


def name_words(words: Sequence[str], *, first: bool, before_stage: bool, marks: Sequence[str]) -> tuple[int, int]:
    """Give from..to of the words of a run that are the name's.

    `first` says that the run begins the line, `before_stage` that a stage follows it, `marks` what is typed after each
    word. Words in lower case before and after capitals go when they are a sentence's; a capital is the name's own, but
    for the first word of a sentence (Just signed Acme Corp).
    """
    start = _after_openers(words, marks, before_stage=before_stage) if first else 0
    named = next((at for at in range(start, len(words)) if not words[at].islower()), len(words))
    if named == len(words):
        return _in_lower_case(words, start, first=first, before_stage=before_stage)
    start = max((at + 1 for at in range(start, named) if _is_prose(words[at])), default=start)
    last = max(at for at in range(len(words)) if not words[at].islower())
    end = next((at for at in range(last + 1, len(words)) if words[at] in PROSE), len(words))
    end = next((at for at in range(named + 1, end) if words[at] in _SAID), end)
    return start, end


def is_all_prose(words: Sequence[str]) -> bool:
    """Whether the words, all in lower case, are a sentence about a name that stands elsewhere."""
    return all(word.islower() for word in words) and any(word in PROSE for word in words)


def _is_prose(word: str) -> bool:
    return word.strip(".:") in CHATTER or word in PROSE or (word.endswith("ly") and len(word) > 5)  # noqa: PLR2004 finally, not Emily


def _after_openers(words: Sequence[str], marks: Sequence[str], *, before_stage: bool) -> int:
    """Give where the name can begin: after `I think`, `Good news:`, `Please log`, `We` (won)."""
    at = 0
    while at < len(words) and _is_prose(word := words[at].lower()):
        following = words[at + 1] if at + 1 < len(words) else ""
        plain = following.islower() and _is_prose(following) and following not in _JOINERS
        led = (word in VERBS and following in _OPENS_WITH) or (word in _IMPERATIVES and bool(following))
        led = led or (word in COMMENTS and bool(following))
        ends = not following and before_stage
        if words[at] in _NAMES_BEGIN and marks[at] not in {",", ":", "!"}:
            break
        if not (plain or led or ends or words[at].islower() or marks[at] in {",", ":", "!", " -"}):
            break
        if words[at].islower() and not (following and not following.islower()) and not (plain or led or ends):
            break
        at += 1
    return at


def _in_lower_case(words: Sequence[str], start: int, *, first: bool, before_stage: bool) -> tuple[int, int]:
    """Without capitals only what is surely a sentence goes: just (won), signed acme, acme said yes."""
    while start < len(words) and words[start] in PROSE:
        following = words[start + 1] if start + 1 < len(words) else ""
        if not (_is_prose(following) if following else before_stage) and not (first and words[start] in VERBS):
            break
        start += 1
    end = next((at for at in range(start + 1, len(words)) if words[at] in _SAID), len(words))
    return start, end
