"""Understand first: from words to a draft of an intent, without opening a transaction.

What has no slash, mention or direct chat is a command only when it is exactly a command word, or starts with one and
fills what the command needs; anything else is talk between people and gets no answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot import sorry
from bot.addressing import command_at_start, without_address
from bot.astray import Astray, find_astray, unread
from bot.talk import is_aside, is_small_talk
from handlers.command import Command, Registry
from handlers.grammar.deal_line import DEAL_SLOTS
from handlers.grammar.fields import is_plain_name
from handlers.grammar.line import read_line
from handlers.grammar.reading import Problem, ProblemCode, Reading, ReadingContext
from handlers.grammar.several import MOST_DEALS, deal_lines
from models.deals import LogDeal
from models.intent import Draft, Slot, SlotField, name_of, slots_of
from models.message import Message
from models.slots import AccountName, slot_of
from models.text import Text

TEXT_LIMIT = 8_000
FORM_ONLY = frozenset({"words", "audience", "standup", "entry"})
NAMED_RULES = frozenset({"known account", "quoted", "label"})
WEAK_RULES = frozenset({"what is left", "bare number"})
PROSE = frozenset({"account", "text", "note"})
_DEAL, _REQUEST = (re.compile(rf"(?<![A-Za-z]){letter}-\d{{1,9}}(?!\w)", re.IGNORECASE) for letter in "DA")


@dataclass(frozen=True, slots=True)
class Speaker:
    """What is known of who speaks and where, for reading their words.

    `deals_of` gives the open deals with a customer that the speaker may see, each with the line that shows it,
    `request_on` the newest request for one of them, and `decides` whether a request waits for the speaker. `subject` is
    what the thread's card is about; `at_home` says that the channel is the speaker's own region's, `sells` that they
    may report deals. `called` gives the name of a person or region by the kind and the id.
    """

    reading: ReadingContext
    direct: bool
    names: tuple[str, ...] = ("regatta",)
    subject: Mapping[str, str | int] = field(default_factory=dict)
    at_home: bool = False
    deals_of: Callable[[str], Sequence[tuple[str, Text]]] = lambda _: ()
    request_on: Callable[[str], str | None] = lambda _: None
    decides: Callable[[str], bool] = lambda _: False
    sells: bool = True
    called: Callable[[str, str], str] = lambda _, number: number


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command with what is known of it; complete, or to be asked for by a form, with what went `astray` marked."""

    command: Command
    draft: Draft
    astray: Astray | None = None


@dataclass(frozen=True, slots=True)
class Sorry:
    """A sentence instead of an effect; `message` when there is something to press, too."""

    message: Message


class Talk:
    """Words between people: no answer."""


@dataclass(frozen=True, slots=True)
class Several:
    """Several deals of one message: each line with what became of it."""

    lines: tuple[tuple[str, "Wanted | Sorry | Talk"], ...]


Understanding = Wanted | Sorry | Talk | Several


def understand(text: str, speaker: Speaker, registry: Registry) -> Understanding:
    """Read one line or paragraph of words."""
    if len(text) > TEXT_LIMIT:
        shown = Sorry(sorry.too_long(TEXT_LIMIT))
        is_meant = speaker.direct or text.lstrip()[:1] in "/!" or command_at_start(text.strip()[:TEXT_LIMIT], registry)
        return shown if is_meant else Talk()
    words, addressed = without_address(text, speaker.names)
    if not words:
        return Sorry(sorry.empty()) if addressed or not text.strip() else Talk()
    found = command_at_start(words, registry)
    answer = None if addressed else _answer(words, speaker, registry)
    if answer is not None and not _is_unmistakable(found, speaker):
        return answer
    if found is None:
        return _no_command(words, speaker, registry, addressed=addressed)
    command, rest, exact = found
    if not (addressed or speaker.direct) and is_small_talk(command, words, rest):
        return Talk()
    if command.intent is LogDeal and "\n" in rest:
        lines = deal_lines(rest, speaker.reading)
        if lines and (addressed or speaker.direct or _are_meant(command, lines, speaker)):
            return _several(command, lines, speaker, registry)
    return _fill(command, rest, speaker, exact=exact, addressed=addressed)


def _are_meant(command: Command, lines: Sequence[str], speaker: Speaker) -> bool:
    """Whether lines to nobody are meant for the bot, as one line to nobody would be."""
    read = (_fill(command, line, speaker, exact=False, addressed=False) for line in lines[: MOST_DEALS + 1])
    return any(not isinstance(each, Talk) for each in read)


def _several(command: Command, lines: Sequence[str], speaker: Speaker, registry: Registry) -> Sorry | Several:
    """Understand each line by itself, with the command word before it or without."""
    if len(lines) > MOST_DEALS:
        return Sorry(sorry.too_many(MOST_DEALS))
    read = []
    for line in lines:
        words, _ = without_address(line, speaker.names)
        found = command_at_start(words, registry)
        rest = found[1] if found is not None and found[0] is command else words
        read.append((line, _fill(command, rest, speaker, exact=False, addressed=True)))
    return Several(tuple(read))


def _fill(command: Command, rest: str, speaker: Speaker, *, exact: bool, addressed: bool) -> Wanted | Sorry | Talk:
    fields = slots_of(command.intent)
    slots = [slot.slot for slot in fields if slot.slot.kind not in FORM_ONLY]
    kinds = [slot.kind for slot in slots]
    words = _by_its_deal(rest, speaker) if "request" in kinds else rest
    if isinstance(words, Sorry):
        return words
    known: dict[str, Any] = _from_thread(fields, speaker)
    needed = [slot.slot.kind for slot in fields if slot.required and slot.name not in known and slot.slot.kind in kinds]
    if exact and (command.asks or not needed):
        return Wanted(command, Draft(command.name, known, command.asks or command.bare))
    spoken_to = addressed or speaker.direct
    if not kinds:
        return _in_free_words(command, known, words) if spoken_to else Talk()
    reading = read_line(words, slots, needed, speaker.reading)
    meant: Sequence[tuple[str, Text]] = ()
    if "deal" in needed and "deal" not in reading.values:
        reading, meant = _deals_named(words, slots, needed, speaker) or (reading, ())
    known |= _filled(fields, reading, meant)
    slips = [claim for claim in reading.claims if claim.slot in command.named and claim.rule == "what is left"]
    says_nothing = command.bare and all(slot.required for slot in fields if slot.name in known)
    draft = Draft(command.name, known, command.bare if says_nothing else command.asks, reading.claims)
    left = unread(fields, reading, words) if command.whole else ""
    meant_here = not left and (_meant(reading, needed) or _says_it_all(words, reading))
    if not (spoken_to or command.in_thread or meant_here):
        return Talk()
    if command.in_thread and not spoken_to and is_aside(fields, reading, draft, speaker, exact=exact):
        return Talk()
    if len(meant) > 1:
        return Sorry(sorry.which_deal(meant, draft))
    if slips:
        return Sorry(sorry.unreadable(slips[0].words, command))
    astray = find_astray(fields, reading, words, left)
    if astray is not None:
        return _marked(command, draft, astray)
    return Sorry(sorry.unreadable(left, command)) if left else _settled(command, draft, reading, speaker)


def _in_free_words(command: Command, known: Mapping[str, Any], rest: str) -> Wanted | Sorry:
    """Take words that nothing is read from as the answer that a command waits for; where it waits for none, say so."""
    if command.answers:
        return Wanted(command, Draft(command.name, {**known, command.answers: rest}))
    left = unread((), Reading({}, (), None), rest)
    if left:
        return Sorry(sorry.unreadable(left, command))
    return Wanted(command, Draft(command.name, known, command.asks))


def _marked(command: Command, draft: Draft, astray: Astray) -> Wanted:
    """Ask again with everything that was read, what could not be read in the field for which it was meant."""
    read = {claim.slot for claim in draft.claims if claim.words}
    names = {*draft.missing, astray.field}
    ask = tuple(slot.name for slot in slots_of(command.intent) if slot.name in names or slot.slot.kind in read)
    return Wanted(command, replace(draft, ask=ask), astray)


def _by_its_deal(rest: str, speaker: Speaker) -> str | Sorry:
    """Name the request where the words name its deal: approve D-1042. Below a request's own card they are an aside."""
    deal = None if _REQUEST.search(rest) or "request" in speaker.subject else _DEAL.search(rest)
    if deal is None:
        return rest
    request = speaker.request_on(deal[0].upper())
    if request is None:
        return Sorry(sorry.nothing_asked(deal[0].upper()))
    return rest[: deal.start()] + request + rest[deal.end() :]


def _settled(command: Command, draft: Draft, reading: Reading, speaker: Speaker) -> Wanted | Sorry:
    if reading.problem is not None and not _is_missing(reading.problem):
        return Sorry(sorry.problem(reading.problem, command, draft, speaker.called))
    return Wanted(command, draft)


def _filled(fields: Sequence[SlotField], reading: Reading, meant: Sequence[tuple[str, Text]]) -> dict[str, Any]:
    """The fields that the words fill; a customer's name that stood for a deal is no new customer."""
    values = {slot.name: reading.values.get(slot.slot.kind) for slot in fields}
    if meant:
        values["account"] = None
    if len(meant) == 1:
        values["deal"] = meant[0][0]
    return {name: value for name, value in values.items() if value is not None}


def _deals_named(
    rest: str, slots: Sequence[Slot], needed: Sequence[str], speaker: Speaker
) -> tuple[Reading, Sequence[tuple[str, Text]]] | None:
    """Read a customer's name in place of a deal's number, when the speaker may see deals with that customer."""
    others = [kind for kind in needed if kind != "deal"]
    reading = read_line(rest, (*slots, slot_of(AccountName)), others, speaker.reading)
    named = any(claim.slot == "account" and claim.rule in NAMED_RULES for claim in reading.claims)
    deals = speaker.deals_of(str(reading.values["account"])) if named and "account" in reading.values else ()
    return (reading, deals) if deals else None


def _meant(reading: Reading, needed: Sequence[str]) -> bool:
    """Whether a line to nobody is meant for the bot: it names something needed, or two things.

    Free text and a figure without unit or currency name nothing: “deal with 5000 of them” is talk.
    """
    named = [claim.slot for claim in reading.claims if claim.words and claim.rule not in WEAK_RULES]
    wrong = reading.problem is not None and reading.problem.slot in needed and not _is_missing(reading.problem)
    return wrong or len(set(named)) > 1 or any(slot in needed for slot in named)


def _says_it_all(rest: str, reading: Reading) -> bool:
    """Whether every word of a line to nobody is a value that the command knows: `board last week`."""
    read = [claim for claim in reading.claims if claim.words and claim.rule not in WEAK_RULES]
    heard = {at for claim in read for at in range(claim.start, claim.end)}
    return bool(read) and not any(char.isalnum() and at not in heard for at, char in enumerate(rest))


def _answer(words: str, speaker: Speaker, registry: Registry) -> Wanted | None:
    """In the thread of a card that is a question, read what a member of the region writes as the answer."""
    if not (speaker.at_home and speaker.subject):
        return None
    for command in registry.commands:
        known = _from_thread(slots_of(command.intent), speaker) if command.answers else {}
        if command.answers and known:
            return Wanted(command, Draft(command.name, {**known, command.answers: words}))
    return None


def _is_unmistakable(found: tuple[Command, str, bool] | None, speaker: Speaker) -> bool:
    """Whether a line is a command even where prose is expected: a bare word, or one that has more than prose."""
    if found is None:
        return False
    command, rest, exact = found
    slots = [slot.slot for slot in slots_of(command.intent) if slot.required]
    needed = [slot.kind for slot in slots]
    if exact or set(needed) <= PROSE:
        return exact
    return not read_line(rest, slots, needed, speaker.reading).missing


def _from_thread(fields: Sequence[SlotField], speaker: Speaker) -> dict[str, Any]:
    return {slot.name: speaker.subject[slot.slot.kind] for slot in fields if slot.slot.kind in speaker.subject}


def _is_missing(problem: Problem) -> bool:
    return problem.code in (ProblemCode.MISSING_ACCOUNT, ProblemCode.MISSING_AMOUNT) or problem.code.value == "missing"


def _no_command(words: str, speaker: Speaker, registry: Registry, *, addressed: bool) -> Understanding:
    if speaker.direct and not addressed:
        reading = read_line(words, DEAL_SLOTS, ("account", "amount"), speaker.reading)
        if not reading.missing and reading.problem is None and _sure(reading):
            return Sorry(sorry.offer(reading))
        if _is_torn(words, reading):
            return _fill(registry.by_intent[name_of(LogDeal)], words, speaker, exact=False, addressed=False)
        several = deal_lines(words, speaker.reading) if "\n" in words else ()
        return Sorry(sorry.looks_like_deals(len(several)) if several else sorry.not_understood(sells=speaker.sells))
    if not addressed:
        return Talk()
    return Sorry(sorry.unknown_word(words, registry.by_word))


def _is_torn(words: str, reading: Reading) -> bool:
    """Whether a line without its command word has a customer's name and an amount, but two readings of a value."""
    problem, name = reading.problem, str(reading.values.get("account", ""))
    if problem is None or problem.code is not ProblemCode.AMBIGUOUS or not name or set(words) & set("?？\n"):
        return False
    return is_plain_name(name) and ("amount" in reading.values or problem.slot == "amount")


def _sure(reading: Reading) -> bool:
    """A line without its command word is offered as a deal only when more than a name and a number was read."""
    amount = [claim for claim in reading.claims if claim.slot == "amount"]
    return any(name in reading.values for name in ("stage", "close")) or any(
        not claim.words.strip().isdigit() for claim in amount
    )
