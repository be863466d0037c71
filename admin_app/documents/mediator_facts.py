"""The facts of a mediator's file 人民调解员档案: the person, and what the registers know of them."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import inspect, select

from admin_app.documents.facts import Fact, fact, of_field
from admin_app.documents.said import Saying, clean, day_words
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.rules.cases import SUCCEEDED
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.trainings import TrainingState

MOST = 20  # trainings and evaluations that the paper tells, the newest


def _listed(parts: Iterable[str]) -> str:
    return "\n".join(clean(each) for each in parts)


def _kept(mediator: Mediator) -> bool:
    """A made-up mediator stands in no register."""
    return inspect(mediator).persistent


def _committee(saying: Saying, mediator: Mediator) -> str:
    if not _kept(mediator):
        return clean(mediator.committee.name)
    return clean(saying.session.get_one(Committee, mediator.committee_id).name)


def _terms(saying: Saying, mediator: Mediator) -> str:
    return _listed(
        f"{day_words(each.since)}至{day_words(each.until) or '今'}{each.reason or ''}"
        for each in mediator.appointments
    )


def _awards(saying: Saying, mediator: Mediator) -> str:
    return _listed(
        f"{day_words(each.awarded_on)} {saying.of(each, 'level')} {each.title or saying.of(each, 'kind')}"
        for each in mediator.awards
    )


def _sanctions(saying: Saying, mediator: Mediator) -> str:
    return _listed(
        f"{day_words(each.decided_on)} {saying.of(each, 'kind')}：{each.reason}"
        for each in mediator.sanctions
    )


def _grades(saying: Saying, mediator: Mediator) -> str:
    query = (
        select(AwardApplication)
        .where(
            AwardApplication.mediator_id == mediator.id,
            AwardApplication.granted_on.is_not(None),
            AwardApplication.removed_at.is_(None),
        )
        .order_by(AwardApplication.granted_on)
    )
    rows = saying.session.scalars(query) if _kept(mediator) else ()
    return _listed(
        f"{day_words(each.granted_on)} {each.kind.label}：{each.level} {each.number or ''}"
        f"（{each.state.label}）"
        for each in rows
    )


def _trainings(saying: Saying, mediator: Mediator) -> str:
    query = (
        select(Training.title, Training.held_from, Attendance.hours)
        .join(Attendance, Attendance.training_id == Training.id)
        .where(
            Attendance.mediator_id == mediator.id,
            Attendance.present,
            Training.state == TrainingState.HELD,
            Training.removed_at.is_(None),
        )
        .order_by(Training.held_from.desc(), Training.id.desc())
        .limit(MOST)
    )
    rows = saying.session.execute(query).all() if _kept(mediator) else ()
    return _listed(f"{day_words(day)} {title} {hours:f}学时" for title, day, hours in rows)


def _cases(saying: Saying, mediator: Mediator) -> str:
    """受理 and 调解成功 of each year."""
    query = (
        select(Case.accepted_on, Case.result)
        .join(CaseMediator, CaseMediator.case_id == Case.id)
        .where(
            CaseMediator.mediator_id == mediator.id, Case.removed_at.is_(None), Case.accepted_on.is_not(None)
        )
    )
    rows = saying.session.execute(query).all() if _kept(mediator) else ()
    accepted = Counter(day.year for day, _ in rows if day)
    succeeded = Counter(day.year for day, result in rows if day and result == SUCCEEDED)
    return _listed(
        f"{year}年：受理{accepted[year]}件，调解成功{succeeded[year]}件" for year in sorted(accepted)
    )


def _evaluations(saying: Saying, mediator: Mediator) -> str:
    query = (
        select(Evaluation)
        .where(
            Evaluation.mediator_id == mediator.id,
            Evaluation.removed_at.is_(None),
            Evaluation.state == EvaluationState.FINAL,
        )
        .order_by(Evaluation.year.desc(), Evaluation.id.desc())
        .limit(MOST)
    )
    rows = saying.session.scalars(query) if _kept(mediator) else ()
    return _listed(
        f"{each.year}年{saying.of(each, 'half')} {saying.of(each, 'score')}分 {saying.of(each, 'level')}"
        for each in rows
    )


_FIELDS = (
    *("name", "sex", "birth_on", "ethnicity", "education", "politics", "speciality", "position"),
    *("full_time", "status", "origin", "profession", "started_on", "qualified_on", "qualification"),
    *("employer", "id_number", "phone", "address", "introduction"),
)

MEDIATOR: tuple[Fact, ...] = (
    *(of_field(Mediator, name) for name in _FIELDS),
    fact("committee", "所属调委会", _committee),
    fact("terms", "历次聘任", _terms),
    fact("awards", "表彰奖励", _awards),
    fact("sanctions", "处分", _sanctions),
    fact("grades", "等级、星级和荣誉", _grades),
    fact("trainings", "参加培训", _trainings),
    fact("cases", "办理案件", _cases),
    fact("evaluations", "考核结果", _evaluations),
)
