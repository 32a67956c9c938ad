"""Conversations that are marked `everywhere` are held on every platform: same words, same rows, same answers.

`without={"telegram": REASON}` leaves a platform out where the conversation cannot be held.
"""

import pytest

from tests.stages.poorest import PoorestStage
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage
from tests.workspace import Workspace

STAGES = {"web": Workspace, "slack": SlackStage, "telegram": TelegramStage, "poorest": PoorestStage}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("everywhere")
    if marker:
        without: dict[str, str] = marker.kwargs.get("without", {})
        stages = {name: stage for name, stage in STAGES.items() if name not in without}
        metafunc.parametrize("workspace", stages.values(), ids=stages, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hold a conversation on the other database once: the platforms do not meet it."""
    twice = [
        item
        for item in items
        if isinstance(item, pytest.Function)
        and item.get_closest_marker("everywhere")
        and item.get_closest_marker("postgres")
        and item.callspec.params.get("workspace") is not Workspace
    ]
    config.hook.pytest_deselected(items=twice)
    items[:] = [item for item in items if item not in set(twice)]
