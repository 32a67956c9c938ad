"""Looking at deals: one with its timeline, or one's own with attainment and pace."""

from handlers.command import NOTHING_PERSONAL, SELLERS, Example, Scope, command
from models.accounts import Account, find_account
from models.cards import deal as card
from models.cards import reading
from models.cards import timeline as story
from models.context import Asked, Reply, UserError
from models.deals import Deal, ExplainDeal, ShowDeal, ShowMine, deals_of
from models.people import Person
from models.ranks import Rank
from models.readings import counts, standing
from models.rules.periods import DateRange, Period, PeriodKind, period_of
from models.standings import MEASURE, own_progress, own_signed, own_standing
from models.text import Text
from models.timeline import timeline


@command(
    ShowDeal,
    en=("deal show", "show"),
    zh=("查看", "看单"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.shown",
    summary=Text("Show a deal and its timeline"),
    example=Example("deal show D-1042", "查看 D-1042"),
    personal=NOTHING_PERSONAL,
)
def show_deal(asked: Asked, wanted: ShowDeal) -> Reply:
    """Show facts and history, to the asker alone."""
    deal = asked.session.get_one(Deal, wanted.deal)
    account, owner = asked.session.get_one(Account, deal.account_id), asked.session.get_one(Person, deal.owner_id)
    return Reply(story.full(deal, account, owner, timeline(asked.session, deal.id)), private=True, subject=deal.id)


@command(
    ExplainDeal,
    en=("explain",),
    zh=("解释", "怎么读的"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="deal.explained",
    summary=Text("Show which of your words were read as what, and why"),
    example=Example("explain D-1042", "解释 D-1042"),
    personal=NOTHING_PERSONAL,
    in_thread=True,
)
def explain_deal(asked: Asked, wanted: ExplainDeal) -> Reply:
    """Lay out the reading that holds, to the asker alone; first that of the change that the thread shows."""
    deal = asked.session.get_one(Deal, wanted.deal)
    entries = [entry for entry, _ in timeline(asked.session, deal.id)]
    here = next((entry.claims for entry in entries if entry.id == wanted.entry and counts(entry)), ())
    holding = standing(entries)
    if not (here or holding):
        return Reply(reading.not_typed(deal), private=True, subject=deal.id)
    account = asked.session.get_one(Account, deal.account_id)
    return Reply(reading.explained(deal, account, here, holding), private=True, subject=deal.id)


@command(
    ShowMine,
    en=("my", "mine", "my deals"),
    zh=("我的", "我的单"),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="deal.mine",
    summary=Text("Your deals, attainment and pace, of any period or customer"),
    example=Example("my Q4", "我的 上季度"),
    personal=NOTHING_PERSONAL,
    named=("account",),
)
def show_mine(asked: Asked, wanted: ShowMine) -> Reply:
    """Show a person their own figures: the newest, or those of the days or the customer that they named."""
    if wanted.during is not None or wanted.account is not None:
        return _some(asked, wanted)
    deals = deals_of(asked.session, asked.person.id, limit=card.MOST_SHOWN)
    if asked.region is None:
        return Reply(card.mine(deals), private=True)
    period = period_of(PeriodKind.QUARTER, asked.region_today)
    quarter = own_progress(asked.session, asked.person, asked.region, period, asked.region_today)
    month = own_standing(asked.session, asked.person, asked.region, asked.region_today)
    return Reply(card.mine(deals, month, quarter, ranked=asked.person.rank is Rank.REP), private=True)


def _some(asked: Asked, wanted: ShowMine) -> Reply:
    account = find_account(asked.session, wanted.account) if wanted.account else None
    if wanted.account and account is None:
        raise UserError(Text("You have no deal with “{name}”.", name=wanted.account))
    number = account.id if account else None
    deals = deals_of(asked.session, asked.person.id, span=wanted.during, account_id=number)
    so_far = _so_far(asked, wanted.during) if wanted.during and account is None else None
    return Reply(card.some_of_mine(deals, wanted.during, account, so_far), private=True)


def _so_far(asked: Asked, span: Period | DateRange) -> Text | None:
    """What was signed in some days; against the target where a target is set for them."""
    if asked.region is None:
        return None
    if isinstance(span, Period):
        return card.of_target(own_progress(asked.session, asked.person, asked.region, span, asked.region_today))
    return card.signed_in(
        span, MEASURE, own_signed(asked.session, asked.person, asked.region, span, asked.region_today)
    )
