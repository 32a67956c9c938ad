"""Links: ask for the code with which another account of one's own becomes known; say that one's account is known."""

from handlers.command import ANYONE, Example, PersonalData, Scope, command
from models.context import Asked, Reply, UserError
from models.joining import ThatIsMe
from models.links import LinkAccount, give_code
from models.message import says
from models.text import Link, Secret, Text

PERSONAL = PersonalData(
    ("identity.user_id", "person.email"),
    Text("to know the person again in another chat"),
    Text("until the person leaves"),
    Text("the person and administrators"),
)


@command(
    LinkAccount,
    en=("link",),
    zh=("绑定账号", "绑定"),
    requires=ANYONE,
    scope=Scope.SELF,
    audit="account.code",
    summary=Text("Link your account of another chat"),
    example=Example("link", "绑定账号"),
    personal=PERSONAL,
)
def link_account(asked: Asked, wanted: LinkAccount) -> Reply:
    """Give a code to the asker alone."""
    if wanted.code is not None:
        raise UserError(
            Text(
                "I know you here already, as {name}. Type the code in the chat that you want to link.",
                name=asked.person.name,
            )
        )
    code = give_code(asked.session, asked.person.id, asked.new_id(), asked.now)
    lines = [Text("Write this to me in the other chat within ten minutes: `link {code}`", code=Secret(code))]
    if asked.link_address is not None:
        address = f"{asked.link_address}{code}"
        lines.append(Text("In Telegram, open this and press Start: {link}", link=Link(address, address, secret=True)))
    warning = Text("It counts once. Whoever writes it there acts as you, so show it to nobody.")
    return Reply(says(*lines, warning), private=True)


@command(
    ThatIsMe,
    requires=ANYONE,
    scope=Scope.SELF,
    audit="account.linked",
    summary=Text("Say that an account is one's own"),
    personal=PERSONAL,
    anywhere=True,
)
def that_is_me(asked: Asked, wanted: ThatIsMe) -> Reply:  # noqa: ARG001
    """Whoever is known by now has nothing to say any more; an account that nobody knows is let in before this."""
    raise UserError(Text("This account is linked already; nothing was done."))
