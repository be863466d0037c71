"""The public window as a villager meets it on a telephone, from the administrator's switch to the answer."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.units import Unit
from admin_app.models.visits import Visit
from admin_app.operations import puzzles, window
from tests.browser.site import DESK, PHONE, Desk, Room
from tests.browser.test_looks import TOO_WIDE, faults
from tests.databases import SEAL
from tests.world import World

pytestmark = pytest.mark.browser


def opened(room: Room) -> None:
    """As the administrator does it."""
    desk = room("sysadmin")
    desk.open("/parameter/new?setting=window_open")
    desk.ready(desk.page.get_by_label("值")).fill("是")
    desk.press("添加")
    expect(desk.page.get_by_text("开放群众窗口").first).to_be_visible()


def way(session: Session, world: World) -> list[str]:
    """The names of the units from the county to the village of the world's visit."""
    unit = session.get_one(Unit, session.get_one(Visit, world.visit).unit_id)
    return [each.name for each in window.above(session, unit)[1:]] + [unit.name]


def solve(desk: Desk) -> None:
    puzzle = desk.page.locator('[name="puzzle"]').input_value()
    desk.page.get_by_label("验证码").fill(puzzles.answer(SEAL.decode(), puzzle))


def usable(desk: Desk) -> None:
    assert faults(desk.page) == []
    assert desk.page.evaluate(TOO_WIDE) <= 0
    desk.page.emulate_media(color_scheme="dark")
    assert faults(desk.page, "color-contrast") == []
    desk.page.emulate_media(color_scheme="light")


def test_a_villager_applies_on_a_telephone_and_asks_how_it_stands(
    room: Room, session: Session, world: World
) -> None:
    villages = way(session, world)
    session.commit()
    opened(room)
    desk = room(None, **PHONE)
    desk.open("/window/")
    usable(desk)
    desk.page.get_by_role("link", name="申请调解").click()
    for name in villages:
        usable(desk)
        desk.page.get_by_role("link", name=name, exact=True).click()
    desk.page.get_by_role("link", name=re.compile("^就向")).click()
    usable(desk)
    desk.press("提交申请")
    expect(desk.page.get_by_role("alert")).to_be_visible()
    usable(desk)
    for label, text in (("您的姓名", "申某某"), ("您的电话", "13857977321"), ("什么事", "楼上漏水")):
        desk.page.get_by_label(label).fill(text)
    desk.page.get_by_label("我同意").check()
    solve(desk)
    desk.press("提交申请")
    code = desk.ready(desk.page.locator(".secret")).inner_text()
    usable(desk)
    assert (
        session.scalar(select(Visit.phone).where(Visit.query_code == code.replace(" ", ""))) == "13857977321"
    )
    session.commit()
    desk.page.get_by_role("link", name="查询进度").click()
    desk.page.get_by_label("查询码").fill(code)
    desk.page.get_by_label("电话后四位").fill("7321")
    usable(desk)
    solve(desk)
    desk.press("查询")
    expect(desk.page.get_by_role("heading", name="已收到，等待处理")).to_be_visible()
    expect(desk.page.get_by_text("申某某")).to_have_count(0)
    usable(desk)
    director = room("director", **DESK)
    director.open("/")
    expect(director.page.get_by_role("heading", name=re.compile("网上申请待处理"))).to_be_visible()
