"""Find the stage of a deal; a misspelt stage word is corrected and says so."""

import re
from collections.abc import Iterator
from itertools import islice

from rapidfuzz.distance import OSA

from handlers.grammar.reading import MOST_OF_A_KIND, Found
from handlers.grammar.words import word_set
from models.stages import Stage

_ENGLISH = {
    "lead": Stage.LEAD, "leads": Stage.LEAD,
    "qualified": Stage.QUALIFIED, "qualify": Stage.QUALIFIED, "qualifying": Stage.QUALIFIED,
    "qualification": Stage.QUALIFIED,
    "proposal": Stage.PROPOSAL, "quote": Stage.PROPOSAL, "quoted": Stage.PROPOSAL, "quotation": Stage.PROPOSAL,
    "negotiation": Stage.NEGOTIATION, "negotiating": Stage.NEGOTIATION, "negotiations": Stage.NEGOTIATION,
    "contract": Stage.CONTRACT, "contracting": Stage.CONTRACT,
    "won": Stage.WON, "closed won": Stage.WON, "closed-won": Stage.WON,
    "lost": Stage.LOST, "closed lost": Stage.LOST, "closed-lost": Stage.LOST,
}  # fmt: skip
_CHINESE = {
    **dict.fromkeys(("线索", "線索"), Stage.LEAD),
    **dict.fromkeys(("初步接洽", "初步接触", "初步接觸", "接洽"), Stage.QUALIFIED),
    **dict.fromkeys(("方案", "报价", "報價", "提案", "報价", "报價"), Stage.PROPOSAL),
    **dict.fromkeys(("谈判", "談判", "商务谈判", "商務談判", "谈判"), Stage.NEGOTIATION),
    **dict.fromkeys(("合同", "合約", "合约"), Stage.CONTRACT),
    **dict.fromkeys(("签约", "簽約", "赢单", "贏單", "成交"), Stage.WON),
    **dict.fromkeys(("输单", "輸單", "丢单", "丟單", "丟单"), Stage.LOST),
}
_SLIPS = {
    **dict.fromkeys(("淡判", "谈叛"), "谈判"),
    "报假": "报价",
    "方按": "方案",
    "和同": "合同",
    "签越": "签约",
    "赢但": "赢单",
    "线所": "线索",
}
_WORDS = "|".join(re.escape(word) for word in sorted(_ENGLISH, key=len, reverse=True))
_CHINESE_WORDS = "|".join(sorted([*_CHINESE, *_SLIPS], key=len, reverse=True))
_PATTERN = re.compile(
    rf"(?<![a-z0-9@#'’.&/-])({_WORDS})(?![a-z0-9]|['’.&-][a-z0-9])"
    rf"|(?:已经|已|正在|处于|進入|进入)?({_CHINESE_WORDS})(?:阶段|階段|中|了)?"
)
_WORD = re.compile(r"[a-z]+")
_SHORTEST = 5
_LONG = 8
# English words one slip away from a stage word that mean something else.
_OTHER_WORDS = word_set("contact contacts contrast quota leader leaders load propose proposed quality qualifier quite")


def find_stages(low: str) -> Iterator[Found]:
    """Find the stage words of both languages."""
    for match in islice(_PATTERN.finditer(low), MOST_OF_A_KIND):
        stage, corrected = _meaning(match)
        firm = " " in match[0] or match[2] is not None
        yield Found("stage", "stage word", *match.span(), stage, firm=firm, corrected=corrected)


def _meaning(match: re.Match[str]) -> tuple[Stage, str | None]:
    if match[1]:
        return _ENGLISH[match[1]], None
    corrected = _SLIPS.get(match[2])
    return _CHINESE[corrected or match[2]], corrected


def correct_stage(word: str, *, labelled: bool = False) -> tuple[Stage, str] | None:
    """Give the stage that a misspelt English word means and the word it was read as."""
    if word in _OTHER_WORDS or not (3 if labelled else _SHORTEST) <= len(word) <= 16:  # noqa: PLR2004 longest stage word
        return None
    allowed = 2 if len(word) >= _LONG or labelled else 1
    best = sorted((OSA.distance(word, known, score_cutoff=allowed), known) for known in _ENGLISH if " " not in known)
    distance, known = best[0]
    if not 0 < distance <= allowed or distance * 3 > len(word):
        return None
    rivals = {_ENGLISH[other] for score, other in best if score == distance}
    return (_ENGLISH[known], known) if len(rivals) == 1 else None


def read_stage_value(low: str, start: int, end: int) -> Found:
    """Read what follows a stage label; bad when it is no stage."""
    match = _PATTERN.match(low, start, end)
    if match is not None:
        stage, corrected_as = _meaning(match)
        return Found("stage", "label", *match.span(), stage, corrected=corrected_as)
    word = _WORD.match(low, start, end)
    corrected = correct_stage(word[0], labelled=True) if word else None
    if word is not None and corrected is not None:
        return Found("stage", "label", *word.span(), corrected[0], corrected=corrected[1])
    stop = re.compile(r"\S*").match(low, start, end)
    return Found("stage", "label", start, stop.end() if stop else end, bad=True)
