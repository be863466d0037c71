"""The bell and its page, as a person meets them on the desk and on the phone."""

import re

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.operations.notices import tell
from admin_app.rules.notices import NoticeKind
from tests.browser.site import PHONE, Room
from tests.browser.test_looks import TOO_WIDE, faults


def test_a_notice_is_read_by_opening_it(room: Room, session: Session) -> None:
    world = room.site.world
    office = session.get_one(User, world.office)
    case = session.get_one(Case, world.case)
    far = session.get_one(Case, world.far_case)
    tell(
        session,
        [office],
        "案件（2026）桃园社区人调字第0001号：办结期限 2026-11-20，还有 2 天",
        case,
        kind=NoticeKind.WARN,
    )
    tell(session, [office], "案件：办结期限 2026-11-18，已超过 3 天，请尽快办理", far, kind=NoticeKind.LATE)
    tell(session, [office], "明天上午系统升级，暂停使用一小时")
    session.commit()

    desk = room("office")
    desk.open("/")
    bell = desk.page.get_by_role("link", name="通知，3 条未读")
    assert faults(desk.page) == []
    bell.click()
    expect(desk.page).to_have_title(re.compile("通知"))
    for dark, screen in ((False, None), (True, PHONE["viewport"])):
        desk.page.emulate_media(color_scheme="dark" if dark else "light")
        if screen:
            desk.page.set_viewport_size(screen)
        assert faults(desk.page) == []
        assert desk.page.evaluate(TOO_WIDE) <= 0
    desk.page.get_by_role("button", name=re.compile("打开：.*第0001号")).click()
    expect(desk.page).to_have_url(re.compile(f"/case/{world.case}$"))
    desk.page.get_by_role("link", name="通知，2 条未读").click()
    desk.page.get_by_role("button", name=re.compile("知道了：.*已超过 3 天")).click()
    desk.page.get_by_role("button", name="全部标为已读").click()
    desk.told("已全部标为已读")
    expect(desk.page.get_by_role("link", name="通知", exact=True)).to_be_visible()
    assert faults(desk.page) == []
