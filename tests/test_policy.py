"""Who sees and who may: the table's SQL and predicates agree, and what no row grants is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import actions, policy
from admin_app.actions import STEP_ACTIONS
from admin_app.grants import GRANTS
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.mediators import Mediator
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS, in_menu_order, register_of
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.reaches import EVERYWHERE
from admin_app.rules.refusals import NotAllowed, NotSeen
from tests.samples import BY_HAND
from tests.world import PEOPLE, World

Person = Callable[[str], User]
ON_RECORDS = [action for action in GRANTS if action.partition(".")[0] in REGISTERS]
OPENS = [action for action in ON_RECORDS if not action.endswith(".choose")]  # `choose` offers a name only


def model_of(action: str) -> Any:
    return REGISTERS[action.partition(".")[0]].model


@pytest.mark.parametrize("action", ON_RECORDS)
def test_sql_and_predicate_agree_on_every_record_for_every_person(
    looking: Session, person: Person, action: str
) -> None:
    """What a list shows and what a door admits is the same, for each action of the table."""
    model = model_of(action)
    records = looking.scalars(select(model)).all()
    assert records
    for who in PEOPLE:
        user = person(who)
        by_sql = set(looking.scalars(select(model.id).where(policy.visible(model, user, action))))
        by_predicate = {each.id for each in records if policy.may(user, action, each)}
        assert by_sql == by_predicate, who


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("word", REGISTERS)
def test_without_a_row_nothing_is_visible(
    looking: Session, person: Person, monkeypatch: pytest.MonkeyPatch, role: Role, word: str
) -> None:
    user = person("bureau_city")
    user.posts[0].role = role
    model = REGISTERS[word].model
    everything = len(looking.scalars(select(model.id)).all())
    monkeypatch.setitem(GRANTS, f"{word}.see", {role: EVERYWHERE})
    seen = select(model.id).where(policy.visible(model, user))
    assert len(looking.scalars(seen).all()) == everything
    for row in ({}, {other: EVERYWHERE for other in Role if other is not role}):
        monkeypatch.setitem(GRANTS, f"{word}.see", row)
        seen = select(model.id).where(policy.visible(model, user))
        assert looking.scalars(seen).all() == []
        assert not policy.may(user, f"{word}.see")


@pytest.mark.parametrize("who", ["nobody", "inactive"])
def test_whoever_has_no_post_or_may_not_sign_in_may_nothing(
    looking: Session, person: Person, who: str
) -> None:
    user = person(who)
    for action in GRANTS:
        assert not policy.may(user, action)
        with pytest.raises(NotAllowed):
            policy.demand(user, action)
    assert policy.registers_for(user) == []


def test_an_action_without_a_row_is_refused_to_everyone(looking: Session, person: Person) -> None:
    for who in PEOPLE:
        assert not policy.may(person(who), "case.burn")
        assert looking.scalars(select(Case).where(policy.visible(Case, person(who), "case.burn"))).all() == []


def test_every_step_has_a_row_and_every_row_grants_somebody() -> None:
    assert set(STEP_ACTIONS) <= set(GRANTS)
    assert all(GRANTS.values())


def test_every_register_has_the_same_doors() -> None:
    doors = {f"{word}.{door}" for word in REGISTERS for door in ("see", "edit", "history")}
    making = {f"{word}.{door}" for word in REGISTERS for door in ("create", "remove", "restore")}
    by_hand = {f"{word}.{door}" for word in BY_HAND for door in ("create", "remove", "restore")}
    assert doors | by_hand <= set(GRANTS)
    assert not (making - by_hand) & set(GRANTS), "what steps alone make is not made or removed by hand"


@pytest.mark.parametrize("word", REGISTERS)
def test_who_may_do_a_thing_to_a_record_may_see_it(looking: Session, person: Person, word: str) -> None:
    """404 comes before 403: no door opens on a record that its person cannot find.

    Whoever only follows a record may at most take steps on it.
    """
    records = looking.scalars(select(REGISTERS[word].model)).all()
    followed = {*STEP_ACTIONS, f"{word}.follow"}
    for action in (each for each in OPENS if model_of(each) is REGISTERS[word].model):
        for who in PEOPLE:
            for record in records:
                if policy.may(person(who), action, record):
                    verb = "open" if action in followed else "see"
                    assert policy.may(person(who), f"{word}.{verb}", record), (who, action, str(record))


@pytest.mark.parametrize("record_id", [None, 0, -1, -(2**63), 2**31 - 1, 2**31, 2**63, 10**30], ids=str)
@pytest.mark.parametrize("word", REGISTERS)
def test_a_record_that_is_not_there_is_not_seen(
    looking: Session, person: Person, word: str, record_id: int | None
) -> None:
    for who in ("bureau_city", "sysadmin"):
        with pytest.raises(NotSeen):
            policy.find(looking, person(who), REGISTERS[word].model, record_id)


def test_out_of_scope_and_not_there_are_told_with_the_same_words(
    looking: Session, person: Person, world: World
) -> None:
    told = []
    for record_id in (world.far_case, 2**31 - 1):
        with pytest.raises(NotSeen) as refusal:
            policy.find(looking, person("owner"), Case, record_id)
        told.append((refusal.value.sentence, refusal.value.status))
    assert told[0] == told[1]
    assert told[0][1] == 404


def test_a_removed_record_is_found_in_the_recycle_bin_only(
    looking: Session, person: Person, world: World
) -> None:
    office = person("office")
    with pytest.raises(NotSeen):
        policy.find(looking, office, Case, world.removed_case)
    assert policy.find(looking, office, Case, world.removed_case, removed=True).id == world.removed_case
    with pytest.raises(NotSeen):
        policy.find(looking, office, Case, world.case, removed=True)
    with pytest.raises(NotSeen):
        policy.find(looking, person("other_office"), Case, world.removed_case, removed=True)


VILLAGE = {"case", "colleague_case", "unassigned_case", "mediating_case", "settled_case"}
VILLAGE |= {"transfer_case", "closed_case", "archived_case", "removed_case"}
OWN = {"case", "mediating_case", "settled_case", "transfer_case", "archived_case", "removed_case"}
TOWNSHIP = VILLAGE | {"township_case"}
COUNTY = TOWNSHIP | {"county_case", "other_case"}
EVERY = COUNTY | {"far_case"}
NONE: set[str] = set()

# lifecycle.md 2, as the bureau would read it: who | sees | edits | transfers | reopens
CASES = [
    ("owner", VILLAGE, OWN, NONE, NONE),
    (
        "colleague",
        VILLAGE,
        {"colleague_case", "mediating_case", "closed_case"},
        NONE,
        NONE,
    ),
    ("director", VILLAGE, VILLAGE, VILLAGE, NONE),
    ("office", TOWNSHIP, TOWNSHIP, TOWNSHIP, TOWNSHIP),
    ("stranger", {"other_case"}, {"other_case"}, NONE, NONE),
    ("other_office", {"other_case"}, {"other_case"}, {"other_case"}, {"other_case"}),
    ("bureau_county", COUNTY, COUNTY, COUNTY, COUNTY),
    ("bureau_far", {"far_case"}, {"far_case"}, {"far_case"}, {"far_case"}),
    ("bureau_city", EVERY, EVERY, EVERY, EVERY),
    ("inspector", COUNTY, NONE, NONE, NONE),
    ("auditor", NONE, NONE, NONE, NONE),
    ("sysadmin", NONE, NONE, NONE, NONE),
    ("expert", NONE, NONE, NONE, NONE),
    ("two_posts", VILLAGE | {"far_case"}, VILLAGE | {"far_case"}, VILLAGE | {"far_case"}, {"far_case"}),
    ("unfinished", NONE, NONE, NONE, NONE),
    ("nobody", NONE, NONE, NONE, NONE),
    ("inactive", NONE, NONE, NONE, NONE),
    # An area carries the office's rights into the township; a director of a committee only reads there.
    (
        "warden",
        TOWNSHIP | {"other_case"},
        TOWNSHIP | {"other_case"},
        TOWNSHIP | {"other_case"},
        TOWNSHIP | {"other_case"},
    ),
    ("minder", TOWNSHIP | {"county_case"}, {"county_case"}, {"county_case"}, NONE),
]


def test_the_table_of_cases_leaves_nobody_out() -> None:
    assert tuple(row[0] for row in CASES) == PEOPLE


@pytest.mark.parametrize(("who", "sees", "edits", "transfers", "reopens"), CASES)
def test_who_reaches_which_cases(
    looking: Session,
    person: Person,
    world: World,
    who: str,
    sees: set[str],
    edits: set[str],
    transfers: set[str],
    reopens: set[str],
) -> None:
    names = {getattr(world, name): name for name in EVERY}
    for action, expected in (
        ("case.see", sees),
        ("case.edit", edits),
        ("case.transfer", transfers),
        ("case.reopen", reopens),
    ):
        query = select(Case.id).where(policy.visible(Case, person(who), action))
        assert {names[each] for each in looking.scalars(query)} == expected, action


# Beyond what they see: cases that left their hands, were sent to them, or ask for their help.
FOLLOWED = [
    ("director", "transfer_case", False),  # seen anyhow
    ("stranger", "mediating_case", False),
    ("other_office", "county_case", True),  # handed down to the other township
    ("other_office", "mediating_case", True),  # asked to join
    ("other_office", "case", False),
    ("expert", "mediating_case", True),
    ("expert", "case", False),
    ("expert", "far_case", False),
    ("sysadmin", "mediating_case", False),
    ("nobody", "mediating_case", False),
]


@pytest.mark.parametrize(("who", "name", "follows"), FOLLOWED)
def test_who_follows_a_case_opens_it_and_finds_it_in_no_list(
    looking: Session, person: Person, world: World, who: str, name: str, follows: bool
) -> None:
    user, case = person(who), looking.get_one(Case, getattr(world, name))
    if policy.may(user, "case.see", case):
        assert policy.find(looking, user, Case, case.id) is case
        return
    assert policy.may(user, "case.open", case) == policy.may(user, "case.follow", case) == follows
    assert case.id not in looking.scalars(select(Case.id).where(policy.visible(Case, user))).all()
    if follows:
        assert policy.find(looking, user, Case, case.id) is case
        assert not policy.may(user, "case.sensitive", case)
        assert not policy.may(user, "case.history", case)
    else:
        with pytest.raises(NotSeen):
            policy.find(looking, user, Case, case.id)


# register, record, action | who may, all others may not
RIGHTS: list[tuple[type, str, str, set[str]]] = [
    (Committee, "village_committee", "committee.edit", {"office", "bureau"}),
    (Committee, "village_committee", "committee.remove", {"office", "bureau"}),
    (Committee, "far_committee", "committee.edit", {"bureau_far", "bureau_city", "two_posts"}),
    (Mediator, "mediator", "mediator.edit", {"director", "office", "bureau", "two_posts"}),
    (Mediator, "mediator", "mediator.sensitive", {"owner", "director", "office", "bureau", "two_posts"}),
    (Mediator, "mediator", "mediator.remove", {"director", "office", "bureau", "two_posts"}),
    (Expert, "city_expert", "expert.see", {"bureau_city"}),
    (Expert, "township_expert", "expert.see", {"office", "bureau", "inspector"}),
    (Expert, "township_expert", "expert.edit", {"office", "bureau"}),
    (Evaluation, "evaluation", "evaluation.see",
     {"owner", "director", "office", "bureau", "inspector", "two_posts"}),
    (Evaluation, "evaluation", "evaluation.edit", {"office", "bureau"}),
    (Unit, "village", "unit.edit", {"bureau", "sysadmin"}),
    (User, "owner", "user.edit", {"sysadmin"}),
    (Case, "case", "case.sensitive", {"owner", "director", "office", "bureau", "two_posts"}),
    (Case, "case", "case.history",
     {"owner", "colleague", "director", "office", "bureau", "inspector", "two_posts"}),
    (Referral, "sent_referral", "referral.receive", {"office", "bureau"}),
    (Referral, "draft_referral", "referral.see",
     {"owner", "colleague", "director", "office", "bureau", "inspector", "two_posts"}),
    # sent by the county to the other township, and by no committee
    (Referral, "crossing_referral", "referral.see", {"other_office", "bureau", "inspector", "minder"}),
    (Referral, "crossing_referral", "referral.receive", {"other_office", "bureau"}),
    (Referral, "sent_referral", "referral.withdraw", {"director", "office", "bureau", "two_posts"}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "name", "action", "who_may"), RIGHTS)
def test_who_has_which_right(
    looking: Session, person: Person, world: World, model: type, name: str, action: str, who_may: set[str]
) -> None:
    if "bureau" in who_may:  # the bureau of the county and the one above it
        who_may = who_may - {"bureau"} | {"bureau_county", "bureau_city"}
    if who_may & {"office", "other_office"}:  # of the one township, and responsible for the other
        who_may = who_may | {"warden"}
    record = looking.get_one(model, getattr(world, name))
    assert {who for who in PEOPLE if policy.may(person(who), action, record)} == who_may


def test_a_draft_is_the_senders_own_and_shows_at_the_other_end_once_it_is_sent(
    looking: Session, person: Person, world: World
) -> None:
    referral = looking.get_one(Referral, world.crossing_referral)
    assert policy.may(person("other_office"), "referral.see", referral)
    referral.state = type(referral.state)("draft")
    looking.flush()
    assert not policy.may(person("other_office"), "referral.see", referral)
    with pytest.raises(NotSeen):
        policy.find(looking, person("other_office"), Referral, referral.id)
    assert policy.find(looking, person("bureau_county"), Referral, referral.id) is referral


def test_scope_is_the_subtree_for_every_unit_and_every_located_record(looking: Session, world: World) -> None:
    """`under` in SQL, `is_under` in memory, and the official codes say the same; the grid too."""
    units = looking.scalars(select(Unit)).all()
    for register in REGISTERS.values():
        if not hasattr(register.model, "under"):
            continue
        records = looking.scalars(select(register.model)).all()
        for unit in units:
            by_sql = set(looking.scalars(select(register.model.id).where(register.model.under(unit.path))))
            assert by_sql == {each.id for each in records if each.is_under(unit.path)}
            if register.model is Unit and unit.tier.value not in ("city", "county"):
                assert by_sql == {each.id for each in units if each.code.startswith(unit.code)}


def test_a_grids_own_records_are_under_the_grid_alone_and_its_ancestors(
    looking: Session, world: World
) -> None:
    grid = looking.get_one(Unit, world.grid)
    expert = looking.get_one(Expert, world.township_expert)
    expert.path = grid.path
    looking.flush()
    holders = [
        name
        for name in ("city", "county", "township", "village", "grid", "next_village", "far_village")
        if expert.id
        in looking.scalars(
            select(Expert.id).where(Expert.under(looking.get_one(Unit, getattr(world, name)).path))
        ).all()
    ]
    assert holders == ["city", "county", "township", "village", "grid"]


def test_an_office_sees_the_units_around_it_and_no_further(
    looking: Session, person: Person, world: World
) -> None:
    seen = set(looking.scalars(select(Unit.code).where(policy.visible(Unit, person("office")))))
    assert seen == {
        "330700",
        "330702",
        "330702001",
        "330702002",
        "330702001008",
        "330702001010",
        "330702001008001",
    }


def test_the_matrix_shows_every_row_for_every_role() -> None:
    rows = dict(actions.matrix())
    assert set(rows) == set(GRANTS)
    assert all(len(cells) == len(Role) for cells in rows.values())
    assert rows["case.reopen"] == ["—", "—", "本级及以下", "本级及以下", "—", "—", "—", "—"]


AT_CASES = {"case", "visit", "referral", "assistance", "hand_over", "urging", "dossier", "monthly"} | {
    "screening",
    "find",
    "warning",
    "typical_case",
    "publicity",
    "meeting",
    "meeting_task",
    "circular",
    "major_report",
}


GRADED = {"season", "award", "evaluation", "training", "standard", "rate"}
JUDGED = {"evaluation_plan", "lookback", "subsidy", "payment", "budget"} | GRADED
SETTINGS = {"assessment", "cadence", "key_period", "warning_rule", "staffing_target", "meeting_rule"}


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("bureau_county", set(REGISTERS) - {"user", "code", "holiday"}),
        ("sysadmin", {"user", "code", "holiday", "parameter", "form_template", "requirement", "unit"}),
        ("auditor", set()),
        ("expert", {"unit", "assistance"}),
        ("owner", {"unit", "committee", "mediator"} | GRADED | AT_CASES),
        (
            "inspector",
            {"unit", "committee", "mediator", "expert", "area"} | SETTINGS | JUDGED | AT_CASES,
        ),
    ],
)
def test_which_registers_stand_in_whose_menu(
    looking: Session, person: Person, who: str, words: set[str]
) -> None:
    assert set(policy.registers_for(person(who))) == words


def test_the_menu_goes_the_way_of_a_case(looking: Session, person: Person) -> None:
    nouns = [REGISTERS[word].noun for word in policy.registers_for(person("bureau_city"))]
    assert nouns[:8] == ["案件", "来访", "转办", "协同", "移送", "督办", "卷宗", "典型案例"]
    prevention = ["排查任务", "排查发现", "预警", "风险评估", "普法宣传", "重大纠纷报送", "会议"]
    assert [each for each in nouns if each in prevention] == prevention
    organisation = ["单位", "调委会", "调解员", "专家", "配备目标", "分片负责"]
    assert [each for each in nouns if each in organisation] == organisation
    assert [each.word for each in in_menu_order()][:1] == ["case"]
    assert {each.word for each in in_menu_order()} == set(REGISTERS)


def test_a_register_is_asked_for_by_its_model() -> None:
    assert {register_of(each.model).word for each in REGISTERS.values()} == set(REGISTERS)


def test_every_action_has_a_name_that_the_bureau_can_sign() -> None:
    names = [actions.said(action) for action in GRANTS]
    assert len(set(names)) == len(names)
    assert not any(each.isascii() for each in names)
