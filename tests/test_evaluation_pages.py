"""The pages of evaluations as people meet them: the plan, the scoring sheet, one's own evaluation."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from admin_app.database import db
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.jobs import Job
from admin_app.operations import evaluation_plans
from admin_app.rules.evaluations import EvaluationState
from tests.web import form_data, named
from tests.world import World


@pytest.fixture
def sheet_url(app: Flask, world: World) -> str:
    """The county's plan, drawn through its own form; the address of its scoring sheet."""
    bureau = named(app, world, "bureau_county")
    url = f"/evaluation_plan/{world.evaluation_plan}/step/draw"
    page = bureau.get(url)
    assert "将为 4 个" in page.text
    assert bureau.post(url, form_data(page.text)).status_code == 302
    return f"/evaluation_plan/{world.evaluation_plan}/sheet"


def evaluation(app: Flask, mediator_id: int) -> Evaluation:
    with app.app_context():
        return db.session.scalars(
            select(Evaluation)
            .join(EvaluationPlan, EvaluationPlan.id == Evaluation.plan_id)
            .where(Evaluation.mediator_id == mediator_id, EvaluationPlan.drawn_on.is_not(None))
            .order_by(Evaluation.id.desc())
        ).first()


def test_an_office_scores_its_people_on_one_sheet(app: Flask, world: World, sheet_url: str) -> None:
    office = named(app, world, "office")
    page = office.get(sheet_url).text
    assert "张伟" in page
    assert "孙明" not in page  # of the other township
    data = form_data(page)
    marks = sorted(name for name in data if re.fullmatch(r"e\d+-m2", name))
    assert len(marks) == 3
    wrong = {**data, marks[0]: "20", marks[1]: "三十"}
    answer = office.post(sheet_url, wrong)
    assert answer.status_code == 422
    assert 'value="三十"' in answer.text
    assert re.search(rf'name="{marks[0]}"[^>]*value="20(\.00)?"', answer.text)
    answer = office.post(sheet_url, {**data, marks[0]: "20", marks[1]: "30.5"})
    assert (answer.status_code, "最多 30 分" in answer.text) == (422, True)
    with app.app_context():
        assert db.session.scalar(select(Evaluation.id).where(Evaluation.state == "reviewed")) is None
    votes = {marks[0].replace("m2", f"votes_{each}"): "3" for each in ("excellent", "good")}
    assert office.post(sheet_url, {**data, marks[0]: "20", marks[1]: "25", **votes}).status_code == 302
    with app.app_context():
        states = db.session.scalars(select(Evaluation.state).where(Evaluation.year == 2026)).all()
        assert {EvaluationState.APPRAISED, EvaluationState.REVIEWED, EvaluationState.DRAWN} <= set(states)


def test_the_sheet_is_for_reviewers_and_their_own_units(app: Flask, world: World, sheet_url: str) -> None:
    for who, status in (("director", 403), ("owner", 403), ("inspector", 403), ("bureau_far", 404)):
        assert named(app, world, who).get(sheet_url).status_code == status, who
    office = named(app, world, "office")
    assert office.get(f"{sheet_url}?unit={world.far_village}").status_code == 404
    assert office.get(f"{sheet_url}?unit=x").status_code == 404
    assert "没有可以评分" in office.get(f"{sheet_url}?unit={world.other_township}").text


def test_a_person_reads_figures_first_and_the_score_once_it_is_published(
    app: Flask, world: World, sheet_url: str
) -> None:
    mine = evaluation(app, world.mediator)
    url, owner, bureau = (
        f"/evaluation/{mine.id}",
        named(app, world, "owner"),
        named(app, world, "bureau_county"),
    )
    page = owner.get(url).text
    assert "公布以后才显示" in page
    assert "合计" not in page
    form = bureau.get(f"{url}/step/review").text
    data = form_data(form)
    name = next(each for each in data if each.endswith("-given"))
    assert bureau.post(f"{url}/step/review", {**data, name: "31"}).status_code == 422
    assert bureau.post(f"{url}/step/review", {**data, name: "29"}).status_code == 302
    assert owner.get(url).status_code == 404
    assert "合计" in bureau.get(url).text
    assert bureau.get(f"{url}/behind/1").status_code == 200
    assert bureau.get(f"{url}/behind/99").status_code == 404


def test_a_long_step_is_the_workers(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation_plans, "MANY", 3)
    bureau = named(app, world, "bureau_county")
    url = f"/evaluation_plan/{world.evaluation_plan}/step/draw"
    data = form_data(bureau.get(url).text)
    answer = bureau.post(url, data)
    assert "/jobs/" in answer.location
    with app.app_context():
        session = db.session
        job = session.scalars(select(Job)).one()
        work = evaluation_plans.STEP_JOB.work
        work(session, job, lambda done, total: None)
        session.commit()
        drawn = session.scalars(
            select(Evaluation.id).where(Evaluation.plan_id == world.evaluation_plan)
        ).all()
        assert len(drawn) == 4


def test_the_plan_tells_how_far_it_has_come(app: Flask, world: World, sheet_url: str) -> None:
    page = named(app, world, "bureau_county").get(f"/evaluation_plan/{world.evaluation_plan}").text
    assert "批量评分" in page
    assert "已取数 4" in page
    assert "城东街道" in page
