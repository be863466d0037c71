"""Signing in, locking out, passwords: kept in the database, told in the history, and no name leaks."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.history import Action
from admin_app.models.history import Entry
from admin_app.models.users import User
from admin_app.operations import users
from admin_app.operations.users import LOCKED_FOR, MOST_FAILURES, WRONG
from admin_app.rules.refusals import NotAllowed, RecordRefused
from tests.conftest import SLOW
from tests.databases import open_session
from tests.world import PASSWORD, World

NOON = datetime(2026, 9, 12, 4, 0, tzinfo=UTC)
NEW = "orchid-in-the-valley"
Person = Callable[[str], User]


def refused(session: Session, username: str, password: str, now: datetime = NOON) -> str:
    """The sentence with which a sign-in is refused; committed, as the edge does."""
    with pytest.raises(NotAllowed) as refusal:
        users.sign_in(session, username, password, now)
    session.commit()
    return refusal.value.sentence


def last_line(session: Session) -> Entry:
    return session.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()


def test_the_right_password_opens_and_is_told(session: Session, world: World) -> None:
    before = history.count(session)
    user = users.sign_in(session, "owner", PASSWORD, NOON)
    session.commit()
    assert (user.id, user.signed_in_at) == (world.owner, NOON)
    entry = last_line(session)
    assert (entry.action, entry.actor_id, entry.record_id) == (Action.SIGN_IN, world.owner, world.owner)
    assert history.count(session) == before + 1


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("owner", "wrong"),
        ("owner", ""),
        ("owner", PASSWORD + " "),
        ("owner", PASSWORD.upper()),
        ("没有这个人", PASSWORD),
        ("", ""),
        ("owner' OR '1'='1", PASSWORD),
        ("owner\x00", PASSWORD),
        ("\ud800", PASSWORD),
        ("owner", "\ud800"),
        ("x" * 500, PASSWORD),
        ("inactive", PASSWORD),
    ],
)
def test_every_failure_is_told_with_the_same_sentence(session: Session, username: str, password: str) -> None:
    assert refused(session, username, password) == WRONG
    entry = last_line(session)
    assert (entry.action, entry.actor_id) == (Action.REFUSED, None)


def test_a_removed_user_does_not_come_in(session: Session, person: Person) -> None:
    person("owner").removed_at = NOON
    session.commit()
    assert refused(session, "owner", PASSWORD) == WRONG


def test_a_user_without_a_password_does_not_come_in(session: Session, person: Person) -> None:
    person("owner").password_hash = ""
    session.commit()
    for password in ("", PASSWORD):
        assert refused(session, "owner", password) == WRONG


def test_after_five_failures_the_door_is_locked_for_every_process(engine: Engine, world: World) -> None:
    for _ in range(MOST_FAILURES):
        with open_session(engine) as session:
            assert refused(session, "owner", "wrong") == WRONG
    with open_session(engine) as session:
        assert refused(session, "owner", PASSWORD) == WRONG, "the sentence does not tell that the name exists"
        assert last_line(session).action == Action.REFUSED
        assert users.sign_in(session, "colleague", PASSWORD, NOON).id == world.colleague
        session.commit()


def test_the_lock_opens_when_its_time_has_passed_and_not_before(session: Session, world: World) -> None:
    for _ in range(MOST_FAILURES):
        refused(session, "owner", "wrong")
    last_second = NOON + LOCKED_FOR - timedelta(seconds=1)
    assert refused(session, "owner", PASSWORD, last_second) == WRONG
    user = users.sign_in(session, "owner", PASSWORD, NOON + LOCKED_FOR)
    assert (user.failures, user.locked_until) == (0, None)


def test_knocking_at_a_locked_door_does_not_lock_it_for_longer(session: Session, person: Person) -> None:
    for _ in range(MOST_FAILURES):
        refused(session, "owner", "wrong")
    until = person("owner").locked_until
    refused(session, "owner", "wrong", NOON + timedelta(minutes=10))
    assert person("owner").locked_until == until == NOON + LOCKED_FOR


def test_a_success_forgets_the_failures_before_it(session: Session) -> None:
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            assert refused(session, "owner", "wrong") == WRONG
        users.sign_in(session, "owner", PASSWORD, NOON)
        session.commit()


def test_attempts_at_once_are_all_counted(engine: Engine, world: World) -> None:
    many = MOST_FAILURES - 1
    start = threading.Barrier(many)
    outcomes: list[str] = []

    def knock() -> None:
        with open_session(engine) as session:
            start.wait(20)
            outcomes.append(refused(session, "owner", "wrong"))

    threads = [threading.Thread(target=knock) for _ in range(many)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert outcomes == [WRONG] * many
    with open_session(engine) as session:
        assert session.get_one(User, world.owner).failures == many
        assert history.verify(session)[1] is None


# ------------------------------------------------------------------ passwords


def test_a_changed_password_works_ends_other_sessions_and_the_old_one_fails(
    session: Session, person: Person
) -> None:
    user = person("owner")
    user.must_change_password = True
    stamp = user.session_stamp
    users.change_password(session, user, PASSWORD, NEW)
    session.commit()
    assert user.session_stamp != stamp
    assert not user.must_change_password
    assert last_line(session).action == Action.PASSWORD
    assert refused(session, "owner", PASSWORD) == WRONG
    assert users.sign_in(session, "owner", NEW, NOON) is user


@pytest.mark.parametrize(
    ("old", "new", "field", "word"),
    [
        ("wrong", NEW, "old", "现在的密码不对"),
        ("", NEW, "old", "现在的密码不对"),
        (PASSWORD, PASSWORD, "new", "不能和现在的密码一样"),
        (PASSWORD, "short", "new", "至少要 10 位"),
        (PASSWORD, "x" * 201, "new", "太长"),
        (PASSWORD, "my-OWNER-name-2026", "new", "用户名"),
        (PASSWORD, "aabbaabbaabb", "new", "重复"),
    ],
)
def test_a_bad_change_of_password_is_refused_beside_its_field(
    session: Session, person: Person, old: str, new: str, field: str, word: str
) -> None:
    user = person("owner")
    kept = user.password_hash, user.session_stamp
    with pytest.raises(RecordRefused) as refusal:
        users.change_password(session, user, old, new)
    assert [each.field for each in refusal.value.findings] == [field]
    assert word in refusal.value.sentence
    assert (user.password_hash, user.session_stamp) == kept


@pytest.mark.parametrize("password", [NEW, "十个汉字也是一个好密码", "x1y2z3x1y2z3"])
def test_a_good_password_is_not_called_weak(password: str) -> None:
    assert users.weakness(password, "owner") is None


def test_a_reset_unlocks_and_asks_for_a_new_password(session: Session, person: Person) -> None:
    for _ in range(MOST_FAILURES):
        refused(session, "owner", "wrong")
    user, stamp = person("owner"), person("owner").session_stamp
    temporary = users.reset_password(session, user)
    session.commit()
    assert user.must_change_password
    assert user.session_stamp != stamp
    assert users.weakness(temporary, "owner") is None
    assert users.sign_in(session, "owner", temporary, NOON) is user
    assert users.reset_password(session, user) != temporary


def test_a_password_is_hashed_at_the_recommended_cost(
    session: Session, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "_HASHER", SLOW)  # as the panel runs
    users.set_password(person("owner"), NEW, must_change=False)
    assert person("owner").password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    session.commit()
    assert users.sign_in(session, "owner", NEW, NOON).username == "owner"


def test_no_password_and_no_hash_stands_in_the_history(session: Session, person: Person) -> None:
    user = person("owner")
    temporary = users.reset_password(session, user)
    session.commit()
    refused(session, "owner", "wrong-but-secret")
    users.change_password(session, user, temporary, NEW)
    session.commit()
    told = json.dumps(
        [
            [each.title, each.note, each.changes]
            for each in session.scalars(select(Entry).order_by(Entry.place))
        ],
        ensure_ascii=False,
    )
    assert "owner" in told
    for secret in (temporary, NEW, "wrong-but-secret", user.password_hash, "argon2"):
        assert secret not in told


def test_signing_out_is_told(session: Session, person: Person, world: World) -> None:
    history.act_as(session, person("owner"))
    users.sign_out(session, person("owner"))
    session.commit()
    assert (last_line(session).action, last_line(session).actor_id) == (Action.SIGN_OUT, world.owner)
