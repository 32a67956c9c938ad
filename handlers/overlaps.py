"""Ask before a deal is counted twice, and offer a known customer whose name a new one resembles."""

from dataclasses import replace

from handlers.grammar.look_alikes import look_alike
from models.accounts import Account
from models.audit import ANSWERED
from models.cards import overlap as card
from models.context import Asked, Reply
from models.deals import AmendDeal, Deal, LogDeal
from models.intent import Draft, draft
from models.message import Button, Message
from models.money import Money
from models.outbox import showing
from models.overlaps import is_known, near_duplicates, readable, seen_by
from models.people import Person, people_in
from models.ranks import Rank
from models.regions import Region
from models.text import Text, listed

_OFFERED = 2
"""So many customers that look like a new one are offered, the nearest that the asker may read there."""
_AT_ONCE = 100
"""So many are looked at together."""


def question(
    asked: Asked, wanted: LogDeal | AmendDeal, account: Account | None, amount: Money, besides: str | None = None
) -> Reply | None:
    """Ask, to the asker alone, when somebody has nearly the same deal; none when nobody has or the asker said so.

    Of a deal that the asker may not see nothing is said but that it is there; the managers hear of it once.
    """
    if account is None or wanted.anyway:
        return None
    same = near_duplicates(asked.session, account.id, amount, asked.now, asked.region_today, besides)
    if not same:
        return None
    anyway = replace(draft(replace(wanted, anyway=True)), claims=asked.claims)
    facts: dict[str, object] = {"same": [deal.id for deal in same]}
    seen = seen_by(asked.session, asked.person, same)
    if seen:
        owner = None if seen[0].owner_id == asked.person.id else asked.session.get_one(Person, seen[0].owner_id)
        update = _update(asked, wanted, seen[0]) if owner is None and isinstance(wanted, LogDeal) else None
        message = card.seen(seen[0], account, owner, anyway, update)
        return Reply(message, private=True, subject=seen[0].id, facts=facts, action=ANSWERED)
    elsewhere = next((deal for deal in same if deal.region_id != asked.person.region_id), None)
    _tell_managers(asked, account, elsewhere or same[0])
    return Reply(card.unseen(anyway, elsewhere=elsewhere is not None), private=True, facts=facts, action=ANSWERED)


def _update(asked: Asked, wanted: LogDeal, deal: Deal) -> Draft:
    """What was typed, as a correction of the deal that is there."""
    amended = AmendDeal(
        deal.id, amount=wanted.amount, close_on=wanted.close_on, stage=wanted.stage, tags=wanted.tags,
        note=wanted.note, contract_url=wanted.contract_url, anyway=True,
    )  # fmt: skip
    return replace(draft(amended), claims=asked.claims)


def with_doubts(asked: Asked, reply: Reply, deal: Deal, account: Account) -> Reply:
    """Add to an echo what may be wrong with the customer's name; what was typed stands."""
    message = reply.message or Message()
    lines, buttons = [], []
    word = look_alike(account.name)
    if word is not None:
        lines.append(Text("“{word}” has letters that only look Latin; edit the name if it was pasted.", word=word))
    near = () if is_known(asked.session, account, deal.id) else _near(asked, account)
    if near:
        lines.append(Text("“{name}” is new. Same as {known}?", name=account.name, known=listed(near)))
        buttons += [Button(Text("Same as {name}", name=name), draft(AmendDeal(deal.id, account=name))) for name in near]
    message = replace(message, lines=(*message.lines, *lines), buttons=(*message.buttons, *buttons))
    return replace(reply, message=message)


def _near(asked: Asked, account: Account) -> tuple[str, ...]:
    alike = asked.alike(account.name)
    found: list[str] = []
    for first in range(0, len(alike), _AT_ONCE):
        found += readable(asked.session, asked.person, asked.channel, alike[first : first + _AT_ONCE])
        if len(found) >= _OFFERED:
            break
    return tuple(found[:_OFFERED])


def _tell_managers(asked: Asked, account: Account, deal: Deal) -> None:
    """Tell both managers once, each of their own region's deal alone."""
    mark = f"overlap:{deal.id}:{asked.person.id}"
    if asked.region is None or showing(asked.session, mark):
        return
    other = asked.session.get_one(Region, deal.region_id)
    ours = [each for each in people_in(asked.session, asked.region.id, Rank.MANAGER) if each.id != asked.person.id]
    if other.id == asked.region.id:
        owner = asked.session.get_one(Person, deal.owner_id)
        for manager in ours:
            asked.tell(manager.id, card.told_at_home(account, asked.person, deal, owner), card=mark)
        return
    theirs = people_in(asked.session, other.id, Rank.MANAGER)
    for manager in ours:
        asked.tell(manager.id, card.told(account, asked.region, other, None, theirs), card=mark)
    for manager in theirs:
        asked.tell(manager.id, card.told(account, asked.region, other, deal, ours), card=mark)
