"""A half-year's evaluation as people live it: drawn, scored on one sheet, published, appealed, answered."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.site import Desk, Room
from tests.browser.test_life import take
from tests.world import World

pytestmark = pytest.mark.browser


def faults(desk: Desk) -> list[str]:
    return [each["id"] for each in Axe().run(desk.page).response["violations"]]


def of(desk: Desk, who: str) -> Locator:
    """Somebody's row of the scoring sheet."""
    return desk.page.locator("table.scores tbody tr").filter(has_text=who)


def test_a_half_year_goes_round(room: Room, world: World) -> None:
    bureau, office, owner = room("bureau_county"), room("office"), room("owner")
    plan = f"/evaluation_plan/{world.evaluation_plan}"
    bureau.open(plan)
    take(bureau, "取数")

    office.open(f"{plan}/sheet")
    assert faults(office) == []
    first = of(office, "张伟").locator("td.mark input").first
    first.fill("31")
    first.press("ArrowDown")
    expect(of(office, "刘洋").locator("td.mark input").first).to_be_focused()
    office.press("保存评分")
    expect(of(office, "张伟").locator(".error")).to_have_text(re.compile("最多 30 分"))
    expect(of(office, "张伟").locator("td.mark input").first).to_have_value("31")
    assert faults(office) == []
    _score(office, "张伟", "刘洋", "赵强")
    office.told("已保存 3 份评分")

    bureau.open(f"{plan}/sheet?unit={world.other_township}")
    _score(bureau, "孙明")
    bureau.told("已保存 1 份评分")
    bureau.open(plan)
    take(bureau, "公布")
    assert faults(bureau) == []

    owner.open("/evaluation/")
    owner.page.locator("tbody tr").filter(has_text="已公布").get_by_role("link").first.click()
    owner.sees("合计")
    address: Any = owner.page.url
    take(owner, "申诉", appeal="建档立卡少算了两件")
    mine = "/" + address.split("/", 3)[3].split("?")[0]

    bureau.open(f"{mine}/step/answer")
    row = bureau.page.locator("form[data-main] tbody tr").filter(has_text="建档立卡")
    row.locator('input[name$="-corrected"]').fill("30")
    row.locator('input[name$="-reason"]').fill("两件补录，核对属实")
    bureau.page.locator('[name="answer"]').fill("补录属实，改为满分")
    bureau.page.locator("form[data-main] button.primary").click()
    bureau.told("已答复申诉")
    owner.open(mine)
    owner.sees("终定")
    owner.sees("两件补录，核对属实")


def _score(desk: Desk, *people: str) -> None:
    """Marks and votes for each, and one press for all."""
    for who in people:
        row = of(desk, who)
        row.locator("td.mark input").first.fill("28")
        row.locator("td.vote input").first.fill("9")
    desk.press("保存评分")
