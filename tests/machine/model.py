"""A plain model of the company: who may do what to a deal, and what it comes to. It knows nothing of the product."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from tests.machine.diary import HEADQUARTERS, Diary

UNDO_FOR = timedelta(minutes=10)
FINANCE_ABOVE = 100_000_00
CHANGES = ("logged", "amended", "stage")
ZONES = {"us": "America/New_York", "cn-east": "Asia/Shanghai"}
SELLERS = ("rep", "manager", "hq")


@dataclass
class Person:
    """Somebody: `region` is none for headquarters."""

    id: str
    name: str
    rank: str
    region: str | None
    finance: bool = False


@dataclass(frozen=True)
class State:
    """What of a deal can be taken back."""

    minor: int
    stage: str | None
    signed: date | None
    void: bool = False


@dataclass
class Entry:
    """What somebody did to a deal; `before` is none where the deal began with it or stayed as it was."""

    deal: str
    kind: str
    by: str
    at: datetime
    before: State | None = None
    minor: int = 0
    undone: bool = False


@dataclass
class Deal:
    """A deal, as it stands."""

    id: str
    owner: str
    region: str
    account: str
    now: State


@dataclass
class Request:
    """What was asked for: the deciders that are left begin at `step`."""

    id: str
    deal: str
    by: str
    region: str
    minor: int
    steps: list[str]
    step: int = 0
    state: str = "pending"
    decided: list[tuple[str, str]] = field(default_factory=list)


class Company:
    """What should be so. A question is answered by why something is refused; none: it is done."""

    def __init__(self, people: list[Person]) -> None:
        self.people = {person.id: person for person in people}
        self.deals: dict[str, Deal] = {}
        self.requests: dict[str, Request] = {}
        self.entries: list[Entry] = []
        self.policies: dict[str, set[str]] = {}
        self.read: set[tuple[str, str]] = set()
        self.diary = Diary()

    def sees(self, person: Person, deal: Deal) -> bool:
        return (
            person.rank == "hq"
            or deal.owner == person.id
            or (person.rank == "manager" and person.region == deal.region)
        )

    def may_touch(self, person: Person, deal: Deal) -> bool:
        return person.rank in SELLERS and self.sees(person, deal) and not deal.now.void

    def waits(self, deal: Deal) -> bool:
        return any(one.deal == deal.id and one.state == "pending" for one in self.requests.values())

    # What is done

    def log(self, person: Person, number: str, account: str, state: State, now: datetime) -> None:
        self.deals[number] = Deal(number, person.id, person.region or "", account, state)
        self.entries.append(Entry(number, "logged", person.id, now))

    def change(self, person: Person, deal: Deal, kind: str, state: State, now: datetime) -> bool:
        """Whether it is done; false while a request waits for the deal as it is."""
        if (state.minor != deal.now.minor or state.stage == "lost") and self.waits(deal):
            return False
        if state.minor != deal.now.minor:
            self._void(deal)
        self.entries.append(Entry(deal.id, kind, person.id, now, deal.now))
        deal.now = state
        return True

    def write(self, person: Person, deal: Deal, kind: str, now: datetime, minor: int = 0) -> None:
        self.entries.append(Entry(deal.id, kind, person.id, now, minor=minor))

    def write_visit(self, person: Person, account: str, now: datetime) -> None:
        """A visit stands in the story of its owner's newest open deal with the customer, too."""
        mine = [deal for deal in self.deals.values() if (deal.owner, deal.account) == (person.id, account)]
        still_open = [deal for deal in mine if not deal.now.void and deal.now.stage not in ("won", "lost")]
        if still_open:
            self.write(person, still_open[-1], "visit", now)

    def last_of(self, person: Person) -> Entry | None:
        """What `undo` alone would take back; none where there is nothing, or something came later that stays."""
        mine = [entry for entry in self.entries if entry.by == person.id]
        found = [entry for entry in mine if not entry.undone and entry.kind in (*CHANGES, "collected")]
        visited = self.diary.touched.get(person.id)
        later = visited is not None and mine and visited >= mine[-1].at
        return found[-1] if found and mine[-1].kind not in ("note", "requested", "decided") and not later else None

    def undo(self, person: Person, entry: Entry | None, now: datetime) -> bool:
        """Take an entry back, if that may be."""
        if person.rank not in SELLERS or entry is None or entry.by != person.id:
            return False
        if entry.undone or now - entry.at > UNDO_FOR:
            return False
        deal = self.deals[entry.deal]
        live = [each for each in self.entries if each.deal == deal.id and not each.undone]
        if entry.kind != "collected":
            after = entry.before or replace(deal.now, void=True)
            another = after.minor != deal.now.minor or after.void != deal.now.void
            turns_lost = after.stage == "lost" != deal.now.stage
            if (another or turns_lost) and self.waits(deal):
                return False
            if [each for each in live if each.kind in CHANGES][-1] is not entry:
                return False
            if entry.before is None and any(each.kind == "collected" for each in live):
                return False
            if another:
                self._void(deal)
            deal.now = after
        entry.undone = True
        self.entries.append(Entry(deal.id, "undone", person.id, now))
        return True

    def _void(self, deal: Deal) -> None:
        for request in self.requests.values():
            if request.deal == deal.id and request.state == "approved":
                request.state = "void"

    # What is asked for and decided

    def chain(self, asker: Person, deal: Deal) -> list[str]:
        """The deciders of a request; nobody decides their own matter, whoever is missing is refused (no chain)."""
        owner = self.people[deal.owner]
        managed = any(one.rank in ("manager", "hq") for one in (asker, owner))
        steps = ["hq" if managed else "manager"]
        if deal.now.minor > FINANCE_ABOVE:
            steps.append("hq" if asker.finance or owner.finance else "finance")
        request = Request("", deal.id, asker.id, deal.region, deal.now.minor, _once(steps))
        return request.steps if self._ways(request) else []

    def deciders(self, request: Request) -> set[str]:
        """Who can decide the open step so that somebody is left for each later one; when nobody is, whoever may."""
        if request.state != "pending":
            return set()
        return {way[0] for way in self._ways(request)} or self._able(request, request.step)

    def decide(self, person: Person, request: Request, verdict: str) -> bool:
        if person.id not in self.deciders(request):
            return False
        request.decided.append((person.id, verdict))
        last = request.step + 1 == len(request.steps)
        if verdict == "approved" and not last:
            request.step += 1
        else:
            request.state = verdict
        return True

    def hand_on(self) -> None:
        """Somebody's rank changed: what nobody can decide any more goes to headquarters."""
        for request in self.requests.values():
            if request.state == "pending":
                left = range(request.step, len(request.steps))
                moved = [request.steps[at] if self._able(request, at) else "hq" for at in left]
                if moved != request.steps[request.step :]:
                    request.steps[request.step :] = _once(moved, only="hq")

    def _ways(self, request: Request) -> list[tuple[str, ...]]:
        able = [self._able(request, step) for step in range(request.step, len(request.steps))]
        return [way for way in product(*able) if len(set(way)) == len(way)]

    def _able(self, request: Request, step: int) -> set[str]:
        own = {request.by, self.deals[request.deal].owner}
        earlier = {person for person, _ in request.decided}
        return {
            person.id
            for person in self.people.values()
            if person.id not in own | earlier and _is(person, request.steps[step], request.region)
        }

    # What it comes to

    def signed(self) -> Counter[tuple[str, str]]:
        """Minor units by owner and month of what is won."""
        sums = Counter[tuple[str, str]]()
        for deal in self.deals.values():
            if deal.now.stage == "won" and not deal.now.void and deal.now.signed:
                sums[deal.owner, f"{deal.now.signed:%Y-%m}"] += deal.now.minor
        return sums

    def zone(self, person: Person) -> str:
        return ZONES[person.region] if person.region else HEADQUARTERS

    def today(self, region: str, now: datetime) -> date:
        return now.astimezone(ZoneInfo(ZONES[region])).date()


def _is(person: Person, decider: str, region: str) -> bool:
    match decider:
        case "manager":
            return person.rank == "manager" and person.region == region
        case "finance":
            return person.finance
        case _:
            return person.rank == "hq"


def _once(steps: list[str], only: str | None = None) -> list[str]:
    """Each decider once, at the last place."""
    return [step for at, step in enumerate(steps) if step not in steps[at + 1 :] or only not in (None, step)]
