"""What a bureau starts with, and the made-up data for showing."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from admin_app import history, policy
from admin_app.models.assistances import Assistance
from admin_app.models.base import Base
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.codes import Code, codebook
from admin_app.models.committees import Committee
from admin_app.models.counters import Counter
from admin_app.models.deadlines import Deadline
from admin_app.models.evaluations import Evaluation
from admin_app.models.fields import Field, fields_of
from admin_app.models.hand_overs import HandOver
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator
from admin_app.models.notices import Notice
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations import daily
from admin_app.operations.dossiers import lacking
from admin_app.operations.lives import LIVES
from admin_app.operations.numbers import HELD, beginning_with, unit_word
from admin_app.operations.users import sign_in
from admin_app.rules import identity
from admin_app.rules.cases import MAY_BE_CRIME, NO_RISK, OWN_INITIATIVE, SUCCEEDED, Stage, consent_findings
from admin_app.rules.cases import STEP as CASE_STEP
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.hand_overs import Way
from admin_app.rules.lookbacks import Fault
from admin_app.rules.numbers import Series, ends, highest
from admin_app.rules.parameters import PATTERN_OF, SETTINGS
from admin_app.rules.referrals import LEADS, Direction, ReferralState, direction_finding
from admin_app.rules.tiers import Tier, tier_of
from seed.codes import code_rows, load_codes
from seed.demo import load_demo
from seed.names import People
from seed.scale import load_scale
from seed.units import load_units
from tests.databases import Ground, open_engine, open_session
from tests.invariants import faults


@pytest.fixture
def bare(empty_engine: Engine) -> Iterator[Session]:
    """A session on tables without a row, acting as the system."""
    Base.metadata.create_all(empty_engine)
    with open_session(empty_engine) as session:
        yield session


def test_every_code_table_a_model_names_has_codes_and_none_is_unused() -> None:
    named = {f.say.codes for mapper in Base.registry.mappers for f in fields_of(mapper.class_) if f.say.codes}
    named |= {spec.codes for spec in SETTINGS.values() if spec.codes}
    kept = {row["table"] for row in code_rows()}
    listed = {row["code"] for row in code_rows() if row["table"] == "code_table"}
    assert named == kept == listed


def test_codes_stand_once_and_fit_their_columns() -> None:
    keys = [(row["table"], row["code"]) for row in code_rows()]
    assert len(keys) == len(set(keys))
    assert all(len(row["label"]) <= 60 and row["remark"] for row in code_rows())


def test_loading_codes_again_adds_only_what_is_missing_and_keeps_the_bureaus_wording(
    bare: Session,
) -> None:
    assert load_codes(bare) == len(code_rows())
    village = bare.scalars(select(Code).where(Code.table == "committee_kind", Code.code == "01")).one()
    village.label = "村人民调解委员会"
    bare.delete(bare.scalars(select(Code).where(Code.table == "sex", Code.code == "9")).one())
    bare.commit()
    assert load_codes(bare) == 1
    bare.commit()
    assert load_codes(bare) == 0
    assert codebook(bare).label("committee_kind", "01") == "村人民调解委员会"
    assert codebook(bare).choices("sex")[-1] == ("9", "未说明")


def test_the_tree_of_units_has_four_tiers_and_every_path_continues_its_parents(bare: Session) -> None:
    assert load_units(bare) == 3456
    bare.commit()
    assert load_units(bare) == 0
    tiers = dict(iter(bare.execute(select(Unit.tier, func.count()).group_by(Unit.tier))))
    assert tiers == {Tier.CITY: 1, Tier.COUNTY: 9, Tier.TOWNSHIP: 146, Tier.VILLAGE: 3300}
    units = {unit.id: unit for unit in bare.scalars(select(Unit))}
    for unit in units.values():
        above = units[unit.parent_id].path if unit.parent_id else ""
        assert unit.path == f"{above}{unit.code}/"
        assert tier_of(unit.path) is unit.tier
        assert unit.spelling


TODAY = date(2026, 3, 17)
PASSWORD = "plum-blossom-in-snow"


@pytest.fixture(scope="module")
def accounts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "accounts.md"


@pytest.fixture(scope="module")
def demo_engine(ground: Ground, accounts_file: Path) -> Iterator[Engine]:
    """The whole demo, which the tests below only read."""
    with ground.empty_url() as url:
        engine = open_engine(url)
        Base.metadata.create_all(engine)
        with open_session(engine) as session:
            load_demo(session, PASSWORD, accounts_file, today=TODAY)
            session.commit()
        yield engine
        engine.dispose()


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Session]:
    with open_session(demo_engine) as session:
        yield session
        session.rollback()


@pytest.mark.parametrize("word", REGISTERS)
def test_every_record_of_the_demo_could_have_been_typed_by_a_clerk(demo: Session, word: str) -> None:
    register = REGISTERS[word]
    query = select(register.model).options(
        *(selectinload(getattr(register.model, n)) for n, _ in register.parts)
    )
    if register.model is Unit:
        query = query.where(Unit.tier != Tier.CITY)  # the city hangs under nobody: a form could not make it
    for record in demo.scalars(query):
        found = [each for each in register.rules(record) if each.grave]
        for field in register.fields:
            found += grave(demo, field, getattr(record, field.name))
        for part in register.part_lists():
            lines = getattr(record, part.name)
            found += [
                each for line in lines for f in part.fields for each in grave(demo, f, getattr(line, f.name))
            ]
        assert not found, f"{record}: {found}"


def grave(session: Session, field: Field, value: Any) -> list[Finding]:
    """What would keep a form from being saved with this value."""
    if value in (None, "", []):
        return [Finding(field.name, "missing")] if field.required else []
    if field.max_length and field.kind == "text" and len(value) > field.max_length:
        return [Finding(field.name, f"too long: {value}")]
    if field.kind in ("code", "codes"):
        book, values = codebook(session), [value] if field.kind == "code" else value
        return [Finding(field.name, f"no code {v}") for v in values if not book.in_force(field.say.codes, v)]
    return [each for check in field.say.checks if (each := check(value)) and each.grave]


def test_numbers_of_cases_run_without_a_gap_per_unit_and_year(demo: Session) -> None:
    runs: dict[str, list[int]] = {}
    for number in demo.scalars(select(Case.number).where(Case.number.is_not(None))):
        assert number
        head, tail = number.split("字第")
        runs.setdefault(head, []).append(int(tail.removesuffix("号")))
    assert len(runs) > 100
    assert all(sorted(run) == list(range(1, len(run) + 1)) for run in runs.values())
    numbered = demo.scalar(select(func.count()).where(Case.number.is_not(None)))
    assert numbered == demo.scalar(select(func.count()).where(Case.accepted_on.is_not(None)))


def test_the_counters_stand_where_the_numbers_of_the_demo_end(demo: Session) -> None:
    """So a number taken in the demo is the next one: words, patterns and order are those of `take`."""
    units = {unit.id: unit for unit in demo.scalars(select(Unit))}
    counted: dict[Series, int] = dict.fromkeys(Series, 0)
    for counter in demo.scalars(select(Counter)):
        pattern = str(SETTINGS[PATTERN_OF[counter.series]].default)
        word = unit_word(demo, units[counter.unit_id])
        before, after = ends(pattern, year=counter.year, unit=word)
        standing = [each or "" for each in demo.scalars(beginning_with(HELD[counter.series], before))]
        if counter.series is Series.AGREEMENT:  # of a case mediated anew the old agreement's number is gone
            assert counter.last >= highest(standing, before, after)
        else:
            assert counter.last == highest(standing, before, after) == len(standing)
        counted[counter.series] += len(standing)
    ours = {series: select(func.count()).where(column.is_not(None)) for series, column in HELD.items()}
    ours[Series.LETTER] = ours[Series.LETTER].where(HandOver.way == Way.OUT)  # the others are agencies'
    assert counted == {series: demo.scalar(query) for series, query in ours.items()}
    assert min(counted.values()) > 20


def test_what_holds_of_every_database_holds_of_the_demo(demo: Session) -> None:
    """Steps, custody, numbers, clocks, dossiers, evidence: `tests/invariants.py` says which.

    And the first run of the daily job finds little to warn of, and leaves it so.
    """
    assert faults(demo) == []
    done = daily.run(demo, TODAY)
    assert done["提醒快到期"] == done["标出已超期"] == 0
    assert faults(demo) == []


def test_a_case_began_as_registered_and_every_step_is_taken_somewhere(demo: Session) -> None:
    taken = set()
    for case in demo.scalars(select(Case).options(selectinload(Case.steps), selectinload(Case.mediators))):
        names = [step.name for step in case.steps]
        chain = [Stage.REGISTERED, *(step.target for step in case.steps)]
        assert [step.source for step in case.steps] == chain[:-1]
        assert case.stage is chain[-1]
        since = names[names.index("receive") :] if "receive" in names else names
        assert bool(case.mediators) == bool({"accept", "assign"} & set(since))
        assert (case.result == SUCCEEDED) == (case.agreed_on is not None)
        assert case.risk_measures or case.risk == NO_RISK
        assert case.police_told_on or case.risk != MAY_BE_CRIME
        taken |= set(names)
    assert taken == set(CASE_STEP) - {"import"}  # the demo's cases were mediated here, none came in a book


def test_each_line_of_a_case_was_added_by_its_step_and_by_one_only(demo: Session) -> None:
    """And every step that adds one names it; a transfer's referral leads, so it names none."""
    lists = sorted({step.line for step in CASE_STEP.values() if step.line} - {"referrals"})
    query = select(Case).options(selectinload(Case.steps), *(selectinload(getattr(Case, n)) for n in lists))
    for case in demo.scalars(query):
        for name in lists:
            named = [row.facts["line"] for row in case.steps if CASE_STEP[row.name].line == name]
            assert sorted(named) == sorted(line.id for line in getattr(case, name))


def test_the_consent_of_the_parties_would_have_let_the_case_in(demo: Session) -> None:
    for case in demo.scalars(select(Case).options(selectinload(Case.parties))):
        own = case.source == OWN_INITIATIVE
        if case.accepted_on:
            assert not consent_findings([party.consent for party in case.parties], own_initiative=own)


def test_no_dossier_of_a_closed_case_lacks_a_document(demo: Session) -> None:
    lists = (Case.sessions, Case.attachments, Case.follow_ups, Case.referrals, Case.hand_overs, Case.steps)
    closed = select(Case).where(Case.stage.in_((Stage.CLOSED, Stage.ARCHIVED)))
    cases = demo.scalars(closed.options(*map(selectinload, lists)))
    assert {case.id: found for case in cases if (found := lacking(demo, case))} == {}


def test_every_state_of_every_life_is_shown(demo: Session) -> None:
    for word, life in LIVES.items():
        found = {life.stands(record) for record in demo.scalars(select(REGISTERS[word].model))}
        reached = {step.to for step in life.steps.values() if step.to}
        assert reached <= found, word
    assert set(demo.scalars(select(Referral.direction))) == set(Direction)
    assert {Fault.DECLINED, Fault.LATE, Fault.RETURNED, Fault.REOPENED} <= set(
        demo.scalars(select(Lookback.fault))
    )


def test_a_referral_agrees_with_its_case(demo: Session) -> None:
    referrals = demo.scalars(
        select(Referral).options(joinedload(Referral.case), selectinload(Referral.steps))
    )
    for referral in referrals:
        assert direction_finding(referral.direction, referral.path, referral.to_path) is None
        names = [step.name for step in referral.steps]
        moved = referral.received_at is not None
        assert referral.case.path == (referral.to_path if moved else referral.path)
        assert ("ask" in names) == (referral.direction is Direction.SIDEWAYS and bool(names))
        assert (referral.due_on is None) == (referral.sent_at is None)
        assert bool(referral.return_reason) == (referral.state is ReferralState.RETURNED)
        assert bool(referral.answer) == (referral.answered_at is not None)
        led = [LEADS[name] for name in names if name in LEADS]
        assert led == [row.name for row in referral.case.steps if row.name in LEADS.values()]


def test_what_the_daily_job_did_before_is_marked(demo: Session) -> None:
    """So that its first run in the demo tells of today, and not of three years."""
    for deadline in demo.scalars(select(Deadline).where(Deadline.done_at.is_(None))):
        assert (deadline.late_on is not None) == (deadline.due_on < TODAY)
        assert deadline.warned_on is not None or (deadline.due_on - TODAY).days > 3


def test_people_work_where_their_committee_is(demo: Session) -> None:
    assert not demo.scalar(
        select(func.count())
        .select_from(CaseMediator)
        .join(CaseMediator.case)
        .join(CaseMediator.mediator)
        .where(Case.committee_id != Mediator.committee_id)
    )
    for model in (Case, Mediator, Evaluation):
        astray = select(func.count()).select_from(model).join(model.committee)
        assert not demo.scalar(
            astray.where((model.path != Committee.path) | (model.unit_id != Committee.unit_id))
        )


def test_each_role_has_an_account_that_can_sign_in(demo: Session, accounts_file: Path) -> None:
    users = {user.username: user for user in demo.scalars(select(User))}
    assert {post.role for user in users.values() for post in user.posts} == set(Role)
    assert {post.unit.tier for user in users.values() for post in user.posts} == {*Tier} - {Tier.GRID}
    assert sign_in(demo, "mediator", PASSWORD, now()) is users["mediator"]
    assert not users["mediator"].must_change_password
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    assert all(f"| {name} |" in accounts_file.read_text(encoding="utf-8") for name in users)


def test_the_demos_people_have_something_to_do(demo: Session) -> None:
    def seen(who: str) -> int:
        user = demo.scalars(select(User).where(User.username == who)).one()
        return demo.scalar(select(func.count()).where(policy.visible(Case, user))) or 0

    counts = {who: seen(who) for who in ("mediator", "director", "office", "county", "city", "mediator2")}
    assert 30 <= counts["mediator"] == counts["director"] < counts["office"] < counts["county"]
    assert counts["county"] < counts["city"] == 3000
    assert counts["mediator2"] >= 10
    mine = demo.scalars(select(User).where(User.username == "mediator")).one().posts[0].mediator_id
    assert (demo.scalar(select(func.count()).where(CaseMediator.mediator_id == mine)) or 0) >= 15


@pytest.mark.parametrize(
    ("who", "waiting"),
    [
        ("mediator", "finish follow_up confirm"),
        ("director", "finish follow_up confirm answer feed_back urge"),
        ("office", "finish follow_up sign answer assist feed_back urge"),
        ("county", "finish sign answer assist"),
        ("city", "finish answer"),
        ("expert", "assist"),
    ],
)
def test_the_inbox_of_each_role_is_filled(demo: Session, who: str, waiting: str) -> None:
    user = demo.scalars(select(User).where(User.username == who)).one()
    open_ = demo.scalars(select(Deadline).where(Deadline.done_at.is_(None))).all()
    mine = [each for each in open_ if _acts(demo, user, each)]
    assert set(waiting.split()) <= {each.kind.value for each in mine}
    if who != "expert":
        assert {each.due_on < TODAY for each in mine} == {True, False}
    unread = select(func.count()).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    assert 1 <= (demo.scalar(unread) or 0) <= 30


def _acts(session: Session, user: User, deadline: Deadline) -> bool:
    """Whether this is one of the people who must act on a deadline."""
    post = user.posts[0]
    match post.role:
        case Role.EXPERT:
            asked = session.get(Assistance, deadline.record_id) if deadline.word == "assistance" else None
            return asked is not None and asked.expert_id == post.expert_id
        case Role.MEDIATOR:
            mine = select(CaseMediator.id).where(CaseMediator.case_id == deadline.case_id)
            mine = mine.where(CaseMediator.mediator_id == post.mediator_id)
            return deadline.word == "case" and session.scalar(mine) is not None
        case Role.COMMITTEE:
            return deadline.committee_id == post.committee_id
    return deadline.unit_id == post.unit_id


@pytest.mark.parametrize(
    ("who", "step"),
    [("office", "referral.approve"), ("county", "referral.approve"), ("county", "urging.close")],
)
def test_those_above_have_something_to_decide(demo: Session, who: str, step: str) -> None:
    user = demo.scalars(select(User).where(User.username == who)).one()
    word, name = step.split(".")
    life = LIVES[word]
    records = demo.scalars(select(REGISTERS[word].model))
    assert any(
        life.stands(each) in life.steps[name].sources and policy.may(user, step, each) for each in records
    )


def test_one_line_of_the_history_tells_of_it_and_the_next_record_gets_a_free_id(demo: Session) -> None:
    assert history.count(demo) == 1
    demo.add(Code(table="sex", code="x", label="x"))
    unit = demo.scalars(select(Unit).where(Unit.tier == Tier.VILLAGE).limit(1)).one()
    demo.add(Committee(name="新设", kind="01", unit_id=unit.id, path=unit.path))
    demo.flush()


def test_the_demo_is_the_same_for_everybody_on_the_same_day() -> None:
    people = [People(Random(7), TODAY) for _ in range(2)]
    first, second = ([each.person() for _ in range(20)] for each in people)
    assert first == second
    assert all(identity.id_number(person.id_number) is None for person in first)
    assert all(identity.credit_code(each.credit_code()) is None for each in people)


def test_cases_for_measuring_come_on_top_and_can_be_asked_for_twice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seed.scale.BATCH", 40)
    before, told = session.scalar(select(func.count()).select_from(Case)) or 0, []
    for _ in range(2):
        load_scale(session, 100, lambda done, total: told.append((done, total)))
        session.commit()
    assert told == [(40, 100), (80, 100), (100, 100)] * 2
    cases = session.scalars(
        select(Case)
        .where(Case.number.contains("测字"))
        .options(selectinload(Case.parties), selectinload(Case.mediators))
    ).all()
    assert session.scalar(select(func.count()).select_from(Case)) == before + 200
    assert len(cases) == len({case.number for case in cases}) == 200
    assert {(len(case.parties), len(case.mediators)) for case in cases} == {(2, 1)}
    assert not any(each.grave for case in cases for each in REGISTERS["case"].rules(case))
    session.add(Code(table="sex", code="x", label="x"))
    session.flush()
