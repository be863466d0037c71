"""A mediator's way from the application to the certificate, by the verbs: what each step asks and leaves."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.notices import Notice
from admin_app.models.registry import REGISTERS
from admin_app.models.standards import Standard, StandardItem, StandardLevel
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import awards, certificates, daily, eligibility, inbox, records
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.awards import Attendance, AwardState, Outcome, Recheck
from admin_app.rules.dates import today
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from admin_app.rules.standards import PanelRule, StandardKind, StandardState, Way
from tests.test_lives import walk
from tests.world import World

Person = Callable[[str], User]
PRESENT, ABSENT, AVOIDED = Attendance.PRESENT, Attendance.ABSENT, Attendance.AVOIDED


def graded(session: Session, world: World, **more: Any) -> Standard:
    """A standard of the county: one case, no escalation; a panel of three without highest and lowest."""
    county = session.get_one(Unit, world.county)
    standard = Standard(
        name="婺城区等级评定办法",
        kind=StandardKind.GRADE,
        subject=Subject.MEDIATOR,
        unit=county,
        path=county.path,
        state=StandardState.PUBLISHED,
        valid_from=date(2026, 1, 1),
        full=Decimal(100),
        panel_least=3,
        panel_rule=PanelRule.TRIMMED,
        notice_days=5,
        valid_months=24,
        self_apply=True,
        levels=[
            StandardLevel(name="四级", rank=1, least_score=Decimal(60)),
            StandardLevel(name="三级", rank=2, least_score=Decimal(80)),
        ],
        items=[
            StandardItem(
                position=1,
                label="受理案件",
                measure=Measure.CASES_ACCEPTED,
                way=Way.AT_LEAST,
                threshold=Decimal(1),
            ),
            StandardItem(
                position=2,
                label="人工扣分",
                measure=Measure.MANUAL,
                way=Way.FINED,
                points=Decimal(2),
                cap=Decimal(10),
            ),
        ],
    )
    for name, value in more.items():
        setattr(standard, name, value)
    session.add(standard)
    session.flush()
    return standard


def apply(session: Session, actor: User, standard: Standard, mediator: int, **more: Any) -> AwardApplication:
    given = Given({"standard_id": standard.id, "mediator_id": mediator, **more})
    award: AwardApplication = records.create(session, actor, REGISTERS["award"], given)
    session.commit()
    return award


def panel(*scores: str, **more: Any) -> Given:
    """A panel whose members gave these points; then whoever is named, with their attendance and reason."""
    lines = [
        Line(None, {"name": f"评委{index}", "attendance": PRESENT, "points": Decimal(score)})
        for index, score in enumerate(scores)
    ]
    lines += [Line(None, {"name": name, "attendance": how, "reason": "有事"}) for name, how in more.items()]
    return Given({"panel_on": today()}, {"panel": lines})


def scored(award: AwardApplication, given: Given, fined: int = 0) -> Given:
    manuals = [Line(each.id, {"given": Decimal(fined)}) for each in award.manuals]
    return Given(given.values, {**given.lines, "manuals": manuals})


def step(
    session: Session, actor: User, award: AwardApplication, name: str, given: Given | None = None
) -> None:
    take_step(session, actor, award, name, given or Given())
    session.commit()


def past(session: Session, award: AwardApplication) -> None:
    """The notice has run out: it was put up so much earlier."""
    award.notice_until = today() - timedelta(days=1)
    session.commit()


@pytest.fixture
def award(session: Session, person: Person, world: World) -> AwardApplication:
    """The owner applies for themself."""
    return apply(session, person("owner"), graded(session, world), world.mediator, level="三级")


def noticed(session: Session, person: Person, award: AwardApplication) -> None:
    county = person("bureau_county")
    step(session, person("office"), award, "review")
    step(session, county, award, "score", scored(award, panel("80", "90", "99", 丁=AVOIDED)))
    step(session, county, award, "publish")


def test_a_mediator_comes_from_the_application_to_the_certificate(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    county = person("bureau_county")
    assert (award.state, award.whom, award.level, award.rank) == (AwardState.APPLIED, "张伟", "三级", 2)
    assert award.decided_path == session.get_one(Unit, world.county).path
    noticed(session, person, award)
    assert (award.panel_mean, award.score, award.level) == (Decimal("90.00"), Decimal("90.00"), "三级")
    assert calendar(session).between(today(), award.notice_until or today()) == 5
    with pytest.raises(NotNow):
        step(session, county, award, "grant")
    session.rollback()
    past(session, award)
    step(session, county, award, "grant")
    assert award.state is AwardState.GRANTED
    assert award.number == f"（{today().year}）婺城区调评字第0002号"
    assert award.valid_until is not None
    assert award.check_code is not None
    found = certificates.verify(session, award.number, award.check_code.lower().replace("-", " "))
    assert found is not None
    assert (found.whom, found.level, found.state) == ("张伟", "三级", AwardState.GRANTED)
    assert certificates.verify(session, award.number, "ABCD-EFGH-2345") is None
    assert certificates.verify(session, "（2026）别处调评字第0001号", award.check_code) is None
    grades = awards.grade_of(session, [world.mediator, world.other_mediator], today())
    assert grades == {world.mediator: (StandardKind.GRADE, "三级", 2)}


def test_every_score_is_reckoned_again_from_its_frozen_evidence(
    session: Session, person: Person, award: AwardApplication
) -> None:
    step(session, person("office"), award, "review")
    given = scored(award, panel("70.5", "88", "91.25", "99.99", 戊=ABSENT), fined=3)
    step(session, person("bureau_county"), award, "score", given)
    session.expire_all()
    again = eligibility.reckon(award)
    assert again.mean == Decimal("89.63")  # (88 + 91.25) / 2 = 89.625, half up
    assert (again.points, again.mean, again.score) == (award.reckoned, award.panel_mean, award.score)
    assert award.score == Decimal("83.63")  # three times two points off
    assert [(each.name, each.points) for each in award.panel][-1] == ("戊", None)


def test_a_score_too_low_for_the_level_gives_the_next_lower_one_or_none(
    session: Session, person: Person, award: AwardApplication
) -> None:
    county = person("bureau_county")
    step(session, person("office"), award, "review")
    with pytest.raises(RecordRefused, match="够不上任何等级"):
        step(session, county, award, "score", scored(award, panel("50", "55", "59")))
    session.rollback()
    step(session, county, award, "score", scored(award, panel("60", "70", "90")))
    assert (award.level, award.rank) == ("四级", 1)


def test_a_settled_case_reopened_moves_the_live_figures_and_no_frozen_one(
    session: Session, person: Person, world: World
) -> None:
    case = session.get_one(Case, world.settled_case)
    standard = graded(session, world)
    standard.items.append(
        StandardItem(
            position=3,
            label="结案",
            measure=Measure.CASES_CLOSED,
            way=Way.AT_LEAST,
            threshold=Decimal(0),
        )
    )
    walk(session, person("director"), case, "follow_up", "close")
    award = apply(session, person("owner"), standard, world.mediator, level="三级")
    noticed(session, person, award)
    kept = [each.kept for each in award.evidence]
    line = award.evidence[2].kept["evidence"]
    assert case.id in [each for _, ids in line["behind"] for each in ids]
    assert not any(each.moved for each in eligibility.compared(session, award))
    walk(session, person("office"), case, "reopen")
    moved = eligibility.compared(session, award)[2].moved
    assert moved.startswith("与冻结时不同：现在是")
    assert [each.kept for each in award.evidence] == kept
    assert eligibility.reckon(award).score == award.score


# ---------------------------------------------------------------- nobody judges their own


def test_an_applicant_never_reviews_judges_or_decides_their_own(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    """The mediator who has a post in the office as well, and the committee's director who has one."""
    office, township, county = (
        person("office"),
        session.get_one(Unit, world.township),
        person("bureau_county"),
    )
    judging = ("review", "send_back", "refuse")
    assert all(policy.may(office, f"award.{name}", award) for name in judging)
    for facts in (
        {"role": Role.MEDIATOR, "mediator_id": world.mediator, "committee_id": world.township_committee},
        {"role": Role.COMMITTEE, "committee_id": world.village_committee},
    ):
        for judge in (office, county):
            own = Post(unit=township, **facts)
            judge.posts.append(own)
            session.flush()
            for name in (*judging, "score", "publish", "answer", "grant", "recheck", "revoke"):
                assert not policy.may(judge, f"award.{name}", award), name
                seen = select(AwardApplication.id).where(
                    policy.visible(AwardApplication, judge, f"award.{name}")
                )
                assert award.id not in session.scalars(seen).all()
            with pytest.raises(NotAllowed):
                take_step(session, judge, award, "review")
            judge.posts.remove(own)
            session.flush()
    assert not policy.may(person("owner"), "award.review", award)
    assert not policy.may(person("director"), "award.review", award)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"name": "张伟", "attendance": PRESENT, "points": Decimal(99)}, "不能评自己"),
        ({"name": "甲", "attendance": PRESENT, "points": Decimal(101)}, "0 至 100"),
        ({"name": "甲", "attendance": PRESENT}, "填写甲的评分"),
        ({"name": "甲", "attendance": ABSENT}, "原因"),
    ],
)
def test_a_panel_is_refused_with_its_fault(
    session: Session, person: Person, award: AwardApplication, line: dict[str, Any], said: str
) -> None:
    step(session, person("office"), award, "review")
    given = panel("80", "80", "80")
    given.lines["panel"].append(Line(None, line))
    with pytest.raises(RecordRefused, match=said):
        step(session, person("bureau_county"), award, "score", scored(award, given))


def test_the_applicant_on_the_panel_is_known_by_the_record_too(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    step(session, person("office"), award, "review")
    given = panel("80", "80", "80")
    given.lines["panel"][0].values["mediator_id"] = world.mediator
    with pytest.raises(RecordRefused, match="不能评自己"):
        step(session, person("bureau_county"), award, "score", scored(award, given))


def test_too_few_members_do_not_judge(session: Session, person: Person, award: AwardApplication) -> None:
    step(session, person("office"), award, "review")
    with pytest.raises(RecordRefused, match="至少 3 人"):
        step(session, person("bureau_county"), award, "score", scored(award, panel("80", "80", 丙=ABSENT)))


# ---------------------------------------------------------------- objections


def objection(content: str = "案卷不实") -> Given:
    return Given(
        lines={"objections": [Line(None, {"raised_on": today(), "raiser": "钱某", "content": content})]}
    )


def answer(award: AwardApplication, outcome: Outcome) -> Given:
    values = {"outcome": outcome, "answer": "已核查"}
    return Given(
        lines={"objections": [Line(each.id, values) for each in award.objections if not each.outcome]}
    )


def test_an_objection_that_stands_leads_back_to_the_panel_and_the_next_notice_begins_anew(
    session: Session, person: Person, award: AwardApplication
) -> None:
    county = person("bureau_county")
    noticed(session, person, award)
    step(session, county, award, "object", objection())
    past(session, award)
    with pytest.raises(NotNow, match="还有没答复"):
        step(session, county, award, "grant")
    session.rollback()
    with pytest.raises(NotNow, match="异议成立"):
        step(session, county, award, "score_again", Given({"again_reason": "重核"}))
    session.rollback()
    step(session, county, award, "answer", answer(award, Outcome.UPHELD))
    with pytest.raises(NotNow, match="异议成立"):
        step(session, county, award, "grant")
    session.rollback()
    step(session, county, award, "score_again", Given({"again_reason": "案卷重核"}))
    assert (award.state, award.score, award.notice_until) == (AwardState.REVIEWED, None, None)
    lines = [Line(each.id, {"points": each.points}) for each in award.panel]
    step(session, county, award, "score", scored(award, Given({}, {"panel": lines})))
    step(session, county, award, "publish")
    assert award.turn == 2
    past(session, award)
    step(session, county, award, "grant")
    assert award.state is AwardState.GRANTED


def test_an_objection_that_does_not_stand_is_in_nobodys_way(
    session: Session, person: Person, award: AwardApplication
) -> None:
    county = person("bureau_county")
    noticed(session, person, award)
    step(session, county, award, "object", objection())
    assert award in inbox_of(session, county, "objection")
    lines = [Line(award.objections[0].id, {"outcome": Outcome.REJECTED})]
    with pytest.raises(RecordRefused, match="请填写答复"):
        step(session, county, award, "answer", Given(lines={"objections": lines}))
    session.rollback()
    step(session, county, award, "answer", answer(award, Outcome.REJECTED))
    assert award.objections[0].answered_at is not None
    past(session, award)
    assert award in inbox_of(session, county, "grant")
    step(session, county, award, "grant")


def inbox_of(session: Session, user: User, name: str) -> list[Any]:
    return inbox.first(session, user, inbox.GROUP[name], 100)


# ---------------------------------------------------------------- applying


@pytest.mark.parametrize(
    ("who", "mediator", "more", "said"),
    [
        ("owner", "mediator", {"level": "特级"}, "标准里的等级是：三级、四级"),
        ("director", "mediator", {"mediator_id": None}, "请选择调解员"),
    ],
)
def test_an_application_is_refused_with_its_fault(
    session: Session, person: Person, world: World, who: str, mediator: str, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(RecordRefused, match=said):
        apply(session, person(who), graded(session, world), getattr(world, mediator), **more)


def test_one_application_at_a_time(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    with pytest.raises(RecordRefused, match="正在办理的申报"):
        apply(session, person("director"), award.standard, world.mediator)


def test_a_draft_or_a_foreign_standard_takes_no_application(
    session: Session, person: Person, world: World
) -> None:
    for name, said in (("draft_standard", "没有发布"), ("far_standard", "不适用")):
        standard = session.get_one(Standard, getattr(world, name))
        with pytest.raises(RecordRefused, match=said):
            apply(session, person("bureau_city"), standard, world.mediator)
        session.rollback()


def test_where_the_standard_takes_no_own_word_the_director_puts_forward(
    session: Session, person: Person, world: World
) -> None:
    standard = graded(session, world, self_apply=False)
    history.act_as(session, person("owner"))
    with pytest.raises(RecordRefused, match="不接受本人自荐"):
        apply(session, person("owner"), standard, world.mediator)
    session.rollback()
    history.act_as(session, person("director"))
    standard = graded(session, world, self_apply=False)
    assert apply(session, person("director"), standard, world.mediator).state is AwardState.APPLIED


def test_a_blank_level_is_the_highest_that_the_figures_reach(
    session: Session, person: Person, world: World
) -> None:
    standard = graded(session, world)
    standard.levels[0].least_score = standard.levels[1].least_score = None
    assert apply(session, person("director"), standard, world.mediator).level == "三级"


def test_what_was_returned_comes_again_and_the_applicant_is_told(
    session: Session, person: Person, award: AwardApplication
) -> None:
    owner = person("owner")
    step(session, person("office"), award, "send_back", Given({"return_reason": "缺培训证明"}))
    told = session.scalars(select(Notice.words).where(Notice.user_id == owner.id)).all()
    assert any("缺培训证明" in each for each in told)
    assert award in inbox_of(session, owner, "resubmit")
    step(session, owner, award, "resubmit", Given({"statement": "已补"}))
    assert award.state is AwardState.APPLIED
    step(session, owner, award, "withdraw")
    assert award.state is AwardState.WITHDRAWN


def test_what_is_reviewed_is_locked(session: Session, person: Person, award: AwardApplication) -> None:
    step(session, person("office"), award, "review")
    with pytest.raises(NotNow):
        records.edit(session, person("office"), award, Given({"level": "四级"}), version=award.version)


# ---------------------------------------------------------------- afterwards


def granted(session: Session, person: Person, award: AwardApplication) -> None:
    noticed(session, person, award)
    past(session, award)
    step(session, person("bureau_county"), award, "grant")


def test_a_yearly_review_keeps_lowers_and_raises(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    county = person("bureau_county")
    granted(session, person, award)
    step(session, county, award, "file", Given({"filed_on": today(), "filed_with": "金华市司法局"}))
    assert award.state is AwardState.FILED

    def review(outcome: Recheck, level: str | None) -> Given:
        return Given(lines={"reviews": [Line(None, {"outcome": outcome, "level": level, "opinion": "查过"})]})

    for outcome, level, said in (
        (Recheck.KEPT, "四级", "清空"),
        (Recheck.LOWERED, None, "请填写复核后的等级"),
        (Recheck.RAISED, "四级", "不比现在"),
    ):
        with pytest.raises(RecordRefused, match=said):
            step(session, county, award, "recheck", review(outcome, level))
        session.rollback()
    step(session, county, award, "recheck", review(Recheck.KEPT, None))
    step(session, county, award, "recheck", review(Recheck.LOWERED, "四级"))
    assert (award.level, award.reviews[-1].before) == ("四级", "三级")
    due = session.scalars(select(Deadline).where(Deadline.word == "award", Deadline.done_at.is_(None))).all()
    assert [each.kind.value for each in due if each.record_id == award.id] == ["recheck"]
    found = certificates.verify(session, award.number or "", award.check_code or "")
    assert found is not None
    assert found.level == "四级"
    step(session, county, award, "revoke", Given({"revoke_reason": "03", "revoke_note": "卷宗不实"}))
    assert awards.grade_of(session, [world.mediator], today()) == {}
    found = certificates.verify(session, award.number or "", award.check_code or "")
    assert found is not None
    assert found.state is AwardState.REVOKED


def test_a_higher_grade_takes_the_place_of_the_one_held_and_terms_run_out(
    session: Session, person: Person, world: World, award: AwardApplication
) -> None:
    granted(session, person, award)
    second = apply(session, person("owner"), award.standard, world.mediator, level="三级")
    granted(session, person, second)
    assert (award.state, second.state) == (AwardState.EXPIRED, AwardState.GRANTED)
    assert second.valid_until is not None
    assert daily.CHORES["评定到期"](session, second.valid_until) == 0
    assert daily.CHORES["评定到期"](session, second.valid_until + timedelta(days=1)) == 1
    assert second.state is AwardState.EXPIRED
