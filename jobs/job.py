"""How something that happens by the clock is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

from models.context import Context
from models.schedules import Due

Work = Callable[[Context, Due], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job: a slot that is later than `late` is recorded as missed and not done.

    A `quiet` one tells nobody anything and may be done twice: after a restore it is done, where others were missed.
    """

    name: str
    late: timedelta
    work: Work
    quiet: bool = False


def job(name: str, *, late: timedelta, quiet: bool = False) -> Callable[[Work], Work]:
    """Declare the function as what a slot or timer of this name does."""

    def declare(work: Work) -> Work:
        work.job = Job(name, late, work, quiet)  # type: ignore[attr-defined]
        return work

    return declare


def collect(modules: tuple[ModuleType, ...]) -> dict[str, Job]:
    """Collect what the modules declare, by name."""
    found = [
        value.job
        for module in modules
        for value in vars(module).values()
        if isinstance(getattr(value, "job", None), Job)
    ]
    return {declared.name: declared for declared in found}
