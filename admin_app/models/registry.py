"""`@register` makes a model a register: a thing with list, form, history, recycle bin, scope and look-up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.orm import InstrumentedAttribute

from admin_app.models.base import Base, Part
from admin_app.models.fields import Field, fields_of
from admin_app.rules.findings import Finding

Model = TypeVar("Model", bound=type[Base])


@dataclass(frozen=True)
class Parts:
    """The lines of a record: attribute, label, model of the lines; `only` these of their fields."""

    name: str
    label: str
    model: type[Base]
    only: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for each in fields_of(self.model) if not self.only or each.name in self.only)


@dataclass(frozen=True)
class Register:
    """One register. `order` is the list's default order, ("-registered_on", …); the id breaks ties.

    `parts` are edited in the record's own form; lines of the `trail` are added by its steps, one by one.
    """

    word: str
    noun: str
    group: str
    model: type[Any]
    order: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    trail: tuple[tuple[str, str], ...]
    rules: Callable[[Any], list[Finding]]
    locked: Callable[[Any], str | None]
    unique: tuple[str, ...]
    making: str
    keeps: bool
    fixed: tuple[str, ...]
    again: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.model)

    def part_lists(self) -> tuple[Parts, ...]:
        """The record's lines that its form holds."""
        return self._part_lists

    @cached_property
    def _part_lists(self) -> tuple[Parts, ...]:
        return self._lists(self.parts)

    def trail_lists(self) -> tuple[Parts, ...]:
        """The record's lines that steps add."""
        return self._lists(self.trail)

    def open_lists(self) -> tuple[Parts, ...]:
        """Those of its trail whose lines may be mended or taken out while the record is open."""
        return tuple(each for each in self.trail_lists() if each.name not in self.fixed)

    def all_lists(self) -> tuple[Parts, ...]:
        """The record's lines of every kind."""
        return self._lists(self.parts + self.trail)

    def _lists(self, named: tuple[tuple[str, str], ...]) -> tuple[Parts, ...]:
        return tuple(
            Parts(name, label, getattr(self.model, name).property.mapper.class_) for name, label in named
        )


# The groups of the menu in its order, each with the registers that lead it; others follow as declared.
GROUPS: dict[str, tuple[str, ...]] = {
    "案件管理": ("case", "visit", "referral", "assistance", "hand_over", "urging", "dossier", "typical_case"),
    "排查预防": (
        "screening",
        "find",
        "warning",
        "assessment",
        "publicity",
        "major_report",
        "meeting",
        "meeting_task",
        "circular",
        "monthly",
    ),
    "组织队伍": ("unit", "committee", "mediator", "expert", "staffing_target", "area"),
    "考评": (
        "season",
        "award",
        "evaluation_plan",
        "evaluation",
        "training",
        "subsidy",
        "payment",
        "lookback",
        "standard",
        "rate",
        "budget",
    ),
    "台账": (),
    "系统设置": (),
}
REGISTERS: dict[str, Register] = {}
_BY_MODEL: dict[type[Any], Register] = {}


def register(
    word: str,
    noun: str,
    group: str,
    *,
    order: tuple[str, ...] = (),
    parts: dict[str, str] | None = None,
    trail: dict[str, str] | None = None,
    rules: Callable[[Any], list[Finding]] = lambda record: [],
    locked: Callable[[Any], str | None] = lambda record: None,
    unique: tuple[str, ...] = (),
    making: str = "登记",
    keeps: bool = True,
    fixed: tuple[str, ...] = (),
    again: bool = False,
) -> Callable[[Model], Model]:
    """Class decorator: `word` names the register in URLs, policy and history; `noun` is what people call it.

    `rules` finds what is wrong with a record as a whole; `locked` tells why a record may not be changed
    now (a sentence), or None; `unique` names the fields that together may stand only once; `making`
    is what registering is called, "" where only steps of other things make a record; a record that
    `keeps` what it points at stands in the way of its removal. Lines of the `fixed` lists of its trail
    are evidence: they stay as the steps have left them. Where a thing may come `again`, one like it in the
    recycle bin does not stand in its way.
    """

    def declare(model: Model) -> Model:
        REGISTERS[word] = Register(
            word=word,
            noun=noun,
            group=group,
            model=model,
            order=order,
            parts=tuple((parts or {}).items()),
            trail=tuple((trail or {}).items()),
            rules=rules,
            locked=locked,
            unique=unique,
            making=making,
            keeps=keeps,
            fixed=fixed,
            again=again,
        )
        _BY_MODEL[model] = REGISTERS[word]
        return model

    return declare


def in_menu_order() -> list[Register]:
    """Every register: group by group, and in each the leading ones first."""
    return sorted(REGISTERS.values(), key=_place)


def _place(each: Register) -> tuple[int, int]:
    leading = GROUPS[each.group]
    return list(GROUPS).index(each.group), (*leading, each.word).index(each.word)


def register_of(model: type[Base]) -> Register:
    """The register of a model; KeyError when it is none."""
    return _BY_MODEL[model]


def day_of(record: Any) -> date | None:
    """The day on which a record stands: its codes read as they were worded then. None: as they read today."""
    record = owner_of(record) if isinstance(record, Part) else record
    day: date | None = getattr(record, record.dated) if record.dated else None
    return day


def owner_of(line: Part) -> Any:
    """The record that a line belongs to, or None once it is cut off."""
    return getattr(line, line.owner)


def column_of(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    """A mapped column by name."""
    return getattr(model, name)  # type: ignore[no-any-return]
