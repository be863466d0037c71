"""At the counter: a visit becomes a case, and oral cases are typed one by one or as a table."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.site import DESK, PHONE, Desk, Room


def faults(desk: Desk) -> list[str]:
    found = Axe().run(desk.page)
    return [each["id"] for each in found.response["violations"]]


def test_a_visit_becomes_a_case(room: Room) -> None:
    desk = room("owner")
    desk.open(f"/visit/{room.site.world.visit}")
    desk.press("转为案件")
    page = desk.page
    expect(page.locator('[name="parties-0-name"]')).to_have_value("丙某")
    expect(page.locator('[name="parties-0-phone"]')).to_have_value("138****2222")
    page.locator('[name="kind"]').select_option("2")
    desk.press("登记案件")
    desk.told("已转为案件")
    desk.sees("由来访转成")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_an_oral_case_is_typed_in_a_minute(room: Room, screen: dict[str, Any]) -> None:
    desk = room("owner", **screen)
    desk.open("/case/quick")
    page = desk.page
    for name, text in (
        ("applicant", "申某"),
        ("respondent", "被某"),
        ("brief", "为一棵树争吵"),
        ("agreement", "把树枝锯掉"),
    ):
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="kind"]').select_option("2")
    assert faults(desk) == []
    desk.press("登记")
    desk.sees("已登记 1 件")
    desk.sees("人调字")
    assert faults(desk) == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_table_is_filled_with_enter_and_grows(room: Room, screen: dict[str, Any]) -> None:
    desk = room("owner", **screen)
    desk.open("/case/quick/batch")
    page = desk.page
    desk.ready(page.get_by_role("button", name="添加一行")).click()
    expect(page.locator('[name="rows-5-applicant"]')).to_be_attached()
    assert faults(desk) == []
    page.locator('[name="rows-0-applicant"]').fill("申某")
    page.locator('[name="rows-0-applicant"]').press("Enter")
    expect(page.locator('[name="rows-0-applicant_phone"]')).to_be_focused()
    page.locator('[name="rows-0-respondent"]').fill("被某")
    desk.press("全部登记")
    desk.sees("处需要改")
    assert faults(desk) == []
    expect(page.locator('[name="rows-0-applicant"]')).to_have_value("申某")
    page.locator('[name="rows-0-kind"]').select_option("2")
    page.locator('[name="rows-0-brief"]').fill("为一棵树争吵")
    page.locator('[name="rows-0-agreement"]').fill("把树枝锯掉")
    desk.press("全部登记")
    desk.sees("已登记 1 件")
