"""Keep the claims on one line so that none overlaps another."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from handlers.grammar.reading import Found, Problem, ProblemCode
from handlers.grammar.words import Line
from models.claims import Claim

_GRAVITY = list(ProblemCode)


@dataclass(slots=True)
class Board:
    """The claimed characters of a line, what they mean, and what is wrong."""

    line: Line
    hidden: bytearray = field(init=False)
    claims: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hidden = bytearray(len(self.line.text) + 1)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing of the span is claimed."""
        return self.hidden.find(1, start, end) < 0

    def hide(self, start: int, end: int) -> None:
        """Take the span out of what is still to be read."""
        self.hidden[start:end] = b"\x01" * (end - start)

    @contextmanager
    def without(self, spans: Iterable[tuple[int, int]]) -> Iterator[None]:
        """Take spans out of what is read, and put them back."""
        before = bytes(self.hidden)
        kept = list(spans)
        for span in kept:
            self.hide(*span)
        yield
        for start, end in kept:
            self.hidden[start:end] = before[start:end]

    def claim(self, found: Found) -> None:
        """Record what the span means and take it out."""
        self.hide(found.start, found.end)
        self.claims.append(found)

    def fault(self, code: ProblemCode, found: Found, readings: tuple[object, ...] = ()) -> None:
        """Record a problem with the found words."""
        words = self.line.spelling(found.start, found.end).strip()
        self.problems.append(Problem(code, found.slot, words, readings))

    def gravest(self) -> Problem | None:
        """Give the problem that has priority."""
        return min(self.problems, key=lambda problem: _GRAVITY.index(problem.code), default=None)

    def public_claims(self) -> tuple[Claim, ...]:
        """Give the claims in the order of the line, with offsets of the original text."""
        claims = []
        for found in sorted(self.claims, key=lambda one: (one.start, one.end)):
            start, end = self.line.origin(found.start, found.end)
            words = self.line.spelling(found.start, found.end).strip()
            phrase = self.line.spelling(*found.core).strip() if found.core else words
            claims.append(
                Claim(found.slot, found.rule, words, start, end, found.value, found.assumed, found.corrected, phrase)
            )
        return tuple(claims)

    def free_runs(self, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Give the spans that nothing claims."""
        runs: list[tuple[int, int]] = []
        stop = len(self.line.text) if end is None else end
        at = start
        while at < stop:
            begin = self.hidden.find(0, at, stop)
            if begin < 0:
                break
            finish = self.hidden.find(1, begin, stop)
            finish = stop if finish < 0 else finish
            runs.append((begin, finish))
            at = finish
        return runs
