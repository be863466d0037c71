"""One case from the visit to the archive, as the people of three tiers, an expert and strangers live it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.filling import choose
from tests.browser.site import Desk, Room
from tests.files import pdf
from tests.world import World

pytestmark = pytest.mark.browser

AGREED, WRITTEN, KNOTTY = "01", "2", "02"
FAR = ("stranger", "bureau_far")  # whoever has no part in the case, from its first day to its last


def put(form: Locator, name: str, value: Any) -> None:
    """One value into its widget: a tick, a choice, a record by its title, or words."""
    box = form.locator(f'[name="{name}"]')
    if isinstance(value, tuple):
        choose(form, name, *value)
    elif value is True:
        box.check()
    elif box.evaluate("each => each.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)


def begin(desk: Desk, label: str) -> Locator:
    """Press an act of a record's page, behind 更多 if it stands there; returns the form that opens."""
    head = desk.page.locator("header.page-head")
    act = head.get_by_role("link", name=label, exact=True)
    desk.ready(head)
    if not act.is_visible():
        head.get_by_text("更多").click()
    act.click()
    form = desk.page.locator("form[data-main]")
    desk.ready(form)
    return form


def take(desk: Desk, label: str, **values: Any) -> None:
    """Take a step: press it, fill in what it asks, send the form, read that it is done."""
    form = begin(desk, label)
    for name, value in values.items():
        put(form, name.replace("__", "-"), value)
    form.locator("button.primary").click()
    desk.told(f"已{label}")


class Story:
    """The people at their desks, and the case they work on."""

    def __init__(self, room: Room, world: World) -> None:
        self.room, self.world = room, world
        self.desks: dict[str, Desk] = {}
        self.case = 0

    def at(self, who: str, path: str = "") -> Desk:
        """A person at the page of the case, or at another."""
        if who not in self.desks:
            self.desks[who] = self.room(who)
        self.desks[who].open(path or f"/case/{self.case}")
        return self.desks[who]

    def answered(self, who: str, path: str) -> int:
        """How the panel answers a person who types an address."""
        desk = self.at(who, "/")
        return desk.page.request.get(f"{desk.site.url}{path}").status

    def closed_to(self, *people: str, step: str) -> None:
        """These people cannot take the step by its address, and strangers do not even find the case."""
        for who in people:
            assert self.answered(who, f"/case/{self.case}/step/{step}") in (403, 409), who
        for who in FAR:
            assert self.answered(who, f"/case/{self.case}") == 404, who

    def referral(self, who: str) -> Desk:
        """A person at the newest referral of the case, through the link on its page."""
        desk = self.at(who)
        link = desk.page.get_by_role("main").locator('a[href^="/referral/"]')
        desk.open(link.first.get_attribute("href") or "")
        return desk

    def transfer(self, who: str, to: tuple[int, str]) -> None:
        take(
            self.at(who),
            "转办",
            **{
                "referrals-0-direction": "up",
                "referrals-0-to_unit_id": to,
                "referrals-0-reason": KNOTTY,
                "referrals-0-explanation": "事实争议大，本级调解未果",
            },
        )


@pytest.fixture
def story(room: Room, world: World) -> Story:
    return Story(room, world)


def test_a_case_from_the_visit_to_the_archive(story: Story, world: World) -> None:
    visit_becomes_a_case(story)
    accepted_in_the_village(story, world)
    up_to_the_township(story, world)
    up_to_the_county_and_back_and_up_again(story, world)
    joint_mediation_with_an_expert(story, world)
    settled_in_writing_and_followed_up(story)
    closed_and_archived(story)
    told_in_chinese(story)


def visit_becomes_a_case(story: Story) -> None:
    desk = story.at("owner", "/visit/new")
    form = desk.page.locator("form[data-main]")
    for name, value in {
        "receiver": "张伟 调解员",
        "name": "陆小明",
        "phone": "13857933333",
        "counterpart": "钱大海",
        "kind": "2",
        "matter": "两家为院墙外排水沟的走向争执，多次吵架。",
        "opinion": "01",
    }.items():
        put(form, name, value)
    form.locator("button.primary").click()
    desk.told("已登记")
    form = begin(desk, "转为案件")
    expect(form.locator('[name="parties-0-name"]')).to_have_value("陆小明")
    expect(form.locator('[name="parties-1-name"]')).to_have_value("钱大海")
    form.locator("button.primary").click()
    desk.page.wait_for_url(re.compile(r"/case/\d+"))
    found = re.search(r"/case/(\d+)", desk.path())
    assert found
    story.case = int(found[1])
    desk.sees("排水沟")
    desk.sees("陆小明")


def accepted_in_the_village(story: Story, world: World) -> None:
    take(
        story.at("owner"),
        "受理",
        **{
            "parties-0-consent": AGREED,
            "parties-1-consent": AGREED,
            "kin_checked": True,
            "mediators-0-mediator_id": (world.mediator, "张伟"),
        },
    )
    story.at("director").sees("人调字第")
    story.closed_to("inspector", step="start")
    assert story.answered("owner", f"/case/{story.case}/step/transfer") == 403


def up_to_the_township(story: Story, world: World) -> None:
    story.transfer("director", (world.township, "城东街道"))
    story.closed_to("owner", "director", "office", step="start")
    assert story.answered("owner", f"/case/{story.case}/edit") in (403, 409)
    assert story.answered("other_office", f"/case/{story.case}") == 404
    take(
        story.referral("office"),
        "签收",
        to_committee_id=(world.township_committee, "城东街道人民调解委员会"),
    )
    story.at("owner").sees("城东街道人民调解委员会")  # the sender keeps reading
    story.closed_to("owner", "director", step="start")


def up_to_the_county_and_back_and_up_again(story: Story, world: World) -> None:
    story.transfer("office", (world.county, "婺城区"))
    take(story.referral("bureau_county"), "退回", return_reason="请先补做现场调查。")
    story.at("office").sees("请先补做现场调查。")
    story.transfer("office", (world.county, "婺城区"))
    take(
        story.referral("bureau_county"),
        "签收",
        to_committee_id=(world.county_committee, "婺城区人民调解委员会"),
    )
    story.at("office").sees("婺城区人民调解委员会")
    take(
        story.at("bureau_county"),
        "指派调解员",
        **{"kin_checked": True, "mediators-0-mediator_id": (world.township_mediator, "赵强")},
    )
    take(story.at("bureau_county"), "开始调解", place="婺城区矛调中心")


def joint_mediation_with_an_expert(story: Story, world: World) -> None:
    assert story.answered("expert", f"/case/{story.case}") == 404
    assert story.answered("other_office", f"/case/{story.case}") == 404
    take(
        story.at("bureau_county"),
        "联动调处",
        **{
            "assistances-0-unit_id": (world.other_township, "城中街道"),
            "assistances-0-task": "请到场协助测量",
        },
    )
    take(
        story.at("bureau_county"),
        "咨询专家",
        **{
            "assistances-0-expert_id": (world.county_expert, "郑律师"),
            "assistances-0-task": "排水权属如何认定",
        },
    )
    for who, words in (("other_office", "已测量，沟宽六十厘米。"), ("expert", "依相邻关系，应当提供便利。")):
        desk = story.at(who, "/assistance/")
        desk.page.locator("table tbody th a").first.click()
        take(desk, "反馈意见", answer=words)
        story.at(who).sees("排水沟")  # who is asked to help reads the case
        assert story.answered(who, f"/case/{story.case}/edit") in (403, 404)
    story.closed_to("expert", "other_office", step="settle")


def settled_in_writing_and_followed_up(story: Story) -> None:
    desk = story.at("bureau_county")
    take(
        desk,
        "调解记录",
        **{"sessions-0-place": "婺城区矛调中心", "sessions-0-record": "双方陈述，专家释法，意见接近。"},
    )
    take(
        desk,
        "达成协议",
        form=WRITTEN,
        agreement="沟改走南侧，费用各半。",
        responsibility="双方各负一半责任",
        performance="01",
        perform_by="20270131",
    )
    desk.sees("人调协字第")
    take(
        desk,
        "回访",
        **{
            "follow_ups-0-visited": "陆小明",
            "follow_ups-0-fulfilment": "03",
            "follow_ups-0-satisfied": "01",
            "follow_ups-0-situation": "沟已改好，两家和好。",
        },
    )


def closed_and_archived(story: Story) -> None:
    desk = story.at("bureau_county")
    form = begin(desk, "结案")
    put(form, "closing_report", "协议已履行，双方满意。")
    form.locator("button.primary").click()
    expect(desk.page.locator('[role="alert"]').first).to_contain_text("身份证明")  # the dossier lacks it
    expect(form.locator('[name="closing_report"]')).to_have_value("协议已履行，双方满意。")
    desk.open(f"/case/{story.case}/dossier")
    desk.page.set_input_files(
        "#files", {"name": "身份证复印件.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    desk.page.select_option("#kind", "02")
    desk.press("上传")
    desk.sees("身份证复印件")
    take(story.at("bureau_county"), "结案", closing_report="协议已履行，双方满意。")
    take(
        story.at("bureau_county"),
        "归档",
        **{"dossiers-0-pages": "12", "dossiers-0-place": "档案室 3 柜 2 层"},
    )
    desk.sees("已归档")
    for step in ("reopen", "follow_up", "settle", "archive"):
        story.closed_to("bureau_county", step=step)
    assert story.answered("bureau_county", f"/case/{story.case}/edit") == 409


def told_in_chinese(story: Story) -> None:
    desk = story.at("bureau_county")
    life = desk.page.locator("#timeline")
    for words in ("受理", "转办", "签收", "退回", "联动调处", "反馈意见", "达成协议", "回访", "结案", "归档"):
        expect(life).to_contain_text(words)
    expect(life).to_contain_text("请先补做现场调查。")
    assert not re.search(r"\b(None|null|accept|in_transfer)\b", life.inner_text())
    desk.open(f"/case/{story.case}/history")
    for words in ("受理", "签收", "归档"):
        desk.sees(words)
