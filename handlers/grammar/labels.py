"""Find labelled values: `key:value`, `key=value`, `--key value`, in English and Chinese."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from handlers.grammar.reading import MOST_OF_A_KIND
from handlers.grammar.words import Line

_KEYS = {
    "account": "account acct customer client company 客户名称 客户名 客户 客戶 公司名称 公司 账户 帐户 甲方",
    "amount": "amount amt value price total worth 合同金额 成交金额 预计金额 金额 金額 "
    "总价 总额 總額 价格 價格 合同额 数额",
    "close": "close closes closing close_date close-date closedate close\\ date expected\\ close "
    "expected exp\\.\\ close "
    "exp eta due date deadline 预计成交日期 预计成交时间 预计签约 预计关单 预计成交 成交日期 成交时间 关单日期 "
    "关单时间 关单 "
    "签约日期 签约时间 预计日期 预计时间 结单日期 结单 预计 預計 日期 时间 時間 截止日期 截止 到期",
    "stage": "stage status phase 销售阶段 阶段 階段 状态 狀態 进度",
    "tags": "tag tags label labels 标签 標籤 标记 標記",
    "note": "note notes remark remarks comment comments memo 备注 備註 备註 说明 說明 附注",
    "owner": "owner rep salesperson 负责人 負責人 销售 跟进人 业务员 所有人",
    "currency": "currency ccy 币种 幣種 货币 貨幣 币别",
    "url": "url link doc document 链接 連結 链接地址 文件",
    "contract": "contract 合同 合約",
    "person": "person to who for 人员 人 给 交给",
    "region": "region area 区域 大区 地区 區域",
    "period": "period 周期 期间 时段 期間",
    "percent": "percent discount off 折扣 比例 折讓",
    "text": "text reason title subject 标题 原因 理由 内容 正文 標題",
    "deal": "deal 商机 单号 交易",
    "request": "request approval 审批 申请",
    "policy": "policy 政策",
    "visit": "visit 拜访 拜訪",
}
_SLOT_OF = {key.replace("~", " "): slot for slot, keys in _KEYS.items() for key in re.split(r"(?<!\\) ", keys)}
_SLOT_OF = {key.replace("\\", ""): slot for key, slot in _SLOT_OF.items()}
KEYS = frozenset(_SLOT_OF)
_ALWAYS = frozenset({"note", "owner", "currency"})
_ANY_KEY = "|".join(re.escape(key) for key in sorted(_SLOT_OF, key=len, reverse=True))
_COLON = re.compile(rf"(?:(?<![a-z0-9@/.])|(?<=--))(?:--)?({_ANY_KEY}) ?[:=] ?")
_FLAG = re.compile(rf"(?<!\S)--({_ANY_KEY})(?: +|$)")
_UNKNOWN = re.compile(r"(?<!\S)(?:--([a-z]{4,14})(?: ?[:=] ?| )|([a-z]{4,14}) ?[:=] ?(?!/))")
_URL_NEXT = re.compile(r"\s*<?https?://")
_SHORT_KEY = 5
_MISSPELLABLE = tuple(key for key in _SLOT_OF if key.isascii() and key.isalpha() and len(key) >= _SHORT_KEY)


@dataclass(frozen=True, slots=True)
class Label:
    """A key at start..value of the text; what it labels ends at `end` at the latest."""

    slot: str
    start: int
    value: int
    end: int
    corrected: str | None = None


def find_labels(line: Line, slots: Collection[str], hidden: bytearray) -> list[Label]:
    """Find the labels outside quotes, in the order of the line."""
    if not any(mark in line.low for mark in (":", "=", "--")):
        return []
    spans: dict[int, tuple[str, int, str | None]] = {}
    for pattern in (_COLON, _FLAG):
        for match in pattern.finditer(line.low):
            slot = _slot(_SLOT_OF[match[1]], slots, line.low, match.end())
            if slot is not None and not hidden[match.start()]:
                spans.setdefault(match.start(), (slot, match.end(), None))
    taken = {start: end for start, (_, end, _) in spans.items()}
    for match in _UNKNOWN.finditer(line.low):
        if hidden[match.start()] or any(at in taken for at in range(match.start(), match.end())):
            continue
        key = _correct(match[1] or match[2])
        slot = _slot(_SLOT_OF[key], slots, line.low, match.end()) if key else None
        if slot is not None:
            spans[match.start()] = (slot, match.end(), key)
    starts = sorted(spans)[:MOST_OF_A_KIND]
    ends = [*starts[1:], len(line.low)] if starts else []
    return [
        Label(spans[start][0], start, spans[start][1], _line_end(line.low, spans[start][1], end), spans[start][2])
        for start, end in zip(starts, ends, strict=True)
    ]


def _slot(slot: str, slots: Collection[str], low: str, at: int) -> str | None:
    if slot == "contract":
        slot = "url" if _URL_NEXT.match(low, at) else ""
    if slot == "close" and slot not in slots:
        slot = "past" if "past" in slots else "date"
    if slot == "account" and slot not in slots:
        slot = "text"
    return slot if slot in slots or slot in _ALWAYS else None


def _line_end(low: str, start: int, end: int) -> int:
    newline = low.find("\n", start, end)
    return end if newline < 0 else newline


@lru_cache(maxsize=1024)
def _correct(word: str) -> str | None:
    if len(word) < _SHORT_KEY:
        return None
    distance, key = min((OSA.distance(word, key), key) for key in _MISSPELLABLE)
    allowed = 1 if len(word) < 8 else 2  # noqa: PLR2004 a long word may have two slips
    return key if 0 < distance <= allowed else None
