"""A roster from an old book is brought in by hand, from the template to the undoing, on desk and phone."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.site import DESK, PHONE, Desk, Room
from tests.workbooks import xlsx

ROWS = [
    ["桃园社区人民调解员名册"],
    ["姓名", "性别", "专兼职", "职务", "手机", "调委会"],
    ["王小明", "男", "兼职", "委员", "13857900010", "桃园社区"],
]


def faults(desk: Desk) -> list[str]:
    found = Axe().run(desk.page)
    return [each["id"] for each in found.response["violations"]]


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_roster_is_brought_in_and_taken_back(room: Room, screen: dict[str, Any], tmp_path: Path) -> None:
    desk = room("director", **screen)
    page = desk.page
    desk.open("/imports/")
    assert faults(desk) == []
    page.get_by_role("link", name="人民调解员名册").click()
    assert faults(desk) == []

    bad = tmp_path / "错.xlsx"
    bad.write_bytes(xlsx([*ROWS[:2], ["王小明", "不知道", "兼职", "委员", "12", "桃园社区"]]))
    page.locator('[name="file"]').set_input_files(bad)
    desk.press("看预览")
    desk.sees("有问题 1")
    desk.sees("这些说法是什么意思")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    assert faults(desk) == []

    good = tmp_path / "名册.xlsx"
    good.write_bytes(xlsx(ROWS))
    page.get_by_role("link", name="重新上传").click()
    page.locator('[name="file"]').set_input_files(good)
    desk.press("看预览")
    desk.sees("新增 1")
    assert faults(desk) == []
    desk.press("确认导入")
    desk.told("已导入")
    assert faults(desk) == []
    desk.press("撤销这一批")
    desk.agree("撤销这一批")
    desk.told("已撤销")
