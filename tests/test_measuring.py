"""Every measure equals a plain recount over the records themselves, with the very ids behind it."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseMediator
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Appointment, Award, Mediator, Sanction
from admin_app.models.monthly import Monthly
from admin_app.models.parameters import Parameter
from admin_app.models.preventions import Prevention
from admin_app.models.referrals import Referral
from admin_app.models.screenings import Screening
from admin_app.models.trainings import Attendance, Training
from admin_app.operations.measuring import measure
from admin_app.rules.cadences import Every
from admin_app.rules.cases import Stage
from admin_app.rules.dates import SHANGHAI, now
from admin_app.rules.evaluations import EvaluationState, Half, level_of
from admin_app.rules.lookbacks import Fault
from admin_app.rules.measures import BY_HAND, Evidence, Measure, Subject
from admin_app.rules.parameters import Setting
from admin_app.rules.referrals import Direction, ReferralState
from admin_app.rules.trainings import Mark, TrainingState
from tests.world import World

UNTIL = date(2025, 10, 31)
SPANS = (None, date(2024, 11, 1), date(2025, 6, 15))
COUNTED = set(Measure) - BY_HAND
_FAULT = {
    Measure.ESCALATIONS: Fault.ESCALATED,
    Measure.LATE: Fault.LATE,
    Measure.DECLINED: Fault.DECLINED,
    Measure.RETURNED: Fault.RETURNED,
    Measure.REOPENED: Fault.REOPENED,
}


class Stirred:
    """Many made-up records of the world's committees and mediators, some of them removed."""

    def __init__(self, session: Session, chance: random.Random) -> None:
        self.session, self.chance = session, chance
        self.committees = list(session.scalars(select(Committee).order_by(Committee.id)))
        self.mediators = list(session.scalars(select(Mediator).order_by(Mediator.id)))
        cases = [self.case() for _ in range(90)]
        session.add_all(cases)
        session.flush()
        for case in chance.sample(cases, 60):
            self.around(case)
        for mediator in self.mediators:
            self.person(mediator)
        for _ in range(12):
            self.training()
        for committee in self.committees:
            committee.unities = [str(n) for n in range(chance.randrange(6))]
            self.months(committee)
            self.evaluations(committee, None)
            self.screenings(committee)
        session.flush()
        session.expire_all()

    def day(self) -> date:
        return date(2023, 9, 1) + timedelta(days=self.chance.randrange(1000))

    def removed(self) -> datetime | None:
        return now() if self.chance.random() < 0.1 else None

    def case(self) -> Case:
        pick, chance = self.chance.choice, self.chance
        committee, registered = pick(self.committees), self.day()
        stage = pick(list(Stage) + [Stage.CLOSED, Stage.ARCHIVED] * 5)
        accepted = registered + timedelta(days=chance.randrange(9))
        over = stage in (Stage.CLOSED, Stage.ARCHIVED)
        # A case that was mediated anew keeps no day of its end; one may have been left in an old book.
        closed = accepted + timedelta(days=chance.randrange(60)) if over or chance.random() < 0.1 else None
        result = pick(["1", "1", "2"]) if over else None
        some = chance.sample(self.mediators, chance.randrange(4))
        return Case(
            names="甲某",
            kind="1",
            source="1",
            risk="1",
            brief="测",
            stage=stage,
            registered_on=registered,
            accepted_on=accepted if stage not in (Stage.REGISTERED, Stage.DECLINED) else None,
            closed_on=closed,
            committee_id=committee.id,
            unit_id=committee.unit_id,
            path=committee.path,
            difficulty=pick("1234"),
            result=result,
            form=pick(["1", "2"]) if result == "1" else None,
            fulfilment=pick(["01", "02", "03", "03", None]),
            visited_on=closed if chance.random() < 0.6 else None,
            satisfied=pick(["01", "02", "03", None]),
            removed_at=self.removed(),
            mediators=[CaseMediator(mediator_id=each.id) for each in some],
        )

    def around(self, case: Case) -> None:
        chance = self.chance
        held = {"case_id": case.id, "unit_id": case.unit_id, "path": case.path}
        self.session.add(
            Lookback(
                **held,
                committee_id=chance.choice(self.committees).id,
                mediator_id=chance.choice([None, *(each.id for each in self.mediators)]),
                fault=chance.choice(list(Fault)),
                happened_on=self.day(),
                explanation="测",
                removed_at=self.removed(),
            )
        )
        lines = range(chance.randrange(3))
        case.preventions += [
            Prevention(kind="1", prevented_on=self.day(), people=1, situation="测") for _ in lines
        ]
        received = datetime.combine(self.day(), datetime.min.time(), SHANGHAI)
        self.session.add(
            Referral(
                case_id=case.id,
                direction=chance.choice([Direction.UP, Direction.UP, Direction.DOWN]),
                unit_id=case.unit_id,
                path=case.path,
                to_unit_id=case.unit_id,
                to_path=case.path,
                committee_id=chance.choice([None, *(each.id for each in self.committees)]),
                reason="1",
                state=chance.choice(list(ReferralState)),
                received_at=received.astimezone(UTC),
                removed_at=self.removed(),
            )
        )

    def person(self, mediator: Mediator) -> None:
        chance = self.chance
        mediator.started_on = chance.choice([None, self.day()])
        mediator.appointments += [Appointment(since=self.day()) for _ in range(chance.randrange(3))]
        mediator.sanctions += [
            Sanction(decided_on=self.day(), kind="01", reason="测") for _ in range(chance.randrange(3))
        ]
        mediator.awards += [
            Award(awarded_on=self.day(), kind="01", level="1") for _ in range(chance.randrange(3))
        ]
        if chance.random() < 0.2:
            mediator.removed_at = now()
        self.evaluations(mediator.committee, mediator.id)

    def evaluations(self, committee: Committee, mediator: int | None) -> None:
        chance = self.chance
        for year, half in ((2020, Half.FIRST), (2021, Half.SECOND), (2022, Half.YEAR)):
            score = Decimal(chance.randrange(6000, 9900)) / 100
            self.session.add(
                Evaluation(
                    mediator_id=mediator,
                    committee_id=committee.id,
                    unit_id=committee.unit_id,
                    path=committee.path,
                    year=year,
                    half=half,
                    score=score,
                    who="张伟",
                    level=level_of(score),
                    state=chance.choice([EvaluationState.FINAL] * 3 + [EvaluationState.PUBLISHED]),
                    evaluated_on=self.day(),
                    removed_at=self.removed(),
                )
            )

    def screenings(self, committee: Committee) -> None:
        for number in range(14):
            due = date(2024, 1, 1) + timedelta(days=60 * number)
            late = timedelta(days=self.chance.randrange(-2, 2))
            self.session.add(
                Screening(
                    unit_id=committee.unit_id,
                    path=committee.path,
                    committee_id=committee.id,
                    every=Every.WEEK,
                    since=due - timedelta(days=committee.id + 10),
                    until=due,
                    due_on=due,
                    reported_on=self.chance.choice([None, due + late]),
                    removed_at=self.removed(),
                )
            )

    def training(self) -> None:
        chance, unit = self.chance, self.committees[0]
        self.session.add(
            Training(
                title="测",
                year=2025,
                kind="01",
                level="01",
                unit_id=unit.unit_id,
                path=unit.path,
                hours=Decimal(4),
                held_from=chance.choice([None, self.day()]),
                state=chance.choice([TrainingState.HELD, TrainingState.HELD, TrainingState.CANCELLED]),
                removed_at=self.removed(),
                attendances=[
                    Attendance(
                        mediator_id=each.id,
                        mark=chance.choice(list(Mark)),
                        hours=Decimal(chance.randrange(1, 90)) / 10,
                    )
                    for each in chance.sample(self.mediators, 3)
                ],
            )
        )

    def months(self, committee: Committee) -> None:
        self.session.add_all(
            Monthly(
                committee_id=committee.id,
                unit_id=committee.unit_id,
                path=committee.path,
                year=year,
                month=month,
                removed_at=self.removed(),
            )
            for year in (2024, 2025)
            for month in range(1, 13)
            if self.chance.random() < 0.7
        )


# ------------------------------------------------------------------ the plain recount


class Recount:
    """One subject, one period: everything asked of the records one by one."""

    def __init__(self, session: Session, who: Any, since: date | None, until: date) -> None:
        self.session, self.who, self.since, self.until = session, who, since, until
        self.is_person = isinstance(who, Mediator)
        self.cases = [each for each in self._all(Case) if self._has(each)]

    def _all(self, model: Any) -> list[Any]:
        every = self.session.scalars(select(model).order_by(model.id))
        return [each for each in every if each.removed_at is None]

    def _has(self, case: Case) -> bool:
        if self.is_person:
            return any(line.mediator_id == self.who.id for line in case.mediators)
        return case.committee_id == self.who.id

    def _in(self, day: date | None) -> bool:
        return day is not None and (self.since is None or day >= self.since) and day <= self.until

    def closed(self) -> list[Case]:
        over = (Stage.CLOSED, Stage.ARCHIVED)
        return [each for each in self.cases if each.stage in over and self._in(each.closed_on)]

    def _list(self, word: str, found: Iterable[Any]) -> Any:
        ids = tuple(each.id for each in found)
        return Decimal(len(ids)), len(ids), len(ids), ((word, ids),)

    def _share(self, of: list[Any], hit: Callable[[Any], bool]) -> Any:
        yes, no = [each.id for each in of if hit(each)], [each.id for each in of if not hit(each)]
        value = (
            (Decimal(10000 * len(yes)) / len(of)).quantize(Decimal(1), "ROUND_HALF_UP") / 100 if of else None
        )
        return value, len(yes), len(of), (("case", tuple(yes)), ("case", tuple(no)))

    def of(self, name: Measure) -> Any:
        closed = self.closed()
        won = [each for each in closed if each.result == "1"]
        match name:
            case Measure.CASES_ACCEPTED:
                return self._list("case", [each for each in self.cases if self._in(each.accepted_on)])
            case Measure.CASES_CLOSED:
                return self._list("case", closed)
            case Measure.CASES_SUCCEEDED:
                return self._list("case", won)
            case Measure.CASES_HARD:
                return self._list("case", [each for each in closed if each.difficulty in ("3", "4")])
            case Measure.ORAL_SHARE:
                return self._share(closed, lambda case: case.form == "1")
            case Measure.SUCCESS_RATE:
                return self._share(closed, lambda case: case.result == "1")
            case Measure.FULFILLED:
                due = [each for each in won if each.fulfilment != "01"]
                return self._share(due, lambda case: case.fulfilment == "03")
            case Measure.FOLLOWED_UP:
                return self._share(won, lambda case: case.visited_on is not None)
            case Measure.DOSSIERS_COMPLETE:
                return self._share(closed, lambda case: case.stage is Stage.ARCHIVED)
            case Measure.SATISFACTION:
                asked = [each for each in closed if each.satisfied]
                return self._share(asked, lambda case: case.satisfied in ("01", "02"))
            case Measure.PREVENTED:
                return self._list("case", filter(self._kept_from_worse, self.cases))
            case Measure.SETTLED_LOCALLY:
                return self._locally(closed)
            case Measure.SERVICE_YEARS | Measure.UNITIES | Measure.EVALUATION:
                return self._own(name)
            case Measure.SANCTIONS | Measure.AWARDS:
                return self._personal(name)
            case Measure.TRAINING_HOURS:
                return self._hours()
            case Measure.SCREENINGS:
                return self._tasks()
            case Measure.SCREENING_ON_TIME:
                return self._screening()
        return self._list("lookback", [each for each in self._all(Lookback) if self._blamed(each, name)])

    def _kept_from_worse(self, case: Case) -> bool:
        return any(self._in(line.prevented_on) for line in case.preventions)

    def _blamed(self, lookback: Lookback, name: Measure) -> bool:
        whose = lookback.mediator_id if self.is_person else lookback.committee_id
        fault = lookback.fault is _FAULT[name]
        return whose == self.who.id and fault and self._in(lookback.happened_on)

    def _gone_up(self) -> list[Referral]:
        arrived = (ReferralState.RECEIVED, ReferralState.ANSWERED, ReferralState.CLOSED)
        return [e for e in self._all(Referral) if e.direction is Direction.UP and e.state in arrived]

    def _locally(self, closed: list[Case]) -> Any:
        up = self._gone_up()
        gone = {each.case_id for each in up}
        won = {each.id for each in closed if each.result == "1" and each.id not in gone}
        of = {each.id for each in closed}
        if not self.is_person:
            live = {each.id for each in self._all(Case)}
            of |= {
                each.case_id
                for each in up
                if each.committee_id == self.who.id
                and each.case_id in live
                and each.received_at is not None
                and self._in(each.received_at.astimezone(SHANGHAI).date())
            }
        by_id = {each.id: each for each in self._all(Case)}
        return self._share([by_id[each] for each in sorted(of)], lambda case: case.id in won)

    def _own(self, name: Measure) -> Any:
        nothing = (None, 0, 0, ())
        if name is Measure.UNITIES:
            number = 0 if self.is_person else len(self.who.unities)
            behind = (("committee", (self.who.id,)),)
            return nothing if self.is_person else (Decimal(number), number, number, behind)
        if name is Measure.EVALUATION:
            mine = [e for e in self._all(Evaluation) if self._of(e) and self._in(e.evaluated_on)]
            mine = [e for e in mine if e.state is EvaluationState.FINAL]
            if not mine:
                return nothing
            last = max(mine, key=lambda each: (each.evaluated_on, each.id))
            return last.score, 1, 1, (("evaluation", (last.id,)),)
        if not self.is_person:
            return nothing
        begun = self.who.started_on or min((e.since for e in self.who.appointments), default=None)
        if begun is None:
            return nothing
        months = 0
        while self._after(begun, months + 1) <= self.until:
            months += 1
        years = Decimal(months * 100 // 12) / 100
        return years, 1, 1, (("mediator", (self.who.id,)),)

    def _of(self, evaluation: Evaluation) -> bool:
        if self.is_person:
            return evaluation.mediator_id == self.who.id
        return evaluation.mediator_id is None and evaluation.committee_id == self.who.id

    def _after(self, day: date, months: int) -> date:
        """So many months later; a day that the month lacks is over with the next one."""
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        while True:
            try:
                return date(year, month + 1, day.day)
            except ValueError:
                return date(year + (month == 11), (month + 1) % 12 + 1, 1)

    def _personal(self, name: Measure) -> Any:
        people = (
            [self.who]
            if self.is_person
            else [each for each in self._all(Mediator) if each.committee_id == self.who.id]
        )
        lines = [
            each.id
            for each in people
            if each.removed_at is None
            for line in (each.sanctions if name is Measure.SANCTIONS else each.awards)
            if self._in(line.decided_on if name is Measure.SANCTIONS else line.awarded_on)
        ]
        number = len(lines)
        return Decimal(number), number, number, (("mediator", tuple(dict.fromkeys(lines))),)

    def _hours(self) -> Any:
        if not self.is_person:
            return None, 0, 0, ()
        held = [e for e in self._all(Training) if e.state is TrainingState.HELD and self._in(e.held_from)]
        mine = [
            (each.id, line.hours)
            for each in held
            for line in each.attendances
            if line.mediator_id == self.who.id and line.present
        ]
        hours = sum((Decimal(hours) for _, hours in mine), Decimal(0))
        return hours, len(mine), len(mine), (("training", tuple(each for each, _ in mine)),)

    def _tasks(self) -> Any:
        whose = self.who.committee_id if self.is_person else self.who.id
        due = [e for e in self._all(Screening) if e.committee_id == whose and self._in(e.due_on)]
        value, hit, of, behind = self._share(due, lambda each: (each.reported_on or date.max) <= each.due_on)
        return value, hit, of, tuple(("screening", ids) for _, ids in behind)

    def _screening(self) -> Any:
        whose = self.who.committee_id if self.is_person else self.who.id
        months = [(2024, 11), (2024, 12), *((2025, month) for month in range(1, 11))]
        if self.since == date(2025, 6, 15):
            months = [(2025, month) for month in range(7, 11)]
        found = [e for e in self._all(Monthly) if e.committee_id == whose and (e.year, e.month) in months]
        value = (Decimal(10000 * len(found)) / len(months)).quantize(Decimal(1), "ROUND_HALF_UP") / 100
        return value, len(found), len(months), (("monthly", tuple(each.id for each in found)),)


def _told(evidence: Evidence) -> Any:
    return evidence.value, evidence.hit, evidence.of, evidence.behind


@pytest.mark.parametrize("seed", range(3))
def test_every_measure_equals_a_plain_recount(looking: Session, seed: int) -> None:
    stirred = Stirred(looking, random.Random(seed))
    for since in SPANS:
        for subject, whole in (
            (Subject.MEDIATOR, stirred.mediators),
            (Subject.COMMITTEE, stirred.committees),
        ):
            found = measure(looking, subject, [each.id for each in whole], COUNTED, since, UNTIL)
            assert set(found) == {each.id for each in whole}
            for who in whole:
                recount = Recount(looking, who, since, UNTIL)
                for name in COUNTED:
                    assert _told(found[who.id][name]) == recount.of(name), (subject, who.id, name, since)


def test_a_shared_case_may_count_for_the_first_mediator_alone(session: Session, world: World) -> None:
    case = session.get_one(Case, world.mediating_case)
    first, second = (line.mediator_id for line in case.mediators)

    def accepted(who: int) -> bool:
        found = measure(session, Subject.MEDIATOR, [who], [Measure.CASES_ACCEPTED], None, date(2026, 12, 31))
        return any(case.id in ids for _, ids in found[who][Measure.CASES_ACCEPTED].behind)

    assert accepted(first)
    assert accepted(second)
    session.add(Parameter(setting=Setting.SHARED_CASES, value="否", valid_from=date(2020, 1, 1)))
    session.commit()
    session.info.pop("parameters")  # the next request reads them again
    assert accepted(first)
    assert not accepted(second)


def test_subjects_may_be_told_by_a_condition(looking: Session, world: World) -> None:
    mediator = looking.get_one(Mediator, world.far_mediator)
    mediator.removed_at = now()
    looking.flush()
    found = measure(
        looking, Subject.MEDIATOR, Mediator.sex == "1", [Measure.AWARDS, Measure.MANUAL], None, UNTIL
    )
    assert world.mediator in found
    assert world.far_mediator not in found
    assert found[world.mediator][Measure.MANUAL] == Evidence()
