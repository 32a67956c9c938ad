"""What set-up looks like in chat: the list of what there is and what comes next, and a card for each step."""

from collections.abc import Sequence

from models.intent import draft, unfinished
from models.joining import Invite
from models.message import Button, Message, Style, Table, says
from models.people import Person
from models.progress import Progress, RegionProgress
from models.ranks import Duty
from models.regions import Organisation, Region
from models.rules.standing import PersonData
from models.setup import (
    BindChannel,
    GiveDuty,
    SetLimit,
    SetUpCompany,
    SetUpPerson,
    SetUpRegion,
    SetUpTeam,
    TakeBackSetup,
)
from models.targets import SetTarget
from models.text import Bilingual, Plural, Text, Value, joined, listed, verbatim

MOST_NAMED = 8
COMPANY_FORM = ("name", "place", "zone", "currency", "language", "you")
REGION_FORM = ("name", "place", "zone", "currency", "language", "hours", "week")
PERSON_FORM = ("name", "rank", "region", "team", "email", "language")

PERSON_DATA = {
    PersonData.TEAM: Text("nothing of one person beyond that person and their manager"),
    PersonData.PRIVATE: Text("nothing of one person on boards; one's own rank privately"),
    PersonData.PUBLIC: Text("the top names on boards"),
}


def overview(found: Progress) -> Message:
    """What there is and what is missing, a line each, and a button for every step."""
    company = found.company
    name: Value = company.name or Text("no name yet")
    rows: list[tuple[Value, ...]] = [
        (Text("Company"), _mark(done=bool(company.name)), joined([name, company.zone, company.currency])),
        *((each.region.name, _mark(done=_is_ready(each)), _of_region(each, found.year)) for each in found.regions),
    ]
    if not found.regions:
        rows.append((Text("Regions"), _mark(done=False), Text("none yet; one is enough to begin")))
    rows += [
        (Text("Headquarters"), _mark(done=found.has_hq and found.has_hq_channel), _of_headquarters(found)),
        (Text("People"), *_of_people(found)),
    ]
    if found.unpriced:
        priced = Text("missing for: {currencies}", currencies=listed(list(found.unpriced)))
        rows.append((Text("Rates"), _mark(done=False), priced))
    rows.append((Text("Approvals"), _mark(done=bool(found.rules)), _of_rules(found)))
    line = (
        Text("Everything is there. Change what you like; each step can be undone.")
        if found.is_complete
        else _next(found)
    )
    return Message(
        lines=(Text("Set-up of {company}", company=name), line),
        table=Table((Text("What"), verbatim(""), Text("How it stands")), tuple(rows)),
        buttons=_buttons(found),
    )


def welcome(found: Progress) -> Message:
    """What the first administrator sees once the installation is theirs."""
    shown = overview(found)
    line = Text("This installation is yours: you are its administrator. Everything below takes a line or a form each.")
    return Message((line, *shown.lines), table=shown.table, buttons=shown.buttons)


def company_set_up(company: Organisation, event: str) -> Message:
    """What the company is now."""
    line = Text(
        "✓ {company} · {zone} · {currency} · {language}",
        company=company.name, zone=company.zone, currency=company.currency, language=_language(company.language),
    )  # fmt: skip
    return says(line, buttons=(_undo(event),))


def region_set_up(region: Region, event: str, *, is_new: bool) -> Message:
    """What the region is now, and what it needs next."""
    place = "-".join(part for part in (region.country, region.subdivision) if part)
    facts: list[Value] = [
        region.name, place, region.zone, region.currency, _language(region.language),
        f"{region.opens:%H:%M}–{region.closes:%H:%M}",
    ]  # fmt: skip
    lines = [Text("✓ {region}", region=joined(facts))]
    if is_new:
        lines.append(
            Text(
                "Next: go to its channel, invite me there and type `{line}`.",
                line=Bilingual(f"/setup channel {region.name}", f"/设置频道 {region.name}"),
            )
        )
        lines.append(Text("Stand-up and board go out on Mondays at 09:00 there."))
    more = Button(Text("Add a person…"), unfinished(SetUpPerson, *PERSON_FORM, region=region.id))
    return says(*lines, buttons=(_undo(event), more))


def person_data_set(region: Region, event: str) -> Message:
    """What boards may show of one person."""
    line = Text("✓ {region}: {rule}", region=region.name, rule=PERSON_DATA[region.person_data])
    return says(line, buttons=(_undo(event),))


def team_set_up(name: str, region: Region, event: str) -> Message:
    """A team that was added."""
    return says(Text("✓ Team {team} in {region}", team=name, region=region.name), buttons=(_undo(event),))


def channel_bound(region: Region | None, event: str, before: Region | None = None) -> Message:
    """What the channel is for from now on, and whose it was."""
    if region is None:
        line = Text("✓ This is the channel of headquarters: policy counts and digests go here.")
    else:
        line = Text(
            "✓ This is the channel of {region}: deals, approvals, stand-ups and boards go here.", region=region.name
        )
    was = [Text("It was the channel of {region} until now.", region=before.name)] if before and before != region else []
    return says(line, *was, buttons=(_undo(event),))


def person_set_up(person: Person, region: Region | None, event: str, *, has_account: bool) -> Message:
    """Who was added or changed, and how they get in."""
    facts: list[Value] = [
        person.name,
        person.rank,
        *([region.name] if region else []),
        *([person.email] if person.email else []),
    ]
    lines = [Text("✓ {person}", person=joined(facts))]
    buttons = [_undo(event)]
    if not has_account:
        lines.append(Text("They get in with an invitation, or in Slack by their work e-mail address."))
        buttons.insert(0, Button(Text("Invite"), draft(Invite(person.id)), Style.PRIMARY))
    return says(*lines, buttons=tuple(buttons))


def duty_given(person: Person, duty: Duty, event: str, *, ended: bool = False) -> Message:
    """A duty that somebody holds now, or no longer."""
    if ended:
        line = Text("✓ {person} no longer holds: {duty}", person=person.name, duty=duty)
    else:
        line = Text("✓ {person} holds: {duty}", person=person.name, duty=duty)
    return says(line, buttons=(_undo(event),))


def limit_set(found: Progress, unmanaged: Sequence[Region], event: str) -> Message:
    """The chain as it stands, and where nobody could decide."""
    lines = [Text("✓ Approvals: {rules}", rules=_of_rules(found))]
    if unmanaged:
        names = listed([region.name for region in unmanaged])
        lines.append(
            Text(
                "No manager yet in: {regions}. Nobody there can ask for an approval until one is added.", regions=names
            )
        )
    return says(*lines, buttons=(_undo(event),))


def taken_back(what: Sequence[str]) -> Message:
    """A step that was taken back, and what it was about."""
    return says(Text("✓ Taken back: {what}", what=listed(list(what[:MOST_NAMED]))))


def rate_set(currency: str, rate: str, company: str, event: str) -> Message:
    """What a currency is worth from today on."""
    line = Text("✓ 1 {currency} = {rate} {company}, from today on", currency=currency, rate=rate, company=company)
    return says(line, buttons=(_undo(event),))


def named(name: str, event: str) -> Message:
    """What somebody is called from now on."""
    return says(Text("✓ You are {name}.", name=name), buttons=(_undo(event),))


def step_card(event: str) -> str:
    """The card of a step, so that undoing it can change its face."""
    return f"setup:{event}"


def _undo(event: str) -> Button:
    return Button(Text("Undo"), draft(TakeBackSetup(event)))


def _language(code: str) -> Value:
    return Text("Chinese") if code == "zh" else Text("English")


def _mark(*, done: bool) -> Value:
    return "✓" if done else "○"


def _is_ready(each: RegionProgress) -> bool:
    return each.has_channel and each.has_manager and each.has_target


def _of_region(each: RegionProgress, year: int) -> Value:
    missing = [
        text
        for is_there, text in (
            (each.has_channel, Text("a channel")),
            (each.has_manager, Text("a manager")),
            (each.has_target, Text("a target for {year}", year=str(year))),
        )
        if not is_there
    ]
    people = Plural("{n} person", "{n} people", each.people)
    return Text("{people}; missing: {missing}", people=people, missing=listed(missing)) if missing else people


def _of_headquarters(found: Progress) -> Value:
    if not found.has_hq:
        return Text("nobody yet; somebody of HQ decides what a manager asks for")
    return Text("channel bound") if found.has_hq_channel else Text("no channel yet")


def _of_people(found: Progress) -> tuple[Value, Value]:
    if not found.unreached:
        return _mark(done=True), Plural("{n} person", "{n} people", found.people)
    count = Plural("{n} person", "{n} people", found.people)
    shown = listed(list(found.unreached[:3])) if len(found.unreached) <= 3 else str(len(found.unreached))  # noqa: PLR2004
    return _mark(done=False), Text("{people}; without an account yet: {names}", people=count, names=shown)


def _of_rules(found: Progress) -> Value:
    if not found.rules:
        return Text("none: no contract needs a decision yet")
    return listed(
        [
            Text("{decider} for every contract", decider=rule.decider)
            if rule.min_amount.minor <= 0
            else Text("{decider} above {amount}", decider=rule.decider, amount=rule.min_amount)
            for rule in found.rules
        ]
    )


def _next(found: Progress) -> Text:
    """The one thing to do next, as a line to type."""
    line = _next_line(found)
    return Text("Next: `{line}`, or press a button.", line=line)


def _next_line(found: Progress) -> Bilingual:
    """The line for the first thing that is missing, in the order in which one thing needs the other."""
    untold = next((each.region.name for each in found.regions if not each.has_target), None)
    steps = (
        (not found.company.name, "setup company Meridian country GB", "设置公司 子午仪器 国家 中国"),
        (found.has_unnamed_admin, "setup me Helen Park", "设置我 陈思远"),
        (not found.regions, "setup region Germany country DE-BY", "设置大区 华东 国家 中国"),
        *(step for each in found.regions for step in _steps_of(each)),
        (not found.has_hq, "setup person Amara Okafor hq", "设置人员 陈思远 总部"),
        (not found.has_hq_channel, "/setup channel hq", "/设置频道 总部"),
        *((True, f"setup rate {one} 1.08", f"设置汇率 {one} 1.08") for one in found.unpriced[:1]),
        (not found.rules, "setup limit manager", "设置审批 经理"),
        (True, f"target {untold} 2m {found.year}", f"目标 {untold} 2000万 {found.year}"),
    )
    return next(Bilingual(en, zh) for is_missing, en, zh in steps if is_missing)


def _steps_of(each: RegionProgress) -> tuple[tuple[bool, str, str], ...]:
    name = each.region.name
    return (
        (not each.has_channel, f"/setup channel {name}", f"/设置频道 {name}"),
        (not each.has_manager, f"setup person Anna Weber manager {name}", f"设置人员 陈伟 经理 {name}"),
    )


def _buttons(found: Progress) -> tuple[Button, ...]:
    steps = [Button(Text("Company…"), unfinished(SetUpCompany, *COMPANY_FORM))]
    if found.company.name:
        steps.append(Button(Text("Add a region…"), unfinished(SetUpRegion, *REGION_FORM)))
    if found.regions:
        steps += [
            Button(Text("This channel…"), unfinished(BindChannel, "bound")),
            Button(Text("Add a team…"), unfinished(SetUpTeam, "name", "region")),
            Button(Text("Add a person…"), unfinished(SetUpPerson, *PERSON_FORM)),
            Button(Text("Duty…"), unfinished(GiveDuty, "person", "duty")),
            Button(Text("Approval limit…"), unfinished(SetLimit, "decider", "amount")),
            Button(Text("Target…"), unfinished(SetTarget, "region", "amount", "year")),
        ]
    return tuple(steps)
