"""Joining and leaving: how people get in, and that their rights end everywhere when they leave."""

from handlers.command import Example, PersonalData, Scope, command
from handlers.steps import changes_of, colleague_of
from models.approvals import needs
from models.audit import ANSWERED
from models.cards import joining as joining_card
from models.cards.refusal import unmanaged
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
from models.people import Person, people_in
from models.progress import regions_without_manager
from models.ranks import Rank
from models.rules.approval import Decider
from models.staffing import IN_REGIONS, keep_an_admin
from models.succession import hand_on
from models.text import Text

ACCOUNTS = PersonalData(
    ("identity.user_id", "account_request.user_id"),
    Text("to know the person again in a chat"),
    Text("until the person leaves"),
    Text("the person and administrators"),
)


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
    whole=True,
)
def invite(asked: Asked, wanted: Invite) -> Reply:
    """Give the code to whoever invites, to pass on; it counts once, for seven days, and a manager confirms."""
    person = _in_my_hands(asked, wanted.person)
    code = give_code(asked.session, person.id, asked.new_id(), asked.now, Purpose.INVITATION)
    address = f"{asked.link_address}{code}" if asked.link_address is not None else None
    return Reply(joining_card.invitation(person, code, asked.app_name, address), private=True, subject=person.id)


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
    whole=True,
)
def leave(asked: Asked, wanted: Leave) -> Reply:
    """Ask once, then end every account; deals, stage, history and author stay as they are."""
    person = _in_my_hands(asked, wanted.person)
    if person.id == asked.person.id:
        raise UserError(Text("Nobody ends their own rights; ask your manager or an administrator."))
    if person.rank is Rank.ADMIN:
        keep_an_admin(asked.session, person)
    found = leftovers(asked.session, person.id)
    asks = needs(asked.session, Decider.MANAGER)
    if not wanted.sure:
        question = joining_card.asks_to_leave(asked.session, person, found, asked.person.rank, asks=asks)
        return Reply(question, private=True, card=joining_card.leaver_card(person), subject=person.id, action=ANSWERED)
    changes, managed = changes_of(asked), regions_without_manager(asked.session)
    for identity in identities_of(asked.session, person.id):
        part(changes, identity)
    changes.put(Person(**{**person.model_dump(), "active": False}))
    end_invitations(asked.session, asked.now, person.id)
    moved = [request.id for request in hand_on(asked)]
    lost = [region for region in regions_without_manager(asked.session) if region not in managed]
    facts: dict[str, object] = {"deals": len(found.deals), "requests": len(found.requests), "moved": len(moved)}
    more = unmanaged(lost, moved, asks=asks)
    shown = joining_card.has_left(asked.session, person, found, more, asked.person.rank)
    asked.redraw(joining_card.leaver_card(person), shown)
    for each in _who_must_know(asked, person):
        asked.tell(each.id, joining_card.has_left(asked.session, person, found, more, each.rank))
    return Reply(shown, private=True, subject=person.id, facts=facts)


def _in_my_hands(asked: Asked, person_id: str) -> Person:
    """Somebody whom the asker looks after.

    A manager has their region's reps, headquarters reps and managers, an administrator everybody.
    """
    person, mine = colleague_of(asked, person_id), asked.person
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
