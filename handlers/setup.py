"""Set-up: the company, its regions, teams, channels and limits; each step by a form or one line, each undoable."""

from datetime import time

from handlers.command import ADMINS, NOTHING_PERSONAL, Example, PersonalData, Scope, command
from handlers.grammar.entry_words import HEADQUARTERS
from handlers.grammar.places import currency_in, language_in, locale_in, parts_of, zones_in
from models.approvals import ApprovalRuleRow
from models.cards import setup as card
from models.channels import Channel, ChannelKind
from models.configuring import ChangedSinceError, Changes, InUseError
from models.context import Asked, Reply, UserError
from models.intent import Draft
from models.message import Message
from models.money import Money
from models.people import Person
from models.progress import nobody_for, progress, regions_without_manager
from models.regions import Organisation, PersonDataAgreement, Region, Team, organisation, regions, teams_of
from models.rules.approval import Decider
from models.rules.standing import PersonData
from models.schedules import Schedule, local_day
from models.setup import (
    BindChannel,
    SetLimit,
    SetUpCompany,
    SetUpPersonData,
    SetUpRegion,
    SetUpTeam,
    ShowSetup,
    TakeBackSetup,
    is_taken_back,
    last_step,
    slug,
)
from models.text import Text

MOST_ZONES = 12
STEP_OF = {Decider.MANAGER: 1, Decider.FINANCE: 2, Decider.HQ: 3}
AGREEMENT = PersonalData(
    ("person_data_agreement.who",),
    Text("to show who agreed to the use of personal figures"),
    Text("as long as the rule is in force"),
    Text("administrators"),
)


@command(
    ShowSetup,
    en=("setup", "set up"),
    zh=("设置", "設置"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.shown",
    summary=Text("Set the company up: what there is, and what comes next"),
    example=Example("setup", "设置"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def show_setup(asked: Asked, wanted: ShowSetup) -> Reply:  # noqa: ARG001  the intent has nothing to say
    """Show the steps."""
    return Reply(card.overview(progress(asked.session, asked.today.year)), private=True)


def _company_so_far(asked: Asked, draft: Draft) -> Draft:
    company = organisation(asked.session)
    known = {
        "name": company.name or None, "place": "-".join(filter(None, (company.country, None))), "zone": company.zone,
        "currency": company.currency, "language": company.language, "you": asked.person.name,
    }  # fmt: skip
    return Draft(draft.intent, {**(known if company.name else {"you": asked.person.name}), **draft.known}, draft.ask)


@command(
    SetUpCompany,
    en=("setup company",),
    zh=("设置公司",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.company",
    summary=Text("Name the company, its country and its currency"),
    example=Example("setup company Meridian country GB currency USD", "设置公司 子午仪器 国家 中国"),
    personal=NOTHING_PERSONAL,
    prefill=_company_so_far,
    bare=card.COMPANY_FORM,
    anywhere=True,
)
def set_up_company(asked: Asked, wanted: SetUpCompany) -> Reply:
    """Change what was said; a country brings what it settles."""
    company = organisation(asked.session)
    if not (wanted.name or company.name):
        raise UserError(Text("What is the company called?"), "name")
    country, _ = parts_of(wanted.place) if wanted.place else (company.country, None)
    moved = country != company.country or not company.name
    language = wanted.language or (language_in(country) if moved else company.language)
    changes = _changes(asked)
    changes.put(
        Organisation(
            **{
                **company.model_dump(), "name": wanted.name or company.name, "country": country, "language": language,
                "zone": wanted.zone or (_only_zone(country) if moved else company.zone),
                "locale": locale_in(country, language) if moved or wanted.language else company.locale,
                "currency": wanted.currency or (currency_in(country) if moved else None) or company.currency,
            }
        )
    )  # fmt: skip
    if wanted.you and wanted.you != asked.person.name:
        changes.put(Person(**{**asked.person.model_dump(), "name": wanted.you}))
    return _done(asked, changes, card.company_set_up(organisation(asked.session), asked.event_id), "company")


def _region_so_far(asked: Asked, draft: Draft) -> Draft:
    """The form of a region that exists shows how it stands."""
    region = _named(asked, str(draft.known.get("name") or ""))
    if region is None:
        return draft
    known = {
        "place": "-".join(part for part in (region.country, region.subdivision) if part), "zone": region.zone,
        "currency": region.currency, "language": region.language, "week": region.working_week,
        "hours": f"{region.opens:%H:%M}-{region.closes:%H:%M}",
    }  # fmt: skip
    return Draft(draft.intent, {**known, **draft.known}, draft.ask, draft.claims)


@command(
    SetUpRegion,
    en=("setup region",),
    zh=("设置大区", "设置区域"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.region",
    summary=Text("Add a region, or change one"),
    example=Example("setup region DACH country DE-BY", "设置大区 华东 国家 中国"),
    personal=NOTHING_PERSONAL,
    prefill=_region_so_far,
    anywhere=True,
)
def set_up_region(asked: Asked, wanted: SetUpRegion) -> Reply:
    """Write the region with its Monday; what is not said follows from the country, or stays as it was."""
    known = _named(asked, wanted.name)
    if wanted.place is None and known is None:
        raise UserError(Text("In which country does it work? Its holidays, currency and language follow."), "place")
    row = _region_as_said(wanted, known, asked)
    changes = _changes(asked)
    changes.put(row)
    if known is None:
        changes.put(
            Schedule(
                id=f"standup:{row.id}", job="standup", region_id=row.id, weekday=0, at=time(9),
                from_on=local_day(row.zone, asked.now),
            )
        )  # fmt: skip
    message = card.region_set_up(asked.session.get_one(Region, row.id), asked.event_id, is_new=known is None)
    return _done(asked, changes, message, row.id)


@command(
    SetUpPersonData,
    en=("setup person data",),
    zh=("设置个人数据",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.person_data",
    summary=Text("Say what boards may show of one person in a region"),
    example=Example("setup person data DACH team", "设置个人数据 华东 不公开"),
    personal=AGREEMENT,
    asks=(),
    anywhere=True,
)
def set_up_person_data(asked: Asked, wanted: SetUpPersonData) -> Reply:
    """Names on boards need an agreement: who, when, in which document."""
    region = _region(asked, wanted.region)
    changes = _changes(asked)
    if wanted.agreed_by and wanted.document:
        changes.put(
            PersonDataAgreement(
                region_id=region.id, who=wanted.agreed_by, signed_on=wanted.agreed_on or asked.today,
                document=wanted.document,
            )
        )  # fmt: skip
    if wanted.rule is PersonData.PUBLIC and asked.session.get(PersonDataAgreement, region.id) is None:
        raise UserError(
            Text("Names on boards need an agreement: say who agreed, on which day and in which document."), "agreed_by"
        )
    changes.put(Region(**{**region.model_dump(), "person_data": wanted.rule}))
    return _done(asked, changes, card.person_data_set(_region(asked, region.id), asked.event_id), region.id)


@command(
    SetUpTeam,
    en=("setup team",),
    zh=("设置团队", "设置小组"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.team",
    summary=Text("Add a team to a region"),
    example=Example("setup team Süd in DACH", "设置团队 上海组 华东"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def set_up_team(asked: Asked, wanted: SetUpTeam) -> Reply:
    """A team of the same name in the region is there already."""
    region = _region(asked, wanted.region or _only_region(asked))
    teams = teams_of(asked.session, region.id)
    if any(team.name.casefold() == wanted.name.casefold() for team in teams):
        raise UserError(Text("{team} is a team of {region} already.", team=wanted.name, region=region.name), "name")
    changes = _changes(asked)
    taken = {team.id for each in regions(asked.session) for team in teams_of(asked.session, each.id)}
    team = Team(id=slug(f"{region.id} {wanted.name}", taken), region_id=region.id, name=wanted.name)
    changes.put(team)
    return _done(asked, changes, card.team_set_up(wanted.name, region, asked.event_id), team.id)


@command(
    BindChannel,
    en=("setup channel", "bind channel"),
    zh=("设置频道", "绑定频道"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.channel",
    summary=Text("Bind this channel to a region, or to headquarters"),
    example=Example("/setup channel DACH", "/设置频道 华东"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def bind_channel(asked: Asked, wanted: BindChannel) -> Reply:
    """Whatever the channel was bound to before, it is this region's now."""
    if asked.channel.kind is ChannelKind.DIRECT:
        raise UserError(
            Text("This is our private chat. Go to the region's channel, invite me there and type it again.")
        )
    headquarters = wanted.bound == HEADQUARTERS
    region = None if headquarters else _region(asked, wanted.bound or _only_region(asked, "bound"))
    kind = ChannelKind.HQ if headquarters else ChannelKind.REGION
    changes = _changes(asked)
    stored = asked.session.get_one(Channel, asked.channel.id)
    row = Channel(**{**stored.model_dump(), "kind": kind, "region_id": region.id if region else None})
    row.name = region.name if region else "HQ"
    changes.put(row)
    return _done(asked, changes, card.channel_bound(region, asked.event_id), row.id)


@command(
    SetLimit,
    en=("setup limit", "setup approvals"),
    zh=("设置审批", "设置审批额度"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.limit",
    summary=Text("Say above which amount a contract needs whose decision"),
    example=Example("setup limit finance above 100k", "设置审批 财务 10万"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def set_limit(asked: Asked, wanted: SetLimit) -> Reply:
    """Refuse a step that nobody could take: a manager's own request goes to headquarters, so somebody must be there."""
    company = organisation(asked.session)
    amount = asked.meant_in(wanted.amount, company.currency) if wanted.amount else Money(0, company.currency)
    if amount.currency != company.currency:
        raise UserError(
            Text("Limits count in {currency}; write the amount in it.", currency=company.currency), "amount"
        )
    if nobody_for(asked.session, Decider.HQ):
        raise UserError(
            Text("Nobody of headquarters is there yet, and a manager's own request goes there: add one first.")
        )
    if nobody_for(asked.session, wanted.decider):
        raise UserError(
            Text("Nobody holds the finance duty yet; give it to somebody first, or the request would wait for nobody."),
            "decider",
        )
    changes = _changes(asked)
    row = ApprovalRuleRow(
        id=f"contract-{wanted.decider.value}", step=STEP_OF[wanted.decider], decider=wanted.decider,
        from_minor=amount.minor, currency=amount.currency,
    )  # fmt: skip
    changes.put(row)
    found = progress(asked.session, asked.today.year)
    return _done(asked, changes, card.limit_set(found, regions_without_manager(asked.session), asked.event_id), row.id)


@command(
    TakeBackSetup,
    en=("setup undo",),
    zh=("撤销设置",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.undone",
    summary=Text("Take back your last step of the set-up"),
    example=Example("setup undo", "撤销设置"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def take_back(asked: Asked, wanted: TakeBackSetup) -> Reply:
    """Everything that the step changed goes back, unless something of it has changed or is in use since."""
    event = wanted.event or last_step(asked.session, asked.person.id)
    if event is None:
        raise UserError(Text("There is no step of yours to take back."))
    if is_taken_back(asked.session, event):
        raise UserError(Text("That step was taken back already."))
    changes = _changes(asked)
    try:
        changes.take_back(event)
    except ChangedSinceError:
        raise UserError(Text("That was changed again since; take back the later step first.")) from None
    except InUseError:
        raise UserError(
            Text("That is in use by now, so it stays; for a person there is `leaver`, for a region a change.")
        ) from None
    asked.redraw(card.step_card(event), card.taken_back())
    return Reply(card.taken_back(), private=True, subject=event, facts={"rows": changes.count})


def _region_as_said(wanted: SetUpRegion, known: Region | None, asked: Asked) -> Region:
    """The region as it will stand."""
    country, state = parts_of(wanted.place) if wanted.place else ("", None)
    before = known.model_dump() if known is not None else {}
    if wanted.place is None:
        country, state = before["country"], before["subdivision"]
    moved = known is None or country != known.country
    language = wanted.language or (language_in(country) if moved else before["language"])
    zone = wanted.zone or (_only_zone(country) if moved else before["zone"])
    opens, _, closes = (wanted.hours or "").partition("-")
    said = {
        "name": wanted.name if known is None else known.name, "zone": zone, "country": country, "subdivision": state,
        "language": language,
        "currency": wanted.currency or (currency_in(country) if moved else before["currency"]),
        "locale": locale_in(country, language) if moved or wanted.language else before["locale"],
    }  # fmt: skip
    if wanted.hours:
        said |= {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
    if wanted.week:
        said["working_week"] = wanted.week
    taken = {region.id for region in regions(asked.session)} | {HEADQUARTERS, "all"}
    return Region(**{"id": slug(wanted.name, taken), **before, **said})


def _only_zone(country: str) -> str:
    """The zone of a country that has one; raise UserError with some of those that it has."""
    zones = zones_in(country)
    if len(zones) == 1:
        return zones[0]
    shown = ", ".join(zones[:MOST_ZONES])
    raise UserError(Text("There are several time zones; write the one that holds there: {zones}.", zones=shown), "zone")


def _named(asked: Asked, name: str) -> Region | None:
    """The region of a name or an id."""
    low = name.casefold()
    return next((each for each in regions(asked.session) if low in (each.id.casefold(), each.name.casefold())), None)


def _region(asked: Asked, region_id: str) -> Region:
    region = asked.session.get(Region, region_id)
    if region is None:
        raise UserError(Text("There is no region “{name}”; `setup` shows which there are.", name=region_id))
    return region


def _only_region(asked: Asked, field: str = "region") -> str:
    """The region that is meant where there is only one."""
    every = regions(asked.session)
    if len(every) != 1:
        raise UserError(Text("Of which region? Choose one.") if every else Text("Add a region first."), field)
    return every[0].id


def _changes(asked: Asked) -> Changes:
    return Changes(asked.session, asked.event_id, asked.now, asked.person.id)


def _done(asked: Asked, changes: Changes, message: Message, subject: str) -> Reply:
    """Show the step, or say that it changed nothing."""
    if not changes.count:
        raise UserError(Text("It stands like that already; nothing was changed."))
    step = card.step_card(asked.event_id)
    return Reply(message, private=True, card=step, subject=subject, facts={"rows": changes.count})
