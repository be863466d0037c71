"""Rates and budgets at the door: who keeps them, and what a second row of the same is told."""

from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from admin_app.models.rates import Rate
from admin_app.operations.rates import in_force
from admin_app.rules.rates import SubsidyKind
from tests.web import named
from tests.world import World

CASE = {
    "kind": "case",
    "amount": "120",
    "outcome": "settled",
    "valid_from": "2025-01-01",
    "tier": "",
    "per": "",
}


def test_a_second_row_of_the_same_days_is_refused_with_a_sentence(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    same = {**CASE, "unit_id": world.county}
    answer = bureau.post("/rate/new", same)
    assert answer.status_code == 422
    assert "日期重叠了" in answer.text
    assert bureau.post("/rate/new", {**same, "outcome": ""}).status_code == 422  # left out it is success
    for changes in ({"valid_from": "2026-01-01"}, {"difficulty": "3"}, {"outcome": "prevented"}):
        assert bureau.post("/rate/new", {**same, **changes}).status_code == 302, changes


def test_a_rate_out_of_the_bin_is_checked_again(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    assert bureau.post(f"/rate/{world.rate}/remove").status_code == 302
    assert bureau.post("/rate/new", {**CASE, "unit_id": world.county}).status_code == 302
    answer = bureau.post("/rate/batch", {"action": "restore", "ids": str(world.rate)})
    assert answer.status_code in (409, 422)


def test_a_mediator_reads_by_what_they_are_paid_and_nothing_of_another_county(
    app: Flask, world: World
) -> None:
    owner = named(app, world, "owner")
    assert owner.get(f"/rate/{world.rate}").status_code == 200
    assert owner.get(f"/rate/{world.far_rate}").status_code == 404
    assert owner.get("/budget/").status_code == 403
    assert owner.post("/rate/new", CASE).status_code == 403


def test_an_office_keeps_its_own_budget_and_reads_not_that_of_the_county(app: Flask, world: World) -> None:
    office = named(app, world, "office")
    assert office.get(f"/budget/{world.town_budget}").status_code == 200
    assert office.get(f"/budget/{world.budget}").status_code == 404
    data = {"year": "2026", "unit_id": world.township, "funding_kind": "03", "amount": "1000"}
    answer = office.post("/budget/new", {**data, "funding_source": "02"})
    assert answer.status_code == 422
    assert "已经有" in answer.text
    assert office.post("/budget/new", {**data, "funding_source": "01"}).status_code == 302


def test_removed_rows_do_not_hold(session: Session, world: World) -> None:
    before = {each.id for each in in_force(session, SubsidyKind.CASE)}
    session.get_one(Rate, world.rate).removed_at = session.get_one(Rate, world.rate).created_at
    session.flush()
    assert before - {each.id for each in in_force(session, SubsidyKind.CASE)} == {world.rate}
    assert all(each.since == date(2025, 1, 1) for each in in_force(session, SubsidyKind.STIPEND))


def test_the_budgets_say_what_was_paid_on_paper_beside_them(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    assert "另有 1 笔、80.00 元是以前在纸面上发的" in bureau.get("/budget/standing?year=2026").text
    given = {"case_id": world.archived_case, "mediator_id": world.mediator, "paid_on": "2026-03-01"}
    assert bureau.post("/payment/new", {**given, "amount": "50"}).status_code == 302
    page = bureau.get("/budget/standing?year=2026").text
    assert "另有 2 笔、130.00 元是以前在纸面上发的" in page
    assert "下面的已发放不含这些" in page
    assert "纸面" not in bureau.get("/budget/standing?year=2025").text
