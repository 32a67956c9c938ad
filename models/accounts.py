"""Accounts: the customers, one row for each spelling that means the same."""

import unicodedata

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models.prepared import Prepared, loaded, whole


class Account(SQLModel, table=True):
    """A customer. `key` is the name without case, width and spacing: two spellings of one key are one account."""

    id: str = Field(primary_key=True)
    name: str
    key: str = Field(unique=True)


def account_key(name: str) -> str:
    """Fold a name to what makes it the same name: NFKC, case and spacing do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


_OF_KEY = Prepared(lambda _: whole(Account).where(Account.key == bindparam("key")))


def find_account(session: Session, name: str) -> Account | None:
    """Find the account of a name."""
    row = _OF_KEY.first(session, key=account_key(name))
    return None if row is None else loaded(session, Account, row)


_NEWER = Prepared(lambda _: select(col(Account.id), col(Account.name)).where(col(Account.id) >= bindparam("first")))


def names_since(session: Session, first: str) -> list[tuple[str, str]]:
    """The ids and names of the customers whose ids do not come before one: ids sort by age."""
    return [(number, name) for number, name in _NEWER.rows(session, first=first)]


def account_named(session: Session, name: str, new_id: str) -> Account:
    """Find the account of a name, or add it under `new_id`."""
    found = find_account(session, name)
    if found is None:
        found = Account(id=new_id, name=name, key=account_key(name))
        session.add(found)
        session.flush()
    return found
