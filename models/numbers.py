"""Numbers that people read out: D-1042, A-77, P-12, V-3."""

from sqlalchemy import case
from sqlmodel import Field, Session, SQLModel, select

from models.databases import insert_of


class Counter(SQLModel, table=True):
    """The last number given out for a letter."""

    letter: str = Field(primary_key=True)
    last: int


def next_number(session: Session, letter: str, first: int = 1) -> str:
    """Give out the next number; two units of work never get the same."""
    statement = insert_of(session, Counter).values(letter=letter, last=first)
    statement = statement.on_conflict_do_update(index_elements=["letter"], set_={"last": Counter.last + 1})
    session.execute(statement)
    last = session.exec(select(Counter.last).where(Counter.letter == letter)).one()
    return f"{letter}-{last}"


def taken_number(session: Session, letter: str, number: int) -> str:
    """Take a number that came from elsewhere; those given out later are higher."""
    statement = insert_of(session, Counter).values(letter=letter, last=number)
    higher = case((Counter.last > number, Counter.last), else_=number)  # type: ignore[arg-type]
    session.execute(statement.on_conflict_do_update(index_elements=["letter"], set_={"last": higher}))
    return f"{letter}-{number}"
