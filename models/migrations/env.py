"""Run migrations on the connection that `models.migrate` hands in."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401

handed = context.config.attributes
context.configure(
    connection=handed["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=handed.get("render_item"),
)
context.run_migrations()
