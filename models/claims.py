"""Claims: which typed words were taken for what, by which rule; kept so that it can be explained."""

from dataclasses import dataclass

from models.codec import storable


@storable
@dataclass(frozen=True, slots=True)
class Claim:
    """One span of the typed text (offsets of the original) and what it was taken for.

    `phrase` is the words without the marker before them: “next Tuesday” of “close next Tuesday”. `assumed` says that no
    word stood for the value, `corrected` which word a misspelt one was read as.
    """

    slot: str
    rule: str
    words: str
    start: int
    end: int
    value: object
    assumed: bool = False
    corrected: str | None = None
    phrase: str = ""
