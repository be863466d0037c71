"""The life of a major dispute's report 重大纠纷信息报送: when it is owed, its door, its clocks (M26).

Whether a dispute is major is asked whenever its facts are saved or a step is taken on it, and once a day of
all that are open: whatever came in another way is then owed from that moment on.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.finds import Find
from admin_app.models.major_reports import MajorReport, MajorReportStep
from admin_app.models.parameters import text, whole
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations import deadlines, steps, urgings
from admin_app.operations.notices import handlers, people_at, people_of, tell
from admin_app.operations.records import saved_once
from admin_app.operations.steps import Life, Passing
from admin_app.rules import major_reports as rules
from admin_app.rules.cases import LIVE
from admin_app.rules.dates import local, local_day, now
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.finds import UNSETTLED
from admin_app.rules.major_reports import BULLETIN_OF, Cause, ReportState, Terms
from admin_app.rules.parameters import Setting, split

OFFICES = (Role.BUREAU, Role.OFFICE)
COMMITTEE = (Role.COMMITTEE, Role.MEDIATOR)
Dispute = Case | Find


# ---------------------------------------------------------------- what is owed


def terms(session: Session) -> Terms:
    """What the parameters of today say."""
    return Terms(
        difficulties=split(text(session, Setting.MAJOR_DIFFICULTY)),
        risks=split(text(session, Setting.MAJOR_RISKS)),
        pressing=split(text(session, Setting.MAJOR_PRESSING_RISKS)),
        hours=whole(session, Setting.MAJOR_HOURS),
        pressing_hours=whole(session, Setting.MAJOR_PRESSING_HOURS),
    )


def watch(session: Session, dispute: Dispute) -> MajorReport | None:
    """The report that a dispute owes from now on; None where it is not major, or owes one already."""
    found = _cause(session, dispute)
    if found is None or not _open(dispute) or of(session, dispute) is not None:
        return None
    return _begin(session, dispute, found)


def watch_all(session: Session, day: date) -> int:
    """Every open dispute that is major and owes no report yet; how many there were."""
    return sum(_begin(session, each, found) is not None for each, found in list(_unreported(session)))


def of(session: Session, dispute: Dispute) -> MajorReport | None:
    """The report of a dispute, if there is one; a case goes on with that of the find it came from."""
    mine: ColumnElement[bool] = MajorReport.find_id == dispute.id
    if isinstance(dispute, Case):
        finds = select(Find.id).where(Find.case_id == dispute.id)
        mine = or_(MajorReport.case_id == dispute.id, MajorReport.find_id.in_(finds))
    query = select(MajorReport).where(mine).order_by(MajorReport.id).limit(1)
    return session.scalars(query).one_or_none()


def _unreported(session: Session) -> Iterator[tuple[Dispute, Cause]]:
    given = terms(session)
    cases = _without_report(Case, MajorReport.case_id, given).where(Case.stage.in_(sorted(LIVE)))
    finds = _without_report(Find, MajorReport.find_id, given).where(Find.state.in_(sorted(UNSETTLED)))
    for each in (*session.scalars(cases), *session.scalars(finds)):
        found = _cause(session, each, given)
        if found is not None and of(session, each) is None:
            yield each, found


def _without_report(model: Any, link: Any, given: Terms) -> Any:
    known = select(link).where(link.is_not(None))
    live = select(model).where(_may_be_major(model, given), model.removed_at.is_(None))
    return live.where(model.id.not_in(known)).order_by(model.id)


def _may_be_major(model: Any, given: Terms) -> ColumnElement[bool]:
    risks = [*given.risks, *given.pressing]
    by_risk: ColumnElement[bool] = model.risk.in_(risks)
    return or_(by_risk, model.difficulty.in_([*given.difficulties])) if model is Case else by_risk


def _open(dispute: Dispute) -> bool:
    if dispute.removed_at is not None:
        return False
    return dispute.stage in LIVE if isinstance(dispute, Case) else dispute.state in UNSETTLED


def _cause(session: Session, dispute: Dispute, given: Terms | None = None) -> Cause | None:
    """A find that became a case is the case's to report."""
    difficulty = dispute.difficulty if isinstance(dispute, Case) else None
    return rules.cause(given or terms(session), difficulty=difficulty, risk=dispute.risk)


def _begin(session: Session, dispute: Dispute, found: Cause) -> MajorReport:
    """From this moment on the hours run."""
    at = now()
    case = dispute if isinstance(dispute, Case) else None
    reader = _superior(session, session.get_one(Unit, dispute.unit_id))
    report = MajorReport(
        title=str(dispute)[:350],
        cause=_said(session, dispute, found),
        case_id=case.id if case else None,
        find_id=None if case else dispute.id,
        unit_id=dispute.unit_id,
        path=dispute.path,
        committee_id=dispute.committee_id,
        to_unit_id=reader.id,
        to_path=reader.path,
        major_at=at,
        hours=found.hours,
        due_at=at + timedelta(hours=found.hours),
    )
    session.add(report)
    with saved_once():
        session.flush()
    _fall_due(session, report, DeadlineKind.MAJOR_FIRST, report.due_at)
    words = f"{report.cause}，请在 {local(report.due_at):%m-%d %H:%M} 前报送：{report.title}"
    tell(session, _reporters(session, report), words, report)
    return report


def _said(session: Session, dispute: Dispute, found: Cause) -> str:
    table, value = ("case_risk", dispute.risk)
    if not found.by_risk and isinstance(dispute, Case):
        table, value = "difficulty", dispute.difficulty
    return codebook(session).label(table, value)[:100]


def _superior(session: Session, unit: Unit) -> Unit:
    """Who reads what a unit reports; above the topmost unit there is nobody, and it signs itself."""
    return session.get_one(Unit, unit.parent_id) if unit.parent_id else unit


# ---------------------------------------------------------------- what a step checks


def _written(passing: Passing) -> list[Finding]:
    """Which report it is, when it goes out, and by whom."""
    bulletin = passing.line
    assert passing.actor is not None
    bulletin.kind = BULLETIN_OF[passing.step.name]
    bulletin.sent_at, bulletin.author = now(), passing.actor.name
    return []


def _signed(passing: Passing) -> list[Finding]:
    """Who signs, for which unit, and when: the proof."""
    signature, report = passing.line, passing.record
    assert passing.actor is not None
    signature.unit_id, signature.signer = report.to_unit_id, passing.actor.name
    signature.signed_at = now()
    return []


def _passed_on(passing: Passing) -> list[Finding]:
    passing.line.passed_on = True
    unit = passing.session.get_one(Unit, passing.record.to_unit_id)
    return _signed(passing) + (
        [] if unit.parent_id else [Finding("", "上面没有可以上报的单位了，请点“签阅”")]
    )


# ---------------------------------------------------------------- what a step brings about


def _reported(passing: Passing) -> None:
    report, session = passing.record, passing.session
    if report.reported_at is None:
        report.reported_at = passing.line.sent_at
        report.late = rules.hours_late(report.due_at, report.reported_at)
    deadlines.done(session, DeadlineKind.MAJOR_FIRST, report)
    follow = passing.line.sent_at + timedelta(hours=whole(session, Setting.MAJOR_FOLLOW_HOURS))
    _fall_due(session, report, DeadlineKind.MAJOR_FOLLOW, follow)
    _to_reader(session, report, f"{passing.line.kind.label}，请签阅")


def _ended(passing: Passing) -> None:
    report, session = passing.record, passing.session
    deadlines.done(session, DeadlineKind.MAJOR_FOLLOW, report)
    _to_reader(session, report, "终报，请签阅")


def _to_reader(session: Session, report: MajorReport, words: str) -> None:
    """The reading unit's clock begins, and its people are told."""
    hours = whole(session, Setting.MAJOR_SIGN_HOURS)
    day = local_day(now() + timedelta(hours=hours))
    assert day is not None
    deadlines.fall_due(
        session,
        DeadlineKind.MAJOR_SIGN,
        report,
        day,
        unit_id=report.to_unit_id,
        path=report.to_path,
        case_id=report.case_id,
    )
    tell(session, people_at(session, report.to_unit_id, OFFICES), f"重大纠纷{words}：{report.title}", report)


def _read(passing: Passing) -> None:
    report, session = passing.record, passing.session
    deadlines.done(session, DeadlineKind.MAJOR_SIGN, report)
    opinion = f"，批示：{passing.line.opinion[:100]}" if passing.line.opinion else ""
    words = f"上级已签阅重大纠纷报送：{report.title}{opinion}"
    tell(session, _reporters(session, report), words, report)
    if report.state is ReportState.CLOSED:
        report.ended_at = passing.line.signed_at


def _moved_up(passing: Passing) -> None:
    _read(passing)
    report, session = passing.record, passing.session
    above = _superior(session, session.get_one(Unit, report.to_unit_id))
    report.to_unit_id, report.to_path = above.id, above.path
    _to_reader(session, report, "上报，请签阅")


def _dropped(passing: Passing) -> None:
    deadlines.done(passing.session, DeadlineKind.MAJOR_FIRST, passing.record)


def _fall_due(session: Session, report: MajorReport, kind: DeadlineKind, at: datetime) -> None:
    """The list of deadlines knows days; the hour stands in the report itself."""
    day = local_day(at)
    assert day is not None
    deadlines.fall_due(
        session,
        kind,
        report,
        day,
        unit_id=report.unit_id,
        path=report.path,
        committee_id=report.committee_id,
        case_id=report.case_id,
    )


def _reporters(session: Session, report: MajorReport) -> list[User]:
    people = people_of(session, report.committee_id, COMMITTEE) + people_at(session, report.unit_id, OFFICES)
    return people + handlers(session, report.case_id)


def _move(report: MajorReport, state: ReportState) -> None:
    report.state = state


LIFE = Life(
    word="major_report",
    steps=rules.STEP,
    row=MajorReportStep,
    stands=lambda report: report.state,
    move=_move,
    checks={
        "report": _written,
        "follow_up": _written,
        "finish": _written,
        "sign": _signed,
        "sign_final": _signed,
        "pass_on": _passed_on,
        "urge": urgings.drawn_up,
    },
    effects={
        "urge": urgings.begun,
        "report": _reported,
        "follow_up": _reported,
        "finish": _ended,
        "sign": _read,
        "sign_final": _read,
        "pass_on": _moved_up,
        "drop": _dropped,
    },
)

advance = partial(steps.advance, LIFE)
