"""Tell the customer from the people and places of a Chinese message, clause by clause."""

from collections.abc import Iterator

from handlers.grammar.patterns import Pattern

_TITLE = (
    r"(?:总监|经理|主任|老师|老板娘|老板|处长|局长|科长|部长|院长|校长|厂长|店长|先生|女士|小姐|负责人|同事|总|姐|哥|工|董"
    r"|經理|老闆|廠長|總)"
)
_NAME = r"[\u4e00-\u9fff]{2,16}"
_LATIN = r"[A-Z][\w&'’.-]*(?: (?:&|of|and|[A-Z][\w&'’.-]*)){0,5}"
_CLAUSE = Pattern(r"[^,;:!?。、~\n]+")
_SUFFIX = Pattern(
    r"(?:公司|集团|集團|企业|酒店|电商|科技|电子|重工|建材|五金|药业|藥業|纺织|鞋业|民宿|行|厂|廠|联盟|仓储|钢构|茶叶|机械|機械|数码|游船|医院|学校|大学"
    r"|银行|食品|餐饮|餐飲|物流|能源|材料|汽车|地产|传媒|文旅|乳品|果业|酿造|电缆|化工|工业|实业|贸易|股份|制造|生物|医药|医疗|光电|智能|网络|软件"
    r"|服饰|家居|家具|珠宝|影业|航空|保险|证券|教育|旅游|农业|牧业|渔业|林业|矿业|珠寶行|观光)$"
)
_VERB = Pattern(
    r"[说說想要了过過没沒去来來看给給请請着著让讓觉覺问問聊谈談找听聽等被把做开開买買选選写寫发發叫姓]|是(?!达)|在|的|很|我|你|他|她|这|這|那"
)
_CALLED = Pattern(rf"(?:客户|客戶|甲方|公司)(?:是|叫|为|名字是)?(?P<name>{_NAME}|{_LATIN})")
_OF_WHOM = Pattern(rf"(?P<name>{_NAME}?)的(?:采购|財務|财务)?[\u4e00-\u9fff]{{0,2}}{_TITLE}")
_WANTS = Pattern(
    rf"(?P<name>{_NAME}?)(?=想要|想做|想买|想買|想|需要|要(?:做|买|一)|那边|那邊|这边|终于|終於|总算|最近|今天|昨天|已经|已經|说|說|丢单|丟單|确认|確認"
    r"|打来|对我们|刚|签|簽|定了|很|对|采购|的合同|的负责人|我接手|目前|愿意|打算|这次|我们|那笔|那单|的预算|先算|有意)"
)
_HEAD = Pattern(
    r"^(?:(?:刚|剛|今天|昨天|上午|下午|我|我们|我們)?(?:跟|和|与|與|同|约|陪|给)|[\u4e00-\u9fff]{1,2}[姐哥总總]说|报告|他的客户|这单是|麻烦登记|我是"
    r"|在|从|從|的)"
)
_AFTER = Pattern(
    rf"(?:[发發交寄报][给給]|把|[认認][识識]了|[拜走][访訪]了|见了|反馈说|更新:? ?|[好坏]消息,|客户,叫|所以说?)"
    rf"(?:[\u4e00-\u9fff]{{2,3}}[的嘅])?(?P<name>{_NAME}?)(?=了|[的嘅]|转|那笔|那单|我们|这次|先算|$|[^\u4e00-\u9fff])"
)
_KNOWN_FROM = Pattern(r"(?:认识|認識|介绍|介紹|推荐|推薦)$")
_TOLD = Pattern(r"(?:说|說|介绍|介紹|告诉我|告訴我|讲|講)")
_CAPITALS = Pattern(_LATIN)
_NO_NAME = Pattern(
    r"(?:之前|之后|定标|定案|落实|左右|最晚|最迟|对方|那边|一共|总共|好消息|坏消息|多亏|目前|现在|有意向|窗口)"
)
_CITY = 3
_CUSTOMER_WORDS = Pattern(r"^(?:客户|客戶)(?:说|說|选|選|很|要|那|想|觉|对|对|也|都|还|已)")


def customer_of_message(text: str) -> tuple[int, int] | None:
    """Give the span of the one name that is a customer's; none when two are as likely or there is none.

    `text` has blanks where values were claimed.
    """
    found: dict[str, tuple[int, int, int]] = {}
    for score, start, end in _names(text):
        name = text[start:end]
        if name not in found or found[name][0] < score:
            found[name] = (score, start, end)
    ranked = sorted(found.values(), reverse=True)
    if not ranked or ranked[0][0] < 1 or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1:]


def _names(text: str) -> Iterator[tuple[int, int, int]]:
    for clause in _CLAUSE.each(text):
        start = clause.start() + len(clause[0]) - len(clause[0].lstrip())
        end = clause.end() - len(clause[0]) + len(clause[0].rstrip())
        if start < end:
            yield from _names_of_clause(text, start, end)
    for after in _AFTER.each(text):
        if _fits(after["name"]) and not _VERB.search(after["name"]):
            yield _weight(after["name"]) + 3, *after.span("name")
    for latin in _CAPITALS.each(text):
        if " " in latin[0]:
            yield 5, *latin.span()


def _names_of_clause(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    if (called := _CALLED.match(text, start, end)) and not _CUSTOMER_WORDS.match(text[start:end]):
        yield 6, *called.span("name")
        return
    head = _HEAD.match(text[start:end])
    begin = start + head.end() if head else start
    whom = _OF_WHOM.match(text, begin, end)
    if whom is not None and _KNOWN_FROM.search(whom["name"]):
        return
    if whom is not None:
        yield _weight(whom["name"]) + (1 if len(whom["name"]) > _CITY else -1), *whom.span("name")
        told = _TOLD.match(text, whom.end(), end)
        begin = told.end() if told else end
    wants = _WANTS.match(text, begin, end)
    if wants and _fits(wants["name"]) and not _VERB.search(wants["name"]):
        yield _weight(wants["name"]), *wants.span("name")
    elif begin < end and not _VERB.search(text, begin, end) and _fits(text[begin:end]):
        yield _weight(text[begin:end]) + 2, begin, end


def _fits(name: str) -> bool:
    if _NO_NAME.match(name):
        return False
    return 2 <= len(name) <= 20 and any(char >= "\u4e00" or char.isupper() for char in name)  # noqa: PLR2004 a name's length


def _weight(name: str) -> int:
    """How much a name looks like a company's: by its last word, and by its length beside a person's or a city's."""
    return (3 if _SUFFIX.search(name) else 0) + (2 if len(name) > _CITY else 0)
