"""The daily job: who is told, on which day, and never twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.notices import Notice
from admin_app.models.referrals import Referral
from admin_app.models.users import User
from admin_app.operations import daily, deadlines
from admin_app.rules.deadlines import DeadlineKind, reproach, warning
from tests.databases import open_session
from tests.world import World

WARNED, LATE = "提醒快到期", "标出已超期"
NOTHING = {WARNED: 0, LATE: 0}
DUE = date(2026, 11, 20)
Set = Callable[..., Deadline]


@pytest.fixture
def due(session: Session) -> Set:
    """`due(record)`: to be finished by DUE by whoever has the record, unless said otherwise."""

    def make(
        record: Case | Referral, kind: DeadlineKind = DeadlineKind.FINISH, on: date = DUE, **more: Any
    ) -> Deadline:
        facts = {
            "unit_id": record.unit_id,
            "path": record.path,
            "committee_id": record.committee_id,
            "case_id": record.id if isinstance(record, Case) else record.case_id,
        }
        return deadlines.fall_due(session, kind, record, on, **{**facts, **more})

    return make


def run(session: Session, day: date) -> dict[str, int]:
    """The whole day, and what it warned of and found late."""
    did = daily.run(session, day)
    return {name: did[name] for name in NOTHING}


def told(session: Session, kind: str = "") -> set[str]:
    """Who has been told, by name."""
    query = select(User.username).join(Notice, Notice.user_id == User.id)
    found = list(session.scalars(query.where(Notice.kind == kind) if kind else query))
    assert len(found) == len(set(found)), "somebody was told twice"
    return set(found)


def after(days: int) -> date:
    return DUE + timedelta(days=days)


# ------------------------------------------------------------------ the days


@pytest.mark.parametrize(
    ("days", "warned", "late"),
    [(-4, 0, 0), (-3, 1, 0), (-1, 1, 0), (0, 1, 0), (1, 0, 1), (40, 0, 1)],
)
def test_it_is_near_three_days_before_and_late_the_day_after(
    session: Session, world: World, due: Set, days: int, warned: int, late: int
) -> None:
    due(session.get_one(Case, world.mediating_case))
    assert run(session, after(days)) == {WARNED: warned, LATE: late}


def test_a_days_run_twice_changes_nothing(session: Session, world: World, due: Set) -> None:
    deadline = due(session.get_one(Case, world.mediating_case))
    for day in (after(-3), after(1)):
        assert sum(run(session, day).values()) == 1
        session.commit()
        before = session.scalars(select(Notice.id)).all()
        assert run(session, day) == NOTHING
        assert session.scalars(select(Notice.id)).all() == before
    assert (deadline.warned_on, deadline.late_on) == (after(-3), after(1))
    assert run(session, after(30)) == NOTHING


def test_what_is_done_or_in_the_recycle_bin_is_left_alone(session: Session, world: World, due: Set) -> None:
    finished, removed = (session.get_one(Case, each) for each in (world.mediating_case, world.removed_case))
    due(finished)
    due(removed)
    deadlines.done(session, DeadlineKind.FINISH, finished)
    assert run(session, after(1)) == NOTHING
    removed.removed_at = None
    assert run(session, after(2)) == {WARNED: 0, LATE: 1}


def test_a_deadline_set_anew_is_told_of_anew(session: Session, world: World, due: Set) -> None:
    case = session.get_one(Case, world.mediating_case)
    due(case)
    run(session, after(1))
    due(case, on=after(10))
    assert run(session, after(8)) == {WARNED: 1, LATE: 0}
    assert run(session, after(11)) == {WARNED: 0, LATE: 1}
    owner = select(Notice.words).where(Notice.user_id == world.owner).order_by(Notice.id)
    assert [words.rpartition("：")[2] for words in session.scalars(owner)] == [
        "办结期限 2026-11-20，已超过 1 天，请尽快办理",
        "办结期限 2026-11-30，还有 2 天",
        "办结期限 2026-11-30，已超过 1 天，请尽快办理",
    ]


def test_more_than_a_batch_is_gone_through(
    session: Session, world: World, due: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "BATCH", 2)
    for name in ("case", "colleague_case", "removed_case", "township_case", "other_case", "far_case"):
        due(session.get_one(Case, getattr(world, name)))
    assert run(session, after(1)) == {WARNED: 0, LATE: 5}
    assert run(session, after(1)) == NOTHING


def test_signing_across_the_spring_festival(session: Session, world: World, due: Set) -> None:
    """Sent on Friday, 13 February 2026: three working days on is Wednesday, 25 February."""
    sent = date(2026, 2, 13)
    last = calendar(session).after(sent, 3)
    assert last == date(2026, 2, 25)
    referral = session.get_one(Referral, world.sent_referral)
    deadline = due(referral, DeadlineKind.SIGN, last, unit_id=world.township, committee_id=None)
    ran = {day: run(session, day) for day in (sent + timedelta(days=n) for n in range(20))}
    assert [day for day, did in ran.items() if did[WARNED]] == [date(2026, 2, 22)]
    assert [day for day, did in ran.items() if did[LATE]] == [date(2026, 2, 26)]
    assert deadline.late_on == date(2026, 2, 26)


# ------------------------------------------------------------------ the people


def test_a_case_is_its_directors_and_its_mediators_and_late_its_superiors_too(
    session: Session, world: World, due: Set
) -> None:
    due(session.get_one(Case, world.case))
    run(session, after(0))
    assert told(session) == {"owner", "director", "two_posts"}
    run(session, after(1))
    assert told(session, "late") == {"owner", "director", "two_posts", "office"}


def test_a_committee_without_accounts_is_told_by_its_centre(session: Session, world: World, due: Set) -> None:
    """The county's committee has one account, its director's; once that is closed, its unit's centre acts."""
    due(session.get_one(Case, world.county_case))
    session.get_one(User, world.minder).active = False
    run(session, after(0))
    assert told(session) == {"bureau_county"}
    run(session, after(1))
    assert told(session, "late") == {"bureau_county", "bureau_city"}


def test_a_referral_late_in_signing_is_told_to_both_sides(session: Session, world: World, due: Set) -> None:
    """From the village to the township: the office must sign; the village's director waits."""
    referral = session.get_one(Referral, world.sent_referral)
    due(referral, DeadlineKind.SIGN, unit_id=world.township, committee_id=None)
    run(session, after(0))
    assert told(session) == {"office"}
    run(session, after(1))
    assert told(session, "late") == {"office", "director", "two_posts", "bureau_county"}


def test_nobody_is_told_of_what_they_may_not_see(session: Session, world: World, due: Set) -> None:
    """Custody has moved on, and the clock was left with the other township."""
    case = session.get_one(Case, world.case)
    due(case, unit_id=world.other_township, committee_id=None)
    run(session, after(1))
    assert "other_office" not in told(session)
    assert "bureau_county" in told(session)


def test_a_notice_leads_to_the_thing(session: Session, world: World, due: Set) -> None:
    referral = session.get_one(Referral, world.sent_referral)
    due(referral, DeadlineKind.ANSWER, unit_id=world.township, committee_id=None)
    run(session, after(0))
    notice = session.scalars(select(Notice)).one()
    assert (notice.word, notice.record_id, notice.kind.value) == ("referral", referral.id, "warn")
    assert notice.words.endswith("转办反馈期限 2026-11-20，今天到期")


@pytest.mark.parametrize("kind", DeadlineKind)
def test_the_sentences_name_what_is_waited_for_and_the_day(kind: DeadlineKind) -> None:
    assert warning(kind, DUE, after(-2)) == f"{kind.label}期限 2026-11-20，还有 2 天"
    assert reproach(kind, DUE, after(2)) == f"{kind.label}期限 2026-11-20，已超过 2 天，请尽快办理"


# ------------------------------------------------------------------ several at once


def test_of_two_jobs_at_once_one_tells(engine: Engine, session: Session, world: World, due: Set) -> None:
    """Two machines may have the same timetable: the second waits, and finds the marks of the first."""
    due(session.get_one(Case, world.mediating_case))
    session.commit()

    def second() -> dict[str, int]:
        with open_session(engine) as other:
            did = run(other, after(1))
            other.commit()
            return did

    assert run(session, after(1)) == {WARNED: 0, LATE: 1}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        session.commit()
        assert waiting.result(timeout=10) == NOTHING
    assert told(session, "late") == {"owner", "colleague", "director", "two_posts", "office"}


def test_sqlite_counts_anew_each_day_what_its_tables_hold(session: Session, due: Set) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts by itself")
    daily.run(session, DUE)
    counted = set(session.scalars(text("SELECT tbl FROM sqlite_stat1")))
    assert {"cases", "search_entries", "deadlines"} <= counted
