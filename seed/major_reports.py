"""Reports of the demo's major disputes: one for each that is open, as far as its age lets it have come."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.deadlines import Deadline
from admin_app.models.finds import Find
from admin_app.models.major_reports import Bulletin, MajorReport, MajorReportStep, Signature
from admin_app.operations import major_reports
from admin_app.rules.cases import LIVE
from admin_app.rules.dates import local_day
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.finds import UNSETTLED
from admin_app.rules.major_reports import STEP, BulletinKind, ReportState, cause, hours_late
from seed.bulk import Book, Row
from seed.frame import Frame
from seed.lives import moment
from seed.places import Place

# How far the reports of disputes have come, the newest first; then it begins anew.
_FATES = ("due", "sent", "read", "late", "passed", "final", "closed", "dropped")
_TOLD = {
    "situation": "双方各聚集十余人争吵，情绪激动，暂未发生冲突。",
    "measures": "已派人到场劝离，专人盯守。",
}
Steps = list[tuple[str, datetime | None, int | None, Row]]


def load_major_reports(session: Session, frame: Frame) -> None:
    """What the daily job would have asked for of every open dispute that is major."""
    frame.book = Book(session)
    places = {each.id: each for each in frame.places}
    disputes = sorted(_disputes(session), key=lambda each: (_day(each), each.id), reverse=True)
    for turn, each in enumerate(disputes):
        _note(session, frame, places, each, _FATES[turn % len(_FATES)])
    frame.book.write()


def _disputes(session: Session) -> list[Any]:
    given = major_reports.terms(session)
    cases = session.scalars(select(Case).where(Case.stage.in_(sorted(LIVE)))).all()
    finds = session.scalars(select(Find).where(Find.state.in_(sorted(UNSETTLED)))).all()
    disputes: list[Any] = [*cases, *finds]
    return [
        each
        for each in disputes
        if cause(given, difficulty=getattr(each, "difficulty", None), risk=each.risk)
    ]


def _day(dispute: Any) -> Any:
    return dispute.registered_on if isinstance(dispute, Case) else dispute.found_on


def _note(session: Session, frame: Frame, places: dict[int, Place], dispute: Any, fate: str) -> None:
    """The report, its bulletins and signatures, the steps that made them, and the clocks that still run."""
    case = dispute if isinstance(dispute, Case) else None
    found = cause(
        major_reports.terms(session), difficulty=case.difficulty if case else None, risk=dispute.risk
    )
    assert found is not None
    place = places[dispute.unit_id]
    reader = place.parent or place
    to = (reader.parent or reader) if fate == "passed" else reader
    now = moment(frame.today)
    major_at = now - timedelta(hours=1) if fate == "due" else now - timedelta(hours=30)
    due_at = major_at + timedelta(hours=found.hours)
    told = None if fate in ("due", "dropped") else major_at + timedelta(minutes=40)
    if fate == "late" and told is not None:
        told = due_at + timedelta(hours=1, minutes=20)
    told = min(told, now) if told else None
    table = ("case_risk", dispute.risk) if found.by_risk else ("difficulty", case.difficulty if case else "")
    number = frame.book.note(
        MajorReport,
        {
            "title": str(dispute)[:350],
            "cause": codebook(session).label(*table),
            "case_id": case.id if case else None,
            "find_id": None if case else dispute.id,
            "unit_id": place.id,
            "path": place.path,
            "committee_id": dispute.committee_id,
            "to_unit_id": to.id,
            "to_path": to.path,
            "state": _state(fate),
            "major_at": major_at,
            "hours": found.hours,
            "due_at": due_at,
            "reported_at": told,
            "late": hours_late(due_at, told) if told else None,
            "ended_at": told + timedelta(hours=3) if told and fate == "closed" else None,
            "reason": "难度级别填错了，已经改正" if fate == "dropped" else None,
            "created_at": major_at,
        },
    )
    if fate == "dropped":
        steps: Steps = [("drop", major_at + timedelta(hours=1), None, {})]
        frame.passed(MajorReportStep, {"major_report_id": number}, STEP, ReportState.DUE, steps)
    elif told is not None:
        _note_steps(frame, number, reader, fate, told)
    _note_clocks(frame, number, place, reader if fate != "passed" else to, dispute, fate, due_at, told)


def _state(fate: str) -> ReportState:
    states = {"late": ReportState.SENT, "passed": ReportState.SENT}
    return states.get(fate) or ReportState(fate)


def _note_steps(frame: Frame, number: int, reader: Place, fate: str, told: datetime) -> None:
    def bulletin(kind: BulletinKind, at: datetime) -> Row:
        row = {"major_report_id": number, "kind": kind, **_TOLD, "wanted": None, "sent_at": at}
        return {"line": frame.book.note(Bulletin, {**row, "author": "司法所工作人员"})}

    def signature(at: datetime, passed: bool) -> Row:
        row = {"major_report_id": number, "unit_id": reader.id, "signer": "值班负责人", "signed_at": at}
        opinion = "请妥善处置，及时续报。"
        return {"line": frame.book.note(Signature, {**row, "opinion": opinion, "passed_on": passed or None})}

    actor = frame.desk.offices.get(reader.id)
    steps: Steps = [("report", told, None, bulletin(BulletinKind.FIRST, told))]
    second, third = told + timedelta(hours=1), told + timedelta(hours=3)
    if fate == "read":
        steps.append(("sign", second, actor, signature(second, False)))
    if fate == "passed":
        steps.append(("pass_on", second, actor, signature(second, True)))
    if fate in ("final", "closed"):
        steps.append(("finish", second, None, bulletin(BulletinKind.LAST, second)))
    if fate == "closed":
        steps.append(("sign_final", third, actor, signature(third, False)))
    frame.passed(MajorReportStep, {"major_report_id": number}, STEP, ReportState.DUE, steps)


def _note_clocks(
    frame: Frame,
    number: int,
    place: Place,
    reader: Place,
    dispute: Any,
    fate: str,
    due_at: datetime,
    told: datetime | None,
) -> None:
    """What is still waited for: the first report, the next one, a signature."""
    opened = told or due_at - timedelta(hours=24)
    running = {
        "due": [(DeadlineKind.MAJOR_FIRST, place, due_at)],
        "read": [(DeadlineKind.MAJOR_FOLLOW, place, opened + timedelta(hours=72))],
        "final": [(DeadlineKind.MAJOR_SIGN, reader, opened + timedelta(hours=48))],
    }
    both = [
        (DeadlineKind.MAJOR_FOLLOW, place, opened + timedelta(hours=72)),
        (DeadlineKind.MAJOR_SIGN, reader, opened + timedelta(hours=48)),
    ]
    if fate in ("sent", "late", "passed"):
        running[fate] = both
    for kind, whose, at in running.get(fate, []):
        day = local_day(at)
        assert day is not None
        day = max(day, frame.today)
        committee = dispute.committee_id if whose is place else None
        frame.book.note(
            Deadline,
            {
                "kind": kind,
                "word": "major_report",
                "record_id": number,
                "case_id": dispute.id if isinstance(dispute, Case) else None,
                "unit_id": whose.id,
                "path": whose.path,
                "committee_id": committee,
                "due_on": day,
                "opened_at": opened,
                "warned_on": frame.today,
                "late_on": None,
                "urged_on": None,
                "done_at": None,
            },
        )
