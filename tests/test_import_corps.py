"""What the corps has from former years on paper: grades, results of evaluations, subsidies paid."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.imports.planning import Fate, told
from admin_app.models.awards import AwardApplication
from admin_app.models.deadlines import Deadline
from admin_app.models.evaluations import Evaluation
from admin_app.models.users import User
from admin_app.operations import missing_clocks
from admin_app.operations.awards import grade_of
from admin_app.operations.import_undo import undo
from admin_app.rules.awards import AwardState
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.refusals import NotAllowed
from tests.test_import_books import imported, looked, marked_out
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
