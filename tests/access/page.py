"""docs/access.md: one line for a command and a thing, one word for a rank. What it says was read and is expected."""

from collections.abc import Iterator
from pathlib import Path

from bot.registry import registry
from bot.speakers import UNKNOWN_CHANNEL
from handlers.command import Command
from models.approvals import Approve, Reject, ShowWaiting
from models.ranks import Rank
from tests.access.cells import Cell, Seen, Trials
from tests.access.scene import CANARIES
from tests.access.things import THINGS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
YES, RANK, UNBOUND = "yes", "–", "unbound"
WORDS = {
    "This is only for: {ranks}. Ask one of them to do it.": RANK,
    UNKNOWN_CHANNEL: UNBOUND,
    "This channel belongs to no region yet; type `setup channel` and the region's name here.": UNBOUND,
    "You belong to no region, so a deal of yours would count nowhere; ask a rep to report it.": "no region",
    "There is no deal {deal} among those that you may see; `my` lists yours.": "hidden",
    "There is no visit {visit} of yours.": "hidden",
    "There is nothing of yours to take back.": "hidden",
    "There is no policy {policy}.": "hidden",
    "That file is not here any more; drop it again.": "hidden",
    "That is another region's; you can see and change only your own.": "region",
    "That is another region's stand-up; `standup` opens your own.": "region",
    "{request} belongs to another region; its own people decide it.": "region",
    "{policy} is not addressed to you, so you need not confirm it.": "region",
    "You cannot decide your own request; it goes to {deciders}.": "own",
    "This is your own deal, so {request} goes to {deciders}.": "own",
    "{request} is for the {decider} to decide: {deciders}.": "step",
    "{person} is not in your hands; ask an administrator.": "hands",
    "Nobody ends their own rights; ask your manager or an administrator.": "own",
    "That feedback is not for you to answer.": "hidden",
    "This account is linked already; nothing was done.": "linked",
    "This is our private chat. Go to the region's channel, invite me there and type it again.": "place",
}
"""The sentences of refusals, each with its word; a refusal for another reason is a mistake in the trial."""
_MAY_READ = {
    Rank.REP: ("own",), Rank.MANAGER: ("own", "here"), Rank.HQ: ("own", "here", "elsewhere"), Rank.ADMIN: (),
}  # fmt: skip
"""Whose customers a rank may read of; whoever is to decide reads of what they decide."""
ONLY_IN_CHANNELS = frozenset({"setup_channel"})
HEAD = """# Who may do what

Written by `python -m tests.tools.access_page`, which lets four people press a button for every command on everybody's
things, through the same dispatch as in a chat. What stands here was read line by line and is what the test expects: it
presses again and fails when a right has changed and this page has not. `./dev soak access` presses each button on every
platform and in every place; the test takes each line and rank once, in turns of platform and place.

The four are a rep and a manager of one region, somebody of headquarters and an administrator. A word counts on every
platform and in every place alike: in the direct chat, in the channel of one's own region, of another one and of
headquarters. Nobody's rights grow by where they speak. There are two exceptions:

- In a channel that is bound to nothing nobody but an administrator is heard, and they only for commands with °.
- `setup_channel` is for channels; in a direct chat it is refused.

| word | means |
|---|---|
| yes | it is done |
| – | refused: not for this rank |
| hidden | refused, in the same words as if it were not there |
| region | refused: another region's |
| own | refused: one's own request or deal, or one's own rights |
| step | refused: the open step is another decider's |
| hands | refused: the person is looked after by somebody else |
| no region | refused: whoever belongs to no region has no deals |
| linked | refused: whoever is known here has nothing to say by it |

| command | on | rep | manager | HQ | administrator |
|---|---|---|---|---|---|
"""


def lines() -> Iterator[tuple[Command, str]]:
    """The lines of the page: each command with each thing that it is tried on."""
    for command in registry().commands:
        for whose in THINGS[command.intent]:
            yield command, whose


def word_of(seen: Seen) -> str:
    """The word of what became of a trial; raise KeyError for a refusal that has nothing to do with rights."""
    return YES if seen.why is None else WORDS[seen.why]


def page(trials: Trials) -> str:
    """Press every button once, and write down what came of it."""
    rows = []
    for command, whose in lines():
        place = "own region" if command.name in ONLY_IN_CHANNELS else "direct"
        begun = [trials.begin(Cell(command, whose, rank, "web", place)) for rank in Rank]
        words = [word_of(trials.seen(one.result())) for one in begun]
        mark = "°" if command.anywhere else ""
        rows.append(f"| `{command.name}`{mark} | {whose} | {' | '.join(words)} |\n")
    return HEAD + "".join(rows)


def reviewed() -> dict[tuple[str, str, Rank], str]:
    """What the page says of each line and rank."""
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {
        (name.strip("| `°"), whose.strip(), rank): word.strip(" |")
        for name, whose, *words in rows
        for rank, word in zip(Rank, words, strict=True)
    }


def expected(cell: Cell, said: str) -> str:
    """What a line of the page means in a place."""
    if cell.place == "unbound":
        heard = cell.rank is Rank.ADMIN and (cell.command.anywhere or said == RANK)
        return said if heard else UNBOUND
    if cell.place == "direct" and cell.command.name in ONLY_IN_CHANNELS and said == YES:
        return "place"
    return said


def wrong_with(cell: Cell, said: str, seen: Seen) -> str | None:
    """What a trial did that the page does not say; also what it told others or let be read; none when all is right."""
    word = WORDS.get(seen.why or "", f"refused: {seen.why}") if seen.why is not None else YES
    name = f"{cell.command.name} on {cell.whose or 'nothing'} by {cell.rank} in {cell.place} of {cell.platform}"
    if word != expected(cell, said):
        return f"{name}: {word}, expected {expected(cell, said)}"
    if seen.why is not None and seen.told_others:
        return f"{name}: was refused, and others were told"
    closed = set(CANARIES) - set(_MAY_READ[cell.rank])
    read = sorted(whose for whose in closed if CANARIES[whose] in seen.heard)
    decides = cell.command.intent in (Approve, Reject, ShowWaiting) and seen.why is None
    return f"{name}: reads of {read}" if read and not decides else None
