"""What an import sheet 导入表 is: a book's columns, and how its lines become records of a register.

Columns come from the ledger's own declaration where there is one, so that what was exported is understood
when it comes back. To add a sheet is to add a file in `imports/sheets/` that calls `declare`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from admin_app.exports.columns import Part, labels, leaves
from admin_app.models.base import Base
from admin_app.models.fields import Field, field_of
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.users import User
from admin_app.operations.given import Given

if TYPE_CHECKING:
    from admin_app.imports.cells import Reading
    from admin_app.imports.finding import Links
    from admin_app.imports.reader import Raw

Values = dict[str, Any]
Take = Callable[["Reading", "Raw"], Values]


@dataclass(frozen=True)
class Item:
    """One column of a sheet: the value it gives, its heading, other headings that mean the same.

    `take` reads a cell that gives other values than its own field; without it the field's kind decides.
    `gives` names values that it may give beside its own, so that they are not missed; `offered`: one of the
    field's choices stands in the cell all the same, and the template offers them.
    A column that is `told` is known and read by nobody: it follows from others (序号, 年龄).
    """

    name: str
    label: str
    field: Field | None = None
    also: tuple[str, ...] = ()
    needed: bool = False
    take: Take | None = None
    told: bool = False
    help: str = ""
    gives: tuple[str, ...] = ()
    offered: bool = False


@dataclass(frozen=True)
class Asking:
    """Who imports into what: handed to the functions of a sheet, which may keep in it what they have read."""

    session: Session
    actor: User
    register: Register
    links: "Links"
    kept: dict[str, Any] = field(default_factory=dict)


def _given(asking: Asking, values: Values, record: Any) -> Given:
    return Given(dict(values))


def _present(asking: Asking, record: Any, names: Iterable[str]) -> Values:
    return {name: getattr(record, name) for name in names}


def _nobody(asking: Asking, rows: Sequence[Values]) -> list[str]:
    return [""] * len(rows)


def _free(asking: Asking, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
    return [None] * len(rows)


def _nothing(values: Values) -> list[tuple[str, str]]:
    return []


def _as_read(values: Values) -> Values:
    return values


def _none_excused(values: Values) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Sheet:
    """One book that can be imported.

    `key` is what a line is known by within the file; `find` gives the records that lines speak of, None for
    new ones. `given` turns a line's values into what a form would give, `present` tells the same values of
    a record. `alike` says of new lines which record each may be; `taken` which value of theirs another record
    has, where there can be but one. `placed` names the link that a whole file
    may give at the upload, for books that leave it out. `enters` takes a new record into its life, with
    a word on where it comes from.
    `lacks` finds what a line must have beside its needed columns, as (value, sentence); `excused` are the
    needed columns that may be blank in it. `tidy` puts right what a line says as a whole, once it is read.
    `upper_first` names the code of things that hang on each other: the shorter ones are read first, so that
    what a line hangs on may stand in the same file, above or below it.
    `common` are the values that the preview asks for once, for all lines, where a book has no column of them.
    """

    name: str
    label: str
    word: str
    items: tuple[Item, ...]
    key: Callable[[Values], Any]
    find: Callable[[Asking, Sequence[Values]], list[Any]]
    given: Callable[[Asking, Values, Any], Given] = _given
    present: Callable[[Asking, Any, Iterable[str]], Values] = _present
    alike: Callable[[Asking, Sequence[Values]], list[str]] = _nobody
    taken: Callable[[Asking, Sequence[Values]], list[tuple[str, str] | None]] = _free
    lacks: Callable[[Values], list[tuple[str, str]]] = _nothing
    excused: Callable[[Values], frozenset[str]] = _none_excused
    tidy: Callable[[Values], Values] = _as_read
    enters: Callable[[Asking, Any, str], None] | None = None
    placed: str = ""
    upper_first: str = ""
    common: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)  # list of the record → the column it came from
    blank: Mapping[str, Any] = field(default_factory=dict)  # what a new record has where the book is silent

    @property
    def register(self) -> Register:
        return REGISTERS[self.word]

    @property
    def action(self) -> str:
        """What the policy calls importing it."""
        return f"{self.word}.import"

    def item(self, name: str) -> Item | None:
        """The column that gives a value."""
        return next((each for each in self.items if each.name == name), None)


SHEETS: dict[str, Sheet] = {}


def declare(sheet: Sheet) -> Sheet:
    """Put a sheet on the shelf under its name; a name stands once."""
    if sheet.name in SHEETS:
        raise ValueError(f"a second sheet called {sheet.name}")
    SHEETS[sheet.name] = sheet
    return sheet


def items(
    columns: Sequence[Part],
    *more: Item,
    needed: Iterable[str] = (),
    also: Mapping[str, tuple[str, ...]] | None = None,
    read: Mapping[str, Item] | None = None,
    told: Iterable[str] = (),
) -> tuple[Item, ...]:
    """The items of a ledger's columns, said there and nowhere else, and more that the ledger does not have.

    `also` and `needed` go by the value's name. `read` gives the item of a column that holds no declared
    field, or whose heading means otherwise in old books, by its heading; `told` are the headings of columns
    that nobody reads, as all are that have neither.
    """
    read, must, aside = read or {}, set(needed), set(told)
    found: list[Item] = []
    for label, column in zip(labels(columns), leaves(columns), strict=True):
        if label in read:
            item = read[label]
            found.append(item if item.label == label else replace(item, also=(label, *item.also)))
        elif column.field is not None and label not in aside:
            found.append(Item(column.field.name, label, column.field))
        else:
            found.append(Item("", label, told=True))
    first = {each.name: each for each in (*more[::-1], *found[::-1])}
    return tuple(
        _known_as(each, (also or {}).get(each.name, ()), each.name in must)
        if each is first[each.name]
        else each
        for each in (*found, *more)
    )


def _known_as(item: Item, also: tuple[str, ...], needed: bool) -> Item:
    return replace(item, also=(*item.also, *also), needed=item.needed or needed)


def asked(model: type[Base], *names: str) -> tuple[Item, ...]:
    """Columns that the ledger does not have, headed as the fields are called."""
    fields = [field_of(model, name) for name in names]
    return tuple(Item(each.name, each.label, each) for each in fields)
