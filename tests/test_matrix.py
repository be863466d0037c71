"""The whole matrix: person × door × register × record, generated from the tables, none listed by hand.

What a door must answer is reckoned from `Reach.holds` on the record in memory; what it answers went
through `Reach.sql` in the database. So each checks the other, at every door. A test is one person at one
door: it goes through all registers, gathers what is wrong, and says it in one list.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from itertools import zip_longest
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import URL, Engine, func, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin_app import policy
from admin_app.exports.ledger import LEDGERS, Asked, Records
from admin_app.exports.reading import records as lines_of
from admin_app.models.cases import Case
from admin_app.models.fields import Field, field_of
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS, Register, owner_of
from admin_app.models.users import User
from admin_app.operations import checks
from admin_app.operations.checks import blank_finding
from admin_app.operations.inbox import GROUPS, Group
from admin_app.operations.lives import LIVES
from admin_app.operations.steps import Life, line_fields
from admin_app.rules.dates import now
from admin_app.rules.referrals import ReferralState
from admin_app.rules.steps import Step
from tests.databases import Ground, open_engine, open_session
from tests.library import fill_library
from tests.samples import BY_HAND, MASTER, SETUP
from tests.web import Browser, named, open_app
from tests.world import PEOPLE, World

SIGNED_IN = [who for who in PEOPLE if who != "inactive"]
ANYTHING = Group.only  # a group of the inbox that its step alone narrows
NOWHERE = 2_000_000_000  # an id that no record has
FEW = 3  # records of a register that has no scope, or whose door is shut to the person anyhow
OLD_PHONE, OLD_PARTY_PHONE = "13857900777", "13857900888"  # replaced: only the history holds them


def links_of(register: Register) -> list[tuple[str, Field]]:
    """Each link of a register and of its parts, under the name by which its look-up knows it."""
    own = [(each.name, each) for each in register.fields if each.kind == "link"]
    return own + [
        (f"{part.name}.{each.name}", each)
        for part in register.part_lists()
        for each in part.fields
        if each.kind == "link"
    ]


def secrets_of(register: Register, record: Any) -> set[str]:
    """The personal data of a record and its lines, in full."""
    things = [(each, record) for each in register.fields]
    things += [
        (each, line)
        for part in register.all_lists()
        for each in part.fields
        for line in getattr(record, part.name)
    ]
    return {str(getattr(thing, each.name)) for each, thing in things if each.say.sensitive} - {"None", ""}


class Stock:
    """Every record of the world in memory, and what the table of the policy grants on each of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.kept: dict[tuple[str, bool], list[Any]] = {}
        for word, register in REGISTERS.items():
            rows = list(session.scalars(select(register.model).order_by(register.model.id)))
            for removed in (False, True):
                self.kept[word, removed] = [row for row in rows if bool(row.removed_at) is removed]

    def live(self, word: str) -> list[Any]:
        return self.kept[word, False]

    def bin(self, word: str) -> list[Any]:
        return self.kept[word, True]

    def granted(self, user: User, word: str, verb: str, *, removed: bool = False) -> set[int]:
        return {r.id for r in self.kept[word, removed] if policy.may(user, f"{word}.{verb}", r)}

    def knocked(self, user: User, word: str, verb: str) -> list[Any]:
        """The live records at whose door it is worth to knock: all where the answer may differ."""
        scoped = hasattr(REGISTERS[word].model, "under") or word == "user"
        return self.live(word) if scoped and policy.may(user, f"{word}.{verb}") else self.live(word)[:FEW]

    def choosable(self, user: User, word: str, field: Field) -> set[int]:
        """The ids that a link may be told by, for one reason or another."""
        target = word_of(field)
        actions = [f"{target}.see", f"{target}.choose", *([f"{word}.create"] if field.say.places else [])]
        return {r.id for r in self.live(target) if any(policy.may(user, action, r) for action in actions)}

    def now(self) -> dict[str, Any]:
        """What a refused request must leave as it was, read anew from the database."""
        bind = self.session.get_bind()
        with open_session(bind) as fresh:  # type: ignore[arg-type]
            read_only(fresh)
            found: dict[str, Any] = {
                word: fresh.execute(
                    select(each.model.id, each.model.version, each.model.removed_at).order_by(each.model.id)
                ).all()
                for word, each in REGISTERS.items()
            }
            found["history"] = fresh.scalar(select(func.count()).select_from(Entry))
        return found


@cache
def word_of(field: Field) -> str:
    """The word of the register that a link points at."""
    return next(word for word, each in REGISTERS.items() if each.model is field.target)


def read_only(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.connection(execution_options={"reads_only": True})


def fill_bins(session: Session) -> None:
    """Beside each record that has a committee or a pool, a twin of it in the recycle bin."""
    for word, register in REGISTERS.items():
        if word == "unit" or word in SETUP or word not in BY_HAND:
            continue  # unique by code, name or day: no twins; and what steps make is never removed
        table = register.model.__table__
        for row in session.execute(select(table).where(table.c.removed_at.is_(None))).mappings().all():
            twin = {**row, "removed_at": now()}
            del twin["id"]
            texts = (name for name in ("name", "number", "names") if isinstance(twin.get(name), str))
            twin |= {name: f"{twin[name]}（副本）" for name in texts if twin[name]}
            session.connection().execute(insert(table).values(twin))


@pytest.fixture(scope="module")
def url(ground: Ground) -> Iterator[URL]:
    """One copy of the world for the file: the matrix only knocks; all it leaves are lines in the history."""
    with ground.world_url() as url:
        engine = open_engine(url)
        with open_session(engine) as session:
            mediator = session.get_one(Mediator, ground.world.mediator)
            party = session.get_one(Case, ground.world.case).parties[0]
            present = mediator.phone, party.phone
            mediator.phone, party.phone = OLD_PHONE, OLD_PARTY_PHONE
            session.commit()
            mediator.phone, party.phone = present
            session.commit()
            fill_library(session, ground.world)
            fill_bins(session)
            session.commit()
        engine.dispose()
        yield url


@pytest.fixture(scope="module")
def app(url: URL) -> Iterator[Flask]:
    with open_app(url) as app:
        yield app


@pytest.fixture(scope="module")
def reckoning(url: URL) -> Iterator[Engine]:
    """A second way to the database: under an outer application context every browser would be one person."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def stock(reckoning: Engine) -> Iterator[Stock]:
    with open_session(reckoning) as session:
        read_only(session)
        yield Stock(session)


@pytest.fixture(scope="module")
def browsers(app: Flask) -> dict[str, Browser]:
    """Each person's browser, opened once for each database."""
    return {}


@pytest.fixture(params=SIGNED_IN)
def who(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def here(app: Flask, world: World, who: str, browsers: dict[str, Browser]) -> Browser:
    if who not in browsers:
        browsers[who] = named(app, world, who)
    return browsers[who]


@dataclass
class Visits:
    """The pages of records that one person has opened: no door changes them, so each is fetched once."""

    here: Browser
    answers: dict[str, TestResponse]

    def open(self, address: str) -> TestResponse:
        if address not in self.answers:
            self.answers[address] = self.here.get(address)
        return self.answers[address]


@pytest.fixture(scope="module")
def opened(app: Flask) -> defaultdict[str, dict[str, TestResponse]]:
    return defaultdict(dict)


@pytest.fixture
def visits(here: Browser, who: str, opened: defaultdict[str, dict[str, TestResponse]]) -> Visits:
    return Visits(here, opened[who])


@pytest.fixture
def me(stock: Stock, world: World, who: str) -> User:
    return next(each for each in stock.live("user") if each.id == getattr(world, who))


def ids_in(page: str, word: str) -> set[int]:
    return {int(found) for found in re.findall(rf'<th scope="row">\s*<a href="/{word}/(\d+)', page)}


# ---------------------------------------------------------------- reading


def test_a_list_shows_and_counts_just_what_the_policy_grants(here: Browser, me: User, stock: Stock) -> None:
    faults = []
    for word in REGISTERS:
        answer = here.get(f"/{word}/?size=100")
        if not policy.may(me, f"{word}.see"):
            if answer.status_code != 403:
                faults.append(f"{word}: {answer.status_code}")
            continue
        expected, shown = stock.granted(me, word, "see"), ids_in(answer.text, word)
        counted = re.search(r"共 (\d+) 条", answer.text)
        if shown != expected and not (len(expected) > 100 and len(shown) == 100 and shown <= expected):
            faults.append(f"{word}: shows {sorted(shown ^ expected)} wrongly")
        if expected and (counted is None or int(counted[1]) != len(expected)):
            faults.append(f"{word}: counts {counted and counted[1]} of {len(expected)}")
    assert faults == []


@pytest.mark.parametrize(("door", "verb"), [("", "open"), ("/edit", "edit"), ("/history", "history")])
def test_a_record_opens_by_its_address_only_within_scope_and_right(
    visits: Visits, me: User, stock: Stock, door: str, verb: str
) -> None:
    faults = []
    for word, register in REGISTERS.items():
        for record in stock.knocked(me, word, verb):
            status = visits.open(f"/{word}/{record.id}{door}").status_code
            if not policy.may(me, f"{word}.{verb}"):
                expected = 403
            elif not policy.may(me, f"{word}.open", record):
                expected = 404
            elif not policy.may(me, f"{word}.{verb}", record):
                expected = 403
            else:
                expected = 409 if verb == "edit" and register.locked(record) else 200
            if status != expected:
                faults.append(f"/{word}/{record.id}{door}: {status}, not {expected}")
    assert faults == []


def test_the_recycle_bin_shows_just_what_may_be_restored(here: Browser, me: User, stock: Stock) -> None:
    faults, twins = [], 0
    for word in REGISTERS:
        answer = here.get(f"/{word}/bin?size=100")
        if not policy.may(me, f"{word}.restore"):
            if answer.status_code != 403:
                faults.append(f"{word}: {answer.status_code}")
            continue
        expected = stock.granted(me, word, "restore", removed=True)
        shown = {int(found) for found in re.findall(r'name="ids" value="(\d+)"', answer.text)}
        twins += len(expected)
        if shown != expected:
            faults.append(f"{word}: shows {sorted(shown ^ expected)} wrongly")
    assert faults == []
    if me.username in ("office", "director", "bureau_city"):
        assert twins > 3


def test_the_first_page_counts_what_the_policy_grants(here: Browser, me: User, stock: Stock) -> None:
    answer = here.get("/")
    if not policy.may(me, "home.see"):
        assert answer.status_code == 403
        return
    counted = dict(re.findall(r'<a href="/(\w+)/"><strong>(\d+)</strong>', answer.text))
    assert counted == {
        word: str(len(stock.granted(me, word, "see"))) for word in REGISTERS if policy.may(me, f"{word}.see")
    }
    told = dict(re.findall(r'<h2 id="inbox-(\w+)".*?<span class="count">(\d+)</span>', answer.text))
    plain = [each for each in GROUPS if each.only is ANYTHING]
    assert len(plain) > 5
    for group in plain:
        life = LIVES[group.word]
        stages = group.stands or life.steps[group.step].sources
        # A mediator's inbox holds their own cases, not all of their committee's.
        actions = {group.action, "case.edit"} if group.word == "case" else {group.action}
        mine = [r for r in stock.live(group.word) if all(policy.may(me, each, r) for each in actions)]
        expected = len([r for r in mine if life.stands(r) in stages])
        assert told.get(group.name, "0") == str(expected), group.label


def test_the_history_never_shows_what_the_page_would_not_show(
    visits: Visits, me: User, stock: Stock, world: World
) -> None:
    """Neither personal data in full, of today or replaced, nor the title of a record out of sight."""
    seen = {str(r) for word in REGISTERS for r in stock.live(word) if policy.may(me, f"{word}.see", r)}
    titles = {str(r) for word in REGISTERS if MASTER[word] != "sysadmin" for r in stock.live(word)}
    foreign = {title for title in titles if not any(title in each for each in seen)}
    faults, replaced = [], {OLD_PHONE, OLD_PARTY_PHONE}
    for word, register in REGISTERS.items():
        if not policy.may(me, f"{word}.history"):
            continue
        for record in stock.knocked(me, word, "history"):
            if not (policy.may(me, f"{word}.see", record) and policy.may(me, f"{word}.history", record)):
                continue
            past = visits.open(f"/{word}/{record.id}/history").text
            page = visits.open(f"/{word}/{record.id}").text
            told = [each for each in secrets_of(register, record) | replaced if each in past]
            told += [each for each in foreign if each in past and each not in page]
            if told:
                faults.append(f"{word} {record.id}: {told}")
            if record.id == world.mediator and word == "mediator":
                assert "138****0777" in past  # the change is told, in a mask
    assert faults == []


def test_personal_data_opens_to_just_those_with_the_right_and_leaves_one_line(
    here: Browser, me: User, stock: Stock
) -> None:
    faults, opened = [], []
    before = stock.now()["history"]
    for word, register in REGISTERS.items():
        for record in stock.knocked(me, word, "sensitive"):
            secrets = secrets_of(register, record)
            answer = here.post(f"/{word}/{record.id}/unmask", {"reason": "核对身份"})
            granted = policy.may(me, f"{word}.sensitive", record)
            if policy.may(me, f"{word}.open", record) and granted:
                expected = 200
                opened.append(("unmask", word, record.id, me.id, "理由：核对身份"))
                hidden = [each for each in secrets if each not in answer.text]
                if hidden:
                    faults.append(f"{word} {record.id} still hides {hidden}")
            else:
                expected = 403 if granted or not policy.may(me, f"{word}.sensitive") else 404
                expected = 403 if policy.may(me, f"{word}.open", record) else expected
                faults += [f"{word} {record.id} shows {each}" for each in secrets if each in answer.text]
            if answer.status_code != expected:
                faults.append(f"{word} {record.id}: {answer.status_code}, not {expected}")
    assert faults == []
    with open_session(stock.session.get_bind()) as fresh:  # type: ignore[arg-type]
        read_only(fresh)
        lines = fresh.scalars(select(Entry).where(Entry.place > before).order_by(Entry.place))
        told = [(line.action, line.register, line.record_id, line.actor_id, line.note) for line in lines]
    assert told == opened
    if me.username in ("owner", "director", "office", "bureau_city"):
        assert opened


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(("door", "verb"), [("/remove", "remove"), ("/edit", "edit"), ("/revert/1", "edit")])
def test_posting_to_a_record_outside_scope_or_right_is_refused_and_changes_nothing(
    here: Browser, me: User, stock: Stock, door: str, verb: str
) -> None:
    faults, before = [], stock.now()
    for word in REGISTERS:
        granted = policy.may(me, f"{word}.{verb}")
        for record in stock.knocked(me, word, verb):
            visible = policy.may(me, f"{word}.open", record)
            if visible and policy.may(me, f"{word}.{verb}", record):
                continue
            status = here.post(f"/{word}/{record.id}{door}").status_code
            expected = 403 if not granted or visible else 404
            if status != expected:
                faults.append(f"/{word}/{record.id}{door}: {status}, not {expected}")
    assert faults == []
    assert stock.now() == before


@pytest.mark.parametrize("verb", ["remove", "restore"])
def test_a_batch_with_one_record_outside_scope_or_right_does_nothing_at_all(
    here: Browser, me: User, stock: Stock, verb: str
) -> None:
    """Some forbidden records alone, and all of them together with whatever would be allowed."""
    removed, faults, before = verb == "restore", [], stock.now()
    for word in REGISTERS:
        granted = stock.granted(me, word, verb, removed=removed)
        visible = stock.granted(me, word, "see" if removed else "open", removed=removed)
        forbidden = [r.id for r in stock.kept[word, removed] if r.id not in granted or r.id not in visible]
        if not policy.may(me, f"{word}.{verb}"):
            forbidden = forbidden[:FEW]
        allowed = sorted(granted & visible)[:50]
        alone = [[each] for each in {*forbidden[:2], *forbidden[-2:]}]
        for ids in [*alone, [*allowed, *forbidden[-50:]]] if forbidden else []:
            answer = here.post(f"/{word}/batch", {"action": verb, "ids": [str(each) for each in ids]})
            if not policy.may(me, f"{word}.see") or (len(ids) == 1 and ids[0] in visible):
                expected = {403}
            elif len(ids) == 1:
                expected = {403, 404} if not policy.may(me, f"{word}.{verb}") else {404}
            else:
                expected = {403, 404, 409, 422}  # whatever stands in the way first
            if answer.status_code not in expected:
                faults.append(f"{word} {ids}: {answer.status_code}, not {expected}")
    assert faults == []
    assert stock.now() == before


# ---------------------------------------------------------------- steps


@dataclass(frozen=True)
class Doorstep:
    """A step of a record, and what its door must answer to a person.

    Where it refuses, one record is enough to be read at and one to be posted to.
    """

    word: str
    record: Any
    step: Step[Any]
    answer: int
    reads: bool
    posts: bool

    @property
    def address(self) -> str:
        return f"/{self.word}/{self.record.id}/step/{self.step.name}"


def doorsteps(me: User, stock: Stock) -> Iterator[Doorstep]:
    """Life × step × record: of those that must answer alike, the first and the last one."""
    for word, life in LIVES.items():
        for step in life.steps.values():
            alike: dict[int, list[Any]] = defaultdict(list)
            for record in stock.live(word):
                alike[_answer_at(me, life, record, step)].append(record)
            for answer, records in alike.items():
                first, last = records[0], records[-1]
                for record in [first, last] if first is not last else [first]:
                    reads, posts = answer == 200 or record is first, answer == 200 or record is last
                    yield Doorstep(word, record, step, answer, reads, posts)


def _answer_at(me: User, life: Life, record: Any, step: Step[Any]) -> int:
    """See, do, now. A step that another life leads is no door at all."""
    if not policy.may(me, f"{life.word}.open"):
        return 403
    if not policy.may(me, f"{life.word}.open", record) or step.led:
        return 404
    if not policy.may(me, f"{life.word}.{step.name}", record):
        return 403
    return 200 if life.stands(record) in step.sources else 409


def test_a_step_opens_only_within_scope_right_and_state(visits: Visits, me: User, stock: Stock) -> None:
    faults, answers = [], set()
    for each in (each for each in doorsteps(me, stock) if each.reads):
        answer = visits.open(each.address)
        answers.add(answer.status_code)
        if answer.status_code != each.answer:
            faults.append(f"{each.address}: {answer.status_code}, not {each.answer}")
        elif answer.status_code == 200 and f'action="{each.address}' not in answer.text:
            faults.append(f"{each.address}: no form")
    assert faults == []
    if me.username in ("director", "office", "bureau_county"):
        assert answers == {200, 403, 404, 409}


def _wanting(door: Doorstep) -> bool:
    """Whether a step needs what neither stands on the record nor may stay blank."""
    step, register = door.step, REGISTERS[door.word]
    asked = [field_of(register.model, name) for name in step.needs]
    blank = any(blank_finding(each, getattr(door.record, each.name)) for each in asked)
    return (
        blank
        or bool(step.whole)
        or (bool(step.line) and any(e.required for e in line_fields(register, step)))
    )


def test_a_step_without_its_facts_is_refused_and_leaves_nothing_half_done(
    here: Browser, me: User, stock: Stock
) -> None:
    faults, before = [], stock.now()
    for each in (each for each in doorsteps(me, stock) if each.posts):
        if each.answer == 200 and not _wanting(each):
            continue  # nothing is wanting, so it would be taken
        expected = 422 if each.answer == 200 else each.answer
        answer = here.post(each.address, {"version": str(each.record.version)})
        if answer.status_code != expected:
            faults.append(f"{each.address}: {answer.status_code}, not {expected}")
        elif expected == 422 and "处需要改" not in answer.text:
            faults.append(f"{each.address}: does not say what is wanting")
    assert faults == []
    assert stock.now() == before


# ---------------------------------------------------------------- links


def main_of(page: str) -> str:
    """A page without the menu, which test_doors.py walks."""
    return re.sub(r'<nav class="sidebar.*?</nav>', "", page, flags=re.S)


def test_every_link_on_the_page_of_a_record_opens(visits: Visits, me: User, stock: Stock) -> None:
    """Where a person may not go, the page says the words and gives no link: to no list, record or tab."""
    leading: dict[str, str] = {}
    for word in LIVES:
        for record in stock.live(word):
            if policy.may(me, f"{word}.open", record):
                page = f"/{word}/{record.id}"
                found = re.findall(r'<a\b[^>]*\shref="(/[^"#]*)"', main_of(visits.open(page).text))
                leading |= {unescape(link): page for link in found}
    faults = [
        f"{page} → {link}"
        for link, page in leading.items()
        if visits.open(link).status_code not in (200, 302)
    ]
    assert faults == []


def test_a_look_up_offers_just_what_the_verb_would_take(here: Browser, me: User, stock: Stock) -> None:
    faults, taken = [], []
    for word, register in REGISTERS.items():
        for name, field in links_of(register):
            answer = here.get(f"/{word}/look-up/{name}?q=")
            if not policy.may(me, f"{word}.see"):
                if answer.status_code != 403:
                    faults.append(f"{word} {name}: {answer.status_code}")
                continue
            target = word_of(field)
            verbs = [f"{word}.create"] if field.say.places else [f"{target}.see", f"{target}.choose"]
            granted = {r.id for r in stock.live(target) if any(policy.may(me, each, r) for each in verbs)}
            offered = {item["id"] for item in answer.json["items"]}
            if not offered <= granted or len(offered) != min(20, len(granted)):
                faults.append(f"{word} {name}: {sorted(offered ^ granted)}")
            taken += [(register, field, each) for each in offered]
    assert faults == []
    with open_session(stock.session.get_bind()) as fresh:  # type: ignore[arg-type]
        actor = fresh.get_one(User, me.id)
        refused = [
            f"{register.word} {field.name}={each}"
            for register, field, each in taken
            if not checks.chosen(fresh, actor, register, field, each)
        ]
        fresh.rollback()
    assert refused == []


def test_the_query_bar_seeks_just_what_may_be_seen(here: Browser, me: User, stock: Stock) -> None:
    faults = []
    for word, register in REGISTERS.items():
        for name, field in links_of(register):
            answer = here.get(f"/{word}/seek/{name}?q=")
            if not policy.may(me, f"{word}.see"):
                if answer.status_code != 403:
                    faults.append(f"{word} {name}: {answer.status_code}")
                continue
            granted = stock.granted(me, word_of(field), "see")
            offered = {item["id"] for item in answer.json["items"]}
            if offered != granted or answer.json["more"]:
                faults.append(f"{word} {name}: {sorted(offered ^ granted)}")
    assert faults == []


def told(page: str, title: str) -> tuple[int, bool]:
    """How often a page says a title, and whether an input holds it."""
    return page.count(escape(title)), f'value="{escape(title)}"' in page


def forgeries(me: User, stock: Stock, word: str, links: list[tuple[str, Field]]) -> Iterator[dict[str, Any]]:
    """Rounds of {link: a record that this person may neither see nor choose}, two for each link."""
    foreign = []
    for _, field in links:
        known = stock.choosable(me, word, field)
        strange = [r for r in stock.live(word_of(field)) if r.id not in known]
        foreign.append([*strange[:1], *strange[-1:]])
    for records in zip_longest(*foreign):
        yield {name: r for (name, _), r in zip(links, records, strict=True) if r is not None}


def test_a_forged_condition_of_a_list_never_tells_a_title(here: Browser, me: User, stock: Stock) -> None:
    faults = []
    for word, register in REGISTERS.items():
        links = [(name, field) for name, field in links_of(register) if "." not in name]
        if not links or not policy.may(me, f"{word}.see"):
            continue
        plain = here.get(f"/{word}/?" + "&".join(f"{name}={NOWHERE}" for name, _ in links)).text
        for forged in forgeries(me, stock, word, links):
            page = here.get(f"/{word}/?" + "&".join(f"{name}={r.id}" for name, r in forged.items())).text
            faults += [
                f"{word} {name}={r.id}: {r}"
                for name, r in forged.items()
                if told(page, str(r)) > told(plain, str(r))
            ]
        for name, field in links:
            mine = [r for r in stock.live(word_of(field)) if policy.may(me, f"{word_of(field)}.see", r)]
            if field.say.queried and mine:  # else this test would hold of a panel that tells nothing at all
                assert told(here.get(f"/{word}/?{name}={mine[0].id}").text, str(mine[0]))[1], name
    assert faults == []


def form_name(name: str, index: int = 0) -> str:
    part, _, field = name.rpartition(".")
    return f"{part}-{index}-{field}" if part else field


def doors_of(me: User, stock: Stock, word: str) -> Iterator[tuple[str, dict[str, str], list[Any]]]:
    """(address, data that is refused anyhow, links) of the forms: create; edit with the version of now
    and with another one, which leads to the comparison."""
    register = REGISTERS[word]
    if policy.may(me, f"{word}.create"):
        yield f"/{word}/new", {}, links_of(register)
    lines = [(name, field) for name, field in links_of(register) if "." in name]
    required = (each.name for each in register.fields if each.required and each.say.form == "always")
    needed = next(required, None)
    verbs = (f"{word}.see", f"{word}.edit")
    mine = [r for r in stock.live(word) if all(policy.may(me, verb, r) for verb in verbs)]
    for r in [each for each in mine if not register.locked(each)][:1] if lines else []:
        assert needed is not None, f"{word}: nothing makes its form refused"
        yield f"/{word}/{r.id}/edit", {"version": str(r.version), needed: ""}, lines
        yield f"/{word}/{r.id}/edit", {"version": "2000"}, lines


def test_a_forged_id_in_a_form_never_tells_a_title(here: Browser, me: User, stock: Stock) -> None:
    faults, before = [], stock.now()
    for word in REGISTERS:
        for door, fixed, links in doors_of(me, stock, word):
            if not links:
                continue
            plain = here.post(door, {**fixed, **{form_name(name): str(NOWHERE) for name, _ in links}}).text
            for forged in forgeries(me, stock, word, links):
                data = {form_name(name): str(r.id) for name, r in forged.items()}
                answer = here.post(door, {**fixed, **data})
                if answer.status_code not in (409, 422):
                    faults.append(f"{door} {data}: {answer.status_code}")
                faults += [
                    f"{door} {name}={r.id}: {r}"
                    for name, r in forged.items()
                    if told(answer.text, str(r)) > told(plain, str(r))
                ]
    assert faults == []
    assert stock.now() == before


# ---------------------------------------------------------------- ledgers


# All ledgers go through one door; these stand for registers with and without a period, and with two ends.
AT_THE_DOOR = ("case-register", "mediator-roster", "referral-register")
RECORDS = [name for name, each in LEDGERS.items() if isinstance(each.source, Records)]


def cells_of(answer: Any) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}


@pytest.mark.parametrize("name", RECORDS)
def test_a_ledger_holds_just_the_records_in_scope(here: Browser, me: User, stock: Stock, name: str) -> None:
    """The ids behind its lines are asked for, as titles are not always cells; then the lines are counted."""
    ledger = LEDGERS[name]
    answer = here.post(f"/ledgers/{name}", {"reason": "检查"})
    if not policy.may(me, ledger.action):
        assert answer.status_code == 403
        return
    source, session = ledger.source, stock.session
    kind = source.part or ledger.model
    whole = select(kind).where(source.belongs)
    owners = {each.id: owner_of(each) if source.part else each for each in session.scalars(whole)}
    expected = {
        line_id for line_id, r in owners.items() if policy.may(me, ledger.action, r) and not r.removed_at
    }
    taken = set(session.scalars(lines_of(me, ledger, source, Asked())))
    assert taken == expected
    assert owners, "nothing was compared"
    said = next(cell for cell in cells_of(answer) if "校验码" in cell)
    assert f"共 {len(expected)} {ledger.layout.counted}" in said


@pytest.mark.parametrize("name", AT_THE_DOOR)
def test_a_ledger_of_a_unit_out_of_sight_is_not_found(
    here: Browser, me: User, stock: Stock, name: str
) -> None:
    ledger = LEDGERS[name]
    seen = stock.granted(me, "unit", "see")
    foreign = [unit for unit in stock.live("unit") if unit.id not in seen]
    for unit in [*foreign[:2], *foreign[-2:], *[u for u in stock.live("unit") if u.id in seen][:1]]:
        shown = here.get(f"/ledgers/{name}?unit={unit.id}")
        taken = here.post(f"/ledgers/{name}", {"unit": unit.id})
        found = 200 if unit.id in seen else 404
        expected = found if policy.may(me, ledger.action) else 403
        assert (shown.status_code, taken.status_code) == (expected, expected), unit.name
        assert expected != 404 or unit.name not in shown.text


@pytest.mark.parametrize("name", AT_THE_DOOR)
def test_a_forged_condition_of_a_ledger_never_tells_a_title(
    here: Browser, me: User, stock: Stock, name: str
) -> None:
    ledger, faults = LEDGERS[name], []
    if not policy.may(me, ledger.action):
        return
    links = [(each, field) for each, field in links_of(REGISTERS[ledger.word]) if field.say.queried]
    for forged in forgeries(me, stock, ledger.word, links):
        query = "&".join(f"{each}={r.id}" for each, r in forged.items())
        page = here.get(f"/ledgers/{name}?{query}").text
        sheet = " ".join(cells_of(here.post(f"/ledgers/{name}?{query}", {"reason": "检查"})))
        for each, r in forged.items():
            if told(page, str(r))[0] or f"条件：{r!s}" in sheet or str(r) in sheet.split("条件")[-1]:
                faults.append(f"{each}={r.id}: {r}")
    assert faults == []


# ---------------------------------------------------------------- said in words, not reckoned

FROM_BOTH_ENDS = {
    # the village's own papers; the township above it is the receiver
    "draft_referral": {"owner", "colleague", "director", "two_posts", "office", "warden"},
    "sent_referral": {"owner", "colleague", "director", "two_posts", "office", "warden"},
    # handed down by the county to the other township; the minder directs the committee that held it
    "crossing_referral": {"other_office", "warden", "minder"},
    # sent up by the far village to the far township
    "far_referral": {"two_posts", "bureau_far"},
}
ABOVE = {"bureau_county", "inspector"}


@pytest.mark.parametrize("name", FROM_BOTH_ENDS)
def test_a_referral_is_seen_from_both_ends(app: Flask, world: World, name: str) -> None:
    seers = FROM_BOTH_ENDS[name] | {"bureau_city"} | (set() if name == "far_referral" else ABOVE)
    for who in SIGNED_IN:
        here, record_id = named(app, world, who), getattr(world, name)
        opened = here.get(f"/referral/{record_id}").status_code == 200
        listed = record_id in ids_in(here.get("/referral/?size=100").text, "referral")
        assert (opened, listed) == (who in seers, who in seers), who


def test_a_draft_is_the_senders_alone_and_what_was_sent_is_nobodys_to_change(
    ground: Ground, world: World
) -> None:
    with ground.world_url() as url:
        engine = open_engine(url)
        with open_session(engine) as session:
            session.get_one(Referral, world.crossing_referral).state = ReferralState.DRAFT
            session.commit()
        engine.dispose()
        with open_app(url) as app:
            address = f"/referral/{world.crossing_referral}"
            assert named(app, world, "other_office").get(address).status_code == 404
            assert named(app, world, "bureau_county").get(f"{address}/edit").status_code == 200
            sent = f"/referral/{world.sent_referral}"
            assert named(app, world, "director").get(f"{sent}/edit").status_code == 409
            assert named(app, world, "director").post(f"{sent}/remove").status_code == 409


def test_a_receiver_reads_a_referral_and_cannot_touch_it(app: Flask, world: World) -> None:
    receiver, address = named(app, world, "other_office"), f"/referral/{world.crossing_referral}"
    assert receiver.get(address).status_code == 200
    assert receiver.get(f"{address}/edit").status_code in (403, 409)
    assert receiver.post(f"{address}/remove").status_code in (403, 409)
    assert receiver.get(f"{address}/history").status_code == 200


def test_a_mediator_of_one_township_meets_404_for_anothers_case_at_every_door(
    app: Flask, world: World
) -> None:
    stranger = named(app, world, "stranger")
    assert stranger.get(f"/case/{world.case}").status_code == 404
    assert stranger.get(f"/case/{world.case}/edit").status_code == 404
    assert stranger.get(f"/case/{world.case}/history").status_code == 404
    assert stranger.get(f"/case/?unit={world.village}").status_code == 404
    assert stranger.post("/ledgers/case-register", {"unit": world.village}).status_code == 404
    assert str(world.case) not in {
        str(i["id"]) for i in stranger.get("/referral/look-up/case_id?q=").json["items"]
    }
