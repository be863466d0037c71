"""Grading of the demo: seasons at every turn, applications in every state, the ranking of the one that runs.

The figures are the real ones of the demo's cases; who sat on a panel and what they gave is made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.awards import (
    AwardApplication,
    AwardEvidence,
    AwardJudge,
    AwardObjection,
    AwardReview,
    AwardStep,
)
from admin_app.models.counters import Counter
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Quota, Season, SeasonStep, Standing
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.operations import eligibility, standings
from admin_app.rules import awards, seasons, standards
from admin_app.rules.awards import HELD, STEP, UNDECIDED, Attendance, AwardState, Outcome, Recheck
from admin_app.rules.dates import begins
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.measures import Subject, rounded
from admin_app.rules.numbers import Series
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardKind
from seed.bulk import Row, add, next_id
from seed.users import Desk, Stand

S = AwardState
_WAY: dict[AwardState, tuple[str, ...]] = {
    S.APPLIED: (),
    S.RETURNED: ("send_back",),
    S.WITHDRAWN: ("withdraw",),
    S.REFUSED: ("refuse",),
    S.REVIEWED: ("review",),
    S.SCORED: ("review", "score"),
    S.NOTICED: ("review", "score", "publish"),
    S.GRANTED: ("review", "score", "publish", "grant"),
    S.FILED: ("review", "score", "publish", "grant", "file"),
    S.REVOKED: ("review", "score", "publish", "grant", "revoke"),
    S.EXPIRED: ("review", "score", "publish", "grant", "expire"),
}
_PANEL = (("王律师", "82"), ("陈法官", "88"), ("李科长", "91.5"))
_GRADED = (S.FILED, S.GRANTED, S.FILED, S.GRANTED, S.EXPIRED, S.REVOKED, S.REFUSED, S.NOTICED, S.REVIEWED)
_MORE = (S.GRANTED,) * 24  # the demo's numbers run on for a while
_STARRED = (S.NOTICED, S.SCORED, S.NOTICED, S.REVIEWED, S.APPLIED, S.APPLIED, S.WITHDRAWN)
_OWN = (S.RETURNED, S.APPLIED, S.APPLIED)  # of the people of the demo's village
_LINE = ("label", "required", "actual", "passed", "short", "points", "kept")
_FIVE = 5  # working days of a notice


@dataclass(frozen=True)
class Round:
    """A season of the demo."""

    id: int
    standard: Standard
    unit: Unit
    name: str
    state: SeasonState
    until: date


def load_awards(session: Session, today: date, home: Stand, desk: Desk) -> None:
    """Four seasons, and the applications of two of them."""
    city, county = (session.get_one(Unit, place.id) for place in (home.city, home.county))
    rounds = _rounds(session, today, city, county)
    add(session, Season, [_season(each, today) for each in rounds])
    add(session, SeasonStep, [row for each in rounds for row in _turns(each, desk)])
    ended, running = rounds[0], rounds[1]
    towns = [
        row.id for row in session.scalars(select(Unit).where(Unit.parent_id == county.id).order_by(Unit.id))
    ]
    quotas = [{"season_id": running.id, "unit_id": each, "level": None, "number": 2} for each in towns]
    add(session, Quota, quotas)
    found = {each.id: _ranked(session, each) for each in (ended, running)}
    add(session, Standing, found[ended.id] + found[running.id])
    writer = _Writer(session, today, desk)
    writer.write(ended, _pick(found[ended.id], county.path, _GRADED + _MORE))
    own = session.scalars(
        select(Mediator.id).where(Mediator.committee_id == home.room.id, Mediator.id != home.mediator.id)
    )
    village = list(zip((home.mediator.id, *own), _OWN, strict=False))
    near = _pick(found[running.id], home.town.path, _STARRED, {each for each, _ in village})
    writer.write(running, [*near, *village])
    writer.count()


def _standard(session: Session, kind: StandardKind, subject: Subject, path: str) -> Standard:
    query = select(Standard).where(Standard.kind == kind, Standard.subject == subject, Standard.path == path)
    return session.scalars(query.order_by(Standard.id).limit(1)).one()


def _rounds(session: Session, today: date, city: Unit, county: Unit) -> list[Round]:
    first = next_id(session, Season)
    grade = _standard(session, StandardKind.GRADE, Subject.MEDIATOR, city.path)
    star = _standard(session, StandardKind.STAR, Subject.MEDIATOR, city.path)
    rooms = _standard(session, StandardKind.STAR, Subject.COMMITTEE, city.path)
    honour = _standard(session, StandardKind.HONOUR, Subject.MEDIATOR, city.path)
    year = today.year
    return [
        Round(
            first, grade, city, f"{year}年人民调解员等级评定", SeasonState.ENDED, today - timedelta(days=60)
        ),
        Round(first + 1, star, county, f"{year}年星级人民调解员评定", SeasonState.OPEN, today),
        Round(first + 2, rooms, county, f"{year}年星级调委会评定", SeasonState.REVIEWING, today),
        Round(first + 3, honour, city, f"{year}年金牌人民调解员评选", SeasonState.PREPARING, today),
    ]


def _season(each: Round, today: date) -> Row:
    ended = each.state is SeasonState.ENDED
    reckoned = each.state in (SeasonState.OPEN, SeasonState.ENDED)
    return {
        "id": each.id,
        "name": each.name,
        "standard_id": each.standard.id,
        "unit_id": each.unit.id,
        "path": each.unit.path,
        "until": each.until,
        "entries_until": each.until + timedelta(days=10 if ended else 30),
        "state": each.state,
        "remark": None,
        "reckoned_at": begins(each.until) if reckoned else None,
        "version": 1,
        "created_at": begins(each.until - timedelta(days=30)),
        "changed_at": None,
        "removed_at": None,
    }


def _turns(each: Round, desk: Desk) -> Iterator[Row]:
    """The steps that led a season to where it stands."""
    stands, day = SeasonState.PREPARING, each.until - timedelta(days=25)
    for row in seasons.STEPS:
        if stands is each.state:
            return
        assert row.to is not None
        yield _step("season_id", each.id, row.name, stands, row.to, day, desk.offices.get(each.unit.id))
        stands, day = row.to, day + timedelta(days=5)


def _step(
    owner: str,
    owner_id: int,
    name: str,
    source: Any,
    target: Any,
    day: date,
    actor: int | None,
    note: str = "",
) -> Row:
    at = begins(day) + timedelta(hours=10)
    return {
        owner: owner_id,
        "at": at,
        "actor_id": actor,
        "name": name,
        "source": source,
        "target": target,
        "note": note,
        "facts": {},
    }


def _ranked(session: Session, each: Round) -> list[Row]:
    season = Season(
        id=each.id, standard=each.standard, unit_id=each.unit.id, path=each.unit.path, until=each.until
    )
    return standings.reckon(session, season, lambda done, of: None)


def _pick(
    lines: Sequence[Row], path: str, states: Sequence[AwardState], besides: set[int] | None = None
) -> list[tuple[int, AwardState]]:
    """Those who qualify, the near ones first, one for each state."""
    able = [line for line in lines if line["rank"] and line["mediator_id"] not in (besides or set())]
    able.sort(key=lambda line: (not line["path"].startswith(path), line["place"]))
    return list(zip((line["mediator_id"] for line in able), states, strict=False))


class _Writer:
    """Writes applications with all that hangs on them."""

    def __init__(self, session: Session, today: date, desk: Desk) -> None:
        self.session, self.today, self.desk = session, today, desk
        self.units = {
            each.path: each for each in session.scalars(select(Unit).where(Unit.parent_id.is_(None)))
        }
        self.rows: dict[type[Any], list[Row]] = {}
        self.next = next_id(session, AwardApplication)
        self.numbers: dict[tuple[int, int], int] = {}

    def write(self, round_: Round, chosen: Sequence[tuple[int, AwardState]]) -> None:
        """The applications of a season."""
        ids = [each for each, _ in chosen]
        people = {m.id: m for m in self.session.scalars(select(Mediator).where(Mediator.id.in_(ids)))}
        facts = eligibility.facts_of(self.session, round_.standard, ids, round_.until)
        noticed = 0
        for mediator_id, state in chosen:
            noticed += state is S.NOTICED
            over = state is not S.NOTICED or noticed > 1
            self._note(round_, people[mediator_id], state, facts.get(mediator_id, {}), over=over)
        for model, rows in self.rows.items():
            add(self.session, model, rows)
        self.rows = {}

    def _note(
        self, round_: Round, mediator: Mediator, state: AwardState, facts: eligibility.Facts, *, over: bool
    ) -> None:
        standard, award_id = round_.standard, self.next
        self.next += 1
        verdicts = standards.judge(standard.judged_by(), facts)
        way, judged = _WAY[state], "score" in _WAY[state]
        scores = [Decimal(points) for _, points in _PANEL] if judged and standard.panel_least else []
        mean = awards.average(scores, trimmed=False) if eligibility.panel_most(standard) else Decimal(0)
        points = rounded(Fraction(standard.base + sum((each.points for each in verdicts), Decimal(0))))
        total = awards.total(standard.base, [points - standard.base], mean, eligibility.most_of(standard))
        level = standards.level_of(standard.ladder(), verdicts, total, pending=True) or standard.ladder()[0]
        decided = eligibility.decided_path(standard, level.rank, mediator.path)
        unit = self._unit(decided)
        by_itself = round_.state is SeasonState.ENDED and state in UNDECIDED
        begun = round_.until - timedelta(days=5)
        since = self.today - timedelta(days=20 if over else 2)
        since = since if state is S.NOTICED else begun + timedelta(days=8)
        until = calendar(self.session).after(since, _FIVE)
        granted = until + timedelta(days=1) if "grant" in way else None
        if granted is not None and granted >= self.today:
            granted = self.today - timedelta(days=1)
        number = self._number(unit, granted) if granted else None
        frozen = "review" in way
        self._add(
            AwardApplication,
            {
                "id": award_id,
                "kind": standard.kind,
                "whom": mediator.name,
                "season_id": None if by_itself else round_.id,
                "standard_id": standard.id,
                "mediator_id": mediator.id,
                "committee_id": mediator.committee_id,
                "unit_id": mediator.unit_id,
                "path": mediator.path,
                "level": level.name,
                "rank": level.rank,
                "statement": "从事人民调解工作认真负责，群众信任。",
                "state": state,
                "applied_on": begun,
                "until": round_.until if frozen else None,
                "return_reason": "请补充年度培训证明。" if state is S.RETURNED else None,
                "refusal": "从事调解的年限没有证明。" if state is S.REFUSED else None,
                "again_reason": None,
                "reckoned": points if judged else None,
                "panel_on": begun + timedelta(days=6) if scores else None,
                "panel_opinion": "同意。" if scores else None,
                "panel_mean": mean if judged else None,
                "score": total if judged else None,
                "notice_from": since if "publish" in way else None,
                "notice_until": until if "publish" in way else None,
                "granted_on": granted,
                "number": number,
                "check_code": self._code(mediator, number, granted),
                "valid_until": self._term(standard, granted) if state is not S.EXPIRED else granted,
                "filed_on": granted if state is S.FILED else None,
                "filed_with": "金华市司法局" if state is S.FILED else None,
                "revoke_reason": "03" if state is S.REVOKED else None,
                "revoke_note": "抽查发现一件卷宗与事实不符。" if state is S.REVOKED else None,
                "ended_on": self.today if state in (S.REVOKED, S.EXPIRED) else None,
                "turn": 1 if "publish" in way else 0,
                "decided_path": decided,
                "version": 1,
                "created_at": begins(begun),
                "changed_at": None,
                "removed_at": None,
            },
        )
        self._steps(award_id, way, begun, unit, mediator)
        if frozen:
            for each in verdicts:
                line = eligibility.evidence_line(each)
                self._add(
                    AwardEvidence, {"award_id": award_id, **{name: getattr(line, name) for name in _LINE}}
                )
        for (name, _), score in zip(_PANEL, scores, strict=False):
            self._judge(award_id, name, Attendance.PRESENT, score, None)
        if scores:
            self._judge(award_id, "周主任", Attendance.AVOIDED, None, "与申报人是亲属")
        if state is S.NOTICED:
            self._objection(award_id, since, answered=over)
            self._clock(DeadlineKind.DECIDE, award_id, calendar(self.session).after(until, _FIVE), unit)
        if state in HELD and granted is not None:
            self._clock(DeadlineKind.RECHECK, award_id, awards.months_after(granted, 12), unit)
        if state is S.FILED:
            review = {"reviewed_on": granted, "outcome": Recheck.KEPT, "level": None, "before": level.name}
            self._add(AwardReview, {"award_id": award_id, **review, "opinion": "符合条件，保留等级。"})

    def count(self) -> None:
        """Where the numbers of certificates go on."""
        rows = [
            {"series": Series.AWARD, "unit_id": unit_id, "year": year, "last": last}
            for (unit_id, year), last in self.numbers.items()
        ]
        add(self.session, Counter, rows)

    def _add(self, model: type[Any], row: Row) -> None:
        self.rows.setdefault(model, []).append(row)

    def _unit(self, path: str) -> Unit:
        if path not in self.units:
            self.units[path] = self.session.scalars(select(Unit).where(Unit.path == path)).one()
        return self.units[path]

    def _number(self, unit: Unit, granted: date) -> str:
        run = unit.id, granted.year
        self.numbers[run] = self.numbers.get(run, 0) + 1
        return f"（{granted.year}）{unit.name}调评字第{self.numbers[run]:04d}号"

    def _code(self, mediator: Mediator, number: str | None, granted: date | None) -> str | None:
        if number is None or granted is None:
            return None
        subject = f"{mediator.id}/{mediator.committee_id}"
        return awards.check_code(self.session.info["seal"], number, subject, granted)

    def _term(self, standard: Standard, granted: date | None) -> date | None:
        months = standard.valid_months
        return awards.months_after(granted, months) - timedelta(days=1) if granted and months else None

    def _steps(self, award_id: int, way: Sequence[str], begun: date, unit: Unit, mediator: Mediator) -> None:
        stands = S.APPLIED
        for index, name in enumerate(way, start=1):
            to = STEP[name].to
            assert to is not None
            actor = None if name == "expire" else self.desk.offices.get(unit.id)
            if name == "withdraw":
                actor = self.desk.mediators.get(mediator.id) or self.desk.directors.get(mediator.committee_id)
            day = min(begun + timedelta(days=2 * index), self.today)
            self._add(AwardStep, _step("award_id", award_id, name, stands, to, day, actor))
            stands = to

    def _judge(
        self, award_id: int, name: str, attendance: Attendance, points: Decimal | None, reason: str | None
    ) -> None:
        row = {"name": name, "employer": None, "mediator_id": None, "attendance": attendance}
        self._add(AwardJudge, {"award_id": award_id, **row, "points": points, "reason": reason})

    def _objection(self, award_id: int, since: date, *, answered: bool) -> None:
        self._add(
            AwardObjection,
            {
                "award_id": award_id,
                "raised_on": since,
                "raiser": "钱某",
                "contact": None,
                "content": "有一件案件不是本人办的。",
                "outcome": Outcome.REJECTED if answered else None,
                "answer": "已核对卷宗，确为本人主持调解。" if answered else None,
                "answered_at": begins(since + timedelta(days=1)) if answered else None,
                "turn": 1,
            },
        )

    def _clock(self, kind: DeadlineKind, award_id: int, due_on: date, unit: Unit) -> None:
        late = due_on < self.today
        near = (due_on - self.today).days <= 3
        self._add(
            Deadline,
            {
                "kind": kind,
                "word": "award",
                "record_id": award_id,
                "case_id": None,
                "unit_id": unit.id,
                "path": unit.path,
                "committee_id": None,
                "due_on": due_on,
                "opened_at": begins(self.today),
                "warned_on": self.today if near else None,
                "late_on": self.today if late else None,
                "urged_on": None,
                "done_at": None,
            },
        )
