"""Referrals of the demo: up, down and sideways, and one at every state of their life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.referrals import Referral, ReferralStep
from admin_app.rules.dates import local
from admin_app.rules.numbers import Series
from admin_app.rules.referrals import STEP, Direction, ReferralState
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.cases import GRAVE, KNOTTY, Draft, difficulty
from seed.committees import Room
from seed.lives import RETURNED, WITHDRAWN, Life
from seed.numbers import Tally

# How the referral stands, how many there are, and how many days ago its case was registered.
FATES = (
    (ReferralState.DRAFT, 6, (2, 8)),
    (ReferralState.SENT, 12, (2, 4)),
    (ReferralState.RECEIVED, 12, (6, 20)),
    (ReferralState.ANSWERED, 12, (50, 75)),
    (ReferralState.CLOSED, 30, (100, 900)),
    (ReferralState.RETURNED, 8, (10, 400)),
    (ReferralState.WITHDRAWN, 6, (10, 400)),
)
_PASSED = {
    ReferralState.DRAFT: (),
    ReferralState.SENT: ("send",),
    ReferralState.RECEIVED: ("send", "receive"),
    ReferralState.ANSWERED: ("send", "receive", "answer"),
    ReferralState.CLOSED: ("send", "receive", "answer", "close"),
    ReferralState.RETURNED: ("send", "send_back"),
    ReferralState.WITHDRAWN: ("send", "withdraw"),
}
_RESULTS = {
    "settle": "经调解双方已达成协议。",
    "fail": "经多次调解双方未能达成协议，已告知其他解决途径。",
    "end": "当事人不愿继续调解，已依法终止。",
}
_EXPLANATIONS = {
    "01": "涉及金额较大，本级难以处理，请求上级协调。",
    "02": "事实争议大、专业性强，本级调解未果。",
    "03": "当事人分属两地，需要共同处理。",
    "99": "由当地处理更为方便。",
}


@dataclass(frozen=True)
class Route:
    """From which committee to which."""

    direction: Direction
    sender: Room
    receiver: Room


@dataclass(frozen=True)
class Move:
    """A case with its referral."""

    draft: Draft
    route: Route
    fate: ReferralState

    @property
    def arrived(self) -> bool:
        return self.draft.life.has("receive")


def routes(chance: Random, rooms: list[Room], home: Room) -> Iterator[Route]:
    """Roads between the committees of a township, its villages and its county; every third at `home`."""
    first_at: dict[int, Room] = {}
    for room in rooms:
        first_at.setdefault(room.place.id, room)
    villages = [room for room in rooms if room.place.tier is Tier.VILLAGE]
    neighbours: dict[int, list[Room]] = {}
    for room in villages:
        neighbours.setdefault(room.place.above(Tier.TOWNSHIP).id, []).append(room)
    while True:
        for number, direction in enumerate((Direction.UP, Direction.DOWN, Direction.SIDEWAYS, Direction.UP)):
            village = home if chance.random() < 0.35 else chance.choice(villages)
            town = first_at[village.place.above(Tier.TOWNSHIP).id]
            county = first_at[village.place.above(Tier.COUNTY).id]
            others = [room for room in neighbours[town.place.id] if room is not village]
            match direction:
                case Direction.UP:
                    yield Route(direction, *((village, town) if number == 0 else (town, county)))
                case Direction.DOWN:
                    yield Route(direction, town, village)
                case Direction.SIDEWAYS if others:
                    yield Route(direction, village, chance.choice(others))


def load_referrals(session: Session, moves: list[Move], tally: Tally, actors: dict[int, int]) -> None:
    """The rows, numbered per sending unit and year."""
    number = next_id(session, Referral)
    rows, steps = [], []
    for referral_id, move in enumerate(sorted(moves, key=lambda move: move.draft.registered_on), number):
        row = _referral(move)
        rows.append({"id": referral_id, **row})
        steps += [{"referral_id": referral_id, **step} for step in _steps(move, row, actors)]
    for row in sorted((row for row in rows if row["sent_at"]), key=lambda row: row["sent_at"]):
        row["number"] = tally.take(Series.REFERRAL, row["unit_id"], local(row["sent_at"]).date())
    add(session, Referral, rows)
    add(session, ReferralStep, steps)


def _referral(move: Move) -> Row:
    life, sender, receiver = move.draft.life, move.route.sender, move.route.receiver
    sent, arrived = _at(life, "transfer"), _at(life, "receive")
    name, answer = next(((name, words) for name, words in _RESULTS.items() if life.has(name)), ("", None))
    concluded = _at(life, name) if arrived else None
    reason = _reason(move)
    return {
        "number": None,
        "case_id": move.draft.id,
        "direction": move.route.direction,
        "unit_id": sender.place.id,
        "to_unit_id": receiver.place.id,
        "state": move.fate,
        "reason": reason,
        "explanation": _EXPLANATIONS[reason],
        "demand": "请依法及时调解，并反馈办理结果。",
        "due_on": sent.date() + timedelta(days=21) if sent else None,
        "sent_at": sent,
        "received_at": arrived,
        "answered_at": concluded + timedelta(hours=2) if concluded else None,
        "answer": answer if concluded else None,
        "path": sender.place.path,
        "to_path": receiver.place.path,
        "committee_id": sender.id,
    }


def _reason(move: Move) -> str:
    """Table referral_reason: 重大, 疑难, otherwise what the direction suggests."""
    by_difficulty = {GRAVE: "01", KNOTTY: "02"}
    by_direction = {Direction.UP: "02", Direction.DOWN: "99", Direction.SIDEWAYS: "99"}
    return by_difficulty.get(difficulty(move.draft), by_direction[move.route.direction])


def _steps(move: Move, row: Row, actors: dict[int, int]) -> Iterator[Row]:
    """The steps that lead to the state, each at the time that the referral and its case name."""
    back = _at(move.draft.life, "send_back")
    answered = row["answered_at"]
    when: dict[str, datetime | None] = {
        "send": row["sent_at"],
        "receive": row["received_at"],
        "send_back": back,
        "withdraw": back,
        "answer": answered,
        "close": answered + timedelta(days=1) if answered else None,
    }
    notes = {"send_back": RETURNED, "withdraw": WITHDRAWN, "answer": row["answer"]}
    state = ReferralState.DRAFT
    for name in _PASSED[move.fate]:
        step = STEP[name]
        step.check(state)
        assert step.to is not None
        room = move.route.sender if name in ("send", "withdraw", "close") else move.route.receiver
        yield {
            "at": when[name],
            "actor_id": actors.get(room.id),
            "name": name,
            "source": state,
            "target": step.to,
            "note": notes.get(name) or "",
        }
        state = step.to
    assert state is move.fate


def _at(life: Life, name: str) -> datetime | None:
    return next((mark.at for mark in life.marks if mark.name == name), None)
