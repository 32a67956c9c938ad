"""Policies: write one, look at who will get it, send it, confirm it, see how far it has reached."""

from datetime import timedelta

from handlers.command import ANYONE, HQ, KEPT, NOTHING_PERSONAL, Example, PersonalData, Scope, command
from models import broadcasts
from models.audit import ANSWERED
from models.cards import policy as card
from models.channels import ChannelKind, hq_channels
from models.context import Asked, Reply, UserError
from models.numbers import next_number
from models.policies import (
    DEADLINE,
    SEND,
    Acknowledge,
    DraftPolicy,
    Policy,
    PolicyReach,
    PolicyState,
    SendPolicy,
    ShowPolicies,
    acknowledge,
    arrival,
    claim_sending,
    due_at,
    newest,
)
from models.regions import Region
from models.text import Text

FURTHEST = timedelta(days=366)

AUTHORS = PersonalData(
    ("policy.author_id",),
    Text("to know who wrote the policy"),
    Text("as long as the policy"),
    Text("HQ"),
)
READERS = PersonalData(
    ("acknowledgement.person_id", "acknowledgement.at"),
    Text("to know that the policy arrived, and to remind only those who have not confirmed it"),
    KEPT,
    Text("the person; who is pending at the deadline, also their manager and information specialist"),
)


@command(
    DraftPolicy,
    en=("policy new", "new policy"),
    zh=("新政策", "发布政策"),
    requires=HQ,
    scope=Scope.COMPANY,
    audit="policy.drafted",
    summary=Text("Write a policy; a preview comes first"),
    example=Example("policy new", "新政策"),
    personal=AUTHORS,
    asks=card.FORM,
    submit=Text("Preview"),
    once=True,
)
def draft_policy(asked: Asked, wanted: DraftPolicy) -> Reply:
    """Keep the draft, and show who will get what, when and in which language."""
    _check(asked, wanted)
    policy = _draft_of(asked, wanted)
    policy.title, policy.text = wanted.title, wanted.text
    policy.title_zh, policy.text_zh, policy.link = wanted.title_zh, wanted.text_zh, wanted.link
    policy.audience, policy.deadline = " ".join(wanted.audience), wanted.deadline
    policy.version += 1
    asked.session.add(policy)
    asked.session.flush()
    name = broadcasts.preview_card(policy.id)
    asked.redraw(name, card.rewritten(policy))
    message = broadcasts.preview(asked.session, policy, asked.now)
    return Reply(message, private=True, card=name, subject=policy.id, facts={"regions": len(wanted.audience)})


@command(
    SendPolicy,
    en=("policy send",),
    zh=("发送政策",),
    requires=HQ,
    scope=Scope.COMPANY,
    audit="policy.sent",
    summary=Text("Send a policy at each region's next working hour"),
    example=Example("policy send P-12", "发送政策 P-12"),
    personal=NOTHING_PERSONAL,
)
def send_policy(asked: Asked, wanted: SendPolicy) -> Reply:
    """Send it once; each region gets it at its own working hour, or at once."""
    policy = asked.session.get(Policy, wanted.policy)
    if policy is None:
        raise UserError(Text("There is no policy {policy}; `policies` lists them.", policy=wanted.policy))
    if policy.state is PolicyState.DRAFT and policy.deadline < asked.today:
        raise UserError(Text("The deadline of {policy} is over; press Edit and choose another day.", policy=policy.id))
    if any(asked.session.get(Region, region_id) is None for region_id in policy.region_ids):
        raise UserError(
            Text("A region of {policy} was removed; press Edit and choose the regions anew.", policy=policy.id)
        )
    seen = wanted.version in (None, policy.version)
    if not (seen and claim_sending(asked.session, policy, asked.now, asked.person.id)):
        raise UserError(_unsendable(policy))
    for region_id in policy.region_ids:
        _send(asked, policy, asked.session.get_one(Region, region_id), at_once=wanted.at_once)
    asked.redraw(broadcasts.preview_card(policy.id), card.sent(policy))
    status = broadcasts.status(asked.session, policy)
    name = broadcasts.status_card(policy.id)
    for channel in hq_channels(asked.session):
        if channel.id != asked.channel.id:
            asked.post(channel.id, status, card=name)
    facts: dict[str, object] = {"regions": len(policy.region_ids), "at_once": wanted.at_once}
    return Reply(status, private=asked.channel.kind is not ChannelKind.HQ, card=name, subject=policy.id, facts=facts)


@command(
    Acknowledge,
    en=("acknowledge", "read and understood"),
    zh=("已读并知悉", "已读"),
    requires=ANYONE,
    scope=Scope.SELF,
    audit="policy.acknowledged",
    summary=Text("Confirm that you have read and understood a policy"),
    example=Example("acknowledge P-12", "已读并知悉 P-12"),
    personal=READERS,
    in_thread=True,
)
def acknowledge_policy(asked: Asked, wanted: Acknowledge) -> Reply:
    """Count the person once; the counts follow at once."""
    policy, row, region = _addressed(asked, wanted.policy)
    if not acknowledge(asked.session, policy, asked.person.id, asked.now):
        return Reply(card.already(policy), private=True, subject=policy.id, action=ANSWERED)
    broadcasts.recount(asked, policy, row, region)
    thanks = card.thanks(policy)
    asked.redraw(broadcasts.reminder_card(policy.id, asked.person.id), thanks)
    return Reply(thanks, private=True, subject=policy.id, facts={"version": policy.version})


@command(
    ShowPolicies,
    en=("policies",),
    zh=("政策列表",),
    requires=HQ,
    scope=Scope.COMPANY,
    audit="policy.listed",
    summary=Text("List the policies and how far each has reached"),
    example=Example("policies", "政策列表"),
    personal=NOTHING_PERSONAL,
)
def show_policies(asked: Asked, wanted: ShowPolicies) -> Reply:  # noqa: ARG001  the intent has nothing to say
    """Show the newest policies in numbers."""
    rows = [(policy, broadcasts.reached(asked.session, policy)) for policy in newest(asked.session)]
    return Reply(card.overview(rows), private=True)


def _check(asked: Asked, wanted: DraftPolicy) -> None:
    if not wanted.audience:
        raise UserError(Text("Choose at least one region."), "audience")
    if wanted.deadline < asked.today:
        raise UserError(Text("{day} is over; choose a day to come.", day=wanted.deadline), "deadline")
    if wanted.deadline - asked.today > FURTHEST:
        raise UserError(Text("That is more than a year away; choose an earlier day."), "deadline")
    if (wanted.title_zh is None) != (wanted.text_zh is None):
        field = "title_zh" if wanted.title_zh is None else "text_zh"
        raise UserError(Text("Title and text in Chinese belong together: write both or none."), field)


def _draft_of(asked: Asked, wanted: DraftPolicy) -> Policy:
    """The draft that is rewritten, or a new one."""
    if wanted.policy is None:
        return Policy(
            id=next_number(asked.session, "P"), version=0, title="", text="", audience="", deadline=wanted.deadline,
            author_id=asked.person.id, created_at=asked.now,
        )  # fmt: skip
    policy = asked.session.get_one(Policy, wanted.policy)
    if policy.state is not PolicyState.DRAFT:
        raise UserError(Text("{policy} was sent already; write a new one with `policy new`.", policy=policy.id))
    if wanted.version not in (None, policy.version):
        raise UserError(_unsendable(policy))
    return policy


def _send(asked: Asked, policy: Policy, region: Region, *, at_once: bool) -> None:
    """Put the policy on its way into one region."""
    arrives = arrival(region, asked.now, at_once=at_once)
    row = PolicyReach(policy_id=policy.id, region_id=region.id, send_at=arrives)
    asked.session.add(row)
    asked.session.flush()
    subject = f"{policy.id}:{region.id}"
    if arrives <= asked.now:
        broadcasts.deliver(asked, policy, row, region)
    else:
        asked.plan(SEND, subject, arrives)
    asked.plan(DEADLINE, subject, due_at(region, policy.deadline, arrives))


def _unsendable(policy: Policy) -> Text:
    if policy.state is PolicyState.DRAFT:
        return Text("{policy} was edited since; look at its new preview first.", policy=policy.id)
    return Text("{policy} was sent already; nothing was sent twice.", policy=policy.id)


def _addressed(asked: Asked, number: str) -> tuple[Policy, PolicyReach, Region]:
    """The policy as it reached the asker's region."""
    policy = asked.session.get(Policy, number)
    if policy is None or policy.state is PolicyState.DRAFT:
        raise UserError(Text("There is no policy {policy}.", policy=number))
    region = asked.region
    row = asked.session.get(PolicyReach, (policy.id, region.id)) if region is not None else None
    if region is None or row is None:
        raise UserError(Text("{policy} is not addressed to you, so you need not confirm it.", policy=policy.id))
    if row.sent_at is None:
        raise UserError(
            Text("{policy} reaches {region} on {when}.", policy=policy.id, region=region.name, when=row.send_at)
        )
    return policy, row, region
