"""Every life, and the one way in for screens, batches and jobs: `take_step`."""

from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.registry import register_of
from admin_app.models.users import User
from admin_app.operations import (
    assessments,
    assistances,
    awards,
    cases,
    circulars,
    dossiers,
    evaluation_plans,
    evaluations,
    finds,
    hand_overs,
    major_reports,
    meeting_tasks,
    meetings,
    referrals,
    screenings,
    seasons,
    standards,
    steps,
    subsidies,
    trainings,
    typical_cases,
    urgings,
    warnings,
)
from admin_app.operations.given import Given
from admin_app.operations.steps import Life

LIVES: dict[str, Life] = {
    each.word: each
    for each in (
        cases.LIFE,
        referrals.LIFE,
        assistances.LIFE,
        hand_overs.LIFE,
        urgings.LIFE,
        dossiers.LIFE,
        standards.LIFE,
        trainings.LIFE,
        evaluation_plans.LIFE,
        evaluations.LIFE,
        screenings.LIFE,
        meetings.LIFE,
        meeting_tasks.LIFE,
        circulars.LIFE,
        major_reports.LIFE,
        finds.LIFE,
        seasons.LIFE,
        awards.LIFE,
        subsidies.LIFE,
        warnings.LIFE,
        assessments.LIFE,
        typical_cases.LIFE,
    )
}


def life_of(record: Any) -> Life | None:
    """The life of a record; None for things that have none."""
    return LIVES.get(register_of(type(record)).word)


def take_step(
    session: Session,
    actor: User,
    record: Any,
    name: str,
    given: Given | None = None,
    *,
    note: str = "",
    version: int | None = None,
) -> None:
    """Take a step on a record of any life. The transfer of a case begins with a referral, which leads it."""
    life = LIVES[register_of(type(record)).word]
    if (life.word, name) == ("case", "transfer"):
        referrals.start(session, actor, record, given or Given(), note=note, version=version)
        return
    steps.advance(life, session, actor, record, name, given, note=note, version=version)
