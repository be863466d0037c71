"""A look 预览 at a ledger before the download: its first lines, how many there are, what does not agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, islice

from sqlalchemy.orm import Session

from admin_app import replica
from admin_app.exports.columns import leaves
from admin_app.exports.downloads import demand, paper
from admin_app.exports.layout import SUBTOTAL
from admin_app.exports.ledger import Asked, Ledger
from admin_app.exports.reading import Reading, count, read, rows
from admin_app.exports.rows import Paper, Row
from admin_app.models.users import User

FIRST = 20  # lines


@dataclass(frozen=True)
class Sums:
    """A row of sums: what it is called, and the sum of each summed column, by its place from the left."""

    label: str
    values: dict[int, Decimal]


@dataclass(frozen=True)
class Group:
    """Lines that stand together, and their sums where the sheet has them and all of the lines are seen."""

    rows: Sequence[Row]
    sums: Sums | None = None


@dataclass(frozen=True)
class Look:
    """What is seen of a sheet. `sums` only where all lines are at hand: sums of some lines would mislead."""

    paper: Paper
    groups: Sequence[Group]
    count: int
    sums: Sequence[Sums]
    faults: Sequence[str]

    @property
    def shown(self) -> int:
        """How many lines are seen."""
        return sum(len(each.rows) for each in self.groups)


def look(session: Session, actor: User, ledger: Ledger, asked: Asked) -> list[Look]:
    """The first lines of each sheet of the workbook; masked, whatever was asked."""
    with replica.reading(session):
        demand(session, actor, ledger, asked)
        masked = replace(asked, masked=True)
        return [_sheet(read(session, actor, each, masked), asked) for each in (ledger, *ledger.more)]


def _sheet(reading: Reading, asked: Asked) -> Look:
    lines, ledger = count(reading), reading.ledger
    whole = reading.lines is not None or lines <= FIRST
    # One more than is shown tells whether the last group goes on.
    known = list(rows(reading) if whole else islice(rows(reading), FIRST + 1))
    return Look(
        paper=paper(reading.session, reading.actor, ledger, asked),
        groups=_groups(ledger, known),
        count=lines,
        sums=_sums(ledger, known) if whole else (),
        faults=reading.faults,
    )


def _groups(ledger: Ledger, known: Sequence[Row]) -> list[Group]:
    """The lines as they are seen, each group with its sums; one that goes on below has none yet."""
    if not ledger.layout.subtotals:
        return [Group(known[:FIRST])]
    found, left = [], FIRST
    for group, each in groupby(known, key=lambda row: row.group):
        lines = list(each)
        if left > 0:
            words = Sums(f"{group}{SUBTOTAL}", _added(ledger, lines, lambda row: True))
            found.append(Group(lines[:left], words if len(lines) <= left else None))
        left -= len(lines)
    return found


def _sums(ledger: Ledger, lines: Sequence[Row]) -> list[Sums]:
    words = f"　{len(lines)} {ledger.layout.counted}"
    return [
        Sums(each.label if each.groups else each.label + words, _added(ledger, lines, _in(each.groups)))
        for each in ledger.layout.totals
    ]


def _in(groups: Sequence[str]) -> Callable[[Row], bool]:
    return lambda row: not groups or row.group in groups


def _added(ledger: Ledger, lines: Sequence[Row], belongs: Callable[[Row], bool]) -> dict[int, Decimal]:
    chosen = [row.cells for row in lines if belongs(row)]
    return {
        index: sum((Decimal(str(cells[index] or 0)) for cells in chosen), Decimal())
        for index, each in enumerate(leaves(ledger.columns))
        if each.summed
    }
