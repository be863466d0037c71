"""The life of a case on its page: each thing that happened is told once."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.users import User
from tests.test_lives import walk
from tests.web import named
from tests.world import World


def test_a_transfer_is_told_once_by_the_referral_that_led_it(
    session: Session, person: Callable[[str], User], world: World, app: Flask
) -> None:
    director, office, case = person("director"), person("office"), session.get_one(Case, world.case)
    walk(session, director, case, "triage", "transfer")
    walk(session, office, case.referrals[-1], "send_back")
    walk(session, director, case, "transfer")
    walk(session, office, case.referrals[-1], "receive")
    assert [row.name for row in case.steps] == ["triage", "transfer", "send_back", "transfer", "receive"]
    session.close()
    page = named(app, world, "office").get(f"/case/{world.case}").text
    life = re.search(r'<section class="card" id="timeline">.*?</section>', page, re.S)
    assert life
    told = re.findall(r"<strong>([^<]+)</strong>", life[0])
    assert told == ["签收", "发出", "退回", "发出", "分级"]
