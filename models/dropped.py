"""Files that somebody dropped in chat to be imported: kept until they are, a day at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from models.columns import UtcDateTime
from models.intent import intent

FORGET = "import.forget"
KEPT_FOR = timedelta(days=1)


@intent("import_read")
@dataclass(frozen=True, slots=True)
class ReadFile:
    """Read a file that was dropped, and show what importing it would do."""

    file: str


@intent("import")
@dataclass(frozen=True, slots=True)
class ImportFile:
    """Import a file that was read."""

    file: str


class DroppedFile(SQLModel, table=True):
    """A file as it came, and who dropped it."""

    __tablename__ = "dropped_file"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    name: str
    content: bytes
    at: datetime = Field(sa_type=UtcDateTime)


def keep_file(session: Session, new_id: str, person_id: str, name: str, content: bytes, at: datetime) -> str:
    """Keep a file for its import; the job FORGET ends that."""
    session.add(DroppedFile(id=new_id, person_id=person_id, name=name, content=content, at=at))
    session.flush()
    return new_id
