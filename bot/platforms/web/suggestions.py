"""Lines that a newcomer may try, by who they are: the page offers them above the composer."""

from collections.abc import Mapping

from models.channels import ChannelKind
from models.ranks import Rank

_SELLING = {
    "en": ("/deal {account} 80k close next Tuesday stage proposal #expansion", "my", "board", "help"),
    "zh": ("报单 {account} 75万 下周三 合同", "我的", "榜单", "帮助"),
}
_DECIDING = {"en": ("approvals", "board", "my", "help"), "zh": ("待我审批", "榜单", "我的", "帮助")}
_LEADING = {"en": ("policy new", "approvals", "board", "help"), "zh": ("新政策", "待我审批", "榜单", "帮助")}
_RUNNING = {"en": ("setup", "board", "help"), "zh": ("设置", "榜单", "帮助")}
_DIRECT = {"en": "{account} 80k won", "zh": "{account} 75万 赢单"}


_BY_RANK: Mapping[Rank, Mapping[str, tuple[str, ...]]] = {
    Rank.MANAGER: _DECIDING, Rank.HQ: _LEADING, Rank.ADMIN: _RUNNING,
}  # fmt: skip


def suggestions(rank: Rank, kind: ChannelKind, language: str, account: str) -> tuple[str, ...]:
    """Choose lines for a person in a channel; `account` is a customer of their region."""
    lines: tuple[str, ...]
    if rank is Rank.REP:
        lines = _SELLING[language]
        lines = (_DIRECT[language], *lines[1:]) if kind is ChannelKind.DIRECT else lines
    else:
        lines = _BY_RANK[rank][language]
    return tuple(line.format(account=account) for line in lines)
