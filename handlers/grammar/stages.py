"""Find the stage of a deal; a misspelt stage word is corrected and says so."""

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.words import Line, has_han, word_set
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
# Characters that sound alike, typed one for the other; only a whole word made of them is a slip.
_SOUND_ALIKE = {
    "报价": ("报抱暴爆豹", "价假架驾嫁"),
    "方案": ("方房芳防放", "案按岸暗"),
    "谈判": ("谈淡弹谭坛叹", "判叛盼畔盘"),
    "合同": ("合和何核河", "同铜桐童统"),
    "签约": ("签千牵铅迁", "约月越悦岳"),
    "赢单": ("赢营迎盈嬴", "单但担弹"),
    "丢单": ("丢", "单但担弹"),
    "线索": ("线现限县", "索锁所缩"),
    "成交": ("成城承程诚", "交焦胶娇"),
    "接洽": ("接结街", "洽恰"),
}
_REAL_WORDS = word_set("抱负 城郊 呈交 暴弹 和同 爆弹 现所 限所 县所 千岳 铅月 何童")
_SLIPS = {
    first + second: word
    for word, (firsts, seconds) in _SOUND_ALIKE.items()
    for first in firsts
    for second in seconds
    if first + second != word and first + second not in _REAL_WORDS
}
_SLIPS |= {f"初步{slip}": "初步接洽" for slip, word in _SLIPS.items() if word == "接洽"}
_SLIP_PAIRS = "|".join(f"[{firsts}][{seconds}]" for firsts, seconds in _SOUND_ALIKE.values())
_WORDS = "|".join(re.escape(word) for word in sorted(_ENGLISH, key=len, reverse=True))
_CHINESE_WORDS = "|".join(sorted(_CHINESE, key=len, reverse=True)) + rf"|(?:初步)?(?:{_SLIP_PAIRS})"
_IN_ENGLISH = rf"(?<![a-z0-9@#'’.&/-])({_WORDS})(?![a-z0-9]|['’.&-][a-z0-9])"
_ENGLISH_ALONE = Pattern(_IN_ENGLISH)
_PATTERN = Pattern(
    _IN_ENGLISH + rf"|(?:已经|已|正在|处于|進入|进入)?({_CHINESE_WORDS})(?!日期|时间|易|[额額率量])(?:阶段|階段|中|了)?"
)
# The second word of proposal/contract; a slash elsewhere belongs to an address.
_AFTER_SLASH = Pattern(rf"/({_WORDS})(?![a-z0-9/.-])")
_NOT = Pattern(
    r"(?<![a-z])(?:(?:is |has |was |have |are )?(?:not|never)|(?:is|has|was|have|are|does)n['’]?t"
    r"|almost|nearly|yet to be|to be)"
    r"(?: yet| been| be| quite| fully| really| officially){0,2} $"
)
_NOT_ZH = Pattern(r"(?:还没有?|還沒有?|没有|沒有|没|沒|尚未|并未|未|不是|不算|差点|即将|即將|快要?|准备) ?$")
# Never Lost and 飞快 are names; a denial in capitals (ACME NOT WON) is one all the same.
_NAME_BEFORE = Pattern(r"\s*(?:Never |[飞轻明]快)")
_YET = Pattern(r" yet(?![a-z])")
_LOOK_BACK = 24
_WORD = Pattern(r"[a-z]+")
_NO_BLANKS = Pattern(r"\S*")
_SHORTEST = 5
_LONG = 8
# English words one slip away from a stage word that mean something else.
_OTHER_WORDS = word_set("contact contacts contrast quota leader leaders load propose proposed quality qualifier quite")


def find_stages(line: Line) -> Iterator[Found]:
    """Find the stage words of both languages."""
    low = line.low
    for match in (_PATTERN if has_han(low) else _ENGLISH_ALONE).each(low):
        meaning = _meaning(match)
        denied = _denied(line, match) if meaning is not None else None
        if denied is not None:
            yield Found("unused", "denied stage", *denied)
        elif meaning is not None:
            firm = " " in match[0] or match[1] is None
            yield Found("stage", "stage word", *match.span(), meaning[0], firm=firm, corrected=meaning[1])
            other = _AFTER_SLASH.match(low, match.end())
            if other is not None:
                yield Found("stage", "stage word", *other.span(1), _ENGLISH[other[1]], firm=False)


def _denied(line: Line, match: re.Match[str]) -> tuple[int, int] | None:
    """Give the words when the stage is said not to be reached: not won yet, 还没赢单; not Never Lost, a name."""
    pattern = _NOT if match[1] else _NOT_ZH
    before = pattern.search(line.low, max(0, match.start() - _LOOK_BACK), match.start())
    if before is None or _NAME_BEFORE.fullmatch(line.text, 0, before.end()):
        return None
    yet = _YET.match(line.low, match.end())
    return before.start(), yet.end() if yet else match.end()


def _meaning(match: re.Match[str]) -> tuple[Stage, str | None] | None:
    """Give the stage of a match and the word it was corrected to; none when its characters only look like a slip."""
    if match[1]:
        return _ENGLISH[match[1]], None
    if match[2] in _CHINESE:
        return _CHINESE[match[2]], None
    corrected = _SLIPS.get(match[2])
    return (_CHINESE[corrected], corrected) if corrected else None


def without_doubtful_slips(candidates: list[Found]) -> list[Found]:
    """Leave out the slips of a line that also has a stage word without one, or that begins with the slip: a name."""
    if all(one.corrected is None for one in candidates):
        return candidates
    sure = any(one.slot == "stage" and one.corrected is None for one in candidates)
    return [one for one in candidates if one.corrected is None or not (sure or one.start == 0)]


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
    meaning = _meaning(match) if match is not None else None
    if match is not None and meaning is not None:
        return Found("stage", "label", *match.span(), meaning[0], corrected=meaning[1])
    word = _WORD.match(low, start, end)
    corrected = correct_stage(word[0], labelled=True) if word else None
    if word is not None and corrected is not None:
        return Found("stage", "label", *word.span(), corrected[0], corrected=corrected[1])
    stop = _NO_BLANKS.match(low, start, end)
    return Found("stage", "label", start, stop.end() if stop else end, bad=True)
