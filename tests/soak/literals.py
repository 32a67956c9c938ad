"""Any words on every platform, many times: what tests/property/test_literals.py asks a few times."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tests.crash.kill import Trial
from tests.property.profiles import PROFILES, WORDS, Profile
from tests.property.test_literals import holds

BATCH = 5_000
"""Cases that one run of Hypothesis makes: it slows down when it remembers more."""


async def run_literals(_database: Path, cases: int, _kills: int, seed: int) -> Trial:
    """Try so many words on each platform; every kind of failure is a fault."""
    trial = Trial(cases, 0)
    done, wrong = Counter[str](), dict[str, str]()
    for name, profile in PROFILES.items():
        for batch in range(0, cases, BATCH):
            case = _counted(profile, done, wrong, name)
            number = min(BATCH, cases - batch)
            try:
                settings(
                    max_examples=number, deadline=None, database=None, derandomize=False,
                    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
                )(seeded(seed + batch)(given(WORDS)(case)))()  # fmt: skip
            except AssertionError:
                trial.faults.append(f"{name}: {wrong[name]:.200}")
    trial.answered = set(range(min(done.values())))
    return trial


def _counted(profile: Profile, done: Counter[str], wrong: dict[str, str], name: str) -> Callable[[str], None]:
    """A case that is counted; the last words that it failed for are the smallest ones."""

    def case(words: str) -> None:
        done[name] += 1
        try:
            holds(profile, words)
        except AssertionError:
            wrong[name] = ascii(words)
            raise

    return case
