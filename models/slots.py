"""The slot types that intents are made of: how each is read, drawn in a form, and marked in a line."""

import typing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from models.durations import Duration
from models.intent import Slot
from models.money import Money
from models.ranks import Duty, Rank
from models.rules.approval import Decider
from models.rules.periods import DateRange, Period
from models.rules.standing import PersonData
from models.stages import Stage
from models.text import Bilingual, Text

AccountName = Annotated[
    str,
    Slot(
        "account",
        Text("Account"),
        en="account, account name, acct, customer, customer name, client, client name, company, company name",
        zh="客户名称, 客户名, 客户, 客戶, 公司名称, 公司, 账户, 帐户, 甲方",
    ),
]
Amount = Annotated[
    Money,
    Slot(
        "amount",
        Text("Amount"),
        "amount",
        en="amount, amt, value, price, total, worth, deal value, deal size, deal amount, contract value, order value, "
        "total value",
        zh="合同金额, 成交金额, 预计金额, 金额, 金額, 总价, 总额, 總額, 价格, 價格, 合同额, 数额",
    ),
]
CloseDate = Annotated[
    date,
    Slot(
        "close",
        Text("Close date"),
        "date",
        en="expected close date, expected closing, expected date, closing date, close, closes, closing, close_date, "
        "close-date, closedate, close date, expected close, expected, "
        "exp. close, exp, eta, due, date, deadline",
        zh="预计成交日期, 预计成交时间, 预计签约, 预计关单, 预计成交, 成交日期, 成交时间, 关单日期, 关单时间, 关单, "
        "签约日期, 签约时间, 预计日期, 预计时间, 结单日期, 结单, 预计, 預計, 日期, 时间, 時間, 截止日期, 截止, 到期",
    ),
]
Day = Annotated[
    date,
    Slot(
        "date",
        Text("Date"),
        "date",
        en="date, day, on, due, deadline, eta, next, next visit",
        zh="下次, 日期, 时间, 時間, 预计日期, 预计时间, 预计, 預計, 截止日期, 截止, 到期",
    ),
]
DayOrLater = Annotated[
    date | Duration,
    Slot(
        "later",
        Text("New date"),
        "date",
        en="date, day, on, to, by, next, next visit",
        zh="下次, 日期, 时间, 時間, 改到, 改为, 推迟, 推遲",
    ),
]
PastDay = Annotated[date, Slot("past", Text("Date"), "date", en="date, day, on", zh="日期, 时间, 時間")]
StageSlot = Annotated[
    Stage,
    Slot(
        "stage",
        Text("Stage"),
        "select",
        en="stage, status, phase, deal stage, sales stage",
        zh="销售阶段, 阶段, 階段, 状态, 狀態, 进度",
    ),
]
Tags = Annotated[
    tuple[str, ...], Slot("tags", Text("Tags"), en="tag, tags, label, labels", zh="标签, 標籤, 标记, 標記")
]
Note = Annotated[
    str,
    Slot(
        "note",
        Text("Note"),
        "textarea",
        en="note, notes, remark, remarks, comment, comments, memo",
        zh="备注, 備註, 備注, 说明, 說明, 附注",
    ),
]
ContractLink = Annotated[
    str,
    Slot(
        "url",
        Text("Contract link"),
        "url",
        en="url, link, doc, document, contract",
        zh="链接, 連結, 链接地址, 文件, 合同, 合約",
    ),
]
DealNumber = Annotated[str, Slot("deal", Text("Deal"), en="deal", zh="商机, 单号, 交易")]
RequestNumber = Annotated[str, Slot("request", Text("Request"), en="request, approval", zh="审批, 申请")]
PolicyNumber = Annotated[str, Slot("policy", Text("Policy"), en="policy", zh="政策")]
VisitNumber = Annotated[str, Slot("visit", Text("Visit"), en="visit", zh="拜访, 拜訪")]
RegionId = Annotated[str, Slot("region", Text("Region"), "select", en="region, area", zh="区域, 大区, 地区, 區域")]
Reason = Annotated[str, Slot("text", Text("Reason"), "textarea", en="reason, text", zh="原因, 理由, 内容")]
Words = Annotated[
    str, Slot("text", Text("Text"), "textarea", en="text, subject, note, notes", zh="内容, 正文, 备注, 備註")
]
Title = Annotated[str, Slot("text", Text("Title in English"), en="title, subject, text", zh="标题, 標題")]
Share = Annotated[Fraction, Slot("percent", Text("Percent"), en="percent, discount, off", zh="折扣, 比例, 折讓")]
TimeSpan = Annotated[Period | DateRange, Slot("period", Text("Period"), en="period", zh="周期, 期间, 时段, 期間")]
Year = Annotated[int, Slot("year", Text("Year"), en="year", zh="年份, 年度", hint=Bilingual("2027", "2027"))]
Colleague = Annotated[
    str,
    Slot(
        "person",
        Text("Person"),
        en="person, to, who, for",
        zh="人员, 人, 给, 交给",
        hint=Bilingual("Anna Weber", "林晓"),
    ),
]

Name = Annotated[str, Slot("name", Text("Name"), en="name", zh="名称, 姓名, 名字")]
Place = Annotated[
    str,
    Slot(
        "place",
        Text("Country, and state where it has its own holidays"),
        en="country, in",
        zh="国家, 国家地区",
        hint=Bilingual("Germany, DE-BY", "中国"),
    ),
]
Zone = Annotated[
    str,
    Slot(
        "zone",
        Text("Time zone"),
        en="zone, time zone, timezone, tz",
        zh="时区, 時區",
        hint=Bilingual("Europe/Berlin", "Asia/Shanghai"),
    ),
]
Unit = Annotated[
    str,
    Slot("unit", Text("Currency"), en="currency, ccy, in", zh="币种, 货币, 币别, 幣種", hint=Bilingual("EUR", "CNY")),
]
Tongue = Annotated[str, Slot("tongue", Text("Language"), "select", en="language, lang", zh="语言, 語言")]
Hours = Annotated[
    str,
    Slot(
        "hours",
        Text("Working hours"),
        en="hours, working hours, open",
        zh="工作时间, 上班时间, 工作時間",
        hint=Bilingual("09:00-18:00", "09:00-18:00"),
    ),
]
WorkingWeek = Annotated[
    str,
    Slot(
        "week",
        Text("Working days"),
        en="week, working week, working days, days",
        zh="工作日, 工作周",
        hint=Bilingual("Mon-Fri", "周一到周五"),
    ),
]
PersonDataSlot = Annotated[
    PersonData,
    Slot("person_data", Text("Figures about one person"), "select", en="person data, person_data", zh="个人数据"),
]
RankSlot = Annotated[Rank, Slot("rank", Text("Rank"), "select", en="rank, role", zh="职级, 角色, 級別")]
DutySlot = Annotated[Duty, Slot("duty", Text("Duty"), "select", en="duty", zh="职责, 職責")]
DeciderSlot = Annotated[Decider, Slot("decider", Text("Who decides"), "select", en="decider, by", zh="审批人, 由")]
RatioSlot = Annotated[
    Fraction, Slot("ratio", Text("Rate"), en="rate, worth", zh="汇率", hint=Bilingual("1.08", "0.14"))
]
TeamName = Annotated[
    str, Slot("team", Text("Team"), en="team, group", zh="团队, 小组, 團隊", hint=Bilingual("Süd", "上海组"))
]
Email = Annotated[
    str,
    Slot(
        "email",
        Text("Work e-mail"),
        en="email, e-mail, mail",
        zh="邮箱, 电邮, 郵箱",
        hint=Bilingual("anna@example.com", "lin@example.com"),
    ),
]
OwnName = Annotated[str, Slot("words", Text("Your own name"), hint=Bilingual("Helen Park", "陈思远"))]
Signatory = Annotated[
    str, Slot("words", Text("Who agreed (works council, staff)"), hint=Bilingual("works council", "职工代表大会"))
]
SignedDocument = Annotated[
    str, Slot("words", Text("In which document"), hint=Bilingual("agreement of 2 March", "3月2日协议"))
]
Bound = Annotated[str, Slot("bound", Text("Region"), "select", en="region, to", zh="区域, 大区")]

_OWNER = Slot("owner", Text("Owner"), en="owner, rep, salesperson", zh="负责人, 負責人, 销售, 跟进人, 业务员, 所有人")
_CURRENCY = Slot("currency", Text("Currency"), en="currency, ccy", zh="币种, 幣種, 货币, 貨幣, 币别")


def slot_of(hint: Any) -> Slot:
    """The slot of a slot type; raise StopIteration for any other type."""
    return next(extra for extra in typing.get_args(hint) if isinstance(extra, Slot))


def _like(kind: Any, en: str, zh: str) -> Slot:
    """The slot of a slot type with an example of its own."""
    return replace(slot_of(kind), hint=Bilingual(en, zh))


CompanyName = Annotated[str, _like(Name, "Meridian", "子午仪器")]
RegionName = Annotated[str, _like(Name, "DACH", "华东")]
NewTeam = Annotated[str, _like(Name, "Süd", "上海组")]
FullName = Annotated[str, _like(Name, "Anna Weber", "林晓")]
LimitAmount = Annotated[Money, _like(Amount, "100k", "10万")]
TargetAmount = Annotated[Money, _like(Amount, "4m", "2900万")]


ASIDE = (slot_of(Note), _OWNER, _CURRENCY)
"""What people label in any line; where no field takes it, it is heard and left alone."""
