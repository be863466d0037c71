"""Code tables 代码表: values that a bureau may change, each with the days between which it holds."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept
from admin_app.models.fields import code as coded
from admin_app.models.fields import field
from admin_app.models.registry import register
from admin_app.rules.dates import EARLIEST, plausible_term, today


@register(
    "code",
    "代码",
    "系统设置",
    order=("table", "position"),
    unique=("table", "code", "valid_from"),
    making="添加",
)
class Code(Kept, Base):
    """One value of one table from a day on; the tables themselves are the values of `code_table`.

    A new wording is a new row with a later day: old records keep theirs.
    """

    __tablename__ = "codes"

    label: Mapped[str] = field("名称", String(60), nullable=False, listed=True, queried=True)
    table: Mapped[str] = coded(
        "代码表", "code_table", nullable=False, listed=True, form="create", sortable=True, queried=True
    )
    code: Mapped[str] = field("代码", String(20), nullable=False, listed=True, form="create", sortable=True)
    position: Mapped[int] = field("顺序", Integer(), nullable=False, default=0, listed=True)
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        default=EARLIEST,
        listed=True,
        checks=(plausible_term,),
        help="改名时不要改旧的一行：新增一行，代码相同，启用日期写新名称生效的那天",
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), listed=True, checks=(plausible_term,), help="从这天起不能再选，旧记录照常显示"
    )
    remark: Mapped[str | None] = field("依据", String(200))

    def __str__(self) -> str:
        return self.label


Index("uq_codes_value", Code.table, Code.code, Code.valid_from, unique=True)


@dataclass(frozen=True)
class _Row:
    code: str
    label: str
    since: date
    until: date | None


class Codebook:
    """All code tables, read once per session: a label for any code, the choices of a day."""

    def __init__(self, rows: Iterable[tuple[str, str, str, date, date | None]]) -> None:
        self._tables: dict[str, list[_Row]] = defaultdict(list)
        for table, code, label, since, until in rows:
            self._tables[table].append(_Row(code, label, since, until))
        self._in_force: dict[tuple[str, date], dict[str, str]] = {}
        self._worded: dict[tuple[str, str, date], str] = {}
        self._changes = {
            table: sorted({row.since for row in rows_} | {row.until for row in rows_ if row.until})
            for table, rows_ in self._tables.items()
        }

    def choices(self, table: str, on: date | None = None) -> list[tuple[str, str]]:
        """(code, label) in force on a day, in the table's order, each code once with its latest wording."""
        return list(self._on(table, on).items())

    def in_force(self, table: str, code: str, on: date | None = None) -> bool:
        """Whether a code may be chosen on a day."""
        return code in self._on(table, on)

    def since(self, table: str, on: date | None = None) -> date:
        """The day of the last change of a table: from then on to the day asked of it read alike."""
        changes = self._changes.get(table, [])
        place = bisect_right(changes, on or today())
        return changes[place - 1] if place else date.min

    def labels(self, table: str, on: date | None = None) -> dict[str, str]:
        """Code by wording: every wording there ever was, and those in force on the day before the others."""
        ever = {row.label: row.code for row in self._tables.get(table, ())}
        return ever | {label: code for code, label in self.choices(table, on)}

    def _on(self, table: str, on: date | None) -> dict[str, str]:
        """Label by code, in force on a day: worked out once for each stretch of days between two changes."""
        day = self.since(table, on)
        if (table, day) not in self._in_force:
            current: dict[str, _Row] = {}
            for row in self._tables.get(table, ()):
                if row.since <= day and (row.code not in current or row.since > current[row.code].since):
                    current[row.code] = row
            self._in_force[table, day] = {
                row.code: row.label for row in current.values() if row.until is None or day < row.until
            }
        return self._in_force[table, day]

    def knows(self, table: str, code: str) -> bool:
        """Whether the table has, or ever had, this code."""
        return any(row.code == code for row in self._tables[table])

    def label(self, table: str, code: str, on: date | None = None) -> str:
        """The wording of a code on a day; of a code no longer in force its last; an unknown code itself."""
        worded = table, code, self.since(table, on)
        if worded not in self._worded:
            self._worded[worded] = self._wording(*worded)
        return self._worded[worded]

    def _wording(self, table: str, code: str, day: date) -> str:
        rows = [row for row in self._tables[table] if row.code == code]
        known = [row for row in rows if row.since <= day] or rows
        return max(known, key=lambda row: row.since).label if known else code


_read: dict[Any, Codebook] = {}  # the last one, under the state of the table that it was read from


def codebook(session: Session) -> Codebook:
    """The session's code tables; sessions live for one request, so a change is seen by the next."""
    if "codebook" not in session.info:
        session.info["codebook"] = _codebook(session)
    book: Codebook = session.info["codebook"]
    return book


def _codebook(session: Session) -> Codebook:
    """Read anew only when a row has come or changed: every edit, removal and return raises a version."""
    state = session.execute(
        select(
            *(func.count(Code.id), func.max(Code.id), func.sum(Code.version)),
            *(func.max(Code.created_at), func.max(Code.changed_at), func.max(Code.removed_at)),
        )
    ).one()
    book = _read.get(tuple(state))
    if book is None:
        rows = session.execute(
            select(Code.table, Code.code, Code.label, Code.valid_from, Code.valid_until)
            .where(Code.removed_at.is_(None))
            .order_by(Code.table, Code.position, Code.id)
        )
        book = Codebook(rows)
        _read.clear()
        _read[tuple(state)] = book
    return book
