"""Decide which candidates stand in Chinese written without blanks (青岛海工95万下周四方案)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from handlers.grammar.reading import Found
from handlers.grammar.words import has_han

_TOKEN = re.compile(r"[^\s,;，；、。|!！?？()（）【】\[\]\"“”「」]+")
_FILLER = re.compile(
    r"下次|下回|或者|或是|还是|或|和|及|至|到|之前|以前|左右|上下|前后|大概|大约|差不多|预计|預計|预期|计划|争取|约|金额|金額|总价|"
    r"阶段|階段|日期|时间|是|为|在|的|了|前|后|/|-|~|:|\+|=|\.$"
)
_PLAIN_NAME_ENDS = frozenset({"方案", "合同", "线索", "提案", "線索", "合約", "合约"})


def standing(low: str, hidden: bytearray, candidates: Iterable[Found]) -> list[Found]:
    """Keep the candidates that do not cut a Chinese word in two."""
    every = sorted(candidates, key=lambda one: one.start)
    if not has_han(low):
        return every
    begins = [one.start for one in every]
    kept = [one for one in every if _TOKEN.match(low, one.start) is None]
    glued: list[tuple[list[Found], list[Found]]] = []
    for start, end in _tokens(low, hidden, every):
        inside = every[bisect_left(begins, start) : bisect_left(begins, end)]
        if not inside or not has_han(low[start:end]):
            kept.extend(inside)
            continue
        head, tail = _tiles(low, start, end, inside)
        at_end = [one for one in inside if one.start in tail]
        if start in tail:
            kept.extend(at_end)
        else:
            glued.append(([one for one in inside if one.start in head], at_end))
    free_amount = any(one.slot == "amount" for one in kept)
    for head_found, tail_found in glued:
        amounts = [one for one in (*head_found, *tail_found) if one.slot == "amount"]
        if amounts:
            second = any(one in tail_found and has_han(low[one.start : one.end]) for one in amounts)
            kept.extend((*head_found, *tail_found) if second or not free_amount else ())
            continue
        for part in (head_found, tail_found):
            if _may_be_glued(low, part):
                kept.extend(part)
    return sorted(kept, key=lambda one: one.start)


def _tokens(low: str, hidden: bytearray, every: list[Found]) -> Iterator[tuple[int, int]]:
    """Give runs without blanks, lengthened where a candidate reaches over a blank, cut at claimed text."""
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(low):
        start = match.start()
        for at in range(match.start(), match.end() + 1):
            if at == match.end() or hidden[at]:
                if at > start:
                    spans.append((start, at))
                start = at + 1
    reach = {one.start: one.end for one in every}
    open_start, open_end, bridge = -1, -1, -1
    for start, end in spans:
        if open_start >= 0 and start < bridge:
            open_end = end
        else:
            if open_start >= 0:
                yield open_start, open_end
            open_start, open_end, bridge = start, end, -1
        bridge = max([bridge, *(reach[at] for at in range(start, end) if at in reach)])
    if open_start >= 0:
        yield open_start, open_end


def _tiles(low: str, start: int, end: int, inside: list[Found]) -> tuple[set[int], set[int]]:
    """Give the starts of the candidates that cover the token from its begin and up to its end without a gap."""
    steps: dict[int, list[int]] = {}
    for one in inside:
        steps.setdefault(one.start, []).append(one.end)
    for match in _FILLER.finditer(low, start, end):
        steps.setdefault(match.start(), []).append(match.end())
    reaches: dict[int, int] = {end: end}
    for at in range(end - 1, start - 1, -1):
        for stop in sorted(steps.get(at, ()), reverse=True):
            if stop in reaches:
                reaches[at] = stop
                break
    candidate_starts = {one.start for one in inside}
    begin = next((at for at in range(start, end) if at in reaches and (at in candidate_starts or at == start)), end)
    tail: set[int] = set()
    at = begin
    while at < end:
        tail.add(at)
        at = reaches[at]
    head: set[int] = set()
    at = start
    while at < begin and steps.get(at):
        head.add(at)
        at = max(steps[at])
    return head, tail


def _may_be_glued(low: str, part: list[Found]) -> bool:
    if not part:
        return False
    words = [low[one.start : one.end] for one in part]
    if len(part) > 1:
        return True
    if part[0].slot == "stage":
        return words[0] not in _PLAIN_NAME_ENDS
    return part[0].rule != "weekday" and len(words[0]) > 2  # noqa: PLR2004 十月, 周五: too short to be told from a name
