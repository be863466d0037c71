"""Signing in and out with the real form."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import PHONE, Room
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


def test_a_person_signs_in_works_and_signs_out(room: Room) -> None:
    desk = room(None)
    desk.open("/case/?stage=registered")
    expect(desk.page.get_by_label("用户名")).to_be_focused()
    desk.page.keyboard.type("office")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/case/?stage=registered")
    desk.page.get_by_label("我的账号").click()
    desk.press("退出")
    expect(desk.page).to_have_url(f"{room.site.url}/sign-in/")
    desk.open("/case/")
    expect(desk.page.get_by_role("heading", name="和事台")).to_be_visible()


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_wrong_password_is_said_and_the_name_stays(room: Room) -> None:
    desk = room(None, **PHONE)
    desk.open("/sign-in/")
    desk.page.get_by_label("用户名").fill("office")
    desk.page.get_by_label("密码").fill("wrong")
    desk.press("登录")
    expect(desk.page.get_by_role("alert")).to_contain_text("用户名或密码")
    expect(desk.page.get_by_label("用户名")).to_have_value("office")
    expect(desk.page.get_by_label("密码")).to_have_value("")
