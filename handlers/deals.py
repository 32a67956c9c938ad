"""Deals: report, correct, move, note."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.command import NOTHING_PERSONAL, SELLERS, Example, Scope, command
from handlers.overlaps import question, with_doubts
from handlers.personal import OWNED_DEAL
from models.accounts import Account, account_named, find_account
from models.audit import ANSWERED
from models.bookings import change_deal, deal_in_play, open_deal, write_entry
from models.cards import deal as card
from models.context import Asked, Reply, UserError
from models.deals import AddNote, AmendDeal, Deal, Dismiss, LogDeal, MoveStage, summary_card
from models.intent import Draft
from models.message import Message, says
from models.money import Money
from models.numbers import next_number
from models.people import Person
from models.ranks import Rank
from models.stages import Stage
from models.standings import own_amount, own_standing
from models.text import Text
from models.timeline import MEASURE_OF, DealEntry, EntryKind, cash_of, changed_by
from models.voiding import settle_approval, still_waits

NOTED = "deal.noted"
EMPTY = {"close_on": None, "stage": None, "tags": "", "contract_url": None}


@command(
    LogDeal,
    en=("deal", "log deal"),
    zh=("报单", "签单", "報單", "簽單"),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="deal.logged",
    summary=Text("Report a deal"),
    example=Example(
        "/deal Globex 80k USD close next Tuesday stage proposal #expansion", "报单 苏州精工 75万 下周三 合同"
    ),
    personal=OWNED_DEAL,
    once=True,
)
def log_deal(asked: Asked, wanted: LogDeal) -> Reply:
    """Write a deal down and say what was understood; ask first when it is nearly the same as another."""
    if asked.region is None:
        raise UserError(
            Text("You belong to no region, so a deal of yours would count nowhere; ask a rep to report it.")
        )
    known = find_account(asked.session, wanted.account)
    asks = question(asked, wanted, known, wanted.amount)
    if asks is not None:
        return asks
    account = known or account_named(asked.session, wanted.account, asked.new_id())
    deal = Deal(
        id=next_number(asked.session, "D"), account_id=account.id, amount_minor=wanted.amount.minor,
        currency=wanted.amount.currency, close_on=wanted.close_on, stage=wanted.stage,
        tags=" ".join(wanted.tags or ()), contract_url=wanted.contract_url, owner_id=asked.person.id,
        team_id=asked.person.team_id, region_id=asked.region.id, created_at=asked.now,
    )  # fmt: skip
    before = own_month(asked, asked.person)
    entry = open_deal(
        asked.session, deal, now=asked.now, today=asked.region_today, text=wanted.note or "", claims=asked.claims,
        event_id=asked.event_id,
    )  # fmt: skip
    return with_doubts(asked, _told(asked, deal, account, entry, before), deal, account)


def _as_it_is(asked: Asked, draft: Draft) -> Draft:
    """Fill the form from the rows, however old the button is that opens it."""
    number = draft.known.get("deal")
    if number is None:
        return draft
    deal = asked.session.get_one(Deal, number)
    account = asked.session.get_one(Account, deal.account_id)
    shown = {
        "account": account.name, "amount": deal.amount, "close_on": deal.close_on, "stage": deal.stage,
        "tags": deal.tag_list or None, "contract_url": deal.contract_url, "version": deal.version,
    }  # fmt: skip
    return Draft(draft.intent, {**draft.known, **shown}, draft.ask)


@command(
    AmendDeal,
    en=("edit", "amend"),
    zh=("修改", "更正"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.amended",
    summary=Text("Correct a deal"),
    example=Example("edit D-1042 90k close 5 Dec", "修改 D-1042 90万 12月5日"),
    personal=OWNED_DEAL,
    prefill=_as_it_is,
    named=("account",),
    bare=card.EDITABLE,
)
def amend_deal(asked: Asked, wanted: AmendDeal) -> Reply:
    """Replace what was given; every total follows."""
    deal = deal_in_play(asked.session, wanted.deal)
    _check_form(asked, deal, wanted)
    given: dict[str, object] = {
        "close_on": wanted.close_on,
        "stage": wanted.stage,
        "tags": " ".join(wanted.tags) if wanted.tags else None,
        "contract_url": wanted.contract_url,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    changes |= {name: EMPTY[name] for name in wanted.cleared}
    account = find_account(asked.session, wanted.account) if wanted.account else None
    amount = asked.meant_in(wanted.amount, deal.currency) if wanted.amount is not None else deal.amount
    _check_currency(asked, deal, amount)
    if amount != deal.amount or account is not None:
        asks = question(asked, wanted, account or asked.session.get_one(Account, deal.account_id), amount, deal.id)
        if asks is not None:
            return asks
    if wanted.account is not None:
        account = account or account_named(asked.session, wanted.account, asked.new_id())
        changes["account_id"] = account.id
    changes |= {"amount_minor": amount.minor, "currency": amount.currency}
    changes = {name: value for name, value in changes.items() if getattr(deal, name) != value}
    if not changes and wanted.note:
        return replace(add_note(asked, AddNote(deal.id, wanted.note)), action=NOTED)
    if not changes:
        return Reply(
            says(Text("Nothing changed: {deal} says so already.", deal=deal.id)), private=True, action=ANSWERED
        )
    reply = _changed(asked, deal, EntryKind.AMENDED, changes, wanted.note or "")
    return reply if account is None else with_doubts(asked, reply, deal, account)


@command(
    MoveStage,
    en=("stage", "move"),
    zh=("阶段", "推进"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.stage",
    summary=Text("Move a deal to another stage"),
    example=Example("stage D-1042 won", "阶段 D-1042 赢单"),
    personal=OWNED_DEAL,
)
def move_stage(asked: Asked, wanted: MoveStage) -> Reply:
    """Move a deal in the funnel."""
    deal = deal_in_play(asked.session, wanted.deal)
    if deal.stage is wanted.stage:
        line = Text("{deal} is at {stage} already.", deal=deal.id, stage=wanted.stage)
        return Reply(says(line), private=True, action=ANSWERED)
    return _changed(asked, deal, EntryKind.STAGE, {"stage": wanted.stage})


@command(
    AddNote,
    en=("note",),
    zh=("备注", "记录"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit=NOTED,
    summary=Text("Write a note on a deal"),
    example=Example("note D-1042 they want delivery in May", "备注 D-1042 客户要求五月交货"),
    personal=OWNED_DEAL,
)
def add_note(asked: Asked, wanted: AddNote) -> Reply:
    """Write a line on the timeline."""
    deal = deal_in_play(asked.session, wanted.deal)
    write_entry(asked.session, deal, EntryKind.NOTE, wanted.text, now=asked.now, person_id=asked.person.id)
    line = Text("✓ Note on {deal}: {note}", deal=deal.id, note=wanted.text)
    return Reply(says(line), card=f"deal:{deal.id}", subject=deal.id)


@command(
    Dismiss,
    requires=SELLERS,
    scope=Scope.SELF,
    audit="deal.dismissed",
    summary=Text("It was not meant as a deal"),
    personal=NOTHING_PERSONAL,
    once=True,
)
def dismiss(asked: Asked, wanted: Dismiss) -> Reply:  # noqa: ARG001
    """Leave it."""
    return Reply(says(Text("All right, nothing was logged.")), private=True)


def summed_up(asked: Asked, before: Money | None, echoes: Sequence[Reply]) -> Reply:
    """Answer several deals of one message at once: what was understood, and how far the asker came with all of them."""
    message = card.several([(echo.subject, echo.message) for echo in echoes if echo.message])
    only_you = None if before is None else _progress(asked, before)
    return Reply(message, only_you, card=summary_card(asked.event_id))


def _check_form(asked: Asked, deal: Deal, wanted: AmendDeal) -> None:
    """Raise UserError for a form that shows an older deal, or that lacks what every deal has."""
    if wanted.version not in (None, deal.version):
        person = changed_by(asked.session, deal)
        raise UserError(
            Text(
                "{deal} was changed since by {person}; press Edit again.",
                deal=deal.id,
                person=person.name if person else "",
            )
        )
    lacking = next((name for name in wanted.cleared if name not in EMPTY), None)
    if lacking is not None:
        raise UserError(Text("This is needed."), lacking)


def _changed(asked: Asked, deal: Deal, kind: EntryKind, changes: dict[str, object], note: str = "") -> Reply:
    owner = asked.session.get_one(Person, deal.owner_id)
    before = own_month(asked, owner)
    void = settle_approval(asked, deal, changes)
    entry = change_deal(
        asked.session, deal, kind, changes, now=asked.now, person_id=asked.person.id, text=note, claims=asked.claims
    )
    account = asked.session.get_one(Account, deal.account_id)
    waits = still_waits(asked, deal) if changes.get("stage") is Stage.WON else None
    return _told(asked, deal, account, entry, before, void, waits)


def _told(
    asked: Asked,
    deal: Deal,
    account: Account,
    entry: DealEntry,
    before: Money | None,
    void: str | None = None,
    waits: Text | None = None,
) -> Reply:
    words = next((claim.phrase for claim in asked.claims if claim.slot == "close"), "")
    told = [claim for claim in asked.claims if claim.assumed or claim.corrected]
    told = [claim for claim in told if not claim.assumed or _currency_of(claim) in (None, deal.currency)]
    unused = [claim.words for claim in asked.claims if claim.slot == "unused"]
    assumed = list(dict.fromkeys(_said(claim) for claim in told))
    assumed += [Text("not used: “{words}”", words=" … ".join(unused))] if unused else []
    message = card.echo(deal, account, entry, date_words=words, assumed=assumed, void=void, waits=waits)
    facts: dict[str, object] = {"minor": deal.amount_minor, "currency": deal.currency, "version": deal.version}
    facts |= {"void": void} if void else {}
    only_you = None if before is None else _progress(asked, before)
    return Reply(message, only_you, card=f"deal:{deal.id}:{entry.id}", subject=deal.id, facts=facts)


def _progress(asked: Asked, before: Money) -> Message | None:
    if asked.region is None:
        return None
    standing = own_standing(asked.session, asked.person, asked.region, asked.region_today)
    return card.private_progress(before, standing, ranked=asked.person.rank is Rank.REP)


def _currency_of(claim: Any) -> str | None:
    """Which currency a claim assumed; none for a claim about something else."""
    if claim.slot == "currency":
        return str(claim.value)
    return claim.value.currency if isinstance(claim.value, Money) else None


def _said(claim: object) -> Text:
    corrected, words = getattr(claim, "corrected", None), getattr(claim, "words", "")
    if corrected:
        return Text("read “{words}” as {meant}", words=words, meant=corrected)
    value = getattr(claim, "value", "")
    return Text("{what} assumed", what=getattr(value, "currency", str(value)))


def _check_currency(asked: Asked, deal: Deal, amount: Money) -> None:
    """Refuse another currency while cash in the old one stands: the two cannot be added up."""
    if amount.currency == deal.currency or not any(cash_of(asked.session, deal, kind).minor for kind in MEASURE_OF):
        return
    raise UserError(
        Text("{deal} has cash in {currency}; keep the amount in {currency}.", deal=deal.id, currency=deal.currency),
        "amount",
    )


def own_month(asked: Asked, owner: Person) -> Money | None:
    """The asker's month before a change; none when the deal is another's or the asker has no region."""
    if asked.region is None or owner.id != asked.person.id:
        return None
    return own_amount(asked.session, owner, asked.region, asked.region_today)
