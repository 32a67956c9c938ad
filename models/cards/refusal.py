"""Why somebody cannot decide a request, in one sentence each."""

from collections.abc import Sequence

from models.cards.approval import names
from models.deciding import Case
from models.regions import Region
from models.rules.approval import Decider, PersonFacts, Refusal, RequestState, may_decide
from models.text import Bilingual, Text, Value, listed

UNKNOWN = Text("There is no such request; `approvals` lists what waits for you.")


def why_not(case: Case, person: PersonFacts, version: int | None = None) -> Text | None:
    """Say why a person cannot decide the request as it was at `version` (none: as it is now); none when they can."""
    refusal = may_decide(person, case.facts)
    own = refusal is Refusal.OWN_REQUEST
    if person.region_id not in (None, case.request.region_id) and not own:
        return _refused(case, Refusal.WRONG_REGION, person.person_id)
    if not case.is_open or (not own and version not in (None, case.request.version)):
        return first(case, person.person_id)
    if refusal is not None:
        return _refused(case, refusal, person.person_id)
    return None if person.person_id in (decider.id for decider in case.deciders) else _kept(case)


def first(case: Case, person_id: str) -> Text:
    """Say who was first, what they decided and when."""
    if case.request.state is RequestState.VOID:
        return Text("{request} is no longer asked for: the deal was changed.", request=case.request.id)
    if not case.decided:  # whoever was to decide is not any more
        return Text(
            "{request} has changed since; it waits for {deciders}.",
            request=case.request.id,
            deciders=names(case.deciders),
        )
    decision, who = case.decided[-1]
    facts: dict[str, Value] = {
        "request": case.request.id, "verdict": decision.verdict, "person": who.name, "at": decision.at,
        "n": decision.step + 1, "deciders": names(case.deciders),
    }  # fmt: skip
    mine = who.id == person_id
    if case.is_open and mine:
        return Text("You {verdict} step {n} of {request} already, {at}; it now waits for {deciders}.", **facts)
    if case.is_open:
        return Text(
            "{person} was first and {verdict} step {n} of {request}, {at}; now it waits for {deciders}.", **facts
        )
    if mine:
        return Text("You {verdict} {request} already, {at}.", **facts)
    return Text("{person} was first and {verdict} {request}, {at}.", **facts)


def appoint(decider: Decider, step: int, region: str) -> Text:
    """Say whom the organisation lacks, when nobody could decide a step (from 0)."""
    whom = {
        Decider.MANAGER: Text("another manager of {region}", region=region),
        Decider.FINANCE: Text("another person who looks after finance"),
        Decider.HQ: Text("another person at HQ"),
    }[decider]
    return Text(
        "Nobody could decide step {n} of this request. Ask an administrator to appoint {whom}, or to let in one who "
        "has not joined yet, then ask again.",
        n=step + 1, whom=whom,
    )  # fmt: skip


def unmanaged(regions: Sequence[Region], moved: Sequence[str], *, asks: bool) -> list[Text]:
    """Say which regions have no manager any more, and who decides there; `asks` where a contract needs a manager."""
    lines = [Text("Headquarters decides now: {requests}", requests=listed(list(moved)))] if moved else []
    for region in regions:
        line = Bilingual(f"setup person Nora Berg manager {region.name}", f"设置人员 李明 经理 {region.name}")
        if asks:
            lines.append(
                Text(
                    "{region} has no manager now. What waits there goes to headquarters, and nobody there can ask for "
                    "an approval until one is added: `{line}`",
                    region=region.name,
                    line=line,
                )
            )
        else:
            lines.append(Text("{region} has no manager now; add one soon: `{line}`", region=region.name, line=line))
    return lines


def _refused(case: Case, refusal: Refusal, person_id: str) -> Text:
    """The sentence of a refusal, with who decides instead."""
    facts: dict[str, Value] = {
        "request": case.request.id, "n": case.request.step + 1, "steps": len(case.request.chain),
        "deciders": names(case.deciders), "decider": case.step.decider,
    }  # fmt: skip
    match refusal:
        case Refusal.OWN_REQUEST if person_id != case.request.requester_id:
            return Text("This is your own deal, so {request} goes to {deciders}.", **facts)
        case Refusal.OWN_REQUEST:
            return Text("You cannot decide your own request; it goes to {deciders}.", **facts)
        case Refusal.ALREADY_DECIDED:
            return first(case, person_id)
        case Refusal.DECIDED_EARLIER_STEP:
            return Text("You decided an earlier step of {request}; step {n} of {steps} is for {deciders}.", **facts)
        case Refusal.NOT_YOUR_STEP:
            return Text("{request} is at step {n} of {steps}, which is for {deciders}.", **facts)
        case Refusal.WRONG_RANK:
            return Text("{request} is for the {decider} to decide: {deciders}.", **facts)
        case Refusal.WRONG_REGION:
            return Text("{request} belongs to another region; its own people decide it.", **facts)


def _kept(case: Case) -> Text:
    """For the only one who can decide a later step: this one is for others."""
    return Text(
        "Only you can decide a later step of {request}, so step {n} is for {deciders}.",
        request=case.request.id, n=case.request.step + 1, deciders=names(case.deciders),
    )  # fmt: skip
