"""A day at the door of a training: scans by keyboard, one after the other, and on a telephone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.site import DESK, PHONE, Room


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_people_sign_in_one_after_the_other(room: Room, screen: dict[str, Any]) -> None:
    desk = room("bureau_county", **screen)
    desk.open(f"/training/{room.site.world.planned_training}/scan")
    page, answer = desk.page, desk.page.locator(".scan-answer")
    place = desk.ready(page.locator("#text"))
    for typed in ("张伟", "没有这个人"):
        place.fill(typed)
        place.press("Enter")
    expect(answer).to_contain_text("没有找到")
    expect(place).to_be_focused()
    expect(page.locator(".scan-latest")).to_contain_text("张伟")
    place.fill("13857912345")
    place.press("Enter")
    answer.get_by_role("button", name="刘洋").click()
    expect(answer).to_contain_text("已加上")
    answer.get_by_role("button", name="撤销").click()
    expect(answer).to_contain_text("已撤销签到")
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []


def test_a_scan_waits_while_the_net_is_away(room: Room) -> None:
    desk = room("bureau_county")
    desk.open(f"/training/{room.site.world.planned_training}/scan")
    page = desk.page
    place = desk.ready(page.locator("#text"))
    page.context.set_offline(True)
    place.fill("张伟")
    place.press("Enter")
    expect(page.locator("[data-scan-waiting]")).to_contain_text("还有 1 个没有登记")
    page.context.set_offline(False)
    expect(page.locator(".scan-answer")).to_contain_text("张伟", timeout=20_000)
    expect(page.locator("[data-scan-waiting]")).to_be_hidden()


def test_a_file_is_shown_and_printed(room: Room) -> None:
    desk = room("office")
    desk.open(f"/mediator/{room.site.world.mediator}/file")
    desk.sees("人民调解员档案")
    assert [each["id"] for each in Axe().run(desk.page).response["violations"]] == []
