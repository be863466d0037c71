"""Risk assessments, typical cases and publicity of the demo: some in every state for the demo's people."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.assessments import (
    Assessment,
    AssessmentFollow,
    AssessmentMeasure,
    AssessmentStep,
)
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.publicities import Publicity
from admin_app.models.typical_cases import TypicalCase, TypicalCaseStep
from admin_app.operations import typical_cases
from admin_app.rules import assessments
from admin_app.rules import typical_cases as library
from admin_app.rules.anonymity import nameless
from admin_app.rules.assessments import AssessmentState, Decision, RiskLevel
from admin_app.rules.dates import begins
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.typical_cases import TypicalState
from seed.bulk import Row, add, next_id
from seed.committees import Room
from seed.places import Place
from seed.users import Desk, Stand

_SEED = 2026
_A, _T = AssessmentState, TypicalState
_PROJECTS = (
    ("老旧小区改造项目", "02", "住房和城乡建设局", "改造住宅三幢，涉及住户一百二十户，工期八个月。"),
    ("集镇农贸市场搬迁", "02", "市场监督管理局", "搬迁摊位六十个，涉及经营户五十余户。"),
    ("村级道路拓宽征地", "05", "交通运输局", "征用耕地四亩，涉及农户二十一户。"),
    ("垃圾中转站选址", "01", "综合行政执法局", "拟在集镇北侧建中转站，周边住户有异味顾虑。"),
    ("元宵灯会", "04", "文化和旅游局", "预计每晚人流三千人，连续三晚。"),
    ("公交线路调整", "01", "交通运输局", "撤并线路两条，涉及沿线村民出行。"),
)
_RISKS = ("少数群众对补偿标准有意见，可能集中反映。", "施工期间出行、噪声影响，可能引发邻里纠纷。")
_MEASURES = ("逐户走访，公示补偿标准和工期", "设立现场接待点，专人解释答复", "落实安全员，错峰施工")
_PLAN = "出现集中反映时，由街道分管领导牵头，调委会、派出所、主管部门半小时内到场，先听后劝，当天答复。"
_EVENTS = (
    ("民法典进社区", "02", "文化礼堂", 40),
    ("国家宪法日宣传", "01", "集镇广场", 120),
    ("反诈骗入户宣传", "03", "各网格", 60),
    ("人民调解法宣传月", "01", "便民服务中心门口", 90),
    ("邻里纠纷以案说法", "04", "村委会", 35),
    ("法治电影下乡", "05", "村篮球场", 150),
)
_COMMENT = "调解员先分头听取双方意见，把事实一件件对清楚，再讲法律规定，最后一起定办法，双方都心服。"
_PUBLISHED = 12
_WARN_DAYS = 3  # Setting.WARN_DAYS


def load_library(
    session: Session, today: date, home: Stand, desk: Desk, places: Sequence[Place], rooms: Sequence[Room]
) -> None:
    """Around the demo's people, and a little everywhere."""
    chance = Random(_SEED)
    _assess(session, chance, today, home, desk, places)
    _publicise(session, chance, today, home, rooms)
    _tell(session, today, home, desk)


# ------------------------------------------------------------------ assessments


def _assess(
    session: Session, chance: Random, today: date, home: Stand, desk: Desk, places: Sequence[Place]
) -> None:
    towns = [home.town, home.county, home.city]
    states = [_A.DRAFTED, _A.ASSESSED, _A.DECIDED, _A.DECIDED, _A.CLOSED, _A.CLOSED]
    first = next_id(session, Assessment)
    made = [
        (first + number, towns[number % len(towns)] if number else home.town, project, state)
        for number, (project, state) in enumerate(zip(_PROJECTS * 2, states * 2, strict=True))
    ]
    rows = [_assessment(*each, chance, today) for each in made]
    add(session, Assessment, rows)
    known = {row["id"]: row for row in rows}
    measures = [
        {"assessment_id": each, "content": text, "responsible": project[2], "until": today, "done_on": None}
        for each, _, project, state in made
        if state is not _A.DRAFTED
        for text in _MEASURES[: chance.randint(1, 3)]
    ]
    add(session, AssessmentMeasure, measures)
    follows = [
        {
            "assessment_id": each,
            "followed_on": known[each]["decided_on"] + timedelta(days=20),
            "content": "走访周边住户，反映的两个问题已经解决。",
            "follower": "综治专干",
        }
        for each, _, _, state in made
        if state is _A.CLOSED
    ]
    add(session, AssessmentFollow, follows)
    add(session, AssessmentStep, [row for each in made for row in _assessed(each, known[each[0]], desk)])
    waiting = [known[each] for each, _, _, state in made if state is _A.DECIDED]
    add(session, Deadline, [_deadline(row, today) for row in waiting])


def _assessment(
    number: int,
    place: Place,
    project: tuple[str, str, str, str],
    state: AssessmentState,
    chance: Random,
    today: date,
) -> Row:
    title, kind, proposer, content = project
    proposed = today - timedelta(days=10 if state is _A.DRAFTED else chance.randint(90, 200))
    done = state is not _A.DRAFTED
    decided = state in (_A.DECIDED, _A.CLOSED)
    risk = chance.choice((RiskLevel.LOW, RiskLevel.MEDIUM)) if done else None
    decided_on = proposed + timedelta(days=30) if decided else None
    return {
        "id": number,
        "title": f"{place.short}{title}",
        "unit_id": place.id,
        "path": place.path,
        "kind": kind,
        "proposer": proposer,
        "proposed_on": proposed,
        "content": content,
        "state": state,
        "assessed_on": proposed + timedelta(days=15) if done else None,
        "ways": ["01", "02"] if done else None,
        "asked_people": chance.randint(40, 300) if done else None,
        "risk": risk,
        "risks": chance.choice(_RISKS) if done else None,
        "plan": _PLAN if done else None,
        "decision": chance.choice((Decision.GO, Decision.PART)) if decided else None,
        "decided_on": decided_on,
        "decided_by": "党政联席会议" if decided else None,
        "follow_by": today + timedelta(days=chance.choice((-3, 6, 40))) if state is _A.DECIDED else None,
        "closed_on": decided_on + timedelta(days=45) if decided_on and state is _A.CLOSED else None,
        "outcome": "工程平稳完成，没有发生信访和纠纷。" if state is _A.CLOSED else None,
        "version": 1,
        "created_at": begins(proposed),
    }


def _assessed(each: tuple[int, Place, Any, AssessmentState], row: Row, desk: Desk) -> Iterator[Row]:
    number, place, _, _ = each
    days = {"assess": row["assessed_on"], "decide": row["decided_on"], "close": row["closed_on"]}
    if row["closed_on"]:
        days["follow"] = row["decided_on"] + timedelta(days=20)
    stands = _A.DRAFTED
    for name in ("assess", "decide", "follow", "close"):
        if days.get(name) is None:
            continue
        target = assessments.STEP[name].to or stands
        yield _step("assessment_id", number, name, stands, target, days[name], desk.offices.get(place.id))
        stands = target


def _step(owner: str, number: int, name: str, source: Any, target: Any, day: date, actor: int | None) -> Row:
    return {
        owner: number,
        "at": begins(day) + timedelta(hours=10),
        "actor_id": actor,
        "name": name,
        "source": source,
        "target": target,
        "note": "",
        "facts": {},
    }


def _deadline(row: Row, today: date) -> Row:
    """With what the daily job has marked before."""
    left = (row["follow_by"] - today).days
    return {
        "kind": DeadlineKind.ASSESS_FOLLOW,
        "word": "assessment",
        "record_id": row["id"],
        "due_on": row["follow_by"],
        "warned_on": today if left <= _WARN_DAYS else None,
        "late_on": today if left < 0 else None,
        "opened_at": begins(row["decided_on"]),
        "unit_id": row["unit_id"],
        "path": row["path"],
    }


# ------------------------------------------------------------------ publicity


def _publicise(session: Session, chance: Random, today: date, home: Stand, rooms: Sequence[Room]) -> None:
    chosen = [home.room] * 8 + [home.town_room] * 8 + chance.sample(list(rooms), min(300, len(rooms)))
    add(session, Publicity, [_event(room, chance, today) for room in chosen])


def _event(room: Room, chance: Random, today: date) -> Row:
    title, form, place, people = chance.choice(_EVENTS)
    held_on = today - timedelta(days=chance.randint(1, 330))
    heads = max(5, int(people * chance.uniform(0.5, 1.8)))
    return {
        "title": title,
        "held_on": held_on,
        "committee_id": room.id,
        "unit_id": room.place.id,
        "path": room.place.path,
        "form": form,
        "place": f"{room.place.short}{place}",
        "people": heads,
        "materials": int(heads * chance.uniform(0.8, 1.6)),
        "answered": chance.randint(0, 12),
        "content": "发放宣传册，讲解常见纠纷怎么办、到哪里申请调解。",
        "version": 1,
        "created_at": begins(held_on),
    }


# ------------------------------------------------------------------ typical cases


def _tell(session: Session, today: date, home: Stand, desk: Desk) -> None:
    """Drawn up from real cases of the demo by the very words of the panel."""
    over = select(Case).where(Case.stage.in_(typical_cases.OVER), Case.agreement.is_not(None))
    near = session.scalars(over.where(Case.committee_id == home.room.id).order_by(Case.id.desc()).limit(4))
    others = session.scalars(
        over.where(Case.committee_id != home.room.id).order_by(Case.id.desc()).limit(_PUBLISHED)
    )
    fates = [_T.DRAFT, _T.SUBMITTED, _T.WITHDRAWN, _T.PUBLISHED]
    chosen = [*zip(near, fates, strict=False), *((case, _T.PUBLISHED) for case in others)]
    first = next_id(session, TypicalCase)
    made = [
        _typical(session, number, case, state, today) for number, (case, state) in enumerate(chosen, first)
    ]
    add(session, TypicalCase, made)
    clerk = desk.offices.get(home.county.id)
    add(session, TypicalCaseStep, [row for each in made for row in _told(each, today, clerk)])


def _typical(session: Session, number: int, case: Case, state: TypicalState, today: date) -> Row:
    secrets = typical_cases.secrets_of(session, case)
    texts = {name: nameless(text, secrets)[:5000] for name, text in typical_cases.told(session, case).items()}
    return {
        "id": number,
        **texts,
        "comment": _COMMENT if state is not _T.DRAFT else None,
        "kind": case.kind,
        "state": state,
        "published_on": today - timedelta(days=number % 60) if state is _T.PUBLISHED else None,
        "withdraw_reason": "当事人认为写得太细" if state is _T.WITHDRAWN else None,
        "unit_id": case.unit_id,
        "path": case.path,
        "committee_id": case.committee_id,
        "case_id": case.id,
        "version": 1,
        "created_at": begins(today - timedelta(days=70)),
    }


def _told(row: Row, today: date, clerk: int | None) -> Iterator[Row]:
    stands = _T.DRAFT
    for name in ("submit", "publish", "withdraw"):
        if stands is row["state"]:
            return
        target = library.STEP[name].to
        day = row["published_on"] or today - timedelta(days=2)
        yield _step("typical_case_id", row["id"], name, stands, target, day, clerk)
        assert target is not None
        stands = target
