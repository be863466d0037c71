"""Evaluation plans of the demo: of its county the last half-year's, closed, and this one's, in the midst of

it, and its township's of the committees; of a township elsewhere the last one's, published, while the days
for appeals run.

The figures are the real ones of the demo's cases, drawn as the panel draws them; what people give is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan, EvaluationPlanStep
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.mediators import Mediator
from admin_app.models.standards import Standard
from admin_app.operations.evaluations import scale_of
from admin_app.operations.measuring import measure
from admin_app.operations.score_sheets import VOTES
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import begins
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import (
    SHOWN,
    EvaluationState,
    Half,
    appraised,
    outcome,
    period_of,
    votes_worth,
)
from admin_app.rules.measures import BY_HAND, NOTHING, Evidence, Measure, Subject
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.standards import Item, Way
from seed.bulk import Row, add, next_id
from seed.evaluations import halves
from seed.places import Place
from seed.standards import COMMITTEES, HALF_YEARLY
from seed.users import Desk, Stand

S = EvaluationState
_WORTH = (100, 85, 70, 0)
_VOTERS = 12
# Where the people of the demo's township stand in the running plan, and then those of all others.
_NEAR = (S.SELF_SCORED, S.SELF_SCORED, S.REVIEWED, S.APPRAISED, S.SELF_SCORED, S.DRAWN)
_BODIES = (S.SELF_SCORED, S.REVIEWED, S.SELF_SCORED)
_FAR = (S.APPRAISED, S.REVIEWED, S.APPRAISED)
_TOLD = (S.PUBLISHED, S.APPEALED, S.PUBLISHED, S.EXEMPT, S.PUBLISHED, S.PUBLISHED)
_APPEALED = 40  # every so many has appealed
_WHOM = {Subject.MEDIATOR: "调解员", Subject.COMMITTEE: "调委会"}
_REMARKS = {
    Subject.MEDIATOR: "考案件受理调解、建档立卡、民主评议，每半年一次。",
    Subject.COMMITTEE: "考调解成功、履行、归档、回访和“六统一”，每年一次。",
}
_DAYS = 20  # from the figures to the publication


@dataclass(frozen=True)
class Round:
    """One plan of the demo."""

    id: int
    year: int
    half: Half
    since: date
    until: date
    state: PlanState
    place: Place
    subject: Subject = Subject.MEDIATOR


def load_plans(
    session: Session, chance: Random, today: date, stands: tuple[Stand, Stand], desk: Desk
) -> None:
    """The plans, each with everybody on the roster there."""
    query = select(Standard).where(
        Standard.name.in_((HALF_YEARLY, COMMITTEES)), Standard.removed_at.is_(None)
    )
    standards = {each.subject: each for each in session.scalars(query)}
    for each in _rounds(session, today, *stands):
        standard = standards[each.subject]
        add(session, EvaluationPlan, [_plan(each, standard, today)])
        add(session, EvaluationPlanStep, list(_steps(each, desk.offices.get(each.place.id), today)))
        _fill(session, chance, each, standard, stands, today)


def _rounds(session: Session, today: date, home: Stand, away: Stand) -> Iterator[Round]:
    year, half, end = halves(today)[-1]
    before = period_of(year, half)
    assert before.since is not None
    since = end + timedelta(days=1)
    number = next_id(session, EvaluationPlan)
    now = Half.SECOND if half is Half.FIRST else Half.FIRST
    until = max(since, today.replace(day=1) - timedelta(days=1))
    yield Round(number, year, half, before.since, end, PlanState.CLOSED, home.county)
    yield Round(number + 1, since.year, now, since, until, PlanState.RUNNING, home.county)
    yield Round(number + 2, year, half, before.since, end, PlanState.PUBLISHED, away.town)
    whole = (since.year, Half.YEAR, date(since.year, 1, 1), until, PlanState.RUNNING)
    yield Round(number + 3, *whole, home.town, Subject.COMMITTEE)


def _drawn(each: Round, today: date) -> date:
    """When the figures were drawn: an old plan soon after its period, the others of late."""
    if each.state is PlanState.CLOSED:
        return each.until + timedelta(days=5)
    return today - timedelta(days=10 if each.state is PlanState.RUNNING else _DAYS + 3)


def _plan(each: Round, standard: Standard, today: date) -> Row:
    drawn, told = _drawn(each, today), each.state is not PlanState.RUNNING
    return {
        "id": each.id,
        "title": f"{each.place.name}{each.year}年{each.half.label}{_WHOM[each.subject]}考核",
        "standard_id": standard.id,
        "unit_id": each.place.id,
        "path": each.place.path,
        "year": each.year,
        "half": each.half,
        "state": each.state,
        "since": each.since,
        "until": each.until,
        "self_until": drawn + timedelta(days=14),
        "due_on": drawn + timedelta(days=30),
        "drawn_on": drawn,
        "published_on": drawn + timedelta(days=_DAYS) if told else None,
        "appeal_until": drawn + timedelta(days=_DAYS + 7) if told else None,
        "remark": _REMARKS[each.subject],
    }


def _steps(each: Round, actor: int | None, today: date) -> Iterator[Row]:
    first = _drawn(each, today)
    told = [
        ("draw", PlanState.PREPARING, PlanState.RUNNING, 0),
        ("publish", PlanState.RUNNING, PlanState.PUBLISHED, _DAYS),
        ("close", PlanState.PUBLISHED, PlanState.CLOSED, _DAYS + 8),
    ]
    told = told[: 1 + [target for _, _, target, _ in told].index(each.state)]
    for name, source, target, days in told:
        yield {
            "evaluation_plan_id": each.id,
            "name": name,
            "source": source,
            "target": target,
            "at": begins(first + timedelta(days=days)) + timedelta(hours=9),
            "actor_id": actor,
            "note": "",
            "facts": {},
        }


def _fill(
    session: Session,
    chance: Random,
    each: Round,
    standard: Standard,
    stands: tuple[Stand, Stand],
    today: date,
) -> None:
    mediators = session.execute(_people(each)).all()
    items = [replace(item, id=place) for place, item in enumerate(standard.judged_by(), start=1)]
    asked = {item.measure for item in items} - BY_HAND
    ids = [row.id for row in mediators]
    figures = measure(session, each.subject, ids, asked, each.since, each.until)
    first = next_id(session, Evaluation)
    maker = _Maker(chance, each, standard, items, stands, today)
    rows = [maker.row(first + at, at, row, figures[row.id]) for at, row in enumerate(mediators)]
    add(session, Evaluation, rows)
    add(session, EvaluationItem, maker.lines)


def _people(each: Round) -> Select[int, int, int, str, str]:
    """Whom a plan evaluates: those on the roster there, or the committees at work."""
    if each.subject is Subject.MEDIATOR:
        facts = (Mediator.id, Mediator.committee_id, Mediator.unit_id, Mediator.path, Mediator.name)
        on_roster = (Mediator.under(each.place.path), Mediator.status.in_(ON_ROSTER))
        return select(*facts).where(*on_roster).order_by(Mediator.path, Mediator.id)
    own = (
        Committee.id,
        Committee.id.label("committee_id"),
        Committee.unit_id,
        Committee.path,
        Committee.name,
    )
    at_work = (Committee.under(each.place.path), Committee.status == CommitteeStatus.ACTIVE)
    return select(*own).where(*at_work).order_by(Committee.path, Committee.id)


class _Maker:
    """Makes up what people gave, and reckons what comes of it as the panel does."""

    def __init__(
        self,
        chance: Random,
        each: Round,
        standard: Standard,
        items: list[Item],
        stands: tuple[Stand, Stand],
        today: date,
    ) -> None:
        self.chance, self.round, self.items, self.stands = chance, each, items, stands
        self.told_on = _drawn(each, today) + timedelta(days=_DAYS)
        self.scale = scale_of(standard)
        self.worth = {level.rank: level.coefficient for level in standard.levels}
        self.lines: list[Row] = []

    def row(self, number: int, at: int, mediator: Any, facts: dict[Measure, Evidence]) -> Row:
        """One evaluation, with its lines noted."""
        state = self._state(at, mediator)
        votes = self._votes() if state is S.APPRAISED or state in SHOWN - {S.EXEMPT} else None
        given = self._given(state, votes)
        found = outcome(self.items, facts, given, {}, self.scale)
        shown = state in SHOWN
        for verdict in found.verdicts:
            self.lines.append(self._line(number, verdict, facts, given, state))
        answered = state is S.FINAL and at % _APPEALED == 7
        scored = shown and state is not S.EXEMPT
        return {
            "id": number,
            "plan_id": self.round.id,
            "mediator_id": mediator.id if self.round.subject is Subject.MEDIATOR else None,
            "committee_id": mediator.committee_id,
            "unit_id": mediator.unit_id,
            "path": mediator.path,
            "who": mediator.name,
            "year": self.round.year,
            "half": self.round.half,
            "state": state,
            "score": found.score if scored else None,
            "level": found.level.name if scored and found.level else None,
            "coefficient": self.worth[found.level.rank] if scored and found.level else None,
            "evaluated_on": self.told_on if scored else None,
            "comment": None,
            **dict(zip(VOTES, votes or (None,) * len(VOTES), strict=True)),
            "exemption": "本期长期病假。" if state is S.EXEMPT else None,
            "appeal": "建档立卡有两件是补录的，请复核。" if answered or state is S.APPEALED else None,
            "answer": "已复核，补录的两件不在考核期间，维持原得分。" if answered else None,
        }

    def _state(self, at: int, mediator: Any) -> EvaluationState:
        home, away = self.stands
        if self.round.state is PlanState.CLOSED:
            return S.FINAL
        if self.round.state is PlanState.PUBLISHED:
            theirs = mediator.id == away.mediator.id
            return S.PUBLISHED if theirs else _TOLD[at % len(_TOLD)]
        if self.round.subject is Subject.COMMITTEE:
            return S.DRAWN if mediator.id == home.room.id else _BODIES[at % len(_BODIES)]
        if mediator.id == home.mediator.id:
            return S.DRAWN
        near = mediator.path.startswith(home.town.path)
        return (_NEAR if near else _FAR)[at % len(_NEAR if near else _FAR)]

    def _votes(self) -> tuple[int, int, int, int]:
        good, passed = self.chance.randint(1, 6), self.chance.randint(0, 2)
        return _VOTERS - good - passed, good, passed, 0

    def _given(self, state: EvaluationState, votes: Any) -> dict[int, Decimal]:
        """By the item's place, what the reviewer gave, and what the votes are worth."""
        given: dict[int, Decimal] = {}
        if state in (S.DRAWN, S.SELF_SCORED, S.EXEMPT):
            return given
        for item in self.items:
            if item.measure is Measure.APPRAISAL:
                worth = votes_worth(votes, _WORTH) if votes else None
                if worth is not None:
                    given[item.id] = appraised(item, worth)
            elif item.measure in BY_HAND:
                given[item.id] = self._mark(item, 85)
        return given

    def _mark(self, item: Item, least: int) -> Decimal:
        if item.way is Way.FINED:
            return Decimal(int(self.chance.random() < 0.1))
        return (item.points * self.chance.randint(least, 100) / 100).quantize(Decimal(1))

    def _line(
        self, number: int, verdict: Any, facts: dict[Measure, Evidence], given: Any, state: EvaluationState
    ) -> Row:
        item, evidence = verdict.item, facts.get(verdict.item.measure, NOTHING)
        marked = item.measure in BY_HAND and item.measure is not Measure.APPRAISAL
        return {
            "evaluation_id": number,
            "position": item.id,
            "label": item.label,
            "rank": item.level,
            "measure": item.measure,
            "way": item.way,
            "threshold": item.threshold,
            "points": item.points,
            "cap": item.cap,
            "value": evidence.value,
            "hit": evidence.hit,
            "of": evidence.of,
            "behind": evidence.written()["behind"],
            "own": self._mark(item, 85) if marked and state is not S.DRAWN else None,
            "given": given.get(item.id),
            "got": verdict.points,
        }
