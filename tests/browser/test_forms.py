"""Forms under the hands: look-ups, typed dates, keys, two people at once, a second click too many."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.filling import choose
from tests.browser.site import PHONE, Desk, Room

pytestmark = pytest.mark.browser
ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)


def new_case(desk: Desk) -> Locator:
    """The form of a new case, with everything in it that it cannot do without."""
    desk.open("/case/new")
    form = desk.ready(desk.page.locator("form[data-main]"))
    choose(form, "committee_id", desk.site.world.village_committee, "桃园社区人民调解委员会")
    form.locator('[name="registered_on"]').fill("20260901")
    for name in ("kind", "source"):
        form.locator(f'[name="{name}"]').select_option(index=1)
    form.get_by_label("纠纷简要情况").fill("为了一堵墙")
    for number, name in enumerate(("甲方", "乙方")):
        form.locator(f'[name="parties-{number}-side"]').select_option(index=number + 1)
        form.locator(f'[name="parties-{number}-name"]').fill(name)
    return form


def count(desk: Desk) -> int:
    """How many cases the list holds."""
    desk.open("/case/")
    found = re.search(r"共 (\d+) 条", desk.page.get_by_role("navigation", name="翻页").inner_text())
    assert found
    return int(found[1])


def test_two_people_change_one_record_and_the_second_chooses(room: Room) -> None:
    case = f"/case/{room.site.world.case}"
    mine, theirs = room("office"), room("director")
    for desk, brief in ((theirs, "主任写的"), (mine, "司法所写的")):
        desk.open(f"{case}/edit")
        desk.ready(desk.page.get_by_label("纠纷简要情况")).fill(brief)
    theirs.page.get_by_label("备注").fill("村委会")
    mine.page.get_by_label("涉及人数").fill("9")
    theirs.press("保存")
    theirs.told("已保存。")
    mine.press("保存")
    mine.told("也改过")
    table = mine.page.get_by_role("region", name="两边不同的内容")
    for words in ("司法所写的", "主任写的"):
        expect(table).to_contain_text(words)
    table.get_by_label("主任写的").check()
    mine.press("按选定的保存")
    mine.told("已保存。")
    for words in ("主任写的", "村委会", "9"):
        mine.sees(words)


@ON_SQLITE
def test_a_committee_is_found_by_its_pinyin_initials(room: Room) -> None:
    desk = room("office")
    desk.open("/case/new")
    form = desk.ready(desk.page.locator("form[data-main]"))
    title = "桃园社区人民调解委员会"
    choose(form, "committee_id", room.site.world.village_committee, title, typed="tysq")
    box = form.locator('.lookup:has(> [name="committee_id"])').get_by_role("combobox")
    box.fill("没有这样的")
    desk.sees("没有找到")
    box.press("Tab")
    expect(box).to_have_value(title)


@ON_SQLITE
def test_another_township_is_not_offered(room: Room) -> None:
    desk = room("office")
    desk.open("/case/new")
    box = desk.ready(desk.page.locator('.lookup:has(> [name="committee_id"])')).get_by_role("combobox")
    box.press_sequentially("王坦")
    desk.sees("没有找到")


@ON_SQLITE
def test_a_date_is_typed_as_people_write_it(room: Room) -> None:
    desk = room("office")
    desk.open("/case/new")
    box = desk.ready(desk.page.locator('[name="registered_on"]'))
    for typed in ("20260912", "2026-9-12", "2026.9.12", "2026年9月12日"):
        box.fill(typed)
        box.press("Tab")
        expect(box).to_have_value("2026-09-12")
    box.fill("昨天")
    desk.press("登记")
    expect(desk.page.get_by_role("alert")).to_contain_text("日期看不懂")
    expect(box).to_have_value("昨天")


@ON_SQLITE
def test_an_amount_is_read_back_in_ten_thousands(room: Room) -> None:
    desk = room("office")
    desk.open("/case/new")
    desk.ready(desk.page.get_by_label("涉及金额（元）")).fill("1250000")
    desk.sees("1,250,000 元 = 125.00 万元")


@ON_SQLITE
def test_an_error_is_counted_at_the_top_and_leads_to_its_field(room: Room) -> None:
    desk = room("office")
    form = new_case(desk)
    form.locator('[name="kind"]').select_option(index=0)
    form.get_by_label("纠纷简要情况").fill("")
    desk.press("登记")
    summary = desk.page.get_by_role("alert")
    expect(summary).to_contain_text("有 2 处需要改")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="纠纷简要情况").click()
    expect(desk.page.get_by_label("纠纷简要情况")).to_be_focused()
    expect(desk.page.locator('[name="parties-1-name"]')).to_have_value("乙方")


@ON_SQLITE
def test_a_second_click_registers_nothing_twice(room: Room) -> None:
    desk = room("office")
    before = count(desk)
    new_case(desk).locator("button.primary").dblclick()
    desk.told("已登记。")
    assert count(desk) == before + 1


@ON_SQLITE
def test_a_case_is_registered_with_the_keyboard_alone(room: Room) -> None:
    desk = room("owner")
    desk.open("/case/new")
    page, keys = desk.page, desk.page.keyboard

    def committee() -> None:
        keys.type("桃园")
        expect(page.get_by_role("option", name="桃园社区人民调解委员会")).to_be_visible()
        keys.press("ArrowDown")
        keys.press("Enter")

    fill = {
        "registered_on": lambda: keys.type("20260901"),
        "committee_id": committee,
        "kind": lambda: keys.press("ArrowDown"),
        "source": lambda: keys.press("ArrowDown"),
        "brief": lambda: keys.type("为了一堵墙"),
        "parties-0-side": lambda: keys.press("ArrowDown"),
        "parties-0-name": lambda: keys.type("甲方"),
    }
    desk.ready(page.locator("form[data-main]"))
    for _ in range(100):  # Tab through the page, filling what comes
        name = page.evaluate("document.activeElement.name || document.activeElement.id")
        if name in fill:
            fill.pop(name)()
        if not fill:
            break
        keys.press("Tab")
    assert not fill, f"Tab never comes to {list(fill)}"
    keys.press("Control+s")
    desk.told("已登记。")
    desk.sees("为了一堵墙")


@ON_SQLITE
def test_the_primary_act_is_reached_by_tab_and_the_main_part_by_one_key(room: Room) -> None:
    desk = room("owner")
    desk.open("/case/")
    desk.ready(desk.page.locator(".toolbar .primary"))
    desk.page.keyboard.press("Tab")
    expect(desk.page.get_by_role("link", name="跳到正文")).to_be_focused()
    desk.page.keyboard.press("Enter")
    primary = desk.page.get_by_role("link", name="登记案件")
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        if primary.evaluate("link => link === document.activeElement"):
            break
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile("/case/new"))


@ON_SQLITE
def test_esc_leaves_a_form_and_asks_only_when_something_was_typed(room: Room) -> None:
    desk = room("office")
    case = f"/case/{room.site.world.case}"
    desk.open(f"{case}/edit")
    desk.ready(desk.page.get_by_label("备注")).focus()
    desk.page.keyboard.press("Escape")
    expect(desk.page).to_have_url(f"{room.site.url}{case}")
    desk.press("修改")
    desk.ready(desk.page.get_by_label("备注")).press_sequentially("半句")
    desk.page.keyboard.press("Escape")
    desk.agree("取消")
    expect(desk.page.get_by_label("备注")).to_have_value("半句")
    desk.page.keyboard.press("Escape")
    desk.agree("离开")
    expect(desk.page).to_have_url(f"{room.site.url}{case}")


@ON_SQLITE
def test_personal_data_is_shown_to_whoever_says_why(room: Room) -> None:
    desk = room("director")
    desk.open(f"/mediator/{room.site.world.mediator}")
    desk.sees("138****2345")
    desk.ready(desk.page.get_by_label("查看手机", exact=True)).click()
    popup = desk.page.locator(".popup[open]")
    desk.press("查看手机", within=popup)
    assert desk.page.get_by_text("13857912345").count() == 0
    popup.get_by_label("查看理由").fill("通知开会")
    desk.press("查看手机", within=popup)
    desk.sees("13857912345")


@ON_SQLITE
def test_a_mediator_registers_a_case_on_the_phone(room: Room) -> None:
    desk = room("owner", **PHONE)
    desk.open("/")
    desk.press("登记案件")
    new_case(desk)
    desk.press("登记")
    desk.told("已登记。")
    desk.sees("甲方、乙方")
