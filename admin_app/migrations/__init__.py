"""The shape of the tables over time: Alembic inside the package, without an alembic.ini.

`versions/` holds one dated file per change of the shape, each with a way up and a way down. A new one is
drafted from the difference between models and database by `draft`, then read and mended by a person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).parent


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the tables up to a version, in one transaction."""
    with _config(engine) as config:
        command.upgrade(config, to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the tables back to a version; `base` leaves nothing."""
    with _config(engine) as config:
        command.downgrade(config, to)


def draft(engine: Engine, slug: str, day: date) -> None:
    """Write `versions/<day>_<slug>.py` with what the models have and the database has not."""
    with _config(engine) as config:
        command.revision(config, slug, autogenerate=True, rev_id=f"{day:%Y%m%d}_{slug}")


def current(engine: Engine) -> str | None:
    """The version the database stands at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The last version this program knows."""
    return ScriptDirectory(str(HERE)).get_current_head()


@contextmanager
def _config(engine: Engine) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config
