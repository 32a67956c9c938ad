"""Type at the command line in this process: what it prints, and with which code it ends."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.databases import url_of


@dataclass(frozen=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    fault: str

    @property
    def sentence(self) -> str:
        """The fault, which must be one line."""
        assert self.code == 1, self
        assert self.fault.count("\n") == 1, self
        return self.fault


Terminal = Callable[..., Printed]


def terminal(database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Commands on a database; `on` names another one."""
    monkeypatch.chdir(database.parent)  # no developer's .env counts

    def type_(*words: str, on: Path | str = database) -> Printed:
        monkeypatch.setenv("REGATTA_DATABASE_URL", on if isinstance(on, str) else url_of(on))
        monkeypatch.setattr(sys, "argv", ["regatta", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Printed(code, *capsys.readouterr())

    return type_
