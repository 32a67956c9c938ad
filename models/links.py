"""Links: codes by which an account becomes known.

One's own second account, by a code that was asked for with the first; a newcomer's, by an invitation; and the first
administrator's, by a code of whoever runs the process.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, func, select

from models.columns import UtcDateTime, choice
from models.intent import intent
from models.people import Person
from models.slots import Words


class Purpose(StrEnum):
    """What a code is for."""

    LINK = "link"
    INVITATION = "invitation"
    CLAIM = "claim"


LIVES = {
    Purpose.LINK: timedelta(minutes=10), Purpose.INVITATION: timedelta(days=7), Purpose.CLAIM: timedelta(hours=1),
}  # fmt: skip
GUESSES_COUNT_FOR = timedelta(minutes=10)
MOST_GUESSES = 5
_LENGTH = 8
_ALPHABET = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
"""Base 32 without the letters that look like digits."""


@intent("link")
@dataclass(frozen=True, slots=True)
class LinkAccount:
    """Ask for a code that links another account; `code` is one that was typed where one is known already."""

    code: Words | None = None


class LinkCode(SQLModel, table=True):
    """A code that was given out, kept as its hash; it counts once, until it ends. A claim is nobody's yet."""

    __tablename__ = "link_code"
    code_hash: str = Field(primary_key=True)
    purpose: Purpose = Field(default=Purpose.LINK, sa_type=choice(Purpose))
    person_id: str | None = Field(default=None, foreign_key="person.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LinkGuess(SQLModel, table=True):
    """A wrong code that somebody unknown typed."""

    __tablename__ = "link_guess"
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Refused(StrEnum):
    """Why a code was not taken."""

    WRONG = "wrong code"
    TOO_MANY = "too many codes"


def give_code(
    session: Session, person_id: str | None, seed: str, now: datetime, purpose: Purpose = Purpose.LINK
) -> str:
    """Make a code; earlier ones of the same purpose and person end. `seed` is random and used for nothing else."""
    code = base64.b32encode(hashlib.sha256(seed.encode()).digest()).translate(_ALPHABET).decode()[:_LENGTH]
    for earlier in session.exec(select(LinkCode).where(LinkCode.person_id == person_id, LinkCode.purpose == purpose)):
        session.delete(earlier)
    session.add(LinkCode(code_hash=_hash(code), purpose=purpose, person_id=person_id, expires_at=now + LIVES[purpose]))
    return f"{code[:4]}-{code[4:]}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a code that was used up is for, and whose it is; a claim is nobody's yet."""

    purpose: Purpose
    person: Person | None


def take_code(session: Session, code: str, account: str, now: datetime) -> Taken | Refused:
    """Use a code up and say what it is for; a wrong one counts against the `account` that typed it."""
    recent = select(func.count()).select_from(LinkGuess).where(LinkGuess.account == account)
    if session.exec(recent.where(col(LinkGuess.at) > now - GUESSES_COUNT_FOR)).one() >= MOST_GUESSES:
        return Refused.TOO_MANY
    found = session.get(LinkCode, _hash(code))
    if found is None or found.used_at is not None or found.expires_at <= now:
        session.add(LinkGuess(account=account, at=now))
        return Refused.WRONG
    person = session.get(Person, found.person_id) if found.person_id else None
    if found.purpose is not Purpose.CLAIM and (person is None or not person.active):
        session.add(LinkGuess(account=account, at=now))
        return Refused.WRONG
    found.used_at = now
    return Taken(found.purpose, person)


def _hash(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").upper().encode()).hexdigest()
