"""A paper in the browser: a page of its own, as wide as the sheet, and alone on it when printed."""

from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.site import PHONE, Room
from tests.browser.test_looks import TOO_WIDE, faults

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("ground", ["sqlite"], indirect=True)]


def printed(room: Room, title: str) -> Page:
    """The page that opens when somebody presses 打印 beside a form."""
    desk = room("owner")
    desk.open(f"/case/{room.site.world.archived_case}/papers")
    button = desk.ready(desk.page.get_by_role("button", name=f"打印：{title}", exact=True))
    with desk.page.context.expect_page() as opened:
        button.click()
    opened.value.wait_for_load_state()
    return opened.value


@pytest.mark.parametrize(
    "title", ["卷宗封面", "人民调解受理登记表", "卷内目录", "人民调解当事人权利义务告知书"]
)
def test_a_paper_opens_beside_and_everybody_can_read_it(room: Room, title: str) -> None:
    page = printed(room, title)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, "color-contrast") == []
    page.set_viewport_size(PHONE["viewport"])
    assert page.evaluate(TOO_WIDE) <= 0


def test_nothing_but_the_paper_is_printed(room: Room) -> None:
    page = printed(room, "人民调解受理登记表")
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = "".join(each.extract_text() for each in sheets)
    text = normalize("NFKC", text).replace(" ", "")  # Chromium names some characters by their radicals
    assert len(sheets) == 1
    assert "调解受理登记表" in text
    assert "返回" not in text
    assert "共1页" not in text
    assert "参考格式" not in text
    assert round(float(sheets[0].mediabox.width)) in (595, 596)
