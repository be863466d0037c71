"""Visits of the demo: a year of people who came, some of whose matters became cases (formats.md E1)."""

from datetime import timedelta
from itertools import accumulate

from admin_app.models.visits import Visit
from admin_app.rules.tiers import Tier
from seed.bulk import Row
from seed.committees import Room
from seed.disputes import story
from seed.drafts import Draft
from seed.frame import Frame
from seed.lives import LETTERED, moment
from seed.names import People
from seed.parties import PERSON

COUNT, AT_HOME, LINKED = 400, 60, 140
DAYS = 365
ACCEPTED, PASSED_ON, LED_ELSEWHERE, ANSWERED = "01", "02", "03", "04"  # table visit_opinion
_WEIGHTS = {Tier.CITY: 6, Tier.COUNTY: 8, Tier.TOWNSHIP: 7, Tier.VILLAGE: 1}
_OUTCOMES = {
    PASSED_ON: "已转有关单位办理，并告知来访人联系方式。",
    LED_ELSEWHERE: "不属于人民调解范围，已引导向劳动仲裁、法院等部门反映。",
    ANSWERED: "当场作了解释和答复，来访人表示理解。",
}


def note_visits(
    drafts: list[Draft], rooms: list[Room], home: list[Room], frame: Frame, people: People
) -> None:
    """Those whose matter became a case came on the day on which it was registered."""
    young = [each for each in drafts if _may_begin_with_a_visit(each, frame)]
    near = [each for each in young if each.origin in home][: LINKED // 4]
    far = [each for each in young if each.origin not in home]
    for draft in near + frame.chance.sample(far, LINKED - len(near)):
        frame.book.note(Visit, _linked(draft, frame))
    weights = list(accumulate(_WEIGHTS[room.place.tier] for room in rooms))
    others = frame.chance.choices(rooms, cum_weights=weights, k=COUNT - LINKED - AT_HOME)
    for room in others + frame.chance.choices(home, k=AT_HOME):
        frame.book.note(Visit, _lone(room, frame, people))


def _may_begin_with_a_visit(draft: Draft, frame: Frame) -> bool:
    age = (frame.today - draft.registered_on).days
    return age < DAYS and draft.traits.source not in LETTERED and draft.cast.rows[0]["kind"] == PERSON


def _linked(draft: Draft, frame: Frame) -> Row:
    first = draft.cast.rows[0]
    known = {name: first[name] for name in ("name", "sex", "birth_on", "id_number", "phone", "address")}
    facts = {
        "counterpart": draft.cast.respondent,
        "kind": draft.story.kind,
        "matter": draft.row["brief"],
        "opinion": ACCEPTED,
        "outcome": "已登记为调解案件。",
        "case_id": draft.id,
    }
    return _visit(draft.origin, frame, (frame.today - draft.registered_on).days) | known | facts


def _lone(room: Room, frame: Frame, people: People) -> Row:
    chance = frame.chance
    person, counterpart, tale = people.person(19, 76), people.name(), story(chance, room.trade)
    age = int(DAYS * chance.random())
    day = frame.today - timedelta(days=age)
    opinion = chance.choices(sorted(_OUTCOMES), (2, 3, 5))[0]
    words = {
        "a": person.name,
        "b": counterpart,
        "place": room.place.short,
        "amount": str(tale.amount(chance)),
    }
    return _visit(room, frame, age) | {
        "name": person.name,
        "sex": person.sex,
        "birth_on": person.birth_on,
        "id_number": person.id_number,
        "phone": person.phone,
        "address": f"{room.place.full}{chance.randint(1, 260)}号",
        "counterpart": counterpart,
        "kind": tale.kind,
        "matter": tale.brief.format_map(words | {"day": f"{day.year}年{day.month}月{day.day}日"}),
        "opinion": opinion,
        "outcome": _OUTCOMES[opinion],
        "case_id": None,
    }


def _visit(room: Room, frame: Frame, age: int) -> Row:
    """Where and when, and who received."""
    day = frame.today - timedelta(days=age)
    return {
        "visited_on": day,
        "committee_id": room.id,
        "unit_id": room.place.id,
        "path": room.place.path,
        "receiver": f"{room.members[0][1].name}（主任）",
        "people": frame.chance.choice((1, 1, 1, 1, 2, 2, 3, 6)),
        "query_code": None,
        "created_at": moment(day),
    }
