"""People: who works here, and what they look after besides."""

from handlers.command import (
    ADMINS,
    HQ_OR_ADMIN,
    KEPT,
    MANAGERS,
    NOTHING_PERSONAL,
    Example,
    PersonalData,
    Scope,
    command,
)
from handlers.steps import changes_of, colleague_of, region_of
from models.approvals import needs
from models.audit import ANSWERED
from models.cards import roster as roster_card
from models.cards import steps as card
from models.cards.refusal import unmanaged
from models.context import Asked, Reply, UserError
from models.joining import identities_of
from models.people import HeldDuty
from models.progress import regions_without_manager
from models.ranks import Rank
from models.regions import Region, Team
from models.roster import ShowPeople, roster
from models.rules.approval import Decider
from models.setup import EndDuty, GiveDuty, SetUpPerson
from models.staffing import Colleagues, LeftBeforeError, put_person, whom
from models.succession import hand_on
from models.text import Text

STAFF = MANAGERS | HQ_OR_ADMIN
PERSONAL = PersonalData(
    ("person.name", "person.email", "person.zone", "person.language", "duty.person_id", "config_change.after"),
    Text("to know who may do what, and to reach them in their language and at their hours"),
    KEPT,
    Text("colleagues (the name), administrators (everything)"),
)


@command(
    ShowPeople,
    en=("people",),
    zh=("人员", "人員"),
    requires=STAFF,
    scope=Scope.COMPANY,
    audit="people.shown",
    summary=Text("List the people of your region, or of all"),
    example=Example("people DACH", "人员 华东"),
    personal=NOTHING_PERSONAL,
    shy=("people", "人员", "人員"),
    anywhere=True,
    whole=True,
)
def show_people(asked: Asked, wanted: ShowPeople) -> Reply:
    """A manager sees their region, headquarters and administrators see all."""
    is_manager = asked.person.rank is Rank.MANAGER
    if is_manager and wanted.region not in (None, asked.person.region_id):
        raise UserError(Text("That is another region's; you can see and change only your own."))
    number = asked.person.region_id if is_manager else wanted.region
    region = region_of(asked, number) if number else None
    return Reply(roster_card.roster(roster(asked.session, number), region), private=True)


@command(
    SetUpPerson,
    en=("setup person", "add person"),
    zh=("设置人员", "添加人员"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.person",
    summary=Text("Add a person, or change one"),
    example=Example("setup person Anna Weber rep DACH anna@example.com", "设置人员 林晓 销售 华东"),
    personal=PERSONAL,
    anywhere=True,
)
def set_up_person(asked: Asked, wanted: SetUpPerson) -> Reply:
    """Whoever has the same e-mail address, or the same name, is changed; who left is asked about; else somebody new."""
    changes, managed = changes_of(asked), regions_without_manager(asked.session)
    try:
        known = whom(asked.session, wanted, Colleagues(asked.session))
    except LeftBeforeError as error:
        left = [(one, asked.session.get(Region, one.region_id) if one.region_id else None) for one in error.people]
        question = card.asks_who_comes_back(wanted, left)
        return Reply(question, private=True, card=card.comes_back_card(wanted.name), action=ANSWERED)
    comes_back = known is not None and not known.active
    row = put_person(changes, wanted)
    if not changes.count:
        raise UserError(Text("It stands like that already; nothing was changed."))
    moved = [request.id for request in hand_on(asked)]
    lost = [region for region in regions_without_manager(asked.session) if region not in managed]
    more = unmanaged(lost, moved, asks=needs(asked.session, Decider.MANAGER))
    region = asked.session.get(Region, row.region_id) if row.region_id else None
    team = asked.session.get(Team, row.team_id) if row.team_id else None
    is_in = bool(identities_of(asked.session, row.id))
    shown = card.person_set_up(
        row, region, asked.event_id, has_account=is_in, team=team, more=[*([card.BACK] if comes_back else []), *more]
    )
    asked.redraw(card.comes_back_card(wanted.name), shown)
    facts: dict[str, object] = {"rank": row.rank.value, "region": row.region_id}
    return Reply(shown, private=True, card=card.step_card(asked.event_id), subject=row.id, facts=facts)


@command(
    GiveDuty,
    en=("setup duty",),
    zh=("设置职责",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.duty",
    summary=Text("Give somebody a duty: finance, information specialist, ambassador"),
    example=Example("setup duty Anna Weber finance", "设置职责 林晓 信息专员"),
    personal=PERSONAL,
    anywhere=True,
)
def give_duty(asked: Asked, wanted: GiveDuty) -> Reply:
    """The duty is held in the person's region, or everywhere when they belong to none."""
    person, changes = colleague_of(asked, wanted.person), changes_of(asked)
    if not changes.put(HeldDuty(person_id=person.id, duty=wanted.duty)):
        raise UserError(Text("It stands like that already; nothing was changed."))
    hand_on(asked)
    shown = card.duty_given(person, wanted.duty, asked.event_id)
    return Reply(shown, private=True, card=card.step_card(asked.event_id), subject=person.id)


@command(
    EndDuty,
    en=("setup no duty",),
    zh=("取消职责",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.duty_ended",
    summary=Text("Take a duty from somebody"),
    example=Example("setup no duty Anna Weber finance", "取消职责 林晓 信息专员"),
    personal=PERSONAL,
    anywhere=True,
)
def end_duty(asked: Asked, wanted: EndDuty) -> Reply:
    """Nobody is asked to do it any more."""
    person, changes = colleague_of(asked, wanted.person), changes_of(asked)
    held = asked.session.get(HeldDuty, (person.id, wanted.duty))
    if held is None:
        raise UserError(Text("{person} does not hold it.", person=person.name))
    changes.drop(held)
    hand_on(asked)
    shown = card.duty_given(person, wanted.duty, asked.event_id, ended=True)
    return Reply(shown, private=True, card=card.step_card(asked.event_id), subject=person.id)
