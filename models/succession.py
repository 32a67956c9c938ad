"""Succession: what waits for somebody whose rights ended goes to whoever can decide it now."""

from dataclasses import replace

from sqlmodel import col, select

from models.approvals import ApprovalRequest, advance, card_name, open_requests, written
from models.cards import approval as card
from models.configuring import ConfigChange, table_of
from models.context import Context
from models.deciding import candidates, case_of, due, request_facts
from models.outbox import face_of, showing
from models.people import HeldDuty, Identity, Person
from models.regions import Region
from models.rules.approval import Decider, Step

_WHO_MAY_DECIDE = tuple(table_of(kind).name for kind in (Person, Identity, HeldDuty))


def hand_on(context: Context) -> list[ApprovalRequest]:
    """After a change of who may decide: a step that nobody is left for goes to headquarters, cards name who is left.

    Returns the requests that moved there.
    """
    moved = []
    for request, _ in open_requests(context.session):
        facts = request_facts(context.session, request)
        left = _filled(facts.steps[facts.step :], candidates(context.session, facts))
        steps = facts.steps[: facts.step] + left
        if steps != facts.steps:
            _move(context, request, steps)
            moved.append(request)
        else:
            _name_deciders(context, request)
    return moved


def hand_on_after_changes(context: Context) -> list[ApprovalRequest]:
    """The same, where the event changed people, their accounts or duties."""
    changed = select(ConfigChange).where(
        ConfigChange.event_id == context.event_id, col(ConfigChange.kind).in_(_WHO_MAY_DECIDE)
    )
    return hand_on(context) if context.session.exec(changed).first() is not None else []


def _name_deciders(context: Context, request: ApprovalRequest) -> None:
    """Redraw a card that says something else by now."""
    name, face = card_name(request), card.face(case_of(context.session, request, context.now))
    if any(face_of(context.session, post) != face for post in showing(context.session, name)):
        context.redraw(name, face)


def _filled(left: tuple[Step, ...], able: tuple[frozenset[str], ...]) -> tuple[Step, ...]:
    """The steps that are left, those without anybody at headquarters, which decides once, at its last place."""
    steps = [step if people else replace(step, decider=Decider.HQ) for step, people in zip(left, able, strict=True)]
    last = {step.decider: at for at, step in enumerate(steps)}
    return tuple(step for at, step in enumerate(steps) if step.decider is not Decider.HQ or last[Decider.HQ] == at)


def _move(context: Context, request: ApprovalRequest, steps: tuple[Step, ...]) -> None:
    region = context.session.get_one(Region, request.region_id)
    request.steps, request.due_at = written(steps), due(region, context.now)
    context.session.add(request)
    context.session.flush()
    advance(context.session, request, request.state, request.step)
    case = case_of(context.session, request, context.now)
    context.redraw(card_name(request), card.face(case))
    for step in range(request.step + 1):
        context.redraw(card_name(request, step), card.face(case).without_buttons())
    for each in case.deciders:
        context.tell(each.id, card.for_decider(case), card=card_name(request, request.step))
