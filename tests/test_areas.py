"""分片负责: what an area opens, to whom, how long; and that whatever is not in force opens nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.grants import GRANTS, LED_IN_AREA
from admin_app.models.areas import Area, Carried, posts_of
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import areas, records, results
from admin_app.operations.given import Given
from admin_app.rules.dates import now, today
from admin_app.rules.refusals import NotAllowed, RecordRefused
from admin_app.rules.tiers import beside
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
DAY = timedelta(days=1)


def seen(session: Session, user: User, model: Any = Case, action: str = "") -> set[int]:
    return set(session.scalars(select(model.id).where(policy.visible(model, user, action))))


@pytest.mark.parametrize(
    ("post", "unit", "carried"),
    [
        ("330700/330702/", "330700/330702/330702001/", True),  # at the superior
        ("330700/330702/330702002/", "330700/330702/330702001/", True),  # beside
        ("330700/330702/330702002/330702002015/", "330700/330702/330702001/", True),  # below one beside
        ("330700/330703/", "330700/330702/330702001/", False),
        ("330700/330703/330703001/", "330700/330702/330702001/", False),
        ("330700/", "330700/330702/330702001/", False),
        ("330700/", "330700/", False),
    ],
)
def test_a_post_is_carried_within_the_same_superior_only(post: str, unit: str, carried: bool) -> None:
    assert beside(post, unit) is carried


def test_the_office_does_there_what_it_does_at_home(looking: Session, person: Person, world: World) -> None:
    warden, office, home = person("warden"), person("office"), person("other_office")
    for action in ("case.see", "case.edit", "case.transfer", "case.reopen", "case.create"):
        model = Committee if action == "case.create" else Case
        assert seen(looking, warden, model, action) == seen(looking, office, model, action) | seen(
            looking, home, model, action
        )
    assert world.far_case not in seen(looking, warden)


def test_a_director_of_the_county_only_reads_there(looking: Session, person: Person, world: World) -> None:
    minder = person("minder")
    case = looking.get_one(Case, world.case)
    assert policy.may(minder, "case.see", case)
    verbs = {action for action in GRANTS if action.startswith("case.")}
    assert {each for each in verbs if policy.may(minder, each, case)} == {"case.see"}
    assert not policy.may(minder, "committee.see", looking.get_one(Committee, world.far_committee))


def closed(area: Area, how: str) -> None:
    match how:
        case "ended":
            area.valid_until = today() - DAY
        case "not begun":
            area.valid_from = today() + DAY
        case "removed":
            area.removed_at = now()
        case "unit removed":
            area.unit.removed_at = now()


@pytest.mark.parametrize("how", ["ended", "not begun", "removed", "unit removed"])
def test_what_is_not_in_force_opens_nothing(looking: Session, person: Person, world: World, how: str) -> None:
    warden, home = person("warden"), person("other_office")
    before = policy.Standing.of(warden), results.posts_of(warden)
    closed(looking.get_one(Area, world.area), how)
    looking.flush()
    assert not any(isinstance(each, Carried) for each in posts_of(warden))
    assert seen(looking, warden) == seen(looking, home)
    assert before[0] != policy.Standing.of(warden)
    assert before[1] != results.posts_of(warden)


def test_it_holds_on_its_first_and_on_its_last_day(looking: Session, person: Person, world: World) -> None:
    area = looking.get_one(Area, world.area)
    area.valid_from = area.valid_until = today()
    assert world.case in seen(looking, person("warden"))


def test_whoever_may_not_sign_in_or_has_no_post_gets_nothing(
    looking: Session, person: Person, world: World
) -> None:
    for who in ("nobody", "inactive", "auditor", "sysadmin", "expert", "bureau_far"):
        before = seen(looking, person(who))
        looking.get_one(Area, world.area).user = person(who)
        looking.flush()
        looking.expire(person(who), ["areas"])
        assert seen(looking, person(who)) == before, who


def test_another_person_without_the_role_is_carried_nowhere(looking: Session, person: Person) -> None:
    """An area opens no role: what the post grants at home is all that it grants there."""
    for action, grants in GRANTS.items():
        for who in ("warden", "minder"):
            user = person(who)
            carried = [post for post, _ in policy._posts(user, action) if isinstance(post, Carried)]
            assert not carried or user.posts[0].role in grants, (who, action)
    carried = {
        action
        for action in GRANTS
        for post, _ in policy._posts(person("minder"), action)
        if isinstance(post, Carried)
    }
    assert carried >= LED_IN_AREA
    assert {each.partition(".")[2] for each in carried - LED_IN_AREA} == {"see"}


# ---------------------------------------------------------------- who may say so


def given(world: World, unit: int, user: int, **more: Any) -> Given:
    return Given({"unit_id": unit, "user_id": user, "valid_from": today(), **more})


def test_a_bureau_assigns_its_own_people_to_its_own_townships(
    session: Session, person: Person, world: World
) -> None:
    county = person("bureau_county")
    made = records.create(
        session, county, REGISTERS["area"], given(world, world.township, world.other_office)
    )
    session.commit()
    session.expire_all()
    assert world.case in seen(session, person("other_office"))
    assert str(made) == "other_office 用户 · 城东街道"
    records.remove(session, county, made)
    session.commit()
    session.expire_all()
    assert world.case not in seen(session, person("other_office"))


@pytest.mark.parametrize(
    ("who", "unit", "whom", "refused"),
    [
        ("bureau_county", "far_township", "warden", RecordRefused),  # not its township
        ("bureau_county", "township", "bureau_far", RecordRefused),  # not its people
        ("bureau_county", "township", "bureau_county", RecordRefused),  # not oneself
        ("bureau_county", "village", "warden", RecordRefused),  # no township
        ("bureau_county", "county", "warden", RecordRefused),
        ("bureau_city", "far_township", "warden", RecordRefused),  # works in another county
        ("office", "township", "warden", NotAllowed),
        ("inspector", "township", "warden", NotAllowed),
        ("sysadmin", "township", "warden", NotAllowed),
    ],
)
def test_nobody_widens_a_scope_beyond_their_own(
    looking: Session, person: Person, world: World, who: str, unit: str, whom: str, refused: type[Exception]
) -> None:
    values = given(world, getattr(world, unit), getattr(world, whom), valid_from=date(2026, 1, 5))
    with pytest.raises(refused):
        records.create(looking, person(who), REGISTERS["area"], values)


def test_nobody_lengthens_their_own(looking: Session, person: Person, world: World) -> None:
    county, area = person("bureau_county"), looking.get_one(Area, world.area)
    area.user_id = county.id
    looking.flush()
    with pytest.raises(NotAllowed):
        records.edit(looking, county, area, Given({"valid_until": None}), version=area.version)


# ---------------------------------------------------------------- the page


def test_every_township_is_told_with_its_people_or_with_nobody(looking: Session, person: Person) -> None:
    found = areas.townships(looking, person("bureau_county"), today())
    assert {str(each.unit): [str(one.user) for one in each.areas] for each in found} == {
        "城东街道": ["warden 用户", "minder 用户"],
        "城中街道": [],
    }


def test_the_page_leads_from_a_township_without_anybody_to_the_form(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_county").get("/areas/").text
    assert "2 个乡镇街道，1 个没有人负责" in page
    assert "多湖街道" not in page
    assert f"/area/new?unit_id={world.other_township}" in page
    form = named(app, world, "bureau_county").get(f"/area/new?unit_id={world.other_township}").text
    assert form_data(form)["unit_id"] == str(world.other_township)
    assert "指定</a>" not in named(app, world, "office").get("/areas/").text
    assert named(app, world, "owner").get("/areas/").status_code == 403


def test_a_person_who_has_left_looks_after_nothing(looking: Session, person: Person, world: World) -> None:
    person("warden").active = False
    found = areas.townships(looking, person("bureau_county"), today())
    assert [str(one.user) for each in found for one in each.areas] == ["minder 用户"]


def test_the_tree_at_the_left_holds_the_township_too(app: Flask, world: World) -> None:
    page = named(app, world, "warden").get("/case/").text
    assert "城东街道" in page
    assert "城中街道" in page
    assert "多湖街道" not in page


def test_many_posts_and_areas_add_up(looking: Session, person: Person, world: World) -> None:
    """An area of a person with two posts carries the one that lies under the same superior."""
    user = person("two_posts")
    looking.add(
        Area(
            user=user,
            unit=looking.get_one(Unit, world.other_township),
            path=looking.get_one(Unit, world.other_township).path,
            title="x",
            valid_from=date(2025, 1, 1),
        )
    )
    looking.flush()
    looking.expire(user, ["areas"])
    carried = [each for each in posts_of(user) if isinstance(each, Carried)]
    assert [each.role for each in carried] == [Role.COMMITTEE]
    assert all(isinstance(each.post, Post) for each in carried)
    assert policy.may(user, "case.see", looking.get_one(Case, world.other_case))
    assert not policy.may(user, "case.edit", looking.get_one(Case, world.other_case))
