"""What joining and leaving look like in chat."""

from collections.abc import Sequence

from sqlmodel import Session

from models.accounts import Account
from models.channels import Channel
from models.deals import Deal
from models.intent import draft
from models.joining import AccountRequest, ConfirmAccount, Leave, Leftovers, RefuseAccount, ThatIsMe, trustees
from models.message import Button, Message, Style, Table, says
from models.people import Person, people_in
from models.ranks import Rank
from models.regions import Region
from models.text import Bilingual, Link, Plural, Secret, Text, Value, listed

MOST_SHOWN = 20
MOST_KEEPERS = 3


def invitation(person: Person, code: str, app: str | None = None, address: str | None = None) -> Message:
    """What to pass on, with where the bot is found; it is said to whoever invites alone.

    `app` is its name among Slack's apps, `address` one that takes the invitation by one tap in Telegram.
    """
    ways = []
    if app is not None:
        ways.append(
            Text(
                "In Slack, open {app} under Apps and write to it: `link {code}` · "
                "在 Slack 的“应用”里打开 {app}，发送：`绑定账号 {code}`",
                app=app,
                code=Secret(code),
            )
        )
    if address is not None:
        link = Link(address, address, secret=True)
        ways.append(Text("In Telegram, open this and press Start · 在 Telegram 打开并点“开始”：{link}", link=link))
    if not ways:
        ways.append(
            Text("Write to the Regatta bot: `link {code}` · 给 Regatta 机器人发：`绑定账号 {code}`", code=Secret(code))
        )
    return says(
        Text("Send this to {person}, and to nobody else:", person=person.name),
        *ways,
        Text("It counts once, for seven days; then their manager confirms that it is them."),
    )


def asks_to_confirm(request: AccountRequest, person: Person) -> Message:
    """Ask whether an account is the person's."""
    line = Text(
        "An account in {platform} took the invitation of {person}. Is it them?",
        platform=request.platform.title(), person=person.name,
    )  # fmt: skip
    number = request.id or 0
    return Message(
        lines=(line, Text("Ask them in person or by phone before you say yes: the account then acts as them.")),
        buttons=(
            Button(Text("It is them"), draft(ConfirmAccount(number)), Style.PRIMARY),
            Button(Text("It is not"), draft(RefuseAccount(number)), Style.DANGER),
        ),
    )


def request_card(request: AccountRequest) -> str:
    """The card of the question whose account it is."""
    return f"account:{request.id}"


def confirmed(person: Person, platform: str) -> Message:
    """An account that is the person's now."""
    return says(
        Text("✓ {person} is in: their account in {platform} is linked.", person=person.name, platform=platform.title())
    )


def refused(person: Person) -> Message:
    """An account that stays unknown."""
    return says(
        Text(
            "✓ That account stays unknown. The invitation of {person} is spent; `invite` makes a new one.",
            person=person.name,
        )
    )


def asks_who(person: Person) -> Message:
    """Ask an account whose verified address is a person's whether it is theirs."""
    return says(
        Text("Are you {person} ({email})?", person=person.name, email=person.email or ""),
        Text("If so, press the button and type again what you wanted: nothing was done yet."),
        buttons=(Button(Text("That is me"), draft(ThatIsMe(person.id)), Style.PRIMARY),),
    )


def who_card(chat: Channel) -> str:
    """The card of the question who somebody is."""
    return f"newcomer:{chat.id}"


def is_them(person: Person) -> Message:
    """What became of the question who somebody is."""
    return says(Text("✓ This account is linked: {person}.", person=person.name))


def welcome(person: Person) -> Message:
    """The first words to somebody who is in."""
    return says(Text("You are linked: here you are {name}. Type `help` for what you can say.", name=person.name))


def asks_to_leave(session: Session, person: Person, found: Leftovers, reader: Rank, *, asks: bool) -> Message:
    """Ask before rights end, with what stays open as far as the asker may see it.

    `asks` says whether a contract needs a manager.
    """
    line = Text("Shall I end every right of {person} now, on every platform?", person=person.name)
    shown = _open_things(session, person, found, reader)
    lines = [line, *shown.lines]
    if person.rank is Rank.MANAGER and person.region_id:
        others = [one for one in people_in(session, person.region_id, Rank.MANAGER) if one.id != person.id]
        region = session.get_one(Region, person.region_id)
        lines += [] if others else [_unmanaged(region, asks=asks)]
    button = Button(Text("End all rights"), draft(Leave(person.id, sure=True)), Style.DANGER)
    return Message(tuple(lines), table=shown.table, buttons=(button,))


def _unmanaged(region: Region, *, asks: bool) -> Text:
    if not asks:
        return Text("{region} then has no manager; add one soon.", region=region.name)
    return Text(
        "{region} then has no manager: what waits there goes to headquarters, and nobody there can ask for an approval "
        "until one is added.",
        region=region.name,
    )


def leaver_card(person: Person) -> str:
    """The card of the question whether somebody leaves."""
    return f"leaver:{person.id}"


def has_left(session: Session, person: Person, found: Leftovers, more: Sequence[Text], reader: Rank) -> Message:
    """Rights have ended; what stays open is listed for whoever may see deals, and counted for an administrator.

    `more` is what else follows from it.
    """
    line = Text("✓ {person} has left: no account of theirs can do anything here any more.", person=person.name)
    shown = _open_things(session, person, found, reader)
    return Message((line, *more, *shown.lines), table=shown.table)


def _who_holds(person: Person, keepers: Sequence[Person], deal: Deal) -> Text:
    """Whose the open deals are until they are handed over, and what can be done with them until then."""
    line = Bilingual(f"stage {deal.id} lost", f"阶段 {deal.id} 丢单")
    if not keepers:
        return Text(
            "The open deals stay {person}'s, and nobody can move them until somebody of headquarters is added.",
            person=person.name,
        )
    names = listed([keeper.name for keeper in keepers[:MOST_KEEPERS]])
    return Text(
        "The open deals stay {person}'s until they are handed over; {keepers} can move and close them until then: "
        "`{line}`",
        person=person.name, keepers=names, line=line,
    )  # fmt: skip


def _elsewhere(session: Session, deals: Sequence[Deal]) -> Text:
    """Say that deals stand in regions where the person was before, and nothing more: whoever lets go sees their own."""
    names = [session.get_one(Region, number).name for number in sorted({deal.region_id for deal in deals})]
    count = Plural("{n} open deal", "{n} open deals", len(deals))
    return Text(
        "Also open, in {regions}: {deals}; the managers there can move them.", regions=listed(names), deals=count
    )


def _counted(found: Leftovers) -> Text:
    """Say to somebody who may see no deals how much is open, and nothing more."""
    return Text(
        "{deals}, {visits}; their customers and amounts are for managers to see.",
        deals=Plural("{n} open deal", "{n} open deals", len(found.deals)),
        visits=Plural("{n} planned visit", "{n} planned visits", len(found.visits)),
    )  # fmt: skip


def _open_things(session: Session, person: Person, found: Leftovers, reader: Rank) -> Message:
    if not (found.deals or found.requests or found.visits):
        return says(Text("Nothing of theirs is open."))
    here = [deal for deal in found.deals if person.region_id in (None, deal.region_id)]
    away = [deal for deal in found.deals if deal not in here]
    listing = reader is not Rank.ADMIN
    rows: list[tuple[Value, ...]] = [
        (
            deal.id,
            session.get_one(Account, deal.account_id).name,
            Text("{amount}, {stage}", amount=deal.amount, stage=deal.stage or ""),
        )
        for deal in (here if listing else ())
    ]
    rows += [(one.id, one.deal_id, Text("waits for a decision")) for one in found.requests]
    visits = found.visits if listing else ()
    rows += [(one.id, session.get_one(Account, one.account_id).name, one.next_on or "") for one in visits]
    lines = [Text("Still open; history and author stay as they are:")]
    if not listing:
        lines.insert(0, _counted(found))
    if here:
        lines.insert(0, _who_holds(person, trustees(session, person), here[0]))
    if away:
        lines.insert(0, _elsewhere(session, away))
    if len(rows) > MOST_SHOWN:
        lines.append(Plural("and {n} more", "and {n} more", len(rows) - MOST_SHOWN))
    if not rows:
        return says(*lines[:-1])
    return Message(
        tuple(lines), table=Table((Text("Number"), Text("Customer"), Text("How it stands")), tuple(rows[:MOST_SHOWN]))
    )
