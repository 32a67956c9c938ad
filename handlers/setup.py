"""Set-up: the company, its regions, teams, channels and limits; each step by a form or one line, each undoable."""

from sqlmodel import select

from handlers.command import ADMINS, KEPT, NOTHING_PERSONAL, Example, PersonalData, Scope, command
from handlers.grammar.entry_words import HEADQUARTERS
from handlers.grammar.places import currency_in, language_in, locale_in, parts_of
from handlers.placing import only_zone
from handlers.steps import changes_of, done, only_region, region_of
from models.approvals import ApprovalRuleRow, rules
from models.cards import setup as overview_card
from models.cards import steps as card
from models.cards.currency import consequences
from models.channels import Channel, ChannelKind
from models.configuring import ChangedSinceError, InUseError, LetsInError
from models.context import Asked, Reply, UserError
from models.intent import Draft
from models.money import Money
from models.people import Person
from models.progress import nobody_for, progress, regions_without_manager
from models.regions import Organisation, Rate, Region, converted, organisation
from models.rules.approval import Decider
from models.setup import (
    BindChannel,
    NameYourself,
    SetLimit,
    SetRate,
    SetUpCompany,
    ShowSetup,
    TakeBackSetup,
    is_taken_back,
    last_step,
    what_changed,
)
from models.succession import hand_on_after_changes
from models.targets import Target
from models.text import Text

OWN_NAME = PersonalData(
    ("person.name",),
    Text("to know who may do what, and to reach them in their language and at their hours"),
    KEPT,
    Text("colleagues (the name), administrators (everything)"),
)
STEP_OF = {Decider.MANAGER: 1, Decider.FINANCE: 2, Decider.HQ: 3}


@command(
    ShowSetup,
    en=("setup", "set up"),
    zh=("设置", "設置"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.shown",
    summary=Text("Set the company up: what there is, and what comes next"),
    example=Example("setup", "设置"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def show_setup(asked: Asked, wanted: ShowSetup) -> Reply:  # noqa: ARG001  the intent has nothing to say
    """Show the steps."""
    return Reply(overview_card.overview(progress(asked.session, asked.today)), private=True)


def _company_so_far(asked: Asked, draft: Draft) -> Draft:
    company = organisation(asked.session)
    known = {
        "name": company.name or None, "place": company.country, "zone": company.zone,
        "currency": company.currency, "language": company.language, "you": asked.person.name,
    }  # fmt: skip
    return Draft(draft.intent, {**(known if company.name else {"you": asked.person.name}), **draft.known}, draft.ask)


@command(
    SetUpCompany,
    en=("setup company",),
    zh=("设置公司",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.company",
    summary=Text("Name the company, its country and its currency"),
    example=Example("setup company Meridian country GB currency USD", "设置公司 子午仪器 国家 中国"),
    personal=NOTHING_PERSONAL,
    prefill=_company_so_far,
    bare=overview_card.COMPANY_FORM,
    anywhere=True,
)
def set_up_company(asked: Asked, wanted: SetUpCompany) -> Reply:
    """Change what was said; a country brings what it settles."""
    company = organisation(asked.session)
    if not (wanted.name or company.name):
        raise UserError(Text("What is the company called?"), "name")
    before = company.currency
    country, _ = parts_of(wanted.place) if wanted.place else (company.country, None)
    moved = country != company.country or not company.name
    language = wanted.language or (language_in(country) if moved else company.language)
    changes = changes_of(asked)
    changes.put(
        Organisation(
            **{
                **company.model_dump(), "name": wanted.name or company.name, "country": country, "language": language,
                "zone": wanted.zone or (only_zone(country) if moved else company.zone),
                "locale": locale_in(country, language) if moved or wanted.language else company.locale,
                "currency": wanted.currency or (currency_in(country) if moved else None) or company.currency,
            }
        )
    )  # fmt: skip
    renamed = wanted.you if wanted.you != asked.person.name else None
    if renamed:
        changes.put(Person(**{**asked.person.model_dump(), "name": renamed}))
    became = organisation(asked.session)
    more = _in_another_currency(asked, became) if became.currency != before else []
    shown = card.company_set_up(became, asked.event_id, renamed, more)
    return done(asked, changes, shown, "company")


def _in_another_currency(asked: Asked, company: Organisation) -> list[Text]:
    """What becomes of limits, targets and rates."""
    own = [rule for rule in rules(asked.session) if rule.min_amount.minor > 0]
    limits = [
        (rule, converted(asked.session, rule.min_amount, company.currency, asked.today))
        for rule in own
        if rule.min_amount.currency != company.currency
    ]
    has_targets = asked.session.exec(select(Target.scope_id).limit(1)).first() is not None
    unpriced = progress(asked.session, asked.today).unpriced
    return consequences(company.currency, limits, unpriced, has_targets=has_targets)


@command(
    BindChannel,
    en=("setup channel", "bind channel"),
    zh=("设置频道", "绑定频道"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.channel",
    summary=Text("Bind this channel to a region, or to headquarters"),
    example=Example("/setup channel DACH", "@Regatta 设置频道 华东"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def bind_channel(asked: Asked, wanted: BindChannel) -> Reply:
    """Whatever the channel was bound to before, it is this region's now."""
    if asked.channel.kind is ChannelKind.DIRECT:
        raise UserError(
            Text("This is our private chat. Go to the region's channel, invite me there and type it again.")
        )
    headquarters = wanted.bound == HEADQUARTERS
    region = None if headquarters else region_of(asked, wanted.bound or only_region(asked, "bound"))
    kind = ChannelKind.HQ if headquarters else ChannelKind.REGION
    changes = changes_of(asked)
    stored = asked.session.get_one(Channel, asked.channel.id)
    row = Channel(**{**stored.model_dump(), "kind": kind, "region_id": region.id if region else None})
    row.name = region.name if region else "HQ"
    before = asked.session.get(Region, stored.region_id) if stored.region_id else None
    changes.put(row)
    return done(asked, changes, card.channel_bound(region, asked.event_id, before), row.id)


@command(
    SetLimit,
    en=("setup limit", "setup approvals"),
    zh=("设置审批", "设置审批额度"),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.limit",
    summary=Text("Say above which amount a contract needs whose decision"),
    example=Example("setup limit finance above 100k", "设置审批 财务 10万"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def set_limit(asked: Asked, wanted: SetLimit) -> Reply:
    """Refuse a step that nobody could take: a manager's own request goes to headquarters, so somebody must be there."""
    company = organisation(asked.session)
    amount = asked.meant_in(wanted.amount, company.currency) if wanted.amount else Money(0, company.currency)
    if amount.currency != company.currency:
        raise UserError(
            Text("Limits count in {currency}; write the amount in it.", currency=company.currency), "amount"
        )
    if nobody_for(asked.session, Decider.HQ):
        raise UserError(
            Text("Nobody of headquarters is there yet, and a manager's own request goes there: add one first.")
        )
    if nobody_for(asked.session, wanted.decider):
        raise UserError(
            Text("Nobody holds the finance duty yet; give it to somebody first, or the request would wait for nobody."),
            "decider",
        )
    changes = changes_of(asked)
    row = ApprovalRuleRow(
        id=f"contract-{wanted.decider.value}", step=STEP_OF[wanted.decider], decider=wanted.decider,
        from_minor=amount.minor, currency=amount.currency,
    )  # fmt: skip
    changes.put(row)
    found = progress(asked.session, asked.today)
    return done(asked, changes, card.limit_set(found, regions_without_manager(asked.session), asked.event_id), row.id)


@command(
    SetRate,
    en=("setup rate",),
    zh=("设置汇率",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.rate",
    summary=Text("Say what a currency is worth in the company's"),
    example=Example("setup rate EUR 0.86", "设置汇率 CNY 0.14"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def set_rate(asked: Asked, wanted: SetRate) -> Reply:
    """The rate holds from today on, and back again as its inverse."""
    company = organisation(asked.session)
    if wanted.currency == company.currency:
        raise UserError(
            Text("{currency} is the company's own; name another one.", currency=company.currency), "currency"
        )
    changes, there, back = changes_of(asked), wanted.rate, 1 / wanted.rate
    for one, other, ratio in ((wanted.currency, company.currency, there), (company.currency, wanted.currency, back)):
        changes.put(
            Rate(
                currency=one, to_currency=other, from_on=asked.today, numerator=ratio.numerator,
                denominator=ratio.denominator,
            )
        )  # fmt: skip
    shown = card.rate_set(wanted.currency, str(float(there)), company.currency, asked.event_id)
    return done(asked, changes, shown, wanted.currency)


@command(
    NameYourself,
    en=("setup me",),
    zh=("设置我",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.me",
    summary=Text("Say your own name"),
    example=Example("setup me Helen Park", "设置我 陈思远"),
    personal=OWN_NAME,
    anywhere=True,
)
def name_yourself(asked: Asked, wanted: NameYourself) -> Reply:
    """Whoever claimed the installation is called Administrator until they say their name."""
    changes = changes_of(asked)
    changes.put(Person(**{**asked.person.model_dump(), "name": wanted.name}))
    return done(asked, changes, card.named(wanted.name, asked.event_id), asked.person.id)


@command(
    TakeBackSetup,
    en=("setup undo",),
    zh=("撤销设置",),
    requires=ADMINS,
    scope=Scope.COMPANY,
    audit="setup.undone",
    summary=Text("Take back your last step of the set-up"),
    example=Example("setup undo", "撤销设置"),
    personal=NOTHING_PERSONAL,
    anywhere=True,
)
def take_back(asked: Asked, wanted: TakeBackSetup) -> Reply:
    """Everything that the step changed goes back, unless something of it has changed or is in use since."""
    event = wanted.event or last_step(asked.session, asked.person.id)
    if event is None:
        raise UserError(Text("There is no step of yours to take back."))
    if is_taken_back(asked.session, event):
        raise UserError(Text("That step was taken back already."))
    changes = changes_of(asked)
    try:
        changes.take_back(event)
    except ChangedSinceError:
        raise UserError(Text("That was changed again since; take back the later step first.")) from None
    except LetsInError:
        raise UserError(Text("That step ended somebody's rights; only a new invitation lets them in again.")) from None
    except InUseError:
        raise UserError(
            Text("That is in use by now, so it stays; for a person there is `leaver`, for a region `remove region`.")
        ) from None
    hand_on_after_changes(asked)
    shown = card.taken_back(what_changed(asked.session, event))
    asked.redraw(card.step_card(event), shown)
    return Reply(shown, private=True, subject=event, facts={"rows": changes.count})
