"""The screens at work: register, edit, compare, remove, restore, revert, unmask, sign in."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.rules.dates import today
from tests.samples import MASTER
from tests.web import Browser, browser, form_data, named
from tests.world import PASSWORD, World

CASE = {
    "kind": "2",
    "source": "1",
    "difficulty": "1",
    "risk": "1",
    "registered_on": "20260105",
    "brief": "因院墙滴水发生争执。",
    "parties-0-side": "01",
    "parties-0-kind": "01",
    "parties-0-name": "甲方",
    "parties-1-side": "02",
    "parties-1-kind": "01",
    "parties-1-name": "乙方",
}


@pytest.fixture
def office(app: Flask, world: World) -> Browser:
    return named(app, world, "office")


def fetch(app: Flask, model: type, record_id: int) -> dict:
    """The columns of a record, read through another session."""
    with app.app_context():
        row = db.session.execute(select(model.__table__).where(model.__table__.c.id == record_id)).one()
        return dict(row._mapping)


def test_a_case_is_registered_with_its_parties_and_lives_at_its_committee(
    app: Flask, world: World, office: Browser
) -> None:
    answer = office.post("/case/new", {**CASE, "committee_id": world.village_committee})
    assert answer.status_code == 302
    case_id = int(re.search(r"/case/(\d+)", answer.location)[1])
    case = fetch(app, Case, case_id)
    assert case["names"] == "甲方、乙方"
    assert case["unit_id"] == world.village
    page = office.get(f"/case/{case_id}").text
    assert "因院墙滴水发生争执。" in page
    assert "已登记" in page


def test_what_was_typed_is_kept_beside_the_errors(world: World, office: Browser) -> None:
    answer = office.post(
        "/case/new", {**CASE, "committee_id": world.village_committee, "people": "三个", "brief": ""}
    )
    assert answer.status_code == 422
    assert "请填整数" in answer.text
    assert 'value="三个"' in answer.text
    assert 'value="甲方"' in answer.text
    answer = office.post("/case/new", {**CASE, "committee_id": world.village_committee, "brief": ""})
    assert "请填写纠纷简要情况" in answer.text
    assert "有 1 处需要改" in answer.text


def test_a_form_of_another_township_cannot_be_forged(app: Flask, world: World, office: Browser) -> None:
    answer = office.post("/case/new", {**CASE, "committee_id": world.other_committee})
    assert answer.status_code == 422
    assert "不在您的管辖范围内" in answer.text


def test_stage_unit_and_number_are_never_form_fields(app: Flask, world: World, office: Browser) -> None:
    before = fetch(app, Case, world.case)
    data = form_data(office.get(f"/case/{world.case}/edit").text)
    forged = {
        "stage": "archived",
        "unit_id": world.far_village,
        "number": "假的",
        "committee_id": world.far_committee,
    }
    assert (
        office.post(f"/case/{world.case}/edit", {**data, **forged, "brief": "改过的情况"}).status_code == 302
    )
    after = fetch(app, Case, world.case)
    assert after["brief"] == "改过的情况"
    assert {n: after[n] for n in ("stage", "unit_id", "number", "committee_id", "path")} == {
        n: before[n] for n in ("stage", "unit_id", "number", "committee_id", "path")
    }


@pytest.mark.parametrize("word", REGISTERS)
def test_an_edit_form_posted_back_untouched_changes_nothing(app: Flask, world: World, word: str) -> None:
    person = named(app, world, MASTER[word])
    register = REGISTERS[word]
    with app.app_context():
        records = db.session.scalars(
            select(register.model).where(register.model.removed_at.is_(None)).order_by(register.model.id)
        ).all()
        record = next(each for each in records if not register.locked(each) and getattr(each, "parent_id", 1))
        record_id, version = record.id, record.version
        count = db.session.query(Entry).count()
    data = form_data(person.get(f"/{word}/{record_id}/edit").text)
    answer = person.post(f"/{word}/{record_id}/edit", data)
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>.*?</p>', answer.text, re.S)
    with app.app_context():
        assert db.session.get_one(register.model, record_id).version == version
        assert db.session.query(Entry).count() == count


def test_two_people_editing_are_shown_both_sides_and_neither_is_lost(
    app: Flask, world: World, office: Browser
) -> None:
    director = named(app, world, "director")
    url = f"/case/{world.case}/edit"
    mine, theirs = form_data(office.get(url).text), form_data(director.get(url).text)
    assert director.post(url, {**theirs, "brief": "主任改的", "remark": "村委会"}).status_code == 302
    answer = office.post(url, {**mine, "brief": "司法所改的", "people": "9"})
    assert answer.status_code == 409
    assert "主任改的" in answer.text
    assert "司法所改的" in answer.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    hidden = {name: unescape(value) for name, value in hidden.items()}
    assert office.post(url, {**hidden, "choose-brief": "mine"}).status_code == 302
    case = fetch(app, Case, world.case)
    assert (case["brief"], case["remark"], case["people"]) == ("司法所改的", "村委会", 9)


def test_a_removed_record_is_in_the_bin_and_comes_back_with_its_lines(
    app: Flask, world: World, office: Browser
) -> None:
    assert office.post("/case/batch", {"action": "remove", "ids": str(world.case)}).status_code in (302, 409)
    answer = office.post(f"/case/{world.unassigned_case}/remove")
    assert answer.status_code == 302
    assert office.get(f"/case/{world.unassigned_case}").status_code == 404
    assert f'value="{world.unassigned_case}"' in office.get("/case/bin").text
    assert (
        office.post("/case/batch", {"action": "restore", "ids": str(world.unassigned_case)}).status_code
        == 302
    )
    assert office.get(f"/case/{world.unassigned_case}").status_code == 200


def test_a_batch_with_one_foreign_record_does_nothing_at_all(
    app: Flask, world: World, office: Browser
) -> None:
    data = {"action": "remove", "ids": [str(world.unassigned_case), str(world.far_case)]}
    assert office.post("/case/batch", data).status_code == 404
    assert fetch(app, Case, world.unassigned_case)["removed_at"] is None


def test_the_history_tells_a_change_and_takes_it_back(app: Flask, world: World, office: Browser) -> None:
    url = f"/case/{world.case}/edit"
    before = fetch(app, Case, world.case)["brief"]
    data = form_data(office.get(url).text)
    office.post(url, {**data, "brief": "第二次说法", "parties-0-name": "改名的人"})
    page = office.get(f"/case/{world.case}/history").text
    assert "纠纷简要情况" in page
    assert "第二次说法" in page
    assert "改名的人" in page
    revert = re.search(rf"/case/{world.case}/revert/\d+", page)
    assert revert
    assert office.post(revert[0]).status_code == 302
    assert fetch(app, Case, world.case)["brief"] == before
    assert office.post(revert[0]).status_code == 409


def test_personal_data_is_masked_until_somebody_says_why(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    with app.app_context():
        mediator = db.session.get_one(Mediator, world.mediator)
        mediator.id_number, mediator.phone = "11010519491231002X", "13800005678"
        db.session.commit()
    page = director.get(f"/mediator/{world.mediator}").text
    assert "11010519491231002X" not in page
    assert "110105********002X" in page
    assert "138****5678" in page
    assert director.post(f"/mediator/{world.mediator}/unmask", {"reason": " "}).status_code == 409
    shown = director.post(f"/mediator/{world.mediator}/unmask", {"reason": "核对身份"}).text
    assert "11010519491231002X" in shown
    with app.app_context():
        entry = db.session.scalars(select(Entry).order_by(Entry.place.desc())).first()
        assert (entry.action, entry.record_id, entry.note) == ("unmask", world.mediator, "理由：核对身份")
    inspector = named(app, world, "inspector")
    assert inspector.post(f"/mediator/{world.mediator}/unmask", {"reason": "看看"}).status_code == 403
    assert "11010519491231002X" not in director.get(f"/mediator/{world.mediator}/edit").text
    assert "11010519491231002X" not in director.get(f"/mediator/{world.mediator}/history").text


def test_the_list_remembers_filter_order_and_columns(app: Flask, world: World, office: Browser) -> None:
    page = office.get("/case/?stage=registered&sort=registered_on&size=10").text
    assert "stage=registered" in page
    office.post("/case/columns", {"names": ["names", "place"], "back": "/case/?stage=registered"})
    page = office.get("/case/").text
    assert 'scope="col" class="text">调解地点' in page.replace("\n", "")
    assert "纠纷类型</a></th>" not in page


def test_signing_in_out_and_being_locked_out(app: Flask, world: World) -> None:
    stranger = browser(app)
    assert stranger.get("/").status_code == 302
    assert stranger.post("/sign-in/", {"username": "owner", "password": "wrong"}).status_code == 403
    answer = stranger.post("/sign-in/?next=//evil.example/", {"username": "owner", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.location == "/"
    assert stranger.get("/case/").status_code == 200
    assert stranger.post("/sign-in/out").status_code == 302
    assert stranger.get("/case/").status_code == 302
    for _ in range(5):
        stranger.post("/sign-in/", {"username": "office", "password": "wrong"})
    answer = stranger.post("/sign-in/", {"username": "office", "password": PASSWORD})
    assert answer.status_code == 403
    assert "用户名或密码不对" in answer.text


def test_a_temporary_password_must_be_changed_before_anything_else(app: Flask, world: World) -> None:
    admin = named(app, world, "sysadmin")
    page = admin.post(f"/user/{world.office}/reset").text
    secret = unescape(re.search(r"<(?:output|code|strong)[^>]*>([\w-]{16})<", page)[1])
    office = browser(app)
    assert office.post("/sign-in/", {"username": "office", "password": secret}).status_code == 302
    assert office.get("/case/").location == "/sign-in/password"
    data = {"old": secret, "new": "纸上得来终觉浅 绝知此事", "again": "纸上得来终觉浅 绝知此事"}
    assert office.post("/sign-in/password", data).status_code == 302
    assert office.get("/case/").status_code == 200


def test_a_changed_password_ends_the_other_sessions(app: Flask, world: World) -> None:
    here, elsewhere = named(app, world, "owner"), named(app, world, "owner")
    data = {"old": PASSWORD, "new": "明月松间照 清泉石上流", "again": "明月松间照 清泉石上流"}
    assert here.post("/sign-in/password", data).status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_the_auditor_reads_the_log_and_verifies_it(app: Flask, world: World, office: Browser) -> None:
    data = form_data(office.get(f"/case/{world.case}/edit").text)
    office.post(f"/case/{world.case}/edit", {**data, "brief": "留痕"})
    auditor = named(app, world, "auditor")
    assert "留痕" in auditor.get("/log/").text
    assert "全部完好" in auditor.post("/log/verify").text
    with app.app_context():
        db.session.execute(Entry.__table__.update().values(note="改了历史"))
        db.session.commit()
    assert "被改动过" in auditor.post("/log/verify").text


def test_a_user_made_in_the_panel_gets_posts_and_signs_in(app: Flask, world: World) -> None:
    admin = named(app, world, "sysadmin")
    data = {
        "username": "newcomer",
        "name": "新来的",
        "active": "y",
        "posts-0-role": "office",
        "posts-0-unit_id": str(world.township),
    }
    page = admin.post("/user/new", data)
    assert page.status_code == 200
    secret = unescape(re.search(r'class="secret">([^<]+)<', page.text)[1])
    assert browser(app).post("/sign-in/", {"username": "newcomer", "password": secret}).status_code == 302
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "newcomer")).one()
        assert [post.unit_id for post in user.posts] == [world.township]
        assert user.must_change_password


def test_the_first_page_of_each_role_opens(app: Flask, world: World, session: Session) -> None:
    users = {user.id: bool(user.posts) for user in session.scalars(select(User).where(User.active))}
    session.rollback()
    for user_id, has_post in users.items():
        assert browser(app, user_id).get("/").status_code == (200 if has_post else 403)


def test_a_new_case_is_due_and_dated_like_a_person_types(app: Flask, world: World, office: Browser) -> None:
    for number, text in enumerate(("2026-1-5", "2026年1月5日", "2026.01.05", "20260105")):
        # Other people each time: the panel would ask whether it is not the same dispute again.
        people = {"parties-0-name": f"甲{number}", "parties-1-name": f"乙{number}"}
        answer = office.post(
            "/case/new",
            {**CASE, **people, "committee_id": world.village_committee, "registered_on": text},
        )
        case = fetch(app, Case, int(re.search(r"/case/(\d+)", answer.location)[1]))
        assert case["registered_on"].isoformat() == "2026-01-05"
    tomorrow = f"{today().year + 1}-01-01"
    answer = office.post(
        "/case/new", {**CASE, "committee_id": world.village_committee, "registered_on": tomorrow}
    )
    assert answer.status_code == 422
    assert "日期不能晚于明天" in answer.text


def test_a_mask_of_an_older_value_never_overwrites_the_new_one(app: Flask, world: World) -> None:
    """Whoever came first still has the old mask in the form when another has changed the value."""
    office, director = named(app, world, "office"), named(app, world, "director")
    with app.app_context():
        db.session.get_one(Mediator, world.mediator).bank_account = "0123456789012345678"
        db.session.commit()
    url = f"/mediator/{world.mediator}/edit"
    mine, theirs = form_data(office.get(url).text), form_data(director.get(url).text)
    assert director.post(url, {**theirs, "bank_account": "0999999999999999999"}).status_code == 302
    answer = office.post(url, {**mine, "speciality": "法学"})
    assert answer.status_code == 409
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert office.post(url, {name: unescape(value) for name, value in hidden.items()}).status_code == 302
    mediator = fetch(app, Mediator, world.mediator)
    assert (mediator["bank_account"], mediator["speciality"]) == ("0999999999999999999", "法学")
    data = form_data(office.get(url).text)
    answer = office.post(url, {**data, "address": "婺城区****号"})
    assert answer.status_code == 422
    assert "不能有星号" in answer.text


def test_the_personal_data_of_parties_can_be_read_with_a_reason(
    app: Flask, world: World, office: Browser
) -> None:
    with app.app_context():
        db.session.get_one(Case, world.case).parties[0].phone = "13900001111"
        db.session.commit()
    page = office.get(f"/case/{world.case}").text
    assert "139****1111" in page
    assert f'action="/case/{world.case}/unmask' in page
    assert "13900001111" in office.post(f"/case/{world.case}/unmask", {"reason": "联系当事人"}).text
    assert office.get(f"/case/{world.case}/unmask").status_code == 302


def test_a_case_needs_a_party(app: Flask, world: World, office: Browser) -> None:
    data = {name: value for name, value in CASE.items() if not name.startswith("parties")}
    answer = office.post("/case/new", {**data, "committee_id": world.village_committee})
    assert answer.status_code == 422
    assert "请至少填写一方当事人的姓名" in answer.text


def test_signing_in_with_nothing_at_all_is_answered_calmly(app: Flask) -> None:
    here = browser(app)
    assert here.post("/sign-in/").status_code == 403
    assert here.client.head("/sign-in/").status_code == 200


def test_an_old_case_keeps_the_wording_of_its_day(app: Flask, world: World, office: Browser) -> None:
    answer = office.post("/case/new", {**CASE, "committee_id": world.village_committee})
    old = re.search(r"/case/(\d+)", answer.location)[1]
    admin = named(app, world, "sysadmin")
    data = {
        "table": "dispute_kind",
        "code": "2",
        "label": "邻里相处纠纷",
        "position": "2",
        "valid_from": "2026-06-01",
    }
    assert admin.post("/code/new", data).status_code == 302
    answer = office.post(
        "/case/new", {**CASE, "committee_id": world.village_committee, "registered_on": "2026-06-02"}
    )
    new = re.search(r"/case/(\d+)", answer.location)[1]
    assert "邻里纠纷" in office.get(f"/case/{old}").text
    assert "邻里相处纠纷" not in office.get(f"/case/{old}").text.split("</h1>")[1].split("<h2>纠纷情况")[0]
    assert "邻里相处纠纷" in office.get(f"/case/{new}").text
