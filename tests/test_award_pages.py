"""The pages of grading: evidence, ranking, public notice, certificates, and who meets 403 or 404."""

import re

import pytest
from flask import Flask

from tests.web import form_data, named
from tests.world import World


def test_the_evidence_says_what_is_asked_and_what_there_is(app: Flask, world: World) -> None:
    page = named(app, world, "owner").get(f"/award/{world.award}/evidence")
    assert page.status_code == 200
    assert "逐项核对" in page.text
    assert "还没有冻结" in page.text
    assert named(app, world, "stranger").get(f"/award/{world.award}/evidence").status_code == 404


def test_the_ranking_is_told_by_unit_and_within_scope(app: Flask, world: World) -> None:
    office, board = named(app, world, "bureau_county"), f"/season/{world.season}/board"
    whole = office.get(board).text
    assert ("张伟" in whole, "孙明" in whole, "周杰" in whole) == (True, True, False)
    town = office.get(f"{board}?unit={world.township}").text
    assert ("张伟" in town, "孙明" in town) == (True, False)
    assert office.get(f"{board}?unit={world.far_township}").status_code == 404
    own = named(app, world, "owner").get(board).text
    assert ("刘洋" in own, "孙明" in own) == (True, False)
    assert named(app, world, "bureau_far").get(board).status_code == 404
    assert named(app, world, "auditor").get(board).status_code == 403


def test_the_points_are_reckoned_as_a_job(app: Flask, world: World) -> None:
    answer = named(app, world, "bureau_county").post(f"/season/{world.season}/compute")
    assert answer.status_code == 302
    assert "/jobs/" in answer.headers["Location"]
    assert named(app, world, "owner").post(f"/season/{world.season}/compute").status_code == 403
    assert named(app, world, "director").post(f"/season/{world.season}/nominate").status_code == 403
    early = named(app, world, "bureau_county").post(f"/season/{world.season}/nominate?by=quota")
    assert early.status_code == 409


def test_the_notice_and_the_papers(app: Flask, world: World) -> None:
    county = named(app, world, "bureau_county")
    notice = county.get(f"/award/{world.other_award}/public-notice")
    assert "孙明" in notice.text
    assert "2026-10-27" in notice.text
    assert county.get(f"/award/{world.award}/public-notice").status_code == 409
    assert county.get(f"/season/{world.season}/public-notice").status_code == 200
    word = county.post(f"/papers/award/{world.granted_award}/certificate.docx")
    assert word.status_code == 200
    assert word.data.startswith(b"PK")
    assert county.post(f"/papers/award/{world.award}/certificate.docx").status_code == 409
    assert county.post(f"/papers/award/{world.award}/cover.docx").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"), [("", "填写"), ("?number=x", "都要填"), ("?number=x&code=y", "对不上")]
)
def test_a_certificate_is_verified_by_anybody_who_signs_in(
    app: Flask, world: World, query: str, said: str
) -> None:
    assert said in named(app, world, "owner").get(f"/certificates/{query}").text


def test_whoever_comes_from_a_season_applies_in_it_and_reads_its_levels(app: Flask, world: World) -> None:
    director, page = named(app, world, "director"), f"/season/{world.season}"
    assert f"/award/new?season={world.season}" in director.get(page).text
    assert "/award/new?" not in named(app, world, "owner").get(page).text  # it takes nobody's own word
    form = director.get(f"/award/new?season={world.season}").text
    levels = re.search(r'<select[^>]*name="level".*?</select>', form, re.S)
    assert levels
    assert "按现在的数字，取够得上的最高等级" in levels[0]
    assert levels[0].index("三级") < levels[0].index("四级")
    assert f'name="season_id" value="{world.season}"' in form
    assert f'name="standard_id" value="{world.standard}"' in form
    assert "三级" not in director.get("/award/new").text
    assert "三级" not in director.get(f"/award/new?season={world.far_season}").text


def test_the_level_is_chosen_with_what_is_lacking_beside_each(app: Flask, world: World) -> None:
    """Where nobody knows the standard yet the level is asked once it is chosen; what was typed stays."""
    bureau = named(app, world, "bureau_county")
    blank = bureau.get("/award/new").text
    assert re.search(r'<select[^>]*name="level"[^>]*disabled|<select[^>]*disabled[^>]*name="level"', blank)
    data = {each: value for each, value in form_data(blank).items() if each != "level"}
    data |= {"standard_id": str(world.standard), "mediator_id": str(world.township_mediator)}
    asked = bureau.post("/award/new", {**data, "statement": "五年没有激化"})
    assert asked.status_code == 422
    assert "每一级旁边写着还差什么" in asked.text
    assert "五年没有激化" in asked.text
    levels = re.search(r'<select[^>]*name="level".*?</select>', asked.text, re.S)
    assert levels
    assert re.search(r"三级（.*还差 \d+ 件", levels[0])
    made = bureau.post("/award/new", {**form_data(asked.text), "level": "四级"})
    assert made.status_code == 302
