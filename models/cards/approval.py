"""What an approval looks like in chat: the card, its outcome, and what waits."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from models.approvals import Approve, Decision, Reject
from models.deciding import Case
from models.intent import draft, unfinished
from models.message import Button, Message, Style, Table, says
from models.people import Person
from models.rules.approval import ApprovalRule, Decider, RequestState, Verdict
from models.text import Link, Plural, Text, Value, joined, listed, verbatim

LISTED = 10


def face(case: Case) -> Message:
    """The card as everybody sees it: what is asked, how far it is, and buttons while it is open."""
    lines = [_heading(case), _asked_by(case), *_history(case)]
    if not case.is_open:
        return Message(lines=(*lines, _end(case), _contract(case)))
    lines += [_open_step(case), Text("Rule: {rule}", rule=_rule(case)), _due(case), _contract(case)]
    return Message(lines=tuple(lines), buttons=_buttons(case))


def for_decider(case: Case) -> Message:
    """The card in the direct chat of somebody who can decide: why it is they."""
    why = Text("Why you: {why}; {rule}.", why=_why(case), rule=_rule(case))
    lines = (_heading(case), _asked_by(case), *_history(case), _open_step(case), why, _due(case), _contract(case))
    return Message(lines=lines, buttons=_buttons(case))


def outcome(case: Case) -> Message:
    """What a decision changed, for the thread and for the requester, who is mentioned when it is the end."""
    decision, person = case.decided[-1]
    facts: dict[str, Value] = {
        "who": case.requester.mention, "request": case.request.id, "person": person.name,
        "deal": joined([case.deal.id, case.account.name]), "elapsed": _span(case.elapsed), "reason": decision.reason,
    }  # fmt: skip
    if case.is_open:
        return says(
            Text("{person} approved step {n}. Next: {deciders}", person=person.name, n=decision.step + 1,
                 deciders=names(case.deciders))
        )  # fmt: skip
    if case.request.state is RequestState.APPROVED:
        return says(Text("{who}: {request} is approved ({deal}). {person} decided after {elapsed}.", **facts))
    return says(Text("{who}: {request} is rejected ({deal}). {person}, after {elapsed}: “{reason}”", **facts))


def asked(case: Case) -> Message:
    """For the requester, where they asked from elsewhere: whom it went to."""
    return says(
        Text("✓ {request} asks for approval of {deal}.", request=case.request.id, deal=case.deal.id),
        _open_step(case),
        _due(case),
    )


def decided(case: Case) -> Message:
    """For the decider: what their word did."""
    decision, _ = case.decided[-1]
    request = case.request.id
    if decision.verdict is Verdict.REJECTED:
        return says(
            Text("✓ You rejected {request}; {name} has been told why.", request=request, name=case.requester.name)
        )
    if case.is_open:
        return says(Text("✓ You approved {request}; next: {deciders}.", request=request, deciders=names(case.deciders)))
    return says(Text("✓ You approved {request}; {name} has been told.", request=request, name=case.requester.name))


def approve_button(case: Case, label: Text | None = None) -> Button:
    """Approve what the card shows, and nothing newer."""
    return Button(label or Text("Approve"), draft(Approve(case.request.id, case.request.version)), Style.PRIMARY)


def reject_button(case: Case, label: Text | None = None, reason: str = "") -> Button:
    """Reject what the card shows, once a form has the reason, where it was not said."""
    number, version = case.request.id, case.request.version
    wanted = unfinished(Reject, "reason", request=number, version=version)
    if reason:
        wanted = draft(Reject(number, reason, version))
    return Button(label or Text("Reject…"), wanted, Style.DANGER)


def waiting(cases: Sequence[Case], reason: str = "") -> Message:
    """What waits for one person's decision, soonest due first; `reason` was said for one that is to be rejected."""
    if not cases:
        return says(Text("Nothing waits for your decision. Enjoy the calm."))
    shown = cases[:LISTED]
    lines = [Plural("{n} request waits for your decision.", "{n} requests wait for your decision.", n=len(cases))]
    if len(cases) > LISTED:
        lines.append(
            Plural(
                "{n} more follows when these are done.", "{n} more follow when these are done.", n=len(cases) - LISTED
            )
        )
    if reason:
        lines.append(Text("Which one do you reject: “{reason}”?", reason=reason))
    columns = (Text("Request"), Text("Deal"), Text("Amount"), Text("Asked by"), Text("Due"))
    buttons = [button for case in shown for button in _numbered(case, reason)]
    return Message(
        lines=tuple(lines), table=Table(columns, tuple(_row(case) for case in shown)), buttons=tuple(buttons)
    )


def names(people: Sequence[Person]) -> Value:
    """Who, in words that notify nobody."""
    if not people:
        return Text("nobody yet; ask an administrator to appoint somebody")
    return listed([person.name for person in people])


def _numbered(case: Case, reason: str) -> tuple[Button, Button]:
    number = case.request.id
    approve = approve_button(case, Text("Approve {request}", request=number))
    label = Text("Reject {request}", request=number) if reason else Text("Reject {request}…", request=number)
    return approve, reject_button(case, label, reason)


def _row(case: Case) -> tuple[Value, ...]:
    when = Text("{due} ({left})", due=case.request.due_at, left=left(case.hours_left))
    return (
        case.request.id, joined([case.deal.id, case.account.name]), _amount(case), case.requester.name, when,
    )  # fmt: skip


def _buttons(case: Case) -> tuple[Button, ...]:
    return approve_button(case), reject_button(case)


def _heading(case: Case) -> Text:
    return Text(
        "{request} · approval of {deal} · {account} · {amount}",
        request=case.request.id, deal=case.deal.id, account=case.account.name, amount=_amount(case),
    )  # fmt: skip


def _amount(case: Case) -> Value:
    amount = case.request.amount
    if amount.currency == case.reporting_currency:
        return amount
    if case.reporting is None:
        no_rate = Text("no rate to {currency}, so every rule applies", currency=case.reporting_currency)
        return Text("{amount} ({reporting})", amount=amount, reporting=no_rate)
    return Text("{amount} ({reporting})", amount=amount, reporting=case.reporting)


def _asked_by(case: Case) -> Text:
    return Text("Asked by {name}, {at}", name=case.requester.name, at=case.request.created_at)


def _open_step(case: Case) -> Text:
    return Text(
        "Step {n} of {steps}: {decider} ({names})",
        n=case.request.step + 1, steps=len(case.request.chain), decider=case.step.decider, names=names(case.deciders),
    )  # fmt: skip


def _history(case: Case) -> list[Text]:
    return [_verdict(case, decision, person) for decision, person in case.decided]


def _verdict(case: Case, decision: Decision, person: Person) -> Text:
    sign = "✓" if decision.verdict is Verdict.APPROVED else "✗"
    facts: dict[str, Value] = {
        "sign": sign, "n": decision.step + 1, "steps": len(case.request.chain), "verdict": decision.verdict,
        "person": person.name, "at": decision.at, "reason": decision.reason,
    }  # fmt: skip
    if decision.reason:
        return Text("{sign} Step {n} of {steps}: {verdict} by {person}, {at}: “{reason}”", **facts)
    return Text("{sign} Step {n} of {steps}: {verdict} by {person}, {at}", **facts)


def _end(case: Case) -> Text:
    if case.request.state is RequestState.VOID:
        return Text("No longer asked for: the deal was changed.")
    return Text("Elapsed: {elapsed}", elapsed=_span(case.elapsed))


def _due(case: Case) -> Text:
    return Text("Due {due} ({left})", due=case.request.due_at, left=left(case.hours_left))


def left(hours: Fraction) -> Text:
    """Say how much working time is left, in whole hours."""
    if hours <= 0:
        return Text("past due")
    if hours < 1:
        return Text("less than one working hour left")
    return Plural("{n} working hour left", "{n} working hours left", n=int(hours))


def _span(elapsed: timedelta) -> Text:
    minutes = int(elapsed.total_seconds()) // 60
    if minutes < 60:  # noqa: PLR2004  below an hour
        return Text("{minutes} min of working time", minutes=minutes)
    return Text("{hours} h {minutes} min of working time", hours=minutes // 60, minutes=minutes % 60)


def _contract(case: Case) -> Text:
    url = case.request.contract_url
    return Text("Contract: {link}", link=Link(url, url)) if url else Text("No contract attached")


def _rule(case: Case) -> Text:
    rule = case.rules.get(case.step.rule_id)
    if rule is None:
        return verbatim(case.step.rule_id)
    if rule.decider is not case.step.decider:
        return Text(
            "{rule}; nobody else may decide this one, so {decider} does",
            rule=_need(rule),
            decider=_WHO[case.step.decider],
        )
    return _need(rule)


_WHO = {Decider.MANAGER: Text("the region manager"), Decider.FINANCE: Text("HQ finance"), Decider.HQ: Text("HQ")}


def _need(rule: ApprovalRule) -> Text:
    if rule.min_amount.minor <= 0:
        return Text("every contract needs {decider}", decider=_WHO[rule.decider])
    return Text("contracts above {amount} need {decider}", amount=rule.min_amount, decider=_WHO[rule.decider])


def _why(case: Case) -> Text:
    match case.step.decider:
        case Decider.MANAGER:
            return Text("you manage {region}", region=case.region.name)
        case Decider.FINANCE:
            return Text("you look after finance")
        case Decider.HQ:
            return Text("you decide for HQ")
