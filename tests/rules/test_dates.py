"""Days as clerks type them, and days that cannot have been."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import dates

SPELLINGS = (
    "{0.year:04}{0.month:02}{0.day:02}",
    "{0.year:04}-{0.month:02}-{0.day:02}",
    "{0.year:04}-{0.month}-{0.day}",
    "{0.year:04}.{0.month}.{0.day}",
    "{0.year:04}/{0.month}/{0.day}",
    "{0.year:04}年{0.month}月{0.day}日",
    "  {0.year:04}-{0.month}-{0.day}　",
)


@given(st.dates(), st.sampled_from(SPELLINGS))
def test_a_day_is_understood_in_every_spelling(day: date, spelling: str) -> None:
    assert dates.parse_day(spelling.format(day)) == day


@given(
    st.one_of(
        st.text(),
        st.text("0123456789-./年月日 ", max_size=14),
        st.from_regex(r"\d{4}[-./年]?\d{1,2}[-./月]?\d{1,2}日?", fullmatch=True),
    )
)
def test_garbage_is_refused_and_never_guessed(text: str) -> None:
    """Whatever is understood has eight digits, or three numbers kept apart; all else is a ValueError."""
    try:
        day = dates.parse_day(text)
    except ValueError:
        return
    parts = [int(part) for part in _numbers(text)]
    if len(parts) == 1:
        assert len(_numbers(text)[0]) == 8
        assert int(f"{day:%Y%m%d}".rjust(8, "0")) == parts[0]
    else:
        assert parts == [day.year, day.month, day.day]


def _numbers(text: str) -> list[str]:
    return "".join(char if char.isdecimal() else " " for char in text).split()


@pytest.mark.parametrize("text", ["", "2026-111", "2026年111日", "2026912", "2026-2-30", "26-9-1"])
def test_what_could_be_read_in_two_ways_or_in_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (date() says its own sentences)
        dates.parse_day(text)


def test_a_day_before_the_republic_or_after_tomorrow_is_not_plausible() -> None:
    assert dates.plausible(dates.EARLIEST) is None
    assert dates.plausible(dates.today() + timedelta(days=1)) is None  # a clock may be a little slow
    for day in (dates.EARLIEST - timedelta(days=1), dates.today() + timedelta(days=2)):
        finding = dates.plausible(day)
        assert finding is not None
        assert finding.grave


def test_the_old_are_born_before_the_republic_and_nobody_tomorrow() -> None:
    assert dates.plausible_birth(date(1931, 5, 4)) is None
    assert dates.plausible_birth(dates.today()) is None
    assert dates.plausible_birth(dates.OLDEST_BIRTH) is None
    assert dates.plausible_birth(dates.OLDEST_BIRTH - timedelta(days=1)) is not None
    assert dates.plausible_birth(dates.today() + timedelta(days=1)) is not None


def test_a_term_may_end_in_the_future_but_not_in_another_age() -> None:
    year = dates.today().year
    assert dates.plausible_term(date(year + 50, 12, 31)) is None
    assert dates.plausible_term(date(year + 51, 1, 1)) is not None
    assert dates.plausible_term(date(1949, 9, 30)) is not None


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))
def test_a_moment_is_shown_on_chinas_clock(moment: datetime) -> None:
    shown = dates.local(moment.replace(tzinfo=UTC))
    assert shown == moment.replace(tzinfo=UTC)
    assert shown.tzinfo is dates.SHANGHAI


def test_the_day_changes_at_chinas_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "datetime", _Clock(datetime(2026, 9, 11, 16, 0, tzinfo=UTC)))
    assert dates.today() == date(2026, 9, 12)
    monkeypatch.setattr(dates, "datetime", _Clock(datetime(2026, 9, 11, 15, 59, tzinfo=UTC)))
    assert dates.today() == date(2026, 9, 11)


class _Clock:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self, zone: object) -> datetime:
        assert zone is UTC
        return self._moment
