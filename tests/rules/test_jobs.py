"""How a job stands, what becomes of it, and how long it still takes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.jobs import LEASE, MOST_ATTEMPTS, OPEN, Phase, dead, fate, seconds_left, span

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
FRESH, STALE = NOON - LEASE, NOON - LEASE - timedelta(seconds=1)


@pytest.mark.parametrize(("beat", "gone"), [(NOON, False), (FRESH, False), (STALE, True), (None, True)])
def test_a_worker_without_a_heartbeat_for_two_minutes_is_dead(beat: datetime | None, gone: bool) -> None:
    assert dead(beat, NOON) is gone


@pytest.mark.parametrize(
    ("phase", "attempt", "stop", "beat", "becomes"),
    [
        (Phase.WAITING, 0, False, None, Phase.RUNNING),
        (Phase.WAITING, 2, False, STALE, Phase.RUNNING),
        (Phase.WAITING, 0, True, None, Phase.CANCELLED),
        (Phase.RUNNING, 1, False, FRESH, None),
        (Phase.RUNNING, 1, True, FRESH, None),
        (Phase.RUNNING, 1, False, STALE, Phase.RUNNING),
        (Phase.RUNNING, 1, True, STALE, Phase.CANCELLED),
        (Phase.RUNNING, MOST_ATTEMPTS, False, STALE, Phase.FAILED),
        (Phase.RUNNING, MOST_ATTEMPTS, True, STALE, Phase.CANCELLED),
        *((phase, 1, False, STALE, None) for phase in Phase if phase not in OPEN),
    ],
)
def test_what_a_worker_makes_of_a_job(
    phase: Phase, attempt: int, stop: bool, beat: datetime | None, becomes: Phase | None
) -> None:
    assert fate(phase, attempt, stop=stop, heartbeat=beat, at=NOON) is becomes


@given(
    phase=st.sampled_from(Phase),
    attempt=st.integers(0, 5),
    stop=st.booleans(),
    age=st.none() | st.integers(0, 300),
)
def test_nothing_that_has_ended_begins_again_and_nothing_is_begun_too_often(
    phase: Phase, attempt: int, stop: bool, age: int | None
) -> None:
    beat = None if age is None else NOON - timedelta(seconds=age)
    becomes = fate(phase, attempt, stop=stop, heartbeat=beat, at=NOON)
    if phase not in OPEN:
        assert becomes is None
    if becomes is Phase.RUNNING:
        assert attempt < MOST_ATTEMPTS
        assert not stop
    assert becomes is not Phase.DONE


@pytest.mark.parametrize(
    ("done", "total", "seconds", "left"),
    [(0, 100, 60, None), (10, None, 60, None), (10, 100, 1, None), (25, 100, 60, 180), (120, 100, 60, 0)],
)
def test_the_time_left_goes_by_what_is_done(
    done: int, total: int | None, seconds: float, left: float | None
) -> None:
    assert seconds_left(done, total, seconds) == left


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "不到 1 分钟"),
        (29, "不到 1 分钟"),
        (40, "约 1 分钟"),
        (200, "约 3 分钟"),
        (3600, "约 1 小时"),
        (4800, "约 1 小时 20 分钟"),
    ],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
