"""Right facts for every step of every life, so that tests walk the tables and list no step by hand."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardManual, AwardObjection
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.evaluations import EvaluationItem
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS, Parts, register_of
from admin_app.models.trainings import Attendance
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.dossiers import lacking
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import LIVES, take_step
from admin_app.operations.steps import asked, line_fields, part_of, whole_of
from admin_app.rules.awards import Outcome
from admin_app.rules.dates import today
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.referrals import Direction
from admin_app.rules.tiers import ancestors
from admin_app.rules.trainings import Mark
from tests.samples import Samples
from tests.world import scan

CONSENTS = "01"
# Where the law narrows what the kind of a field alone allows.
NARROWED: dict[tuple[str, str], Any] = {
    ("case", "extension_days"): 10,
    ("case", "form"): "2",
    ("award", "level"): None,
    ("hand_over", "agreed"): True,
    ("hand_over", "number"): "公调〔2026〕8号",
}


def given_for(session: Session, actor: User, record: Any, name: str, *, whole: bool = True) -> Given:
    """What a person who knows the rules would fill in for this step.

    They close a case only with a `whole` dossier, so what is still missing is scanned first.
    """
    register = register_of(type(record))
    step = LIVES[register.word].steps[name]
    samples = Samples(session, actor, register)
    if whole and (register.word, name) == ("case", "close"):
        record.attachments += [scan(kind) for kind in lacking(session, record)]
    if whole and (register.word, name) == ("training", "hold") and not record.attendances:
        record.attendances.append(_somebody(session))
    given = Given({each.name: _value(samples, each) for each in asked(register, step)})
    given.values |= _days(record, given.values)
    if step.each:
        part, names = step.each
        given.lines[part] = [Line(line.id, _of_each(line, names)) for line in getattr(record, part)]
    if step.whole == "mediators":
        given.lines["mediators"] = _mediators(session, record)
    if step.whole == "finds":
        samples = Samples(session, actor, REGISTERS["find"])
        fields = whole_of(register, step).fields
        values = {each.name: samples.value(each) for each in fields if each.required}
        given.lines["finds"] = [Line(None, values)]
    if step.line:
        given.lines[step.line] = [Line(None, _line(session, actor, record, name))]
    if (register.word, name) == ("referral", "receive"):
        here = select(Committee.id).where(
            Committee.unit_id == record.to_unit_id, Committee.removed_at.is_(None)
        )
        given.values["to_committee_id"] = session.scalar(here.order_by(Committee.id).limit(1))
    return given


def _of_each(line: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Each party consents; each item that people mark gets a point, and an appeal changes none."""
    if isinstance(line, EvaluationItem):
        return {name: Decimal(1) for name in names if name in ("own", "given") and line.asks}
    if isinstance(line, AwardManual):
        return {"given": Decimal(1)}
    if isinstance(line, AwardObjection):
        return {"outcome": Outcome.REJECTED, "answer": "查无此事"}
    return dict.fromkeys(names, CONSENTS)


def born(session: Session, actor: User, word: str) -> Any:
    """A record of a register that no form makes: by a step of a case, or as it stands in the world."""
    cases = REGISTERS["case"]
    steps = (s for s in LIVES["case"].steps.values() if s.line and _holds(part_of(cases, s.line), word))
    step = next(steps, None)
    if step is None:
        model = REGISTERS[word].model
        return session.scalars(select(model).order_by(model.id)).first()
    ready = select(Case).where(Case.stage.in_(step.sources), Case.removed_at.is_(None)).order_by(Case.id)
    case = session.scalars(ready).first()
    assert case is not None
    take_step(session, actor, case, step.name, given_for(session, actor, case, step.name))
    return getattr(case, step.line)[-1]


def _holds(part: Parts, word: str) -> bool:
    return part.model is REGISTERS[word].model


def _value(samples: Samples, field: Any) -> Any:
    word = samples.register.word
    return NARROWED[word, field.name] if (word, field.name) in NARROWED else samples.value(field)


def _days(record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Every day of a walk is today, but for what must lie ahead."""
    ahead = ("due_on", "perform_by")
    return {
        name: today() + timedelta(days=9 if name in ahead else 0)
        for name in values
        if name.endswith("_on") or name == "perform_by"
    }


def _mediators(session: Session, case: Case) -> list[Line]:
    """Whoever has the case keeps it; otherwise one of the roster of the committee that holds it."""
    if case.mediators:
        return [Line(line.id, {}) for line in case.mediators]
    here = select(Mediator.id).where(
        Mediator.committee_id == case.committee_id,
        Mediator.status.in_(ON_ROSTER),
        Mediator.removed_at.is_(None),
    )
    return [Line(None, {"mediator_id": session.scalar(here.order_by(Mediator.id).limit(1))})]


def _line(session: Session, actor: User, record: Any, name: str) -> dict[str, Any]:
    register = register_of(type(record))
    step = LIVES[register.word].steps[name]
    model = part_of(register, step.line).model
    try:
        own = register_of(model)
    except KeyError:
        own = register
    samples = Samples(session, actor, own)
    values = {each.name: _value(samples, each) for each in line_fields(register, step)}
    values |= _days(record, values)
    if step.line == "referrals":
        values |= {"direction": Direction.UP, "to_unit_id": _superior(session, record), "due_on": None}
    return values


def _somebody(session: Session) -> Attendance:
    """Whoever came to a training."""
    return Attendance(mediator=session.scalars(select(Mediator)).first(), mark=Mark.CAME, hours=Decimal(4))


def _superior(session: Session, case: Case) -> int | None:
    above = ancestors(case.path)
    return session.scalar(select(Unit.id).where(Unit.path == above[-1])) if above else None
