"""A batch of subsidies from the draw to the payment: what gets in, what is refused, who may do what."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.notices import Notice
from admin_app.models.parameters import Parameter
from admin_app.models.preventions import Prevention
from admin_app.models.rates import Rate
from admin_app.models.subsidies import Subsidy, SubsidyItem, SubsidyShare
from admin_app.models.users import Post, Role, User
from admin_app.operations import deadlines, subsidies
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.parameters import Setting
from admin_app.rules.rates import Ended, SubsidyKind
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from admin_app.rules.subsidies import LIVE, ItemState, SubsidyState
from tests.aging import aged
from tests.databases import open_session
from tests.world import World

Person = Callable[[str], User]


def close(session: Session, case_id: int, **changes: Any) -> Case:
    """A case that has everything to be paid for, but for the changes."""
    case = session.get_one(Case, case_id)
    facts = {"stage": Stage.ARCHIVED, "result": "1", "fulfilment": "03", "form": "2"}
    facts |= {"closed_on": date(2026, 8, 20), **changes}
    for name, value in facts.items():
        setattr(case, name, value)
    session.flush()
    return case


def drawn(session: Session, actor: User, subsidy_id: int) -> Subsidy:
    subsidy = session.get_one(Subsidy, subsidy_id)
    take_step(session, actor, subsidy, "draw")
    return subsidy


def items(session: Session, subsidy: Subsidy) -> dict[int | None, SubsidyItem]:
    found = session.scalars(select(SubsidyItem).where(SubsidyItem.subsidy_id == subsidy.id))
    return {each.case_id or each.mediator_id: each for each in found}


def assert_adds_up(session: Session, subsidy: Subsidy) -> None:
    """The total is the sum of the items, and that of the shares, to the fen."""
    found = list(items(session, subsidy).values())
    assert subsidy.total == sum((each.payable for each in found), Decimal(0))
    assert subsidy.counted == len([each for each in found if each.standing in LIVE])
    shares = session.scalar(
        select(func.sum(SubsidyShare.amount)).where(SubsidyShare.subsidy_id == subsidy.id)
    )
    assert subsidy.total == (shares or Decimal(0))
    for each in found:
        assert sum((share.amount for share in each.shares), Decimal(0)) == each.payable


@pytest.fixture
def whole(session: Session, world: World) -> Case:
    return close(session, world.archived_case)


# ---------------------------------------------------------------- drawing


def test_a_case_that_has_everything_is_paid_for_once_at_its_rate(
    session: Session, person: Person, world: World, whole: Case
) -> None:
    subsidy = drawn(session, person("director"), world.subsidy)
    item = items(session, subsidy)[whole.id]
    assert (item.standing, item.amount, item.rate_id) == (ItemState.DUE, Decimal(100), world.rate)
    assert [(each.mediator_id, each.amount) for each in item.shares] == [(world.mediator, Decimal(100))]
    assert "列入 1 项，合计 100.00 元" in subsidy.steps[-1].note
    assert_adds_up(session, subsidy)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"result": "2"}, {"not_succeeded"}),
        ({"result": "3", "fulfilment": None}, {"not_succeeded"}),
        ({"fulfilment": "01"}, {"not_performed"}),
        ({"fulfilment": None}, {"not_performed"}),
        ({"result": "2", "fulfilment": "04"}, {"not_succeeded"}),
    ],
)
def test_a_case_that_lacks_something_is_shown_with_every_reason(
    session: Session, person: Person, world: World, changes: dict[str, Any], reasons: set[str]
) -> None:
    case = close(session, world.archived_case, **changes)
    subsidy = drawn(session, person("director"), world.subsidy)
    item = items(session, subsidy)[case.id]
    assert (item.standing, set(item.reasons)) == (ItemState.REFUSED, reasons)
    assert (subsidy.total, item.shares) == (Decimal(0), [])


def test_a_dossier_that_lacks_a_paper_keeps_a_closed_case_out(
    session: Session, person: Person, world: World
) -> None:
    case = close(session, world.closed_case, stage=Stage.CLOSED)
    case.attachments.clear()
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[case.id].reasons == ["dossier"]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"status": MediatorStatus.DISMISSED}, ["not_on_roster"]),
        ({"profession": "01"}, ["excluded"]),
        ({"profession": "02"}, []),
    ],
)
def test_only_mediators_of_the_roster_who_may_be_paid_are(
    session: Session, person: Person, world: World, whole: Case, changes: dict[str, Any], reasons: list[str]
) -> None:
    for name, value in changes.items():
        setattr(session.get_one(Mediator, world.mediator), name, value)
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[whole.id].reasons == reasons


@pytest.mark.parametrize(
    ("setting", "code", "changes", "reasons"),
    [
        (Setting.SUBSIDY_ROLES, "03、04", {"other_role": "03"}, ["excluded"]),
        (Setting.SUBSIDY_ROLES, "03、04", {"other_role": "06"}, []),
        (Setting.SUBSIDY_POSTS, "01", {"full_time": "01"}, ["excluded"]),
        (Setting.SUBSIDY_POSTS, "01", {"full_time": "02"}, []),
    ],
)
def test_a_bureau_says_which_kinds_of_people_are_paid_nothing(
    session: Session,
    person: Person,
    world: World,
    whole: Case,
    setting: Setting,
    code: str,
    changes: dict[str, Any],
    reasons: list[str],
) -> None:
    session.add(Parameter(setting=setting, value=code, valid_from=date(2026, 1, 1)))
    for name, value in changes.items():
        setattr(session.get_one(Mediator, world.mediator), name, value)
    session.flush()
    session.info.pop("parameters", None)
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[whole.id].reasons == reasons


def test_a_failure_that_was_kept_calm_has_a_rate_of_its_own_or_none(
    session: Session, person: Person, world: World
) -> None:
    case = close(session, world.archived_case, result="2", fulfilment=None, form=None)
    case.preventions.append(
        Prevention(kind="01", prevented_on=date(2026, 8, 1), people=2, situation="及时劝阻")
    )
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[case.id].reasons == ["no_rate"]
    county = session.get_one(Rate, world.rate)
    session.add(
        Rate(
            kind=SubsidyKind.CASE,
            unit_id=county.unit_id,
            path=county.path,
            outcome=Ended.PREVENTED,
            share=Decimal(50),
            valid_from=date(2026, 1, 1),
        )
    )
    take_step(session, person("director"), subsidy, "draw")
    assert items(session, subsidy)[case.id].amount == Decimal(50)


def test_several_mediators_of_a_case_share_one_subsidy_to_the_fen(
    session: Session, person: Person, world: World, whole: Case
) -> None:
    third = session.get_one(Mediator, world.township_mediator)
    whole.mediators += [CaseMediator(mediator_id=each) for each in (world.colleague_mediator, third.id)]
    session.add(Parameter(setting=Setting.SUBSIDY_EQUAL, value="是", valid_from=date(2026, 1, 1)))
    session.flush()
    session.info.pop("parameters", None)
    subsidy = drawn(session, person("director"), world.subsidy)
    item = items(session, subsidy)[whole.id]
    assert [each.amount for each in item.shares] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert_adds_up(session, subsidy)


def test_a_case_closed_in_an_earlier_quarter_may_still_be_asked_for_within_some_months(
    session: Session, person: Person, world: World
) -> None:
    director = person("director")
    case = close(session, world.archived_case, closed_on=date(2026, 5, 20))
    assert case.id in items(session, drawn(session, director, world.subsidy))
    case.closed_on = date(2026, 3, 31)
    assert case.id not in items(session, drawn(session, director, world.subsidy))
    case.closed_on = date(2026, 10, 1)
    assert case.id not in items(session, drawn(session, director, world.subsidy))


def test_what_is_pending_elsewhere_is_refused_and_what_is_taken_out_is_free(
    session: Session, person: Person, world: World, whole: Case
) -> None:
    director, office = person("director"), person("office")
    first = drawn(session, director, world.subsidy)
    second = drawn(session, office, world.town_subsidy)
    assert items(session, second)[whole.id].reasons == ["claimed"]
    subsidies.take_out(session, director, first, items(session, first)[whole.id], "已由街道申报")
    assert_adds_up(session, first)
    take_step(session, office, second, "draw")
    assert items(session, second)[whole.id].standing is ItemState.DUE


def test_the_database_itself_keeps_a_case_out_of_a_second_batch(
    session: Session, person: Person, world: World, whole: Case
) -> None:
    first = drawn(session, person("director"), world.subsidy)
    item = items(session, first)[whole.id]
    session.add(
        SubsidyItem(
            subsidy_id=world.town_subsidy,
            case_id=whole.id,
            committee_id=item.committee_id,
            standing=ItemState.PAID,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


# ---------------------------------------------------------------- stipends


def stipends(session: Session, world: World, month: int) -> Subsidy:
    town = session.get_one(Subsidy, world.town_subsidy)
    town.kind, town.period = SubsidyKind.STIPEND, month
    session.flush()
    return town


def test_a_stipend_is_for_the_days_served_and_for_each_month_once(
    session: Session, person: Person, world: World
) -> None:
    newcomer = session.get_one(Mediator, world.mediator)
    newcomer.appointments.append(Appointment(since=date(2026, 9, 16)))
    town = stipends(session, world, 9)
    take_step(session, person("office"), town, "draw")
    found = items(session, town)
    assert found[newcomer.id].days == 15
    assert found[newcomer.id].amount == Decimal("675.00")
    assert found[world.colleague_mediator].amount == Decimal("1350.00")
    assert world.far_mediator not in found
    assert_adds_up(session, town)
    village = session.get_one(Subsidy, world.subsidy)
    village.kind, village.period = SubsidyKind.STIPEND, 9
    take_step(session, person("director"), village, "draw")
    assert {each.standing for each in items(session, village).values()} == {ItemState.REFUSED}


def test_whoever_left_before_the_month_is_not_listed_and_a_suspended_one_is_refused(
    session: Session, person: Person, world: World
) -> None:
    gone, suspended = (session.get_one(Mediator, i) for i in (world.mediator, world.colleague_mediator))
    gone.appointments.append(Appointment(since=date(2025, 1, 1), until=date(2026, 8, 31)))
    suspended.status = MediatorStatus.SUSPENDED
    suspended.appointments.append(Appointment(since=date(2025, 1, 1)))
    town = stipends(session, world, 9)
    take_step(session, person("office"), town, "draw")
    found = items(session, town)
    assert gone.id not in found
    assert found[suspended.id].reasons == ["suspended"]


# ---------------------------------------------------------------- the life


@pytest.fixture
def applied(session: Session, person: Person, world: World, whole: Case) -> Subsidy:
    subsidy = drawn(session, person("director"), world.subsidy)
    take_step(session, person("director"), subsidy, "apply")
    return subsidy


def noticed(session: Session, person: Person, subsidy: Subsidy) -> None:
    take_step(session, person("office"), subsidy, "first_review")
    bureau = person("bureau_county")
    take_step(session, bureau, subsidy, "review", Given({"opinion": "同意"}))
    aged(session, subsidy, 30)
    take_step(session, bureau, subsidy, "notice", Given({"noticed_on": today() - timedelta(days=20)}))


PAY = {"paid_on": today()}


def test_a_batch_lives_from_the_application_to_the_payment(
    session: Session, person: Person, world: World, applied: Subsidy, whole: Case
) -> None:
    noticed(session, person, applied)
    assert applied.notice_until is not None
    take_step(session, person("bureau_county"), applied, "pay", Given({**PAY, "budget_id": world.budget}))
    assert applied.state is SubsidyState.PAID
    assert items(session, applied)[whole.id].standing is ItemState.PAID
    assert_adds_up(session, applied)
    assert deadlines.open_of(session, applied) == []
    told = session.scalars(select(Notice.user_id).where(Notice.words.contains("补贴已发放"))).all()
    assert {world.owner, world.director} <= set(told)
    session.commit()
    again = drawn(session, person("office"), world.town_subsidy)
    assert items(session, again)[whole.id].reasons == ["claimed"]


def test_nothing_is_applied_for_without_an_item(session: Session, person: Person, world: World) -> None:
    with pytest.raises(RecordRefused, match="提取明细"):
        take_step(session, person("director"), session.get_one(Subsidy, world.subsidy), "apply")


def test_payment_waits_for_the_end_of_the_notice_and_for_every_answer(
    session: Session, person: Person, world: World, applied: Subsidy
) -> None:
    bureau = person("bureau_county")
    noticed(session, person, applied)
    paying = Given({**PAY, "budget_id": world.budget})
    applied.notice_until = today()
    session.commit()
    with pytest.raises(RecordRefused, match="期满第二天"):
        take_step(session, bureau, applied, "pay", paying)
    session.rollback()
    applied.notice_until = today() - timedelta(days=1)
    line = Line(None, {"objector": "丁某", "raised_on": today(), "content": "没有调解过"})
    take_step(session, bureau, applied, "object", Given(lines={"objections": [line]}))
    session.commit()
    with pytest.raises(RecordRefused, match="1 条异议没有答复"):
        take_step(session, bureau, applied, "pay", paying)
    session.rollback()
    answer = Line(applied.objections[0].id, {"answer": "经查卷宗齐全，异议不成立"})
    take_step(session, bureau, applied, "answer", Given(lines={"objections": [answer]}))
    session.commit()
    with pytest.raises(RecordRefused, match="上级单位的预算"):
        take_step(session, bureau, applied, "pay", Given({**PAY, "budget_id": world.other_budget}))
    session.rollback()
    take_step(session, bureau, applied, "pay", paying)


def test_a_case_mediated_anew_is_flagged_and_stops_the_payment(
    session: Session, person: Person, world: World, applied: Subsidy, whole: Case
) -> None:
    noticed(session, person, applied)
    whole.stage = Stage.MEDIATING  # as 重新调解 leaves it
    session.flush()
    assert subsidies.reopened(session, applied) == [whole]
    with pytest.raises(RecordRefused, match="又重新调解"):
        take_step(session, person("bureau_county"), applied, "pay", Given({**PAY, "budget_id": world.budget}))


def test_each_stage_hands_back_with_a_reason_and_the_items_stay(
    session: Session, person: Person, world: World, applied: Subsidy, whole: Case
) -> None:
    with pytest.raises(RecordRefused):
        take_step(session, person("office"), applied, "send_back", Given())
    session.rollback()


def test_what_is_handed_back_can_be_mended_and_applied_for_again(
    session: Session, person: Person, world: World, applied: Subsidy, whole: Case
) -> None:
    reason = Given({"return_reason": "少一份材料"})
    take_step(session, person("office"), applied, "send_back", reason)
    assert applied.state is SubsidyState.DRAFT
    assert deadlines.open_of(session, applied) == []
    take_step(session, person("director"), applied, "apply")
    noticed(session, person, applied)
    take_step(session, person("bureau_county"), applied, "reject", reason)
    assert (applied.state, applied.counted) == (SubsidyState.DRAFT, 1)
    take_step(session, person("director"), applied, "clear")
    assert (applied.counted, applied.total, items(session, applied)) == (0, Decimal(0), {})


def test_a_cut_needs_a_reason_lowers_and_never_raises(
    session: Session, person: Person, world: World, applied: Subsidy, whole: Case
) -> None:
    office, item = person("office"), items(session, applied)[whole.id]
    with pytest.raises(NotAllowed):
        subsidies.cut(session, person("director"), applied, item, Decimal(10), "自己减")
    for amount in ("0", "-5", "100", "100.5", "10.001"):
        with pytest.raises(NotNow):
            subsidies.cut(session, office, applied, item, Decimal(amount), "超标准")
    subsidies.cut(session, office, applied, item, Decimal("20.50"), "标的额不足")
    assert (applied.total, item.payable) == (Decimal("79.50"), Decimal("79.50"))
    with pytest.raises(NotNow):
        subsidies.cut(session, office, applied, item, Decimal("10"), "还回去")
    assert_adds_up(session, applied)
    assert "标的额不足" in applied.steps[-1].note


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_cut_and_taken_out_the_total_is_the_sum_of_the_items(
    session: Session, person: Person, world: World, seed: int
) -> None:
    chance = Random(seed)
    for case_id in (world.archived_case, world.closed_case, world.settled_case, world.mediating_case):
        case = close(session, case_id)
        alone = {line.mediator_id for line in case.mediators} == {world.mediator}
        if alone and chance.random() < 0.5:
            case.mediators.append(CaseMediator(mediator_id=world.colleague_mediator))
    session.add(Parameter(setting=Setting.SUBSIDY_EQUAL, value="是", valid_from=date(2026, 1, 1)))
    session.flush()
    session.info.pop("parameters", None)
    subsidy = drawn(session, person("director"), world.subsidy)
    take_step(session, person("director"), subsidy, "apply")
    assert subsidy.total == 400
    for _ in range(12):
        item = chance.choice(list(items(session, subsidy).values()))
        before = subsidy.total
        try:
            if chance.random() < 0.2:
                subsidies.take_out(session, person("office"), subsidy, item, "不符合")
            else:
                amount = Decimal(chance.randint(1, 10_000)) / 100
                subsidies.cut(session, person("office"), subsidy, item, amount, "核减")
        except NotNow:
            assert subsidy.total == before
        assert subsidy.total <= before
        assert_adds_up(session, subsidy)


# ---------------------------------------------------------------- who


REVIEWS = ("first_review", "send_back", "review", "reject", "notice", "pay", "object", "answer")


@pytest.mark.parametrize("who", ["director", "office", "bureau_county", "bureau_city", "owner", "two_posts"])
def test_nobody_reviews_what_they_apply_for_or_are_paid_by(
    session: Session, person: Person, world: World, whole: Case, who: str
) -> None:
    """Whoever may draw does; a payee is given every post there is: no step of a review opens to them."""
    user, subsidy = person(who), session.get_one(Subsidy, world.subsidy)
    if policy.may(user, "subsidy.draw", subsidy):
        take_step(session, user, subsidy, "draw")
    else:
        take_step(session, person("director"), subsidy, "draw")
        assert items(session, subsidy)[whole.id].shares[0].mediator_id == world.mediator
        user.posts += [
            Post(role=Role.BUREAU, unit_id=world.county),
            Post(role=Role.OFFICE, unit_id=world.city),
        ]
        if not any(each.mediator_id for each in user.posts):
            user.posts.append(Post(role=Role.MEDIATOR, unit_id=world.village, mediator_id=world.mediator))
        session.flush()
        session.refresh(user)
    session.expire(subsidy)
    assert [name for name in REVIEWS if policy.may(user, f"subsidy.{name}", subsidy)] == []
    for name in REVIEWS:
        seen = select(Subsidy.id).where(policy.visible(Subsidy, user, f"subsidy.{name}"))
        assert subsidy.id not in set(session.scalars(seen))


def test_somebody_else_of_the_county_may_review_what_the_office_applied_for(
    session: Session, person: Person, world: World, whole: Case
) -> None:
    town = drawn(session, person("office"), world.town_subsidy)
    take_step(session, person("office"), town, "apply")
    with pytest.raises(NotAllowed):
        take_step(session, person("office"), town, "first_review")
    take_step(session, person("bureau_county"), town, "first_review")


# ---------------------------------------------------------------- at once


@pytest.fixture
def sixteen(engine: Engine, world: World) -> list[int]:
    """Sixteen batches of the township, all of which would draw the same case."""
    with open_session(engine) as session:
        close(session, world.archived_case)
        town = session.get_one(Subsidy, world.town_subsidy)
        batches = [
            Subsidy(
                title=f"第 {number} 批",
                kind=SubsidyKind.CASE,
                unit_id=town.unit_id,
                path=town.path,
                year=2026,
                period=3,
            )
            for number in range(16)
        ]
        session.add_all(batches)
        session.commit()
        return [each.id for each in batches]


def test_of_sixteen_who_draw_the_same_case_at_once_one_gets_it(
    engine: Engine, world: World, sixteen: list[int]
) -> None:
    gate = Barrier(len(sixteen))

    def submit(subsidy_id: int) -> str:
        with open_session(engine) as session:
            gate.wait()
            office = session.get_one(User, world.office)
            try:
                drawn(session, office, subsidy_id)
                session.commit()
            except (NotNow, RecordRefused) as refused:
                session.rollback()
                return refused.sentence
            return ""

    with ThreadPoolExecutor(len(sixteen)) as pool:
        answers = list(pool.map(submit, sixteen))
    with open_session(engine) as session:
        live = select(func.count()).where(
            SubsidyItem.case_id == world.archived_case, SubsidyItem.standing.in_(LIVE)
        )
        assert session.scalar(live) == 1
        for subsidy_id in sixteen:
            assert_adds_up(session, session.get_one(Subsidy, subsidy_id))
    assert set(answers) <= {"", subsidies.OVERTAKEN}
