"""The search box under the hands: keys alone, a slow answer, the phone, paper, and without script."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.site import PHONE, Desk, Room

pytestmark = pytest.mark.browser
ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)


def opened(desk: Desk, path: str = "/") -> Locator:
    """The box on some page, opened by its keys."""
    desk.open(path)
    desk.ready(desk.page.locator("[data-search-open][aria-haspopup]"))
    desk.page.keyboard.press("Control+k")
    box = desk.page.get_by_role("dialog", name="搜索").get_by_role("combobox")
    expect(box).to_be_focused()
    return box


def options(desk: Desk) -> Locator:
    return desk.page.get_by_role("dialog", name="搜索").get_by_role("option")


def test_keys_alone_lead_from_any_page_to_a_record(room: Room) -> None:
    desk = room("office")
    box = opened(desk, "/ledgers/")
    desk.page.keyboard.type("zw")
    expect(options(desk).filter(has_text="张伟").first).to_be_visible()
    expect(options(desk).locator("mark").first).to_have_text("张伟")
    expect(desk.page.get_by_role("status").filter(has_text="找到")).to_have_count(1)
    desk.page.keyboard.press("ArrowDown")
    chosen = options(desk).first
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(f"{room.site.url}/mediator/{room.site.world.mediator}")
    desk.sees("张伟")


@ON_SQLITE
def test_enter_opens_the_first_answer_even_before_it_has_come(room: Room) -> None:
    desk = room("office")
    opened(desk)
    desk.page.keyboard.type("转办")
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile("/referral/$"))


@ON_SQLITE
def test_home_and_end_go_to_the_ends_and_the_last_leads_to_all_results(room: Room) -> None:
    desk = room("office")
    box = opened(desk)
    desk.page.keyboard.type("甲某")
    expect(options(desk).filter(has_text="甲某").first).to_be_visible()
    desk.page.keyboard.press("Home")  # nothing is chosen yet: it is the text's
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("End")
    expect(options(desk).last).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("Home")
    expect(options(desk).first).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("ArrowUp")
    expect(options(desk).last).to_have_text("查看全部结果")
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(r"/search/\?q="))
    expect(desk.page.get_by_role("searchbox")).to_have_value("甲某")
    expect(desk.page.get_by_role("heading", name="案件")).to_be_visible()


@ON_SQLITE
def test_esc_shuts_the_box_keeps_the_words_and_gives_the_focus_back(room: Room) -> None:
    desk = room("office")
    case = f"/case/{room.site.world.case}/edit"
    desk.open(case)
    remark = desk.ready(desk.page.get_by_label("备注"))
    remark.fill("半句")
    desk.page.keyboard.press("Control+k")
    box = desk.page.get_by_role("dialog", name="搜索").get_by_role("combobox")
    desk.page.keyboard.type("查无此人")
    expect(options(desk)).to_have_text(re.compile("没有找到“查无此人”"))
    desk.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(remark).to_be_focused()
    expect(remark).to_have_value("半句")
    desk.page.keyboard.press("Control+k")
    expect(box).to_have_value("查无此人")
    desk.page.keyboard.press("Enter")  # nothing to open
    expect(box).to_have_value("查无此人")
    desk.page.keyboard.press("Escape")
    expect(desk.page).to_have_url(f"{room.site.url}{case}")


def answering(*, slow: str) -> Callable[[Route], None]:
    """Every question is answered with itself, but one only when the next has been."""
    waiting: list[Route] = []

    def answer(route: Route) -> None:
        typed = re.search("q=([a-z]+)", route.request.url)
        assert typed
        if typed[1] == slow:
            waiting.append(route)
            return
        line = {"url": "/case/", "label": [[typed[1], False]], "hint": []}
        group = {"label": "案件", "lines": [line], "more": False}
        route.fulfill(body=json.dumps({"groups": [group], "note": "", "all_url": None}))
        for each in waiting:
            each.fulfill(body=json.dumps({"groups": [], "note": "迟到的", "all_url": None}))

    return answer


@ON_SQLITE
def test_an_older_answer_never_takes_the_place_of_a_newer_one(room: Room) -> None:
    desk = room("office")
    desk.page.route("**/search/found*", answering(slow="old"))
    box = opened(desk)
    with desk.page.expect_request("**/search/found?q=old"):
        desk.page.keyboard.type("old")
    box.fill("new")
    expect(options(desk)).to_have_text(["new"])
    desk.page.wait_for_timeout(300)
    expect(options(desk)).to_have_text(["new"])


@ON_SQLITE
def test_a_server_that_does_not_answer_is_said_and_the_words_stay(room: Room) -> None:
    desk = room("office")
    desk.page.route("**/search/found*", lambda route: route.fulfill(status=200, body="not what was asked"))
    box = opened(desk)
    desk.page.keyboard.type("zw")
    expect(options(desk)).to_have_text(["暂时查不到，请稍后再试"])
    expect(box).to_have_value("zw")


@ON_SQLITE
def test_on_the_phone_an_icon_opens_it_over_the_whole_width(room: Room) -> None:
    desk = room("owner", **PHONE)
    desk.open("/")
    desk.ready(desk.page.get_by_role("link", name="找人找案")).click()
    dialog = desk.page.get_by_role("dialog", name="搜索")
    around = dialog.bounding_box()
    assert around
    assert around["width"] == 390
    desk.page.keyboard.type("甲某")
    options(desk).first.click()
    expect(desk.page).to_have_url(re.compile(r"/case/\d+"))


@ON_SQLITE
def test_without_script_the_link_leads_to_a_page_that_searches(room: Room) -> None:
    desk = room("office", java_script_enabled=False)
    desk.open("/case/")
    desk.page.get_by_role("link", name="找人找案", exact=True).click()
    box = desk.page.get_by_role("searchbox")
    box.fill("zhangwei")
    box.press("Enter")
    desk.page.get_by_role("link", name="张伟", exact=True).click()
    expect(desk.page).to_have_url(f"{room.site.url}/mediator/{room.site.world.mediator}")


@ON_SQLITE
def test_the_box_is_not_printed(room: Room) -> None:
    desk = room("office")
    opened(desk)
    desk.page.emulate_media(media="print")
    expect(desk.page.locator(".search-box")).to_be_hidden()
