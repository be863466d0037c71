"""Cases of the demo, with their parties, their mediators and the steps they took."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseMediator, CaseStep, Party
from admin_app.rules.numbers import Series
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.committees import Room
from seed.disputes import Story
from seed.lives import Life, moment
from seed.numbers import Tally
from seed.parties import Cast
from seed.places import Place

DUE_DAYS = 30  # lifecycle.md 3: accepted + 30 days, extended by as many
ORAL, WRITTEN = "1", "2"
SIMPLE, COMMON, GRAVE, KNOTTY = "1", "2", "3", "4"  # SYS112
_SOURCE_OF_HOST = {"08": "3", "09": "4", "10": "5", "11": "6", "12": "7"}  # SYS197 → SYS267
_RESULTS = {"settle": "1", "fail": "2"}  # SYS110
_AGREEMENT = (
    "form",
    "agreement_number",
    "agreed_on",
    "agreement",
    "performance",
    "perform_by",
    "fulfilment",
    "confirmation",
    "visited_on",
    "satisfied",
)
_VILLAGE_PLACES = ("调解室", "文化礼堂", "纠纷现场", "当事人家中")
_UPPER_PLACES = ("矛调中心调解室", "矛调中心会议室", "调解室")


@dataclass
class Draft:
    """A case before it is a row. `origin` accepted it and numbered it, `room` holds it now."""

    id: int
    origin: Room
    room: Room
    registered_on: date
    story: Story
    life: Life
    cast: Cast
    spot: Place
    amount: int
    number: str | None = None


def number_cases(drafts: list[Draft], tally: Tally) -> None:
    """`（2026）湖头村人调字第0001号`: per unit and year in the order of acceptance, without a gap."""
    accepted = [(day, draft) for draft in drafts if (day := draft.life.day("accept"))]
    for day, draft in sorted(accepted, key=lambda each: (each[0], each[1].id)):
        draft.number = tally.take(Series.CASE, draft.origin.place.id, day)


def number_agreements(rows: list[Row], tally: Tally) -> None:
    """Written agreements in the order of their days, by the unit that settled the case."""
    for row in sorted((row for row in rows if row["form"] == WRITTEN), key=lambda row: row["agreed_on"]):
        row["agreement_number"] = tally.take(Series.AGREEMENT, row["unit_id"], row["agreed_on"])


def load_cases(
    session: Session,
    chance: Random,
    today: date,
    drafts: list[Draft],
    tally: Tally,
    actors: dict[int, int],
    favoured: int,
) -> None:
    """The rows, numbered.

    `actors` are the users who act for a committee; `favoured` is a mediator who gets much.
    """
    line = next_id(session, Party)
    number_cases(drafts, tally)
    cases = [_case(draft, chance, today) for draft in drafts]
    number_agreements(cases, tally)
    add(session, Case, cases)
    parties = [{**row, "case_id": draft.id} for draft in drafts for row in draft.cast.rows]
    add(session, Party, [{"id": number, **row} for number, row in enumerate(parties, line)])
    add(session, CaseMediator, [row for draft in drafts for row in _mediators(draft, chance, favoured)])
    add(session, CaseStep, [row for draft in drafts for row in _steps(draft, actors)])


def _case(draft: Draft, chance: Random, today: date) -> Row:
    life, story = draft.life, draft.story
    accepted_on = life.day("accept")
    words = _words(draft)
    due = DUE_DAYS * (2 if life.has("extend") else 1)
    return {
        "id": draft.id,
        "number": draft.number,
        "names": draft.cast.names,
        "kind": story.kind,
        "stage": life.stage,
        "registered_on": draft.registered_on,
        "created_at": moment(draft.registered_on),
        "committee_id": draft.room.id,
        "unit_id": draft.room.place.id,
        "path": draft.room.place.path,
        "source": _SOURCE_OF_HOST.get(draft.origin.trade or "") or chance.choice("1111122225567"),
        "difficulty": difficulty(draft),
        "risk": chance.choices("123456", (960, 6, 14, 10, 4, 6))[0],
        "people": len(draft.cast.rows) + chance.choice((0, 0, 0, 1, 2, 5)),
        "amount": draft.amount or None,
        "brief": words(story.brief),
        "accepted_on": accepted_on,
        "due_on": accepted_on + timedelta(days=due) if accepted_on else None,
        "mediated_on": life.day("start"),
        "place": _place(draft.room.place, chance) if life.has("start") else None,
        "result": next((code for name, code in _RESULTS.items() if life.has(name)), None),
        "closed_on": life.day("close"),
        **_agreement(draft, chance, today, words),
    }


def _place(place: Place, chance: Random) -> str:
    return place.short + chance.choice(_VILLAGE_PLACES if place.tier is Tier.VILLAGE else _UPPER_PLACES)


def difficulty(draft: Draft) -> str:
    """SYS112, by the sum at stake and the nature of the dispute."""
    if draft.amount >= 100_000:
        return GRAVE
    if draft.id % 29 == 0:
        return KNOTTY
    return SIMPLE if draft.amount < 5_000 and draft.story.kind not in ("8", "15", "16") else COMMON


def _words(draft: Draft) -> Callable[[str], str]:
    """Fills a sentence of the story with who, where, when and how much."""
    happened = draft.registered_on - timedelta(days=draft.id % 6)
    where = draft.spot.short if draft.spot is draft.room.place else draft.spot.full
    facts = {
        "a": draft.cast.applicant,
        "b": draft.cast.respondent,
        "place": where,
        "day": f"{happened.year}年{happened.month}月{happened.day}日",
        "amount": str(draft.amount),
    }
    return lambda sentence: sentence.format_map(facts)


def _agreement(draft: Draft, chance: Random, today: date, words: Callable[[str], str]) -> Row:
    """Agreement, fulfilment and follow-up; blank for a case that was not settled."""
    agreed_on = draft.life.day("settle")
    facts: Row = dict.fromkeys(_AGREEMENT)
    if agreed_on is None:
        return facts
    oral = difficulty(draft) == SIMPLE and chance.random() < 0.55
    perform_by = agreed_on + timedelta(days=chance.choice((0, 0, 7, 15, 30, 90)))
    confirmed = not oral and chance.random() < 0.06
    facts |= {
        "form": ORAL if oral else WRITTEN,
        "agreed_on": agreed_on,
        "agreement": words(draft.story.agreement),
        "performance": draft.story.way,
        "perform_by": perform_by,
        "fulfilment": "05" if confirmed else _fulfilment(chance, perform_by, today),
        "confirmation": "03" if confirmed else "01",
    }
    visited_on = agreed_on + timedelta(days=chance.randint(15, 60))
    if visited_on < today and chance.random() < 0.7:
        facts |= {"visited_on": visited_on, "satisfied": chance.choices(("01", "02", "03"), (85, 13, 2))[0]}
    return facts


def _fulfilment(chance: Random, perform_by: date, today: date) -> str:
    if perform_by >= today:
        return chance.choice(("01", "01", "02"))
    return chance.choices(("03", "02", "04", "06"), (93, 3, 3, 1))[0]


def _mediators(draft: Draft, chance: Random, favoured: int) -> Iterator[Row]:
    """One or two of the committee that holds the case, from its acceptance on."""
    if not draft.life.has("accept"):
        return
    staff = draft.room.mediators
    first = favoured if favoured in staff and chance.random() < 0.6 else chance.choice(staff)
    chosen = {first, chance.choice(staff)} if chance.random() < 0.25 else {first}
    for mediator_id in sorted(chosen):
        yield {"case_id": draft.id, "mediator_id": mediator_id}


def _steps(draft: Draft, actors: dict[int, int]) -> Iterator[Row]:
    holder = draft.origin
    for mark in draft.life.marks:
        if mark.name == "receive":
            holder = draft.room
        yield {
            "case_id": draft.id,
            "at": mark.at,
            "actor_id": actors.get(holder.id),
            "name": mark.name,
            "source": mark.source,
            "target": mark.target,
            "note": mark.note,
        }
