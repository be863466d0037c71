"""Users and their posts 岗位: who may sign in, and as what, where (lifecycle.md 2)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Moment, Part, fk
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.rules.choices import Choice

if TYPE_CHECKING:
    from admin_app.models.areas import Area
    from admin_app.models.committees import Committee
    from admin_app.models.experts import Expert
    from admin_app.models.mediators import Mediator
    from admin_app.models.units import Unit


class Role(Choice):
    """The roles of lifecycle.md 2. What each may do stands in `policy.py` alone."""

    SYSADMIN = "sysadmin", "系统管理员"
    AUDITOR = "auditor", "审计员"
    BUREAU = "bureau", "司法局管理员"
    OFFICE = "office", "司法所"
    COMMITTEE = "committee", "调委会主任"
    MEDIATOR = "mediator", "调解员"
    INSPECTOR = "inspector", "检查人员"
    EXPERT = "expert", "专家"


@register(
    "user", "用户", "系统设置", order=("id",), parts={"posts": "岗位"}, unique=("username",), making="添加"
)
class User(Kept, Base):
    """A person who signs in. The password is kept as an argon2 hash only."""

    __tablename__ = "users"

    username: Mapped[str] = field(
        "用户名", String(50), nullable=False, listed=True, queried=True, form="create", sortable=True
    )
    name: Mapped[str] = field("姓名", String(50), nullable=False, listed=True, queried=True)
    active: Mapped[bool] = field(
        "可以登录", Boolean(), nullable=False, required=False, default=True, listed=True, queried=True
    )
    signed_in_at: Mapped[datetime | None] = field("最近登录", Moment(), listed=True, form="never", quiet=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="", nullable=False)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=True, nullable=False)
    failures: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    # Changed with the password: sessions opened before carry another value and end.
    session_stamp: Mapped[str] = mapped_column(String(32), default="", nullable=False)

    posts: Mapped[list["Post"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Post.id", lazy="selectin"
    )
    # What they are responsible for beside (分片负责); ended ones and those of the recycle bin open nothing.
    areas: Mapped[list["Area"]] = relationship(back_populates="user", order_by="Area.id", lazy="selectin")

    def __str__(self) -> str:
        return self.name


class Post(Part, Base):
    """One role at one unit, and for committee people the committee, for mediators the mediator."""

    __tablename__ = "posts"
    owner = "user"

    user_id: Mapped[int] = fk("users.id")
    role: Mapped[Role] = field("角色", enum(Role), nullable=False)
    unit_id: Mapped[int] = link("单位", "units.id", nullable=False)
    committee_id: Mapped[int | None] = link("调委会", "committees.id", help="调委会主任和调解员才填")
    mediator_id: Mapped[int | None] = link("调解员本人", "mediators.id", help="调解员才填")
    expert_id: Mapped[int | None] = link("专家本人", "experts.id", help="专家才填")
    user: Mapped[User] = relationship(back_populates="posts")
    unit: Mapped["Unit"] = relationship(lazy="joined")
    committee: Mapped["Committee | None"] = relationship(lazy="raise_on_sql")
    mediator: Mapped["Mediator | None"] = relationship(lazy="raise_on_sql")
    expert: Mapped["Expert | None"] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> str:
        """The subtree of the post."""
        return self.unit.path

    def __str__(self) -> str:
        return f"{self.unit} · {self.role.label}"


# Whom to tell: the people of a unit, of a committee, and the mediator in person.
Index("ix_posts_unit", Post.unit_id)
Index("ix_posts_committee", Post.committee_id)
Index("ix_posts_mediator", Post.mediator_id)
Index("uq_users_username", User.username, unique=True)
