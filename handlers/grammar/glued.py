"""Decide which candidates stand in Chinese written without blanks (青岛海工95万下周四方案)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from handlers.grammar.chatter_zh import CONNECTIVE_ZH, name_within
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.words import has_han

_TOKEN = Pattern(r"[^\s,;，；、。|!！?？()（）【】\[\]\"“”「」]+")
_FILLER = Pattern(
    r"谢谢|謝謝|多谢|有?一?[个個]?新(?=线索|線索)|目前|现在|現在|已经|已經|正在|争取|力争|最晚|最迟|总共|一共|合计|签(?=合同|合約|合约)|下次|下回|或者|或是|还是|或|和|及|至|到|之前|以前|左右|上下|前后|大概|大约|差不多|预计|預計|预期|计划|争取|约|金额|金額|总价|"
    r"阶段|階段|日期|时间|是|为|在|的|了|前|后|/|-|~|:|\+|=|\.$"
)
_PLAIN_NAME_ENDS = frozenset({"方案", "合同", "线索", "提案", "線索", "合約", "合约"})
_NO_FIRST_WORDS = _PLAIN_NAME_ENDS | {"谈判", "談判"}
_UNITS_ONLY = Pattern(r"[十百千万萬亿億]+")
_MONTH_ONLY = Pattern(r"[一二三四五六七八九十0-9]+月")
_FESTIVAL = Pattern(r"双十一|双11|双十二|双12|六一八|三月三|七月七|九月九|[一-龥]{1,2}节?")
_VERB_BEFORE = Pattern(r"(?:出|做|签|簽|交|提|发了|出了|做了|签了|给了|发了个|出了个|发了份|出了份)$")
_SHORTEST_NAME = 2
_LONGEST_NAME = 40
# A name is more than its trade: 赢单科技, 明天控股.
_SUFFIX_ONLY = Pattern(
    r"(?:科技|集团|公司|软件|教育|传媒|咨询|股份|控股|食品|餐饮|贸易|商贸|实业|资本|家居|装饰|文化|智能|数据|服务|平台|生物|医药|电子|网络|"
    r"酒店|物流|珠宝|头条|国际|商城|超市|生活|健康|礼品|网|宝|通|家|云|邦)+"
)


def standing(low: str, hidden: bytearray, candidates: Iterable[Found]) -> list[Found]:
    """Keep the candidates that do not cut a Chinese word in two."""
    every = sorted(candidates, key=lambda one: one.start)
    if not has_han(low):
        return every
    begins = [one.start for one in every]
    kept = [one for one in every if _TOKEN.match(low, one.start, one.start + 1) is None]
    glued: list[tuple[list[Found], list[Found]]] = []
    for start, end in _tokens(low, hidden, every):
        inside = every[bisect_left(begins, start) : bisect_left(begins, end)]
        alone = len(inside) == 1 and (inside[0].start, inside[0].end) == (start, end)
        if not inside or alone or not has_han(low[start:end]):
            kept.extend(inside)
            continue
        head, tail = _tiles(low, start, end, inside)
        at_end = [one for one in inside if one.start in tail] or _block(low, start, inside)
        if start in tail:
            kept.extend(at_end)
        else:
            glued.append(([one for one in inside if one.start in head], at_end))
    free_amount = any(one.slot == "amount" for one in kept)
    elsewhere = {one.slot for one in kept} | {one.slot for _, tail in glued for one in tail}
    for first, last in glued:
        head_found = _leading(low, first, last[0].start if last else -1, elsewhere)
        amounts = [one for one in (*head_found, *last) if one.slot == "amount"]
        if amounts:
            second = any(one in last and has_han(low[one.start : one.end]) for one in amounts)
            kept.extend((*head_found, *last) if second or not free_amount else ())
            continue
        kept.extend(head_found)
        if _may_be_glued(low, last, _token_start(low, last)):
            kept.extend(last)
    return sorted(kept, key=lambda one: one.start)


def _tokens(low: str, hidden: bytearray, every: list[Found]) -> Iterator[tuple[int, int]]:
    """Give runs without blanks, lengthened where a candidate reaches over a blank, cut at claimed text."""
    open_start, open_end, bridge = -1, -1, -1
    upcoming = 0
    for start, end in _runs(low, hidden):
        if open_start >= 0 and start < bridge:
            open_end = end
        else:
            if open_start >= 0:
                yield open_start, open_end
            open_start, open_end, bridge = start, end, -1
        while upcoming < len(every) and every[upcoming].start < end:
            if every[upcoming].start >= start:
                bridge = max(bridge, every[upcoming].end)
            upcoming += 1
    if open_start >= 0:
        yield open_start, open_end


def _runs(low: str, hidden: bytearray) -> Iterator[tuple[int, int]]:
    for match in _TOKEN.finditer(low):
        start, end = match.span()
        while start < end:
            claimed = hidden.find(1, start, end)
            stop = end if claimed < 0 else claimed
            if stop > start:
                yield start, stop
            start = stop + 1


def _tiles(low: str, start: int, end: int, inside: list[Found]) -> tuple[set[int], set[int]]:
    """Give the starts of the candidates that cover the token from its begin and up to its end without a gap."""
    steps: dict[int, list[int]] = {}
    for one in inside:
        steps.setdefault(one.start, []).append(one.end)
    for match in _FILLER.finditer(low, start, end):
        steps.setdefault(match.start(), []).append(match.end())
    reaches: dict[int, int] = {end: end}
    for at in sorted(steps, reverse=True):
        for stop in sorted(steps[at], reverse=True):
            if stop in reaches:
                reaches[at] = stop
                break
    candidate_starts = {one.start for one in inside}
    begin = min(at for at in reaches if at in candidate_starts or at in {start, end})
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


def _block(low: str, start: int, inside: list[Found]) -> list[Found]:
    """Give an amount and what follows it without a gap inside a token: 云水间民宿35万周五报价携程在比价."""
    for first in inside:
        if first.slot != "amount" or first.start - start < _SHORTEST_NAME or not has_han(low[first.start : first.end]):
            continue
        block, at = [first], first.end
        while True:
            filler = _FILLER.match(low, at)
            next_one = next((one for one in inside if one.start in {at, filler.end() if filler else at}), None)
            if next_one is None:
                break
            block.append(next_one)
            at = next_one.end
        if len({one.slot for one in block}) > 1:
            return block
    return []


def _token_end(low: str, at: int) -> int:
    match = _TOKEN.match(low, at)
    return match.end() if match else at


def _leading(low: str, head: list[Found], stop: int, elsewhere: set[str]) -> list[Found]:
    """Keep as many of the first candidates of a token as leave a name before `stop`."""
    for count in range(len(head), 0, -1):
        last = head[count - 1]
        rest = low[last.end : stop if stop >= 0 else _token_end(low, last.end)]
        rest = rest[:_LONGEST_NAME]
        inner = name_within(rest, stage_follows=False, keyed=False)
        name = rest[inner[0] : inner[1]] if inner else ""
        kept = [one for one in head[:count] if _leads_a_name(low, one, name, elsewhere, alone=count == 1)]
        if last in kept:
            return kept
    return []


def _leads_a_name(low: str, one: Found, name: str, elsewhere: set[str], *, alone: bool) -> bool:
    """Whether the first word of a token is no part of the name after it: 今天跟周生生, but 今日头条 and 签约宝.

    `elsewhere` are the kinds that the line names in other places.
    """
    words = low[one.start : one.end]
    rival = one.slot in elsewhere
    if one.slot == "amount":
        return not (rival and one.assumed and (not has_han(words) or _UNITS_ONLY.fullmatch(words)))
    if one.slot == "date" and CONNECTIVE_ZH.match(low, one.end):
        return True
    if rival or len(name) < _SHORTEST_NAME or _SUFFIX_ONLY.fullmatch(name):
        return False
    if one.slot == "stage":
        new_lead = one.start > 0 and low[one.start - 1] == "新"
        return new_lead or (words not in _NO_FIRST_WORDS and one.corrected is None)
    if one.slot == "date" and len(words) <= 2:  # noqa: PLR2004 周六, 今日, 十月
        return not alone or (len(name) > _SHORTEST_NAME and _MONTH_ONLY.fullmatch(words) is None)
    return one.slot != "date" or _FESTIVAL.fullmatch(words) is None


def _token_start(low: str, tail: list[Found]) -> int:
    start = tail[0].start if tail else 0
    while start > 0 and _TOKEN.match(low, start - 1, start):
        start -= 1
    return start


def _may_be_glued(low: str, part: list[Found], token: int) -> bool:
    """Whether what ends a token is no part of the name before it."""
    if not part:
        return False
    words = [low[one.start : one.end] for one in part]
    if len(part) > 1:
        return True
    if part[0].slot == "stage":
        verb = _VERB_BEFORE.search(low, max(0, part[0].start - 4), part[0].start)
        sentence = CONNECTIVE_ZH.match(low, token) is not None
        return verb is not None or sentence or (words[0] not in _PLAIN_NAME_ENDS and part[0].corrected is None)
    return part[0].rule != "weekday" and len(words[0]) > 2  # noqa: PLR2004 十月, 周五: too short to be told from a name
