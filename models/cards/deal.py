"""What a deal looks like in chat."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from models.accounts import Account
from models.approvals import RequestApproval
from models.cards.entry import what
from models.deals import AmendDeal, Deal, Undo
from models.intent import draft
from models.message import Button, Message, Style, Table
from models.money import Money
from models.rules.attainment import Measure
from models.rules.periods import DateRange, Period
from models.standings import OwnStanding, Progress
from models.text import Bilingual, Link, Percent, Plural, Text, Value, joined, verbatim
from models.timeline import DealEntry, EntryKind

MOST_SHOWN = 20
EDITABLE = ("account", "amount", "close_on", "stage", "tags", "contract_url")


def summary(deal: Deal, account: Account, date_words: str = "") -> Text:
    """One line: number, account, amount, close date, stage, tags."""
    parts: list[Value] = [deal.id, account.name, deal.amount]
    if deal.close_on is not None:
        quoted = date_words and not date_words[0].isdigit()
        parts.append(Text("{day} (“{words}”)", day=deal.close_on, words=date_words) if quoted else deal.close_on)
    if deal.stage is not None:
        parts.append(deal.stage)
    if deal.tags:
        parts.append(" ".join(f"#{tag}" for tag in deal.tag_list))
    return joined(parts)


def echo(
    deal: Deal,
    account: Account,
    entry: DealEntry,
    *,
    date_words: str = "",
    assumed: Sequence[Text] = (),
    void: str | None = None,
    waits: Text | None = None,
) -> Message:
    """Say what was understood, what was assumed, and which approval the change made void or which one `waits`."""
    mark = {EntryKind.LOGGED: Text("✓ {deal}", deal=summary(deal, account, date_words))}
    line = mark.get(entry.kind, Text("✓ Changed: {deal}", deal=summary(deal, account, date_words)))
    notes = [joined(list(assumed))] if assumed else []
    if deal.contract_url:
        notes.append(Text("Contract: {link}", link=Link(deal.contract_url, deal.contract_url)))
    if void is not None:
        notes.append(_no_longer(void))
    if waits is not None:
        notes.append(waits)
    return Message(lines=(line, *notes), buttons=(Button(Text("Undo"), draft(Undo(entry.id))), *deal_buttons(deal)))


def several(echoes: Sequence[tuple[str, Message]]) -> Message:
    """Say in one message what was understood of several lines, each with its Undo."""
    lines, buttons = [Plural("{n} deal was logged:", "{n} deals were logged:", n=len(echoes))], []
    for number, echo in echoes:
        lines.append(joined(list(echo.lines)))
        undo, *others = echo.buttons
        buttons.append(replace(undo, label=Text("Undo {deal}", deal=number)))
        buttons += [button for button in others if button.draft.known.get("account")]
    return Message(lines=tuple(lines), buttons=tuple(buttons))


def with_one_undone(shown: Message, place: int, entry: DealEntry, undone: Message) -> Message:
    """Say in a summary of several deals that the one at a place (from 0) was taken back; its buttons go."""
    lines = (*shown.lines[: place + 1], joined(list(undone.lines)), *shown.lines[place + 2 :])
    left = [each for each in shown.buttons if each.draft.known.get("entry") != entry.id]
    left = [each for each in left if each.draft.known.get("deal") != entry.deal_id]
    return replace(shown, lines=lines, buttons=tuple(left))


def deal_buttons(deal: Deal) -> tuple[Button, Button]:
    """What one may do with a deal."""
    edit = draft(AmendDeal(deal.id, version=deal.version), *EDITABLE)
    return Button(Text("Edit"), edit), _request_button(deal)


def _request_button(deal: Deal) -> Button:
    return Button(Text("Request approval"), draft(RequestApproval(deal.id)), Style.PRIMARY)


def _no_longer(request: str) -> Text:
    return Text("Approval {request} no longer holds; ask again.", request=request)


def undone(deal: Deal, account: Account, entry: DealEntry, void: str | None = None) -> Message:
    """Say what was taken back, and which approval that made void."""
    if deal.void:
        return Message(lines=(Text("Taken back: {deal}. It counts nowhere.", deal=summary(deal, account)),))
    line = Text("Taken back ({what}). Now: {deal}", what=what(entry), deal=summary(deal, account))
    if void is None:
        return Message(lines=(line,))
    return Message(lines=(line, _no_longer(void)), buttons=(_request_button(deal),))


def private_progress(before: Money, standing: OwnStanding, *, ranked: bool) -> Message:
    """For the rep only: attainment before and after, by its measure, the pace, and the place in the region."""
    lines = [_progress_line(before, standing.progress)]
    if ranked and standing.progress.count:
        lines.append(_rank_line(standing))
    return Message(lines=tuple(lines))


def _progress_line(before: Money, after: Progress) -> Text:
    target, new = after.attainment.target, after.attainment.percent
    if target is None or new is None:
        return Text(
            "{month} {measure}: {amount}. No target is set yet; HQ sets it.",
            month=after.period, measure=after.measure, amount=after.attainment.amount,
        )  # fmt: skip
    if before == after.attainment.amount:
        return of_target(after)
    return Text(
        "{month} {measure}: {old} → {new} of {target}, pace {pace}",
        month=after.period, measure=after.measure, old=Percent(Fraction(before.minor, target.minor)), new=Percent(new),
        target=target, pace=Percent(after.pace),
    )  # fmt: skip


def _rank_line(standing: OwnStanding) -> Text:
    return Text("Your place in the region this month: {rank} of {of}", rank=standing.rank, of=standing.of)


def mine(
    deals: Sequence[tuple[Deal, Account]],
    month: OwnStanding | None = None,
    quarter: Progress | None = None,
    *,
    ranked: bool = False,
) -> Message:
    """One's own deals, attainment and pace."""
    lines = [Plural("Your {n} newest deal", "Your {n} newest deals", n=len(deals))] if deals else []
    if month is not None and quarter is not None:
        lines += [of_target(month.progress), of_target(quarter)]
        lines += [_rank_line(month)] if ranked and month.progress.count else []
        lines += _pace_note(lines)
    if not deals:
        lines.append(
            Text(
                "You have no deals yet. Report one like `{example}`.",
                example=Bilingual("/deal Globex 80k next Tuesday", "/报单 苏州精工 75万 下周二"),
            )
        )
    return Message(lines=tuple(lines), table=_table_of(deals))


def some_of_mine(
    deals: Sequence[tuple[Deal, Account]],
    span: Period | DateRange | None,
    account: Account | None,
    so_far: Text | None = None,
) -> Message:
    """One's own deals of some days, with a customer, or both; and what was signed in them."""
    what = joined([each for each in (account.name if account else None, span) if each is not None])
    counted = Plural("{n} deal of yours · {what}", "{n} deals of yours · {what}", n=len(deals), what=what)
    lines = [counted if deals else Text("No deal of yours · {what}", what=what)]
    lines += [so_far] if so_far else []
    if len(deals) > MOST_SHOWN:
        lines.append(Text("The table shows the latest {n}.", n=MOST_SHOWN))
    lines += _pace_note(lines)
    return Message(lines=tuple(lines), table=_table_of(deals[:MOST_SHOWN]))


def _table_of(deals: Sequence[tuple[Deal, Account]]) -> Table | None:
    rows = tuple(
        (deal.id, account.name, deal.amount, deal.stage or verbatim("–"), deal.close_on or verbatim("–"))
        for deal, account in deals
    )
    columns = (Text("Deal"), Text("Account"), Text("Amount"), Text("Stage"), Text("Close date"))
    return Table(columns, rows) if rows else None


def _pace_note(lines: Sequence[Text]) -> list[Text]:
    """Say what the pace is, where a line says one."""
    said = any("pace" in line.values for line in lines)
    return [Text("pace: the share of the period's working days that are over")] if said else []


def signed_in(span: Period | DateRange, measure: Measure, amount: Money) -> Text:
    """What an amount of some days is, where no target says how far that is."""
    return Text("{period} {measure}: {amount}", period=span, measure=measure, amount=amount)


def of_target(item: Progress) -> Text:
    """How far somebody has come in a period, by its measure, and the pace."""
    percent = item.attainment.percent
    if percent is None or item.attainment.target is None:
        return signed_in(item.period, item.measure, item.attainment.amount)
    return Text(
        "{period} {measure}: {amount} of {target}, {percent}; pace {pace}",
        period=item.period, measure=item.measure, amount=item.attainment.amount, target=item.attainment.target,
        percent=Percent(percent), pace=Percent(item.pace),
    )  # fmt: skip
