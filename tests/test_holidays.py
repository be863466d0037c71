"""The calendar that a bureau starts with, and what it makes of it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.holidays import Holiday, Works, calendar
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.operations.given import Given
from admin_app.rules.refusals import RecordRefused
from seed.holidays import holiday_rows, load_holidays
from tests.web import named
from tests.world import World

# (working days of the year, after the notices of the State Council's office)
ANNOUNCED = [(2024, 251), (2025, 248), (2026, 248)]


@pytest.mark.parametrize(("year", "count"), ANNOUNCED)
def test_a_year_has_as_many_working_days_as_announced(looking: Session, year: int, count: int) -> None:
    assert calendar(looking).between(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_each_day_stands_once_and_only_days_off_are_worked() -> None:
    rows = holiday_rows()
    assert len({row["day"] for row in rows}) == len(rows)
    assert all(row["day"].weekday() >= 5 for row in rows if row["works"] is Works.WORK)


def test_the_year_not_announced_asks_to_be_checked() -> None:
    ahead = [row for row in holiday_rows() if row["day"].year == 2027]
    assert len(ahead) == 13  # 全国年节及纪念日放假办法 2
    assert {row["remark"] for row in ahead} == {"待国务院办公厅通知后核对"}


def test_seeding_again_leaves_what_the_bureau_decided(session: Session) -> None:
    day = session.scalars(select(Holiday).where(Holiday.day == date(2027, 10, 1))).one()
    day.occasion = "国庆节（已核对）"
    session.delete(session.scalars(select(Holiday).where(Holiday.day == date(2027, 10, 2))).one())
    session.commit()
    assert load_holidays(session) == 1
    assert day.occasion == "国庆节（已核对）"


def test_the_calendar_is_read_once_and_follows_the_register(
    session: Session, person: Callable[[str], User]
) -> None:
    monday = date(2027, 3, 1)
    assert calendar(session) is calendar(session)
    assert calendar(session).is_working(monday)
    given = Given({"day": monday, "works": Works.REST, "occasion": "当地节日"})
    made = records.create(session, person("sysadmin"), REGISTERS["holiday"], given)
    session.commit()
    session.info.pop("calendar")  # the next request
    assert not calendar(session).is_working(monday)
    records.remove(session, person("sysadmin"), made)
    session.info.pop("calendar")
    assert calendar(session).is_working(monday)


def test_a_day_stands_only_once(looking: Session, person: Callable[[str], User]) -> None:
    given = Given({"day": date(2026, 10, 1), "works": Works.REST, "occasion": "国庆节"})
    with pytest.raises(RecordRefused, match="日期相同"):
        records.create(looking, person("sysadmin"), REGISTERS["holiday"], given)


def test_the_page_is_the_system_administrators(app: Flask, world: World) -> None:
    page = named(app, world, "sysadmin").get("/holiday/").text
    assert "调休上班" in page
    assert "待国务院办公厅通知后核对" in page
    assert named(app, world, "bureau_city").get("/holiday/").status_code == 403
