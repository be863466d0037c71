"""Searching: what is found is just what a plain recomputation finds among what the person may see."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy, search
from admin_app.models.pinyin import spellings
from admin_app.models.search import SearchEntry
from admin_app.models.users import User
from admin_app.operations.search import hits, searched
from admin_app.rules.search import Sought, asked, holds, words_of
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
                found |= words_of(value, sought, spellings(value) if sought is Sought.NAME else "")
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
    for register in searched():
        entries = select(SearchEntry.record_id).where(SearchEntry.register == register.word)
        assert set(looking.scalars(entries)) == set(looking.scalars(select(register.model.id)))
