"""Create, edit, remove, restore, revert: alike for every register, so tested for every register.

Values come from `Samples`; a new register is tested the day it is declared.
"""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.history import Action
from admin_app.models.base import Kept
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.fields import Field
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import records, reverts
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.cases import EDITABLE, Stage
from admin_app.rules.dates import plausible, plausible_birth, plausible_term, today
from admin_app.rules.evaluations import Level
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.referrals import ReferralState
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Refusal, Stale
from admin_app.rules.tiers import Tier
from tests.databases import open_session
from tests.samples import BY_HAND, MASTER, SETUP, Samples
from tests.walking import born, given_for
from tests.world import World

Person = Callable[[str], User]
EVERY = pytest.mark.parametrize("word", REGISTERS)
MADE_BY_HAND = pytest.mark.parametrize("word", BY_HAND)
ASKED = ("always", "create")


def samples(session: Session, person: Person, word: str) -> Samples:
    return Samples(session, person(MASTER[word]), REGISTERS[word])


def made(session: Session, person: Person, word: str) -> Any:
    """A new record of a register, with a line of each part, committed."""
    history.act_as(session, person(MASTER[word]))
    if word in BY_HAND:
        given = samples(session, person, word).given()
        record = records.create(session, person(MASTER[word]), REGISTERS[word], given)
    else:
        record = born(session, person(MASTER[word]), word)
    session.commit()
    return record


def last_line(session: Session) -> Entry:
    return session.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()


def faults(refusal: pytest.ExceptionInfo[RecordRefused]) -> list[str]:
    return [each.field for each in refusal.value.findings]


# ------------------------------------------------------------------ every register


@MADE_BY_HAND
def test_a_new_record_keeps_what_was_given_and_leaves_one_line(
    session: Session, person: Person, word: str
) -> None:
    before = history.count(session)
    register, given = REGISTERS[word], samples(session, person, word).given()
    record = made(session, person, word)
    session.expire_all()

    for name, value in given.values.items():
        assert getattr(record, name) == value, name
    for part in register.part_lists():
        line = getattr(record, part.name)[0]
        assert {name: getattr(line, name) for name in given.lines[part.name][0].values} == given.lines[
            part.name
        ][0].values
    assert history.count(session) == before + 1
    entry = last_line(session)
    assert (entry.action, entry.register, entry.record_id) == (Action.CREATE, word, record.id)
    assert entry.actor_id == person(MASTER[word]).id
    told = {change["field"]: change["new"] for change in entry.changes["fields"] if "part" not in change}
    said = {name: history.raw(value) for name, value in given.values.items() if value is not None}
    assert said.items() <= told.items()
    for part in register.part_lists():
        lines = {
            change["field"]: change["new"]
            for change in entry.changes["fields"]
            if change.get("part") == part.name
        }
        assert lines == {
            name: history.raw(value)
            for name, value in given.lines[part.name][0].values.items()
            if value is not None
        }


@MADE_BY_HAND
def test_what_must_be_filled_in_is_asked_for(looking: Session, person: Person, word: str) -> None:
    register = REGISTERS[word]
    with pytest.raises(RecordRefused) as refusal:
        records.create(looking, person(MASTER[word]), register, Given())
    asked = {each.name for each in register.fields if each.required and each.say.form in ASKED}
    assert set(faults(refusal)) == asked
    assert asked


@MADE_BY_HAND
def test_a_blank_does_not_stand_where_something_is_required(
    looking: Session, person: Person, word: str
) -> None:
    register = REGISTERS[word]
    for each in register.fields:
        if each.required and each.say.form in ASKED:
            for blank in (None, "", []):
                given = samples(looking, person, word).given()
                given.values[each.name] = blank
                with pytest.raises(RecordRefused) as refusal:
                    records.create(looking, person(MASTER[word]), register, given)
                assert each.name in faults(refusal)


@EVERY
def test_an_edit_is_told_field_by_field_and_can_be_taken_back(
    session: Session, person: Person, word: str
) -> None:
    actor, register = person(MASTER[word]), REGISTERS[word]
    record = made(session, person, word)
    facts = {each.name: getattr(record, each.name) for each in register.fields}
    second = samples(session, person, word).values(register.fields, ("always",), 1)
    before, version = history.count(session), record.version

    records.edit(session, actor, record, Given(second), version=version)
    session.commit()
    assert record.version == version + 1
    assert history.count(session) == before + 1
    entry = last_line(session)
    told = {each["field"]: (each["old"], each["new"]) for each in entry.changes["fields"]}
    changed = {name: value for name, value in second.items() if value != facts[name]}
    assert changed
    assert entry.action == Action.EDIT
    assert {name: told[name] for name in changed} == {
        name: (history.raw(facts[name]), history.raw(value)) for name, value in changed.items()
    }

    reverts.revert(session, actor, record, entry)
    session.commit()
    assert {each.name: getattr(record, each.name) for each in register.fields} == facts
    assert last_line(session).action == Action.REVERT
    assert history.verify(session) == (history.count(session), None)


@EVERY
def test_saving_what_is_already_there_changes_nothing(session: Session, person: Person, word: str) -> None:
    record = made(session, person, word)
    before = history.count(session)
    register, version, changed_at = REGISTERS[word], record.version, record.changed_at
    given = samples(session, person, word).values(register.fields, ("always",))
    if word not in BY_HAND:
        given = {name: getattr(record, name) for name in given}
    records.edit(session, person(MASTER[word]), record, Given(given), version=version)
    session.commit()
    assert (record.version, record.changed_at) == (version, changed_at)
    assert word not in BY_HAND or changed_at is None
    assert history.count(session) == before


@MADE_BY_HAND
def test_a_removed_record_lies_in_the_recycle_bin_and_comes_back_whole(
    session: Session, person: Person, word: str
) -> None:
    actor, register = person(MASTER[word]), REGISTERS[word]
    record = made(session, person, word)
    facts = {each.name: getattr(record, each.name) for each in register.fields}

    records.remove(session, actor, record)
    session.commit()
    assert last_line(session).action == Action.REMOVE
    with pytest.raises(NotSeen):
        policy.find(session, actor, register.model, record.id)
    assert policy.find(session, actor, register.model, record.id, removed=True) is record

    records.restore(session, actor, record)
    session.commit()
    assert last_line(session).action == Action.RESTORE
    assert policy.find(session, actor, register.model, record.id) is record
    assert {each.name: getattr(record, each.name) for each in register.fields} == facts
    assert all(len(getattr(record, part.name)) == 1 for part in register.part_lists())


@EVERY
def test_a_stale_version_is_refused_and_changes_nothing(session: Session, person: Person, word: str) -> None:
    record = made(session, person, word)
    second = samples(session, person, word).values(REGISTERS[word].fields, ("always",), 1)
    for version in (0, record.version + 1):
        with pytest.raises(Stale) as refusal:
            records.edit(session, person(MASTER[word]), record, Given(second), version=version)
        assert refusal.value.status == 409
    assert not session.is_modified(record)


@EVERY
def test_no_door_opens_to_whoever_has_no_right(looking: Session, person: Person, word: str) -> None:
    register, nobody = REGISTERS[word], person("nobody")
    record = looking.scalars(select(register.model)).first()
    given = samples(looking, person, word).given()
    for attempt in (
        lambda: records.create(looking, nobody, register, given),
        lambda: records.edit(looking, nobody, record, Given(), version=record.version),
        lambda: records.remove(looking, nobody, record),
        lambda: records.restore(looking, nobody, record),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not looking.dirty
    assert not looking.new


@EVERY
def test_what_verbs_alone_may_set_is_not_taken_from_a_form(
    session: Session, person: Person, word: str
) -> None:
    record = made(session, person, word)
    register = REGISTERS[word]
    closed = [each for each in register.fields if not each.open_to(record)]
    facts = {each.name: getattr(record, each.name) for each in closed}
    given = {each.name: _another(each) for each in closed}
    given |= {"version": 9, "path": "330700/", "removed_at": date.today(), "password_hash": "x"}
    records.edit(session, person(MASTER[word]), record, Given(given), version=record.version)
    assert {each.name: getattr(record, each.name) for each in closed} == facts
    assert not session.is_modified(record)


def _another(field: Field) -> Any:
    return 1 if field.kind in ("link", "integer") else "别的"


# ------------------------------------------------------------------ every field


def _wrong(field: Field) -> list[Any]:
    """What no field of this kind takes."""
    match field.kind:
        case "text" | "long":
            longest = field.max_length or 20_000
            return ["长" * (longest + 1), "铃\x07声", "\x00", "空\x1b[31m", "\x7f", "\ud800"]
        case "integer":
            return [-1, 2**31, 10**30]
        case "money" | "decimal":
            nonsense = ("NaN", "sNaN", "Infinity", "-Infinity", "1E+13", "1E+400", "-0.01", "1.005", "1E-9")
            return [Decimal(each) for each in nonsense]
        case "code":
            return ["没有的", "", "x" * 500] if field.required else ["没有的", "x" * 500]
        case "codes":
            return [["没有的"], ["没有的"] * 500]
        case "link":
            return [0, -1, 2**31 - 1, 2**31, 2**63, 10**30]
        case "date":
            days = [date(1, 1, 1), date(9999, 12, 31)]
            if plausible_term not in field.say.checks:
                days.append(today() + timedelta(days=2))
            if plausible_birth not in field.say.checks:
                days.append(date(1949, 9, 30))
            return days
        case _:
            return []


@MADE_BY_HAND
def test_nonsense_in_any_field_is_refused_beside_that_field(
    looking: Session, person: Person, word: str
) -> None:
    actor, register = person(MASTER[word]), REGISTERS[word]
    tried = 0
    for each in (field for field in register.fields if field.say.form in ASKED):
        for value in _wrong(each):
            given = samples(looking, person, word).given()
            given.values[each.name] = value
            with pytest.raises(RecordRefused) as refusal:
                records.create(looking, actor, register, given)
            assert each.name in faults(refusal), (each.name, value)
            tried += 1
    assert tried > 3


@MADE_BY_HAND
def test_nonsense_in_any_line_is_refused_beside_that_line(
    looking: Session, person: Person, word: str
) -> None:
    actor, register = person(MASTER[word]), REGISTERS[word]
    for part in register.part_lists():
        for each in (field for field in part.fields if field.say.form in ASKED):
            for value in _wrong(each):
                given = samples(looking, person, word).given()
                right = given.lines[part.name][0]
                given.lines[part.name].append(Line(None, {**right.values, each.name: value}))
                with pytest.raises(RecordRefused) as refusal:
                    records.create(looking, actor, register, given)
                assert f"{part.name}-1-{each.name}" in faults(refusal), (each.name, value)


def test_every_date_is_checked_against_nonsense() -> None:
    fields = [
        (register.word, each.name, each)
        for register in REGISTERS.values()
        for each in (*register.fields, *(each for part in register.all_lists() for each in part.fields))
        if each.kind == "date" and each.say.form != "never"
    ]
    assert [
        (word, name)
        for word, name, each in fields
        if not {plausible, plausible_birth, plausible_term} & set(each.say.checks)
    ] == []


def test_numbers_are_tidied_before_they_are_kept(looking: Session, person: Person) -> None:
    given = samples(looking, person, "mediator").given()
    given.values["id_number"] = "３３０７０２ 19750607　121x"
    mediator = records.create(looking, person("bureau_city"), REGISTERS["mediator"], given)
    assert mediator.id_number == "33070219750607121X"


# ------------------------------------------------------------------ scope of what may be chosen


def test_another_units_committee_is_not_chosen_for_a_new_mediator(
    looking: Session, person: Person, world: World
) -> None:
    for who, committee, fits in (
        ("director", world.village_committee, True),
        ("director", world.township_committee, False),
        ("office", world.township_committee, True),
        ("office", world.other_committee, False),
        ("bureau_county", world.other_committee, True),
        ("bureau_county", world.far_committee, False),
        ("bureau_city", world.far_committee, True),
    ):
        given = samples(looking, person, "mediator").given()
        given.values["committee_id"] = committee
        if fits:
            mediator = records.create(looking, person(who), REGISTERS["mediator"], given)
            assert mediator.path == looking.get_one(Committee, committee).path
        else:
            with pytest.raises(RecordRefused) as refusal:
                records.create(looking, person(who), REGISTERS["mediator"], given)
            assert faults(refusal) == ["committee_id"]


@pytest.mark.parametrize(
    ("word", "who", "within", "beyond"),
    [
        ("unit", "bureau_county", "other_township", "far_township"),
        ("committee", "office", "village", "other_village"),
        ("expert", "other_office", "other_village", "village"),
        ("case", "owner", "village_committee", "township_committee"),
        ("case", "two_posts", "far_committee", "other_committee"),
        ("referral", "director", "settled_case", "township_case"),
        ("evaluation", "office", "township_mediator", "other_mediator"),
    ],
)
def test_a_new_record_lives_only_where_its_maker_may_create(
    looking: Session, person: Person, world: World, word: str, who: str, within: str, beyond: str
) -> None:
    register = REGISTERS[word]
    place = next(each for each in register.fields if each.say.places)
    for name, fits in ((within, True), (beyond, False)):
        given = samples(looking, person, word).given()
        given.values[place.name] = getattr(world, name)
        given.lines.pop("mediators", None)  # they belong to the other committee
        given.values |= {"code": "330702002016"} if word == "unit" else {}
        given.values |= {"to_unit_id": world.township} if word == "referral" else {}
        if fits:
            record = records.create(looking, person(who), register, given)
            assert policy.may(person(who), f"{word}.create", record)
        else:
            with pytest.raises(RecordRefused) as refusal:
                records.create(looking, person(who), register, given)
            assert faults(refusal) == [place.name]


def test_a_mediator_from_elsewhere_is_not_assigned_to_a_case(
    looking: Session, person: Person, world: World
) -> None:
    case = looking.get_one(Case, world.unassigned_case)
    given = Given(lines={"mediators": [Line(None, {"mediator_id": world.far_mediator})]})
    with pytest.raises(RecordRefused) as refusal:
        records.edit(looking, person("director"), case, given, version=case.version)
    assert faults(refusal) == ["mediators-0-mediator_id"]


def test_a_removed_record_is_not_chosen(looking: Session, person: Person, world: World) -> None:
    given = samples(looking, person, "referral").given()
    given.values["case_id"] = world.removed_case
    with pytest.raises(RecordRefused) as refusal:
        records.create(looking, person("bureau_city"), REGISTERS["referral"], given)
    assert faults(refusal) == ["case_id"]


def test_the_system_administrator_gives_a_mediator_their_post(
    session: Session, person: Person, world: World
) -> None:
    user = session.get_one(User, world.nobody)
    post = {
        "role": Role.MEDIATOR,
        "unit_id": world.village,
        "committee_id": world.village_committee,
        "mediator_id": world.mediator,
    }
    given = Given(lines={"posts": [Line(None, post)]})
    records.edit(session, person("sysadmin"), user, given, version=user.version)
    session.commit()
    assert policy.may(user, "case.edit", session.get_one(Case, world.case))
    names = {change["name"] for change in last_line(session).changes["fields"]}
    assert names == {"桃园社区 · 调解员"}


# ------------------------------------------------------------------ once only, lawfully


@pytest.mark.parametrize("word", [each.word for each in REGISTERS.values() if each.unique])
def test_the_same_thing_does_not_stand_twice(session: Session, person: Person, word: str) -> None:
    register = REGISTERS[word]
    record = made(session, person, word)
    given = samples(session, person, word).given()
    for name in register.unique:
        given.values.setdefault(name, getattr(record, name))
    with pytest.raises(RecordRefused) as refusal:
        records.create(session, person(MASTER[word]), register, given)
    assert faults(refusal) == [register.unique[0]]
    assert "已经有" in refusal.value.sentence


@pytest.mark.parametrize("word", [each.word for each in REGISTERS.values() if each.unique])
def test_the_database_itself_refuses_the_second_of_two_made_at_once(
    session: Session, person: Person, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests may both have asked before either wrote; so the friendly question is skipped here."""
    made(session, person, word)
    monkeypatch.setattr(records, "_uniqueness", lambda *_: [])
    with pytest.raises(RecordRefused) as refusal:
        records.create(session, person(MASTER[word]), REGISTERS[word], samples(session, person, word).given())
    assert refusal.value.status == 422


def test_an_active_committee_must_be_lawful_and_one_being_set_up_need_not(
    looking: Session, person: Person, world: World
) -> None:
    committee = looking.get_one(Committee, world.village_committee)
    director, woman, man = (Line(each.id, {}) for each in committee.members)
    for lines, fault in (
        ([director, woman], "3 至 9"),
        ([Line(director.id, {"position": "02"}), woman, man], "主任"),
        ([director, Line(woman.id, {"sex": "1"}), man], "妇女"),
    ):
        with pytest.raises(RecordRefused, match=fault):
            records.edit(
                looking,
                person("office"),
                committee,
                Given(lines={"members": lines}),
                version=committee.version,
            )
        looking.rollback()
    records.edit(
        looking,
        person("office"),
        committee,
        Given({"status": type(committee.status)("preparing")}, {"members": [director]}),
        version=committee.version,
    )
    assert len(committee.members) == 1
    assert any("3 至 9" in each for each in records.warnings(looking, committee))


def test_a_warning_does_not_stop_the_saving(looking: Session, person: Person, world: World) -> None:
    mediator = looking.get_one(Mediator, world.mediator)
    given = Given({"id_number": "330702750607121"})
    records.edit(looking, person("director"), mediator, given, version=mediator.version)
    assert mediator.id_number == "330702750607121"
    assert any("15 位" in each for each in records.warnings(looking, mediator))


def test_a_code_out_of_force_is_kept_but_not_chosen_anew(
    session: Session, person: Person, world: World
) -> None:
    case = session.get_one(Case, world.case)
    code = session.scalars(
        select(REGISTERS["code"].model).filter_by(table="case_source", code=case.source)
    ).one()
    other = session.get_one(Case, world.colleague_case)
    code.valid_until = min(case.registered_on, other.registered_on)  # a case asks for the codes of its day
    session.commit()
    session.info.pop("codebook", None)
    edited = Given({"source": case.source, "remark": "村委会"})
    records.edit(session, person("owner"), case, edited, version=case.version)
    assert case.remark == "村委会"
    other.source = "2"
    with pytest.raises(RecordRefused) as refusal:
        records.edit(session, person("colleague"), other, Given({"source": code.code}), version=other.version)
    assert faults(refusal) == ["source"]


# ------------------------------------------------------------------ now or not now


@pytest.mark.parametrize("stage", Stage)
def test_a_case_is_edited_and_removed_only_at_a_stage_that_allows_it(
    looking: Session, person: Person, world: World, stage: Stage
) -> None:
    case = looking.get_one(Case, world.unassigned_case)
    case.stage = stage
    looking.flush()
    attempts: list[Callable[[], None]] = [
        lambda: records.edit(
            looking, person("director"), case, Given({"remark": "祠堂"}), version=case.version
        ),
        lambda: records.remove(looking, person("director"), case),
    ]
    for attempt in attempts:
        if stage in EDITABLE:
            attempt()
        else:
            with pytest.raises(NotNow) as refusal:
                attempt()
            assert stage.label in refusal.value.sentence
    assert (case.remark, case.removed_at is not None) == (
        ("祠堂", True) if stage in EDITABLE else (None, False)
    )


def test_a_referral_once_sent_is_not_edited_or_removed(
    looking: Session, person: Person, world: World
) -> None:
    for name in ("sent_referral", "crossing_referral", "far_referral"):
        referral = looking.get_one(Referral, getattr(world, name))
        with pytest.raises(NotNow):
            records.edit(
                looking, person("bureau_city"), referral, Given({"demand": "快办"}), version=referral.version
            )
        with pytest.raises(NotNow):
            records.remove(looking, person("bureau_city"), referral)


@pytest.mark.parametrize(
    ("model", "name", "because"),
    [
        (Unit, "village", "案件"),
        (Unit, "far_village", "案件"),
        (Unit, "grid", None),
        (Unit, "next_village", None),
        (Committee, "village_committee", "案件"),
        (Committee, "county_committee", "案件"),
        (Mediator, "mediator", "案件"),
        (Mediator, "township_mediator", "案件"),
        (Case, "case", "转办"),
        (Case, "unassigned_case", None),
        (Expert, "city_expert", None),
    ],
)
def test_nothing_is_removed_while_others_hang_on_it(
    looking: Session, person: Person, world: World, model: type, name: str, because: str | None
) -> None:
    record = looking.get_one(model, getattr(world, name))
    if because is None:
        records.remove(looking, person("bureau_city"), record)
        assert record.removed_at is not None
    else:
        with pytest.raises(NotNow, match=f"还有{because}"):
            records.remove(looking, person("bureau_city"), record)
        assert record.removed_at is None


def test_a_unit_is_not_removed_before_its_parts(session: Session, person: Person) -> None:
    master, county = person("bureau_city"), made(session, person, "unit")
    given = Given({"name": "桐琴镇", "code": "330726101", "parent_id": county.id})
    township = records.create(session, master, REGISTERS["unit"], given)
    with pytest.raises(NotNow, match="还有单位"):
        records.remove(session, master, county)
    records.remove(session, master, township)
    records.remove(session, master, county)
    with pytest.raises(NotNow, match="先恢复"):
        records.restore(session, master, township)


def test_a_unit_where_somebody_has_a_post_is_not_removed(
    looking: Session, person: Person, world: World
) -> None:
    looking.get_one(User, world.nobody).posts.append(Post(role=Role.OFFICE, unit_id=world.next_village))
    looking.flush()
    with pytest.raises(NotNow, match="还有用户"):
        records.remove(looking, person("bureau_city"), looking.get_one(Unit, world.next_village))


def test_nothing_is_restored_under_what_is_still_in_the_recycle_bin(session: Session, person: Person) -> None:
    master = person("bureau_city")
    committee = made(session, person, "committee")
    given = samples(session, person, "mediator").given()
    given.values["committee_id"] = committee.id
    mediator = records.create(session, master, REGISTERS["mediator"], given)
    records.remove(session, master, mediator)
    records.remove(session, master, committee)
    with pytest.raises(NotNow, match="先恢复"):
        records.restore(session, master, mediator)
    records.restore(session, master, committee)
    records.restore(session, master, mediator)
    assert mediator.removed_at is None


def test_what_lies_in_the_bin_is_restored_and_not_made_again(session: Session, person: Person) -> None:
    master = person("bureau_city")
    first = made(session, person, "unit")
    records.remove(session, master, first)
    again = samples(session, person, "unit").given()
    with pytest.raises(RecordRefused, match="回收站里有"):
        records.create(session, master, REGISTERS["unit"], again)
    records.restore(session, master, first)
    with pytest.raises(RecordRefused, match="已经有"):
        records.create(session, master, REGISTERS["unit"], again)


def test_an_evaluation_may_be_made_again_and_then_the_removed_one_stays_where_it_is(
    session: Session, person: Person
) -> None:
    master, given = person("bureau_city"), samples(session, person, "evaluation").given()
    first = made(session, person, "evaluation")
    with pytest.raises(RecordRefused, match="已经有"):
        records.create(session, master, REGISTERS["evaluation"], given)
    records.remove(session, master, first)
    records.create(session, master, REGISTERS["evaluation"], given)
    with pytest.raises(RecordRefused, match="已经有"):
        records.restore(session, master, first)


# ------------------------------------------------------------------ lines


def test_lines_are_added_changed_and_taken_out_with_their_history(
    session: Session, person: Person, world: World
) -> None:
    director = person("director")
    case = session.get_one(Case, world.case)
    first, second = case.parties
    given = Given(
        lines={
            "parties": [
                Line(first.id, {"name": "甲某某"}),
                Line(None, {"side": first.side, "kind": "01", "name": "丙某"}),
            ]
        }
    )
    before, gone = history.count(session), second.id
    records.edit(session, director, case, given, version=case.version)
    session.commit()

    assert [each.name for each in case.parties] == ["甲某某", "丙某"]
    assert case.names == "甲某某、丙某"
    assert case.version == 2
    assert history.count(session) == before + 1
    told = {
        (each["line"], each["field"]): (each["old"], each["new"])
        for each in last_line(session).changes["fields"]
        if each.get("part") == "parties"
    }
    assert told[first.id, "name"] == ("甲某", "甲某某")
    assert told[gone, "name"] == ("乙某", None)
    assert told[case.parties[1].id, "name"] == (None, "丙某")


def test_a_change_of_lines_can_be_taken_back(session: Session, person: Person, world: World) -> None:
    director = person("director")
    case = session.get_one(Case, world.case)
    kept = [(each.name, each.phone, each.kind, each.side) for each in case.parties]
    first = case.parties[0]
    given = Given(
        lines={
            "parties": [
                Line(first.id, {"name": "甲某某", "phone": None}),
                Line(None, {"side": first.side, "kind": "02", "name": "丙公司"}),
            ],
            "mediators": [Line(None, {"mediator_id": world.colleague_mediator})],
        }
    )
    records.edit(session, director, case, given, version=case.version)
    session.commit()
    assert [each.mediator_id for each in case.mediators] == [world.colleague_mediator]

    reverts.revert(session, director, case, last_line(session))
    session.commit()
    assert [(each.name, each.phone, each.kind, each.side) for each in case.parties] == kept
    assert case.names == "甲某、乙某"
    assert [each.mediator_id for each in case.mediators] == [world.mediator]
    assert history.verify(session)[1] is None


def test_a_line_of_another_record_is_not_taken_over(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.case)
    stranger = session.get_one(Case, world.far_case).parties[0]
    values = {"name": "换名", "side": stranger.side, "kind": "01"}
    given = Given(lines={"parties": [Line(stranger.id, values)]})
    records.edit(session, person("director"), case, given, version=case.version)
    session.commit()
    session.refresh(stranger)
    assert (stranger.name, stranger.case_id) == ("甲某", world.far_case)
    assert [each.name for each in case.parties] == ["换名"]


def test_one_mediator_is_not_assigned_twice_to_a_case(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.unassigned_case)
    lines = [Line(None, {"mediator_id": world.mediator}) for _ in range(2)]
    with pytest.raises(RecordRefused):
        records.edit(
            session, person("director"), case, Given(lines={"mediators": lines}), version=case.version
        )


def test_a_change_made_since_is_not_taken_back_over(session: Session, person: Person, world: World) -> None:
    owner, case = person("owner"), session.get_one(Case, world.case)
    records.edit(session, owner, case, Given({"remark": "祠堂"}), version=case.version)
    session.commit()
    entry = last_line(session)
    records.edit(session, owner, case, Given({"remark": "村委会"}), version=case.version)
    session.commit()
    with pytest.raises(NotNow, match="之后又改过"):
        reverts.revert(session, owner, case, entry)
    assert case.remark == "村委会"


def test_only_an_edit_of_this_very_record_is_taken_back(
    session: Session, person: Person, world: World
) -> None:
    case, other = session.get_one(Case, world.case), session.get_one(Case, world.settled_case)
    create = session.scalars(select(Entry).filter_by(register="case", record_id=case.id)).first()
    assert create is not None
    with pytest.raises(NotNow):
        reverts.revert(session, person("owner"), case, create)
    with pytest.raises(NotSeen):
        reverts.revert(session, person("owner"), other, create)


# ------------------------------------------------------------------ what follows from the facts


@pytest.mark.parametrize(
    ("score", "level"),
    [("90", Level.EXCELLENT), ("89.99", Level.GOOD), ("70", Level.PASSED), ("69.99", Level.FAILED)],
)
def test_the_level_of_an_evaluation_follows_its_score(
    looking: Session, person: Person, world: World, score: str, level: Level
) -> None:
    evaluation = looking.get_one(Evaluation, world.colleague_evaluation)
    given = Given({"score": Decimal(score), "level": Level.EXCELLENT})
    records.edit(looking, person("office"), evaluation, given, version=evaluation.version)
    assert evaluation.level == level.label


def test_an_evaluation_lives_where_its_mediator_does(looking: Session, person: Person, world: World) -> None:
    evaluation = records.create(
        looking,
        person("bureau_city"),
        REGISTERS["evaluation"],
        samples(looking, person, "evaluation").given(),
    )
    mediator = looking.get_one(Mediator, evaluation.mediator_id)
    assert (evaluation.committee_id, evaluation.unit_id, evaluation.path) == (
        mediator.committee_id,
        mediator.unit_id,
        mediator.path,
    )


@pytest.mark.parametrize(
    ("parent", "code", "tier"),
    [
        ("city", "330726", Tier.COUNTY),
        ("county", "330702003", Tier.TOWNSHIP),
        ("township", "330702001011", Tier.VILLAGE),
        ("village", "330702001008002", Tier.GRID),
    ],
)
def test_a_new_units_tier_and_path_follow_from_its_parent(
    looking: Session, person: Person, world: World, parent: str, code: str, tier: Tier
) -> None:
    above = looking.get_one(Unit, getattr(world, parent))
    given = Given({"name": "新单位", "code": code, "parent_id": above.id})
    unit = records.create(looking, person("bureau_city"), REGISTERS["unit"], given)
    assert (unit.tier, unit.path) == (tier, f"{above.path}{code}/")
    assert unit.spelling == "xindanwei xdw"


@pytest.mark.parametrize(
    ("parent", "code", "field"),
    [
        ("grid", "330702001008001001", "code"),
        ("grid", "330702001008002", "parent_id"),
        ("county", "330703001", "code"),
        ("county", "330702", "code"),
        ("township", "33070200100A", "code"),
    ],
)
def test_a_unit_that_does_not_fit_its_parent_is_refused(
    looking: Session, person: Person, world: World, parent: str, code: str, field: str
) -> None:
    given = Given({"name": "新单位", "code": code, "parent_id": getattr(world, parent)})
    with pytest.raises(RecordRefused) as refusal:
        records.create(looking, person("bureau_city"), REGISTERS["unit"], given)
    assert faults(refusal) == [field]


def test_a_referral_that_goes_the_wrong_way_is_refused(
    looking: Session, person: Person, world: World
) -> None:
    given = samples(looking, person, "referral").given()
    given.values |= {"case_id": world.case, "to_unit_id": world.grid}
    with pytest.raises(RecordRefused) as refusal:
        records.create(looking, person("bureau_city"), REGISTERS["referral"], given)
    assert faults(refusal) == ["to_unit_id"]


def test_a_referral_remembers_both_ends(looking: Session, person: Person, world: World) -> None:
    given = samples(looking, person, "referral").given()
    given.values |= {"case_id": world.settled_case, "to_unit_id": world.county}
    referral = records.create(looking, person("director"), REGISTERS["referral"], given)
    assert (referral.unit_id, referral.committee_id) == (world.village, world.village_committee)
    assert referral.path == looking.get_one(Unit, world.village).path
    assert referral.to_path == looking.get_one(Unit, world.county).path
    assert referral.state is ReferralState.DRAFT


# ------------------------------------------------------------------ steps


def test_a_step_moves_the_case_and_leaves_a_row_and_a_line(
    session: Session, person: Person, world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    history.act_as(session, director)
    before = history.count(session)
    take_step(
        session, director, case, "accept", given_for(session, director, case, "accept"), note="双方同意"
    )
    session.commit()
    assert case.stage is Stage.ACCEPTED
    assert case.version == 2
    row = case.steps[-1]
    assert (row.name, row.source, row.target) == ("accept", Stage.REGISTERED, Stage.ACCEPTED)
    assert (row.actor_id, row.note) == (director.id, "双方同意")
    entry = last_line(session)
    assert history.count(session) == before + 1
    assert (entry.action, entry.note) == (Action.STEP, "受理：双方同意")
    told = {each["field"]: (each["old"], each["new"]) for each in entry.changes["fields"]}
    assert told["stage"] == ("registered", "accepted")
    assert told["number"] == (None, case.number)
    assert told["consent"] == (None, "01")
    assert row.facts["accepted_on"] == today().isoformat()


def test_a_step_is_refused_to_whoever_has_no_right_and_from_another_stage(
    looking: Session, person: Person, world: World
) -> None:
    case = looking.get_one(Case, world.case)
    with pytest.raises(NotAllowed):
        take_step(looking, person("stranger"), case, "accept")
    with pytest.raises(NotAllowed):
        take_step(looking, person("owner"), case, "transfer")  # not without the director
    with pytest.raises(NotNow):
        take_step(looking, person("director"), case, "archive")
    assert (case.stage, case.steps) == (Stage.REGISTERED, [])


def test_a_referral_walks_from_draft_to_closed(session: Session, person: Person, world: World) -> None:
    referral = session.get_one(Referral, world.draft_referral)
    for who, step, state in (
        ("director", "send", "sent"),
        ("office", "receive", "received"),
        ("office", "answer", "answered"),
        ("director", "close", "closed"),
    ):
        given = given_for(session, person(who), referral, step)
        take_step(session, person(who), referral, step, given)
        session.commit()
        assert referral.state == state
    assert [each.name for each in referral.steps] == ["send", "receive", "answer", "close"]
    with pytest.raises(NotNow):
        take_step(session, person("director"), referral, "withdraw")


# ------------------------------------------------------------------ two at once


def _race(engine: Engine, *attempts: Callable[[Session], None]) -> list[str]:
    """Let each attempt run in its own thread and session; what became of each, sorted."""
    read = threading.Barrier(len(attempts))
    outcomes: list[str] = []

    def run(attempt: Callable[[Session], None]) -> None:
        with open_session(engine) as session:
            try:
                read.wait(20)
                attempt(session)
                session.commit()
                outcomes.append("saved")
            except Refusal as refusal:
                session.rollback()
                outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=run, args=(each,)) for each in attempts]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return sorted(outcomes)


def _meet(session: Session, barrier: threading.Barrier) -> None:
    """On PostgreSQL both have read before either writes; SQLite lets the second in only after the first."""
    if session.get_bind().dialect.name == "postgresql":
        barrier.wait(20)


def _edit(world: World, barrier: threading.Barrier, given: Given) -> Callable[[Session], None]:
    def attempt(session: Session) -> None:
        case = session.get_one(Case, world.case)
        actor = session.get_one(User, world.director)
        list(case.parties)
        _meet(session, barrier)
        records.edit(session, actor, case, given, version=1)

    return attempt


def test_of_two_who_save_at_once_one_is_told(engine: Engine, world: World) -> None:
    barrier = threading.Barrier(2)
    outcomes = _race(
        engine,
        _edit(world, barrier, Given({"remark": "祠堂"})),
        _edit(world, barrier, Given({"remark": "村委会"})),
    )
    assert outcomes == ["Stale", "saved"]
    with open_session(engine) as session:
        case = session.get_one(Case, world.case)
        assert case.version == 2
        told = [each.changes["fields"][0]["new"] for each in _entries(session, case)[1:]]
        assert told == [case.remark]
        assert history.verify(session)[1] is None


def test_of_two_who_change_different_lines_at_once_one_is_told(engine: Engine, world: World) -> None:
    with open_session(engine) as session:
        first, second = (each.id for each in session.get_one(Case, world.case).parties)
    barrier = threading.Barrier(2)
    outcomes = _race(
        engine,
        _edit(world, barrier, Given(lines={"parties": [Line(first, {"phone": None}), Line(second, {})]})),
        _edit(world, barrier, Given(lines={"parties": [Line(first, {}), Line(second, {"sex": "2"})]})),
    )
    assert outcomes == ["Stale", "saved"]


def test_of_an_edit_and_a_removal_at_once_one_is_told(engine: Engine, world: World) -> None:
    barrier = threading.Barrier(2)

    def remove(session: Session) -> None:
        case = session.get_one(Case, world.unassigned_case)
        actor = session.get_one(User, world.director)
        _meet(session, barrier)
        if case.version != 1:
            raise Stale()
        records.remove(session, actor, case)

    def edit(session: Session) -> None:
        case = session.get_one(Case, world.unassigned_case)
        actor = session.get_one(User, world.director)
        _meet(session, barrier)
        records.edit(session, actor, case, Given({"remark": "祠堂"}), version=1)

    assert _race(engine, remove, edit) == ["Stale", "saved"]


def test_what_was_changed_since_it_was_read_is_not_removed(
    session: Session, world: World, person: Person
) -> None:
    """The same race with its end foretold: another's change is in the table, not in what was read."""
    case, director = session.get_one(Case, world.unassigned_case), person("director")
    moved = update(Case).where(Case.id == case.id).values(version=Case.version + 1)
    session.connection().execute(moved)
    with pytest.raises(Stale):
        records.remove(session, director, case)


def test_of_two_who_press_the_same_step_at_once_one_wins(engine: Engine, world: World) -> None:
    barrier = threading.Barrier(2)

    def close(session: Session) -> None:
        case = session.get_one(Case, world.settled_case)
        actor = session.get_one(User, world.director)
        given = given_for(session, actor, case, "close")
        _meet(session, barrier)
        take_step(session, actor, case, "close", given)

    outcomes = _race(engine, close, close)
    assert outcomes in (["NotNow", "saved"], ["Stale", "saved"])
    with open_session(engine) as session:
        case = session.get_one(Case, world.settled_case)
        assert [each.name for each in case.steps] == ["close"]


def _entries(session: Session, case: Case) -> list[Entry]:
    query = select(Entry).filter_by(register="case", record_id=case.id).order_by(Entry.place)
    return list(session.scalars(query))


# ------------------------------------------------------------------ the register itself


def test_every_register_is_kept_versioned_and_restorable() -> None:
    assert [word for word, each in REGISTERS.items() if not issubclass(each.model, Kept)] == []


def test_a_register_knows_its_place_by_one_link_at_most() -> None:
    """What steps make lives where their case does."""

    def places(register: Register) -> int:
        return sum(each.say.places for each in register.fields)

    placeless = {word for word in REGISTERS if word not in BY_HAND} | SETUP
    assert {word for word, each in REGISTERS.items() if places(each) != 1} == placeless


def test_one_person_has_one_full_time_post(session: Session, world: World, person: Person) -> None:
    """lifecycle.md 5; a double in an old book does not keep the record from being mended elsewhere."""
    office = person("office")
    here, there = (
        session.get_one(Mediator, world.mediator),
        session.get_one(Mediator, world.colleague_mediator),
    )
    for each in (here, there):
        each.full_time, each.status, each.id_number = "02", MediatorStatus.APPOINTED, "11010519491231002X"
    here.full_time = "01"
    session.flush()
    with pytest.raises(RecordRefused) as refused:
        records.edit(session, office, there, Given({"full_time": "01"}), version=there.version)
    assert [each.field for each in refused.value.findings] == ["full_time"]
    session.rollback()
    there = session.get_one(Mediator, world.colleague_mediator)
    here = session.get_one(Mediator, world.mediator)
    for each in (here, there):
        each.full_time, each.status, each.id_number = "01", MediatorStatus.APPOINTED, "11010519491231002X"
    session.flush()
    records.edit(session, office, there, Given({"email": "a@example.cn"}), version=there.version)
    assert there.email == "a@example.cn"
