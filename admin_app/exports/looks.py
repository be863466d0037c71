"""A look 预览 at a ledger before the download: its first lines, how many there are, what does not agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from sqlalchemy.orm import Session

from admin_app.exports.columns import leaves
from admin_app.exports.downloads import demand, paper
from admin_app.exports.ledger import Asked, Ledger
from admin_app.exports.reading import count, read, rows
from admin_app.exports.rows import Paper, Row
from admin_app.models.users import User

FIRST = 20  # lines


@dataclass(frozen=True)
class Sums:
    """A row of sums: what it is called, and the sum of each summed column, by its place from the left."""

    label: str
    values: dict[int, Decimal]


@dataclass(frozen=True)
class Look:
    """What is seen. `sums` only where all lines are at hand: sums of some lines would mislead."""

    paper: Paper
    rows: Sequence[Row]
    count: int
    sums: Sequence[Sums]
    faults: Sequence[str]


def look(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Look:
    """The first lines of the first sheet; masked, whatever was asked."""
    demand(session, actor, ledger, asked)
    masked = replace(asked, masked=True)
    first, *more = (read(session, actor, each, masked) for each in (ledger, *ledger.more))
    lines, found = count(first), rows(first)
    whole = first.lines is not None or lines <= FIRST
    known = list(found if whole else islice(found, FIRST))
    faults = [sentence for each in (first, *more) for sentence in each.faults]
    sheet = paper(session, actor, first.ledger, asked)
    return Look(sheet, known[:FIRST], lines, _sums(first.ledger, known) if whole else (), faults)


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
