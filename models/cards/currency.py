"""What becomes of limits, targets and rates when the company counts in another currency."""

from collections.abc import Sequence

from models.money import Money
from models.rules.approval import ApprovalRule
from models.text import Bilingual, Text, Value, listed


def consequences(
    currency: str, limits: Sequence[tuple[ApprovalRule, Money | None]], unpriced: Sequence[str], *, has_targets: bool
) -> list[Text]:
    """What stays as it was, and what to do where a rate is missing.

    `limits` are those in other currencies, each with what it is now; `unpriced` are the regions' currencies without a
    rate.
    """
    lines: list[Text] = []
    known: list[Value] = [
        Text("{decider} above {amount} ({reporting})", decider=rule.decider, amount=rule.min_amount, reporting=now)
        for rule, now in limits
        if now is not None
    ]
    if known:
        lines.append(Text("Limits stay as they are and count at the rate of the day: {limits}", limits=listed(known)))
    lost: list[Value] = [
        Text("{decider} above {amount}", decider=rule.decider, amount=rule.min_amount)
        for rule, now in limits
        if now is None
    ]
    if lost:
        lines.append(
            Text(
                "These limits have no rate to {currency}, so that every contract needs them until one is there: "
                "{limits}",
                currency=currency,
                limits=listed(lost),
            )
        )
    if has_targets:
        lines.append(Text("Targets stay in the currencies of their regions."))
    missing = list(dict.fromkeys([*unpriced, *(rule.min_amount.currency for rule, now in limits if now is None)]))
    if missing:
        lines.append(
            Text(
                "No rate to {currency} yet: {currencies}. Amounts in them are counted, not priced, until one is there: "
                "`{line}`",
                currency=currency,
                currencies=listed([*missing]),
                line=Bilingual(f"setup rate {missing[0]} 1.08", f"设置汇率 {missing[0]} 1.08"),
            )
        )
    return lines
