"""Batches: one step on several records, all of them or none, through the screens that clerks use."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.operations.lives import LIVES
from admin_app.rules.cases import Stage
from admin_app.rules.referrals import ReferralState
from tests.web import Browser, form_data, named
from tests.world import World


def make_referrals(app: Flask, world: World, *cases: str, to: str = "township") -> list[int]:
    """Sent referrals of cases of the village, each case in transfer like `transfer_case`."""
    with app.app_context():
        session = db.session
        model: Referral = session.get_one(Referral, world.sent_referral)
        pattern = session.get_one(Case, world.transfer_case)
        unit = session.get_one(Unit, getattr(world, to))
        model.due_on = date(2026, 12, 1)
        found = []
        for name in cases:
            case = session.get_one(Case, getattr(world, name))
            row = pattern.steps[0]
            case.steps.append(
                type(row)(at=row.at, name="transfer", source=case.stage, target=Stage.IN_TRANSFER, note="")
            )
            setattr(case, "stage", Stage.IN_TRANSFER)  # noqa: B010
            new = Referral(
                case=case,
                direction=model.direction,
                unit_id=case.unit_id,
                path=case.path,
                committee_id=case.committee_id,
                to_unit=unit,
                to_path=unit.path,
                state=ReferralState.SENT,
                reason=model.reason,
                due_on=model.due_on,
            )
            session.add(new)
            session.flush()
            new.number = f"（2026）转字第{new.id}号"
            found.append(new.id)
        session.commit()
        return found


def states(app: Flask, ids: list[int]) -> set[ReferralState]:
    with app.app_context():
        return set(db.session.scalars(select(Referral.state).where(Referral.id.in_(ids))))


def batch(here: Browser, word: str, step: str, ids: list[int], **typed: Any) -> Any:
    """Tick on the list, fill in the form, send it."""
    answer = here.post(f"/{word}/batch", {"action": f"step-{step}", "ids": [str(each) for each in ids]})
    assert answer.status_code == 302
    page = here.get(answer.location)
    assert page.status_code == 200
    return here.post(f"/{word}/batch-step/{step}", form_data(page.text) | typed)


def test_the_list_offers_the_steps_that_may_be_taken_together(app: Flask, world: World) -> None:
    page = named(app, world, "office").get("/referral/").text
    assert ("批量签收" in page, "批量销号" in page) == (True, True)
    assert "批量指派调解员" in named(app, world, "director").get("/case/").text
    assert "批量指派调解员" not in named(app, world, "owner").get("/case/").text
    assert "批量" not in named(app, world, "inspector").get("/referral/").text
    together = {
        f"{word}.{step.name}" for word, life in LIVES.items() for step in life.steps.values() if step.batch
    }
    awards = {f"award.{name}" for name in ("review", "pass_on", "publish", "grant", "file")}
    assert together - awards == {"referral.receive", "referral.close", "case.assign", "screening.review"} | {
        "warning.handle",
        "warning.close",
    }
    assert awards <= together


def test_several_referrals_are_signed_for_at_once(app: Flask, world: World) -> None:
    ids = [world.sent_referral, *make_referrals(app, world, "case", "colleague_case")]
    answer = batch(named(app, world, "office"), "referral", "receive", ids)
    assert answer.status_code == 302
    assert states(app, ids) == {ReferralState.RECEIVED}
    with app.app_context():
        case = db.session.get_one(Case, world.case)
        assert (case.unit_id, case.committee_id) == (world.township, world.township_committee)


def test_to_different_units_each_goes_to_the_only_committee_there(app: Flask, world: World) -> None:
    ids = [
        *make_referrals(app, world, "case", to="township"),
        *make_referrals(app, world, "colleague_case", to="other_village"),
    ]
    here = named(app, world, "bureau_county")
    assert "承办调委会" not in here.get(f"/referral/batch-step/receive?ids={ids[0]},{ids[1]}").text
    assert batch(here, "referral", "receive", ids).status_code == 302
    with app.app_context():
        found = {db.session.get_one(Case, each).committee_id for each in (world.case, world.colleague_case)}
    assert found == {world.township_committee, world.other_committee}


def test_a_unit_with_two_committees_is_asked_which(app: Flask, world: World) -> None:
    with app.app_context():
        first = db.session.get_one(Committee, world.township_committee)
        facts = {
            name: getattr(first, name)
            for name in ("unit_id", "path", "kind", "status", "term_from", "term_until")
        }
        db.session.add(Committee(name="城东街道行业调委会", **facts))
        db.session.commit()
    ids = [world.sent_referral, *make_referrals(app, world, "case")]
    here = named(app, world, "office")
    refused = batch(here, "referral", "receive", ids)
    assert refused.status_code == 422
    assert "请选择承办调委会" in refused.text
    assert states(app, ids) == {ReferralState.SENT}
    typed = form_data(refused.text) | {"to_committee_id": str(world.township_committee)}
    assert here.post("/referral/batch-step/receive", typed).status_code == 302
    assert states(app, ids) == {ReferralState.RECEIVED}


def test_one_that_cannot_keeps_all_from_it_and_is_named(app: Flask, world: World) -> None:
    ids = [world.sent_referral, *make_referrals(app, world, "case", "colleague_case")]
    with app.app_context():
        last = db.session.get_one(Referral, ids[-1])
        setattr(last, "state", ReferralState.RETURNED)  # noqa: B010
        title = str(last)
        db.session.commit()
    here = named(app, world, "office")
    page = here.get(f"/referral/batch-step/receive?ids={','.join(map(str, ids))}").text
    assert f"{title}：现在是“已退回”，不能签收。请去掉它前面的勾。" in page
    refused = here.post("/referral/batch-step/receive", form_data(page) | {"note": "已到中心"})
    assert refused.status_code == 409
    assert f"{title}：现在是“已退回”，不能签收。" in refused.text
    assert states(app, ids[:-1]) == {ReferralState.SENT}
    again = form_data(refused.text)
    assert (again["note"], again["ids"]) == ("已到中心", [str(each) for each in sorted(ids)])
    again["ids"] = [str(each) for each in ids[:-1]]
    assert here.post("/referral/batch-step/receive", again).status_code == 302
    assert states(app, ids[:-1]) == {ReferralState.RECEIVED}


def test_what_somebody_changed_meanwhile_is_named_first(app: Flask, world: World) -> None:
    """Since the list was opened, and again since the form was."""
    ids = [world.sent_referral, *make_referrals(app, world, "case")]
    here = named(app, world, "office")
    listed = re.findall(r'name="seen" value="(\d+:\d+)"', here.get("/referral/").text)
    titles = [touched(app, each) for each in ids[:1]]
    chosen = {"action": "step-receive", "ids": [str(each) for each in ids], "seen": listed}
    page = here.get(here.post("/referral/batch", chosen).location).text
    assert f"{titles[0]}：打开以后有人改过这一条。" in page
    assert page.count("打开以后有人改过") == 1
    title = touched(app, ids[1])
    refused = here.post("/referral/batch-step/receive", form_data(page) | {"note": "已到中心"})
    assert (refused.status_code, refused.text.count("打开以后有人改过")) == (409, 1)
    assert f"{title}：打开以后有人改过这一条。" in refused.text
    assert states(app, ids) == {ReferralState.SENT}
    again = form_data(refused.text)
    assert again["note"] == "已到中心"
    assert here.post("/referral/batch-step/receive", again).status_code == 302
    assert states(app, ids) == {ReferralState.RECEIVED}


def touched(app: Flask, referral_id: int) -> str:
    """Somebody changes a referral; its title."""
    with app.app_context():
        referral = db.session.get_one(Referral, referral_id)
        referral.explanation = "补充材料随后送到"
        db.session.commit()
        return str(referral)


def test_cases_are_given_a_mediator_together(app: Flask, world: World) -> None:
    ids = [world.case, world.unassigned_case, world.mediating_case]
    here = named(app, world, "director")
    refused = batch(here, "case", "assign", ids)
    assert refused.status_code == 422
    assert "请核对后打勾" in refused.text
    typed = {"kin_checked": "y", "mediators-0-mediator_id": str(world.mediator)}
    answer = here.post("/case/batch-step/assign", form_data(refused.text) | typed)
    assert answer.status_code == 302
    with app.app_context():
        cases = [db.session.get_one(Case, each) for each in ids]
        assert {tuple(line.mediator_id for line in case.mediators) for case in cases} == {(world.mediator,)}
        assert {case.steps[-1].name for case in cases} == {"assign"}


def test_answered_referrals_are_struck_off_together(app: Flask, world: World) -> None:
    ids = make_referrals(app, world, "case", "colleague_case")
    with app.app_context():
        for each in ids:
            setattr(db.session.get_one(Referral, each), "state", ReferralState.ANSWERED)  # noqa: B010
        db.session.commit()
    assert batch(named(app, world, "director"), "referral", "close", ids).status_code == 302
    assert states(app, ids) == {ReferralState.CLOSED}


@pytest.mark.parametrize(
    ("who", "step", "ids", "status"),
    [
        ("far", "receive", "{sent}", 404),
        ("owner", "receive", "{sent}", 403),
        ("office", "answer", "{sent}", 404),
        ("office", "nothing", "{sent}", 404),
        ("office", "receive", "x", 404),
        ("office", "receive", "", 404),
        ("office", "receive", ",".join(map(str, range(1, 300))), 409),
    ],
)
def test_the_doors_are_those_of_one_record(
    app: Flask, world: World, who: str, step: str, ids: str, status: int
) -> None:
    here = named(app, world, {"far": "bureau_far"}.get(who, who))
    url = f"/referral/batch-step/{step}?ids={ids.format(sent=world.sent_referral)}"
    assert here.get(url).status_code == status


def test_a_foreign_record_among_the_ticked_does_nothing_at_all(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    data = {"ids": [str(world.sent_referral), str(world.far_referral)]}
    assert here.post("/referral/batch-step/receive", data).status_code == 404
    assert states(app, [world.sent_referral]) == {ReferralState.SENT}
    assert re.search("没有找到", here.post("/referral/batch-step/receive", data).text)
