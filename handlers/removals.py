"""Removals: a region or a team that was added by mistake, or that is not needed any more, goes; undo brings it back."""

from functools import reduce

from handlers.command import ADMINS, NOTHING_PERSONAL, Example, Scope, command
from handlers.steps import changes_of, done, region_of
from models.cards import steps as card
from models.context import Asked, Reply, UserError
from models.regions import Region, Team, regions, teams_of
from models.removing import RemoveRegion, RemoveTeam, hangs_on_region, hangs_on_team, remove_region, remove_team
from models.text import Text, listed

MOST_NAMED = 20


@command(
    RemoveRegion,
    en=("setup no region", "remove region", "delete region"),
    zh=("删除大区", "删除区域", "取消大区"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.region_removed",
    summary=Text("Remove a region on which nothing hangs"),
    example=Example("remove region DACH", "删除大区 华东"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
    whole=True,
)
def end_region(asked: Asked, wanted: RemoveRegion) -> Reply:
    """Its Monday and its teams go with it; people, open deals, a target or history keep it."""
    region = region_of(asked, wanted.region)
    _refuse(region.name, hangs_on_region(asked.session, region, asked.now))
    changes = changes_of(asked)
    remove_region(changes, region)
    return done(asked, changes, card.removed(Text("region {name}", name=region.name), asked.event_id), region.id)


@command(
    RemoveTeam,
    en=("setup no team", "remove team", "delete team"),
    zh=("删除团队", "删除小组", "取消团队"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.team_removed",
    summary=Text("Remove a team on which nothing hangs"),
    example=Example("remove team Süd in DACH", "删除团队 上海组 华东"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def end_team(asked: Asked, wanted: RemoveTeam) -> Reply:
    """People and deals of it keep it."""
    region, team = _team(asked, wanted)
    _refuse(team.name, hangs_on_team(asked.session, team))
    changes = changes_of(asked)
    years = remove_team(changes, region, team)
    what = Text("team {name} of {region}", name=team.name, region=region.name)
    return done(asked, changes, card.removed(what, asked.event_id, split_anew=years), team.id)


def _refuse(name: str, what: list[Text]) -> None:
    if what:
        every = reduce(lambda some, more: Text("{some}; {more}", some=some, more=more), what)
        raise UserError(Text("{name} stays, since it has {what}.", name=name, what=every))


def _team(asked: Asked, wanted: RemoveTeam) -> tuple[Region, Team]:
    """The team of a name in the region that was said, or the only one of that name."""
    here = [region_of(asked, wanted.region)] if wanted.region else regions(asked.session)
    low = wanted.name.casefold()
    every = [(region, team) for region in here for team in teams_of(asked.session, region.id)]
    found = [(region, team) for region, team in every if low in (team.name.casefold(), team.id.casefold())]
    if len(found) > 1:
        raise UserError(Text("Several regions have a team “{name}”; say which region.", name=wanted.name), "region")
    if not found:
        known = listed(list(dict.fromkeys(team.name for _, team in every[:MOST_NAMED])))
        line = Text("There is no team “{name}”; there are: {teams}.", name=wanted.name, teams=known)
        raise UserError(line if every else Text("There is no team “{name}”.", name=wanted.name), "name")
    return found[0]
