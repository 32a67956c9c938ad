"""Leave out of a Chinese message what only tells how the news came: 刚跟王总吃完饭, 张总回电了, 这单成了."""

from collections.abc import Iterator
from itertools import islice

from handlers.grammar.patterns import MOST_OF_A_KIND, Pattern

_TITLE = (
    r"(?:总监|总|姐|哥|经理|主任|主管|工|老师|老板|董|处长|处|局长|局|科长|科|部长|院长|校长|会长|行长|厂长|店长|所长|秘书"
    r"|先生|女士|小姐|總監|總|經理|老師|老闆|處長|廠長)"
)
_WHO = rf"(?:[\u4e00-\u9fff]{{1,2}}{_TITLE}|客户|客戶|对方|對方|领导|領導|采购|採購|他们|他們|她们|他|她|人家)"
_MOMENT = r"(?:[刚剛][才刚剛]?|[今昨前]天|今早|[今昨]晚|[上下中]午|早上|晚上|才|我[们們]?|已[经經]|又|[终終][于於])"
_VERB = (
    r"(?:吃|喝|聊|谈|談|开|開|通|打|见|見|沟通|溝通|确认|確認|碰|说|說"
    r"|讨论|討論|对接|對接|微信|视频|視頻|电话|電話|敲定|加)"
)
_OVER = r"(?:[完了过過好]|一下|一轮|一輪|一次)"
_WITH = r"(?:跟|和|与|與|同|找|约|約|见|見|陪|给|給|请|請|去见|去見)(?:了|过|過)?"
_MET = rf"{_MOMENT}{{0,3}}{_WITH}{_WHO}(?:一起|又)?{_VERB}{{1,2}}{_OVER}[\u4e00-\u9fff]{{0,4}}"
_SAID = (
    rf"{_MOMENT}{{0,2}}{_WHO}{_MOMENT}{{0,2}}(?:回电|回電|来电|來電|来信|回复|回覆|回话|点头|點頭|松口|鬆口|同意|拍板|答应|答應|确认|確認"
    r"|签字|簽字|发话|發話)[了过過]?[\u4e00-\u9fff]{0,2}"
)
_SIGH = (
    r"(?:唉|哎呀|哎|哈哈|嘿嘿|老板们|老板|老闆|领导|領導|各位|兄弟们|家人们|同事们|大家好|大家|报告|汇报一下|汇报|好消息|坏消息|喜报|可惜"
    r"|没办法|沒辦法|恭喜|更新一下|更新|同步一下|进展如下|谢谢|辛苦了|ok|okay)[了啊呀吧哦]?"
)
_NEWS = (
    r"(?:基本|应该|應該|大概|已经|已經|终于|終於|总算|總算|也|都|就|刚|剛)?"
    r"(?:没问题|沒問題|没了|沒了|成了|成啦|黄了|黃了|丢了|丟了|凉了|飞了|飛了|下来了|下來了|搞定了?|拿下了?|定了|妥了|批了|过了|過了"
    r"|谈妥了?|談妥了?|有戏了?|差不多了?|通过了?|签了|簽了|赢了|贏了)"
)
_NEWSY = ("了", "没问题", "沒問題", "成啦", "搞定", "拿下", "谈妥", "談妥", "有戏", "差不多", "通过")
# Of 美的那个单子 the name is 美的.
_DEAL = r"(?:(?<=[\u4e00-\u9fff]{2})的)?(?:[这那這][个個一]?(?:单子|單子|单|單|笔|筆|项目|項目|合同|事)|单子|單子)"
_CLAUSE = Pattern(r"[^,;:!?。、~\n\s]+")
_WHOLE = Pattern(rf"(?:{_MET}|{_SAID}|{_SIGH}|{_NEWS}|(?:能|可以|会|會|要)?(?:关单|關單|结单|結單|签下来|簽下來))")
# What leads to a label although nothing parts them: 跟刘姐通完电话了客户绝味食品.
_LEAD = Pattern(rf"(?:{_MET}?|{_SAID}?)(?=(?:客户|客戶|公司)[\u4e00-\u9fff]{{2}})", needs=("客户", "客戶", "公司"))
_AROUND = (
    # 刚从蓝月亮出来, 刚跟 Bosch 开完会: the name stands in the middle.
    Pattern(
        rf"(?P<head>{_MOMENT}{{0,3}}(?:从|從|在|去)) ?[^,。!\s]{{2,12}}? ?"
        r"(?P<tail>出来|出來|回来|回來|过来|過來|开完会|開完會)(?:了)?(?![\u4e00-\u9fff])",
        needs=("出来", "出來", "回来", "回來", "过来", "過來", "开完会", "開完會"),
    ),
    Pattern(
        rf"(?P<head>{_MOMENT}{{0,3}}(?:跟|和|与|與|同)) ?(?!{_WHO})[^,。!\s]{{2,12}}? ?"
        rf"(?P<tail>(?:一起)?{_VERB}{{1,2}}完[\u4e00-\u9fff]{{0,3}})(?![\u4e00-\u9fff])",
        needs="完",
    ),
    Pattern(
        rf"(?<=[^\s,。!])(?P<tail>{_DEAL}(?:{_NEWS}|又?(?:丢|丟|没|沒|黄|黃)(?:了)?))(?![\u4e00-\u9fff])",
        needs=(*"单單笔筆事", "项目", "項目", "合同"),
    ),
    Pattern(
        rf"(?<=[^\s,。!])(?P<tail>(?:那边|那邊|这边|這邊|那里|那裡))(?=[0-9零一二三四五六七八九十百两]|{_NEWS}|$|[,。\s])",
        needs=("那边", "那邊", "这边", "這邊", "那里", "那裡"),
    ),
    Pattern(
        r"(?P<head>(?:他们|他們|对方|對方|客户|客戶)?的?(?:预算|預算)(?:是|大概|有|约|約)?)(?=[0-9零一二三四五六七八九十百两])",
        needs=("预算", "預算"),
    ),
    Pattern(r"(?P<head>就)(?=今天|明天|昨天|后天|周|下周|这周|本周|月底)", needs="就"),
    Pattern(
        r"(?:报价|報價|方案|合同|合約)(?P<tail>(?:已经|已經|都)?(?:给|給|发|發|出|交|递|遞|寄)(?:过去|過去|出去|他们|他們)?了)",
        needs="了",
    ),
    Pattern(rf"(?<=[万萬亿億元块])(?P<tail>{_NEWS})", needs=_NEWSY),
    Pattern(
        r"(?<=[日号號底旬末一二三四五六天])(?P<tail>(?:能|可以|会|會|要|应该|應該)?(?:关单|關單|结单|結單))(?=[,。!\s]|$)",
        needs=("关单", "關單", "结单", "結單"),
    ),
    Pattern(
        r"(?<=[日号號底旬末初前后後天一二三四五六])(?P<tail>(?:要|能|可以|就)?(?:定|签|簽|签的|签约的|完成|盖章|蓋章|结案|結案|给答复|给结果))"
        r"(?=[,。!\s]|$)",
        needs=(*"定签簽", "完成", "盖章", "蓋章", "结案", "結案", "给答复", "给结果"),
    ),
    Pattern(
        r"(?:报价|報價|方案|合同|合約|proposal|contract|quote)"
        r"(?P<tail>(?:已经|已經|已)?(?:发|發|给|給|出|可以|没问题|ok|通过|通過|过|過|在走流程|走流程中|在审|在審)了?)(?=[,。!\s]|$)",
        needs=(*"发發给給出过過审審", "可以", "没问题", "ok", "走流程"),
    ),
    Pattern(
        r"(?<![\u4e00-\u9fff])(?P<head>走|先算|先算是|算|还在|還在|先)(?=合同|线索|線索|谈判|談判|方案|报价|報價)",
        needs=(*"走算先", "还在", "還在"),
    ),
    Pattern(r"的合同(?P<tail>法务[^,。!]{0,6})(?=[,。!\s]|$)", needs=("法务",)),
)
_GLUED_KEY = Pattern(
    r"(?:客户|客戶)[是为為]?(?=[\u4e00-\u9fff]{2})(?![说說选選很要想觉覺])|"
    r"(?<=[\u4e00-\u9fff])(?:(?:金额|金額|总价|總價)[是为為]?(?=[0-9零一二三四五六七八九十百两兩])"
    r"|(?:阶段|階段|状态)[是为為]?(?=线索|方案|报价|报价|谈判|合同|签约|赢单|接洽|初步)|(?:时间|時間|日期)[是为為]?(?=[0-9一二三十下本这周月]))",
    needs=("客户", "客戶", "金额", "金額", "总价", "總價", "阶段", "階段", "状态", "时间", "時間", "日期"),
)
_MAYBE_DOUBTFUL = Pattern(
    r"[很说說想]|(?<=[^\s])的(?=[^\s])|喜欢|喜歡|感谢|感謝|客户|客戶|老板|老闆|[这那這][个個]|刚[才刚跟从]|剛[才剛跟從]|一下"
    r"|完会|开会|出来|回来|吃饭|电话|觉得|希望|估计|愿意|原话|之前|打算|意向|反馈|介绍|批下来|多亏|抢走|转给"
)
_DOUBTFUL = Pattern(
    r"[,;。!?]|[了啦吗嗎呢](?:$|[^\u4e00-\u9fff])|他们|他們|我们|我們|[这那這]单|已经|已經|没问题(?![\u4e00-\u9fff])|定标|定案"
    r"|[介推][绍紹荐薦]的? |[认認][识識]的? "
    r"|[\u4e00-\u9fff] (?:[见見][了过過]|也?在[谈談等看抢搶比催]|[还還][没沒在]|等[他客法审審预預批]|要[看等求])"
    r"|得[急紧很] "
    r"|(?:[总總姐哥]|经理|客户|客戶|老板)[说說]|很喜|客户[a-zA-Z]"
)


def tellings_in_chinese(low: str) -> Iterator[tuple[int, int]]:
    """Find the spans that name neither a customer nor a value."""
    may_lead = _LEAD.could_be_in(low)
    for clause in islice(_CLAUSE.finditer(low), 10 * MOST_OF_A_KIND):
        if _WHOLE.fullmatch(low, *clause.span()):
            yield clause.span()
        elif may_lead and (lead := _LEAD.match(low, *clause.span())) and lead.end() > lead.start():
            yield lead.span()
    if (
        ":" not in low and _GLUED_KEY.could_be_in(low) and len(_GLUED_KEY.findall(low)) > 1
    ):  # dictated: 金额二百万阶段报价时间下周五
        yield from (match.span() for match in _GLUED_KEY.each(low))
    for pattern in _AROUND:
        for match in pattern.each(low):
            yield from (match.span(part) for part in match.groupdict() if match[part])


def is_half_a_sentence(name: str, *, among_others: bool) -> bool:
    """Whether words still hold a verb, a particle or the marks of a sentence; more do, where others stand beside."""
    return _DOUBTFUL.search(name) is not None or (among_others and _MAYBE_DOUBTFUL.search(name) is not None)
