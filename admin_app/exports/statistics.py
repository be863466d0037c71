"""What statistics sheets share: numbers under nested headings, a line for each sub-unit, two totals."""

from collections.abc import Iterable
from itertools import groupby
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.exports.columns import Column, Group, Kind, Line, Part, column
from admin_app.exports.layout import Total
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import Line as Counted
from admin_app.operations.figures import RowKind
from admin_app.rules.refusals import NotSeen

MONEY = "万元"
WIDE = {MONEY: 9.5, "人": 5.0}  # characters; sums and heads need more than cases do
SHOWN = (RowKind.SUB, RowKind.OWN)  # the two sums are formulas of the sheet itself
TOTALS = (
    Total(RowKind.SUB_TOTAL.label, (RowKind.SUB.value,)),
    Total(RowKind.TOTAL.label, tuple(each.value for each in SHOWN)),
)


class Head(Protocol):
    """What is counted: its name in a line, its label, its unit, and the captions above it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def group(self) -> tuple[str, ...]: ...


def columns_of(heads: Iterable[Head]) -> tuple[Part, ...]:
    """项目, and the numbers under their captions, in the order of the heads."""
    return (column("unit", "项目", 14, unit="单位"), *_nested(heads))


def _nested(heads: Iterable[Head], depth: int = 0) -> tuple[Part, ...]:
    together = groupby(heads, key=lambda head: head.group[depth : depth + 1] or head.name)
    return tuple(_part(caption, tuple(each), depth) for caption, each in together)


def _part(caption: str | tuple[str, ...], heads: tuple[Head, ...], depth: int) -> Part:
    if isinstance(caption, str):
        return _column(heads[0])
    label = caption[0] if depth else " ".join(caption[0])  # the uppermost are set wide: 调 解 情 况
    return Group(label, _nested(heads, depth + 1))


def _column(head: Head) -> Column:
    kind: Kind = "money" if head.unit == MONEY else "integer"
    say = {"kind": kind, "unit": head.unit, "vertical": True, "summed": True}
    return column(head.name, head.label, WIDE.get(head.unit, 4.2), **say)


def lines_of(counted: Iterable[Counted]) -> list[Line]:
    """A line for each direct sub-unit, and one for the unit's own level."""
    return [
        {"unit": line.label, "group": line.kind.value, **line.numbers}
        for line in counted
        if line.kind in SHOWN
    ]


def home(session: Session, actor: User) -> Unit:
    """The unit that the person's highest post is at: whose sheet it is when they name none."""
    paths = sorted(policy.paths(actor, "figure.see"), key=len)
    unit = session.scalar(select(Unit).where(Unit.path.in_(paths[:1])))
    if unit is None:
        raise NotSeen()
    return unit
