"""Bad input at every door: a clear Chinese sentence or 404/403/409/413/422, nothing saved, never a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, func, select

from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS, Register
from admin_app.views.lists import parameters
from tests.databases import Ground
from tests.web import Browser, browser, make_app, named
from tests.world import World

NASTY = {
    "nul": "a\x00b",
    "emoji": "调解👩‍⚖️成功",
    "right-to-left": "\u202eabc\u202c",
    "formula": '=HYPERLINK("http://x","y")',
    "markup": "<script>alert(1)</script>",
    "quote": "'; DROP TABLE cases; --",
    "percent": "%_%\\",
    "long": "长" * 30_000,
    "digits": "9" * 5000,
    "negative": "-1",
    "infinite": "1e999999",
    "nan": "NaN",
    "list": "[]",
    "full-width": "１２３",
    "surrogate": "\ud800",
    "lines": "a\r\nb\nc",
    "old date": "1800-01-01",
    "no date": "2026-02-30",
    "far id": str(2**63),
}


@pytest.fixture(scope="module")
def app(ground: Ground) -> Iterator[Flask]:
    with ground.world_url() as url:
        app = make_app(url)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def own_app(database_url: URL) -> Iterator[Flask]:
    app = make_app(database_url)
    yield app
    with app.app_context():
        db.engine.dispose()


def keeper(app: Flask, world: World, word: str) -> Browser:
    return named(app, world, "sysadmin" if word in ("user", "code") else "bureau_city")


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def first_id(app: Flask, register: Register) -> int:
    with app.app_context():
        records = db.session.scalars(select(register.model).where(register.model.removed_at.is_(None)))
        return next(
            each.id for each in records if not register.locked(each) and getattr(each, "parent_id", 1)
        )


def encodable(text: str) -> str:
    """As a browser would send it: a lone surrogate cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("word", REGISTERS)
@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_in_every_query_parameter_is_answered_calmly(
    app: Flask, world: World, word: str, nasty: str
) -> None:
    here = keeper(app, world, word)
    text = encodable(NASTY[nasty])[:4000]
    fields = [field for field in REGISTERS[word].fields if field.say.queried]
    query = {name: text for field in fields for name in parameters(field)}
    answer = here.client.get(f"/{word}/", query_string=query)
    assert answer.status_code == 200
    for name in ("page", "size", "sort"):
        assert here.client.get(f"/{word}/", query_string={name: text}).status_code == 200
    assert here.client.get(f"/{word}/", query_string={"unit": text}).status_code in (200, 404)
    assert here.client.get(f"/{word}/{text[:200]}").status_code in (200, 404)


@pytest.mark.parametrize("word", REGISTERS)
@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_in_every_field_is_refused_or_kept_as_text(
    app: Flask, world: World, word: str, nasty: str
) -> None:
    register = REGISTERS[word]
    here, text = keeper(app, world, word), encodable(NASTY[nasty])
    data = {field.name: text for field in register.fields}
    for part in register.part_lists():
        data |= {f"{part.name}-0-{field.name}": text for field in part.fields}
    before = count(app, register.model)
    answer = here.post(f"/{word}/new", data)
    assert answer.status_code == (413 if len(text) > 20_000 and len(data) > 25 else 422)
    assert "处需要改" in answer.text or "太大" in answer.text
    assert count(app, register.model) == before


@pytest.mark.parametrize("word", REGISTERS)
def test_nasty_text_in_one_field_at_a_time_never_breaks_an_edit(
    own_app: Flask, world: World, word: str
) -> None:
    """Each field by itself: either saved as the very text, or refused beside the field."""
    register, here = REGISTERS[word], keeper(own_app, world, word)
    record_id = first_id(own_app, register)
    token = here.token()
    for field in register.fields:
        for text in ("a\x00b", "长" * 21_000, "9" * 400, "=1+1", "<b>粗</b>", "👩‍⚖️"):
            data = {"csrf_token": token, "version": "1", field.name: text}
            answer = here.post(f"/{word}/{record_id}/edit", data, token=False)
            assert answer.status_code in (302, 409, 422), f"{field.name}: {answer.status_code}"
    assert "<b>粗</b>" not in here.get(f"/{word}/{record_id}").text


def test_pages_beyond_the_end_become_the_last_one(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    for page in ("1000000000", "0", "-3", "abc", "1e9"):
        assert here.get(f"/case/?page={page}&size=10").status_code == 200


def test_unknown_parameters_and_orders_are_ignored_and_said(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_city").get("/case/?foo=1&sort=brief").text
    assert "不认识的条件“foo”" in page
    assert "不能按这一列排序" in page


def test_a_post_without_a_token_or_with_a_replayed_one_is_refused(app: Flask, world: World) -> None:
    here, other = named(app, world, "office"), named(app, world, "director")
    before = count(app, Entry)
    assert here.post(f"/case/{world.case}/remove", token=False).status_code == 400
    answer = here.post(f"/case/{world.case}/remove", {"csrf_token": other.token()}, token=False)
    assert answer.status_code == 400
    assert "已经失效" in answer.text
    assert count(app, Entry) == before


def test_ten_megabytes_in_a_field_are_too_much(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    answer = here.post("/case/new", {"brief": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "太大" in answer.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_nothing(app: Flask, world: World, method: str) -> None:
    answer = getattr(named(app, world, "office").client, method)(f"/case/{world.case}")
    assert answer.status_code in (200, 405)
    assert len(answer.data) == 0 or answer.status_code == 405


@pytest.mark.parametrize("word", REGISTERS)
def test_ids_that_are_none_are_not_found(app: Flask, world: World, word: str) -> None:
    here = keeper(app, world, word)
    for record_id in ("0", "-1", str(2**31), str(2**63), "99999999999999999999", "1.0", "abc", "%00", "1;2"):
        for door in ("", "/edit", "/history"):
            assert here.get(f"/{word}/{record_id}{door}").status_code == 404


def test_a_back_address_cannot_lead_elsewhere(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    for back in (
        "_external=1&_scheme=javascript",
        "//evil.example",
        "https://evil.example/",
        "_anchor=x&a=b",
    ):
        page = here.client.get(f"/case/{world.case}", query_string={"back": back}).text
        assert 'href="javascript' not in page
        assert 'href="//evil' not in page
        assert 'href="https://evil' not in page


def test_a_stranger_to_the_panel_is_led_to_the_sign_in_page(app: Flask) -> None:
    stranger = browser(app)
    for url in (
        "/",
        "/case/",
        "/case/1",
        "/case/1/edit",
        "/log/",
        "/ledgers/case-register",
        "/case/look-up/committee_id",
    ):
        answer = stranger.get(url)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in/")


def test_a_thousand_lines_and_odd_line_numbers_are_read_or_refused(own_app: Flask, world: World) -> None:
    here = named(own_app, world, "office")
    lines = {f"parties-{index}-name": f"人{index}" for index in range(1000)}
    assert here.post("/case/new", lines).status_code == 422
    odd = {
        "parties-99999999-name": "a",
        "parties--1-name": "b",
        "parties-x-name": "c",
        "parties-0-record_id": "9" * 99,
    }
    assert here.post("/case/new", odd).status_code == 422
    forged = {"version": "1", "parties-0-record_id": "1", "parties-0-name": "别人案件的当事人"}
    assert here.post(f"/case/{world.township_case}/edit", forged).status_code in (302, 422)
