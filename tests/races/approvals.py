"""Rounds of two who decide at once, or decide while something changes; each gives what should not have been."""

import asyncio
from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.approvals import Decision
from models.audit import AuditRow
from models.rules.approval import RequestState, Verdict
from models.timeline import DealEntry
from tests.races.lane import ADMIN, FINANCE, HQ, LARGE, SMALL, Lane, number_in, with_button
from tests.workspace import Record, texts_of

STATES = {Verdict.APPROVED: RequestState.APPROVED, Verdict.REJECTED: RequestState.REJECTED}


async def approve_against_reject(lane: Lane) -> list[str]:
    """18: two at headquarters, or one with two hands: one verdict counts, and the other one hears whose it was."""
    request, card = await lane.request(lane.manager, await lane.deal(lane.manager))
    yes, no = lane.chance.choice(list(HQ)), lane.chance.choice(list(HQ))
    said = dict(
        zip(
            (Verdict.APPROVED, Verdict.REJECTED),
            await asyncio.gather(_approve(lane, yes, request, card), _reject(lane, no, request, card)),
            strict=True,
        )
    )

    row, _, verdicts = lane.decided(request)
    if len(verdicts) != 1 or row.state is not STATES.get(verdicts[0].verdict) or row.version != 2:
        return [f"{request} is {row.state} in version {row.version} by {[one.verdict.value for one in verdicts]}"]
    (first,) = verdicts
    late = Verdict.REJECTED if first.verdict is Verdict.APPROVED else Verdict.APPROVED
    loser = no if late is Verdict.REJECTED else yes
    names = request if loser == first.person_id else HQ[first.person_id]
    faults = [] if names in _words(said[late]) else [f"{request}: {loser} was not told who decided: {said[late]}"]
    faults += [f"{request}: {texts_of(said[first.verdict])} tells nothing"] if not said[first.verdict] else []
    return faults + [f"{request} still has buttons in {place}" for place in lane.buttons_left(request)]


async def double_click(lane: Lane) -> list[str]:
    """19: the same button twice at once, or the same delivery: one effect, and each time an answer."""
    return await lane.chance.choice((approve_twice, log_and_undo_twice, deliver_twice))(lane)


async def stale_button(lane: Lane) -> list[str]:
    """20: a button of the step before decides nothing, also when the step ends just then; the card has new ones."""
    rep = lane.chance.choice(lane.reps)
    request, card = await lane.request(rep, await lane.deal(rep, LARGE))
    press = lane.house.press
    if lane.chance.random() < 0.5:
        await press(lane.manager, card, "approve")
        stale = await press(FINANCE, card, "approve")
    else:
        _, stale = await asyncio.gather(press(lane.manager, card, "approve"), press(FINANCE, card, "approve"))
    row, _, verdicts = lane.decided(request)
    if [one.person_id for one in verdicts] != [lane.manager] or row.step != 1:
        return [f"{request} is at step {row.step} by {[one.person_id for one in verdicts]}"]
    faults = [] if request in _words(stale) else [f"{request}: a stale button was answered {texts_of(stale)}"]
    await press(FINANCE, await lane.now(card), "approve")
    if lane.decided(request)[0].state is not RequestState.APPROVED:
        faults.append(f"{request}: the card in the channel was not given the buttons of the next step")
    return faults + [f"{request} still has buttons in {place}" for place in lane.buttons_left(request)]


async def approve_while_it_rises(lane: Lane) -> list[str]:
    """21: an amount is raised, or a lower one taken back, while it is asked for and approved."""
    rep, press = lane.chance.choice(lane.reps), lane.house.press
    deal = await lane.deal(rep, SMALL - 1)
    lowered = await lane.house.say(rep, f"edit {deal} {lane.chance.randint(1_000, 99_999)} USD", lane.region)
    asked, _ = await asyncio.gather(
        lane.house.say(rep, f"request {deal}", lane.region), _raise(lane, rep, deal, lowered)
    )
    request = number_in(asked, "A")
    await asyncio.gather(
        press(lane.manager, with_button(asked, "approve"), "approve"), _raise(lane, rep, deal, lowered)
    )

    row, now, verdicts = lane.decided(request)
    faults = []
    if row.state is RequestState.APPROVED and now.amount != row.amount:
        faults.append(f"{request} approves {row.amount} of {deal}, which is {now.amount}")
    if row.state is RequestState.APPROVED and now.amount_minor > 100_000_00 and len(verdicts) < 2:
        faults.append(f"{request} approves {now.amount} without finance")
    if row.state is RequestState.PENDING:
        await lane.house.say(FINANCE, f"reject {request} too much")
    return faults


async def approve_while_the_rank_is_taken(lane: Lane) -> list[str]:
    """22: whoever loses the rank, or moves to another region, decides before that or not at all."""
    rep = lane.chance.choice(lane.reps)
    request, _ = await lane.request(rep, await lane.deal(rep))
    card = next(one for one in await lane.house.read(lane.manager) if f"{request} " in one["text"])
    elsewhere = "DACH" if lane.name != "DACH" else "LATAM"
    loses = lane.chance.choice((f"rep {lane.name}", f"manager {elsewhere}"))
    say = lane.house.say
    decide = _approve if lane.chance.random() < 0.5 else _reject
    taken, decided = say(ADMIN, f"setup person {lane.manager_name} {loses}"), decide(lane, lane.manager, request, card)
    if lane.chance.random() < 0.5:
        said, _ = await asyncio.gather(decided, taken)
    else:
        _, said = await asyncio.gather(taken, decided)
    again = await _approve(lane, lane.manager, request, card)

    after = lane.house.rows(lambda session: _decided_after(session, request, lane.manager))
    faults = [f"{request} was decided by {lane.manager} after the rank was taken"] if after else []
    if not said or not again:
        faults.append(f"{request}: {lane.manager} got no answer")
    await say(ADMIN, f"setup person {lane.manager_name} manager {lane.name}")
    for person in ("amara-okafor", lane.manager):  # where the region had no manager for a moment, HQ has it for good
        await say(person, f"reject {request} once more")
    if lane.decided(request)[0].state is RequestState.PENDING:
        faults.append(f"{request} still waits although both who could decide it rejected it")
    return faults


async def _approve(lane: Lane, person: str, request: str, card: Record) -> list[Record]:
    house = lane.house
    if lane.chance.random() < 0.5:
        return await house.press(person, card, "approve")
    return await house.say(person, f"approve {request}")


async def _reject(lane: Lane, person: str, request: str, card: Record) -> list[Record]:
    house = lane.house
    if lane.chance.random() < 0.5:
        return await house.press(person, card, "reject", {"reason": "too low"})
    return await house.say(person, f"reject {request} too low")


async def _raise(lane: Lane, rep: str, deal: str, lowered: Sequence[Record]) -> None:
    if lane.chance.random() < 0.5:
        await lane.house.say(rep, f"edit {deal} {lane.chance.randint(100_001, 999_999)} USD", lane.region)
    else:
        await lane.house.press(rep, with_button(lowered, "undo"), "undo")


async def approve_twice(lane: Lane) -> list[str]:
    rep = lane.chance.choice(lane.reps)
    request, card = await lane.request(rep, await lane.deal(rep))
    said = await asyncio.gather(*(lane.house.press(lane.manager, card, "approve") for _ in range(2)))

    row, _, verdicts = lane.decided(request)
    faults = [] if len(verdicts) == 1 and row.version == 2 else [f"{request} was decided {len(verdicts)} times"]
    return faults + [
        f"{request}: a click was answered {texts_of(each)}" for each in said if request not in _words(each)
    ]


async def log_and_undo_twice(lane: Lane) -> list[str]:
    rep, name = lane.chance.choice(lane.reps), f"{lane.region} {lane.chance.randint(10**8, 10**9)}"
    (offer, *_) = await lane.house.say(rep, f'account:"{name}" {lane.chance.randint(1, 99)}k USD won')
    said = await asyncio.gather(*(lane.house.press(rep, offer, "deal") for _ in range(2)))
    faults = [f"{name}: a click was answered nothing" for each in said if not each]
    echoes = [one for each in said for one in each if one["text"].startswith("✓")]
    if len(echoes) != 1:
        return [*faults, f"{name} was logged {len(echoes)} times"]
    taken = await asyncio.gather(*(lane.house.press(rep, echoes[0], "undo") for _ in range(2)))
    undone = lane.house.rows(lambda session: _audited(session, "deal.undone", number_in(echoes, "D")))
    faults += [] if undone == 1 else [f"{name} was taken back {undone} times"]
    return faults + [f"{name}: an undo was answered nothing" for each in taken if not each]


async def deliver_twice(lane: Lane) -> list[str]:
    rep = lane.chance.choice(lane.reps)
    deal, key = await lane.deal(rep), f"key {lane.chance.randint(10**8, 10**9)}"
    said = await asyncio.gather(*(lane.house.say(rep, f"note {deal} {key}", lane.region, key=key) for _ in range(3)))
    words = lane.house.rows(lambda session: _notes(session, deal, key))
    faults = [] if words == 1 else [f"{deal}: {key} was noted {words} times"]
    return faults + ([] if said[0] == said[1] == said[2] else [f"{deal}: {key} was answered in several ways"])


def _words(replies: Sequence[Record]) -> str:
    return " ".join(texts_of(list(replies)))


def _audited(session: Session, action: str, subject: str) -> int:
    return len(session.exec(select(AuditRow.seq).where(AuditRow.action == action, AuditRow.subject == subject)).all())


def _notes(session: Session, deal: str, key: str) -> int:
    query = select(DealEntry.id).where(DealEntry.deal_id == deal, DealEntry.text == key)
    return len(session.exec(query).all())


def _decided_after(session: Session, request: str, person: str) -> bool:
    """Whether the audit log has a verdict of somebody's behind the newest change of what they are."""
    taken = select(AuditRow.seq).where(AuditRow.action == "setup.person", AuditRow.subject == person)
    newest = session.exec(taken.order_by(col(AuditRow.seq).desc())).first()
    decided = select(AuditRow.seq).where(AuditRow.subject == request, AuditRow.actor == person)
    decided = decided.where(col(AuditRow.action).startswith("approval."), AuditRow.action != "approval.requested")
    found = session.exec(decided).all()
    assert newest is not None
    assert len(found) == len(session.exec(select(Decision).where(Decision.request_id == request)).all())
    return any(seq > newest for seq in found)
