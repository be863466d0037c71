"""Staffing targets: which hold, whom they are said of, who falls short."""

from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.staffing import (
    BRAND_STUDIO,
    TRADE,
    Aim,
    Body,
    Goal,
    Ground,
    Key,
    Standing,
    findings,
    in_force,
    share_of,
    to_come,
)
from admin_app.rules.tiers import Tier

CITY, COUNTY = "330700/", "330700/330702/"
TOWNS = [f"{COUNTY}33070200{n}/" for n in (1, 2)]
VILLAGES = [f"{town}{town[-10:-1]}{n:03}/" for town in TOWNS for n in range(1, 11)]
UNITS = (CITY, COUNTY, *TOWNS, *VILLAGES)
TOWNSHIP = Key(Aim.EACH_UNIT, tier=Tier.TOWNSHIP)
SHARE = Key(Aim.SHARE, tier=Tier.VILLAGE)


def goal(number: int, aim: Aim = Aim.EACH_UNIT, year: int = 2020, path: str = CITY, **more: object) -> Goal:
    if aim in (Aim.EACH_UNIT, Aim.SHARE, Aim.STUDIOS) and "tier" not in more:
        more["tier"] = Tier.VILLAGE if aim is Aim.SHARE else Tier.TOWNSHIP
    return Goal(1, path, year, aim, number, **more)  # type: ignore[arg-type]


def whole(goals: list[Goal], bodies: list[Body], year: int = 2020) -> dict[Key, Standing]:
    ground = Ground(goals, year, UNITS, bodies)
    return {each.key: each for each in ground.of(CITY, UNITS, bodies)}


def test_the_later_year_holds_and_the_nearer_unit_before_it() -> None:
    goals = [goal(3, year=2019), goal(2, year=2018), goal(5, path=COUNTY, year=2018), goal(9, year=2021)]
    assert {in_force(goals, path, 2020)[TOWNSHIP].number for path in (CITY, TOWNS[0])} == {3, 5}
    assert in_force(goals, CITY, 2018)[TOWNSHIP].number == 2
    assert in_force(goals, CITY, 2017) == {}
    assert [each.number for each in to_come(goals, CITY, 2020)] == [9]


def test_a_target_that_has_run_out_asks_nothing() -> None:
    goals = [goal(3, year=2019, last=2020)]
    assert in_force(goals, CITY, 2020)
    assert in_force(goals, CITY, 2021) == {}


def test_a_total_is_said_of_its_own_unit_alone() -> None:
    goals = [goal(1000, Aim.ALL)]
    assert in_force(goals, CITY, 2020)
    assert in_force(goals, COUNTY, 2020) == {}
    ground = Ground(goals, 2020, UNITS, [])
    [standing] = ground.of(COUNTY, UNITS[1:], [])
    assert (standing.needs, standing.gap) == ((), 0)


def test_whoever_serves_a_trade_or_a_studio_is_not_the_townships_too() -> None:
    bodies = [Body(1, TOWNS[0], "03", 1), Body(2, TOWNS[0], TRADE, 3), Body(3, TOWNS[0], BRAND_STUDIO, 1)]
    standing = whole([goal(2)], bodies)[TOWNSHIP]
    assert [(each.there, each.gap) for each in standing.needs] == [(1, 1), (0, 2)]
    assert (standing.required, standing.there, standing.gap) == (4, 1, 3)


def test_what_one_has_too_many_helps_no_other() -> None:
    bodies = [Body(1, TOWNS[0], "03", 9), Body(2, TOWNS[1], "03", 1)]
    assert whole([goal(2)], bodies)[TOWNSHIP].gap == 1


def test_thirty_of_a_hundred_villages_are_rounded_up() -> None:
    assert [share_of(30, each) for each in (1, 10, 11, 3300)] == [1, 3, 4, 990]


def test_a_share_counts_the_villages_that_have_somebody_and_names_those_that_have_nobody() -> None:
    bodies = [Body(n, VILLAGES[n], "01", 2) for n in range(5)]
    standing = whole([goal(30, Aim.SHARE)], bodies)[SHARE]
    assert (standing.required, standing.there, standing.gap) == (6, 5, 1)
    assert (standing.asked_of, standing.reached, standing.percent) == (20, 5, "25.0%")
    assert [each.path for each in standing.short] == VILLAGES[5:]


def test_a_share_asks_nothing_of_a_village_itself() -> None:
    ground = Ground([goal(30, Aim.SHARE)], 2020, UNITS, [])
    [standing] = ground.of(VILLAGES[0], VILLAGES[:1], [])
    assert standing.needs == ()


def test_a_countys_studios_are_those_of_its_townships_too() -> None:
    bodies = [
        Body(1, TOWNS[0], BRAND_STUDIO),
        Body(2, COUNTY, BRAND_STUDIO),
        Body(3, VILLAGES[0], BRAND_STUDIO),
    ]
    goals = [goal(4, Aim.STUDIOS, tier=Tier.COUNTY), goal(1, Aim.STUDIOS)]
    found = whole(goals, bodies)
    assert [each.there for each in found[Key(Aim.STUDIOS, tier=Tier.COUNTY)].needs] == [3]
    assert [each.there for each in found[Key(Aim.STUDIOS, tier=Tier.TOWNSHIP)].needs] == [2, 0]


def test_people_of_a_grid_serve_its_village() -> None:
    grid = f"{VILLAGES[0]}{VILLAGES[0][-13:-1]}001/"
    assert (
        whole([goal(1, tier=Tier.VILLAGE)], [Body(1, grid, "01", 1)])[Key(Aim.EACH_UNIT, tier=Tier.VILLAGE)]
        .needs[0]
        .there
        == 1
    )


def test_a_target_says_what_its_aim_asks_and_nothing_else() -> None:
    assert findings(Aim.EACH_COMMITTEE, TRADE, None, 3, 1) == []
    assert [each.field for each in findings(Aim.EACH_COMMITTEE, None, Tier.VILLAGE, 0, 0)] == [
        "kind",
        "tier",
        "number",
        "least",
    ]
    assert [each.field for each in findings(Aim.SHARE, None, Tier.VILLAGE, 101, 1)] == ["number"]


BODIES = st.lists(
    st.builds(
        Body,
        st.integers(1, 10**6),
        st.sampled_from(UNITS),
        st.sampled_from(["01", "03", TRADE, BRAND_STUDIO]),
        st.integers(0, 4),
    ),
    max_size=40,
)


@given(BODIES, st.integers(1, 100), st.integers(1, 5))
def test_the_parts_make_up_the_whole(bodies: list[Body], percent: int, number: int) -> None:
    """Whoever is wanting is wanting in some part; of a share the whole may be better off than its parts."""
    goals = [goal(number), goal(3, Aim.EACH_COMMITTEE, kind=TRADE), goal(percent, Aim.SHARE)]
    ground = Ground(goals, 2020, UNITS, bodies)
    parts = [
        {
            each.key: each.gap
            for each in ground.of(
                path, [u for u in UNITS if u.startswith(path)], [b for b in bodies if b.path.startswith(path)]
            )
        }
        for path in TOWNS
    ]
    above = [body for body in bodies if body.path in (CITY, COUNTY)]
    own = {each.key: each.gap for each in ground.of(COUNTY, [CITY, COUNTY], above, own=True)}
    for standing in whole(goals, bodies).values():
        added = sum(part[standing.key] for part in [*parts, own])
        if standing.key.aim is Aim.SHARE:
            assert standing.gap <= added
        else:
            assert standing.gap == added
