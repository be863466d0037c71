"""The ledgers page at work: found by pinyin, starred, looked at, downloaded; without script too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.site import PHONE, Room
from tests.browser.test_looks import faults
from tests.made_ledgers import FAULT, shelved

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("ground", ["sqlite"], indirect=True)]


@pytest.fixture(autouse=True)
def made() -> Iterator[None]:
    with shelved():
        yield


def test_the_shelf_sifts_while_one_types_and_a_star_comes_first(room: Room) -> None:
    desk = room("office")
    desk.open("/ledgers/")
    desk.ready(desk.page.get_by_role("textbox", name="找台账")).press_sequentially("zzzz")
    expect(desk.page.locator(".ledgers > li:visible")).to_have_count(0)
    desk.page.get_by_role("textbox", name="找台账").fill("tjajtzs")
    expect(desk.page.locator(".ledgers > li:visible")).to_have_count(1)
    desk.press("收藏调解案件通知书")
    desk.told("已收藏")
    expect(desk.page.locator("main h2").first).to_have_text("收藏")


def test_another_period_or_unit_shows_at_once_what_the_sheet_will_be(room: Room, tmp_path: Path) -> None:
    desk = room("bureau_county")
    desk.open("/ledgers/case-register")
    count = desk.ready(desk.page.locator("#count"))
    expect(count).to_contain_text("共 7 件")
    desk.page.get_by_label("下载用途").fill("季度检查")
    desk.page.get_by_label("季度", exact=True).check()
    desk.page.get_by_label("第几季度").select_option(label="第一季度")
    expect(count).to_contain_text("共 0 件")
    expect(desk.page.locator(".sheet-look")).to_contain_text("本期没有符合条件的记录")
    desk.page.get_by_label("第几季度").select_option(label="第三季度")
    expect(count).to_contain_text("共 7 件")
    desk.page.get_by_role("navigation", name="单位").get_by_role("link", name="城东街道").click()
    expect(desk.page).to_have_url(re.compile("unit=.*span_quarter=3"))
    expect(desk.page.locator(".sheet-look")).to_contain_text("城东街道")
    desk.ready(desk.page.get_by_label("下载用途")).fill("季度检查")
    with desk.page.expect_download() as waiting:
        desk.press("下载台账")
    file = tmp_path / "book.xlsx"
    waiting.value.save_as(file)
    assert "2026年第三季度" in waiting.value.suggested_filename
    assert "2026年第三季度" in str(load_workbook(file).active["A2"].value)


def test_faults_are_ticked_before_the_download(room: Room) -> None:
    desk = room("office")
    desk.open("/ledgers/test-statistics?span=year&span_year=2026")
    desk.sees(FAULT)
    assert faults(desk.page) == []
    desk.press("下载台账")
    expect(desk.page.get_by_role("alert")).to_contain_text("核对不符")
    desk.ready(desk.page.get_by_label("我已核对以上问题，仍要下载")).check()
    with desk.page.expect_download():
        desk.press("下载台账")


def test_the_phone_finds_a_unit_by_looking_it_up(room: Room) -> None:
    desk = room("bureau_county", **PHONE)
    desk.open("/ledgers/case-register")
    expect(desk.page.get_by_role("navigation", name="单位")).to_be_hidden()
    box = desk.ready(desk.page.get_by_role("combobox", name="单位"))
    box.press_sequentially("城中")
    desk.page.get_by_role("option", name=re.compile("城中街道")).click()
    expect(desk.page.locator(".sheet-look")).to_contain_text("城中街道")
    assert faults(desk.page) == []


def test_it_works_without_script(room: Room) -> None:
    desk = room("office", java_script_enabled=False)
    desk.open("/ledgers/case-register")
    desk.page.get_by_label("年", exact=True).check()
    desk.page.get_by_role("button", name="预览").click()
    expect(desk.page.locator(".sheet-look")).to_contain_text("期间：2026年")
    with desk.page.expect_download():
        desk.page.get_by_role("button", name="下载台账").click()


def test_an_inspection_takes_all_of_them(room: Room) -> None:
    desk = room("office")
    desk.open("/ledgers/")
    desk.press("检查打包")
    desk.ready(desk.page.get_by_label("全部", exact=True)).check()
    expect(desk.page.locator("[name=names]:not(:checked)")).to_have_count(0)
    desk.page.get_by_label("下载用途").fill("年度检查")
    with desk.page.expect_download() as waiting:
        desk.press("打包下载")
    assert waiting.value.suggested_filename.endswith(".zip")


def test_the_auditor_checks_a_file(room: Room, tmp_path: Path) -> None:
    office = room("office")
    office.open("/ledgers/case-register")
    with office.page.expect_download() as waiting:
        office.press("下载台账")
    waiting.value.save_as(tmp_path / "book.xlsx")
    desk = room("auditor")
    desk.open("/log/check")
    desk.ready(desk.page.get_by_label("台账文件")).set_input_files(tmp_path / "book.xlsx")
    desk.press("核对")
    desk.told("与下载记录一致")
    assert faults(desk.page) == []


def test_a_unit_of_a_branch_that_is_not_open_is_found_too(room: Room) -> None:
    desk = room("bureau_county")
    desk.open("/ledgers/case-register")
    tree = desk.page.get_by_role("navigation", name="单位")
    expect(tree.get_by_role("link", name="桃园社区")).to_have_count(0)
    desk.ready(tree.get_by_label("在树里找单位")).press_sequentially("桃园")
    expect(tree.get_by_role("status")).to_contain_text("没有展开的单位里还有 2 个")
    assert faults(desk.page) == []
    tree.get_by_role("link", name=re.compile("^桃园社区 城东街道")).click()
    expect(desk.page).to_have_url(re.compile("unit="))
    expect(desk.page.locator(".sheet-look")).to_contain_text("桃园社区")
    tree.get_by_label("在树里找单位").fill("没有这个")
    expect(tree.get_by_role("status")).to_contain_text("没有找到这样的单位")
