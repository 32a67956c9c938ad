"""Names are found as somebody who compares letter by letter would find them, however many there are."""

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.grammar.names import NameIndex, suggest_names

_KNOWN = ["a", "a3", "a3 上", "a3 上.", "a 上", "3", "3.a", ".", "上", "上.", "上a", "上 上", "上上"]
_NAMES = st.lists(st.sampled_from(_KNOWN), min_size=1, max_size=6)
_LINES = st.lists(st.sampled_from([*_KNOWN, " ", "\t ", "b"]), max_size=8).map("".join)


@given(_NAMES, _NAMES, _LINES, st.integers(0, 2**16))
@example(["上", "上 上"], ["a"], "上 b", 0)
@example(["a3", "a3 上"], ["a"], "a3 上", 0)
def test_the_longest_name_that_is_there_is_found_at_each_place(
    own: list[str], more: list[str], line: str, hides: int
) -> None:
    hidden = bytearray(hides & 3 << at == 3 << at for at in range(len(line)))
    names = NameIndex(dict.fromkeys(own, "own"), beside=NameIndex(dict.fromkeys(more, "more")))

    assert list(names.find(line, hidden)) == _found(own, more, line, hidden)


def _found(own: list[str], more: list[str], line: str, hidden: bytearray) -> list[tuple[int, int, str]]:
    values = {" ".join(name.split()): value for value, some in (("more", more), ("own", own)) for name in some}
    found, at = [], 0
    while at < len(line):
        ends = [end for end in range(len(line), at, -1) if _is_there(line, at, end, values)]
        if ends and not hidden[at]:
            found.append((at, ends[0], values[" ".join(line[at : ends[0]].split())]))
        at = ends[0] if ends and not hidden[at] else at + 1
    return found


def _is_there(line: str, at: int, end: int, values: dict[str, str]) -> bool:
    words = line[at:end]
    if words != words.strip() or " ".join(words.split()) not in values:
        return False
    after_a_figure = at > 1 and line[at - 2] in "0123456789" and line[at - 1] in ".,"
    return not (after_a_figure or _joined(line[:at], line[at:]) or _joined(line[:end], line[end:]))


def _joined(before: str, after: str) -> bool:
    """Whether a word of Latin letters and figures goes on."""
    return bool(before and after) and all(char.isascii() and char.isalnum() for char in (before[-1], after[0]))


@given(
    st.lists(st.text("ab上海", min_size=2, max_size=6), max_size=8, unique=True),
    st.text("ab上海", min_size=2, max_size=6),
)
def test_an_index_suggests_the_names_that_are_suggested_among_all_others(names: list[str], name: str) -> None:
    others = [one for one in names if one != name]

    near = NameIndex({one: one for one in names}).similar(name)

    assert sorted(near) == sorted(suggest_names(name, others, limit=len(others) or 1))
