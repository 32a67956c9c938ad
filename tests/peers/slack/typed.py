"""What Slack makes of what a person types: mentions, links and three escaped characters."""

import re

from tests.peers.slack.model import Json
from tests.peers.slack.world import World

_TYPED = re.compile(
    r"(?P<token><[@#][A-Z0-9]+>)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<url>https?://[^\s<>]+)"
    r"|(?P<call>(?<![\w@])@[\w.-]*\w)|(?P<domain>(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|de|cn|co|eu)\b(?![\w.@-]))",
    re.IGNORECASE | re.ASCII,
)
_WIRE = re.compile(r"<([^<>]+)>")
_EVERYBODY = frozenset({"here", "channel", "everyone"})


def escaped(text: str) -> str:
    """`&`, `<` and `>` as Slack sends them, and nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The three characters again."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_event_text(world: World, text: str) -> str:
    """The `text` of a message: `@ann` and `<@U…>` call, `acme.com` becomes a link.

    A typed `<!channel>` does not call: only `@channel` does.
    """
    names = {user.name: user.id for user in world.users.values()}
    found, end = [], 0
    for match in _TYPED.finditer(text):
        found.append(escaped(text[end : match.start()]))
        found.append(_one(match, names))
        end = match.end()
    return "".join(found) + escaped(text[end:])


def _one(match: re.Match[str], names: dict[str, str]) -> str:
    words = match.group()
    if match.lastgroup == "token":
        return words
    if match.lastgroup == "mail":
        return f"<mailto:{words}|{words}>"
    if match.lastgroup == "url":
        return f"<{escaped(words)}>"
    if match.lastgroup == "domain":
        return f"<http://{words}|{words}>"
    name = words[1:]
    if name in _EVERYBODY:
        return f"<!{name}>"
    return f"<@{names[name]}>" if name in names else escaped(words)


def rich_text(world: World, text: str, block_id: str) -> list[Json]:
    """The `blocks` that Slack adds to what a person typed: one rich_text block, its texts not escaped."""
    inside: list[Json] = []
    end = 0
    for match in _WIRE.finditer(text):
        if match.start() > end:
            inside.append({"type": "text", "text": unescaped(text[end : match.start()])})
        inside.append(_element(world, match.group(1)))
        end = match.end()
    if end < len(text):
        inside.append({"type": "text", "text": unescaped(text[end:])})
    section = {"type": "rich_text_section", "elements": inside}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def _element(world: World, token: str) -> Json:
    name, _, label = token.partition("|")
    if name.startswith("@"):
        return {"type": "user", "user_id": name[1:]}
    if name.startswith("#"):
        return {"type": "channel", "channel_id": name[1:], "team_id": world.team.id}
    if name.startswith("!"):
        return {"type": "broadcast", "range": name[1:]}
    return {"type": "link", "url": unescaped(name)} | ({"text": label} if label else {})
