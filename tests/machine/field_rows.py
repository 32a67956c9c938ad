"""What the rows say of visits, check-ins and targets, beside what the model says."""

from collections import Counter
from datetime import date
from itertools import product

from sqlmodel import Session, col, select

from models.outbox import Post
from models.regions import Region
from models.rules.periods import Period, PeriodKind
from models.standups import CheckIn, StandUp
from models.targets import Scope, Target
from models.visits import Visit
from tests.machine.diary import Diary

YEARS = (2028, 2029)
"""Of which the demo has no targets."""
_WHOLE = [Period(PeriodKind.YEAR, date(year, 1, 1)) for year in YEARS]


def unlike(session: Session, diary: Diary) -> list[str]:
    """What is not as the model has it."""
    return [*_visits(session, diary), *_check_ins(session, diary), *_targets(session, diary)]


def newest_check_in(session: Session, who: str) -> tuple[StandUp, CheckIn]:
    """What somebody answered last, and to which stand-up."""
    query = select(StandUp, CheckIn).where(StandUp.id == CheckIn.stand_up_id, CheckIn.person_id == who)
    return session.exec(query.order_by(col(CheckIn.at).desc()).limit(1)).one()


def _visits(session: Session, diary: Diary) -> list[str]:
    found = {
        row.id: (row.owner_id, row.next_on, row.done_at is not None)
        for row in session.exec(select(Visit).where(col(Visit.id).in_(diary.visits)))
    }
    expected = {visit.id: (visit.owner, visit.on, visit.done) for visit in diary.visits.values()}
    wrong = [f"{key} is {found.get(key)} and not {facts}" for key, facts in expected.items() if found.get(key) != facts]
    told = select(Post.card).where(col(Post.card).startswith("visit:"), col(Post.unasked), col(Post.edits).is_(None))
    came = Counter((card or "").partition(":")[2] for card in session.exec(told))
    return wrong + ([] if came == diary.reminders else [f"came back {came} and not {diary.reminders}"])


def _check_ins(session: Session, diary: Diary) -> list[str]:
    found = {(row.stand_up_id, row.person_id): row.did for row in session.exec(select(CheckIn))}
    return [] if found == diary.check_ins else [f"checked in are {found} and not {diary.check_ins}"]


def _targets(session: Session, diary: Diary) -> list[str]:
    """The year is what was asked for; its parts are the whole, and what the people of the region have is, too."""
    sums = Counter[tuple[str, str, Scope]]()
    for row in session.exec(select(Target).where(col(Target.period) >= str(min(YEARS)))):
        sums[row.region_id, row.period, row.scope] += row.minor
    wrong = []
    for region, whole in product(session.exec(select(Region.id)), _WHOLE):
        quarters = whole.children
        months = [month for quarter in quarters for month in quarter.children]
        of_region, of_people = (
            [sums[region, period.key, scope] for period in (whole, *quarters, *months)]
            for scope in (Scope.REGION, Scope.PERSON)
        )
        year, parts = of_region[0], [sum(of_region[5 + 3 * at :][:3]) for at in range(4)]
        asked = diary.targets.get((region, whole.start.year), 0)
        if year != asked or parts != of_region[1:5] or sum(parts) != year or of_people != of_region:
            wrong.append(
                f"the target of {region} for {whole.key} is {of_region}, of its people {of_people}, not {asked}"
            )
    return wrong
