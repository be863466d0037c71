"""The library: drafted from a closed case, nameless, reviewed, read by everybody once published."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.sessions import CaseSession
from admin_app.models.typical_cases import TypicalCase
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import typical_cases
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.rules.dates import today
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from admin_app.rules.typical_cases import TEXTS, TypicalState
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
CARD, PHONE = "33070219750607121X", "13857912345"
COMMENT = Given({"comment": "先听后说，情理法并用。"})


@pytest.fixture
def case(session: Session, world: World) -> Case:
    """The archived case of the village, with everything that could give its people away."""
    case = session.get_one(Case, world.archived_case)
    first, second = case.parties[:2]
    first.name, first.phone, first.id_number = "王小明", PHONE, CARD
    first.address, first.agent = "浙江省金华市婺城区城东街道桃园社区12幢3单元501室", "周代理"
    second.name, second.kind = "金华市宏达五金有限公司", "02"
    for party in (first, second):
        party.case.names = "王小明、金华市宏达五金有限公司"
    mediator = case.mediators[0].mediator.name
    case.brief = (
        f"王小明（{CARD}，电话{PHONE}）家住城东街道桃园社区12幢3单元501室，"
        f"与金华市宏达五金有限公司因相邻关系争执，{case.number}。"
    )
    session.add(
        CaseSession(
            case=case,
            kind="01",
            held_on=today(),
            place="桃园社区",
            record=f"{mediator}请王小明和周代理到桃园社区，宏达五金来人。",
            recorder="吴记录",
        )
    )
    case.agreement = "宏达五金三日内改装排风口，赔王 小 明五百元，打138-5791-2345联系。"
    session.flush()
    return case


def drafted(session: Session, person: Person, case: Case) -> TypicalCase:
    """The one of the world makes room."""
    session.delete(session.scalars(select(TypicalCase).where(TypicalCase.case_id == case.id)).one())
    session.flush()
    typical = typical_cases.draft(session, person("director"), case)
    session.commit()
    return typical


def told(typical: TypicalCase) -> str:
    return "\n".join(getattr(typical, name) or "" for name in TEXTS)


# ---------------------------------------------------------------- the draft


def test_the_draft_says_what_happened_and_names_nobody(session: Session, person: Person, case: Case) -> None:
    typical = drafted(session, person, case)
    text = told(typical)
    for secret in ("王小明", "王 小 明", "宏达", "周代理", "桃园", "城东", CARD, PHONE, "138-5791", "501室"):
        assert secret not in text
    assert case.mediators[0].mediator.name not in text
    assert typical.brief.startswith("某甲（（证件号略），电话（电话略））家住")
    assert "某乙公司" in typical.brief
    assert "三日内改装排风口" in (typical.result or "")
    assert typical_cases.remaining(session, typical) == {}
    assert (typical.state, typical.kind, typical.path) == (TypicalState.DRAFT, case.kind, case.path)


def test_only_a_case_that_is_over_becomes_one_and_once(
    session: Session, person: Person, case: Case, world: World
) -> None:
    drafted(session, person, case)
    with pytest.raises(NotNow, match="已经写成"):
        typical_cases.draft(session, person("director"), case)
    with pytest.raises(NotNow, match="结案以后"):
        typical_cases.draft(session, person("director"), session.get_one(Case, world.mediating_case))
    with pytest.raises(NotAllowed):
        typical_cases.draft(session, person("inspector"), session.get_one(Case, world.closed_case))
    with pytest.raises(NotAllowed):
        typical_cases.draft(session, person("stranger"), session.get_one(Case, world.closed_case))


# ---------------------------------------------------------------- the checker


@pytest.fixture
def ready(session: Session, person: Person, case: Case, world: World) -> TypicalCase:
    typical = session.get_one(TypicalCase, world.typical_case)
    assert typical.case_id == case.id
    return typical


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "spelling",
    [
        "王小明",
        "王　小　明",
        "王-小-明",
        "王*明",
        "１３８５７９１２３４５",
        "138 5791 2345",
        "138****2345",
        "330702********121X",
        "桃园社区12幢3单元",
        "宏达五金",
        "周代理",
        "张伟",
    ],
)
def test_while_anything_of_the_case_remains_it_is_not_handed_in(
    session: Session, person: Person, ready: TypicalCase, field: str, spelling: str
) -> None:
    before = getattr(ready, field) or ""
    setattr(ready, field, f"{before}{spelling}。"[-90:])
    session.flush()
    given = Given({"comment": ready.comment})
    with pytest.raises(RecordRefused) as refused:
        take_step(session, person("director"), ready, "submit", given)
    assert any("请换成" in each.sentence for each in refused.value.findings)
    session.expire(ready, ["state"])
    assert ready.state is TypicalState.DRAFT


def test_a_name_that_comes_to_light_later_stops_the_publication(
    session: Session, person: Person, ready: TypicalCase, case: Case
) -> None:
    ready.brief = "赵六与某乙争执。"
    take_step(session, person("director"), ready, "submit", COMMENT)
    session.commit()
    case.parties[1].name = "赵六"
    session.commit()
    with pytest.raises(RecordRefused):
        take_step(session, person("bureau_county"), ready, "publish")


def test_all_is_replaced_at_a_touch(session: Session, person: Person, ready: TypicalCase) -> None:
    ready.brief = f"王小明和张伟在桃园社区，{PHONE}。"
    session.commit()
    typical_cases.mend(session, person("director"), ready)
    session.commit()
    assert ready.brief == "某甲和调解员1在某社区，（电话略）。"
    take_step(session, person("director"), ready, "submit", COMMENT)
    with pytest.raises(NotNow):
        typical_cases.mend(session, person("director"), ready)


# ---------------------------------------------------------------- its life, and who reads it


def test_it_is_reviewed_by_the_bureau_and_read_by_everybody(
    session: Session, person: Person, ready: TypicalCase, world: World
) -> None:
    far = ("bureau_far", "stranger", "other_office")
    assert not any(policy.may(person(who), "typical_case.open", ready) for who in far)
    take_step(session, person("director"), ready, "submit", COMMENT)
    with pytest.raises(NotAllowed):
        take_step(session, person("office"), ready, "publish")
    take_step(
        session, person("bureau_county"), ready, "send_back", Given({"return_reason": "点评再写具体些"})
    )
    take_step(session, person("director"), ready, "submit", COMMENT)
    assert ready.return_reason is None
    take_step(session, person("bureau_county"), ready, "publish")
    session.commit()
    assert ready.published_on == today()
    for who in (*far, "owner", "inspector", "office"):
        seen = session.scalars(select(TypicalCase.id).where(policy.visible(TypicalCase, person(who))))
        assert {ready.id, world.far_typical_case} <= set(seen)
    take_step(
        session, person("bureau_county"), ready, "withdraw", Given({"withdraw_reason": "当事人提出异议"})
    )
    session.commit()
    assert not any(policy.may(person(who), "typical_case.open", ready) for who in far)
    take_step(session, person("director"), ready, "revive")
    assert (ready.state, ready.published_on, ready.withdraw_reason) == (TypicalState.DRAFT, None, None)


def test_whoever_only_reads_is_not_led_to_the_case_nor_told_what_was_said(
    session: Session, app: Flask, person: Person, case: Case, ready: TypicalCase, world: World
) -> None:
    take_step(session, person("director"), ready, "submit", COMMENT, note="把王小明换成某甲")
    take_step(session, person("bureau_county"), ready, "publish", note="王小明那件")
    session.commit()
    case_id, number, typical = case.id, case.number, ready.id
    session.rollback()
    for who in ("stranger", "bureau_far", "other_office"):
        seen = named(app, world, who)
        page = seen.get(f"/typical_case/{typical}").text
        assert "先听后说" in page
        for secret in ("王小明", f"/case/{case_id}", number, "桃园", "城东街道"):
            assert secret not in page, (who, secret)
        assert seen.get(f"/typical_case/{typical}/history").status_code == 403
        assert seen.get(f"/typical_case/{typical}/edit").status_code in (403, 409)
        listed = seen.get("/typical_case/").text
        assert "邻里纠纷调解案" in listed
        assert "桃园" not in re.sub(r'<nav class="units.*?</nav>', "", listed, flags=re.S)


# ---------------------------------------------------------------- on the page


def test_from_the_case_to_the_draft_and_every_place_shown(
    session: Session, app: Flask, case: Case, world: World
) -> None:
    typical = session.get_one(TypicalCase, world.typical_case)
    session.delete(typical)
    session.commit()
    seen = named(app, world, "director")
    assert "写成典型案例" in seen.get(f"/case/{world.archived_case}").text
    answer = seen.post(f"/case/{world.archived_case}/tell")
    assert answer.status_code == 302
    url = answer.headers["Location"]
    page = seen.get(url).text
    assert "没有找到当事人的姓名" in page
    assert f"/case/{world.archived_case}/tell" not in seen.get(f"/case/{world.archived_case}").text
    edit = unescape(re.search(r'href="(/typical_case/\d+/edit[^"]*)"', page)[1])  # type: ignore[index]
    given: dict[str, Any] = form_data(seen.get(edit).text)
    seen.post(edit, {**given, "brief": "王 小明来了。"})
    page = seen.get(url).text
    assert "<mark>王 小明</mark>" in page
    assert "全部替换" in page
    seen.post(f"{url.partition('?')[0]}/mend")
    assert "<mark>" not in seen.get(url).text
    assert "某甲来了。" in seen.get(url).text


def test_words_and_kind_find_it(session: Session, app: Flask, world: World) -> None:
    typical = session.get_one(TypicalCase, world.far_typical_case)
    typical.keywords = "相邻关系、排水"
    session.commit()
    seen = named(app, world, "owner")
    assert "邻里纠纷调解案" in seen.get("/typical_case/?keywords=排水").text
    assert (
        "没有符合条件" in (page := seen.get("/typical_case/?keywords=继承").text)
        or "邻里纠纷调解案" not in page
    )


def test_the_places_below_the_county_are_secret(session: Session, case: Case, world: World) -> None:
    texts = {each.text for each in typical_cases.secrets_of(session, case)}
    names = {
        name: session.get_one(Unit, getattr(world, name)).name for name in ("village", "township", "county")
    }
    assert names["village"] in texts
    assert names["township"] in texts
    assert names["county"] not in texts
