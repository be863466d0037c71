"""Fields said once: label, help, checks, code table, masking stand on the column; readers ask `fields_of`.

Everything that shows, asks, filters, exports or compares a field goes through `fields_of`, so that fields
which a bureau defines at run time can join there later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Enum,
    ForeignKey,
    FromClause,
    Integer,
    Numeric,
    String,
    Text,
    inspect,
)
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import JSON, TypeEngine

from admin_app.models.base import Base, Moment
from admin_app.rules.choices import Choice
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought

Check = Callable[[Any], Finding | None]


@dataclass(frozen=True)
class Say:
    """What a column says of itself, beyond what the database knows.

    `form` is "always", "create" (given once, when the record is made), "step" (first given by a step, and
    from then on mended like any other) or "never" (set by verbs).
    `places` marks the link that decides where the record lives: it offers what the person may create in.
    `deadline` marks a day by which somebody waits: shown with the days left while the record `waits`.
    `quiet` is not told in the history: a line of its own tells it.
    `from_today`: a new record starts with today.
    `sought`: as what the search finds the record by it.
    `money`: a number of yuan 元; other numbers with decimals are areas, scores.
    """

    label: str
    section: str = "基本情况"
    help: str = ""
    form: str = "always"
    listed: bool = False
    queried: bool = False
    sortable: bool = False
    sensitive: bool = False
    codes: str = ""
    checks: tuple[Check, ...] = ()
    tidy: Callable[[str], str] | None = None
    wide: bool = False
    required: bool = False
    places: bool = False
    deadline: bool = False
    quiet: bool = False
    from_today: bool = False
    money: bool = False
    sought: Sought | None = None


@dataclass(frozen=True)
class Field:
    """One field as its readers see it; `say` is what the column declared, the rest is read off the table.

    `kind` is one of text, long, integer, decimal, money, date, moment, yes, code, codes, choice, link.
    """

    name: str
    kind: str
    say: Say
    required: bool
    max_length: int | None = None
    digits: tuple[int, int] | None = None  # decimal, money: before and after the point
    choices: type[Choice] | None = None
    target: type[Base] | None = None
    default: Any = None

    def open_to(self, record: Any) -> bool:
        """Whether the form of a record asks for it; None is a record that is being made."""
        if record is None:
            return self.say.form in ("always", "create")
        return self.say.form == "always" or (
            self.say.form == "step" and getattr(record, self.name) is not None
        )

    @property
    def label(self) -> str:
        return self.say.label

    @property
    def start(self) -> Any:
        """What a new record's form begins with."""
        return today() if self.say.from_today else self.default

    @property
    def ask(self) -> str:
        """What a blank is answered with."""
        chosen = self.kind in ("code", "codes", "choice", "link")
        return f"请{'选择' if chosen else '填写'}{self.label}"

    @property
    def relation(self) -> str:
        """For a link: the attribute that holds the other record (`committee_id` → `committee`)."""
        return self.name.removesuffix("_id")


def field(
    label: str,
    type_: TypeEngine[Any] | ForeignKey,
    *,
    nullable: bool = True,
    required: bool | None = None,
    default: Any = None,
    **say: Any,
) -> MappedColumn[Any]:
    """A mapped column that says its label and ways; see `Say` for the words."""
    spec = Say(label=label, required=(not nullable) if required is None else required, **say)
    target = [type_] if isinstance(type_, ForeignKey) else []
    kind = Integer if isinstance(type_, ForeignKey) else type_
    # The value before a change is always loaded: the history must show it.
    return mapped_column(
        kind, *target, nullable=nullable, default=default, info={"say": spec}, active_history=True
    )


def code(label: str, table: str, *, many: bool = False, **say: Any) -> MappedColumn[Any]:
    """A field whose values come from a code table; `many` keeps a list of codes as JSON."""
    return field(label, JSON() if many else String(20), codes=table, **say)


def link(label: str, target: str, *, nullable: bool = True, **say: Any) -> MappedColumn[Any]:
    """A field that points at another record."""
    return field(label, ForeignKey(target), nullable=nullable, **say)


def enum(choices: type[Choice], length: int = 20) -> Enum:
    """A column of a `Choice`, kept as its value."""
    return Enum(
        choices, native_enum=False, length=length, values_callable=lambda e: [each.value for each in e]
    )


KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Enum, "choice"),
    (Text, "long"),
    (String, "text"),
    (Boolean, "yes"),
    (Numeric, "decimal"),
    (Integer, "integer"),
    (Moment, "moment"),
    (Date, "date"),
)


def _kind(column_type: TypeEngine[Any], say: Say, is_link: bool) -> str:
    if is_link:
        return "link"
    if say.codes:
        return "codes" if isinstance(column_type, JSON) else "code"
    if say.money:
        return "money"
    return next(kind for base, kind in KINDS if isinstance(column_type, base))


def fields_of(model: type[Base]) -> tuple[Field, ...]:
    """The declared fields of a model, in the order in which they were written."""
    return _declared(model)


@cache
def _declared(model: type[Base]) -> tuple[Field, ...]:
    mapper = inspect(model)
    found = []
    for name, column in mapper.columns.items():
        say = column.info.get("say")
        if say is None:
            continue
        targets = [key.column.table for key in column.foreign_keys]
        found.append(
            Field(
                name=name,
                kind=_kind(column.type, say, bool(targets)),
                say=say,
                required=say.required,
                max_length=getattr(column.type, "length", None) if type(column.type) is String else None,
                digits=_digits(column.type),
                choices=column.type.enum_class if isinstance(column.type, Enum) else None,  # type: ignore[arg-type]
                target=_model_of(targets[0]) if targets else None,
                default=_default(column),
            )
        )
    return tuple(found)


def _default(column: Column[Any]) -> Any:
    """The value a new record starts with, where it is a plain one."""
    return column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None


def _digits(column_type: TypeEngine[Any]) -> tuple[int, int] | None:
    if not isinstance(column_type, Numeric):
        return None
    scale = column_type.scale or 0
    return (column_type.precision or 0) - scale, scale


def field_of(model: type[Base], name: str) -> Field:
    """One declared field by its name; KeyError when there is none."""
    for each in fields_of(model):
        if each.name == name:
            return each
    raise KeyError(name)


def _model_of(table: FromClause) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)
