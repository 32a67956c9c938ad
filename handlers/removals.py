"""Removals: what was added by mistake, or is not needed any more, goes; undo brings it back."""

from functools import reduce

from handlers.command import ADMINS, NOTHING_PERSONAL, Example, Scope, command
from handlers.steps import changes_of, done, region_of
from models.approvals import open_requests
from models.cards import removal as card
from models.channels import region_channels
from models.context import Asked, Reply, UserError
from models.progress import progress
from models.regions import Region, Team, organisation, rate_on, regions, teams_of
from models.removing import (
    RemoveLimit,
    RemoveRate,
    RemoveRegion,
    RemoveTeam,
    hangs_on_region,
    hangs_on_team,
    remove_limit,
    remove_rate,
    remove_region,
    remove_team,
)
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
    teams = [team.name for team in teams_of(asked.session, region.id)]
    is_bound = bool(region_channels(asked.session, region.id))
    remove_region(changes, region)
    return done(asked, changes, card.region_removed(region.name, teams, asked.event_id, is_bound=is_bound), region.id)


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


@command(
    RemoveLimit,
    en=("setup no limit", "remove limit", "delete limit"),
    zh=("取消审批额度", "删除审批额度"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.limit_removed",
    summary=Text("Let contracts need somebody's decision no more"),
    example=Example("remove limit finance", "取消审批额度 财务"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
    whole=True,
)
def end_limit(asked: Asked, wanted: RemoveLimit) -> Reply:
    """From now on no contract waits for this decider; what waits already does."""
    changes = changes_of(asked)
    if not remove_limit(changes, wanted.decider):
        raise UserError(Text("There is no limit of {decider}; `setup` shows which there are.", decider=wanted.decider))
    found = progress(asked.session, asked.today)
    waiting = sum(request.waits_for(wanted.decider) for request, _ in open_requests(asked.session))
    return done(asked, changes, card.limit_removed(found, wanted.decider, waiting, asked.event_id), wanted.decider)


@command(
    RemoveRate,
    en=("setup no rate", "remove rate", "delete rate"),
    zh=("取消汇率", "删除汇率"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.rate_removed",
    summary=Text("Take a currency's newest rate away; the one before holds again"),
    example=Example("remove rate EUR", "取消汇率 CNY"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
    whole=True,
)
def end_rate(asked: Asked, wanted: RemoveRate) -> Reply:
    """What was priced with it is priced with the one before, or counted and not priced."""
    company, changes = organisation(asked.session).currency, changes_of(asked)
    was = remove_rate(changes, wanted.currency, company)
    if was is None:
        raise UserError(
            Text("There is no rate of {currency}; `setup` shows what is missing.", currency=wanted.currency)
        )
    holds = rate_on(asked.session, wanted.currency, company, asked.today)
    return done(asked, changes, card.rate_removed(was, holds, asked.event_id), wanted.currency)


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
