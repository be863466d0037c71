"""From a visit to a case: what is carried over, by whom, once."""

from flask import Flask

from admin_app.database import db
from admin_app.models.visits import Visit
from tests.web import named
from tests.world import World


def test_a_cases_page_leads_to_the_visit_it_came_from(app: Flask, world: World) -> None:
    with app.app_context():
        db.session.get_one(Visit, world.visit).case_id = world.case
        db.session.commit()
    assert f'href="/visit/{world.visit}"' in named(app, world, "owner").get(f"/case/{world.case}").text
