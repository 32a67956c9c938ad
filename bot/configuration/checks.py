"""What a file must say besides each of its words being right: names that exist, once, and fit together."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.configuration.yaml_file import Source, Where
from handlers.grammar.entered import EVERYWHERE
from models.approvals import ApprovalRuleRow
from models.channels import ChannelKind
from models.money import Money
from models.ranks import Rank
from models.rules.standing import PersonData
from models.targets import targets_currency


def check(source: Source) -> None:
    """Raise FaultError with the line of the first thing that does not fit."""
    document = source.document
    _once(source, ((("regions", at, "id"), one.id) for at, one in enumerate(document.regions)))
    _once(source, ((("people", at, "id"), one.id) for at, one in enumerate(document.people)))
    _once(source, ((("approvals", at, "id"), one.id) for at, one in enumerate(document.approvals)))
    _once(
        source,
        (
            (("regions", at, "teams", number, "id"), team.id)
            for at, region in enumerate(document.regions)
            for number, team in enumerate(region.teams)
        ),
    )
    _once(
        source,
        (
            (("people", at, "accounts", number), f"{one.platform} {one.workspace} {one.user}")
            for at, person in enumerate(document.people)
            for number, one in enumerate(person.accounts)
        ),
    )
    _once(
        source,
        (
            (("channels", at), f"{one.platform} {one.workspace} {one.channel}")
            for at, one in enumerate(document.channels)
        ),
    )
    _once(
        source,
        (
            (("regions", at, "schedules", number), f"{one.job} of {region.id}")
            for at, region in enumerate(document.regions)
            for number, one in enumerate(region.schedules)
        ),
    )
    _once(
        source,
        ((("rates", at), f"{one.currency} to {one.to} since {one.since}") for at, one in enumerate(document.rates)),
    )
    _regions(source)
    _channels(source)
    _people(source)


def check_against(session: Session, source: Source) -> None:
    """Raise FaultError with the line of what does not fit to what stands already; what stands so already may stay."""
    document = source.document
    for at, rule in enumerate(document.approvals):
        kept = session.get(ApprovalRuleRow, rule.id)
        stands = kept is not None and Money(kept.from_minor, kept.currency) == rule.above
        if rule.above.currency != document.company.currency and not stands:
            raise source.wrong(("approvals", at, "above"), f"limits count in {document.company.currency}")
    for at, region in enumerate(document.regions):
        currency = targets_currency(session, region.id)
        if currency not in (None, region.currency):
            raise source.wrong(("regions", at, "currency"), f"{region.id} has targets in {currency}, so it keeps it")


def _once(source: Source, given: Iterable[tuple[Where, str]]) -> None:
    seen: set[str] = set()
    for where, name in given:
        if name in seen:
            raise source.wrong(where, f"{name} stands twice")
        seen.add(name)


def _regions(source: Source) -> None:
    for at, region in enumerate(source.document.regions):
        if region.person_data is PersonData.PUBLIC and region.agreement is None:
            raise source.wrong(
                ("regions", at, "person_data"), "names on boards need an agreement: who, signed_on, document"
            )
        if region.id == EVERYWHERE:
            raise source.wrong(("regions", at, "id"), f"{EVERYWHERE} means every region")
        for year, amount in region.targets.items():
            if amount.currency != region.currency:
                raise source.wrong(("regions", at, "targets", year), f"{region.id} counts in {region.currency}")


def _channels(source: Source) -> None:
    known = {region.id for region in source.document.regions}
    for at, channel in enumerate(source.document.channels):
        if channel.kind not in (ChannelKind.REGION, ChannelKind.HQ):
            raise source.wrong(("channels", at, "kind"), "a channel is a region's or hq's")
        if channel.kind is ChannelKind.REGION and channel.region not in known:
            raise source.wrong(("channels", at, "region"), f"there is no region {channel.region}")
        if channel.kind is ChannelKind.HQ and channel.region is not None:
            raise source.wrong(("channels", at, "region"), "a channel of hq has no region")


def _people(source: Source) -> None:
    teams = {region.id: {team.id for team in region.teams} for region in source.document.regions}
    for at, person in enumerate(source.document.people):
        if person.region is None and person.rank in (Rank.REP, Rank.MANAGER):
            raise source.wrong(("people", at, "rank"), f"a {person.rank} needs a region")
        if person.region is not None and person.region not in teams:
            raise source.wrong(("people", at, "region"), f"there is no region {person.region}")
        if person.team is not None and person.team not in teams.get(person.region or "", ()):
            raise source.wrong(("people", at, "team"), f"{person.region} has no team {person.team}")
        if not person.active and person.accounts:
            raise source.wrong(("people", at, "accounts"), "who has left has no accounts")
