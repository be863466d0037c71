"""Every register from its empty form to the recycle bin and back, as its master walks it."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import URL, select

from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.users import User
from tests.browser.filling import fill, plan
from tests.browser.site import Desk, Room
from tests.databases import open_engine, open_session
from tests.samples import BY_HAND, MASTER, Samples

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Script:
    """What the walk types: the new record, what is looked for afterwards, and one change."""

    register: Register
    rows: list[tuple[str, Field, Any]]
    change: tuple[Field, str, str]  # field, first and second value

    @property
    def asked(self) -> tuple[str, Field, Any]:
        """A condition of the query bar that finds the new record: a text if there is one."""
        rows = [row for row in self.rows if "-" not in row[0] and row[1].say.queried]
        return min(rows, key=lambda row: row[1].kind != "text")


@pytest.fixture
def script(word: str, database_url: URL) -> Script:
    """The walk's script, drawn from the declaration of a register."""
    register = REGISTERS[word]
    engine = open_engine(database_url)
    with open_session(engine) as session:
        actor = session.scalars(select(User).where(User.username == MASTER[register.word])).one()
        rows = plan(session, actor, register)
        changed = next(
            each
            for each in register.fields
            if each.kind in ("text", "long")
            and each.say.form == "always"
            and not (each.say.checks or each.say.tidy or each.say.sensitive)
        )
        samples = Samples(session, actor, register)
        change = (changed, samples.value(changed, 0), samples.value(changed, 1))
    engine.dispose()
    return Script(register, rows, change)


@pytest.mark.parametrize(
    ("ground", "word"),
    # What differs between the databases is tested without a browser; here one register stands for all.
    [*(("sqlite", word) for word in BY_HAND), ("postgresql", "case")],
    indirect=["ground"],
)
def test_a_record_is_registered_found_changed_taken_back_removed_and_restored(
    room: Room, script: Script
) -> None:
    desk = room(MASTER[script.register.word])
    record_id = _register(desk, script)
    _find_in_list(desk, script, record_id)
    _change_and_take_back(desk, script)
    _remove_and_restore(desk, script, record_id)


def _register(desk: Desk, script: Script) -> int:
    register = script.register
    desk.open(f"/{register.word}/")
    desk.press(f"{register.making}{register.noun}")
    form = desk.ready(desk.page.locator("form[data-main]"))
    for part in register.part_lists():
        rows = form.locator(f'[data-part="{part.name}"] [data-row]')
        offered = rows.count()
        desk.press(f"添加{part.label}")
        expect(rows).to_have_count(offered + 1)
        if offered:
            rows.last.get_by_role("checkbox", name="删去").click()
            expect(rows).to_have_count(offered)
    late = [row for row in script.rows if not fill(form, *row)]
    desk.press(register.making)
    if late:
        expect(form.locator(f'[name="{late[0][0]}"]')).to_be_enabled()
        assert all(fill(form, *row) for row in late)
        desk.press(register.making)
    if register.word == "user":
        desk.press("抄好了，返回")
    else:
        desk.told(f"已{register.making}。")
    for _, field, typed in script.rows:
        if field.kind in ("text", "link") and not field.say.sensitive:
            desk.sees(typed[1] if field.kind == "link" else typed)
    return int(desk.path().partition("?")[0].rpartition("/")[2])


def _row(desk: Desk, word: str, record_id: int) -> Locator:
    link = desk.page.locator(f'a[href^="/{word}/{record_id}?"], a[href="/{word}/{record_id}"]')
    return desk.page.locator("table.rows tbody tr").filter(has=link)


def _find_in_list(desk: Desk, script: Script, record_id: int) -> None:
    word = script.register.word
    desk.open(f"/{word}/")
    name, field, typed = script.asked
    name = f"{name}_from" if field.kind == "date" else name
    bar = desk.page.get_by_role("search")
    if not bar.locator(f'[name="{name}"]').locator("visible=true").count() and field.kind != "link":
        desk.page.locator("details:not([open]) > summary", has_text="展开").click()
    fill(bar, name, field, typed)
    desk.press("搜索")
    expect(desk.page).to_have_url(re.compile(rf"{name}="))
    expect(_row(desk, word, record_id)).to_be_visible()
    desk.press("重置")
    expect(desk.page).not_to_have_url(re.compile(rf"{name}="))
    desk.open(f"/{word}/{record_id}")


def _change_and_take_back(desk: Desk, script: Script) -> None:
    field, first, second = script.change
    desk.press("修改")
    form = desk.page.locator("form[data-main]")
    expect(form.locator(f'[name="{field.name}"]')).to_have_value(first)
    assert fill(form, field.name, field, second)
    desk.press("保存")
    desk.told("已保存。")
    desk.press("修改记录")
    line = desk.page.locator(".history > li").first
    expect(line.locator("tr", has_text=field.label)).to_contain_text(second)
    desk.press("改回原来的内容", within=line)
    desk.agree("改回原来的内容")
    desk.told("已改回原来的内容。")
    desk.press("内容")
    expect(desk.page.locator("dd").filter(has_text=first).first).to_be_visible()
    expect(desk.page.locator("dd").filter(has_text=second)).to_have_count(0)


def _remove_and_restore(desk: Desk, script: Script, record_id: int) -> None:
    word = script.register.word
    head = desk.ready(desk.page.locator("header.page-head"))
    if not head.get_by_role("button", name="删除").is_visible():
        head.get_by_text("更多").click()
    desk.press("删除")
    desk.agree("删除")
    desk.told("已删除，可以在回收站里恢复。")
    expect(_row(desk, word, record_id)).to_have_count(0)
    desk.press("回收站")
    desk.ready(desk.page.locator(f'input[name="ids"][value="{record_id}"]')).check()
    desk.press("恢复")
    desk.agree("恢复")
    desk.told("已恢复 1 条。")
    assert desk.open(f"/{word}/{record_id}").status == 200
