"""Clean a typed line while remembering where every character came from."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.grammar.chat_marks import blanks_between_han, without_chat_marks
from handlers.grammar.patterns import Pattern

_MARKUP = Pattern(r"<[^<>]{1,3000}>|&(?:amp|lt|gt|quot|nbsp|#39|#x27);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'", "#x27": "'"}
_LINK = Pattern(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-")
_PLAIN = Pattern(r"[\t\n\r !-%'-;=-~]*")
# Characters that stay as they are, not followed by one that could join them.
_AS_IT_IS = Pattern(r"[\t\n\r !-~\u4e00-\u9fff]+(?![^\u0000-\u02ff\u3000-\u3029\uff01-\uff5e])")
# A ligature may stand for a whole sentence (U+FDFA for 18 characters); it stays as it is.
_WIDEST = 4
_HAN = Pattern(r"[\u3400-\u9fff]")
_EMOJI = Pattern("[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named by the platform (`<@U1|ana>`); it takes one blank of the text."""

    at: int
    handles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link whose label (or address) stands at start..end of the text."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """The cleaned text, its lower case (same length), and the way back to the source."""

    source: str
    text: str
    low: str
    starts: Sequence[int]
    ends: Sequence[int]
    shown: Sequence[str]
    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of the text into one of the source."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def spelling(self, start: int, end: int) -> str:
        """Give the span as it was typed, without what cannot be shown."""
        shown = self.shown[start:end]
        return shown if isinstance(shown, str) else "".join(shown)

    def blanked(self, spans: Iterable[tuple[int, int]]) -> "Line":
        """Put blanks in the place of what is not to be read."""
        text, low = list(self.text), list(self.low)
        for start, end in spans:
            text[start:end] = low[start:end] = " " * (end - start)
        return replace(self, text="".join(text), low="".join(low))


def strip_chat_markup(text: str) -> Line:
    """Fold widths (NFKC), decode entities, take out mentions, emoji and invisible characters."""
    if _PLAIN.fullmatch(text):
        return _line(text, text, range(len(text)), range(1, len(text) + 1), text)
    pen = _Pen()
    at = 0
    for match in _MARKUP.finditer(text):
        pen.write(text, at, match.start())
        pen.markup(match)
        at = match.end()
    pen.write(text, at, len(text))
    return _line(text, "".join(pen.chars), pen.starts, pen.ends, pen.shown, tuple(pen.mentions), tuple(pen.links))


def word_set(words: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(words.split())


def has_han(text: str) -> bool:
    """Whether Chinese characters occur."""
    return not text.isascii() and _HAN.search(text) is not None


def _line(
    source: str,
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
    shown: Sequence[str],
    mentions: tuple[Mention, ...] = (),
    links: tuple[Link, ...] = (),
) -> Line:
    text = without_chat_marks(text)
    spaced = blanks_between_han(text) if " " in text and has_han(text) else set()
    if spaced or "  " in text or "\t" in text:
        kept = [
            at
            for at, char in enumerate(text)
            if (char not in " \t" or at == 0 or text[at - 1] not in " \t") and at not in spaced
        ]
        starts, ends = [starts[at] for at in kept], [ends[at] for at in kept]
        shown = [shown[at] for at in kept]
        # Where a mention's own blank went with others, the one before it stands for both.
        mentions = tuple(Mention(bisect_right(kept, mention.at) - 1, mention.handles) for mention in mentions)
        links = tuple(Link(bisect_left(kept, link.start), bisect_left(kept, link.end), link.url) for link in links)
        text = "".join(" " if text[at] == "\t" else text[at] for at in kept)
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return Line(source, text, low, starts, ends, shown, mentions, links)


class _Pen:
    """Write the cleaned characters with their origin."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.shown: list[str] = []
        self.mentions: list[Mention] = []
        self.links: list[Link] = []

    def put(self, clean: str, start: int, end: int, shown: str) -> None:
        for index, char in enumerate(clean):
            self.chars.append(char)
            self.starts.append(start)
            self.ends.append(end)
            self.shown.append("" if index else shown)

    def write(self, text: str, start: int, end: int) -> None:
        at = start
        while at < end:
            plain = _AS_IT_IS.match(text, at, end)
            if plain is not None:
                stop = plain.end()
                self.chars.extend(plain[0])
                self.shown.extend(plain[0])
                self.starts.extend(range(at, stop))
                self.ends.extend(range(at + 1, stop + 1))
            else:
                stop = self._write_cluster(text, at, end)
            at = stop

    def _write_cluster(self, text: str, start: int, end: int) -> int:
        stop = start + 1
        while stop < end and text[stop] > "\u02ff" and unicodedata.combining(text[stop]):
            stop += 1
        source = text[start:stop]
        clean = _clean(source)
        if clean:
            self.put(clean, start, stop, clean if clean.isspace() else source)
        return stop

    def markup(self, match: re.Match[str]) -> None:
        start, end = match.span()
        inside = match[0][1:-1]
        if match[0][0] == "&":
            decoded = _ENTITIES[inside]
            self.put(decoded, start, end, decoded)
        elif inside[0] in "@#":
            if inside[0] == "@":
                handles = tuple(part.casefold() for part in inside[1:].split("|") if part)
                self.mentions.append(Mention(len(self.chars), handles))
            self.put(" ", start, end, " ")
        elif _LINK.match(inside):
            url, bar, label = inside.partition("|")
            before = len(self.chars)
            offset = start + 1 + (len(url) + 1 if bar else 0)
            self.write(match.string, offset, offset + len(label if bar else url))
            self.links.append(Link(before, len(self.chars), url.replace("&amp;", "&")))
        else:
            self.write(match.string, start, end)


def _clean(cluster: str) -> str:
    if cluster.isascii():
        return cluster if cluster.isprintable() or cluster in "\n\t\r" else ""
    head = cluster[0]
    if head in _DASHES:
        return "-"
    if _EMOJI.match(head):
        return " "
    if head.isdecimal():
        return str(unicodedata.decimal(head))
    if head == "\u2122" or "\ufe00" <= head <= "\ufe0f" or unicodedata.category(head) in {"Cc", "Cf", "Cs", "Co", "Me"}:
        return ""
    folded = unicodedata.normalize("NFKC", cluster)
    return folded if len(folded) <= _WIDEST * len(cluster) else cluster
