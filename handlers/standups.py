"""Stand-ups: check in by form, by a button, or in the thread."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.command import Example, PersonalData, Scope, command
from handlers.grammar.check_in import read_check_in
from models.audit import ANSWERED
from models.cards import standup as card
from models.context import Asked, Reply, UserError
from models.intent import Draft
from models.ranks import Rank
from models.regions import Region
from models.retention import plan_to_forget
from models.rules.periods import last_complete_week
from models.standups import (
    CHECK_IN_CARD,
    CheckIn,
    CheckInNow,
    StandUp,
    deals_in_week,
    next_stand_up,
    open_stand_up,
    stand_up_of,
)
from models.text import Text

WRITTEN = PersonalData(
    ("check_in.person_id", "check_in.did", "check_in.plans", "check_in.blockers"),
    Text("so that a team knows what each does and what is in the way"),
    Text("a year, then deleted"),
    Text("the region's channel"),
)


def _of_own_region(asked: Asked, wanted: Any) -> None:
    """Keep people in the stand-up of their region."""
    number = getattr(wanted, "standup", None)
    if number is not None and asked.session.get_one(StandUp, number).region_id != asked.person.region_id:
        raise UserError(Text("That is another region's stand-up; `standup` opens your own."))


def prefill(asked: Asked, draft: Draft) -> Draft:
    """Fill the form with what the person answered before, or else with the deals of the week."""
    stand_up, _ = _meant(asked, draft.known.get("standup"))
    before = asked.session.get(CheckIn, (stand_up.id, asked.person.id))
    if before is not None:
        given = {"did": before.did, "plans": before.plans, "blockers": before.blockers}
        plan_to_forget(asked)  # the form repeats them
    else:
        given = {"did": _deals(asked, stand_up)}
    known = {name: words for name, words in given.items() if words}
    return replace(draft, known={**known, **_given(draft), "standup": stand_up.id})


@command(
    CheckInNow,
    en=("standup", "stand-up", "check in"),
    zh=("站会", "周会"),
    requires=frozenset({Rank.REP, Rank.MANAGER}),
    scope=Scope.REGION,
    audit="standup.answered",
    summary=Text("Check in for the week"),
    example=Example("standup", "站会"),
    personal=WRITTEN,
    asks=card.FORM,
    check=_of_own_region,
    prefill=prefill,
    as_is=Text("That's all"),
    answers="did",
)
def check_in(asked: Asked, wanted: CheckInNow) -> Reply:
    """Keep the answer; a second one replaces the first, and none counts after the close."""
    stand_up, ahead = _meant(asked, wanted.standup)
    answer = _answer(asked, wanted, stand_up)
    before = asked.session.get(CheckIn, (stand_up.id, asked.person.id))
    if before is not None and _is_talk(asked, wanted, answer):
        offer = card.offer_to_replace(stand_up, answer["did"])
        return Reply(offer, card=f"{CHECK_IN_CARD}{stand_up.id}", private=True, subject=stand_up.id, action=ANSWERED)
    kept = before or CheckIn(stand_up_id=stand_up.id, person_id=asked.person.id, did="", at=asked.now)
    kept.did, kept.plans, kept.blockers, kept.at = answer["did"], answer["plans"], answer["blockers"], asked.now
    asked.session.add(kept)
    asked.session.flush()
    plan_to_forget(asked)
    message = card.noted(stand_up, kept, again=before is not None, ahead=ahead, in_thread=asked.thread is not None)
    facts: dict[str, object] = {"again": before is not None}
    return Reply(message, card=f"{CHECK_IN_CARD}{stand_up.id}", private=True, subject=stand_up.id, facts=facts)


def _is_talk(asked: Asked, wanted: CheckInNow, answer: dict[str, str]) -> bool:
    """Whether a line in the thread may be talk, since its writer has checked in and names no part of a check-in."""
    typed = asked.thread is not None and not asked.pressed and wanted.plans is None and wanted.blockers is None
    return typed and not answer["plans"] and not answer["blockers"]


def _meant(asked: Asked, number: str | None) -> tuple[StandUp, datetime | None]:
    """The stand-up that is answered, and when it begins if that is still to come; raise UserError after its close."""
    region = _region(asked)
    if number is not None:
        stand_up = asked.session.get_one(StandUp, number)
        if asked.now >= stand_up.closes_at:
            coming = next_stand_up(asked.session, region)
            raise UserError(card.closed(stand_up, coming[1] if coming else None))
    else:
        stand_up = open_stand_up(asked.session, region, asked.now) or _ahead(asked, region)
    coming = next_stand_up(asked.session, region)
    ahead = coming is not None and stand_up.week.contains(coming[0])
    return stand_up, coming[1] if coming and ahead else None


def _ahead(asked: Asked, region: Region) -> StandUp:
    """Begin the next stand-up before its time, for whoever will not be there."""
    coming = next_stand_up(asked.session, region)
    if coming is None:
        raise UserError(Text("No stand-up is open or planned for {region}.", region=region.name))
    return stand_up_of(asked.session, region, *coming)


def _region(asked: Asked) -> Region:
    if asked.region is None:
        raise UserError(Text("You belong to no region, so there is no stand-up of yours."))
    return asked.region


def _answer(asked: Asked, wanted: CheckInNow, stand_up: StandUp) -> dict[str, str]:
    """What was given, in parts; without any words, the week's deals."""
    if wanted.plans is None and wanted.blockers is None:
        answer = read_check_in(wanted.did or "")
    else:
        answer = {"did": wanted.did or "", "plans": wanted.plans or "", "blockers": wanted.blockers or ""}
    if not any(answer.values()):
        answer["did"] = _deals(asked, stand_up)
    if not any(answer.values()):
        raise UserError(Text("You have no deals in that week; press “Check in” and write one line."))
    return answer


def _deals(asked: Asked, stand_up: StandUp) -> str:
    """The deals of the week before, a line each; no amounts, since the digest is read by all."""
    rows = deals_in_week(asked.session, asked.person, asked.zone, last_complete_week(stand_up.week_on))
    return "\n".join(f"{deal.id} {account.name}{' ✓' if deal.signed_on else ''}" for deal, account in rows)


def _given(draft: Draft) -> dict[str, object]:
    return {name: value for name, value in draft.known.items() if value is not None}
