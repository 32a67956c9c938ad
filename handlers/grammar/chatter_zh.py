"""Know the words around a name in a Chinese sentence: 刚和海底捞签约了, 帮我报单, 金龙鱼这单."""

from handlers.grammar.patterns import Pattern

# Without a word before it, a connective can begin a name: 和硕, 跟谁学, 给力.
_BARE_CONNECTIVE = (
    r"和(?![硕碩记記黄黃谐諧平信邦而睦美利胜勝盛佳田府泰源君润潤达達顺順仁晶远遠鲸合氏风颐康众睿乐樂悦路创])|跟(?![谁誰上])"
    r"|[与與](?![光众眾时時])|[给給](?!力)|向(?![日阳陽上前往导導])|[为為](?=.{2,12}(?:出|做|提))"
    r"|同(?![程仁方花庆慶兴興])(?=.{2,10}(?:[签簽谈談]|成交|$))"
)
_MOMENT = (
    r"(?:刚才|刚刚|刚|剛剛|剛|已经|已經|已|正在|正|又|终于|終於|我们|我們|我这边|我這邊|我|"
    r"今天|今日|今早|昨天|琴日|上午|下午|本周|上周|目前|现在)"
)
_CONNECTIVE = r"(?:和|跟|与|與|给|給|向|同|对|對|为|為|把|将|將)"
CONNECTIVE_ZH = Pattern(
    rf"{_MOMENT}{_CONNECTIVE}|(?:{_BARE_CONNECTIVE}|拜访|拜訪|签下|簽下|拿下|谈下|见了|約了|约了|签了|簽了)"
)
_WON_OVER = r"(?:拿下|签下|簽下|谈下|談下|搞定|拜访|拜訪|签|簽|丢|丟|赢|贏|输)了|拿下|签下|簽下|谈下|談下|搞定"
_REQUEST = (
    r"[请請](?=[麻帮幫登录錄记記报報添新])|麻烦|麻煩|帮我|幫我|帮忙|幫忙|(?:登记|登記|录入|錄入|记录|記錄|报备|報備)(?:一下)?|"
    r"录一下|录个|记一下|記一下|报一下|報一下|新增|报单|報單|签单|簽單|报个单"
)
_NEW = r"有(?:一)?[个個]|来了[个個]|新(?:客户|客戶|线索|線索|(?:单子|单)(?=[:,是]))"
_HEAD = Pattern(
    rf"^(?:{_REQUEST}|{_NEW}){{1,6}}+(?:客户|客戶)?[是叫为]?"
    r"|^(?:客户|客戶|公司)(?:名称|名)?[是叫为](?=..)"
    rf"|^{_MOMENT}{{1,4}}+(?:{_CONNECTIVE}|{_WON_OVER})|^(?:{_WON_OVER}|正?在(?:谈|談|跟进|推进))(?=..)|^(?:我们|我們|我这边|我這邊)(?:的|这边)?"
)
_KEY = Pattern(r"^(?:客户|客戶)(?=..)")
_BARE_HEAD = Pattern(rf"^(?:{_BARE_CONNECTIVE})")
_THIS_ONE = Pattern(r"[这那這本该該][个個]?(?:单子|單子|单|單|笔|筆|项目|項目)")
_TAIL = Pattern(
    r"(?:[这那這本该該](?:[个個])?(?:单子|單子|单|單|笔|筆|项目|項目|客户|客戶)|的(?:单子|單子|单|單|项目|項目|合同)?"
    r"|谈到|談到|[谈談签簽发發出给給做报報送丢丟赢贏输輸定](?:了|过)|谈妥|談妥|谈好|談好|谈成|談成|敲定|[确確][认認]了?|同意了?|正?在(?:谈|談|跟进|推进)|[要快](?:签|簽)|已经|已經|刚刚|剛剛|目前|现在|現在|正在|预计|預計|大概|大约|差不多|金额|金額|阶段|階段"
    r"|(?:金额|金額|阶段|階段)[是为為]|或者?|还是|還是|、|了|(?<![酒网網书書水茶氧贴陶玩咖餐迷])吧|啦|[这這]边|那边)+$"
)
_TOLD = Pattern(r"(?:[谈談](?:[妥好成]|了|到)|[签簽定](?:了|好)|敲定|确认|確認).{0,2}$")
_TAIL_VERB = Pattern(r"(?:[发發出做提签簽报報]|提交|准备|準備)$")
_WHOLE = Pattern(
    rf"(?>{_REQUEST}|{_NEW}|{_MOMENT}|{_BARE_CONNECTIVE}|恭喜|喜报|喜報|好消息|可惜|很?遗憾|更新|各位|大家好|大家|你好|您好|辛苦了?|谢谢|謝謝|多谢|"
    r"感谢|收到|请知悉|请查收|老板|预计|預計|预期|争取|力争|拿下|签下|大概|大约|差不多|约|金额|金額|总价|阶段|階段|状态|客户|客戶|签|簽|出|发|發|谈|"
    r"[这那這本](?:[个個])?(?:单子|单|單|笔|项目)|[谈談签簽发發出]?到|了|的|是|为|吧|哈|呢|啦|啊|哦|或者?|还是|還是|在|于|共|和|跟|与|给|、|新|要|会|應該|应该|可能|左右|之前|前)++"
)
_BREAKS = Pattern(r"[,;:!?。、~]+")
_SHORTEST = 2
_WINDOW = 24


def name_within(words: str, *, stage_follows: bool, keyed: bool) -> tuple[int, int] | None:
    """Give the part of `words` that is the name; none when all of it is chatter.

    `stage_follows` says that a stage stands right after them, `keyed` that the line names its fields (金额80万).
    """
    start, end = _without_chatter_pieces(words)
    if start >= end:
        return None
    piece = words[start:end]
    told = stage_follows or _TOLD.search(piece[-_WINDOW:]) is not None
    head = _HEAD.match(piece) or (_BARE_HEAD.match(piece) if told else None)
    head = head or (_KEY.match(piece) if keyed else None)
    if head is not None and len(piece) - head.end() >= _SHORTEST:
        start += head.end()
    else:
        head = None
    start += len(words[start:end]) - len(words[start:end].lstrip(",;:!?、 "))
    shortest = 1 if _THIS_ONE.search(words, max(start, end - _WINDOW), end) else _SHORTEST
    tail = _TAIL.search(words, max(start + shortest, end - _WINDOW), end)
    if tail is not None:
        end = tail.start()
    if head is not None and (verb := _TAIL_VERB.search(words[start:end])) is not None and verb.start() >= _SHORTEST:
        end = start + verb.start()
    return (start, end) if start < end else None


def _without_chatter_pieces(words: str) -> tuple[int, int]:
    """Drop the leading and trailing pieces between punctuation that are only chatter."""
    bounds = [0, *(at for match in _BREAKS.finditer(words) for at in match.span()), len(words)]
    pieces = [(bounds[at], bounds[at + 1]) for at in range(0, len(bounds), 2)]
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    while pieces and _WHOLE.fullmatch(words, *pieces[0]):
        pieces.pop(0)
    while pieces and _WHOLE.fullmatch(words, *pieces[-1]):
        pieces.pop()
    return (pieces[0][0], pieces[-1][1]) if pieces else (0, 0)
