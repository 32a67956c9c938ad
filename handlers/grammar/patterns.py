"""Patterns that are compiled when they are first used, and not tried on a text that lacks what they need."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

# A line that names more values of one kind is not one deal; reading stops so that no text takes long.
MOST_OF_A_KIND = 40

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


class Pattern:
    """A regular expression that is compiled at its first use; from then on its methods are those of the compiled one.

    It finds nothing in a text without any of the words that it `needs`.
    """

    __slots__ = ("compiled", "flags", "needs", "pattern", *_METHODS)

    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    findall: Callable[..., list[Any]]
    split: Callable[..., list[str]]
    sub: Callable[..., str]

    def __init__(self, pattern: str, flags: int = 0, *, needs: Iterable[str] = ()) -> None:
        self.pattern = pattern
        self.flags = flags
        self.needs = tuple(needs) or ("",)  # which is in every text
        self.compiled: re.Pattern[str] | None = None

    def could_be_in(self, text: str) -> bool:
        """Whether a text has what the pattern needs."""
        return any(map(text.__contains__, self.needs))

    def each(self, text: str) -> Iterable[re.Match[str]]:
        """Find the matches, up to the number of values of a kind that are read."""
        for word in self.needs:
            if word in text:
                return islice(self.finditer(text), MOST_OF_A_KIND)
        return ()

    if not TYPE_CHECKING:  # else every misspelt name would be an attribute

        def __getattr__(self, name: str) -> Any:
            """Compile, since no method is there yet."""
            if name not in _METHODS:
                raise AttributeError(name)
            self.compiled = re.compile(self.pattern, self.flags)
            for method in _METHODS:
                setattr(self, method, getattr(self.compiled, method))
            return getattr(self, name)
