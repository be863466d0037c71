"""A circular is sent, signed and counted; what a meeting asks for is found in the inbox and done."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from admin_app.rules.dates import today
from tests.browser.filling import choose
from tests.browser.site import DESK, PHONE, Desk, Room

pytestmark = pytest.mark.browser
TITLE = "关于节前集中排查的通知"
TASK = "逐户走访，形成情况报告"


def faults(desk: Desk) -> list[str]:
    return [each["id"] for each in Axe().run(desk.page).response["violations"]]


def usable(desk: Desk) -> None:
    """On the desk and on a phone: nothing wrong, nothing to scroll sideways."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for screen in (DESK, PHONE):
        desk.page.set_viewport_size(screen["viewport"])
        assert faults(desk) == []
        assert desk.page.evaluate(wide) <= 0
    desk.page.set_viewport_size(DESK["viewport"])


def test_a_circular_is_sent_signed_and_shown_on_the_board(room: Room) -> None:
    county, world = room("bureau_county"), room.site.world
    county.open("/circular/new")
    page = county.page
    expect(page.locator('[name="unit_id"]')).to_have_value(str(world.county))  # one's own unit sends
    page.locator('[name="title"]').fill(TITLE)
    page.locator('[name="kind"]').select_option("04")
    page.locator('[name="text"]').fill("请各单位于节前完成集中排查。")
    county.press("添加接收单位")
    name = page.locator('[name^="recipients-"][name$="-unit_id"]').first.get_attribute("name")
    assert name
    choose(page.locator("form[data-main]"), name, world.township, "城东街道")
    page.locator(f'[name="{name.removesuffix("unit_id")}whole"]').check()
    county.press("起草")
    county.press("发出")
    county.press("发出", within=page.locator("form[data-main]"))
    county.told("发出")
    address = county.path()

    director = room("director", **PHONE)
    director.open(address)
    director.press("签阅")
    director.agree("签阅")
    director.told("已签阅")

    county.open(f"{address}/board?which=read")
    county.sees("director")
    usable(county)
    county.open(f"{address}/board")
    expect(page.get_by_role("link", name="提醒未签阅的单位")).to_be_visible()
    usable(county)


def test_what_a_meeting_asks_for_is_in_the_inbox_and_done(room: Room) -> None:
    office, world = room("office"), room.site.world
    office.open(f"/meeting/{world.meeting}")
    office.press("登记召开")
    page = office.page
    page.locator('[name="minutes"]').fill("一、通报上月情况。\n二、研判重点纠纷。")
    office.press("登记召开", within=page.locator("form[data-main]"))
    office.press("交办任务")
    page.locator('[name="tasks-0-what"]').fill(TASK)
    choose(page.locator("form[data-main]"), "tasks-0-unit_id", world.village, "桃园社区")
    page.locator('[name="tasks-0-due_on"]').fill(f"{today() + timedelta(days=7):%Y%m%d}")
    office.press("交办任务", within=page.locator("form[data-main]"))
    office.sees(TASK)
    expect(page.locator(".page-head .primary")).to_have_text("交办任务")  # it cannot be closed yet
    usable(office)

    director = room("director")
    director.open("/")
    director.ready(director.page.get_by_role("link", name=re.compile(TASK)).first).click()
    director.press("完成")
    director.page.locator('[name="result"]').fill("已走访，没有新的矛盾。")
    director.press("完成", within=director.page.locator("form[data-main]"))
    director.sees("已完成")
    usable(director)

    office.open(f"/meeting/{world.meeting}")
    expect(page.locator(".page-head .primary")).to_have_text("办结")
