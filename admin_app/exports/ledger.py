"""What a ledger 台账 is: a title, where its lines come from, and how its sheet looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin_app.exports.columns import Line, Part
from admin_app.exports.layout import Layout
from admin_app.models.fields import field_of
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User


@dataclass(frozen=True)
class Records:
    """Lines that are records of a register, streamed in the book's order.

    `belongs` says which records have a place in the book and `order` how they stand; scope, unit and period
    are added by whoever reads it. `load` gives the lines of some records by id: at most a few queries for
    all of them. `period` is the day or moment that decides the period; without one the book holds what
    there is. `group` names the value of a line by which the lines stand together (subtotals). `part` is
    the kind of the record's lines that the book holds one by one, 回访 of cases: `load`, `order`, `period`
    and `belongs` are then about them.
    """

    load: Callable[[Session, Sequence[int]], dict[int, Line]]
    order: tuple[Any, ...]
    period: InstrumentedAttribute[Any] | None = None
    belongs: ColumnElement[bool] = field(default_factory=true)
    group: str = ""
    part: type[Any] | None = None


@dataclass(frozen=True)
class Counted:
    """Lines that are counted at once, a few: one for each unit, say.

    `lines` answers within the actor's scope, fail-closed. A line's `group` says to which totals it belongs.
    `faults` are sentences about sums that do not agree, found on these lines; whoever downloads the sheet
    has to acknowledge them. `columns` gives the columns of a sheet that has one for each code in force.
    """

    lines: Callable[[Session, User, "Asked"], list[Line]]
    period: str = "受理日期"
    faults: Callable[[Sequence[Line]], list[str]] = lambda lines: []
    columns: Callable[[Session, "Asked"], tuple[Part, ...]] | None = None


@dataclass(frozen=True)
class Ledger:
    """One ledger. `word` is the register it is about, or another word of the policy.

    `note` is for the screen, `group` the menu's group where it is not the register's. `more` are further
    sheets of the same workbook, of the same unit and period. The `main` book of a register is the one that
    its list offers.
    """

    name: str
    label: str
    word: str
    source: Records | Counted
    layout: Layout
    note: str = ""
    group: str = ""
    more: "tuple[Ledger, ...]" = ()
    main: bool = True

    @property
    def columns(self) -> tuple[Part, ...]:
        return self.layout.columns

    @property
    def model(self) -> type[Any]:
        return REGISTERS[self.word].model

    @property
    def action(self) -> str:
        """What the policy calls downloading it."""
        return f"{self.word}.export"

    @property
    def shelf(self) -> str:
        """The group of the menu under which it stands."""
        return self.group or REGISTERS[self.word].group

    @property
    def period_label(self) -> str:
        """What the period goes by, as it stands in the form and on the sheet; "" where nothing does."""
        if isinstance(self.source, Counted):
            return self.source.period
        period = self.source.period
        return field_of(period.class_, period.key).label if period is not None else ""


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a ledger: whose, of which days, with the list's filters, masked or in full.

    `filter_words` are the filters as people read them: they stand on the sheet, which is then no whole
    book, and in the history. `as_of` asks for counted lines as they stood at the end of that day.
    `acknowledged`: the person knows of the sums that do not agree, and wants the sheet all the same.
    """

    unit: Unit | None = None
    since: date | None = None
    until: date | None = None
    filters: tuple[ColumnElement[bool], ...] = ()
    masked: bool = True
    filter_words: tuple[str, ...] = ()
    as_of: date | None = None
    acknowledged: bool = False


LEDGERS: dict[str, Ledger] = {}


def declare(ledger: Ledger) -> Ledger:
    """Put a ledger on the shelf under its name; a name stands once, and so does a register's main book."""
    if ledger.name in LEDGERS:
        raise ValueError(f"a second ledger called {ledger.name}")
    if ledger.main and main_book(ledger.word):
        raise ValueError(f"a second main book of {ledger.word}: {ledger.name}")
    LEDGERS[ledger.name] = ledger
    return ledger


def main_book(word: str) -> Ledger | None:
    """The book that the list of a register offers."""
    return next((each for each in LEDGERS.values() if each.word == word and each.main), None)
