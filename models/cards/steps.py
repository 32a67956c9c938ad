"""Steps of set-up in chat: what each has set, with its Undo."""

from collections.abc import Sequence
from dataclasses import replace

from models.cards.setup import PERSON_FORM, rules_in_words
from models.intent import draft, unfinished
from models.joining import Invite
from models.message import Button, Message, Style, says
from models.people import Person
from models.progress import Progress
from models.ranks import Duty
from models.regions import Organisation, PersonDataAgreement, Region, Team
from models.rules.standing import PersonData
from models.setup import NOBODY, SetUpPerson, TakeBackSetup
from models.text import Bilingual, Text, Value, joined, listed, verbatim

MOST_NAMED = 8

PERSON_DATA = {
    PersonData.TEAM: Text("nothing of one person beyond that person and their manager"),
    PersonData.PRIVATE: Text("nothing of one person on boards; one's own rank privately"),
    PersonData.PUBLIC: Text("the top names on boards"),
}


_DAYS = (Text("Mon"), Text("Tue"), Text("Wed"), Text("Thu"), Text("Fri"), Text("Sat"), Text("Sun"))


def company_set_up(company: Organisation, event: str, you: str | None = None, more: Sequence[Text] = ()) -> Message:
    """What the company is now, what `more` follows, and what its administrator is called from now on."""
    facts: list[Value] = [
        company.name, company.zone, company.currency, language_of(company.language),
        Text("headquarters in {country}", country=company.country),
    ]  # fmt: skip
    lines = [Text("✓ {company}", company=joined(facts)), *more]
    if you is not None:
        lines.append(Text("✓ You are {name}.", name=you))
    return says(*lines, buttons=(undo_button(event),))


def region_set_up(region: Region, event: str, *, is_new: bool) -> Message:
    """What the region is now, and what it needs next."""
    place = "-".join(part for part in (region.country, region.subdivision) if part)
    facts: list[Value] = [
        region.name, place, region.zone, region.currency, language_of(region.language),
        f"{region.opens:%H:%M}–{region.closes:%H:%M}", week_of(region.working_week),
        Text("holidays of {place}", place=place),
    ]  # fmt: skip
    lines = [Text("✓ {region}", region=joined(facts))]
    if is_new:
        lines.append(
            Text(
                "Next: go to its channel, invite me there and type `{line}`.",
                line=Bilingual(f"/setup channel {region.name}", f"@Regatta 设置频道 {region.name}"),
            )
        )
        lines.append(Text("Stand-up and board go out on Mondays at 09:00 there."))
    more = Button(Text("Add a person…"), unfinished(SetUpPerson, *PERSON_FORM, region=region.id))
    return says(*lines, buttons=(undo_button(event), more))


def person_data_set(region: Region, event: str, agreement: PersonDataAgreement | None = None) -> Message:
    """What boards may show of one person, and by which agreement."""
    lines = [Text("✓ {region}: {rule}", region=region.name, rule=PERSON_DATA[region.person_data])]
    if agreement is not None:
        lines.append(
            Text(
                "Agreed by {who} on {day}: {document}",
                who=agreement.who, day=agreement.signed_on, document=agreement.document,
            )
        )  # fmt: skip
    return says(*lines, buttons=(undo_button(event),))


def team_set_up(name: str, region: Region, event: str) -> Message:
    """A team that was added."""
    return says(Text("✓ Team {team} in {region}", team=name, region=region.name), buttons=(undo_button(event),))


def channel_bound(region: Region | None, event: str, before: Region | None = None) -> Message:
    """What the channel is for from now on, and whose it was."""
    if region is None:
        line = Text("✓ This is the channel of headquarters: policy counts and digests go here.")
    else:
        line = Text(
            "✓ This is the channel of {region}: deals, approvals, stand-ups and boards go here.", region=region.name
        )
    was = [Text("It was the channel of {region} until now.", region=before.name)] if before and before != region else []
    return says(line, *was, buttons=(undo_button(event),))


def asks_who_comes_back(wanted: SetUpPerson, left: Sequence[tuple[Person, Region | None]]) -> Message:
    """Ask whether somebody who is added is one of those of that name who left."""
    buttons = [
        Button(
            Text("The same person") if len(left) == 1 else Text("It is {person}", person=_who_was(*each)),
            draft(replace(wanted, back=each[0].id)),
            Style.PRIMARY,
        )
        for each in left[:MOST_NAMED]
    ]
    who = listed([_who_was(*each) for each in left[:MOST_NAMED]])
    one = Text("{person} worked here before and left. Is it the same person?", person=who)
    several = Text("{people} worked here before and left. Is it one of them?", people=who)
    return says(
        one if len(left) == 1 else several,
        Text("If so, they come back as who they were, with their deals and history; else somebody new is added."),
        buttons=(*buttons, Button(Text("Somebody else"), draft(replace(wanted, back=NOBODY)))),
    )


def comes_back_card(name: str) -> str:
    """The card of the question whether somebody comes back."""
    return f"comes-back:{name.casefold()}"


def _who_was(person: Person, region: Region | None) -> Value:
    return joined([person.name, person.rank, *([region.name] if region else [])])


def person_set_up(
    person: Person,
    region: Region | None,
    event: str,
    *,
    has_account: bool,
    team: Team | None = None,
    more: Sequence[Text] = (),
) -> Message:
    """Who was added or changed, how they get in, and what `more` follows from it."""
    facts: list[Value] = [
        person.name,
        person.rank,
        *([region.name] if region else []),
        *([person.email] if person.email else []),
        *([Text("team {team}", team=team.name)] if team else []),
        *([language_of(person.language)] if person.language else []),
        *([person.zone] if person.zone else []),
    ]
    lines = [Text("✓ {person}", person=joined(facts)), *more]
    buttons = [undo_button(event)]
    if not has_account:
        lines.append(Text("They get in with an invitation, or in Slack by their work e-mail address."))
        buttons.insert(0, Button(Text("Invite"), draft(Invite(person.id)), Style.PRIMARY))
    return says(*lines, buttons=tuple(buttons))


BACK = Text("They were here before and come back as who they were: their deals and history are theirs.")
"""Said of somebody who left and is added again."""


def duty_given(person: Person, duty: Duty, event: str, *, ended: bool = False) -> Message:
    """A duty that somebody holds now, or no longer."""
    if ended:
        line = Text("✓ {person} no longer holds: {duty}", person=person.name, duty=duty)
    else:
        line = Text("✓ {person} holds: {duty}", person=person.name, duty=duty)
    return says(line, buttons=(undo_button(event),))


def limit_set(found: Progress, unmanaged: Sequence[Region], event: str) -> Message:
    """The chain as it stands, and where nobody could decide."""
    lines = [Text("✓ Approvals: {rules}", rules=rules_in_words(found))]
    if unmanaged:
        names = listed([region.name for region in unmanaged])
        lines.append(
            Text(
                "No manager yet in: {regions}. Nobody there can ask for an approval until one is added.", regions=names
            )
        )
    return says(*lines, buttons=(undo_button(event),))


def taken_back(what: Sequence[tuple[str, str]]) -> Message:
    """A step that was taken back, and what it was about: the kind and name of each thing."""
    return says(Text("✓ Taken back: {what}", what=listed([_thing(*one) for one in what[:MOST_NAMED]])))


def _thing(kind: str, name: str) -> Text:
    match kind:
        case "channel":
            return Text("the channel of {name}", name=name)
        case "team":
            return Text("the team {name}", name=name)
        case "rate":
            return Text("the rate of {name}", name=name)
        case "approval_rule":
            return Text("the limit of {name}", name=name)
        case "duty":
            return Text("the duty {name}", name=name)
        case "yearly_target":
            return Text("the target of {name}", name=name)
    return verbatim(name)


def rate_set(currency: str, rate: str, company: str, event: str) -> Message:
    """What a currency is worth from today on."""
    line = Text("✓ 1 {currency} = {rate} {company}, from today on", currency=currency, rate=rate, company=company)
    return says(line, buttons=(undo_button(event),))


def named(name: str, event: str) -> Message:
    """What somebody is called from now on."""
    return says(Text("✓ You are {name}.", name=name), buttons=(undo_button(event),))


def step_card(event: str) -> str:
    """The card of a step, so that undoing it can change its face."""
    return f"setup:{event}"


def undo_button(event: str) -> Button:
    """Take the step back."""
    return Button(Text("Undo"), draft(TakeBackSetup(event)))


def language_of(code: str) -> Value:
    """A language by its code, in words."""
    return Text("Chinese") if code == "zh" else Text("English")


def week_of(days: str) -> Value:
    """Working days by their numbers in words: 01234 is Mon–Fri, 01236 is Sun–Thu, 013 is Mon, Tue, Thu."""
    held = set(map(int, days))
    first = next((day for day in sorted(held) if (day - 1) % 7 not in held), 0)
    row = [(first + step) % 7 for step in range(len(held))]
    if len(held) > 2 and set(row) == held:  # noqa: PLR2004  two days are shorter without a dash
        return Text("{first}–{last}", first=_DAYS[row[0]], last=_DAYS[row[-1]])
    return listed([_DAYS[day] for day in sorted(held)])
