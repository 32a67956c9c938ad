"""Leave out of an English message who was met and where: lunch with Jane from Acme, in Chicago today."""

from collections.abc import Iterator

from handlers.grammar.chatter_en import PROSE
from handlers.grammar.patterns import Pattern
from handlers.grammar.sentences_en import has_form
from handlers.grammar.words import word_set

_CAPITAL = r"[A-Z][\w'’.-]{0,30}"
_PERSON = rf"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?{_CAPITAL}(?: {_CAPITAL})?|[\u4e00-\u9fff]{{2,4}}"
_MET = (
    r"(?i:(?:phone|call|chat|meeting|lunch|dinner|breakfast|coffee|drinks|demo|visit|session|catch-?up|word|talk|sync)"
    r"(?: today| earlier| yesterday)? with|(?:spoke|spoken|speaking|talked|talking|chatted|met)(?: up)?(?: with| to)?"
    r"|(?:heard|word|news|update|mail|email|call|message|note) (?:back )?from|met|saw|visited|called|texted|emailed)"
)
# Bank of America is no person of America.
_HOUSE = word_set(
    "bank university city ministry department port board house church state town college institute federation council "
    "hospital school academy museum library society association union office bureau chamber club port king queen duke "
    "prince house union body bed land world center centre art best out"
)
_OF_WHOM = Pattern(
    rf"(?P<met>\b{_MET}) (?P<who>{_PERSON})(?:,? (?:the |our )?[a-z]{{2,12}})?,?"
    r" (?P<of>(?:over )?at|from|of) (?=[A-Z\u4e00-\u9fff])",
    needs=(" at ", " from ", " of "),
)
_MY_MAN = Pattern(
    r"\b(?P<who>(?i:my|our|the) (?:guys?|contacts?|friends?|buddy|champion|sponsor|buyer|people|team|folks|lady"
    r"|cfo|ceo|cto|vp) (?:over )?(?:at|from)) (?=[A-Z\u4e00-\u9fff])",
    needs=(" at ", " from "),
)
_PLACE = rf"{_CAPITAL}(?: {_CAPITAL})?"
_WHERE = Pattern(
    r"(?:^|(?<=[,;.!?] ))(?P<where>(?i:(?:(?:quick |short )?(?:update|news|greetings|hello|hi|report|live|back) )?"
    rf"(?:in|from|out of|here in)) {_PLACE}(?: (?i:today|yesterday|this week|now|all week))?(?= ?(?:[,:;!–—]| - )))",
    needs=(",", ":", ";", "!", "–", "—", " - "),
)
_ALSO_MET = Pattern(
    rf"(?<=[-–—,;.] )(?P<met>(?i:spoke|talked|chatted|met|call)(?: (?:to|with))? {_PERSON})(?=[,;.!]|$)",
    needs=[f"{mark} " for mark in "-–—,;."],
)

_HAPPENED = Pattern(
    r"\b(?:demo|meeting|call|visit|lunch|dinner|pitch|talk|workshop|session|presentation|trial) (?:went|was|happened)"
    r"(?: (?!won|lost|signed|due|set|moved|pushed|planned|scheduled|expected|agreed)[a-z]{2,12}){0,3}"
    r"(?P<day> (?:on|last) (?i:mon|tues|wednes|thurs|fri|satur|sun)day)(?=[,;.!?)]|$)",
    needs=(" went", " was", " happened"),
)


def tellings_in_english(text: str) -> Iterator[tuple[int, int]]:
    """Find the spans that name people and places, where a customer is named after them."""
    for match in _OF_WHOM.each(text):
        last = match["who"].rsplit(" ", 1)[-1].lower()
        if not has_form([last]) and (match["of"] != "of" or last not in _HOUSE):
            yield match.start("met"), match.end("of")
    for match in _ALSO_MET.each(text):
        if any(word[0].isupper() and word.lower() not in PROSE for word in text[: match.start()].split()):
            yield match.span()
    for pattern in (_MY_MAN, _WHERE):
        for match in pattern.each(text):
            yield match.span(1)


def days_over_in_english(text: str) -> Iterator[tuple[int, int]]:
    """Find the weekdays on which something happened: the demo went well on Tuesday."""
    return (match.span("day") for match in _HAPPENED.each(text))
