"""One quarter of subsidies from the draw to the payment, as the director, the office and the bureau do it."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.subsidies import Subsidy
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today
from tests.aging import aged
from tests.browser.site import PHONE, Desk, Room
from tests.browser.test_life import begin, take
from tests.browser.test_looks import TOO_WIDE, faults

pytestmark = pytest.mark.browser


def looks_right(desk: Desk) -> None:
    """On the desk, and on the phone in the dark."""
    assert faults(desk.page) == []
    desk.page.emulate_media(color_scheme="dark")
    desk.page.set_viewport_size(PHONE["viewport"])
    assert desk.page.evaluate(TOO_WIDE) <= 0
    assert faults(desk.page) == []
    desk.page.emulate_media(color_scheme="light")
    desk.page.set_viewport_size({"width": 1366, "height": 768})


def test_a_quarter_is_drawn_reviewed_made_public_and_paid(room: Room, session: Session) -> None:
    world = room.site.world
    for case_id, fulfilment in ((world.archived_case, "03"), (world.closed_case, "04")):
        case = session.get_one(Case, case_id)
        case.stage, case.result, case.form = Stage.ARCHIVED, "1", "2"
        case.fulfilment, case.closed_on = fulfilment, date(2026, 8, 20)
    session.commit()
    page = f"/subsidy/{world.subsidy}"
    director, office, bureau = room("director"), room("office"), room("bureau_county")

    director.open(page)
    take(director, "提取明细")
    director.open(f"{page}/items")
    expect(director.page.get_by_role("link", name="下载申报表")).to_be_visible()
    expect(director.page.locator("tbody tr")).to_have_count(1)
    looks_right(director)
    director.page.get_by_role("link", name="不列入").click()
    expect(director.page.locator("tbody")).to_contain_text("协议还没有履行")
    director.open(page)
    take(director, "申报")

    office.open(f"{page}/items")
    office.page.get_by_role("link", name="核减或移出").click()
    form = office.page.locator("form[data-main]")
    office.ready(form)
    looks_right(office)
    form.get_by_label("核减金额").fill("20")
    form.get_by_label("理由").fill("标的额不足")
    form.get_by_role("button", name="核减", exact=True).click()
    office.told("已记录")
    expect(office.page.locator("header.page-head")).to_contain_text("80.00")
    office.open(page)
    take(office, "初审通过", first_opinion="材料齐全")

    bureau.open(page)
    take(bureau, "复核通过", opinion="同意")
    aged(session, session.get_one(Subsidy, world.subsidy), 30)
    session.commit()
    take(bureau, "开始公示", noticed_on=(today() - timedelta(days=20)).isoformat())
    bureau.open(f"{page}/notice")
    expect(bureau.page.locator("tfoot")).to_contain_text("80.00")
    looks_right(bureau)
    bureau.open(page)
    begin(bureau, "登记发放")
    expect(bureau.page.locator("#step")).to_contain_text("还剩 200,000.00 元")
    bureau.open("/budget/standing")
    looks_right(bureau)
