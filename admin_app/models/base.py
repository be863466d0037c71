"""The ground under every noun: base class, and the few traits that records share."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    and_,
    bindparam,
    event,
    func,
    literal_column,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    Session,
    declared_attr,
    mapped_column,
    relationship,
)
from sqlalchemy.types import TypeDecorator

from admin_app.models.pinyin import spellings
from admin_app.rules.choices import Choice
from admin_app.rules.numbers import LONGEST
from admin_app.rules.tiers import PATH_WIDTH, TIER_OF_WIDTH, Tier, covers

if TYPE_CHECKING:
    from admin_app.models.units import Unit

SCOPED_TIERS = (Tier.CITY, Tier.COUNTY, Tier.TOWNSHIP, Tier.VILLAGE)  # a grid is narrow enough without


class Moment(TypeDecorator[datetime]):
    """A moment kept in UTC and read back in UTC: on SQLite too, and whatever zone the server prefers."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)) if value else None


# A path is compared byte by byte; a locale's collation would keep PostgreSQL from using the index.
Path = String(64).with_variant(String(64, collation="C"), "postgresql")

# A number too: those of one run are found by their common beginning.
Number = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """The declarative base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dated: ClassVar[str] = ""  # the day whose wording of codes a record keeps; "" for things of the present


class Located:
    """A thing that belongs to a unit and carries that unit's path, so that scope needs no join."""

    unit_id: Any
    path: Mapped[str] = mapped_column(Path, nullable=False)

    @declared_attr
    def unit(cls) -> Mapped["Unit"]:
        return relationship("Unit", foreign_keys=[cls.unit_id], lazy="raise_on_sql")

    @classmethod
    def under(cls, path: str) -> ColumnElement[bool]:
        """SQL: the thing lies in the subtree at `path`."""
        return path_under(cls.path, path)

    def is_under(self, path: str) -> bool:
        """The same question asked of one record in memory."""
        return covers(path, self.path)


def path_prefix(column: Any, width: int) -> ColumnElement[str]:
    """The first `width` characters of a path, written out so that the expression index fits."""
    return func.substr(column, literal_column("1"), literal_column(str(width)))


def path_under(column: Any, path: str) -> ColumnElement[bool]:
    """Equality of prefixes: served by `scope_indexes`. A grid asks its village's index first."""
    prefix = path_prefix(column, len(path)) == path
    if TIER_OF_WIDTH.get(len(path)) is not Tier.GRID:
        return prefix
    village = PATH_WIDTH[Tier.VILLAGE]
    return and_(path_prefix(column, village) == path[:village], prefix)


def standing(states: Collection[Choice], column: str = "state") -> str:
    """The words of a partial index on what stands in one of these states."""
    return f"{column} IN ({', '.join(repr(each.value) for each in _in_turn(states))})"


def _in_turn(states: Collection[Choice]) -> list[Choice]:
    """In the order in which they are declared: a set has none, and SQLite compares word by word."""
    return [each for each in type(next(iter(states))) if each in states]


def stands_in(column: Any, states: Collection[Choice]) -> ColumnElement[bool]:
    """SQL: it stands in one of these states, which are written out: only so does the partial index fit."""
    written: Any = bindparam("states", _in_turn(states), expanding=True, literal_execute=True, unique=True)
    return column.in_(written)  # type: ignore[no-any-return]


def scope_indexes(
    table: str,
    *order: str,
    by: str = "",
    tiers: Iterable[Tier] = SCOPED_TIERS,
    where: str = "",
    ends: tuple[str, ...] = ("path", "removed_at"),
    path: str = "path",
) -> tuple[Index, ...]:
    """For each tier an index by scope and then by the list's order; `by` names a second set of them.

    With it the first page of any unit's list is read straight off the index, however large the table, and
    with the two columns at its end the capped count is, too. It covers the recycle bin as well: PostgreSQL
    knows the spread of an expression only from an index that is not partial (docs/benchmarks.md).
    `where` makes it partial all the same, for the few records that somebody waits for or has removed.
    `ends` are the columns at its end: things that know no recycle bin have no `removed_at`. `path` is the
    column of the scope: what two units see has two, each with its indexes.
    """
    partial: Any = literal_column(where) if where else None
    return tuple(
        Index(
            "_".join(filter(None, ("ix", table, tier.value, by))),
            path_prefix(literal_column(path), PATH_WIDTH[tier]),
            *(literal_column(each) for each in (*order, *ends)),
            sqlite_where=partial,
            postgresql_where=partial,
            info={"order": order, "by": by},
        )
        for tier in tiers
    )


class Kept:
    """A record that is never lost: version against silent overwriting, recycle bin, time stamps.

    `changed_at` is set by every edit, so that a change of the lines alone raises the version too. A
    transaction raises it once, however often it is flushed: one version, one line of the history.
    """

    version: Mapped[int] = mapped_column(default=1, nullable=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=lambda: datetime.now(UTC))
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "version_id_generator": False}


@event.listens_for(Session, "before_flush")
def _raise_versions(session: Session, context: Any, instances: Any) -> None:
    raised = session.info.setdefault("raised", set())
    for thing in (each for each in session.dirty if each not in raised):
        if isinstance(thing, Kept) and session.is_modified(thing, include_collections=False):
            thing.version += 1
            raised.add(thing)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget_versions(session: Session) -> None:
    session.info.pop("raised", None)


def let_go(session: Session, things: Iterable[object]) -> None:
    """Long work forgets what it has written: nothing more will happen to these in its transaction."""
    for thing in things:
        session.expunge(thing)
        session.info.get("raised", set()).discard(thing)


class Part:
    """A line that belongs to a record and is edited with it: a party, a term, an award."""

    owner: ClassVar[str]  # the attribute that leads to the record


class Named:
    """A thing looked up by its name: `spelling` holds its pinyin, in full and as initials."""

    name: Any
    spelling: Mapped[str] = mapped_column(String(600), default="", nullable=False)


@event.listens_for(Mapper, "before_insert")
@event.listens_for(Mapper, "before_update")
def _spell(mapper: Any, connection: Any, target: object) -> None:
    if isinstance(target, Named):
        target.spelling = spellings(target.name)


def fk(target: str) -> Mapped[int]:
    """The owner's key of a part."""
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), nullable=False, index=True)
