"""The statistics page and the first page: the same numbers, each leading to its cases."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import count
from admin_app.rules.dates import local, today
from admin_app.rules.figures import FIGURES
from admin_app.rules.periods import year
from tests.web import Browser, named
from tests.world import World

Person = Callable[[str], User]
YEAR = today().year


def row(page: str, label: str) -> list[str]:
    """The cells of a row of a table, in plain text."""
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells(page, label)]


def cells(page: str, label: str) -> list[str]:
    """Of the last table with such a row: the indicators stand above the sheet."""
    found = re.findall(rf'<th scope="row">{label}</th>(.*?)</tr>', page, re.S)
    assert found, label
    return re.findall(r"<td.*?</td>", found[-1], re.S)


def link(page: str, label: str, place: int) -> str:
    """The address behind a number of a row."""
    cell = cells(page, label)[place]
    address = re.search(r'href="([^"]+)"', cell)
    assert address, cell
    return unescape(address[1])


def the_page(app: Flask, world: World, who: str, query: str = "") -> tuple[Browser, str]:
    here = named(app, world, who)
    answer = here.get(f"/figures/?year=2026{query}")
    assert answer.status_code == 200
    return here, answer.text


def test_the_page_tells_what_is_counted_for_each_sub_unit(app: Flask, world: World) -> None:
    _, page = the_page(app, world, "bureau_county")
    with app.app_context():
        actor = db.session.get_one(User, world.bureau_county)
        lines = count(db.session, actor, db.session.get_one(Unit, world.county), year(2026))
    assert re.findall(r'<th scope="col" class="integer">(\w+)</th>', page)[-5:] == [
        each.label for each in lines
    ]
    assert row(page, "调解案件总数")[1:] == [f"{each.numbers['total']}" for each in lines]
    for figure in FIGURES:
        assert f'<th scope="row">{figure.label}</th>' in page
    assert row(page, "成功率")[0] == "调解成功 ÷ 调解案件总数"


def test_a_number_leads_to_its_cases(app: Flask, world: World) -> None:
    here, page = the_page(app, world, "bureau_county")
    total = row(page, "调解案件总数")[-1]
    cases = here.get(link(page, "调解案件总数", -1)).text
    assert cases.count("/case/") >= int(total) > 0
    with app.app_context():
        own_level = db.session.scalars(
            select(Case.number).where(Case.id == world.county_case, Case.accepted_on.is_not(None))
        ).first()
    level = here.get(link(page, "调解案件总数", 3)).text if row(page, "调解案件总数")[3] != "0" else ""
    assert (own_level or "") in level


def test_a_failed_check_is_shown_with_its_cases(app: Flask, world: World) -> None:
    with app.app_context():
        case = db.session.get_one(Case, world.settled_case)
        case.form, case.result = "2", None
        db.session.commit()
    here, page = the_page(app, world, "office")
    assert "口头协议、书面协议相加一般等于调解成功" in page
    address = re.search(r'href="([^"]+figure=sum_of_forms[^"]*)"', page)
    assert address
    assert f'href="/case/{world.settled_case}"' in here.get(unescape(address[1])).text


def test_a_past_day_lists_what_has_changed(app: Flask, world: World) -> None:
    with app.app_context():
        made = local(db.session.scalars(select(func.max(Entry.at))).one()).date()  # maybe before midnight
    before = made - timedelta(days=1)
    _, page = the_page(app, world, "bureau_county", f"&as_of={before}")
    assert f"截至 {before} 的数" in page
    assert "当时没有计入，现在计入" in page
    assert row(page, "调解案件总数")[-1] == "0"
    _, page = the_page(app, world, "bureau_county", f"&as_of={today()}")
    assert "以后的变化" not in page


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("&part=month3", "2026年3月"),
        ("&part=half2", "2026年下半年"),
        ("&part=quarter1", "2026年第一季度"),
        ("&since=2026-01-05&until=20260109", "2026年1月5日至2026年1月9日"),
        ("&part=weather", "2026年"),
        ("&since=昨天", "日期“昨天”看不懂"),
        ("&as_of=99999999", "看不懂"),
        ("&year=二〇二六", "年"),
    ],
)
def test_a_period_is_read_off_the_address(app: Flask, world: World, query: str, label: str) -> None:
    assert label in the_page(app, world, "office", query)[1]


def test_what_cannot_be_read_is_told(app: Flask, world: World) -> None:
    assert "年度“12345”看不懂" in named(app, world, "office").get("/figures/?year=12345").text


@pytest.mark.parametrize("path", ["/figures/?unit={far}", "/figures/cases?unit={far}&figure=total"])
def test_units_of_others_are_not_there(app: Flask, world: World, path: str) -> None:
    assert named(app, world, "office").get(path.format(far=world.far_township)).status_code == 404
    assert named(app, world, "bureau_far").get(path.format(far=world.far_township)).status_code == 200
    assert named(app, world, "auditor").get(path.format(far=world.far_township)).status_code == 403


def test_a_number_that_is_none_is_not_there(app: Flask, world: World) -> None:
    assert named(app, world, "office").get("/figures/cases?figure=weather").status_code == 404


def test_organisations_people_and_funds_have_a_page(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_county").get("/figures/organisation").text
    assert "本系统汇总表" in page
    assert row(page, "调委会总数")[-1] == "4"
    assert row(page, "调解员总数")[-1] == "4"
    page = named(app, world, "office").get("/figures/organisation?day=2019-01-01").text
    assert "2019 年全年" in page
    assert "日期“去年”看不懂" in named(app, world, "office").get("/figures/organisation?day=去年").text
    far = named(app, world, "office").get(f"/figures/organisation?unit={world.far_township}")
    assert far.status_code == 404


def test_the_first_page_tells_the_persons_own(app: Flask, world: World) -> None:
    page = named(app, world, "owner").get("/").text
    assert "我承办的案件" in page
    mine = int(row(page, "调解案件总数")[1].split()[0])  # 本月, 今年
    director = int(row(named(app, world, "director").get("/").text, "调解案件总数")[1].split()[0])
    assert 0 <= mine < director or YEAR != 2026
    assert "今年" not in named(app, world, "auditor").get("/").text
    assert int(row(the_page(app, world, "director")[1], "调解案件总数")[-1]) == director or YEAR != 2026
