"""Draft a migration from what the tables say: `python -m tests.tools.new_migration "add the delegates"`."""

import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.columns import UtcDateTime


def render_item(kind: str, column_type: Any, _context: Any) -> str | bool:
    """Write our own column types as what the database stores, so that a migration never changes its meaning."""
    if kind == "type" and type(column_type).__name__.endswith("Choice"):
        return "sa.String(24)"
    if kind == "type" and isinstance(column_type, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if kind == "type" and type(column_type).__name__ == "AutoString" else False


def main() -> None:
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        config = Config()
        config.set_main_option("script_location", str(files("models") / "migrations"))
        config.set_main_option("path_separator", "os")
        with engine.begin() as connection:
            config.attributes |= {"connection": connection, "render_item": render_item}
            command.upgrade(config, "head")
            command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=sys.argv[2])
        engine.dispose()


if __name__ == "__main__":
    assert SQLModel.metadata.tables
    main()
