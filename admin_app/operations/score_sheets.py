"""Scoring sheets 批量评分: the people of a unit in one table, scored together, all of them or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.standards import Standard, StandardItem
from admin_app.models.users import User
from admin_app.operations.evaluation_plans import of_plan
from admin_app.operations.evaluations import advance
from admin_app.operations.given import Given, Line
from admin_app.rules.evaluations import OPEN, EvaluationState
from admin_app.rules.findings import Finding
from admin_app.rules.measures import BY_HAND, Measure
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused, Refusal

VOTES = ("votes_excellent", "votes_good", "votes_passed", "votes_failed")
SCORED = (EvaluationState.REVIEWED, EvaluationState.APPRAISED)


@dataclass(frozen=True)
class Typed:
    """What somebody typed for one evaluation: marks by the item's position, votes, the version they saw.

    `confirmed` says that nothing is to be marked, where a standard only takes points or only counts.
    """

    evaluation_id: int
    version: int
    marks: dict[int, Decimal | None]
    votes: tuple[int | None, ...] = ()
    confirmed: bool = False


class SheetRefused(Refusal):
    """Some rows cannot be saved, so none is; `faults` are sentences by evaluation and cell."""

    status = 422

    def __init__(self, faults: dict[int, list[Finding]]) -> None:
        super().__init__("有些行需要改，改好再保存。")
        self.faults = faults


def marked_items(session: Session, plan: EvaluationPlan) -> list[tuple[int, StandardItem]]:
    """The items that people mark, with their positions."""
    standard = session.get_one(Standard, plan.standard_id)
    items = enumerate(standard.items, start=1)
    return [(at, item) for at, item in items if item.measure in BY_HAND - {Measure.APPRAISAL}]


def to_score(user: User, plan: EvaluationPlan, path: str) -> Select[Any]:
    """SQL: the evaluations of a plan under a path that this person may still score."""
    return select(Evaluation).where(
        *of_plan(plan),
        Evaluation.state.in_(OPEN),
        Evaluation.under(path),
        policy.visible(Evaluation, user, "evaluation.review"),
    )


def with_lines(query: Select[Any]) -> Select[Any]:
    """The rows of a sheet in their order, with what they need."""
    return query.order_by(Evaluation.path, Evaluation.id).options(
        selectinload(Evaluation.items), selectinload(Evaluation.committee)
    )


def save(session: Session, actor: User, plan: EvaluationPlan, rows: Iterable[Typed]) -> int:
    """Score every row in which something new was typed; how many there were."""
    faults: dict[int, list[Finding]] = {}
    count = 0
    for row in sorted(rows, key=lambda each: each.evaluation_id):
        evaluation = policy.find(session, actor, Evaluation, row.evaluation_id)
        if evaluation.plan_id != plan.id:
            raise NotSeen()
        try:
            count += _score(session, actor, evaluation, row)
        except RecordRefused as refused:
            faults[row.evaluation_id] = [_cell(evaluation, each) for each in refused.findings]
        except NotNow as refused:
            faults[row.evaluation_id] = [Finding("", refused.sentence)]
    if faults:
        raise SheetRefused(faults)
    return count


def _score(session: Session, actor: User, evaluation: Evaluation, row: Typed) -> bool:
    """Whether anything was to be done for a row; what it was is done."""
    steps = [*_marks(evaluation, row), *_votes(evaluation, row)]
    if steps and row.version != evaluation.version:
        raise NotNow("别人刚改过这一行，请核对后再保存。")
    for name, given in steps:
        advance(session, actor, evaluation, name, given)
    return bool(steps)


def _marks(evaluation: Evaluation, row: Typed) -> list[tuple[str, Given]]:
    """A row that was only confirmed or voted on is reviewed too: there was nothing to take points for."""
    lines = [line for line in evaluation.items if line.asks]
    first = evaluation.state not in SCORED
    typed = {line.id: row.marks.get(line.position) for line in lines}
    present = {line.id: line.given for line in lines}
    touched = first and (row.confirmed or any(each is not None for each in row.votes))
    if typed == present and not touched:
        return []
    given = Given(lines={"items": [Line(each, {"given": mark}) for each, mark in typed.items()]})
    return [("review" if first else "rescore", given)]


def _votes(evaluation: Evaluation, row: Typed) -> list[tuple[str, Given]]:
    votes = tuple(each or 0 for each in row.votes)
    if all(each is None for each in row.votes) or votes == evaluation.votes:
        return []
    return [("appraise", Given(dict(zip(VOTES, votes, strict=True))))]


def _cell(evaluation: Evaluation, finding: Finding) -> Finding:
    """A fault beside its cell: items are told by their position."""
    part, _, rest = finding.field.partition("-")
    if part != "items":
        return finding
    position = evaluation.items[int(rest.partition("-")[0])].position
    return Finding(f"m{position}", finding.sentence)
