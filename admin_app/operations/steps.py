"""The one mover behind every life: see, do, now, then the rules; then the state moves and leaves its row.

Each life (operations/cases.py, referrals.py …) says where its state stands, what it checks beyond its table
of steps, and what follows from a step. The order is always the same, and nothing is left half done: a
refusal leaves the session to be rolled back by whoever began it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.fields import Field, field_of
from admin_app.models.registry import Parts, Register, register_of
from admin_app.models.steps import Passed
from admin_app.models.users import User
from admin_app.operations import bulk
from admin_app.operations.checks import Giving, blank_finding
from admin_app.operations.derived import derive
from admin_app.operations.given import Given, Line, take_fields, take_lines
from admin_app.operations.records import saved_once
from admin_app.rules.choices import Choice
from admin_app.rules.dates import local_day, now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Stale
from admin_app.rules.steps import Step


@dataclass(frozen=True)
class Passing:
    """A step that is being taken: by whom (None: by the system), on what, with which new line."""

    session: Session
    actor: User | None
    record: Any
    step: Step[Any]
    line: Any = None


def _silent(passing: Passing) -> str:
    return ""


@dataclass(frozen=True)
class Life:
    """One life: its steps, where its state stands, what its steps check and bring about (by their names).

    `says` is what a step must tell beside its note: for whom it was taken.
    """

    word: str
    steps: Mapping[str, Step[Any]]
    row: type[Any]
    stands: Callable[[Any], Choice]
    move: Callable[[Any, Any], None]
    checks: Mapping[str, Callable[[Passing], list[Finding]]] = field(default_factory=dict)
    effects: Mapping[str, Callable[[Passing], None]] = field(default_factory=dict)
    says: Callable[[Passing], str] = _silent


def advance(
    life: Life,
    session: Session,
    actor: User | None,
    record: Any,
    name: str,
    given: Given | None = None,
    *,
    note: str = "",
    version: int | None = None,
    led: bool = False,
    line: Any = None,
) -> Passed:
    """Take a step on a record: 403 without the right, 409 from the wrong state, 422 for missing facts.

    `version` is the one that the person saw, where they saw one. A step that is `led` follows from a step
    of another life, which has asked for the right, or is the daily job's, which has drawn up its `line`.
    """
    step, given = life.steps.get(name), given or Given()
    if step is None:
        raise NotSeen("没有这个步骤。")
    if not led:
        if step.led:
            raise NotAllowed("这一步随转办办理，请到转办里操作。")
        assert actor is not None
        policy.demand(actor, f"{life.word}.{name}", record)
    step.check(life.stands(record))
    if version is not None and version != record.version:
        raise Stale()
    passing = Passing(session, actor, record, step, line)
    with session.no_autoflush:
        if line is not None:
            getattr(record, step.line).append(line)
        if not led:
            assert actor is not None
            passing = _take(session, actor, record, step, given)
            _refuse(_findings(life, passing))
        note = "：".join(filter(None, (life.says(passing), note)))
        row = _pass(life, passing, note, life.stands(record), target(life, record, step))
        row.facts = _facts(step, given)
    with saved_once():
        session.flush()
        if passing.line is not None:
            row.facts = {**row.facts, "line": passing.line.id}
        life.effects.get(name, _nothing)(passing)
        session.flush()
    return row


def land(
    life: Life, session: Session, actor: User, record: Any, name: str, state: Choice, *, note: str = ""
) -> Passed:
    """A record from an old book enters its life where the book says; its facts are checked before."""
    step = life.steps[name]
    if state not in step.lands:
        raise NotNow(f"导入的记录不能是“{state.label}”。")
    [first] = step.sources  # a new record has no state before it is written
    passing = Passing(session, actor, record, step)
    row: Passed = bulk.aside(life.row, {**_told(passing, note, first, state), life.word: record})
    vars(record).setdefault("steps", []).append(row)
    return _moved(life, passing, row)


def _pass(life: Life, passing: Passing, note: str, before: Choice, after: Choice) -> Passed:
    row: Passed = life.row(**_told(passing, note, before, after))
    passing.record.steps.append(row)
    return _moved(life, passing, row)


def _told(passing: Passing, note: str, before: Choice, after: Choice) -> dict[str, Any]:
    return {
        "at": now(),
        "actor_id": passing.actor.id if passing.actor else None,
        "name": passing.step.name,
        "source": before,
        "target": after,
        "note": note,
    }


def _moved(life: Life, passing: Passing, row: Passed) -> Passed:
    """The state moves as its row says, here and nowhere else."""
    passing.record.changed_at = row.at
    life.move(passing.record, row.target)
    words = "：".join(filter(None, (passing.step.label, row.note)))
    history.note(passing.session, history.Action.STEP, record=passing.record, words=words)
    return row


def moved_on(record: Any) -> date | None:
    """The day on which a record came to where it stands; None where no step tells."""
    moves = (row for row in reversed(record.steps) if row.source is not row.target)
    return local_day(next((row.at for row in moves), None))


def target(life: Life, record: Any, step: Step[Any]) -> Choice:
    """Where a step leads from where the record stands; a step back leads to where it was before."""
    present = life.stands(record)
    if step.back:
        moves = (row for row in reversed(record.steps) if row.target is present and row.source is not present)
        return cast(Choice, next(moves).source)
    return cast(Choice, step.to or present)


def asked(register: Register, step: Step[Any]) -> tuple[Field, ...]:
    """The fields of the record that a step's form asks for."""
    return tuple(field_of(register.model, each) for each in (*step.needs, *step.asks))


def part_of(register: Register, name: str) -> Parts:
    """A list of a record by its name, whether or not its lines are a register of their own."""
    known = next((each for each in register.all_lists() if each.name == name), None)
    model = getattr(register.model, name).property.mapper.class_
    return known or Parts(name, register_of(model).noun, model)


def whole_of(register: Register, step: Step[Any]) -> Parts:
    """The list that a step takes entire, with the fields that it asks of each line."""
    return replace(part_of(register, step.whole), only=step.of_line)


def line_fields(register: Register, step: Step[Any]) -> tuple[Field, ...]:
    """The fields of the line that a step adds; to whom it is added is known."""
    part = part_of(register, step.line)
    named = step.of_line or {each.name for each in part.fields} - {f"{register.word}_id"}
    return tuple(each for each in part.fields if each.name in named and each.open_to(None))


def _take(session: Session, actor: User, record: Any, step: Step[Any], given: Given) -> Passing:
    register = register_of(type(record))
    giving = Giving(session, actor, register)
    findings = take_fields(giving, record, asked(register, step), given.values, creating=False)
    findings += [
        finding
        for each in step.needs
        if (finding := blank_finding(field_of(type(record), each), getattr(record, each)))
    ]
    if step.each:
        findings += _take_each(giving, record, step.each, given)
    if step.whole and step.whole in given.lines:
        findings += take_lines(giving, record, whole_of(register, step), given.lines[step.whole])
    line = None
    if step.line:
        line, found = _take_line(giving, record, step, given)
        findings += found
    _refuse(findings)
    return Passing(session, actor, record, step, line)


def _take_each(giving: Giving, record: Any, each: tuple[str, tuple[str, ...]], given: Given) -> list[Finding]:
    """The named fields of lines that exist; none is added or taken out."""
    name, names = each
    part, findings = part_of(giving.register, name), []
    fields = [field_of(part.model, one) for one in names]
    values = {row.id: row.values for row in given.lines.get(name, [])}
    for index, line in enumerate(getattr(record, name)):
        found = take_fields(giving, line, fields, values.get(line.id, {}), creating=False)
        findings += [finding.under(f"{name}-{index}") for finding in found]
    return findings


def _take_line(giving: Giving, record: Any, step: Step[Any], given: Given) -> tuple[Any, list[Finding]]:
    """The one line that the step adds."""
    part = part_of(giving.register, step.line)
    rows = given.lines.get(step.line) or [Line(None, {})]
    line = part.model()
    if hasattr(part.model, f"{giving.register.word}_id"):
        setattr(line, f"{giving.register.word}_id", record.id)
    own = replace(giving, register=_register_of(part.model) or giving.register)
    found = take_fields(own, line, line_fields(giving.register, step), rows[0].values, creating=True)
    getattr(record, step.line).append(line)
    return line, [finding.under(f"{step.line}-0") for finding in found]


def _register_of(model: type[Any]) -> Register | None:
    try:
        return register_of(model)
    except KeyError:
        return None


def _findings(life: Life, passing: Passing) -> list[Finding]:
    """What the facts of the case and of the step are found to lack, taken together."""
    record, register = passing.record, register_of(type(passing.record))
    findings = life.checks.get(passing.step.name, _no_findings)(passing)
    findings += derive(passing.session, record) + register.rules(record)
    own = _register_of(type(passing.line)) if passing.line is not None else None
    if own is not None:
        found = derive(passing.session, passing.line) + own.rules(passing.line)
        findings += [each.under(f"{passing.step.line}-0") for each in found]
    return findings


def _facts(step: Step[Any], given: Given) -> dict[str, Any]:
    names = (*step.needs, *step.asks)
    return {each: history.raw(given.values[each]) for each in names if each in given.values}


def _refuse(findings: list[Finding]) -> None:
    grave = [each for each in findings if each.grave]
    if grave:
        raise RecordRefused(grave)


def _no_findings(passing: Passing) -> list[Finding]:
    return []


def _nothing(passing: Passing) -> None:
    return None
