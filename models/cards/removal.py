"""What is taken out of the company, as its administrator sees it; each with its Undo."""

from collections.abc import Sequence
from fractions import Fraction

from models.cards.setup import rules_in_words
from models.cards.steps import undo_button
from models.message import Message, says
from models.progress import Progress
from models.regions import Rate
from models.rules.approval import Decider
from models.text import Bilingual, Plural, Text, Value, listed


def limit_removed(found: Progress, decider: Decider, waiting: int, event: str) -> Message:
    """A decider whom no contract needs any more, the chain as it stands, and what waits for them already."""
    lines = [
        Text("✓ Removed: the limit of {decider}", decider=decider),
        Text("Approvals: {rules}", rules=rules_in_words(found)),
    ]
    if waiting:
        lines.append(
            Plural(
                "{n} request that was asked for before still waits for it.",
                "{n} requests that were asked for before still wait for it.",
                waiting,
            )
        )
    return says(*lines, buttons=(undo_button(event),))


def rate_removed(was: Rate, holds: Fraction | None, event: str) -> Message:
    """A rate that is no more, and what the currency is worth now."""
    facts: dict[str, Value] = {"currency": was.currency, "company": was.to_currency, "day": was.from_on}
    ratio = _decimal(Fraction(was.numerator, was.denominator))
    lines = [Text("✓ Removed: 1 {currency} = {rate} {company}, from {day} on", rate=ratio, **facts)]
    if holds is not None:
        lines.append(Text("Before it: 1 {currency} = {rate} {company}; it holds again.", rate=_decimal(holds), **facts))
    else:
        lines.append(
            Text(
                "{currency} has no rate now: amounts in it are counted, not priced in {company}, until one is there: "
                "`{line}`",
                line=Bilingual(f"setup rate {was.currency} {ratio}", f"设置汇率 {was.currency} {ratio}"),
                **facts,
            )
        )
    return says(*lines, buttons=(undo_button(event),))


def _decimal(ratio: Fraction) -> str:
    return f"{float(ratio):.8g}"


def region_removed(name: str, teams: Sequence[str], event: str, *, is_bound: bool) -> Message:
    """A region that is no more, and what went with it; `is_bound` says that it had a channel."""
    lines = [Text("✓ Removed: {what}", what=Text("region {name}", name=name))]
    if teams:
        lines.append(Text("With it went its teams: {teams}", teams=listed([*teams])))
    if is_bound:
        lines.append(Text("Its channel belongs to no region now; `setup channel` binds it to another."))
    return says(*lines, buttons=(undo_button(event),))


def removed(what: Text, event: str, *, split_anew: Sequence[str] = ()) -> Message:
    """Something that is no longer part of the company, and the years whose target others share now."""
    line = Text(
        "The target of {years} is split anew among the others; Undo brings the old split back.",
        years=listed(list(split_anew)),
    )
    return says(Text("✓ Removed: {what}", what=what), *([line] if split_anew else []), buttons=(undo_button(event),))
