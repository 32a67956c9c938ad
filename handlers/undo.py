"""Undo: take back what one did last to a deal, within ten minutes."""

from datetime import timedelta

from sqlmodel import col, select

from handlers.command import SELLERS, Example, Scope, command
from handlers.personal import OWNED_DEAL
from models.accounts import Account
from models.bookings import take_back
from models.cards import deal as card
from models.context import Asked, Reply, UserError
from models.deals import Deal, Undo, summary_card
from models.message import Message
from models.outbox import face_of, showing
from models.text import Text
from models.timeline import CHANGES, MEASURE_OF, DealEntry, EntryKind, undoing
from models.visits import newest_visit
from models.voiding import settle_approval

UNDO_FOR = timedelta(minutes=10)


@command(
    Undo,
    en=("undo",),
    zh=("撤销", "撤回"),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="deal.undone",
    summary=Text("Take back what you did last, within ten minutes"),
    example=Example("undo", "撤销"),
    personal=OWNED_DEAL,
)
def undo(asked: Asked, wanted: Undo) -> Reply:
    """Reverse one's own last change of a deal and every total that it moved."""
    entry = _undoable(asked, wanted.entry)
    deal = asked.session.get_one(Deal, entry.deal_id)
    void = settle_approval(asked, deal, undoing(deal, entry))
    take_back(asked.session, deal, entry, now=asked.now, person_id=asked.person.id)
    account = asked.session.get_one(Account, deal.account_id)
    message = card.undone(deal, account, entry, void)
    asked.redraw(f"deal:{deal.id}:{entry.id}", message)
    _tell_in_summary(asked, entry, message)
    facts: dict[str, object] = {"entry": entry.id} | ({"void": void} if void else {})
    return Reply(message, subject=deal.id, facts=facts, private=True)


def _tell_in_summary(asked: Asked, entry: DealEntry, undone: Message) -> None:
    """Where the deal came with others in one message, their summary says that it is gone."""
    if entry.kind is not EntryKind.LOGGED or entry.event_id is None:
        return
    query = select(DealEntry.id).where(DealEntry.event_id == entry.event_id, DealEntry.id < entry.id)  # type: ignore[operator]
    place = len(asked.session.exec(query).all())
    for post in showing(asked.session, summary_card(entry.event_id)):
        asked.replace(post, card.with_one_undone(face_of(asked.session, post), place, entry, undone))


def _check_that_it_was_last(asked: Asked) -> None:
    """Raise UserError when the asker's last step cannot be undone: `undo` would take back what they do not mean."""
    entries = select(DealEntry).where(DealEntry.person_id == asked.person.id).order_by(col(DealEntry.id).desc())
    entry, visit = asked.session.exec(entries).first(), newest_visit(asked.session, asked.person.id)
    what = None
    if visit is not None and (entry is None or visit.touched_at >= entry.at):
        what = Text("visit {visit}", visit=visit.id)
    elif entry is not None:
        what = _what_stays(entry)
    if what is not None:
        raise UserError(
            Text("What you did last is {what}, and that stays. Press Undo under the deal that you mean.", what=what)
        )


def _what_stays(entry: DealEntry) -> Text | None:
    """What an entry is that nobody takes back by `undo`; none for one that they can."""
    match entry.kind:
        case EntryKind.NOTE:
            return Text("a note on {deal}", deal=entry.deal_id)
        case EntryKind.REQUESTED:
            return Text("the request for {deal}", deal=entry.deal_id)
        case EntryKind.DECIDED:
            return Text("the decision on {deal}", deal=entry.deal_id)
        case _:
            return None


def _undoable(asked: Asked, entry_id: int | None) -> DealEntry:
    query = select(DealEntry).where(DealEntry.person_id == asked.person.id, DealEntry.kind != EntryKind.UNDONE)
    if entry_id is not None:
        query = query.where(DealEntry.id == entry_id)
    else:
        query = query.where(col(DealEntry.undone).is_(False), col(DealEntry.kind).in_((*CHANGES, *MEASURE_OF)))
    entry = asked.session.exec(query.order_by(col(DealEntry.id).desc())).first()
    if entry is None:
        raise UserError(Text("There is nothing of yours to take back."))
    if entry_id is None:
        _check_that_it_was_last(asked)
    if entry.undone:
        raise UserError(Text("That was taken back already."))
    if asked.now - entry.at > UNDO_FOR:
        number = entry.deal_id
        if entry.kind in MEASURE_OF:
            raise UserError(
                Text("That is more than ten minutes ago; write a `note` on {deal} and tell finance.", deal=number)
            )
        raise UserError(Text("That is more than ten minutes ago; use `edit {deal} ...` to correct it.", deal=number))
    return entry
