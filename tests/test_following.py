"""Whoever follows a case without holding it: an expert who is asked, an office that joins or is sent it."""

import re

import pytest
from flask import Flask

from tests.test_matrix import main_of
from tests.web import named
from tests.world import World

FOLLOWERS = [
    ("expert", "mediating_case"),
    ("other_office", "mediating_case"),
    ("other_office", "county_case"),
]


@pytest.mark.parametrize(("who", "name"), FOLLOWERS)
def test_a_followed_case_is_read_and_not_touched(app: Flask, world: World, who: str, name: str) -> None:
    here, address = named(app, world, who), f"/case/{getattr(world, name)}"
    answer = here.get(address)
    assert answer.status_code == 200
    assert "因屋檐滴水发生争执" in answer.text
    assert "138****1111" in answer.text
    assert "13857911111" not in answer.text
    assert "修改记录" not in answer.text
    assert not re.search(rf'"{address}/(edit|remove|unmask|step)', answer.text)
    for door in ("edit", "history"):
        assert here.get(f"{address}/{door}").status_code == 403
    assert here.post(f"{address}/unmask", {"reason": "看看"}).status_code == 403
    assert here.post(f"{address}/remove").status_code == 403
    assert here.get(f"{address}/step/settle").status_code == 403


def test_an_expert_comes_to_the_case_through_the_request_and_has_no_list_of_cases(
    app: Flask, world: World
) -> None:
    here = named(app, world, "expert")
    listed = here.get("/assistance/").text
    assert f"/assistance/{world.expert_assistance}" in listed
    assert f"/assistance/{world.joint_assistance}" not in listed
    assert f'"/case/{world.mediating_case}"' in here.get(f"/assistance/{world.expert_assistance}").text
    page = here.get(f"/case/{world.mediating_case}").text
    links = set(re.findall(r'href="(/[^"#]*)"', main_of(page)))
    beyond = {link for link in links if not re.match(rf"/case/{world.mediating_case}\b", link)}
    assert not {link for link in beyond if link.startswith(("/case/", "/committee/", "/mediator/"))}
    assert here.get("/case/").status_code == 403
    assert here.get(f"/case/{world.case}").status_code == 404


def test_an_expert_answers_once_and_keeps_reading(app: Flask, world: World) -> None:
    here, address = named(app, world, "expert"), f"/assistance/{world.expert_assistance}"
    form = here.get(f"{address}/step/answer")
    assert form.status_code == 200
    answer = here.post(f"{address}/step/answer", {"version": "1", "answer": "建议先行勘验。"})
    assert answer.status_code == 302
    assert here.get(f"{address}/step/answer").status_code == 409
    assert "建议先行勘验。" in here.get(f"/case/{world.mediating_case}").text
