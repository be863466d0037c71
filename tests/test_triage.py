"""The grading of a case on its page: proposed with the reason, confirmed by a person."""

from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.parameters import Parameter
from admin_app.models.referrals import Referral
from admin_app.operations import triage
from admin_app.rules.parameters import Setting
from admin_app.rules.tiers import Tier
from tests.web import form_data, named
from tests.world import World

REASON = "金额 120,000 元，达到 100,000 元：建议定为重大纠纷，由县区办理。"


def heavy(app: Flask, world: World) -> None:
    with app.app_context():
        db.session.get_one(Case, world.case).amount = Decimal(120000)
        db.session.commit()


def test_the_proposal_stands_preselected_under_its_reason(app: Flask, world: World) -> None:
    heavy(app, world)
    here = named(app, world, "director")
    page = here.get(f"/case/{world.case}/step/triage").text
    assert REASON in page
    given = form_data(page)
    assert (given["difficulty"], given["proper_tier"]) == ("3", "county")
    assert here.post(f"/case/{world.case}/step/triage", given).status_code == 302
    with app.app_context():
        case = db.session.get_one(Case, world.case)
        assert (case.difficulty, case.proper_tier) == ("3", Tier.COUNTY)


def test_the_page_asks_for_the_grading_until_a_person_has_given_one(app: Flask, world: World) -> None:
    here, url = named(app, world, "director"), f"/case/{world.case}"
    assert "去分级" not in here.get(url).text
    heavy(app, world)
    page = here.get(url).text
    assert REASON in page
    assert "去分级" in page
    assert "去分级" not in named(app, world, "inspector").get(url).text
    # The person grades it otherwise: their word stands, and nothing asks again.
    given = {**form_data(here.get(f"{url}/step/triage").text), "difficulty": "2", "proper_tier": "village"}
    here.post(f"{url}/step/triage", given)
    assert "去分级" not in here.get(url).text
    again = form_data(here.get(f"{url}/step/triage").text)
    assert (again["difficulty"], again["proper_tier"]) == ("2", "village")


def test_a_bureau_sets_other_sums_and_a_reason_of_a_referral_tells_of_the_border(
    session: Session, world: World
) -> None:
    case = session.get_one(Case, world.case)
    case.amount = Decimal(6000)
    assert triage.proposed(session, case).difficulty == "2"
    session.get_one(Referral, world.draft_referral).reason = "03"
    assert triage.proposed(session, case).tier is Tier.COUNTY
    session.add(Parameter(setting=Setting.TRIAGE_COMMON_AMOUNT, value="8000", valid_from=date(2026, 1, 1)))
    session.flush()
    session.info.pop("parameters", None)
    assert triage.proposed(session, case).difficulty == "1"
