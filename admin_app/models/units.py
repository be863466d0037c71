"""Units 单位: the tree of divisions on which everything hangs (M01)."""

from sqlalchemy import ColumnElement, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Named, Path, path_prefix, path_under
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.rules import identity
from admin_app.rules.search import Sought
from admin_app.rules.tiers import PATH_WIDTH, Tier, covers


@register("unit", "单位", "组织队伍", order=("code",), unique=("code",))
class Unit(Named, Kept, Base):
    """A node of the tree: city, county, township, village, grid."""

    __tablename__ = "units"

    name: Mapped[str] = field(
        "单位名称", String(100), nullable=False, listed=True, queried=True, sortable=True, sought=Sought.NAME
    )
    code: Mapped[str] = field(
        "区划代码",
        String(15),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        form="create",
        tidy=identity.tidy_number,
        help="官方区划代码，如乡镇 9 位、村 12 位",
        sought=Sought.NUMBER,
    )
    tier: Mapped[Tier] = field("层级", enum(Tier), nullable=False, listed=True, queried=True, form="never")
    parent_id: Mapped[int | None] = link(
        "上级单位",
        "units.id",
        listed=True,
        form="create",
        required=True,
        places=True,
        help="新单位挂在谁的下面",
    )
    phone: Mapped[str | None] = field("值班电话", String(30), listed=True, checks=(identity.phone,))
    address: Mapped[str | None] = field("办公地址", String(200), wide=True)
    remark: Mapped[str | None] = field("备注", String(500), wide=True)
    path: Mapped[str] = mapped_column(Path, nullable=False, unique=True)

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id", lazy="raise_on_sql")

    @classmethod
    def under(cls, path: str) -> ColumnElement[bool]:
        return path_under(cls.path, path)

    def is_under(self, path: str) -> bool:
        return covers(path, self.path)

    def __str__(self) -> str:
        return self.name


Index("uq_units_code", Unit.code, unique=True)
Index("ix_units_parent", Unit.parent_id)
for _tier in (Tier.COUNTY, Tier.TOWNSHIP):
    Index(f"ix_units_{_tier.value}", path_prefix(Unit.path, PATH_WIDTH[_tier]))
