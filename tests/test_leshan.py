"""The figures of S3 (乐山, to June 2018) come out on the page, in the chart, in the ledger and in the brief.

「调解室共调解各类纠纷2807件，调解成功2756件，调解成功率为98.2%，其中：调解疑难险重矛盾纠纷47件，
防止"民转刑"案件36件，提前预防处置可能引发的群体性事件12件」
"""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import docx
import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.exports.downloads import fill as fill_ledger
from admin_app.exports.ledger import Asked
from admin_app.exports.ledgers.case_statistics import CASE_STATISTICS
from admin_app.models.cases import Case
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.behind import cases_behind
from admin_app.operations.charts import pictured
from admin_app.operations.figures import count
from admin_app.rules.figure_checks import RATES, percent
from admin_app.rules.periods import half
from tests.test_bulletins import fill
from tests.web import named
from tests.world import World

PERIOD = half(2018, 1)
TOTAL, SUCCEEDED, HARD, CRIMES, CROWDS = 2807, 2756, 47, 36, 12
TOLD = {
    "total": TOTAL,
    "succeeded": SUCCEEDED,
    "difficult": HARD,
    "crime_cases": CRIMES,
    "petitioning_cases": CROWDS,
}


def cases() -> list[dict[str, Any]]:
    """What a police station's mediation room hears: entrusted by the police, spread over the half year."""
    made: list[dict[str, Any]] = []
    for number in range(TOTAL):
        day = date(2018, 1, 1) + timedelta(days=number % 181)
        succeeded = number < SUCCEEDED
        made.append(
            {
                "accepted_on": day,
                "registered_on": day,
                "source": "5",
                "kind": ("6", "2", "16", "1")[number % 4],
                "difficulty": "4" if number < HARD else "1",
                "result": "1" if succeeded else "2",
                "form": "2" if succeeded else None,
                "amount": Decimal(1000) if succeeded else None,
            }
        )
    for number in range(CRIMES + CROWDS):
        made[100 + number]["preventions"] = [("02", 2) if number < CRIMES else ("03", 10)]
    return made


@pytest.fixture
def leshan(looking: Session, world: World) -> Session:
    fill(looking, world, PERIOD.since or date.min, cases())
    return looking


def test_the_figures_of_the_text_come_out_of_the_cases(
    leshan: Session, person: Callable[[str], User], world: World
) -> None:
    actor, city = person("bureau_city"), leshan.get_one(Unit, world.city)
    numbers = count(leshan, actor, city, PERIOD)[-1].numbers
    assert {name: numbers[name] for name in TOLD} == TOLD
    assert percent(RATES[0].of(numbers)) == "98.2%"
    for name, number in TOLD.items():  # and behind each number there are just so many cases
        found = cases_behind(leshan, actor, city, PERIOD, name)
        assert leshan.scalar(select(func.count()).select_from(Case).where(found)) == number


def test_the_charts_say_the_same(leshan: Session, person: Callable[[str], User], world: World) -> None:
    found = pictured(leshan, person("bureau_city"), leshan.get_one(Unit, world.city), PERIOD)
    charts = {each.name: each for each in found.charts}
    assert charts["months"].categories == ("1月", "2月", "3月", "4月", "5月", "6月")
    accepted, succeeded = charts["months"].series
    assert sum(mark.number or 0 for mark in accepted.marks) == TOTAL
    assert sum(mark.number or 0 for mark in succeeded.marks) == SUCCEEDED
    assert [charts[name].total for name in ("kinds", "sources", "bodies", "tiers", "units")] == [TOTAL] * 5
    ended = {each.label: sum(mark.number or 0 for mark in each.marks) for each in charts["units"].series}
    assert ended == {"调解成功": SUCCEEDED, "调解不成功": TOTAL - SUCCEEDED, "还没有结果": 0}
    prevented = charts["preventions"]
    assert {
        label: mark.number
        for label, mark in zip(prevented.categories, prevented.series[0].marks, strict=True)
    } == {"防止民间纠纷转化为刑事案件": CRIMES, "防止群体性上访": CROWDS}


def test_the_ledger_says_the_same(leshan: Session, person: Callable[[str], User], world: World) -> None:
    asked = Asked(
        unit=leshan.get_one(Unit, world.city), since=PERIOD.since, until=PERIOD.until, acknowledged=True
    )
    file = io.BytesIO()
    fill_ledger(leshan, person("bureau_city"), CASE_STATISTICS, asked, file)
    sheet = openpyxl.load_workbook(file, data_only=True).worksheets[0]
    heads = {str(sheet.cell(4, column).value): column for column in range(1, sheet.max_column + 1)}
    heads |= {str(sheet.cell(3, column).value): column for column in range(1, sheet.max_column + 1)}
    last = next(row for row in sheet.iter_rows(min_row=6) if row[0].value == "本级上报总计")
    by_label = {"调解案件总数": TOTAL, "调解成功": SUCCEEDED, "疑难复杂案件": HARD}
    by_label |= {"防止民间纠纷转化为刑事案件": CRIMES, "防止群体性上访": CROWDS}
    assert {label: last[heads[label] - 1].value for label in by_label} == by_label


def test_the_pages_and_the_brief_say_the_same(app: Flask, world: World) -> None:
    with app.app_context():
        fill(db.session, world, PERIOD.since or date.min, cases())
        db.session.commit()
    here, asked = named(app, world, "bureau_city"), "year=2018&part=half1"
    page = here.get(f"/figures/charts?{asked}").text
    tiles = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd class=\"number\">(?:<a[^>]+>)?([^<]+)<", page))
    assert tiles["调解案件总数"] == "2,807"
    assert tiles["调解成功"] == "2,756"
    assert tiles["成功率"] == "98.2%"
    assert tiles["疑难复杂案件"] == "47"
    assert tiles["防止矛盾激化"].strip() == "48"
    assert re.search(r'aria-label="防止民间纠纷转化为刑事案件：36 件"', page)
    assert re.search(r'aria-label="防止群体性上访：12 件"', page)
    hard = re.search(r'href="([^"]+figure=difficult)"', page)
    assert hard
    assert here.get(unescape(hard[1])).text.count('<th scope="row"><a href="/case/') == HARD
    content = here.post(f"/figures/brief.docx?{asked}").data
    told = "".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
    assert "共受理矛盾纠纷2807件" in told
    assert "调解成功2756件" in told
    assert "调解成功率98.2%" in told
    assert "受理疑难复杂纠纷47件，占1.7%" in told
    assert "防止民间纠纷转化为刑事案件36件72人，防止群体性上访12件120人" in told
