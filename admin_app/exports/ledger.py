"""What a ledger 台账 is: a title, a register, which of its records belong, their order, and columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin_app.exports.columns import Line, Part
from admin_app.models.fields import Field, field_of
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit


@dataclass(frozen=True)
class Ledger:
    """One ledger over the register `word`.

    `belongs` says which records have a place in the book and `order` how they stand; scope, unit and period
    are added by whoever reads it. `load` gives the lines of some records by id: at most a few queries for
    all of them. `period` is the day that decides the period. `reference` marks a layout for which no public
    sample was found (参考格式); `note` is for the screen, `counted` the word after the number of lines.
    """

    name: str
    label: str
    word: str
    columns: tuple[Part, ...]
    load: Callable[[Session, Sequence[int]], dict[int, Line]]
    period: InstrumentedAttribute[Any]
    order: tuple[Any, ...]
    belongs: ColumnElement[bool] = field(default_factory=true)
    title: str = ""
    note: str = ""
    reference: bool = False
    counted: str = "条"

    @property
    def model(self) -> type[Any]:
        return REGISTERS[self.word].model

    @property
    def action(self) -> str:
        """What the policy calls downloading it."""
        return f"{self.word}.export"

    @property
    def period_field(self) -> Field:
        """The field behind the period: its label stands in the form and on the sheet."""
        return field_of(self.model, self.period.key)


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a ledger: whose, of which days, with the list's filters, masked or in full.

    `filter_words` are the filters as people read them: they stand on the sheet, which is then no whole
    book, and in the history.
    """

    unit: Unit | None = None
    since: date | None = None
    until: date | None = None
    filters: tuple[ColumnElement[bool], ...] = ()
    masked: bool = True
    filter_words: tuple[str, ...] = ()


LEDGERS: dict[str, Ledger] = {}


def declare(ledger: Ledger) -> Ledger:
    """Put a ledger on the shelf under its name; a name stands once."""
    if ledger.name in LEDGERS:
        raise ValueError(f"a second ledger called {ledger.name}")
    LEDGERS[ledger.name] = ledger
    return ledger
