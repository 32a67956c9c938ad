"""Numbers that people read out: D-1042, A-77, P-12, V-3."""

from sqlalchemy import Executable, bindparam, case
from sqlmodel import Field, Session, SQLModel

from models.databases import insert_of
from models.prepared import Insert, Prepared


class Counter(SQLModel, table=True):
    """The last number given out for a letter."""

    letter: str = Field(primary_key=True)
    last: int


def next_number(session: Session, letter: str, first: int = 1) -> str:
    """Give out the next number; two units of work never get the same."""
    found = _next.first(session, letter=letter, last=first)
    return f"{letter}-{found[0] if found else first}"


@Prepared
def _next(insert: Insert) -> Executable:
    statement = insert(Counter).values(letter=bindparam("letter"), last=bindparam("last"))
    statement = statement.on_conflict_do_update(index_elements=["letter"], set_={"last": Counter.last + 1})
    given: Executable = statement.returning(Counter.last)
    return given


def taken_number(session: Session, letter: str, number: int) -> str:
    """Take a number that came from elsewhere; those given out later are higher."""
    statement = insert_of(session, Counter).values(letter=letter, last=number)
    higher = case((Counter.last > number, Counter.last), else_=number)  # type: ignore[arg-type]
    session.execute(statement.on_conflict_do_update(index_elements=["letter"], set_={"last": higher}))
    return f"{letter}-{number}"
