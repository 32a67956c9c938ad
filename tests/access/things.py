"""What each command is tried on: whose things it may touch, made just before it is asked for.

A new command that has no line here fails the page's test.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from models.approvals import Approve, Reject, RequestApproval, ShowWaiting
from models.boards import ShowBoard
from models.deals import (
    AddNote,
    AmendDeal,
    Dismiss,
    ExplainDeal,
    LogDeal,
    MoveStage,
    RecordInvoice,
    RecordPayment,
    ShowDeal,
    ShowMine,
    Undo,
)
from models.dropped import ImportFile, ReadFile
from models.feedback import AnswerFeedback, GiveFeedback
from models.help import ShowHelp
from models.joining import ConfirmAccount, Invite, Leave, RefuseAccount, ThatIsMe
from models.links import LinkAccount
from models.money import Money
from models.policies import Acknowledge, DraftPolicy, PolicyState, SendPolicy, ShowPolicies
from models.ranks import Duty, Rank
from models.removing import RemoveLimit, RemoveRate, RemoveRegion, RemoveTeam
from models.roster import ShowPeople
from models.rules.approval import Decider
from models.rules.standing import PersonData
from models.setup import (
    BindChannel,
    EndDuty,
    GiveDuty,
    NameYourself,
    SetLimit,
    SetRate,
    SetUpCompany,
    SetUpPerson,
    SetUpPersonData,
    SetUpRegion,
    SetUpTeam,
    ShowSetup,
    TakeBackSetup,
)
from models.stages import Stage
from models.standups import CheckInNow
from models.targets import RemoveTarget, SetTarget, ShowTargets
from models.visits import FinishVisit, LogVisit, MoveVisit
from tests.access.scene import COLLEAGUES, ELSEWHERE, HERE, MANAGERS, REGIONS, Scene

Make = Callable[[Scene], object]

OWN, COLLEAGUES_, OTHERS = "one's own", "a colleague's, own region", "another region's"
WHOSE = {OWN: "own", COLLEAGUES_: "here", OTHERS: "elsewhere"}
NEW = "new customer"


def _deals(make: Callable[[str], object]) -> dict[str, Make]:
    """On one's own deal, a colleague's and one of another region."""
    return {words: partial(lambda whose, scene: make(scene.deal(whose).id), whose) for words, whose in WHOSE.items()}


def _visits(make: Callable[[str], object]) -> dict[str, Make]:
    return {words: partial(lambda whose, scene: make(scene.visit(whose)), whose) for words, whose in WHOSE.items()}


def _decided(make: Callable[[str], object]) -> dict[str, Make]:
    """On requests that wait for the manager, for finance and for headquarters; also with the finance duty."""

    def waiting(whose: str, decider: Decider, scene: Scene, *, finance: bool = False) -> object:
        if finance:
            scene.holding_finance()
        return make(scene.request(whose, decider))

    managers, finance = Decider.MANAGER, Decider.FINANCE
    return {
        "one's own": partial(waiting, "own", managers),
        "one's own, at the step of finance, holding the duty": partial(waiting, "own", finance, finance=True),
        "a colleague's for one's own deal": lambda scene: make(scene.request("own", managers, COLLEAGUES["here"])),
        "one's own for a colleague's deal": lambda scene: make(scene.request("here", managers, scene.person.id)),
        "own region's, at the manager's step": partial(waiting, "here", managers),
        "own region's, at the step of finance": partial(waiting, "here", finance),
        "own region's, at the step of finance, holding the duty": partial(waiting, "here", finance, finance=True),
        "own region's, at headquarters' step": partial(waiting, "here", Decider.HQ),
        "another region's, at the manager's step": partial(waiting, "elsewhere", managers),
        "another region's, at the step of finance, holding the duty": partial(
            waiting, "elsewhere", finance, finance=True
        ),
        "another region's, at headquarters' step": partial(waiting, "elsewhere", Decider.HQ),
    }


def _regions(make: Callable[[str], object]) -> dict[str, Make]:
    return {"own region": lambda _: make(HERE), "another region": lambda _: make(ELSEWHERE)}


def _people(make: Callable[[Scene, str], object]) -> dict[str, Make]:
    """On reps and managers here and elsewhere, headquarters, an administrator and oneself."""
    return {
        "a rep of one's own region": lambda scene: make(scene, COLLEAGUES["here"]),
        "a rep of another region": lambda scene: make(scene, COLLEAGUES["elsewhere"]),
        "another manager of one's own region": lambda scene: make(scene, scene.second_manager()),
        "a manager of another region": lambda scene: make(scene, MANAGERS["elsewhere"]),
        "somebody of headquarters": lambda scene: make(scene, "chen-siyuan"),
        "another administrator": lambda scene: make(scene, scene.second_administrator()),
        "oneself": lambda scene: make(scene, scene.person.id),
    }


def _alone(make: Make) -> dict[str, Make]:
    return {"": make}


def _undo() -> dict[str, Make]:
    return {words: partial(lambda whose, scene: Undo(scene.entry(whose)), whose) for words, whose in WHOSE.items()}


def _stand_ups() -> dict[str, Make]:
    def answer(whose: str, scene: Scene) -> object:
        return CheckInNow(scene.stand_up(whose), did="calls", plans="visits", blockers="none")

    return {"own region's": partial(answer, "here"), OTHERS: partial(answer, "elsewhere")}


def _targets(make: Callable[[Scene, str], object]) -> dict[str, Make]:
    return {
        "own region": lambda scene: make(scene, "here"),
        "another region": lambda scene: make(scene, "elsewhere"),
    }


def _draft(scene: Scene) -> object:
    return DraftPolicy("Rebates", "From Monday.", (HERE, ELSEWHERE), scene.now.date() + timedelta(days=9))


def _set_target(scene: Scene, whose: str) -> object:
    currency = {"here": "USD", "elsewhere": "EUR"}[whose]
    return SetTarget(REGIONS[whose], Money(6_000_000_00, currency), scene.now.year + 3)


def _take_back(scene: Scene) -> object:
    scene.step()
    return TakeBackSetup()


_OTHER_RULE = {HERE: PersonData.TEAM, ELSEWHERE: PersonData.PRIVATE}

THINGS: Mapping[type, dict[str, Make]] = {
    LogDeal: _alone(lambda _: LogDeal(NEW, Money(80_000_00, "USD"))),
    AmendDeal: _deals(lambda deal: AmendDeal(deal, close_on=date(2027, 1, 4))),
    MoveStage: _deals(lambda deal: MoveStage(deal, Stage.NEGOTIATION)),
    AddNote: _deals(lambda deal: AddNote(deal, "they want delivery in May")),
    Dismiss: _alone(lambda _: Dismiss()),
    Undo: _undo(),
    RecordPayment: _deals(lambda deal: RecordPayment(deal, Money(100_00, "USD"))),
    RecordInvoice: _deals(lambda deal: RecordInvoice(deal, Money(100_00, "USD"))),
    ShowDeal: _deals(ShowDeal),
    ExplainDeal: _deals(ExplainDeal),
    ShowMine: _alone(lambda _: ShowMine()),
    RequestApproval: _deals(RequestApproval),
    Approve: _decided(Approve),
    Reject: _decided(lambda request: Reject(request, "the price is too low")),
    ShowWaiting: _alone(lambda scene: (scene.request("here", Decider.MANAGER), ShowWaiting())[1]),
    DraftPolicy: _alone(_draft),
    SendPolicy: _alone(lambda scene: SendPolicy(scene.policy(PolicyState.DRAFT, HERE, ELSEWHERE))),
    Acknowledge: {
        "addressed to one's own region": lambda scene: Acknowledge(scene.policy(PolicyState.SENT, HERE)),
        "addressed to another region": lambda scene: Acknowledge(scene.policy(PolicyState.SENT, ELSEWHERE)),
        "a draft": lambda scene: Acknowledge(scene.policy(PolicyState.DRAFT, HERE)),
    },
    ShowPolicies: _alone(lambda scene: (scene.policy(PolicyState.SENT, HERE), ShowPolicies())[1]),
    LogVisit: _alone(lambda _: LogVisit(NEW, "met Jane")),
    FinishVisit: _visits(FinishVisit),
    MoveVisit: _visits(lambda visit: MoveVisit(visit, date(2027, 1, 4))),
    CheckInNow: _stand_ups(),
    ShowBoard: _alone(lambda _: ShowBoard()),
    SetTarget: _targets(_set_target),
    RemoveTarget: _targets(lambda scene, whose: RemoveTarget(scene.targeted(whose), scene.now.year + 2)),
    ShowTargets: {"": lambda _: ShowTargets(), **_targets(lambda _, whose: ShowTargets(REGIONS[whose]))},
    LinkAccount: _alone(lambda _: LinkAccount()),
    ThatIsMe: {
        "oneself": lambda scene: ThatIsMe(scene.person.id),
        "somebody else": lambda _: ThatIsMe(COLLEAGUES["here"]),
    },
    GiveFeedback: _alone(lambda _: GiveFeedback("the limits cost us two days")),
    AnswerFeedback: {
        "a rep's, of one's own region": lambda scene: AnswerFeedback(scene.feedback(shown=False), "Thanks"),
        "the same, once shown to whoever asks": lambda scene: AnswerFeedback(scene.feedback(shown=True), "Thanks"),
    },
    ShowSetup: _alone(lambda _: ShowSetup()),
    SetUpCompany: _alone(lambda _: SetUpCompany("Meridian Two")),
    BindChannel: _alone(lambda _: BindChannel("latam")),
    SetLimit: _alone(lambda _: SetLimit(Decider.FINANCE, Money(1_000_00, "USD"))),
    SetRate: _alone(lambda _: SetRate("EUR", Fraction(9, 10))),
    NameYourself: _alone(lambda _: NameYourself("Somebody Else")),
    TakeBackSetup: _alone(_take_back),
    SetUpRegion: _alone(lambda _: SetUpRegion("Nordics", "SE")),
    SetUpPersonData: _regions(lambda region: SetUpPersonData(region, _OTHER_RULE[region])),
    SetUpTeam: _regions(lambda region: SetUpTeam("Newcomers", region)),
    RemoveRegion: _alone(lambda scene: RemoveRegion(scene.empty_region())),
    RemoveTeam: _alone(lambda scene: RemoveTeam(scene.empty_team(), HERE)),
    RemoveLimit: _alone(lambda _: RemoveLimit(Decider.FINANCE)),
    RemoveRate: _alone(lambda _: RemoveRate("EUR")),
    ShowPeople: {"": lambda _: ShowPeople(), **_regions(ShowPeople)},
    SetUpPerson: _regions(lambda region: SetUpPerson("Nova Newcomer", Rank.REP, region)),
    GiveDuty: _people(lambda scene, person: GiveDuty(scene.without_duty(person), Duty.SPECIALIST)),
    EndDuty: _people(lambda scene, person: EndDuty(scene.with_duty(person), Duty.AMBASSADOR)),
    Invite: _people(lambda _, person: Invite(person)),
    ConfirmAccount: _people(lambda scene, person: ConfirmAccount(scene.account_request(person))),
    RefuseAccount: _people(lambda scene, person: RefuseAccount(scene.account_request(person))),
    Leave: _people(lambda _, person: Leave(person, sure=True)),
    ReadFile: {
        "one's own": lambda scene: ReadFile(scene.file(theirs=True)),
        "somebody else's": lambda scene: ReadFile(scene.file(theirs=False)),
    },
    ImportFile: {
        "one's own": lambda scene: ImportFile(scene.file(theirs=True)),
        "somebody else's": lambda scene: ImportFile(scene.file(theirs=False)),
    },
    ShowHelp: _alone(lambda _: ShowHelp()),
}
