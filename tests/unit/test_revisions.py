"""The revisions are read from the names of the migrations, without what runs them."""

from importlib.resources import files

from alembic.config import Config
from alembic.script import ScriptDirectory

from models.migrate import head, revisions


def test_the_revisions_are_those_that_alembic_would_run() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    found = [each.revision for each in scripts.walk_revisions()]

    assert list(revisions()) == found[::-1]
    assert head() == scripts.get_current_head()
