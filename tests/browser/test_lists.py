"""The list at work: its state, its columns, its tree, its batch; and what leaves it as a file."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from tests.browser.site import Desk, Room

pytestmark = pytest.mark.browser
ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)


def rows(desk: Desk) -> Locator:
    return desk.page.locator("table.rows tbody tr")


def heading(desk: Desk, label: str) -> Locator:
    return desk.page.locator("table.rows thead").get_by_role("columnheader", name=label)


def test_the_list_is_found_again_as_it_was_left(room: Room) -> None:
    desk = room("office")
    desk.open("/committee/")
    desk.page.get_by_role("search").get_by_label("状态").select_option(label="正常")
    desk.press("搜索")
    desk.press("调委会名称")
    desk.press("10")
    expect(desk.page).to_have_url(re.compile("status=active.*sort=name.*size=10"))
    left = desk.path()
    rows(desk).first.get_by_role("link").first.click()
    desk.press("修改")
    desk.ready(desk.page.get_by_label("负责人")).fill("陈主任")
    desk.press("保存")
    desk.told("已保存。")
    desk.press("修改记录")
    desk.press("内容")
    desk.press("返回")
    expect(desk.page).to_have_url(f"{room.site.url}{left}")


@ON_SQLITE
def test_a_heading_sorts_and_sorts_the_other_way(room: Room) -> None:
    desk = room("bureau_city")
    desk.open("/mediator/")
    desk.press("姓名")
    expect(heading(desk, "姓名")).to_have_attribute("aria-sort", "ascending")
    first, last = rows(desk).first.inner_text(), rows(desk).last.inner_text()
    desk.press("姓名")
    expect(heading(desk, "姓名")).to_have_attribute("aria-sort", "descending")
    assert (rows(desk).first.inner_text(), rows(desk).last.inner_text()) == (last, first)


@ON_SQLITE
def test_pages_are_turned_and_their_size_is_chosen(room: Room) -> None:
    desk = room("bureau_city")
    desk.open("/case/")
    desk.press("10")
    expect(rows(desk)).to_have_count(10)
    desk.press("下一页")
    expect(desk.page).to_have_url(re.compile("page=2"))
    expect(rows(desk)).to_have_count(2)
    desk.ready(desk.page.get_by_label("跳至")).fill("1")
    desk.press("前往")
    expect(rows(desk)).to_have_count(10)
    expect(desk.page).to_have_url(re.compile("size=10"))


@ON_SQLITE
def test_the_chosen_columns_are_remembered_for_the_person(room: Room) -> None:
    desk = room("office")
    desk.open("/case/?stage=registered")
    desk.ready(desk.page.locator("summary", has_text="显隐列")).click()
    chooser = desk.page.locator(".popup[open]")
    chooser.get_by_label("纠纷类型").uncheck()
    chooser.get_by_label("调解地点").check()
    desk.press("保存", within=chooser)
    expect(heading(desk, "调解地点")).to_be_visible()
    expect(heading(desk, "纠纷类型")).to_have_count(0)
    expect(desk.page).to_have_url(re.compile("stage=registered"))
    elsewhere = room("office")
    elsewhere.open("/case/")
    expect(heading(elsewhere, "调解地点")).to_be_visible()
    colleague = room("director")
    colleague.open("/case/")
    expect(heading(colleague, "调解地点")).to_have_count(0)


@ON_SQLITE
def test_the_tree_of_units_narrows_the_list(room: Room) -> None:
    desk = room("bureau_county")
    desk.open("/case/")
    tree = desk.page.get_by_role("navigation", name="单位")
    desk.ready(tree.get_by_placeholder("找单位")).press_sequentially("城中")
    expect(tree.get_by_role("link", name="城中街道")).to_be_visible()
    expect(tree.get_by_role("link", name="城东街道")).to_be_hidden()
    tree.get_by_role("link", name="城中街道").click()
    expect(rows(desk)).to_have_count(1)
    expect(tree.get_by_role("link", name="城中街道")).to_have_attribute("aria-current", "true")
    expect(tree.get_by_role("link", name="杨思岭社区")).to_be_visible()
    tree.get_by_role("link", name="全部单位").click()
    expect(rows(desk)).not_to_have_count(1)


@ON_SQLITE
def test_a_batch_asks_before_it_removes(room: Room) -> None:
    desk, ids = room("office"), (room.site.world.unassigned_case, room.site.world.colleague_case)
    desk.open("/case/?stage=registered")
    remove = desk.ready(desk.page.locator("[data-batch]")).get_by_role("button", name="删除")
    expect(remove).to_be_disabled()
    for record_id in ids:
        desk.page.locator(f'[name="ids"][value="{record_id}"]').check()
    expect(desk.page.locator("[data-batch]")).to_contain_text("已选 2 条")
    remove.click()
    desk.agree("取消")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    remove.click()
    desk.agree("删除")
    desk.told("已删除 2 条。")
    expect(desk.page).to_have_url(re.compile(r"/case/\?stage=registered"))
    for record_id in ids:
        expect(desk.page.locator(f'[name="ids"][value="{record_id}"]')).to_have_count(0)


@ON_SQLITE
def test_everything_on_a_page_is_ticked_at_once(room: Room) -> None:
    desk = room("office")
    desk.open("/case/")
    desk.ready(desk.page.get_by_label("全选本页")).check()
    expect(desk.page.locator("[name=ids]:not(:checked)")).to_have_count(0)
    desk.page.locator("[name=ids]").first.uncheck()
    expect(desk.page.get_by_label("全选本页")).not_to_be_checked()


def test_the_ledger_of_the_list_is_downloaded_under_its_chinese_name(room: Room, tmp_path: Path) -> None:
    desk = room("office")
    desk.open(f"/case/{room.site.world.mediating_case}/edit?back=stage%3Dmediating")
    desk.ready(desk.page.get_by_label("受理日期")).fill("20260905")
    desk.press("保存")
    desk.press("返回")
    desk.press("导出台账")
    desk.sees("阶段：调解中")
    desk.ready(desk.page.get_by_label("下载用途")).fill("季度检查")
    with desk.page.expect_download() as waiting:
        desk.press("下载台账")
    assert re.fullmatch(r"[\w（）()《》-]*调解案件登记册[^%]*\.xlsx", waiting.value.suggested_filename)
    file = tmp_path / "book.xlsx"
    waiting.value.save_as(file)
    book = load_workbook(file)
    text = [str(value) for line in book.worksheets[0].iter_rows(values_only=True) for value in line if value]
    assert any("登记册" in each for each in text)
    assert any("甲某" in each for each in text)
