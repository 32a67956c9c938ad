"""The database of an installation: opened, and brought to the schema of this code."""

from importlib.util import find_spec
from pathlib import Path

from bot.settings import Settings, SettingsError
from models.databases import is_postgres
from models.migrate import migrate
from models.store import Store


def open_store(settings: Settings, silence: float | None = None) -> Store:
    """Open the database and bring it to this code's schema; raise SchemaError or SettingsError in one sentence.

    After so many seconds without a word from a server it is given up; none: what takes long may take long.
    """
    url = settings.database_url
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    elif not is_postgres(url):
        raise SettingsError("REGATTA_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    elif find_spec("psycopg") is None:
        raise SettingsError("PostgreSQL needs one package more: pip install 'regatta[postgres]'.")
    store = Store(url, silence)
    try:
        migrate(store.engine)
    except BaseException:
        store.close()
        raise
    return store
