"""On a phone: a mediator reports nought with two taps, another reports a find that becomes a case."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.site import DESK, PHONE, Desk, Room

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("ground", ["sqlite"], indirect=True)]


def faults(desk: Desk) -> list[str]:
    return [each["id"] for each in Axe().run(desk.page).response["violations"]]


def test_nought_is_two_taps(room: Room) -> None:
    desk = room("owner", **PHONE)
    desk.open(f"/screening/{room.site.world.screening}/step/report")
    assert faults(desk) == []
    desk.press("零报告")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    desk.page.get_by_role("dialog").locator("button.primary").click()
    desk.told("已零报告")


def test_a_find_is_typed_on_a_phone_and_becomes_a_case(room: Room) -> None:
    desk = room("colleague", **PHONE)
    desk.open(f"/screening/{room.site.world.screening}/step/report")
    page = desk.page
    for name, text in (
        ("persons", "赵六、钱七"),
        ("place", "村东水渠"),
        ("story", "为放水先后争吵"),
        ("responsible", "刘洋"),
    ):
        page.locator(f'[name="finds-0-{name}"]').fill(text)
    page.locator('[name="finds-0-kind"]').select_option("2")
    desk.press("报告发现")
    desk.told("已报告")
    page.get_by_role("link", name="赵六、钱七").first.click()
    desk.press("转为案件")
    desk.press("登记案件")
    desk.told("已转为案件")
    desk.sees("由排查发现转成")


@pytest.mark.parametrize(("screen", "dark"), [(DESK, False), (DESK, True), (PHONE, False)])
def test_everybody_can_use_the_board(room: Room, screen: dict, dark: bool) -> None:
    desk = room("office", dark=dark, **screen)
    desk.open("/screenings/?year=2026&part=year")
    assert faults(desk) == []
