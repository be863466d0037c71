"""Subsidies at the screen: a quarter from the draw to the payment, its items, its notice, its budgets."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.jobs import Job
from admin_app.models.subsidies import Subsidy, SubsidyItem
from admin_app.operations import attempts
from admin_app.operations.subsidies import LIFE
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today
from admin_app.rules.subsidies import SubsidyState
from admin_app.views import subsidies as views
from tests.aging import aged
from tests.web import Browser, form_data, named
from tests.world import World


@pytest.fixture
def quarter(app: Flask, world: World) -> int:
    """The village's batch, with a case that may be paid for and one that may not."""
    with app.app_context():
        for case_id, fulfilment in ((world.archived_case, "03"), (world.closed_case, "04")):
            case = db.session.get_one(Case, case_id)
            case.stage, case.result, case.form = Stage.ARCHIVED, "1", "2"
            case.fulfilment, case.closed_on = fulfilment, date(2026, 8, 20)
        db.session.commit()
    return world.subsidy


def step(browser: Browser, subsidy_id: int, name: str, **data: str) -> int:
    page = f"/subsidy/{subsidy_id}/step/{name}"
    answer = browser.post(page, {**form_data(browser.get(page).text), **data})
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>.*?</p>', answer.text, re.S)
    return answer.status_code


def item_of(app: Flask, subsidy_id: int, case_id: int) -> int:
    with app.app_context():
        found = db.session.query(SubsidyItem).filter_by(subsidy_id=subsidy_id, case_id=case_id)
        return found.one().id


def test_a_quarter_goes_from_the_draw_to_the_payment(app: Flask, world: World, quarter: int) -> None:
    director, office, bureau = (named(app, world, who) for who in ("director", "office", "bureau_county"))
    assert "还没有明细" in director.get(f"/subsidy/{quarter}/items").text
    step(director, quarter, "draw")
    listed = director.get(f"/subsidy/{quarter}/items").text
    assert "合计 <strong>100.00</strong>" in listed
    assert "张伟" in listed
    assert "协议还没有履行" in director.get(f"/subsidy/{quarter}/items?standing=refused").text
    assert director.get(f"/subsidy/{quarter}/edit").status_code == 409
    step(director, quarter, "apply")
    assert "补贴待初审" in office.get("/").text
    assert director.get(f"/subsidy/{quarter}/step/first_review").status_code == 403
    step(office, quarter, "first_review", first_opinion="材料齐全")
    step(bureau, quarter, "review", opinion="同意")
    assert bureau.get(f"/subsidy/{world.far_subsidy}/notice").status_code == 404
    answer = bureau.post(
        f"/subsidy/{quarter}/step/notice",
        {
            **form_data(bureau.get(f"/subsidy/{quarter}/step/notice").text),
            "noticed_on": (today() - timedelta(days=1)).isoformat(),
        },
    )
    assert answer.status_code == 422
    assert "不能早于复核通过的日期" in answer.text
    with app.app_context():
        aged(db.session, db.session.get_one(Subsidy, quarter), 30)
        db.session.commit()
    step(bureau, quarter, "notice", noticed_on=(today() - timedelta(days=20)).isoformat())
    sheet = bureau.get(f"/subsidy/{quarter}/notice").text
    assert "如有异议" in sheet
    assert "甲某" not in sheet
    assert "还剩 200,000.00 元" in bureau.get(f"/subsidy/{quarter}/step/pay").text
    step(bureau, quarter, "pay", budget_id=str(world.budget), paid_on=today().isoformat())
    page = bureau.get("/budget/standing?year=2026").text
    assert "100.00" in page
    assert "199,900.00" in page


def test_an_item_is_cut_and_taken_out_on_its_page_with_a_reason(
    app: Flask, world: World, quarter: int
) -> None:
    director, office = named(app, world, "director"), named(app, world, "office")
    step(director, quarter, "draw")
    step(director, quarter, "apply")
    url = f"/subsidy/{quarter}/items/{item_of(app, quarter, world.archived_case)}"
    assert director.get(url).status_code == 403
    assert office.post(url, {"act": "cut", "cut": "20", "reason": " "}).status_code == 409
    for wrong in ("", "abc", "NaN", "1e99", "-1", "100", "0"):
        answer = office.post(url, {"act": "cut", "cut": wrong, "reason": "超标准"})
        assert answer.status_code == 409, wrong
        assert 'value="超标准"' in answer.text
    assert office.post(url, {"act": "cut", "cut": "20.5", "reason": "超标准"}).status_code == 302
    assert "合计 <strong>79.50</strong>" in office.get(f"/subsidy/{quarter}/items").text
    assert office.post(url, {"act": "take_out", "reason": "不是本季度"}).status_code == 302
    assert office.post(url, {"act": "take_out", "reason": "再来一次"}).status_code == 409
    assert "超标准" in office.get(f"/subsidy/{quarter}").text
    assert office.get(f"/subsidy/{quarter}/items/999999").status_code == 404
    assert named(app, world, "other_office").get(url).status_code == 404


def test_whoever_applied_is_told_why_others_must_review(app: Flask, world: World, quarter: int) -> None:
    office = named(app, world, "office")
    step(office, world.town_subsidy, "draw")
    step(office, world.town_subsidy, "apply")
    page = office.get(f"/subsidy/{world.town_subsidy}").text
    assert "按规定回避" in page
    assert f"/subsidy/{world.town_subsidy}/step/first_review" not in page
    assert "按规定回避" not in named(app, world, "bureau_county").get(f"/subsidy/{world.town_subsidy}").text


def test_a_case_mediated_anew_is_flagged_on_the_batch(app: Flask, world: World, quarter: int) -> None:
    director = named(app, world, "director")
    step(director, quarter, "draw")
    assert "又重新调解" not in director.get(f"/subsidy/{quarter}").text
    with app.app_context():
        db.session.get_one(Case, world.archived_case).stage = Stage.MEDIATING
        db.session.commit()
    assert "现在又重新调解" in director.get(f"/subsidy/{quarter}").text


def test_a_large_draw_is_left_to_the_worker(
    app: Flask, world: World, quarter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_AT_ONCE", 0)
    director = named(app, world, "director")
    page = f"/subsidy/{quarter}/step/draw"
    answer = director.post(page, form_data(director.get(page).text))
    assert answer.location.startswith("/jobs/")
    with app.app_context():
        hold = attempts.take(db.session)
        assert hold is not None
        db.session.commit()
        attempts.run(db.session, hold, lambda done, total: None)
        db.session.commit()
        assert "列入 1 项" in db.session.get_one(Job, hold.job_id).words
        subsidy = db.session.get_one(Subsidy, quarter)
        assert (subsidy.counted, LIFE.stands(subsidy)) == (1, SubsidyState.DRAFT)


def test_a_batch_with_items_is_emptied_before_it_is_removed(app: Flask, world: World, quarter: int) -> None:
    director = named(app, world, "director")
    step(director, quarter, "draw")
    assert director.post(f"/subsidy/{quarter}/remove").status_code == 409
    step(director, quarter, "clear")
    assert director.post(f"/subsidy/{quarter}/remove").status_code == 302


def test_a_director_starts_with_their_own_committee_and_applies_for_no_other(
    app: Flask, world: World
) -> None:
    director = named(app, world, "director")
    data = form_data(director.get("/subsidy/new").text)
    assert (data["unit_id"], data["committee_id"]) == (str(world.village), str(world.village_committee))
    assert director.post("/subsidy/new", data).status_code == 302
    for foreign in ({"committee_id": ""}, {"unit_id": str(world.next_village)}):
        assert director.post("/subsidy/new", {**data, **foreign}).status_code in (403, 422)
    office = named(app, world, "office")
    data = {**form_data(office.get("/subsidy/new").text), "committee_id": str(world.township_committee)}
    answer = office.post("/subsidy/new", {**data, "unit_id": str(world.village)})
    assert answer.status_code == 422
    assert "不在申报单位名下" in answer.text
    for wrong in ({"period": "5"}, {"period": "0"}, {"year": "1999"}, {"year": "2027"}):
        assert office.post("/subsidy/new", {**data, **wrong}).status_code == 422, wrong


def test_bank_accounts_stand_in_full_only_for_whoever_may_and_says_why(
    app: Flask, world: World, quarter: int
) -> None:
    director = named(app, world, "director")
    step(director, quarter, "draw")
    page = director.get("/ledgers/subsidy-payment").text
    assert "33070219750607121X" not in page
    assert named(app, world, "owner").get("/ledgers/subsidy-payment").status_code == 403
