"""How pages look, on the desk, in the dark, on the phone and on paper; and whether everybody can use them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.site import DESK, PHONE, WIDE, Desk, Room

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("ground", ["sqlite"], indirect=True)]

SCREENS = (WIDE["viewport"], DESK["viewport"], PHONE["viewport"])
UPRIGHT, LANDSCAPE = 680, 1009  # pixels between the margins of an A4
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROLES = ("owner", "director", "office", "bureau_county", "inspector", "auditor", "sysadmin", "expert")


@dataclass(frozen=True)
class Look:
    """A kind of page: who sees it, where it is, and what brings it about."""

    who: str | None
    path: str
    status: int = 200
    act: Callable[[Desk], Any] = lambda desk: None


def _registered_empty(desk: Desk) -> None:
    desk.press("登记")
    expect(desk.page.get_by_role("alert")).to_be_visible()


def _opened(summary: str) -> Callable[[Desk], None]:
    def act(desk: Desk) -> None:
        desk.ready(desk.page.locator("summary", has_text=summary).first).click()

    return act


def _uploaded_nothing(desk: Desk) -> None:
    desk.press("检查并启用")
    expect(desk.page.get_by_role("alert")).to_be_visible()


def _asked(desk: Desk) -> None:
    desk.press("删除")
    expect(desk.page.get_by_role("dialog")).to_be_visible()


def _looked_up(desk: Desk) -> None:
    box = desk.ready(desk.page.locator('.lookup:has(> [name="committee_id"])')).get_by_role("combobox")
    box.press_sequentially("桃园")
    expect(desk.page.get_by_role("option", name=re.compile("桃园"))).to_be_visible()


def _searched(desk: Desk) -> None:
    desk.ready(desk.page.locator("[data-search-open]")).click()
    desk.page.keyboard.type("zw")
    expect(desk.page.get_by_role("option", name=re.compile("张伟")).first).to_be_visible()
    desk.page.keyboard.press("ArrowDown")


LOOKS = {
    "sign-in": Look(None, "/sign-in/"),
    "password": Look("owner", "/sign-in/password"),
    **{f"home of {who}": Look(who, "/") for who in ROLES},
    "list": Look("bureau_city", "/case/"),
    "list sorted, filtered, paged": Look("bureau_city", "/case/?kind=1&sort=registered_on&size=10"),
    "list of nothing": Look("office", "/case/?stage=declined"),
    "list with columns open": Look("office", "/committee/", act=_opened("显隐列")),
    "list of units": Look("sysadmin", "/unit/"),
    "list of codes": Look("sysadmin", "/code/"),
    "parameters": Look("sysadmin", "/parameter/now"),
    "parameter being changed": Look("sysadmin", "/parameter/new?setting=case_number"),
    "recycle bin": Look("office", "/case/bin"),
    "case": Look("office", "/case/{case}"),
    "record with a question": Look("office", "/mediator/{mediator}", act=_asked),
    "mediator": Look("director", "/mediator/{mediator}"),
    "mediator being unmasked": Look("director", "/mediator/{mediator}", act=_opened("查看")),
    "user": Look("sysadmin", "/user/{office}"),
    "form": Look("office", "/case/{case}/edit"),
    "form with answers below a box": Look("office", "/case/new", act=_looked_up),
    "form with errors": Look("office", "/case/new", act=_registered_empty),
    "long form": Look("bureau_city", "/committee/{village_committee}/edit"),
    "history": Look("office", "/case/{case}/history"),
    "log": Look("auditor", "/log/?register=unit"),
    "log verified": Look("auditor", "/log/verify?register=case"),
    "notices": Look("office", "/notices/"),
    "inbox of what is late": Look("director", "/inbox/late"),
    "list of what waits": Look("office", "/referral/?todo=receive"),
    "batch of a step": Look("office", "/referral/batch-step/receive?ids={sent_referral}"),
    "batch of assignments": Look("director", "/case/batch-step/assign?ids={case},{mediating_case}"),
    "look-back on a committee": Look("director", "/committee/{village_committee}"),
    "figures": Look("bureau_county", "/figures/?year=2026"),
    "figures as of a day": Look("office", "/figures/?year=2026&as_of=2026-06-30"),
    "figures of organisations": Look("bureau_county", "/figures/organisation"),
    "charts": Look("bureau_county", "/figures/charts?year=2026"),
    "charts with a table open": Look("office", "/figures/charts?year=2026", act=_opened("看表格")),
    "charts of one's own": Look("owner", "/figures/charts?year=2026"),
    "charts of nothing": Look("office", "/figures/charts?year=1990"),
    "brief": Look("bureau_county", "/figures/brief?year=2026&part=year"),
    "brief of nothing": Look("director", "/figures/brief?year=1990&part=month3"),
    "search box": Look("office", "/case/", act=_searched),
    "search": Look("bureau_city", "/search/?q=zw"),
    "search of nothing": Look("office", "/search/?q=查无此人"),
    "search without a question": Look("expert", "/search/"),
    "cases behind a figure": Look("office", "/figures/cases?figure=total"),
    "standard": Look("owner", "/standard/{standard}"),
    "standard being drafted": Look("bureau_county", "/standard/{draft_standard}/edit"),
    "dry run of a standard": Look("bureau_county", "/standard/{draft_standard}/trial"),
    "dry run of one": Look("bureau_county", "/standard/{draft_standard}/trial/{mediator}"),
    "ledgers": Look("office", "/ledgers/"),
    "ledger": Look("office", "/ledgers/case-register?stage=mediating"),
    "inspection": Look("office", "/ledgers/inspection"),
    "ledger being checked": Look("auditor", "/log/check"),
    "areas": Look("bureau_county", "/areas/"),
    "meetings of a month": Look("bureau_county", "/meetings/"),
    "meeting": Look("office", "/meeting/{meeting}"),
    "meeting being held": Look("office", "/meeting/{meeting}/step/hold"),
    "circular": Look("director", "/circular/{circular}"),
    "receipts of a circular": Look("bureau_county", "/circular/{circular}/board"),
    "report of a major dispute": Look("director", "/major_report/{major_report}"),
    "major dispute being reported": Look("owner", "/major_report/{major_report}/step/report"),
    "papers of a case": Look("owner", "/case/{archived_case}/papers"),
    "templates": Look("bureau_county", "/templates/"),
    "template": Look("bureau_county", "/templates/agreement"),
    "template refused": Look("bureau_county", "/templates/agreement", act=_uploaded_nothing),
    "warnings": Look("bureau_county", "/warning/"),
    "warning": Look("office", "/warning/{warning}"),
    "warning being handled": Look("office", "/warning/{warning}/step/handle"),
    "warning rules": Look("bureau_county", "/warning_rule/"),
    "warning rule": Look("bureau_county", "/warning_rule/{warning_rule}"),
    "warning rule being added": Look("bureau_county", "/warning_rule/new"),
    "dry run of a warning rule": Look("bureau_county", "/warning_rule/{warning_rule}/trial"),
    "urgings": Look("bureau_county", "/urging/"),
    "urging": Look("bureau_county", "/urging/{urging}"),
    "accountability": Look("bureau_county", "/accountability/?year=2026"),
    "network": Look("bureau_county", "/network/?year=2018"),
    "studios": Look("bureau_county", "/network/studios"),
    "norms and terms": Look("bureau_county", "/network/norms"),
    "committees behind a norm": Look("bureau_county", "/network/committees?figure=rooms"),
    "staffing targets": Look("bureau_county", "/staffing_target/"),
    "staffing target": Look("bureau_county", "/staffing_target/{staffing_target}"),
    "staffing target being added": Look("bureau_county", "/staffing_target/new"),
    "assessments": Look("bureau_county", "/assessment/"),
    "assessment": Look("bureau_county", "/assessment/{assessment}"),
    "assessment being added": Look("office", "/assessment/new"),
    "typical cases": Look("bureau_county", "/typical_case/"),
    "typical case": Look("bureau_county", "/typical_case/{typical_case}"),
    "typical case being written": Look("director", "/typical_case/{typical_case}/edit"),
    "typical case being read": Look("director", "/typical_case/{typical_case}/read"),
    "publicity": Look("office", "/publicity/{publicity}"),
    "publicity being added": Look("office", "/publicity/new"),
    "not allowed": Look("office", "/log/", 403),
    "not found": Look("office", "/case/99999", 404),
    "not now": Look("office", "/case/{archived_case}/edit", 409),
}


def show(room: Room, look: Look) -> Desk:
    """The page as it is to be looked at."""
    desk = room(look.who)
    assert desk.open(look.path.format(**vars(room.site.world))).status == look.status
    look.act(desk)
    return desk


def faults(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by all its rules or by those named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"runOnly": list(rules)} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **only})
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("name", LOOKS)
def test_everybody_can_use_the_page_in_any_light_and_it_never_scrolls_sideways(
    reading_room: Room, name: str
) -> None:
    desk = show(reading_room, LOOKS[name])
    assert faults(desk.page) == []
    desk.page.emulate_media(color_scheme="dark")
    assert faults(desk.page, "color-contrast") == []
    for screen in SCREENS:
        desk.page.set_viewport_size(screen)
        assert desk.page.evaluate(TOO_WIDE) <= 0, f"{screen['width']} wide"
    assert faults(desk.page) == []  # on the phone, in the dark


def test_the_conflict_page_is_usable_by_everybody(room: Room) -> None:
    path = f"/case/{room.site.world.case}/edit"
    desks = room("director"), room("office")
    for number, desk in enumerate(desks):
        desk.open(path)
        desk.ready(desk.page.get_by_label("纠纷简要情况")).fill(f"第 {number} 人写的")
    for desk in desks:
        desk.press("保存")
    desk.told("也改过")
    assert faults(desk.page) == []
    desk.page.set_viewport_size(PHONE["viewport"])
    desk.page.emulate_media(color_scheme="dark")
    assert faults(desk.page) == []


def test_a_temporary_password_is_shown_once(room: Room) -> None:
    desk = room("sysadmin")
    desk.open(f"/user/{room.site.world.office}")
    desk.press("重设密码")
    desk.agree("重设密码")
    secret = desk.ready(desk.page.locator("output.secret")).inner_text()
    assert len(secret) >= 12
    assert faults(desk.page) == []
    desk.press("抄好了，返回")
    expect(desk.page.get_by_text(secret)).to_have_count(0)


def test_the_look_is_changed_by_a_button_and_stays(reading_room: Room) -> None:
    desk = reading_room("office")
    desk.open("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = desk.page.evaluate(ground)
    switch = desk.ready(desk.page.locator("[data-theme-switch]"))
    while "深色" not in switch.inner_text():
        switch.click()
    assert desk.page.evaluate(ground) != light
    desk.open("/case/")
    assert desk.page.evaluate(ground) != light
    expect(desk.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_phone_has_a_drawer_a_sheet_and_cards(reading_room: Room) -> None:
    desk = reading_room("bureau_county", **PHONE)
    desk.open("/case/")
    page = desk.page
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()
    desk.press("菜单")
    expect(menu).to_be_visible()
    desk.press("关闭", within=menu)
    expect(menu).to_be_hidden()
    desk.press("全部单位", within=page.locator(".toolbar"))
    units = page.get_by_role("navigation", name="单位")
    expect(units).to_be_visible()
    units.get_by_role("link", name="城东街道").click()
    expect(page).to_have_url(re.compile("unit="))
    expect(units).to_be_hidden()
    card = page.locator("table.rows tbody tr").first
    expect(page.locator("table.rows thead")).to_be_hidden()
    assert card.locator("td:visible").count() <= 4
    box = card.bounding_box()
    assert box
    assert box["width"] <= 390
    toolbar = page.locator(".list .toolbar").bounding_box()
    assert toolbar
    assert round(toolbar["y"] + toolbar["height"]) == 844


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("list", LANDSCAPE),
        ("case", UPRIGHT),
        ("mediator", UPRIGHT),
        ("history", UPRIGHT),
        ("network", UPRIGHT),
        ("norms and terms", UPRIGHT),
        ("accountability", UPRIGHT),
        ("assessment", UPRIGHT),
        ("typical case being read", UPRIGHT),
        ("search", UPRIGHT),
    ],
)
def test_paper_shows_the_whole_record_and_nothing_to_click(reading_room: Room, name: str, width: int) -> None:
    desk = show(reading_room, LOOKS[name])
    desk.page.emulate_media(media="print", color_scheme="dark")
    desk.page.set_viewport_size({"width": width, "height": 900})
    assert desk.page.evaluate(TOO_WIDE) <= 0
    for furniture in (".sidebar", ".topbar", ".toolbar", ".units", ".query", ".pager", ".tabs", "button"):
        expect(desk.page.locator(furniture).locator("visible=true")).to_have_count(0)
    expect(desk.page.locator("h1")).to_be_visible()
    assert desk.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert desk.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
