"""Early warnings 预警: raised once for the same evidence, and their life with its door `advance` (M24)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.cases import Case
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.models.warning_rules import warning_rules
from admin_app.models.warnings import EarlyWarning, WarningLine, WarningStep
from admin_app.operations import clocks, lookbacks, steps, urgings, warning_facts
from admin_app.operations.notices import people_at, people_of, tell
from admin_app.operations.steps import Life, Passing
from admin_app.operations.warning_signs import evidence_of, seen
from admin_app.rules import warnings as rules
from admin_app.rules.dates import now, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.lookbacks import Fault
from admin_app.rules.notices import NoticeKind
from admin_app.rules.warnings import Outcome, Severity, Signal, WarningState

OFFICES = (Role.BUREAU, Role.OFFICE)
DIRECTOR = (Role.COMMITTEE,)
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


# ---------------------------------------------------------------- raising


def raise_all(session: Session, day: date) -> int:
    """What the rules in force see on a day and have not told yet; how many."""
    raised = raise_new(session, day)
    if raised:
        counted = Counter(each.severity for each in raised)
        said = "，".join(f"{each.label} {counted[each]} 条" for each in Severity if counted[each])
        history.note(
            session,
            history.Action.COMMAND,
            title=REGISTERS["warning"].noun,
            words=f"{day:%Y-%m-%d} 发出 {len(raised)} 条：{said}",
        )
    return len(raised)


def raise_new(session: Session, day: date) -> list[EarlyWarning]:
    """The new warnings of a day, each with its clock and its notices."""
    held = warning_rules(session, day)
    if not held:
        return []
    signals = seen(session, held, day - warning_facts.LATELY, day, still=True)
    raised = (_raise(session, each, day) for each in _unknown(session, signals))
    return [each for each in raised if each is not None]


def _unknown(session: Session, signals: Iterable[Signal]) -> list[Signal]:
    """Those whose key is not there yet, each once."""
    by_key = {each.key: each for each in signals}
    for keys in warning_facts.portions(list(by_key)):
        for known in session.scalars(select(EarlyWarning.key).where(EarlyWarning.key.in_(keys))):
            del by_key[known]
    return list(by_key.values())


def _raise(session: Session, signal: Signal, day: date) -> EarlyWarning | None:
    """The warning with its evidence; None where a job that ran beside this one was quicker."""
    owner = _owner(session, signal)
    row = {
        "key": signal.key,
        "rule_id": signal.rule.id,
        "sign": signal.rule.sign,
        "severity": signal.rule.severity,
        "raised_on": day,
        "words": signal.words,
        "unit_id": signal.unit_id,
        "path": signal.path,
        "committee_id": signal.committee_id,
        "owner_id": owner.id,
        "owner_path": owner.path,
        "due_on": day + timedelta(days=signal.rule.handle_days),
        "state": WarningState.RAISED,
        "version": 1,
        "created_at": now(),
    }
    table: Any = EarlyWarning.__table__
    query = _INSERT[session.get_bind(mapper=EarlyWarning).dialect.name](table).values(row)
    query = query.on_conflict_do_nothing().returning(table.c.id)
    number = session.execute(query, bind_arguments={"mapper": EarlyWarning}).scalar()
    if number is None:
        return None
    lines = [
        {"warning_id": number, "word": each.word, "record_id": each.id, "words": each.words}
        for each in evidence_of(session, signal)
    ]
    session.execute(insert(WarningLine.__table__), lines, bind_arguments={"mapper": WarningLine})  # type: ignore[arg-type]
    warning = session.get_one(EarlyWarning, number)
    clocks.of_warning(session, warning)
    _tell(session, warning)
    return warning


def _owner(session: Session, signal: Signal) -> Unit:
    """Whose it is to act; what happened above that tier is for the unit where it happened."""
    path = signal.rule.owner_path(signal.path)
    return session.scalars(select(Unit).where(Unit.path == path)).one()


def _tell(session: Session, warning: EarlyWarning) -> None:
    """Whoever must act; the committee that has the matter learns of it."""
    colour = warning.severity.label.partition("（")[0]
    words = f"{colour}预警：{warning.words}"[:300]
    key = f"warning:{warning.id}"
    people = [*owners(session, warning), *people_of(session, warning.committee_id, DIRECTOR)]
    tell(session, people, words, warning, key=key, kind=NoticeKind.WARN)


def owners(session: Session, warning: EarlyWarning) -> Sequence[User]:
    """The people of the unit that must act; where it has nobody, those of the next one above."""
    unit: Unit | None = session.get_one(Unit, warning.owner_id)
    while unit is not None:
        people = people_at(session, unit.id, OFFICES)
        if not people and unit.id == warning.unit_id:
            people = people_of(session, warning.committee_id, DIRECTOR)
        if people:
            return people
        unit = session.get(Unit, unit.parent_id) if unit.parent_id else None
    return []


# ---------------------------------------------------------------- its life


def _well_closed(passing: Passing) -> list[Finding]:
    return rules.outcome_findings(passing.record.outcome, passing.record.result)


def _handled(passing: Passing) -> None:
    """The clock goes on until the day by which they mean to be done."""
    clocks.of_warning(passing.session, passing.record)


def _closed(passing: Passing) -> None:
    warning, session = passing.record, passing.session
    warning.closed_on = today()
    clocks.done(session, DeadlineKind.WARN_HANDLE, warning)
    if warning.outcome is Outcome.ESCALATED:
        _note_escalation(passing)


def _note_escalation(passing: Passing) -> None:
    """What grew worse though it was warned of counts as evidence on whoever held the case."""
    ids = [line.record_id for line in passing.record.lines if line.word == "case"]
    for case in passing.session.scalars(select(Case).where(Case.id.in_(ids))):
        words = f"预警以后矛盾激化：{passing.record.result}"
        lookbacks.note(passing.session, case, Fault.ESCALATED, words, key=f"warning:{passing.record.id}")


def _reopened(passing: Passing) -> None:
    warning = passing.record
    warning.outcome = warning.result = warning.closed_on = None
    clocks.of_warning(passing.session, warning)


def _move(warning: EarlyWarning, state: WarningState) -> None:
    warning.state = state


LIFE = Life(
    word="warning",
    steps=rules.STEP,
    row=WarningStep,
    stands=lambda warning: warning.state,
    move=_move,
    checks={"close": _well_closed, "urge": urgings.drawn_up},
    effects={
        "handle": _handled,
        "report": _handled,
        "close": _closed,
        "reopen": _reopened,
        "urge": urgings.begun,
    },
)

advance = partial(steps.advance, LIFE)


# ---------------------------------------------------------------- from the other side


def about(session: Session, word: str, record_id: int) -> list[EarlyWarning]:
    """The warnings that rest on a record, the newest first."""
    on = select(WarningLine.warning_id).where(WarningLine.word == word, WarningLine.record_id == record_id)
    query = select(EarlyWarning).where(EarlyWarning.id.in_(on), EarlyWarning.removed_at.is_(None))
    return list(session.scalars(query.order_by(EarlyWarning.id.desc())))
