"""What every step leaves: a row of who, when, from where to where, and with which facts."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import Moment
from admin_app.rules.choices import Choice

if TYPE_CHECKING:
    from admin_app.models.users import User


class Passed:
    """The row of a step; each life keeps its own table of them, with `source` and `target` of its states.

    `facts` is {field: raw value} of what was given with the step, as it was given then: a fact may be
    mended later, the row stays. "line" in it is the id of the line that the step added.
    """

    source: Any
    target: Any
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(20), nullable=False)
    note: Mapped[str] = mapped_column(Text, default="", nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, nullable=False)

    @declared_attr
    def actor(cls) -> Mapped["User | None"]:
        return relationship("User", lazy="raise_on_sql")

    def state_from(self) -> Choice:
        """Where the life stood before."""
        state: Choice = self.source
        return state
