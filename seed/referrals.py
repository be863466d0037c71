"""Referrals of the demo: up, down and sideways, and one at every state of their life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from admin_app.models.referrals import Referral, ReferralStep
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.numbers import Series
from admin_app.rules.referrals import LEADS, STEP, Direction, ReferralState, common_superior
from admin_app.rules.tiers import Tier
from seed.bulk import Row
from seed.committees import Room
from seed.drafts import Draft
from seed.frame import Frame, Taken
from seed.lives import GRAVE, KNOTTY, Mark, china_day
from seed.places import Place

# How the referral stands, how many there are, and how many days ago its case was registered.
FATES = (
    (ReferralState.DRAFT, 6, (2, 8)),
    (ReferralState.ASKED, 6, (2, 4)),
    (ReferralState.SENT, 10, (2, 4)),
    (ReferralState.SENT, 4, (9, 14)),
    (ReferralState.RECEIVED, 12, (6, 20)),
    (ReferralState.RECEIVED, 6, (32, 40)),
    (ReferralState.ANSWERED, 12, (55, 80)),
    (ReferralState.CLOSED, 30, (100, 900)),
    (ReferralState.RETURNED, 10, (10, 400)),
    (ReferralState.WITHDRAWN, 8, (10, 400)),
)
AT_HOME = 6  # so many of each kind begin or end at the township of the demo's people
SIGN_DAYS, ANSWER_DAYS, URGED_DAYS = 3, 15, 7  # rules.parameters: working days
_RETURNED = "情况不清，请补充材料后再报。"
_REFUSED = "本地调委会能够办理，请继续调解。"
_WITHDRAWN = "当事人已自行协商，发出单位撤回。"
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


@dataclass
class Move:
    """A case with its referral."""

    draft: Draft
    route: Route
    fate: ReferralState
    number: str | None = None

    @property
    def arrived(self) -> bool:
        return self.draft.life.arrived

    @property
    def asks(self) -> bool:
        """Whether the common superior has to approve."""
        return self.route.direction is Direction.SIDEWAYS

    @property
    def refused(self) -> bool:
        """Whether the superior did not approve; otherwise it was the receiver who sent it back."""
        return self.asks and self.fate is ReferralState.RETURNED and self.draft.id % 2 == 0

    @property
    def left(self) -> Mark | None:
        """When the case went into transfer."""
        return self.draft.life.last("transfer")

    @property
    def back(self) -> Mark | None:
        return self.draft.life.last("send_back", "withdraw")

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent: at once, or when the superior had approved."""
        left = self.left
        if left is None or self.fate is ReferralState.ASKED or self.refused:
            return None
        if not self.asks:
            return left.at
        return None if self.fate is ReferralState.WITHDRAWN else left.at + timedelta(hours=2)


def routes(chance: Random, rooms: list[Room], home: Room, *, sideways: bool) -> Iterator[Route]:
    """Roads between the committees of villages, their township, its county and the city; first at home."""
    first_at: dict[int, Room] = {}
    for room in rooms:
        first_at.setdefault(room.place.id, room)
    villages = [room for room in rooms if room.place.tier is Tier.VILLAGE]
    number = 0
    while True:
        village = home if number < AT_HOME else chance.choice(villages)
        ways = list(_roads(village, first_at, chance))
        ways = [way for way in ways if way.direction is Direction.SIDEWAYS] if sideways else ways
        if ways:
            yield ways[number % len(ways)]
        number += 1


def _roads(village: Room, first_at: dict[int, Room], chance: Random) -> Iterator[Route]:
    town, county, city = (
        first_at[village.place.above(tier).id] for tier in (Tier.TOWNSHIP, Tier.COUNTY, Tier.CITY)
    )
    yield Route(Direction.UP, village, town)
    yield Route(Direction.DOWN, town, village)
    for room in (village, town):
        others = [
            each
            for each in first_at.values()
            if each.place.parent is room.place.parent and each.place is not room.place
        ]
        if others:
            yield Route(Direction.SIDEWAYS, room, chance.choice(others))
    yield Route(Direction.UP, town, county)
    yield Route(Direction.UP, county, city)


def number_moves(moves: list[Move], frame: Frame) -> None:
    """Per sending unit and year, in the order in which they were sent; the case's own rows tell of it."""
    for move in sorted(moves, key=lambda move: (move.sent_at is None, move.sent_at, move.draft.id)):
        if move.sent_at is not None:
            place = move.route.sender.place
            move.number = frame.tally.take(Series.REFERRAL, place.id, china_day(move.sent_at))
        who = _actors(move, frame)
        for mark in move.draft.life.marks:
            if mark.name == "transfer" and move.asks:
                mark.note = f"转办（{ReferralState.ASKED.label}）"
            elif mark.name in ("transfer", "receive", "withdraw"):
                mark.note = move.number or f"转办（{move.fate.label}）"
            if mark.name == "send_back":
                mark.note = _REFUSED if move.refused else _RETURNED
            if mark.name in LEADS.values():
                mark.actor_id = who["refuse" if move.refused and mark.name == "send_back" else mark.name]


def _actors(move: Move, frame: Frame) -> dict[str, int | None]:
    """Who takes which step: sender, receiver, or the superior whom a sideways one asks."""
    sender, receiver = (frame.desk.actor(room) for room in (move.route.sender, move.route.receiver))
    above = common_superior(move.route.sender.place.path, move.route.receiver.place.path)
    superior = next(iter(frame.desk.at(_at(frame.places, above).id)), None) if above else None
    return {
        **dict.fromkeys(("transfer", "send", "ask", "withdraw", "close"), sender),
        **dict.fromkeys(("receive", "send_back", "answer"), receiver),
        **dict.fromkeys(("approve", "refuse"), superior),
    }


def note_referral(move: Move, frame: Frame) -> None:
    """The row, its steps, its clocks, and who is told."""
    sender, receiver = move.route.sender, move.route.receiver
    row = _row(move, frame)
    number = frame.book.note(Referral, row)
    owner = {"referral_id": number}
    frame.passed(ReferralStep, owner, STEP, ReferralState.DRAFT, _taken(move, row, frame))
    sent = move.sent_at
    if sent is None:
        return
    received, back = row["received_at"], move.back
    title = number, f"转办 {move.number}"
    sign_by = frame.working.after(china_day(sent), SIGN_DAYS)
    signed = received or (back.at if back else None)
    there = frame.at(receiver.place)
    people = dict.fromkeys((*there.people, *frame.desk.of_room(receiver.id)))
    frame.clock(DeadlineKind.SIGN, "referral", title, move.draft.id, there, sign_by, sent, signed)
    frame.news(people, sent, f"有一件转办等待签收：{move.number}", "referral", number)
    if received:
        whose = frame.holds(receiver)
        due_on = row["due_on"]
        frame.clock(
            DeadlineKind.ANSWER, "referral", title, move.draft.id, whose, due_on, received, row["answered_at"]
        )
        people = dict.fromkeys((*frame.desk.at(sender.place.id), *frame.desk.of_room(sender.id)))
        frame.news(people, received, f"转办已被签收：{move.number}", "referral", number)


def _row(move: Move, frame: Frame) -> Row:
    life, sender, receiver = move.draft.life, move.route.sender, move.route.receiver
    sent, received = move.sent_at, life.last("receive")
    ended = life.last(*_RESULTS) if received else None
    urged = move.draft.id % 5 == 0
    reason = _reason(move)
    days = URGED_DAYS if urged else ANSWER_DAYS
    return {
        "number": move.number,
        "case_id": move.draft.id,
        "direction": move.route.direction,
        "unit_id": sender.place.id,
        "to_unit_id": receiver.place.id,
        "state": move.fate,
        "reason": reason,
        "explanation": _EXPLANATIONS[reason],
        "demand": "请依法及时调解，并反馈办理结果。",
        "due_on": frame.working.after(china_day(sent), days) if sent else None,
        "urged": urged,
        "sent_at": sent,
        "received_at": received.at if received else None,
        "answered_at": ended.at + timedelta(hours=2) if ended else None,
        "to_committee_id": receiver.id if received else None,
        "answer": _RESULTS[ended.name] if ended else None,
        "return_reason": life.last("send_back") and (_REFUSED if move.refused else _RETURNED),
        "path": sender.place.path,
        "to_path": receiver.place.path,
        "committee_id": sender.id,
        "created_at": (move.left or life.marks[-1]).at,
    }


def _reason(move: Move) -> str:
    """Table referral_reason: 重大, 疑难, otherwise what the direction suggests."""
    by_difficulty = {GRAVE: "01", KNOTTY: "02"}
    by_direction = {Direction.UP: "02", Direction.DOWN: "99", Direction.SIDEWAYS: "03"}
    return by_difficulty.get(move.draft.traits.difficulty, by_direction[move.route.direction])


def _taken(move: Move, row: Row, frame: Frame) -> list[Taken]:
    """The steps that lead to the state, each at the time that the case names."""
    left, sent, back = move.left, move.sent_at, move.back
    when: dict[str, datetime | None] = {}
    if left is not None:
        when = {"ask": left.at, "approve": sent} if move.asks else {"send": sent}
    if back is not None:
        when = {name: at for name, at in when.items() if at}
        when["refuse" if move.refused else back.name] = back.at
    else:
        answered = row["answered_at"]
        closed = answered + timedelta(days=1) if answered and move.fate is ReferralState.CLOSED else None
        when |= {"receive": row["received_at"], "answer": answered, "close": closed}
    who = _actors(move, frame)
    return [
        (name, at, who[name], {each: row[each] for each in STEP[name].needs}) for name, at in when.items()
    ]


def _at(places: list[Place], path: str) -> Place:
    return next(place for place in places if place.path == path)
