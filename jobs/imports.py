"""Files that were dropped for an import are forgotten after a day, imported or not."""

from datetime import timedelta

from jobs.job import job
from models.context import Context
from models.dropped import FORGET, DroppedFile
from models.schedules import Due


@job(FORGET, late=timedelta(days=365), quiet=True)
def forget(context: Context, due: Due) -> None:
    """Remove the file, if it is still there; however late, since it was promised."""
    file = context.session.get(DroppedFile, due.subject)
    if file is not None:
        context.session.delete(file)
