"""Help: what one can ask for, from the declarations themselves."""

from handlers.command import ANYONE, NOTHING_PERSONAL, Example, Scope, command
from models.cards import help as card
from models.context import Asked, Reply, UserError
from models.help import ShowHelp
from models.text import Text


@command(
    ShowHelp,
    en=("help", "hi", "hello"),
    zh=("帮助", "你好"),
    requires=ANYONE,
    scope=Scope.SELF,
    audit="help.shown",
    summary=Text("What you can say"),
    example=Example("help deal", "帮助 报单"),
    personal=NOTHING_PERSONAL,
    shy=("hi", "hello", "你好"),
    anywhere=True,
)
def show_help(asked: Asked, wanted: ShowHelp) -> Reply:
    """List every command of the asker's rank, or explain the one that was named."""
    if wanted.topic is None:
        return Reply(card.overview(asked.offered), private=True)
    topic = wanted.topic.strip().lstrip("/!").casefold()
    for one in asked.offered:
        if topic in (word.casefold() for word in one.words):
            return Reply(card.usage(one), private=True)
    raise UserError(Text("There is no command “{word}” for you; `help` lists what there is.", word=wanted.topic))
