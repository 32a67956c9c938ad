"""Conversations that are marked `everywhere` are held on every platform: same words, same rows, same answers."""

import pytest

from tests.stages.slack import SlackStage
from tests.workspace import Workspace

STAGES = {"web": Workspace, "slack": SlackStage}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("everywhere"):
        metafunc.parametrize("workspace", STAGES.values(), ids=STAGES, indirect=True)
