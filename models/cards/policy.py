"""What a policy looks like in chat: its preview, its post, its counts, its reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.intent import draft, unfinished
from models.message import Button, Message, Style, Table, says
from models.policies import Acknowledge, DraftPolicy, Policy, PolicyState, SendPolicy
from models.text import Bilingual, Link, Plural, Text, Value, joined, listed, verbatim

FORM = ("title", "text", "title_zh", "text_zh", "link", "audience", "deadline")
CHINESE, BOTH = ("title_zh", "text_zh"), ("title", "text", "title_zh", "text_zh")
SHORT = 80


@dataclass(frozen=True, slots=True)
class Planned:
    """What a region would get: where, how many people, in which language, and when by its own clock (none: at once)."""

    region: str
    channels: tuple[str, ...]
    people: int
    language: str
    arrives: datetime | None


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a policy is in a region; `arrives` by the region's own clock while it has not arrived."""

    region: str
    read: int
    people: int
    arrives: datetime | None = None
    reminded: int | None = None


def preview(policy: Policy, plans: Sequence[Planned], unread: int) -> Message:
    """For HQ before it is sent; `unread` counts the people who get the other language because theirs is missing."""
    lines = [Text("Preview of {policy}. Nobody has it yet.", policy=policy.id), *_faces(policy)]
    if policy.link:
        lines.append(_more(policy.link))
    lines.append(Text("Due {day} at each region's close of work, or on its next working day.", day=policy.deadline))
    if unread:
        lines.append(_missing(policy, unread))
    rows = tuple(
        (
            plan.region,
            listed(plan.channels) or Text("no channel"),
            plan.people,
            _LANGUAGES[plan.language],
            Text("at once") if plan.arrives is None else _there(plan.arrives),
        )
        for plan in plans
    )
    return Message(lines=tuple(lines), table=Table(_PLAN, rows), buttons=_preview_buttons(policy, unread))


_PLAN = (Text("Region"), Text("Channel"), Text("People"), Text("Language"), Text("Arrives there"))
_LANGUAGES = {"en": Text("English"), "zh": Text("Chinese")}


def _missing(policy: Policy, unread: int) -> Text:
    if policy.language_missing == "en":
        return Plural(
            "English missing: {n} person will see Chinese.", "English missing: {n} people will see Chinese.", n=unread
        )
    return Plural(
        "Chinese missing: {n} person will see English.", "Chinese missing: {n} people will see English.", n=unread
    )


def _faces(policy: Policy) -> list[Text]:
    """The words as they will stand in the channels, in each language that there is."""
    lines = []
    for language in dict.fromkeys((policy.language_for("en"), policy.language_for("zh"))):
        lines += [
            Text("In {language}:", language=_LANGUAGES[language]),
            verbatim(policy.title_in(language)),
            verbatim(policy.text_in(language)),
        ]
    return lines


def _preview_buttons(policy: Policy, unread: int) -> tuple[Button, ...]:
    later, at_once = (draft(SendPolicy(policy.id, now, policy.version)) for now in (False, True))
    edit = Button(Text("Edit"), draft(_rewritten(policy), *FORM))
    if not unread:
        return (
            Button(Text("Send at the next working hour"), later, Style.PRIMARY),
            Button(Text("Send now"), at_once),
            edit,
        )
    return (
        _add_button(policy),
        Button(Text("Send anyway at the next working hour"), later),
        Button(Text("Send anyway now"), at_once),
        edit,
    )


def _rewritten(policy: Policy) -> DraftPolicy:
    return DraftPolicy(
        policy.title, policy.text, policy.region_ids, policy.deadline, policy.title_zh, policy.text_zh, policy.link,
        policy.id, policy.version,
    )  # fmt: skip


def _add_button(policy: Policy) -> Button:
    """Ask for the missing language only; what was written in Chinese moves to the Chinese fields."""
    if policy.language_missing == "zh":
        return Button(Text("Add Chinese"), draft(_rewritten(policy), *CHINESE), Style.PRIMARY)
    known = unfinished(
        DraftPolicy, *BOTH, title_zh=policy.title_zh or policy.title, text_zh=policy.text_zh or policy.text,
        audience=policy.region_ids, deadline=policy.deadline, link=policy.link, policy=policy.id,
        version=policy.version,
    )  # fmt: skip
    return Button(Text("Add English"), known, Style.PRIMARY)


def rewritten(policy: Policy) -> Message:
    """In place of a preview that no longer holds."""
    return says(Text("{policy} was edited; its new preview is below.", policy=policy.id))


def sent(policy: Policy) -> Message:
    """In place of the preview once it is on its way."""
    return says(Text("✓ {policy} “{title}” is on its way.", policy=policy.id, title=_title(policy)))


def post(policy: Policy, language: str, due: datetime, read: int, people: int) -> Message:
    """In a region's channel: the words, by when, and how many have read it; no name."""
    return says(
        *_words(policy, language),
        Text("Please read and confirm by {due}.", due=due),
        Text("{read} of {people} have read it", read=read, people=people),
        buttons=(_acknowledge(policy),),
    )


def reminder(policy: Policy, language: str) -> Message:
    """For one person whose word is still awaited at the deadline."""
    ask = Text("{policy} is due now, and you have not confirmed it yet.", policy=policy.id)
    return says(ask, *_words(policy, language), buttons=(_acknowledge(policy),))


def thanks(policy: Policy) -> Message:
    """For one person who confirmed."""
    return says(Text("✓ Thank you: you have read and understood {policy}.", policy=policy.id))


def already(policy: Policy) -> Message:
    """For one person who confirmed before."""
    return says(Text("You have confirmed {policy} already, thank you. It counts once.", policy=policy.id))


def awaited(policy: Policy, language: str, region: str, names: Sequence[str], people: int) -> Message:
    """For the manager and the information specialist: whose word is awaited after the deadline."""
    return says(
        Text(
            "{policy} “{title}” was due. {n} of {people} in {region} have not confirmed yet: {names}",
            policy=policy.id, title=_short(policy, language), n=len(names), people=people, region=region,
            names=listed(names),
        ),
        Text("Each has just been reminded privately."),
    )  # fmt: skip


def status(policy: Policy, rows: Sequence[Reached], minutes: int | None) -> Message:
    """For HQ: how far it has reached, per region, in numbers; half of those who confirmed took at most `minutes`."""
    read, people = sum(row.read for row in rows), sum(row.people for row in rows)
    head = Text(
        "{policy} “{title}” · due {day} at the close of work in each region",
        policy=policy.id, title=_title(policy), day=policy.deadline,
    )  # fmt: skip
    total = Text("{read} of {people} have read it", read=read, people=people)
    if minutes is not None:
        total = Text("{total}, half of them within {n} min", total=total, n=minutes)
    return says(head, reached(rows), total)


def reached(rows: Sequence[Reached]) -> Text:
    """How far it has reached, on one line."""
    return joined([_reached(row) for row in rows])


def _reached(row: Reached) -> Text:
    line = Text("{region} {read}/{people}", region=row.region, read=row.read, people=row.people)
    if row.arrives is not None:
        return Text("{line} (arrives {when} there)", line=line, when=_there(row.arrives))
    return Text("{line} ({n} reminded)", line=line, n=row.reminded) if row.reminded else line


def overview(rows: Sequence[tuple[Policy, Sequence[Reached]]]) -> Message:
    """For HQ: the newest policies and how far each has reached."""
    if not rows:
        example = Bilingual("policy new", "新政策")
        return says(Text("There is no policy yet. Write one with `{example}`.", example=example))
    columns = (Text("Policy"), Text("Title"), Text("Due"), Text("Reach"))
    shown = tuple((policy.id, _title(policy), policy.deadline, _standing(policy, reach)) for policy, reach in rows)
    return Message(lines=(Text("Policies, the newest first"),), table=Table(columns, shown))


def _standing(policy: Policy, reach: Sequence[Reached]) -> Value:
    if policy.state is PolicyState.DRAFT:
        return Text("draft; `{words}` sends it", words=Bilingual(f"policy send {policy.id}", f"发送政策 {policy.id}"))
    return reached(reach)


def _words(policy: Policy, language: str) -> list[Text]:
    head = Text("{policy} · {title}", policy=policy.id, title=policy.title_in(language))
    lines = [head, verbatim(policy.text_in(language))]
    return [*lines, _more(policy.link)] if policy.link else lines


def _more(link: str) -> Text:
    return Text("More: {link}", link=Link(link, link))


def _acknowledge(policy: Policy) -> Button:
    return Button(Text("Read and understood"), draft(Acknowledge(policy.id)), Style.PRIMARY)


def _title(policy: Policy) -> Value:
    """The title in the reader's language where there is one."""
    return Bilingual(_short(policy, "en"), _short(policy, "zh"))


def _short(policy: Policy, language: str) -> str:
    title = " ".join(policy.title_in(language).split())
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"


def _there(local: datetime) -> Text:
    """An instant by the clock on a region's own wall, not by the reader's."""
    return Text("{day} {time}", day=local.date(), time=f"{local:%H:%M}")
