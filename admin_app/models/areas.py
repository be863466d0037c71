"""Areas 分片负责: who looks after which township, and how their posts reach there (S0; lifecycle.md 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.fields import field, link
from admin_app.models.registry import register
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.rules.cadences import span_finding
from admin_app.rules.dates import plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.tiers import beside


def _rules(area: "Area") -> list[Finding]:
    found = span_finding(area.valid_from, area.valid_until, "valid_until")
    return [found] if found else []


@register(
    "area",
    "分片负责",
    "组织队伍",
    order=("-valid_from", "-id"),
    rules=_rules,
    unique=("user_id", "unit_id", "valid_from"),
    making="指定",
)
class Area(Located, Kept, Base):
    """One person, one township, from one day to another. What it opens stands in `policy.py` alone."""

    __tablename__ = "areas"
    __table_args__ = (
        *scope_indexes("areas", "valid_from", "id"),
        Index("ix_areas_user", "user_id"),
    )

    unit_id: Mapped[int] = link(
        "负责的乡镇街道", "units.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    user_id: Mapped[int] = link(
        "负责人",
        "users.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        help="司法所的人和检查人员，到这里还是原来的权限；调委会主任和调解员，到这里只能看",
    )
    valid_from: Mapped[date] = field(
        "从哪天起",
        Date(),
        nullable=False,
        listed=True,
        sortable=True,
        from_today=True,
        checks=(plausible_term,),
    )
    valid_until: Mapped[date | None] = field(
        "到哪天止",
        Date(),
        listed=True,
        checks=(plausible_term,),
        help="这天还负责；不填就一直负责，换人时填上",
    )
    remark: Mapped[str | None] = field("依据", String(200), wide=True)
    title: Mapped[str] = mapped_column(String(200), nullable=False)

    user: Mapped[User] = relationship(back_populates="areas", lazy="raise_on_sql")
    unit: Mapped[Unit] = relationship(lazy="selectin")

    def stands_on(self, day: date) -> bool:
        """Whether it holds on a day; one in the recycle bin never does, nor one whose unit is there."""
        if self.removed_at is not None or self.unit.removed_at is not None:
            return False
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def __str__(self) -> str:
        return self.title


Index(
    "uq_areas_person",
    Area.user_id,
    Area.unit_id,
    Area.valid_from,
    unique=True,
    sqlite_where=Area.removed_at.is_(None),
    postgresql_where=Area.removed_at.is_(None),
)


@dataclass(frozen=True)
class Carried:
    """A post as an area carries it into another unit: the same role and person, and none of its links."""

    post: Post
    unit: Unit
    committee_id: None = None
    mediator_id: None = None
    expert_id: None = None

    @property
    def role(self) -> Role:
        return self.post.role

    @property
    def user(self) -> User:
        return self.post.user

    @property
    def user_id(self) -> int:
        return self.post.user_id

    @property
    def unit_id(self) -> int:
        return self.unit.id

    @property
    def path(self) -> str:
        return self.unit.path


Held = Post | Carried


def posts_of(user: User) -> Iterator[Held]:
    """The posts of a person, and those that areas carry into townships today.

    Only a post that lies under the same superior as the township is carried: a county says who works in the
    county, not what somebody may do whose post is elsewhere.
    """
    yield from user.posts
    day = today()
    for area in user.areas:
        if area.stands_on(day):
            yield from (Carried(each, area.unit) for each in user.posts if beside(each.path, area.unit.path))


def facts_of(held: Held) -> tuple[Any, ...]:
    """All of a post on which a scope hangs."""
    links = (held.committee_id, held.mediator_id, held.expert_id)
    return (type(held).__name__, held.role, held.unit_id, held.path, held.unit.parent_id, *links)
