"""Charts say what the sheet says, and each of their marks leads to the very cases that it counts."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseMediator
from admin_app.models.preventions import Prevention
from admin_app.models.units import Unit
from admin_app.models.users import Post, User
from admin_app.operations.behind import cases_behind
from admin_app.operations.charts import of_now, pictured
from admin_app.operations.figures import count, own
from admin_app.rules.charts import Behind, Chart
from admin_app.rules.dates import now, today
from admin_app.rules.figures import FIGURE, Measure, Of, in_wan
from admin_app.rules.periods import Period, half, month, year
from tests.test_figures import drawn_cases, make, periods
from tests.web import named
from tests.world import World

Person = Callable[[str], User]
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def reached(session: Session, actor: User, unit: Unit | None, period: Period, behind: Behind) -> Any:
    """What the cases behind a mark add up to."""
    there = session.get_one(Unit, behind.unit_id) if behind.unit_id else unit
    asked = there, behind.period or period, behind.figure
    found = cases_behind(session, actor, *asked, level=behind.level)
    figure = FIGURE[behind.figure]
    ids = select(Case.id).where(found)
    if figure.of is Of.PREVENTION:
        [code] = figure.when.these
        lines = select(func.count()).where(Prevention.case_id.in_(ids), Prevention.kind == code)
        return session.scalar(lines)
    if figure.measure is Measure.AMOUNT:
        return sum((in_wan(each) for each in session.scalars(select(Case.amount).where(found)) if each), 0)
    return len(session.scalars(ids).all())


def marks(charts: tuple[Chart, ...]) -> list[tuple[Any, Behind]]:
    """The numbers with something behind them; a rate leads to the cases that it is a share of."""
    return [
        (mark.number, mark.behind)
        for chart in charts
        for each in chart.series
        for mark in each.marks
        if mark.behind and chart.name != "rates"
    ]


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(st.lists(drawn_cases, max_size=12), periods)
def test_every_chart_sums_to_the_sheet_and_every_mark_leads_to_its_cases(
    looking: Session, person: Person, world: World, cases: list[dict[str, Any]], period: Period
) -> None:
    try:
        for each in cases:
            make(looking, world, **each)
        looking.flush()
        county, actor = looking.get_one(Unit, world.county), person("bureau_county")
        found = pictured(looking, actor, county, period)
        sheet = count(looking, actor, county, period)[-1].numbers
        assert found.numbers == sheet
        for chart in found.charts:
            assert not chart.sums_to or chart.total == sheet[chart.sums_to], chart.name
        for number, behind in marks(found.charts):
            assert reached(looking, actor, county, period, behind) == number, behind
        for each in found.charts:
            if each.name == "months" and period.name:
                whole = sum(mark.number or 0 for mark in each.series[0].marks)
                assert whole == sheet["total"] or period == month(2026, 3)  # one month has its year beside it
    finally:
        looking.rollback()


@pytest.mark.parametrize("who", ["bureau_city", "office", "director", "inspector", "two_posts"])
def test_each_role_sees_the_numbers_of_its_own_scope(
    looking: Session, person: Person, world: World, who: str
) -> None:
    actor, unit = person(who), looking.get_one(Unit, world.county)
    for each in ("village", "township", "other", "far"):
        make(looking, world, where=each, result="1", form="2", amount=Decimal("10000"))
    looking.flush()
    found = pictured(looking, actor, unit, year(2026))
    assert found.numbers == count(looking, actor, unit, year(2026))[-1].numbers
    assert found.numbers["total"] > 0
    for number, behind in marks(found.charts):
        assert reached(looking, actor, unit, year(2026), behind) == number


def test_a_mediator_sees_the_cases_assigned_to_them(session: Session, person: Person, world: World) -> None:
    actor = person("owner")
    mediator_id = session.scalars(
        select(Post.mediator_id).where(Post.user_id == actor.id, Post.mediator_id.is_not(None))
    ).first()
    for number in range(3):
        case = make(session, world, kind=str(number + 1), preventions=[("02", 4)])
        case.mediators = [CaseMediator(mediator_id=mediator_id)] if number else []
    session.flush()
    found = pictured(session, actor, None, year(2026))
    assert found.numbers == own(session, actor, year(2026))
    assert found.numbers["crime_cases"] >= 2
    assert {each.name for each in found.charts}.isdisjoint({"units", "tiers", "bodies"})
    for number, behind in marks(found.charts):
        assert reached(session, actor, None, year(2026), behind) == number


def test_charts_as_of_a_moment_say_what_the_sheet_said(
    session: Session, person: Person, world: World
) -> None:
    actor, unit = person("bureau_county"), session.get_one(Unit, world.county)
    made = [make(session, world, accepted_on=date(2026, day, 1)) for day in (1, 3, 3)]
    session.commit()
    moment, before = now(), pictured(session, actor, unit, half(2026, 1))
    made[0].accepted_on = date(2026, 2, 1)
    made[1].removed_at = now()
    session.commit()
    then = pictured(session, actor, unit, half(2026, 1), moment)
    assert then.charts == before.charts
    assert pictured(session, actor, unit, half(2026, 1)).charts != before.charts


def test_the_first_page_compares_two_months(looking: Session, person: Person, world: World) -> None:
    actor, unit = person("office"), looking.get_one(Unit, world.township)
    last = month(today().year, today().month).before()
    assert last
    assert last.since
    for day in (today().replace(day=1), last.since, last.since):
        make(looking, world, accepted_on=day, result="1")
    looking.flush()
    two, twelve = of_now(looking, actor, unit)
    assert [each.marks[0].number for each in two.series] == [
        count(looking, actor, unit, each)[-1].numbers["total"]
        for each in (month(today().year, today().month), last)
    ]
    assert len(twelve.categories) == 12
    for number, behind in marks((two, twelve)):
        assert reached(looking, actor, unit, Period(), behind) == number


def test_charts_take_few_queries_however_many_marks(looking: Session, person: Person, world: World) -> None:
    actor, unit = person("bureau_city"), looking.get_one(Unit, world.city)
    pictured(looking, actor, unit, year(2026))  # posts and parameters are read once
    asked: list[str] = []
    event.listen(looking.connection(), "before_cursor_execute", lambda *each: asked.append(each[2]))
    pictured(looking, actor, unit, year(2026))
    assert len(asked) <= 30


def test_the_page_draws_every_chart_with_its_table_and_links(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    page = here.get("/figures/charts?year=2026").text
    assert page.count("<figure") == page.count('<details class="behind"') >= 6
    assert "style=" not in page.split("<main", 1)[1]
    links = {unescape(each) for each in re.findall(r'href="(/figures/cases\?[^"]+)"', page)}
    assert len(links) >= 10
    for each in sorted(links)[:12]:
        assert here.get(each).status_code == 200


def test_a_bar_tells_how_many_cases_its_page_lists(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    page = here.get("/figures/charts?year=2026").text
    bars = re.findall(r'<a href="([^"]+)" aria-label="([^"：]+)：(\d+) 件"', page)
    assert bars
    for address, label, number in bars:
        assert here.get(unescape(address)).text.count('<th scope="row"><a href="/case/') == int(number), label


def test_a_mediator_may_ask_for_the_committees_charts_too(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    assert "我承办的案件" in here.get("/figures/charts").text
    assert "只有现在的数" in here.get("/figures/charts?as_of=2026-01-01").text
    committees = here.get(f"/figures/charts?unit={world.village}").text
    assert "我承办的案件，" not in committees
    assert here.get(f"/figures/charts?unit={world.far_township}").status_code == 404
    mine = re.search(r'href="(/figures/cases\?mine=1[^"]+)"', here.get("/figures/charts").text)
    assert mine
    assert "我承办的案件" in here.get(unescape(mine[1])).text


def test_a_period_without_cases_says_so(app: Flask, world: World) -> None:
    assert "画不出图" in named(app, world, "office").get("/figures/charts?year=1990").text
