"""Searching: what is found is just what a plain recomputation finds among what the person may see."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy, search
from admin_app.models.pinyin import readings
from admin_app.models.registry import REGISTERS
from admin_app.models.search import SEARCHED, SearchEntry, entry_id
from admin_app.models.users import User
from admin_app.operations.search import hits, searched
from admin_app.rules.search import SPELT, asked, holds, words_of
from tests.world import PEOPLE

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
                found |= words_of(value, sought, readings(value) if sought in SPELT else "")
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
