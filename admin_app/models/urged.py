"""Things that a superior may ask after 督办, beside cases: they know the supervisions about them (M21)."""

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.orm import Mapped, declared_attr, relationship

if TYPE_CHECKING:
    from admin_app.models.urgings import Urging


class Urged:
    """A supervision points at a thing by the word of its register and its id, as a deadline does."""

    urged_as: ClassVar[str]

    @declared_attr
    def urgings(cls) -> Mapped[list["Urging"]]:
        return relationship(
            "Urging",
            primaryjoin=f"and_(foreign(Urging.about_id) == {cls.__name__}.id, "  # type: ignore[attr-defined]
            f"Urging.about == '{cls.urged_as}')",
            order_by="Urging.id",
            overlaps="urgings",
        )
