"""What somebody gives for a record, and how it gets in: each value checked, each line matched."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.base import Base
from admin_app.models.fields import Field, fields_of
from admin_app.models.registry import Parts, Register, day_of
from admin_app.models.users import User
from admin_app.operations import bulk
from admin_app.operations.checks import Giving, blank_finding, value_findings
from admin_app.rules.findings import Finding


@dataclass
class Line:
    """One line of a record as somebody gives it: the id of a line that exists, or None for a new one."""

    id: int | None
    values: dict[str, Any]


@dataclass
class Given:
    """What somebody gives for a record: values by field, and for each part given the whole of its lines.

    `recalled` values stood in the record before: codes out of force are taken among them.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    recalled: bool = False


def take(
    session: Session, actor: User, register: Register, record: Any, given: Given, *, creating: bool
) -> list[Finding]:
    """Put the given values into the record, each checked; what is not a form field is left alone."""
    fields = [each for each in register.fields if each.open_to(None if creating else record)]
    day = given.values.get(register.model.dated) or day_of(record)
    giving = Giving(session, actor, register, day, given.recalled)
    findings = take_fields(giving, record, fields, given.values, creating=creating)
    findings += _emptied(fields, record)
    for part in register.part_lists():
        if part.name in given.lines:
            findings += take_lines(giving, record, part, given.lines[part.name])
    return findings


def take_fields(
    giving: Giving, target: Any, fields: Iterable[Field], values: dict[str, Any], *, creating: bool
) -> list[Finding]:
    """Put values into one thing; `creating` asks for what is required and not given."""
    findings: list[Finding] = []
    put = partial(setattr, target) if not (creating and giving.aside) else vars(target).__setitem__
    for each in fields:
        if each.name not in values:
            if creating and each.required:
                findings.append(Finding(each.name, each.ask))
            continue
        value = values[each.name]
        present = None if creating else getattr(target, each.name)
        if each.say.tidy and isinstance(value, str):
            value = each.say.tidy(value)
        if creating or history.raw(value) != history.raw(present):
            found = value_findings(giving, each, value, present)
            if found:
                findings += found
                if any(finding.grave for finding in found):
                    continue
            put(each.name, value)
    return findings


def _emptied(fields: Iterable[Field], target: Any) -> list[Finding]:
    """What a step has given is mended and not emptied: no form would ask for it again."""
    given_by_steps = [each for each in fields if each.say.form == "step"]
    found = [blank_finding(each, getattr(target, each.name)) for each in given_by_steps]
    return [each for each in found if each]


def take_lines(giving: Giving, record: Any, part: Parts, rows: list[Line]) -> list[Finding]:
    """Match the given rows with the lines that exist; the rest are new, and lines not given are taken out."""
    lines = [] if giving.aside else getattr(record, part.name)
    known = {line.id: line for line in lines}
    kept: list[Any] = []
    findings = []
    for index, row in enumerate(rows):
        line = known.get(row.id) if row.id else None
        new = line is None
        if new:
            line = bulk.aside(part.model, {}) if giving.aside else part.model()
        fields = part.fields
        if not part.only:
            fields = _asked(part.model) if new else tuple(each for each in part.fields if each.open_to(line))
        found = take_fields(giving, line, fields, row.values, creating=new)
        found += [] if part.only else _emptied(fields, line)
        findings += [each.under(f"{part.name}-{index}") for each in found]
        kept.append(line)
    if giving.aside:
        _hang(record, part, kept)
    else:
        lines[:] = kept
    return findings


def _hang(record: Any, part: Parts, lines: list[Any]) -> None:
    """New lines and their record know of each other, and the session of none of them."""
    owner = part.model.owner  # type: ignore[attr-defined]
    vars(record)[part.name] = lines
    for line in lines:
        vars(line)[owner] = record


@cache
def _asked(model: type[Base]) -> tuple[Field, ...]:
    """The fields that the form of a new line asks for."""
    return tuple(each for each in fields_of(model) if each.open_to(None))
