"""Numbers that people read out: D-1042, A-77, P-12, V-3."""

from sqlalchemy import Executable, bindparam, case
from sqlmodel import Field, Session, SQLModel, select, update

from models.databases import insert_of
from models.prepared import Insert, Prepared

FIRST = {"A": 1, "D": 1001, "F": 1, "P": 1, "V": 1}
"""The first number of each letter: approvals, deals, feedback, policies, visits."""


class Counter(SQLModel, table=True):
    """The last number given out for a letter."""

    letter: str = Field(primary_key=True)
    last: int


def next_number(session: Session, letter: str) -> str:
    """Give out the next number; two units of work never get the same."""
    found = _next.first(session, letter=letter, last=FIRST[letter])
    return f"{letter}-{found[0] if found else FIRST[letter]}"


@Prepared
def _next(insert: Insert) -> Executable:
    statement = insert(Counter).values(letter=bindparam("letter"), last=bindparam("last"))
    statement = statement.on_conflict_do_update(index_elements=["letter"], set_={"last": Counter.last + 1})
    given: Executable = statement.returning(Counter.last)
    return given


def leave_out(session: Session, count: int) -> None:
    """Let the next number of every letter come so much later, of those of which none was given out yet, too."""
    given = set(session.exec(select(Counter.letter)))
    session.execute(update(Counter).values(last=Counter.last + count))
    for letter in FIRST.keys() - given:
        session.add(Counter(letter=letter, last=FIRST[letter] - 1 + count))
    session.flush()


def taken_number(session: Session, letter: str, number: int) -> str:
    """Take a number that came from elsewhere; those given out later are higher."""
    statement = insert_of(session, Counter).values(letter=letter, last=number)
    higher = case((Counter.last > number, Counter.last), else_=number)  # type: ignore[arg-type]
    session.execute(statement.on_conflict_do_update(index_elements=["letter"], set_={"last": higher}))
    return f"{letter}-{number}"
