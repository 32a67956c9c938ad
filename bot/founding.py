"""Founding: an installation begins as a company without a name, whose first administrator claims it with a code.

Without tokens it begins as a demo of an invented company; the two never meet in one database.
"""

import secrets
from datetime import datetime, timedelta

from sqlmodel import select

from bot.clock import Clock, DemoClock, new_id
from bot.demo.seed import seed
from bot.faults import FaultError
from bot.settings import Settings, SettingsError
from models.links import Purpose, give_code
from models.regions import Organisation
from models.store import Store
from models.unit import Unit


def begin(settings: Settings, store: Store, base: Clock) -> Clock:
    """Found what is new, and give its clock; raise SettingsError where a demo would meet real tokens."""
    there = store.read(lambda session: session.exec(select(Organisation)).first())
    is_demo = settings.workspace == "demo"
    if there is not None and there.is_demo and not is_demo:
        raise SettingsError(
            "This database is a demo and holds invented people: set REGATTA_DATABASE_URL to another one, "
            "or start without tokens."
        )
    if there is not None and not there.is_demo and is_demo:
        raise SettingsError("This database is a real organisation's: set a platform's token, or another database.")
    if not is_demo:
        store.write(found).result()
    if settings.workspace == "off":
        return base
    clock = DemoClock(base, _offset(settings, there, base))
    if there is None and is_demo:
        store.write(lambda unit: _seed(unit, clock)).result()
    return clock


def _offset(settings: Settings, there: Organisation | None, base: Clock) -> timedelta:
    """How far a demo's clock is ahead."""
    if there is not None:
        return timedelta(seconds=there.clock_offset_seconds)
    start = settings.regatta_demo_start if settings.workspace == "demo" else None
    return start - base.now() if start is not None else timedelta()


def _seed(unit: Unit, clock: DemoClock) -> None:
    there = unit.exec(select(Organisation)).first()
    if there is not None and not there.is_demo:
        raise SettingsError("Another process has begun a real organisation on this database: set another one.")
    if there is not None:
        return  # another process was faster
    seed(unit, clock.now(), new_id, secrets.token_hex(16))
    unit.get_one(Organisation, 1).clock_offset_seconds = round(clock.offset.total_seconds())


def found(unit: Unit) -> Organisation:
    """Give the company of this installation, made when there is none."""
    company = unit.exec(select(Organisation)).first()
    if company is None:
        company = Organisation(name="", button_key=secrets.token_hex(16))
        unit.add(company)
        unit.flush()
    return company


def claim_code(store: Store, now: datetime) -> str:
    """Make the code with which an administrator claims the installation in chat; it counts once, for an hour.

    Raise FaultError for the demo, which is nobody's to claim.
    """

    def work(unit: Unit) -> str:
        if found(unit).is_demo:
            raise FaultError("This is the demo, where Ines Keller is the administrator: act as her and type `setup`.")
        return give_code(unit, None, secrets.token_hex(32), now, Purpose.CLAIM)

    return store.write(work).result()
