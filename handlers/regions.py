"""Regions and teams: where the company sells, by whose clock and holidays, and what boards show of one person."""

from datetime import time

from sqlmodel import Session

from handlers.command import ADMINS, NOTHING_PERSONAL, Example, PersonalData, Scope, command
from handlers.grammar.entry_words import HEADQUARTERS
from handlers.grammar.places import currency_in, language_in, locale_in, parts_of
from handlers.steps import changes_of, done, only_region, only_zone, region_of
from models.cards import setup as card
from models.configuring import Changes
from models.context import Asked, Reply, UserError
from models.intent import Draft
from models.regions import PersonDataAgreement, Region, Team, regions, teams_of
from models.rules.standing import PersonData
from models.schedules import Schedule, local_day
from models.setup import SetUpPersonData, SetUpRegion, SetUpTeam, slug
from models.text import Text

AGREEMENT = PersonalData(
    ("person_data_agreement.who",),
    Text("to show who agreed to the use of personal figures"),
    Text("as long as the rule is in force"),
    Text("administrators"),
)


def _region_so_far(asked: Asked, draft: Draft) -> Draft:
    """The form of a region that exists shows how it stands."""
    region = region_named(asked.session, str(draft.known.get("name") or ""))
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
    changes = changes_of(asked)
    is_new = region_named(asked.session, wanted.name) is None
    region = put_region(changes, wanted)
    return done(asked, changes, card.region_set_up(region, asked.event_id, is_new=is_new), region.id)


def put_region(changes: Changes, wanted: SetUpRegion, region_id: str | None = None) -> Region:
    """Change the region of that name, or add it with its Monday; raise UserError.

    A new one gets `region_id` where it is free, else one made of the name.
    """
    session = changes.session
    known = region_named(session, wanted.name)
    if wanted.place is None and known is None:
        raise UserError(Text("In which country does it work? Its holidays, currency and language follow."), "place")
    row = _as_said(wanted, known, slug(region_id or wanted.name, _taken(session)))
    changes.put(row)
    if known is None:
        changes.put(
            Schedule(
                id=f"standup:{row.id}", job="standup", region_id=row.id, weekday=0, at=time(9),
                from_on=local_day(row.zone, changes.at),
            )
        )  # fmt: skip
    return session.get_one(Region, row.id)


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
    region = region_of(asked, wanted.region)
    changes = changes_of(asked)
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
    return done(asked, changes, card.person_data_set(region_of(asked, region.id), asked.event_id), region.id)


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
    region = region_of(asked, wanted.region or only_region(asked))
    teams = teams_of(asked.session, region.id)
    if any(team.name.casefold() == wanted.name.casefold() for team in teams):
        raise UserError(Text("{team} is a team of {region} already.", team=wanted.name, region=region.name), "name")
    changes = changes_of(asked)
    team = put_team(changes, region, wanted.name)
    return done(asked, changes, card.team_set_up(wanted.name, region, asked.event_id), team.id)


def put_team(changes: Changes, region: Region, name: str) -> Team:
    """Add a team to a region, or find the one of that name."""
    session = changes.session
    teams = teams_of(session, region.id)
    known = next((team for team in teams if name.casefold() in (team.name.casefold(), team.id.casefold())), None)
    if known is not None:
        return known
    taken = {team.id for each in regions(session) for team in teams_of(session, each.id)}
    row = Team(id=slug(f"{region.id} {name}", taken), region_id=region.id, name=name)
    changes.put(row)
    return session.get_one(Team, row.id)


def _as_said(wanted: SetUpRegion, known: Region | None, new_id: str) -> Region:
    """The region as it will stand."""
    country, state = parts_of(wanted.place) if wanted.place else ("", None)
    before = known.model_dump() if known is not None else {}
    if wanted.place is None:
        country, state = before["country"], before["subdivision"]
    moved = known is None or country != known.country
    language = wanted.language or (language_in(country) if moved else before["language"])
    zone = wanted.zone or (only_zone(country) if moved else before["zone"])
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
    return Region(**{"id": new_id, **before, **said})


def _taken(session: Session) -> set[str]:
    return {region.id for region in regions(session)} | {HEADQUARTERS, "all"}


def region_named(session: Session, name: str) -> Region | None:
    """The region of a name or an id."""
    low = name.casefold()
    return next((each for each in regions(session) if low in (each.id.casefold(), each.name.casefold())), None)
