"""Regions and teams: where the company sells, by whose clock and holidays, and what boards show of one person."""

from handlers.command import ADMINS, NOTHING_PERSONAL, Example, PersonalData, Scope, command
from handlers.placing import put_region, put_team, region_named
from handlers.steps import changes_of, done, only_region, region_of
from models.cards import steps as card
from models.context import Asked, Reply, UserError
from models.intent import Draft
from models.regions import PersonDataAgreement, Region, teams_of
from models.rules.standing import PersonData
from models.setup import SetUpPersonData, SetUpRegion, SetUpTeam
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
    agreement = asked.session.get(PersonDataAgreement, region.id) if wanted.rule is PersonData.PUBLIC else None
    shown = card.person_data_set(region_of(asked, region.id), asked.event_id, agreement)
    return done(asked, changes, shown, region.id)


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
