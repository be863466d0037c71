"""The demo: a made-up year or three of a real city's mediation, the same for everybody on the same day."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.cases import Case
from admin_app.models.holidays import calendar
from admin_app.rules.dates import today as china_today
from admin_app.rules.referrals import ReferralState
from admin_app.rules.standards import StandardState
from admin_app.rules.tiers import Tier
from admin_app.tally import mend
from seed.attachments import keep_page, note_attachments
from seed.awards import load_awards
from seed.bulk import Book, fix_sequences, next_id
from seed.cases import note_case
from seed.codes import load_codes
from seed.committees import Room, load_committees
from seed.disputes import story
from seed.drafts import Draft, number_drafts, traits
from seed.evaluation_plans import load_plans
from seed.evaluations import load_evaluations
from seed.experts import Adviser, load_experts
from seed.frame import Frame
from seed.holidays import load_holidays
from seed.library import load_library
from seed.lives import LETTERED, scripted, tell
from seed.lookbacks import note_lookbacks
from seed.major_reports import load_major_reports
from seed.mediators import Post, load_mediators
from seed.meetings import load_meetings
from seed.months import load_months
from seed.names import People
from seed.numbers import Tally
from seed.parties import parties
from seed.payments import load_payments
from seed.places import Place, places
from seed.rates import load_rates
from seed.referrals import FATES, Move, Route, note_referral, number_moves, routes
from seed.requirements import load_requirements
from seed.scenes import SCENES
from seed.screenings import load_screenings
from seed.staffing import load_targets
from seed.standards import load_standards
from seed.studios import load_studios
from seed.subsidies import load_subsidies
from seed.trainings import load_trainings
from seed.units import load_units
from seed.users import AWAY, HOME, Stand, load_users, stand
from seed.visits import note_visits
from seed.warnings import load_warnings
from seed.window import note_applications, open_window

SEED = 330700
CASES = 3000
DAYS = 3 * 365
# How much a committee hears beside a village's; the people of the demo accounts hear a fixed number.
_WEIGHTS = {Tier.CITY: 6, Tier.COUNTY: 8, Tier.TOWNSHIP: 7, Tier.VILLAGE: 1}
_OWN, _TOWN, _AROUND, _FAR = 36, 22, 10, 16


@dataclass(frozen=True)
class Organisations:
    """Who there is before the first case."""

    places: list[Place]
    people: People
    rooms: list[Room]
    posts: list[Post]
    advisers: list[Adviser]


def load_organisations(session: Session, chance: Random, today: date) -> Organisations:
    """Code tables, holidays, units, committees, mediators, experts."""
    load_codes(session)
    load_holidays(session)
    load_requirements(session)
    load_units(session)
    units = places(session)
    people = People(chance, today)
    rooms = load_committees(session, chance, today, people, units)
    posts = load_mediators(session, chance, today, people, rooms)
    advisers = load_experts(session, chance, today, people, units)
    return Organisations(units, people, [room for room in rooms if room.mediators], posts, advisers)


def load_demo(
    session: Session, password: str | None, accounts_file: Path, *, today: date | None = None
) -> None:
    """Everything for showing the house; the caller commits. For an empty database.

    The rows go in by bulk inserts, which the history does not see: a hundred thousand lines saying that
    nobody registered made-up people would bury the first real one. One line tells of all of it.
    """
    today = today or china_today()
    chance = Random(SEED)
    there = load_organisations(session, chance, today)
    home, away = (stand(code, there.places, there.rooms, there.posts) for code in (HOME, AWAY))
    desk = load_users(session, home, away, there.advisers, password, accounts_file)
    tally, book = Tally(there.places), Book(session)
    names = {post.id: post.person.name for post in there.posts}
    frame = Frame(chance, today, book, tally, calendar(session), desk, there.advisers, there.places, names)
    teller = Teller(chance, today, there, next_id(session, Case))
    moves, scenes = teller.moves(home), teller.scenes(home, away)
    drafts = teller.drafts(home, away, CASES - len(moves) - len(scenes)) + scenes
    drafts += [move.draft for move in moves]
    number_drafts(drafts, tally)
    number_moves(moves, frame)
    page = keep_page(session)
    for draft in sorted(drafts, key=lambda draft: (draft.registered_on, draft.id)):
        note_case(draft, frame, home.mediator.id)
        note_lookbacks(draft, frame)
        note_attachments(draft, frame, page)
    for move in sorted(moves, key=lambda move: (move.draft.registered_on, move.draft.id)):
        note_referral(move, frame)
    note_visits(drafts, there.rooms, [home.room, home.town_room], frame, there.people)
    note_applications([home.room, home.town_room], frame, there.people)
    book.write()
    open_window(session)
    tally.load(session)
    load_evaluations(session, chance, today, there.posts, home.mediator)
    load_standards(session, today, StandardState.PUBLISHED)
    load_plans(session, chance, today, (home, away), desk)
    load_rates(session, there.places, today)
    load_subsidies(session, today, home, desk, frame.working)
    load_payments(session, today, home)
    load_months(session, chance, today, there.rooms, home.room)
    load_screenings(session, today, home, desk, there.places, there.rooms)
    load_trainings(session, Random(SEED), today, there.places, there.posts)
    load_awards(session, today, home, desk)
    load_meetings(session, frame, home, away)
    load_major_reports(session, frame)
    load_targets(session)
    load_studios(session, today, there.places, home)
    load_library(session, today, home, desk, there.places, there.rooms)
    load_warnings(session, today, home, desk)
    fix_sequences(session)
    mend(session)
    history.note(session, history.Action.COMMAND, title="装入演示数据")


class Teller:
    """Makes up cases, one after the other."""

    def __init__(self, chance: Random, today: date, there: Organisations, first_id: int) -> None:
        self.chance = chance
        self.today = today
        self.there = there
        self._next = first_id
        self._villages: dict[str, list[Place]] = {}
        for place in there.places:
            if place.tier is Tier.VILLAGE:
                for tier in (Tier.CITY, Tier.COUNTY, Tier.TOWNSHIP):
                    self._villages.setdefault(place.above(tier).path, []).append(place)

    def drafts(self, home: Stand, away: Stand, count: int) -> list[Draft]:
        """Cases without a referral: many where the demo's people are, the rest over all committees."""
        around = [
            room for room in self.there.rooms if room.place.parent is home.town and room is not home.room
        ]
        rooms = [home.room] * _OWN + [home.town_room] * _TOWN + around * _AROUND + [away.room] * _FAR
        weights = list(accumulate(_WEIGHTS[room.place.tier] for room in self.there.rooms))
        rooms += self.chance.choices(self.there.rooms, cum_weights=weights, k=count - len(rooms))
        self.chance.shuffle(rooms)
        # A little more of late.
        ages = sorted((int(DAYS * self.chance.random() ** 1.2) for _ in rooms), reverse=True)
        return [
            self.draft(room, self.today - timedelta(days=age)) for room, age in zip(rooms, ages, strict=True)
        ]

    def scenes(self, home: Stand, away: Stand) -> list[Draft]:
        """The cases whose lives are written down, so that each of the demo's people has something to do."""
        first_at = {room.place.id: room for room in reversed(self.there.rooms)}
        town = next(
            place
            for place in self.there.places
            if place.parent is home.county and place is not home.town and place.id in first_at
        )
        where = {
            "village": home.room,
            "town": home.town_room,
            "next town": first_at[town.id],
            "county": first_at[home.county.id],
            "away": away.room,
        }
        return [
            self.draft(where[name], self.today - timedelta(days=age), words=words)
            for name, age, words in SCENES
        ]

    def moves(self, home: Stand) -> list[Move]:
        """Cases with a referral, so many for each state."""
        found = []
        for fate, count, ages in FATES:
            sideways = fate is ReferralState.ASKED
            roads = routes(self.chance, self.there.rooms, home.room, sideways=sideways)
            found += [self._move(next(roads), fate, ages) for _ in range(count)]
        return found

    def _move(self, route: Route, fate: ReferralState, ages: tuple[int, int]) -> Move:
        registered_on = self.today - timedelta(days=self.chance.randint(*ages))
        draft = self.draft(route.sender, registered_on, fate)
        if draft.life.arrived:
            draft.room = route.receiver
        return Move(draft, route, fate)

    def draft(
        self,
        room: Room,
        registered_on: date,
        fate: ReferralState | None = None,
        *,
        words: str | None = None,
    ) -> Draft:
        """One case of a committee; with `words`, of the life that they write down."""
        chance, case_id = self.chance, self._next
        self._next += 1
        tale = story(chance, room.trade)
        spot = (
            room.place if room.place.tier is Tier.VILLAGE else chance.choice(self._villages[room.place.path])
        )
        cast = parties(chance, self.there.people, tale, spot)
        amount = tale.amount(chance)
        like = traits(chance, case_id, room, tale, amount)
        if words is None:
            life = tell(chance, registered_on, self.today, like, fate)
        else:
            letter = "take_over " if like.source in LETTERED else ""
            life = scripted(chance, registered_on, self.today, letter + words)
        return Draft(case_id, room, room, registered_on, tale, like, life, cast, spot, amount)
