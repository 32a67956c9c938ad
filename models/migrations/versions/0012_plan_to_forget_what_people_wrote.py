"""Plan to forget in a year what people wrote before there was a timer for it."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JOB = "words.forget"


def upgrade() -> None:
    bind = op.get_bind()
    written = [row[0] for row in bind.execute(sa.text("SELECT given_at FROM feedback UNION SELECT at FROM check_in"))]
    days = {date.fromisoformat(str(at)[:10]) for at in written}
    timer = sa.table(
        "timer", sa.column("job"), sa.column("subject"), sa.column("due_at", sa.DateTime(timezone=True)),
        sa.column("state"),
    )  # fmt: skip
    for day in sorted(days):
        due = datetime(day.year, day.month, day.day) + timedelta(days=366)  # noqa: DTZ001  kept in UTC
        op.execute(timer.insert().values(job=JOB, subject=day.isoformat(), due_at=due, state="waiting"))


def downgrade() -> None:
    op.execute(f"DELETE FROM timer WHERE job = '{JOB}'")  # noqa: S608  a constant
