"""What somebody gives for a record, and how it gets in: each value checked, each line matched."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.fields import Field
from admin_app.models.registry import Parts, Register
from admin_app.models.users import User
from admin_app.operations.checks import value_findings
from admin_app.rules.findings import Finding


@dataclass
class Line:
    """One line of a record as somebody gives it: the id of a line that exists, or None for a new one."""

    id: int | None
    values: dict[str, Any]


@dataclass
class Given:
    """What somebody gives for a record: values by field, and for each part given the whole of its lines."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)


def take(
    session: Session, actor: User, register: Register, record: Any, given: Given, *, creating: bool
) -> list[Finding]:
    """Put the given values into the record, each checked; what is not a form field is left alone."""
    open_ = ("always", "create") if creating else ("always",)
    fields = [each for each in register.fields if each.say.form in open_]
    findings = _take_fields(session, actor, register, record, fields, given.values, creating=creating)
    for part in register.part_lists():
        if part.name in given.lines:
            findings += _take_lines(session, actor, register, record, part, given.lines[part.name])
    return findings


def _take_fields(
    session: Session,
    actor: User,
    register: Register,
    target: Any,
    fields: list[Field],
    values: dict[str, Any],
    *,
    creating: bool,
) -> list[Finding]:
    findings: list[Finding] = []
    for each in fields:
        if each.name not in values:
            if creating and each.required:
                findings.append(Finding(each.name, each.ask))
            continue
        value = values[each.name]
        if each.say.tidy and isinstance(value, str):
            value = each.say.tidy(value)
        unchanged = not creating and history.raw(value) == history.raw(getattr(target, each.name))
        if not unchanged:
            found = value_findings(session, actor, register, each, value)
            findings += found
            if not any(finding.grave for finding in found):
                setattr(target, each.name, value)
    return findings


def _take_lines(
    session: Session, actor: User, register: Register, record: Any, part: Parts, rows: list[Line]
) -> list[Finding]:
    """Match the given rows with the lines that exist; the rest are new, and lines not given are taken out."""
    lines = getattr(record, part.name)
    known = {line.id: line for line in lines}
    kept, findings = [], []
    for index, row in enumerate(rows):
        line = known.get(row.id) if row.id else None
        new = line is None
        line = part.model() if new else line
        found = _take_fields(session, actor, register, line, list(part.fields), row.values, creating=new)
        findings += [each.under(f"{part.name}-{index}") for each in found]
        kept.append(line)
    lines[:] = kept
    return findings
