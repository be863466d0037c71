"""Risk assessments: measures before anything risky is carried out, and followed until they are closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports import reading
from admin_app.exports.columns import labels
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.models.assessments import Assessment
from admin_app.models.deadlines import Deadline
from admin_app.models.users import User
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.assessments import AssessmentState, Decision, RiskLevel, assess_findings, decide_findings
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from tests.web import named
from tests.world import World

Person = Callable[[str], User]
MEASURE = {"content": "逐户走访，公示补偿标准", "responsible": "街道办事处", "until": None}


@pytest.fixture
def assessment(session: Session, world: World) -> Assessment:
    return session.get_one(Assessment, world.assessment)


def result(risk: RiskLevel, *, measures: int = 1, plan: str | None = None) -> Given:
    values = {"assessed_on": today(), "ways": ["01", "02"], "risk": risk, "risks": "少数住户对补偿有意见"}
    return Given(
        {**values, "asked_people": 120, "plan": plan},
        {"measures": [Line(None, MEASURE) for _ in range(measures)]},
    )


def decision(decision: Decision, **more: object) -> Given:
    return Given({"decision": decision, "decided_on": today(), "decided_by": "街道党工委", **more})


def test_what_is_risky_needs_measures_and_what_is_very_risky_a_plan() -> None:
    assert assess_findings(RiskLevel.LOW, 0, None) == []
    assert [each.field for each in assess_findings(RiskLevel.MEDIUM, 0, None)] == ["measures"]
    assert [each.field for each in assess_findings(RiskLevel.HIGH, 0, None)] == ["measures", "plan"]
    assert assess_findings(RiskLevel.HIGH, 1, "由街道牵头") == []


def test_what_is_of_high_risk_is_not_simply_carried_out() -> None:
    found = {(risk, each): bool(decide_findings(risk, each)) for risk in RiskLevel for each in Decision}
    assert [pair for pair, refused in found.items() if refused] == [(RiskLevel.HIGH, Decision.GO)]


def test_from_the_draft_to_the_end(session: Session, person: Person, assessment: Assessment) -> None:
    office = person("office")
    with pytest.raises(RecordRefused):
        take_step(session, office, assessment, "assess", result(RiskLevel.MEDIUM, measures=0))
    session.rollback()
    take_step(session, office, assessment, "assess", result(RiskLevel.MEDIUM))
    take_step(session, office, assessment, "send_back", Given({"return_reason": "没有听取租户意见"}))
    take_step(session, office, assessment, "assess", result(RiskLevel.HIGH, plan="由街道牵头处置"))
    with pytest.raises(RecordRefused) as refused:
        take_step(session, office, assessment, "decide", decision(Decision.GO))
    assert [each.field for each in refused.value.findings] == ["decision"]
    session.rollback()
    take_step(session, office, assessment, "assess", result(RiskLevel.MEDIUM))
    take_step(session, office, assessment, "decide", decision(Decision.GO))
    session.commit()
    assert assessment.follow_by == today() + timedelta(days=90)
    line = Line(None, {"followed_on": today(), "content": "没有新情况", "follower": "陈主任"})
    take_step(session, office, assessment, "follow", Given({}, {"follows": [line]}))
    take_step(session, office, assessment, "close", Given({"closed_on": today(), "outcome": "平稳完成"}))
    session.commit()
    assert assessment.state is AssessmentState.CLOSED
    assert [row.name for row in assessment.steps][-2:] == ["follow", "close"]
    with pytest.raises(NotNow):
        take_step(session, office, assessment, "follow", Given())


def clock(session: Session, assessment: Assessment) -> Deadline | None:
    query = select(Deadline).where(
        Deadline.word == "assessment",
        Deadline.record_id == assessment.id,
        Deadline.kind == DeadlineKind.ASSESS_FOLLOW,
        Deadline.done_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def test_the_clock_of_the_follow_up_runs_until_it_is_closed(
    session: Session, person: Person, assessment: Assessment
) -> None:
    office, soon = person("office"), today() + timedelta(days=10)
    take_step(session, office, assessment, "assess", result(RiskLevel.LOW, measures=0))
    assert clock(session, assessment) is None
    take_step(session, office, assessment, "decide", decision(Decision.PART, follow_by=soon))
    found = clock(session, assessment)
    assert found is not None
    assert (found.due_on, found.unit_id) == (soon, assessment.unit_id)
    take_step(session, office, assessment, "close", Given({"closed_on": today(), "outcome": "平稳完成"}))
    assert clock(session, assessment) is None


def test_what_is_not_carried_out_is_not_followed(
    session: Session, person: Person, assessment: Assessment
) -> None:
    office = person("office")
    take_step(session, office, assessment, "assess", result(RiskLevel.HIGH, plan="由街道牵头"))
    take_step(session, office, assessment, "decide", decision(Decision.STOP, follow_by=today()))
    assert assessment.follow_by is None
    assert clock(session, assessment) is None


def test_committees_do_not_assess(session: Session, person: Person, app: Flask, world: World) -> None:
    with pytest.raises(NotAllowed):
        take_step(session, person("director"), session.get_one(Assessment, world.assessment), "assess")
    session.rollback()
    assert named(app, world, "director").get("/assessment/").status_code == 403
    assert named(app, world, "bureau_far").get(f"/assessment/{world.assessment}").status_code == 404
    assert named(app, world, "inspector").get(f"/assessment/{world.assessment}").status_code == 200


def test_the_ledger_has_measures_and_decision(
    session: Session, person: Person, assessment: Assessment
) -> None:
    office = person("office")
    take_step(session, office, assessment, "assess", result(RiskLevel.MEDIUM, measures=2))
    take_step(session, office, assessment, "decide", decision(Decision.PART))
    session.commit()
    found = reading.read(session, office, LEDGERS["assessment-register"], Asked())
    [row] = [dict(zip(labels(found.ledger.columns), row.cells, strict=True)) for row in reading.rows(found)]
    assert row["风险等级"] == "中风险"
    assert str(row["防范化解措施"]).count("街道办事处") == 2
    assert (row["决定"], row["决定机关"], row["评估方式"]) == (
        "可部分实施",
        "街道党工委",
        "公示听取意见、座谈会",
    )
