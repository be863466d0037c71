"""Run by Alembic: the connection comes from `admin_app.migrations`, the wanted shape from the models."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from admin_app import models  # noqa: F401  (importing declares every table)
from admin_app.models.base import Base, Moment


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A migration stands still while the models move on, so it names no type of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    """The queue of jobs keeps tables of its own beside ours; what serves the search is the database's own."""
    return not (name or "").startswith(("huey_", "search_fts", "search_gin"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    render_item=_render,
    include_name=_ours,
)
with context.begin_transaction():
    context.run_migrations()
