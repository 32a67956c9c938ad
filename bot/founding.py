"""Founding: an installation begins as a company without a name, whose first administrator claims it with a code."""

import secrets
from datetime import datetime

from sqlmodel import select

from bot.faults import FaultError
from models.links import Purpose, give_code
from models.regions import Organisation
from models.store import Store
from models.unit import Unit


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
