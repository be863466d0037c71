"""What the corps has from former years on paper: grades, results of evaluations, subsidies paid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app.imports.planning import Fate, told
from admin_app.models.awards import AwardApplication
from admin_app.models.deadlines import Deadline
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator
from admin_app.models.payments import Payment
from admin_app.models.registry import REGISTERS
from admin_app.models.subsidies import SubsidyItem
from admin_app.models.users import User
from admin_app.operations import missing_clocks, personal_files, records
from admin_app.operations.awards import grade_of
from admin_app.operations.given import Given
from admin_app.operations.import_undo import undo
from admin_app.rules.awards import AwardState
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.refusals import NotAllowed, RecordRefused, Refusal
from admin_app.rules.subsidies import LIVE, ItemState, SubsidyState
from tests.databases import open_session
from tests.test_import_books import imported, looked, marked_out
from tests.test_subsidies import close, drawn, items
from tests.workbooks import xlsx
from tests.world import World

Person = Callable[[str], User]
HEADS = ["姓名", "所属调委会", "评定标准", "等级", "授予日期", "证书编号", "有效期至"]


def line(*cells: object) -> list[object]:
    return ["刘洋", "桃园社区", "等级评定标准", *cells]


def test_what_was_granted_on_paper_stands_where_its_days_say(session: Session, person: Person) -> None:
    imported(session, person("bureau_county"), "awards", marked_out("awards"))
    found = session.scalars(
        select(AwardApplication)
        .where(AwardApplication.granted_on.is_not(None), AwardApplication.applied_on < date(2026, 1, 1))
        .order_by(AwardApplication.granted_on)
    ).all()
    assert [(each.whom, each.state, each.ended_on) for each in found] == [
        ("刘洋", AwardState.EXPIRED, date(2022, 3, 1)),
        ("张伟", AwardState.REVOKED, date(2022, 1, 1)),
        ("刘洋", AwardState.FILED, None),
    ]
    assert [(each.number, each.check_code, each.season_id) for each in found][2] == ("旧证2", None, None)
    assert [(row.name, row.target) for row in found[2].steps] == [("import", AwardState.FILED)]
    held = grade_of(session, [each.mediator_id for each in found if each.mediator_id], today())
    assert [(level, rank) for _, level, rank in held.values()] == [("四级", 1)]


def test_a_grade_from_a_book_is_reviewed_every_year(session: Session, person: Person) -> None:
    imported(session, person("bureau_county"), "awards", marked_out("awards"))
    missing_clocks.start(session, date(2026, 11, 22))
    award = session.scalars(select(AwardApplication).where(AwardApplication.number == "旧证2")).one()
    due = select(Deadline.due_on).where(
        Deadline.kind == DeadlineKind.RECHECK, Deadline.record_id == award.id, Deadline.word == "award"
    )
    assert session.scalars(due).all() == [date(2027, 3, 1)]
    assert missing_clocks.start(session, date(2026, 11, 22)) == 0


def test_nobody_bears_two_grades_at_once(session: Session, person: Person) -> None:
    rows = [HEADS, line("四级", "2021-1-1", "甲1", None), line("四级", "2023-1-1", "甲2", None)]
    seen = looked(session, person("bureau_county"), "awards", xlsx(("册", rows)))
    assert seen.counts == {Fate.NEW: 1, Fate.WRONG: 1}
    assert "写明有效期或者失效日期" in told(seen.wrong)[0]
    rows[1][-1] = "2022-12-31"
    imported(session, person("bureau_county"), "awards", xlsx(("册", rows)))
    third = [HEADS, line("四级", "2024-1-1", "甲3", None)]
    seen = looked(session, person("bureau_county"), "awards", xlsx(("册", third)))
    assert "写明有效期或者失效日期" in told(seen.wrong)[0]


def test_days_and_levels_that_cannot_be_are_told_beside_their_cell(session: Session, person: Person) -> None:
    rows = [
        HEADS,
        line("四级", "2031-1-1", "乙1", None),
        line("四级", "2021-1-1", "乙2", "2020-1-1"),
        line("特级", "2021-1-1", "乙3", "2021-6-1"),
        ["查无此人", "桃园社区", "等级评定标准", "四级", "2021-1-1", "乙4", "2021-6-1"],
        ["刘洋", "桃园社区", "没有的标准", "四级", "2021-1-1", "乙5", "2021-6-1"],
    ]
    seen = looked(session, person("bureau_county"), "awards", xlsx(("册", rows)))
    words = told(seen.wrong)
    assert len(words) == 5
    for word, asked in zip(
        words, ("不能晚于今天", "有效期不能早于", "标准里的等级是", "名册里没有", "没有找到叫"), strict=True
    ):
        assert asked in word


def test_what_passes_its_steps_here_no_book_changes(session: Session, person: Person, world: World) -> None:
    award = session.get_one(AwardApplication, world.granted_award)
    rows = [
        HEADS,
        [award.whom, award.committee.name, "等级评定标准", "三级", "2026-11-2", award.number, None],
    ]
    seen = looked(session, person("bureau_county"), "awards", xlsx(("册", rows)), update=True)
    assert "请在它自己的页面上办理" in told(seen.wrong)[0]
    seen = looked(session, person("bureau_county"), "awards", xlsx(("册", rows)))
    assert dict(seen.counts) == {Fate.KEPT: 1}


def test_a_book_taken_back_gives_its_numbers_free(session: Session, person: Person) -> None:
    batch = imported(session, person("bureau_county"), "awards", marked_out("awards"))
    undo(session, person("bureau_county"), batch, "册")
    session.commit()
    again = imported(session, person("bureau_county"), "awards", marked_out("awards"))
    assert again.made == 3


def test_only_a_bureau_brings_such_books(session: Session, person: Person) -> None:
    for who in ("office", "director", "owner"):
        for name in ("awards", "evaluations"):
            with pytest.raises(NotAllowed):
                looked(session, person(who), name, marked_out(name))


def test_results_of_former_years_are_final_as_the_book_says(
    session: Session, person: Person, world: World
) -> None:
    imported(session, person("bureau_county"), "evaluations", marked_out("evaluations"))
    query = select(Evaluation).where(Evaluation.year.in_((2023, 2024))).order_by(Evaluation.score)
    found = session.scalars(query).all()
    first = {each.score: each for each in found}
    assert (first[Decimal("76.50")].level, first[Decimal("76.50")].evaluated_on) == ("合格", date(2024, 7, 9))
    assert (first[Decimal(88)].level, first[Decimal(88)].evaluated_on) == ("优秀", date(2023, 12, 31))
    assert {each.state for each in found} == {EvaluationState.FINAL}
    own = first[Decimal(91)]
    assert (own.mediator_id, own.committee_id) == (None, world.village_committee)


def test_a_case_paid_for_on_paper_is_never_drawn_again(
    session: Session, person: Person, world: World
) -> None:
    close(session, world.settled_case)
    session.commit()
    batch = imported(session, person("bureau_county"), "payments", marked_out("payments"))
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[world.settled_case].reasons == ["claimed"]
    session.commit()
    undo(session, person("bureau_county"), batch, "册")
    session.commit()
    subsidy = drawn(session, person("director"), world.subsidy)
    assert items(session, subsidy)[world.settled_case].standing is ItemState.DUE
    session.commit()
    seen = looked(session, person("bureau_county"), "payments", marked_out("payments"))
    assert "已经列在补贴批次" in told(seen.wrong)[0]


def test_what_was_taken_back_does_not_return_over_a_batch(
    session: Session, person: Person, world: World
) -> None:
    """Out of the recycle bin it comes only while no batch holds the case."""
    close(session, world.settled_case)
    session.commit()
    batch = imported(session, person("bureau_county"), "payments", marked_out("payments"))
    undo(session, person("bureau_county"), batch, "册")
    session.commit()
    payment = session.scalars(select(Payment).where(Payment.case_id == world.settled_case)).one()
    drawn(session, person("director"), world.subsidy)
    session.commit()
    with pytest.raises(RecordRefused, match="已经列在补贴批次"):
        records.restore(session, person("bureau_county"), payment)


def test_the_file_of_a_mediator_tells_what_they_earned_by_cases_and_on_paper(
    session: Session, person: Person, world: World
) -> None:
    imported(session, person("bureau_county"), "payments", marked_out("payments"))
    close(session, world.archived_case)
    subsidy = drawn(session, person("director"), world.subsidy)
    subsidy.state = SubsidyState.PAID
    session.flush()
    earned = personal_files.earnings(session, session.get_one(Mediator, world.mediator))
    assert earned == [(subsidy.title, Decimal(100)), ("2026 年发的补贴（系统启用以前，补录）", Decimal(100))]


def test_of_a_draw_and_a_payment_at_once_one_gets_the_case(engine: Engine, world: World) -> None:
    """Whoever comes second is refused, whichever way they come."""
    with open_session(engine) as session:
        close(session, world.archived_case)
        session.commit()
    gate = Barrier(2)

    def draw() -> bool:
        with open_session(engine) as session:
            gate.wait()
            return _done(session, lambda: drawn(session, session.get_one(User, world.office), world.subsidy))

    def pay() -> bool:
        given = Given(
            {
                "case_id": world.archived_case,
                "mediator_id": world.mediator,
                "amount": Decimal(50),
                "paid_on": date(2026, 10, 1),
            }
        )
        with open_session(engine) as session:
            gate.wait()
            actor = session.get_one(User, world.bureau_county)
            return _done(session, lambda: records.create(session, actor, REGISTERS["payment"], given))

    with ThreadPoolExecutor(2) as pool:
        answers = [each.result() for each in (pool.submit(draw), pool.submit(pay))]
    with open_session(engine) as session:
        live = select(func.count()).where(
            SubsidyItem.case_id == world.archived_case, SubsidyItem.standing.in_(LIVE)
        )
        paid = select(func.count()).where(Payment.case_id == world.archived_case)
        assert session.scalar(live) + session.scalar(paid) == 1
    assert any(answers)


def _done(session: Session, act: Callable[[], object]) -> bool:
    try:
        act()
        session.commit()
    except Refusal:
        session.rollback()
        return False
    return True
