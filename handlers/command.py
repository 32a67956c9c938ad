"""How a capability is declared: one function that takes one intent, and everything about it in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from models.context import Asked, Reply
from models.help import Capability
from models.intent import Draft, name_of, slots_of
from models.ranks import Rank
from models.text import Text

Handler = Callable[[Asked, Any], Reply]
Check = Callable[[Asked, Any], None]
Prefill = Callable[[Asked, Draft], Draft]
Instead = Callable[[Asked, Draft], Reply | None]
H = TypeVar("H", bound=Callable[..., Reply])

ANYONE = frozenset(Rank)
SELLERS = frozenset({Rank.REP, Rank.MANAGER, Rank.HQ})
MANAGERS = frozenset({Rank.MANAGER, Rank.HQ})
HQ = frozenset({Rank.HQ})
ADMINS = frozenset({Rank.ADMIN})
HQ_OR_ADMIN = HQ | ADMINS


class Scope(StrEnum):
    """Whose things a command may touch; the gate holds it for every deal, visit and region that an intent names."""

    SELF = "self"
    DEAL = "deal"
    REGION = "region"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a command writes about people: which columns, what for, how long, and who may read it."""

    fields: tuple[str, ...]
    purpose: Text
    retention: Text
    readers: Text


KEPT = Text("until somebody deletes it in the database; nothing does so by itself yet")
"""For how long rows are kept that no job forgets."""
NOTHING_PERSONAL = PersonalData((), Text("nothing about a person is written"), Text("-"), Text("-"))


@dataclass(frozen=True, slots=True)
class Example:
    """A line that a person can type."""

    en: str
    zh: str


def _declared_without(_asked: Asked, _intent: Any) -> NoReturn:
    msg = "a command was declared above no function"
    raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command, and the decorator that declares it.

    The words `en` and `zh` start its line; the first one of each language is shown in help. `asks` are the fields that
    a form shows when the words came without them. `once` lets a button or form count once per person. `in_thread` lets
    the words work in a card's thread without addressing the bot. `check` raises UserError when the rows say that the
    asker may not; the gate asks it before a form is shown and again when it counts. `prefill` fills the form with what
    is known of the asker; `instead` shows what there is to choose in place of a form, or none where the form is due.
    `submit` labels its button, and `as_is` one that sends it as it stands. `answers` is the
    field that free text fills in the thread of the command's card. `named` are the slots that count only when a label,
    quotes or a known name says so, since other words are more likely a slip. `bare` are the fields that a form shows
    when the words name the thing and nothing of it. `shy` are words that count only when the bot is spoken to.
    `anywhere` lets it be asked in a channel that is bound to nothing yet. `whole` is for what must not happen by half a
    line: a word that cannot be read stops it.
    """

    intent: type
    _: KW_ONLY
    requires: frozenset[Rank]
    scope: Scope
    audit: str
    summary: Text
    personal: PersonalData
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    example: Example | None = None
    asks: tuple[str, ...] = ()
    once: bool = False
    in_thread: bool = False
    check: Check | None = None
    prefill: Prefill | None = None
    instead: Instead | None = None
    as_is: Text | None = None
    answers: str | None = None
    submit: Text | None = None
    named: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    shy: tuple[str, ...] = ()
    anywhere: bool = False
    whole: bool = False
    handler: Handler = _declared_without

    def __call__(self, handler: H) -> H:
        """Declare a function as what happens when somebody wants the intent."""
        handler.command = replace(self, handler=handler)  # type: ignore[attr-defined]
        return handler

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The words by language."""
        return {"en": self.en, "zh": self.zh}

    @property
    def name(self) -> str:
        """The stable English name."""
        return name_of(self.intent)

    def line_in(self, language: str) -> str | None:
        """The example line in a language."""
        return None if self.example is None else self.example.zh if language == "zh" else self.example.en


command = Command
"""Declares a capability: `@command(LogDeal, requires=SELLERS, ...)` above the function that does it."""


class IncompleteCommandError(Exception):
    """Raised at the start for a command that lacks a permission, or an intent that lacks a command."""


@dataclass(frozen=True)
class Registry:
    """All commands, by intent and by word."""

    commands: tuple[Command, ...]
    by_intent: Mapping[str, Command] = field(init=False)
    by_word: Mapping[str, Command] = field(init=False)
    _offers: Mapping[tuple[Rank, str], tuple[Capability, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_word: dict[str, Command] = {}
        for declared in self.commands:
            if not declared.requires:
                msg = f"command {declared.name} declares no permission"
                raise IncompleteCommandError(msg)
            unknown = set(declared.asks) - {slot.name for slot in slots_of(declared.intent)}
            if unknown:
                msg = f"command {declared.name} asks for {unknown}, which its intent does not have"
                raise IncompleteCommandError(msg)
            for word in (*declared.words["en"], *declared.words["zh"]):
                if by_word.setdefault(word.casefold(), declared) is not declared:
                    msg = f"the word {word} belongs to two commands"
                    raise IncompleteCommandError(msg)
        object.__setattr__(self, "by_intent", {declared.name: declared for declared in self.commands})
        object.__setattr__(self, "by_word", by_word)
        offers = {(rank, language): self._offer(rank, language) for rank in Rank for language in ("en", "zh")}
        object.__setattr__(self, "_offers", offers)

    def offered(self, rank: Rank, language: str) -> tuple[Capability, ...]:
        """What a rank may ask for in words, in the order of the declarations, in a language."""
        return self._offers[rank, language]

    def _offer(self, rank: Rank, language: str) -> tuple[Capability, ...]:
        return tuple(
            Capability(declared.words[language], declared.summary, declared.line_in(language))
            for declared in self.commands
            if rank in declared.requires and declared.words[language]
        )

    @classmethod
    def of(cls, modules: Iterable[ModuleType], intents: Iterable[type]) -> "Registry":
        """Collect what the modules declare; raise IncompleteCommandError when an intent has no command."""
        handlers = [value for module in modules for value in vars(module).values() if hasattr(value, "command")]
        registry = cls(tuple(handler.command for handler in handlers))
        orphans = {name_of(kind) for kind in intents} - set(registry.by_intent)
        if orphans:
            msg = f"no command takes the intents {', '.join(sorted(orphans))}"
            raise IncompleteCommandError(msg)
        return registry
