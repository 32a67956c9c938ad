"""What set-up looks like in chat: the list of what there is, what is missing and what comes next."""

from models.intent import unfinished
from models.message import Button, Message, Table
from models.progress import Progress, RegionProgress
from models.setup import (
    BindChannel,
    GiveDuty,
    SetLimit,
    SetUpCompany,
    SetUpPerson,
    SetUpRegion,
    SetUpTeam,
)
from models.targets import SetTarget
from models.text import Bilingual, Plural, Text, Value, joined, listed

COMPANY_FORM = ("name", "place", "zone", "currency", "language", "you")
REGION_FORM = ("name", "place", "zone", "currency", "language", "hours", "week")
PERSON_FORM = ("name", "rank", "region", "team", "email", "language")


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
    rows.append((Text("Approvals"), _mark(done=bool(found.rules)), rules_in_words(found)))
    line = (
        Text("Everything is there. Change what you like; each step can be undone.")
        if found.is_complete
        else _next(found)
    )
    return Message(
        lines=(Text("Set-up of {company}", company=name), line),
        table=Table((Text("What"), Text("Ready"), Text("How it stands")), tuple(rows)),
        buttons=_buttons(found),
    )


def another_administrator(platform: str) -> Text:
    """What the administrators read when a code of the server made one more."""
    return Text(
        "An account in {platform} became an administrator with a code made on the server. If none of you did that, "
        "find it with `people` and end it with `leaver`.",
        platform=platform.title(),
    )


def welcome(found: Progress) -> Message:
    """What the first administrator sees once the installation is theirs."""
    shown = overview(found)
    line = Text("This installation is yours: you are its administrator. Everything below takes a line or a form each.")
    return Message((line, *shown.lines), table=shown.table, buttons=shown.buttons)


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


def rules_in_words(found: Progress) -> Value:
    """The approval rules as one enumeration."""
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
        (not found.has_hq_channel, "/setup channel hq", "@Regatta 设置频道 总部"),
        *((True, f"setup rate {one} 1.08", f"设置汇率 {one} 1.08") for one in found.unpriced[:1]),
        (not found.rules, "setup limit manager", "设置审批 经理"),
        (True, f"target {untold} 2m {found.year}", f"目标 {untold} 2000万 {found.year}"),
    )
    return next(Bilingual(en, zh) for is_missing, en, zh in steps if is_missing)


def _steps_of(each: RegionProgress) -> tuple[tuple[bool, str, str], ...]:
    name = each.region.name
    return (
        (not each.has_channel, f"/setup channel {name}", f"@Regatta 设置频道 {name}"),
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
