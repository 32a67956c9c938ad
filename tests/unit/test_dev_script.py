"""The `dev` script and the files of pinned requirements that it installs."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt")
PINNED = re.compile(r"[a-z0-9-]+==\S+( ; [^-]+)?( --hash=sha256:[0-9a-f]{64})+")
WORDS = ("run", "test", "lint", "bench", "soak", "peers", "requirements")


@pytest.mark.parametrize("file", FILES)
def test_no_requirements_file_carries_an_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")

    assert not re.search(r"://|^-|--(index|extra|find|trusted)-", text, re.MULTILINE)


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_pinned_and_hashed(file: str) -> None:
    entries = entries_of(file)

    assert entries
    assert [entry for entry in entries if not PINNED.fullmatch(entry)] == []


def test_every_dependency_of_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert names(project["dependencies"]) <= pins("requirements.txt").keys()
    assert names(project["optional-dependencies"]["dev"]) <= pins("requirements-dev.txt").keys()


def test_what_is_set_up_for_development_can_also_run() -> None:
    running, development = pins("requirements.txt"), pins("requirements-dev.txt")

    assert running.items() <= development.items()


def test_the_script_is_valid_posix_shell() -> None:
    checked = subprocess.run(["sh", "-n", ROOT / "dev"], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_an_unknown_word_is_answered_with_the_words_that_exist() -> None:
    answer = subprocess.run([ROOT / "dev", "nonsense"], capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert answer.stdout == ""
    assert all(re.search(rf"^  {word}\b", answer.stderr, re.MULTILINE) for word in WORDS)


def entries_of(file: str) -> list[str]:
    """One line for each requirement, its hashes included."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def pins(file: str) -> dict[str, str]:
    """The pinned version of each distribution."""
    return dict(entry.split()[0].split("==", 1) for entry in entries_of(file))


def names(dependencies: list[str]) -> set[str]:
    """The distributions that are asked for, by their normal names."""
    found = (re.match(r"[\w.-]+", dependency) for dependency in dependencies)
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in found if name}
