"""A grade from a mediator's own application to the certificate, as the people who take part in it live it."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Locator, expect
from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication
from admin_app.rules.dates import today
from tests.browser.filling import choose
from tests.browser.site import Desk, Room
from tests.browser.test_life import begin, put, take
from tests.browser.test_subsidies import looks_right
from tests.test_awards import graded
from tests.world import World

pytestmark = pytest.mark.browser

PANEL: tuple[dict[str, str], ...] = (
    {"name": "周法官", "points": "96"},
    {"name": "吴律师", "points": "90"},
    {"name": "郑主任", "points": "85.5"},
    {"name": "冯干事", "attendance": "absent", "reason": "出差"},
    {"name": "张科长", "attendance": "avoided", "reason": "与申报人是近亲属"},
)


class Story:
    """The people at their desks, and the application they work on."""

    def __init__(self, room: Room, session: Session) -> None:
        self.room, self.session = room, session
        self.desks: dict[str, Desk] = {}
        self.award = 0

    def at(self, who: str, page: str = "") -> Desk:
        """A person at a page of the application, or at its first one."""
        if who not in self.desks:
            self.desks[who] = self.room(who)
        self.desks[who].open(f"/award/{self.award}{page}")
        return self.desks[who]

    def answered(self, who: str, page: str = "") -> int:
        """How the panel answers a person who types the address of one of its pages."""
        desk = self.at(who, page)
        return desk.page.request.get(desk.page.url).status

    def over(self) -> None:
        """The days of the notice go by."""
        self.session.get_one(AwardApplication, self.award).notice_until = today() - timedelta(days=1)
        self.session.commit()

    def noticed_until(self) -> date:
        until = self.session.get_one(AwardApplication, self.award).notice_until
        self.session.rollback()
        assert until is not None
        return until


@pytest.fixture
def story(room: Room, session: Session) -> Story:
    return Story(room, session)


def test_a_grade_is_applied_for_judged_noticed_and_granted(story: Story, world: World) -> None:
    applied_by_oneself(story, world)
    reviewed_by_the_office(story)
    judged_by_the_panel(story)
    publicly_noticed(story)
    objected(story, "案件数不实", "rejected", "已核对卷宗，件数属实")
    desk = story.at("bureau_county")
    desk.sees("要等公示期满")
    expect(desk.page.get_by_role("link", name="授予并发证", exact=True)).to_have_count(0)
    story.over()
    obvious(story.at("bureau_county"), "授予并发证")
    take(desk, "授予并发证")
    certificate(story)


def test_an_objection_that_stands_leads_back_to_the_panel_and_to_a_refusal(
    story: Story, world: World
) -> None:
    applied_by_oneself(story, world)
    reviewed_by_the_office(story)
    judged_by_the_panel(story)
    publicly_noticed(story)
    objected(story, "他近两年没有办案", "upheld", "经核查，异议属实")
    story.over()
    desk = story.at("bureau_county")
    desk.sees("有异议成立")
    obvious(desk, "退回重评")
    expect(desk.page.get_by_role("link", name="授予并发证", exact=True)).to_have_count(0)
    take(desk, "退回重评", again_reason="件数重核")
    desk.sees("待评审")
    take(desk, "评审不通过", refusal="重核后件数不够")
    desk.sees("未通过")
    owner = story.at("owner")
    owner.sees("重核后件数不够")
    expect(owner.page.get_by_role("button", name="下载证书（Word）")).to_have_count(0)
    assert story.answered("stranger") == 404


def applied_by_oneself(story: Story, world: World) -> None:
    standard = graded(story.session, world)
    chosen = standard.id, str(standard)
    story.session.commit()
    desk = story.desks["owner"] = story.room("owner")
    desk.open("/award/new")
    form = desk.page.locator("form[data-main]")
    choose(form, "standard_id", *chosen, typed="婺城区等级")
    choose(form, "mediator_id", world.mediator, "张伟")
    put(form, "statement", "连续五年调解邻里纠纷，没有一件转成诉讼。")
    form.locator("button.primary").click()
    form = desk.page.locator("form[data-main]")
    form.locator('select[name="level"]:not([disabled])').wait_for()
    put(form, "level", "三级")
    looks_right(desk)
    form.locator("button.primary").click()
    desk.page.wait_for_url(re.compile(r"/award/\d+"))
    found = re.search(r"/award/(\d+)", desk.path())
    assert found
    story.award = int(found[1])
    desk.sees("待初审")
    looks_right(desk)
    desk.press("条件和依据")
    desk.sees("还没有冻结")
    looks_right(desk)
    assert story.answered("owner", "/step/review") == 403


def reviewed_by_the_office(story: Story) -> None:
    desk = story.at("office")
    take(desk, "初审通过")
    desk.sees("待评审")
    story.at("office", "/evidence").sees("初审时已冻结")
    assert story.answered("owner", "/edit") == 409
    assert story.answered("office", "/step/score") == 403


def judged_by_the_panel(story: Story) -> None:
    """Three give points, one is absent, one is kin and stays out; the mean leaves out highest and lowest."""
    desk = story.at("bureau_county")
    form = begin(desk, "登记评审")
    looks_right(desk)
    judges(form, PANEL[:2])
    form.locator("button.primary").click()
    expect(desk.page.get_by_role("alert")).to_contain_text("到会评分的评委至少 3 人，现在是 2 人")
    judges(form, PANEL)
    put(form, "manuals-0-given", "0")
    put(form, "panel_opinion", "同意三级")
    form.locator("button.primary").click()
    desk.told("已登记评审")
    desk.sees("与申报人是近亲属")
    desk.sees("90.00")
    looks_right(desk)


def judges(form: Locator, lines: tuple[dict[str, str], ...]) -> None:
    """Write down the members of the panel, a row each."""
    panel = form.locator("#part-panel")
    for index, line in enumerate(lines):
        if not panel.locator(f'[name="panel-{index}-name"]').count():
            panel.locator("[data-add-row]").click()
        for name, value in line.items():
            put(form, f"panel-{index}-{name}", value)


def publicly_noticed(story: Story) -> None:
    take(story.at("bureau_county"), "发布公示")
    until = story.noticed_until()
    desk = story.at("owner", "/public-notice")
    desk.sees("张伟")
    desk.sees(f"{until}")
    looks_right(desk)


def objected(story: Story, content: str, outcome: str, answer: str) -> None:
    given: dict[str, Any] = {"raiser": "钱某", "contact": "13857900000", "content": content}
    desk = story.at("bureau_county")
    take(desk, "登记异议", **{f"objections-0-{name}": value for name, value in given.items()})
    desk.sees("还有没答复的异议")
    obvious(desk, "答复异议")
    take(desk, "答复异议", **{"objections-0-outcome": outcome, "objections-0-answer": answer})
    desk.sees(answer)


def obvious(desk: Desk, label: str) -> None:
    """The next act stands out."""
    expect(desk.page.locator("header.page-head .primary")).to_have_text(label)


def certificate(story: Story) -> None:
    """Its number on paper, and its check code on the page that tells real ones from made-up ones."""
    desk = story.at("owner")
    desk.sees("已授予")
    looks_right(desk)
    shown = desk.page.get_by_role("main").inner_text()
    number, code = (
        re.findall(pattern, shown)[0] for pattern in (r"（\d{4}）婺城区调评字第\d{4}号", r"\w{4}-\w{4}-\w{4}")
    )
    paper = downloaded(desk, "下载证书（Word）")
    assert number in paper
    assert code in paper
    assert "三级" in paper
    desk.open("/certificates/")
    desk.page.get_by_label("证书编号").fill(number)
    desk.page.get_by_label("核验码").fill(code.lower().replace("-", " "))
    desk.press("核验")
    desk.sees("证书是真的")
    desk.sees("张伟")
    looks_right(desk)
    desk.page.get_by_label("核验码").fill("ABCD-EFGH-2345")
    desk.press("核验")
    desk.sees("对不上")
    looks_right(desk)


def downloaded(desk: Desk, label: str) -> str:
    """The words of a Word file behind a button."""
    desk.page.wait_for_load_state()
    button = desk.page.get_by_role("button", name=label, exact=True)
    if not button.is_visible():
        desk.page.locator("header.page-head").get_by_text("更多").click()
    with desk.page.expect_download() as waiting:
        button.click()
    document = Document(io.BytesIO(waiting.value.path().read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in document.paragraphs] + cells)
