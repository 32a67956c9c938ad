"""People: who works here, what they look after, how they get in, and that their rights end when they leave."""

from handlers.command import ADMINS, Example, PersonalData, Scope, command
from handlers.steps import changes_of
from models.cards import joining as joining_card
from models.cards import setup as card
from models.context import Asked, Reply, UserError
from models.joining import (
    AccountRequest,
    ConfirmAccount,
    Invite,
    Leave,
    RefuseAccount,
    end_invitations,
    holder_of,
    identities_of,
    join,
    leftovers,
    part,
)
from models.links import Purpose, give_code
from models.message import Message
from models.people import HeldDuty, Person, people_in
from models.ranks import Rank
from models.regions import Region
from models.setup import EndDuty, GiveDuty, SetUpPerson
from models.staffing import IN_REGIONS, keep_an_admin, put_person
from models.succession import hand_on
from models.text import Text

PERSONAL = PersonalData(
    ("person.name", "person.email", "person.zone", "person.language", "duty.person_id", "config_change.after"),
    Text("to know who may do what, and to reach them in their language and at their hours"),
    Text("until the person leaves and their deals are handed over; then a pseudonym"),
    Text("colleagues (the name), administrators (everything)"),
)
ACCOUNTS = PersonalData(
    ("identity.user_id", "account_request.user_id"),
    Text("to know the person again in a chat"),
    Text("until the person leaves"),
    Text("the person and administrators"),
)


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
    """Whoever has the same e-mail address, or the same name, is changed; else somebody new."""
    changes = changes_of(asked)
    row = put_person(changes, wanted)
    if not changes.count:
        raise UserError(Text("It stands like that already; nothing was changed."))
    hand_on(asked, row)
    region = asked.session.get(Region, row.region_id) if row.region_id else None
    shown = card.person_set_up(row, region, asked.event_id, has_account=bool(identities_of(asked.session, row.id)))
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
    person, changes = _person(asked, wanted.person), changes_of(asked)
    if not changes.put(HeldDuty(person_id=person.id, duty=wanted.duty)):
        raise UserError(Text("It stands like that already; nothing was changed."))
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
    person, changes = _person(asked, wanted.person), changes_of(asked)
    held = asked.session.get(HeldDuty, (person.id, wanted.duty))
    if held is None:
        raise UserError(Text("{person} does not hold it.", person=person.name))
    changes.drop(held)
    shown = card.duty_given(person, wanted.duty, asked.event_id, ended=True)
    return Reply(shown, private=True, card=card.step_card(asked.event_id), subject=person.id)


_STAFF = frozenset({Rank.MANAGER, Rank.HQ, Rank.ADMIN})


@command(
    Invite,
    en=("invite",),
    zh=("邀请", "邀請"),
    requires=_STAFF,
    scope=Scope.REGION,
    audit="account.invited",
    summary=Text("Invite somebody who has no account here yet"),
    example=Example("invite Anna Weber", "邀请 林晓"),
    personal=ACCOUNTS,
    anywhere=True,
)
def invite(asked: Asked, wanted: Invite) -> Reply:
    """Give the code to whoever invites, to pass on; it counts once, for seven days, and a manager confirms."""
    person = _in_my_hands(asked, wanted.person)
    code = give_code(asked.session, person.id, asked.new_id(), asked.now, Purpose.INVITATION)
    return Reply(joining_card.invitation(person, code), private=True, subject=person.id)


@command(
    ConfirmAccount,
    requires=_STAFF,
    scope=Scope.REGION,
    audit="account.confirmed",
    summary=Text("Say that an account is the person's"),
    personal=ACCOUNTS,
    anywhere=True,
)
def confirm_account(asked: Asked, wanted: ConfirmAccount) -> Reply:
    """From now on the account acts as the person."""
    request, person = _request(asked, wanted.request)
    holder = holder_of(asked.session, request)
    if holder is not None:
        raise UserError(Text("That account is {name}'s by now; nothing was changed.", name=holder.name))
    changes = changes_of(asked)
    chat = join(changes, person, request.platform, request.workspace, request.user_id)
    asked.post(chat.id, joining_card.welcome(person), unasked=False)
    return _settled(asked, request, joining_card.confirmed(person, request.platform), person)


@command(
    RefuseAccount,
    requires=_STAFF,
    scope=Scope.REGION,
    audit="account.refused",
    summary=Text("Say that an account is somebody else's"),
    personal=ACCOUNTS,
    anywhere=True,
)
def refuse_account(asked: Asked, wanted: RefuseAccount) -> Reply:
    """The account stays unknown, and the invitation is spent."""
    request, person = _request(asked, wanted.request)
    return _settled(asked, request, joining_card.refused(person), person)


@command(
    Leave,
    en=("leaver",),
    zh=("离职", "離職"),
    requires=_STAFF,
    scope=Scope.REGION,
    audit="person.left",
    summary=Text("Somebody leaves: their rights end on every platform at once"),
    example=Example("leaver Anna Weber", "离职 林晓"),
    personal=ACCOUNTS,
    anywhere=True,
)
def leave(asked: Asked, wanted: Leave) -> Reply:
    """Ask once, then end every account; deals, stage, history and author stay as they are."""
    person = _in_my_hands(asked, wanted.person)
    if person.id == asked.person.id:
        raise UserError(Text("Nobody ends their own rights; ask your manager or an administrator."))
    if person.rank is Rank.ADMIN:
        keep_an_admin(asked.session, person)
    found = leftovers(asked.session, person.id)
    if not wanted.sure:
        question = joining_card.asks_to_leave(asked.session, person, found)
        return Reply(question, private=True, card=joining_card.leaver_card(person), subject=person.id)
    changes = changes_of(asked)
    for identity in identities_of(asked.session, person.id):
        part(changes, identity)
    changes.put(Person(**{**person.model_dump(), "active": False}))
    end_invitations(asked.session, asked.now, person.id)
    moved = [request.id for request in hand_on(asked, person)]
    facts: dict[str, object] = {"deals": len(found.deals), "requests": len(found.requests), "moved": len(moved)}
    shown = joining_card.has_left(asked.session, person, found, moved)
    asked.redraw(joining_card.leaver_card(person), shown)
    for each in _who_must_know(asked, person):
        asked.tell(each.id, shown)
    return Reply(shown, private=True, subject=person.id, facts=facts)


def _person(asked: Asked, person_id: str) -> Person:
    person = asked.session.get(Person, person_id)
    if person is None or not person.active:
        raise UserError(Text("I know nobody of that name; `setup` adds people."), "person")
    return person


def _in_my_hands(asked: Asked, person_id: str) -> Person:
    """Somebody whom the asker looks after.

    A manager has their region's reps, headquarters reps and managers, an administrator everybody.
    """
    person, mine = _person(asked, person_id), asked.person
    is_mine = (
        mine.rank is Rank.ADMIN
        or (mine.rank is Rank.HQ and person.rank in IN_REGIONS)
        or (mine.rank is Rank.MANAGER and person.rank is Rank.REP and person.region_id == mine.region_id)
    )
    if not is_mine:
        raise UserError(Text("{person} is not in your hands; ask an administrator.", person=person.name))
    return person


def _request(asked: Asked, number: int) -> tuple[AccountRequest, Person]:
    request = asked.session.get_one(AccountRequest, number)
    person = _in_my_hands(asked, request.person_id)
    if request.settled_at is not None:
        raise UserError(Text("That was answered already; nothing was done twice."))
    return request, person


def _settled(asked: Asked, request: AccountRequest, shown: Message, person: Person) -> Reply:
    request.settled_at = asked.now
    asked.session.add(request)
    asked.redraw(joining_card.request_card(request), shown)
    return Reply(shown, private=True, subject=person.id)


def _who_must_know(asked: Asked, person: Person) -> list[Person]:
    """The managers of the region, for a manager headquarters, too; except whoever typed it."""
    told = people_in(asked.session, person.region_id, Rank.MANAGER) if person.region_id else []
    told += people_in(asked.session, None, Rank.HQ) if person.rank is Rank.MANAGER else []
    return [each for each in told if each.id not in (person.id, asked.person.id)]
