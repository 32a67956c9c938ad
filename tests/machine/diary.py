"""What should be so of visits, check-ins and targets. Like the rest of the model it knows nothing of the product."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MORNING = time(9)
HEADQUARTERS = "Europe/London"


@dataclass
class Visit:
    """A visit; it comes back at `due`, which is none when it did, is done, or was planned for no day."""

    id: str
    owner: str
    on: date | None = None
    due: datetime | None = None
    done: bool = False


@dataclass
class Diary:
    """Visits and how often each came back, check-ins by stand-up and person, targets by region and year."""

    visits: dict[str, Visit] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    reminders: Counter[str] = field(default_factory=Counter)
    check_ins: dict[tuple[str, str], str] = field(default_factory=dict)
    targets: dict[tuple[str, int], int] = field(default_factory=dict)

    def plan(self, visit: Visit, on: date | None, zone: str, now: datetime) -> None:
        """It was written down or moved: from now on it comes back on that morning, where its owner is."""
        self.visits[visit.id] = visit
        visit.on = on
        visit.due = datetime.combine(on, MORNING, ZoneInfo(zone)) if on else None
        self.touched[visit.owner] = now

    def finish(self, visit: Visit, now: datetime) -> None:
        visit.done, visit.due = True, None
        self.touched[visit.owner] = now

    def pass_until(self, now: datetime) -> None:
        """Each visit whose morning has come was brought back once."""
        for visit in self.visits.values():
            if visit.due is not None and visit.due <= now:
                self.reminders[visit.id] += 1
                visit.due = None
