"""Cases of the demo, with their parties, their mediators and the steps they took."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from admin_app.models.cases import Case, CaseMediator, CaseStep, Party
from admin_app.rules.cases import OWN_INITIATIVE, STEP, STEPS, WRITTEN
from admin_app.rules.deadlines import DeadlineKind
from seed.bulk import Row
from seed.committees import Room
from seed.drafts import Draft
from seed.frame import Frame, raw
from seed.given import GIVEN, Facts
from seed.lines import LINES
from seed.lives import NORMAL, Mark, moment
from seed.parties import RESPONDENT

FOLLOW_UP_DAYS = CONFIRM_DAYS = 30  # rules.parameters
AGREED, REFUSED, SILENT = "01", "02", "03"  # table consent
_BY_STEPS = sorted({name for step in STEPS for name in (*step.needs, *step.asks)})
_BY_EFFECT = ("number", "due_on", "result", "agreement_number", "visited_on", "satisfied")
_MEASURES = {
    "2": "通知家属陪护，网格员每日走访，请心理咨询师介入。",
    "3": "已报告派出所，双方由村干部分别看护，避免接触。",
    "4": "约见双方代表，明确答复期限，信访专员跟进。",
    "5": "已请派出所到场维持秩序，村干部分头做工作。",
    "6": "网格员每周走访一次，有情况及时报告。",
}
_SUPERIORS, _DIRECTORS = ("urge", "join", "reopen"), ("assign", "hand_over")
POLICE = "3"  # SYS105: may turn criminal


def note_case(draft: Draft, frame: Frame, favoured: int) -> None:
    """The rows of a case and of all that its steps leave; `favoured` is a mediator who gets much."""
    draft.row = _registered(draft, frame)
    _note_parties(draft, frame)
    words = draft.words()
    for mark in draft.life.marks:
        if mark.name in ("accept", "assign"):
            draft.staff = _staff(draft.holder(mark), frame.chance, favoured)
        elif mark.name == "receive":
            draft.staff = []
        actor = _actor(draft, mark, frame)
        giving = Facts(
            frame.chance, draft.story, draft.row, draft.holder(mark).place, draft.traits.oral, mark, words
        )
        given, follows = GIVEN[mark.name](giving) if mark.name in GIVEN else ({}, {})
        step = STEP[mark.name]
        draft.row |= given | follows
        facts = raw({name: given[name] for name in (*step.needs, *step.asks) if given.get(name) is not None})
        if mark.name in LINES:
            facts["line"] = LINES[mark.name](draft, mark, frame, actor)
        frame.book.note(
            CaseStep,
            {
                "case_id": draft.id,
                "at": mark.at,
                "actor_id": actor,
                "name": mark.name,
                "source": mark.source,
                "target": mark.target,
                "note": mark.note,
                "facts": facts,
            },
        )
    frame.book.note(Case, draft.row | {"changed_at": draft.life.marks[-1].at if draft.life.marks else None})
    for mediator_id in draft.staff:
        frame.book.note(CaseMediator, {"case_id": draft.id, "mediator_id": mediator_id})
    _note_clocks(draft, frame)


def _actor(draft: Draft, mark: Mark, frame: Frame) -> int | None:
    """Who took the step: the superior, the director, or the mediator, as the policy has it."""
    room = draft.holder(mark)
    if STEP[mark.name].led or mark.name == "transfer":
        return mark.actor_id
    if mark.name in _SUPERIORS and room.place.parent is not None:
        return frame.desk.offices.get(room.place.parent.id)
    return frame.desk.actor(room, () if mark.name in _DIRECTORS else draft.staff)


def _registered(draft: Draft, frame: Frame) -> Row:
    """As it was registered."""
    traits, risky = draft.traits, draft.traits.risk != NORMAL
    return {
        **dict.fromkeys((*_BY_STEPS, *_BY_EFFECT)),
        "id": draft.id,
        "names": draft.cast.names,
        "kind": draft.story.kind,
        "stage": draft.life.stage,
        "registered_on": draft.registered_on,
        "created_at": moment(draft.registered_on),
        "committee_id": draft.room.id,
        "unit_id": draft.room.place.id,
        "path": draft.room.place.path,
        "source": traits.source,
        "difficulty": traits.difficulty,
        "risk": traits.risk,
        "risk_measures": _MEASURES[traits.risk] if risky else None,
        "police_told_on": draft.registered_on if traits.risk == POLICE else None,
        "people": len(draft.cast.rows) + frame.chance.choice((0, 0, 0, 1, 2, 5)),
        "amount": Decimal(draft.amount) if draft.amount else None,
        "brief": draft.words()(draft.story.brief),
        "form": None,
    }


def _note_parties(draft: Draft, frame: Frame) -> None:
    """人民调解法 17: all have agreed once the case is accepted, unless the committee acts by itself."""
    accepted, declined = draft.life.has("accept"), draft.life.last("decline")
    for number, row in enumerate(draft.cast.rows):
        consent = AGREED if accepted else None
        if accepted and draft.traits.source == OWN_INITIATIVE and number:
            consent = frame.chance.choice((AGREED, AGREED, SILENT))
        if declined:
            consent = REFUSED if row["side"] == RESPONDENT and draft.id % 2 else AGREED
        frame.book.note(Party, {**row, "case_id": draft.id, "consent": consent})


def _staff(room: Room, chance: Random, favoured: int) -> list[int]:
    """One or two of the committee that holds the case."""
    first = (
        favoured if favoured in room.mediators and chance.random() < 0.6 else chance.choice(room.mediators)
    )
    return sorted({first, chance.choice(room.mediators)} if chance.random() < 0.25 else {first})


def _note_clocks(draft: Draft, frame: Frame) -> None:
    """What the case is waited for: its end, a visit, the court."""
    life, row = draft.life, draft.row
    whose = frame.holds(draft.room, draft.staff)
    record = draft.id, draft.title
    begun = life.last("accept", "extend", "reopen")
    if begun is not None:
        over = life.last("settle", "fail", "end")
        done = over.at if over and over.at > begun.at else None
        frame.clock(DeadlineKind.FINISH, "case", record, draft.id, whose, row["due_on"], begun.at, done)
    settled = life.last("settle")
    if settled is None:
        return
    for kind, name, days in (
        (DeadlineKind.FOLLOW_UP, "follow_up", FOLLOW_UP_DAYS),
        (DeadlineKind.CONFIRM, "confirm", CONFIRM_DAYS),
    ):
        if kind is DeadlineKind.CONFIRM and row["form"] != WRITTEN:
            continue
        ends = (mark.at for mark in life.marks if mark.name in (name, "archive", "reopen"))
        done = next((at for at in ends if at > settled.at), None)
        due_on = settled.day + timedelta(days=days)
        frame.clock(kind, "case", record, draft.id, whose, due_on, settled.at, done)
