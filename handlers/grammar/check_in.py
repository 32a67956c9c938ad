"""Read a check-in that somebody typed: `blockers: ...` or `卡点：...` begins a part, the rest is what they did."""

import re

from handlers.grammar.patterns import Pattern

_PARTS = {
    "plans": ("plans", "plan", "next", "this week", "计划", "本周", "下一步"),
    "blockers": ("blockers", "blocker", "blocked", "in the way", "stuck", "卡点", "阻碍", "困难", "问题"),
    "did": ("did", "done", "last week", "完成", "上周"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_LABEL = Pattern(rf"\s*({'|'.join(sorted(map(re.escape, _PART_OF), key=len, reverse=True))})\s*[:：]\s*", re.IGNORECASE)
_NEXT_PART = Pattern(rf"[,;.，；。]\s*(?={_LABEL.pattern})", re.IGNORECASE)


def read_check_in(text: str) -> dict[str, str]:
    """Part a text into `did`, `plans` and `blockers`; a label holds until the next one."""
    text = _NEXT_PART.sub("\n", text)
    parts: dict[str, list[str]] = {"did": [], "plans": [], "blockers": []}
    part = "did"
    for line in text.splitlines():
        label = _LABEL.match(line)
        if label is not None:
            part = _PART_OF[label[1].lower()]
        parts[part].append(line[label.end() :] if label else line)
    return {name: "\n".join(lines).strip() for name, lines in parts.items()}
