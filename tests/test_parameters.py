"""Parameters in the database: dated, typed, refused when they do not fit; the page of what is in force."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin_app.models import parameters
from admin_app.models.parameters import Parameter
from admin_app.models.registry import register_of
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.operations.given import Given
from admin_app.rules.dates import EARLIEST, now, today
from admin_app.rules.parameters import SETTINGS, Setting
from admin_app.rules.refusals import NotAllowed, RecordRefused
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]


def add(session: Session, which: Setting, text: str, since: date = EARLIEST, **facts: Any) -> Parameter:
    row = Parameter(setting=which, value=text, valid_from=since, **facts)
    session.add(row)
    session.flush()
    session.info.pop("parameters", None)  # as the next request would
    return row


@pytest.mark.parametrize("which", Setting)
def test_until_a_bureau_sets_it_the_default_holds(looking: Session, which: Setting) -> None:
    assert parameters.setting(looking, which) == SETTINGS[which].default


def test_a_value_holds_from_its_day_until_the_next(looking: Session) -> None:
    add(looking, Setting.DUE_DAYS, "45", date(2026, 3, 1))
    add(looking, Setting.DUE_DAYS, "20", date(2026, 6, 1))
    add(looking, Setting.DUE_DAYS, "99", today() + timedelta(days=1))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [parameters.whole(looking, Setting.DUE_DAYS, day) for day in days] == [30, 45, 45, 20]
    assert parameters.whole(looking, Setting.DUE_DAYS) == 20


def test_a_row_in_the_recycle_bin_does_not_hold(looking: Session) -> None:
    add(looking, Setting.SIGN_DAYS, "9", removed_at=now())
    assert parameters.whole(looking, Setting.SIGN_DAYS) == 3


def test_values_come_typed(looking: Session) -> None:
    add(looking, Setting.TIER_BY_TIER, "否")
    add(looking, Setting.TRIAGE_GRAVE_AMOUNT, "80000.50")
    add(looking, Setting.RETENTION, "3")
    assert parameters.yes(looking, Setting.TIER_BY_TIER) is False
    assert parameters.money(looking, Setting.TRIAGE_GRAVE_AMOUNT) == Decimal("80000.50")
    assert parameters.text(looking, Setting.RETENTION) == "3"
    assert parameters.whole(looking, Setting.EXTEND_DAYS) == 30


def test_they_are_read_once_per_session(looking: Session) -> None:
    assert parameters.parameters(looking) is parameters.parameters(looking)


@pytest.mark.parametrize(
    ("which", "text", "words"),
    [
        (Setting.DUE_DAYS, "一个月", "办理期限（天）：请填 1 至 3650 之间的整数"),
        (Setting.CASE_NUMBER, "{year}{unit}第{n.__class__}号", "大括号"),
        (Setting.RETENTION, "9", "代码表里没有“9”，可以填：1（短期）、2（长期）、3（永久）"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_beside_it(
    looking: Session, person: Person, which: Setting, text: str, words: str
) -> None:
    given = Given({"setting": which, "value": text, "valid_from": EARLIEST})
    with pytest.raises(RecordRefused) as refused:
        records.create(looking, person("sysadmin"), register_of(Parameter), given)
    assert [each.field for each in refused.value.findings] == ["value"]
    assert words in refused.value.sentence


def test_two_values_cannot_begin_on_one_day(looking: Session, person: Person) -> None:
    given = Given({"setting": Setting.DUE_DAYS, "value": "45", "valid_from": date(2026, 3, 1)})
    records.create(looking, person("sysadmin"), register_of(Parameter), given)
    with pytest.raises(RecordRefused, match="已经有参数、启用日期相同的参数"):
        records.create(looking, person("sysadmin"), register_of(Parameter), given)


def test_a_bureau_may_look_but_not_set(looking: Session, person: Person) -> None:
    given = Given({"setting": Setting.DUE_DAYS, "value": "45"})
    with pytest.raises(NotAllowed):
        records.create(looking, person("bureau_city"), register_of(Parameter), given)


# ------------------------------------------------------------------ the page


def test_the_page_shows_every_parameter_with_its_value_of_today(app: Flask, world: World) -> None:
    page = named(app, world, "sysadmin").get("/parameter/now").text
    assert all(f'<th scope="row">{each.label}<' in page for each in Setting)
    assert "（{year}）{unit}人调字第{n:04}号" in page
    assert f"（{today().year}）某某村人调字第0001号" in page
    assert "100,000" in page
    assert "<td>长期</td>" in page
    assert "<td>2026-01-01</td>" in page  # the one that the world has set


def test_the_menu_leads_to_the_page(app: Flask, world: World) -> None:
    assert re.search(r'href="/parameter/now"[^>]*>\s*参数', named(app, world, "sysadmin").get("/").text)


def test_a_bureau_sees_the_page_without_the_way_to_change(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_county").get("/parameter/now")
    assert page.status_code == 200
    assert "/parameter/new" not in page.text
    assert named(app, world, "office").get("/parameter/now").status_code == 403


def test_a_value_is_changed_from_the_page_and_again_on_the_same_day(app: Flask, world: World) -> None:
    admin = named(app, world, "sysadmin")
    opened = admin.get("/parameter/new?setting=sign_days")
    data = form_data(opened.text)
    assert (data["setting"], data["value"], data["valid_from"]) == ("sign_days", "3", f"{today():%Y-%m-%d}")
    assert "接收单位要在这么多个工作日里签收" in opened.text

    assert admin.post("/parameter/new?setting=sign_days", {**data, "value": "0"}).status_code == 422
    made = admin.post("/parameter/new?setting=sign_days", {**data, "value": "5"})
    assert made.status_code == 302
    page = admin.get("/parameter/now").text
    again = re.search(r'href="(/parameter/\d+/edit)" aria-label="修改签收期限（工作日）"', page)
    assert again
    assert "<td>5</td>" in page
    edit = admin.get(again[1])
    assert "接收单位要在这么多个工作日里签收" in edit.text
    assert admin.post(again[1], {**form_data(edit.text), "value": "4"}).status_code == 302
    assert "<td>4</td>" in admin.get("/parameter/now").text


def test_a_change_to_come_is_told_beforehand(app: Flask, world: World) -> None:
    admin = named(app, world, "sysadmin")
    data = {"setting": "retention", "value": "3", "valid_from": f"{today() + timedelta(days=1):%Y-%m-%d}"}
    assert admin.post("/parameter/new", data).status_code == 302
    page = admin.get("/parameter/now").text
    assert "<td>长期</td>" in page
    assert f"{data['valid_from']} 起改为 永久" in page


@pytest.mark.parametrize("asked", ["", "nothing", "__class__", "SIGN_DAYS", "%00"])
def test_an_unknown_parameter_in_the_address_opens_an_empty_form(
    app: Flask, world: World, asked: str
) -> None:
    opened = named(app, world, "sysadmin").get(f"/parameter/new?setting={asked}")
    assert opened.status_code == 200
    assert form_data(opened.text)["setting"] == ""
