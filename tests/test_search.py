"""Searching: what is found is just what a plain recomputation finds among what the person may see."""

import subprocess
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin_app import policy, search
from admin_app.models.cases import Case, Party
from admin_app.models.committees import Committee
from admin_app.models.experts import Expert
from admin_app.models.mediators import Mediator
from admin_app.models.pinyin import readings
from admin_app.models.registry import REGISTERS
from admin_app.models.search import SEARCHED, SearchEntry, entry_id
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations.search import hits, searched
from admin_app.rules.dates import now
from admin_app.rules.search import SPELT, asked, holds, words_of
from tests.web import named
from tests.world import PEOPLE, World

Person = Callable[[str], User]
WHO = [who for who in PEOPLE if who not in ("inactive", "nobody")]


def plain(session: Session, model: Any, record: Any) -> set[str]:
    """A record's words, read off the record and its lines."""
    found: set[str] = set()
    for source in search.sources()[model]:
        table = source.model.__table__
        for thing in session.scalars(select(source.model).where(table.c[source.key] == record.id)):
            for name, sought in source.fields:
                value = getattr(thing, name) or ""
                found.update(words_of(value, sought, readings(value) if sought in SPELT else ""))
    return found


def expected(session: Session, user: User, question: str) -> dict[str, set[int]]:
    groups = asked(question)
    return {
        register.word: {
            each.id
            for each in session.scalars(select(register.model).where(register.model.removed_at.is_(None)))
            if policy.may(user, f"{register.word}.see", each)
            and holds(plain(session, register.model, each), groups)
        }
        for register in searched()
    }


def got(session: Session, user: User, question: str) -> dict[str, set[int]]:
    groups = asked(question)
    return {
        register.word: set(session.scalars(hits(session, user, register, groups))) for register in searched()
    }


QUESTIONS = ["张伟", "zhangwei", "zw", "桃园", "taoyuan", "甲某", "2026", "人调字", "婺城", "乙"]
QUESTIONS += ["4321", "0001", "调解委员", "330702"]


@pytest.fixture
def indexed(session: Session) -> Session:
    search.rebuild(session)
    session.flush()
    return session


@pytest.mark.parametrize("who", WHO)
def test_what_is_found_is_what_a_plain_recomputation_finds(
    indexed: Session, person: Person, who: str
) -> None:
    user = person(who)
    for question in QUESTIONS:
        assert got(indexed, user, question) == expected(indexed, user, question), question


def test_the_questions_find_something(indexed: Session, person: Person) -> None:
    user = person("bureau_city")
    dull = [each for each in QUESTIONS if not any(got(indexed, user, each).values())]
    assert len(dull) <= 2, dull


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=12) | st.lists(st.sampled_from(QUESTIONS), max_size=3).map(" ".join))
def test_whatever_is_asked_is_answered_within_sight(looking: Session, person: Person, question: str) -> None:
    user = person("office")
    assert not asked(question) or got(looking, user, question) == expected(looking, user, question)


def test_what_was_registered_was_indexed_with_it(looking: Session) -> None:
    """The world was made by sessions, like everything that people do."""
    there = {
        entry_id(register.word, number)
        for register in searched()
        for number in looking.scalars(select(register.model.id))
    }
    assert set(looking.scalars(select(SearchEntry.id))) == there


def test_every_register_with_something_sought_is_searched() -> None:
    sought = {
        word
        for word, register in REGISTERS.items()
        if any(
            each.say.sought
            for fields in (register.fields, *(lines.fields for lines in register.all_lists()))
            for each in fields
        )
    }
    assert sought == set(SEARCHED)


def test_a_record_has_at_most_one_field_of_each_kind() -> None:
    for model, found in search.sources().items():
        kinds = [sought for source in found for _, sought in source.fields]
        assert len(kinds) == len(set(kinds)), model


NAMES = ["𠮷野龘", "張偉", "ＡＢＣ物业", "吕布", "单雄信", "阿卜杜·拉合曼", "欧阳娜娜", "张三、李四", "〇妘"]
ASKED = [
    "𠮷野",
    "张伟",
    "zhangwei",
    "abc",
    "ＡＢＣ",
    "lübu",
    "shanxiong",
    "卜杜拉",
    "歐陽",
    "三李",
    "李四",
    "妘",
    "6789",
]


def change(session: Session, chance: Random) -> None:
    """Something that somebody does to a record."""
    model = chance.choice([Case, Case, Mediator, Committee, Unit, Expert, Visit])
    record = chance.choice(list(session.scalars(select(model).order_by(model.id))))
    verb = chance.choice(["name", "name", "remove", "restore", "line", "drop"])
    if verb in ("remove", "restore"):
        record.removed_at = now() if verb == "remove" else None
    elif not isinstance(record, Case):
        record.name = chance.choice(NAMES)
    elif verb == "drop" and len(record.parties) > 2:
        record.parties.remove(chance.choice(record.parties))
    elif verb == "line":
        record.parties.append(Party(side="01", kind="01", name=chance.choice(NAMES), phone="13812346789"))
    else:
        chance.choice(record.parties).name = chance.choice(NAMES)


@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_what_a_rebuilt_one_is_whatever_was_done(
    session: Session, person: Person, seed: int
) -> None:
    chance = Random(seed)
    for _ in range(12):
        for _ in range(chance.randint(1, 4)):
            change(session, chance)
            session.flush()
        chance.choice([session.commit, session.commit, session.rollback])()
    sound(session)
    kept = entries_of(session)
    search.rebuild(session)
    assert entries_of(session) == kept
    sound(session)
    user = person(chance.choice(WHO))
    for question in ASKED:
        assert got(session, user, question) == expected(session, user, question), question


def entries_of(session: Session) -> dict[int, str]:
    return dict(session.execute(select(SearchEntry.id, SearchEntry.words)).all())


def sound(session: Session) -> None:
    """SQLite itself finds nothing wrong with its index; it would raise."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.parametrize("who", ["owner", "office", "bureau_county", "bureau_city", "two_posts", "minder"])
def test_many_are_found_like_few(
    indexed: Session, person: Person, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    user = person(who)
    few = [got(indexed, user, question) for question in (*QUESTIONS, *ASKED)]
    monkeypatch.setattr("admin_app.operations.search.MANY", 0)
    assert [got(indexed, user, question) for question in (*QUESTIONS, *ASKED)] == few


def test_the_applications_doors_keep_the_index() -> None:
    """Whoever imports the application has the listeners with it."""
    there = "import sys, admin_app.application; print('admin_app.search' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", there], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_a_list_and_a_look_up_find_by_name(app: Flask, world: World) -> None:
    client = named(app, world, "office")
    assert "甲" in client.get("/case/?names=jia").get_data(as_text=True)
    page = client.get("/case/?names=·").get_data(as_text=True)
    assert "已忽略" in page
