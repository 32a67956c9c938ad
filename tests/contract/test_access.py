"""51: who may do what, pressed button by button against docs/access.md; and typed line by line."""

from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path

import pytest

from bot.registry import registry
from models.ranks import Rank
from tests.access.cells import ACTORS, PLACES, PLATFORMS, Cell, Trials
from tests.access.page import lines, reviewed, wrong_with
from tests.workspace import Workspace, texts_of


@pytest.fixture(scope="module")
def trials(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    with Trials.opened(seeded, tmp_path_factory.mktemp("access") / "trials.db") as opened:
        yield opened


def test_51_every_rank_may_do_what_the_reviewed_page_says_and_reads_nothing_else(trials: Trials) -> None:
    page, turns = reviewed(), cycle(product(PLATFORMS, PLACES))
    cells = [
        Cell(command, whose, rank, platform, place)
        for (command, whose), rank in product(lines(), Rank)
        for platform, place in (next(turns),)
    ]

    begun = [(cell, trials.begin(cell)) for cell in cells]

    said = {cell: page.pop((cell.command.name, cell.whose, cell.rank), "no line of the page") for cell in cells}
    wrong = [wrong_with(cell, said[cell], trials.seen(one.result())) for cell, one in begun]
    assert [each for each in wrong if each] == [], "when it is meant: python -m tests.tools.access_page, and read it"
    assert list(page) == [], "lines of the page that nothing stands for any more"


async def test_51_words_pass_the_same_gate_as_buttons(workspace: Workspace) -> None:
    for command in registry().commands:
        for rank in set(Rank) - command.requires if command.example else ():
            answer = texts_of(await workspace.say(ACTORS[rank], command.example.en if command.example else ""))
            assert len(answer) == 1, (command.name, rank)
            assert answer[0].startswith("This is only for: "), (command.name, rank, answer)


async def test_an_administrator_who_lets_somebody_go_hears_how_much_is_open_and_its_manager_what(
    workspace: Workspace,
) -> None:
    await workspace.say("mike-davis", "deal Acme 120k USD proposal")

    (question,) = await workspace.say("ines-keller", "leaver Mike Davis")
    (done, *_) = await workspace.press("ines-keller", question, "leaver")

    told = (await workspace.read("sarah-johnson"))[-1]
    for shown in (question, done):
        assert "open deal" in shown["text"]
        assert shown["table"] is None
    assert ["D-1346", "Acme", "USD 120,000, proposal"] in told["table"]["rows"]
