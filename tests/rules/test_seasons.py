"""Seasons: the ranking, and who is nominated while the quotas have room."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.seasons import Quota, Standing, in_order, places, within_quota

PATHS = ("a", "ab", "ac", "b")
STANDINGS = st.lists(
    st.builds(
        Standing,
        st.integers(1, 60),
        st.sampled_from(PATHS),
        st.decimals(0, 100, places=1),
        st.integers(0, 3),
    ),
    max_size=25,
    unique_by=lambda each: each.subject,
)
QUOTAS = st.lists(st.builds(Quota, st.sampled_from(PATHS), st.integers(0, 3), st.integers(0, 4)), max_size=5)


def at(subject: int, points: int, rank: int = 1, path: str = "a") -> Standing:
    return Standing(subject, path, Decimal(points), rank)


def test_the_ranking_puts_the_higher_level_first() -> None:
    assert [each.subject for each in in_order([at(1, 90), at(2, 95), at(3, 50, 2), at(4, 90)])] == [
        3,
        2,
        1,
        4,
    ]


def test_equal_points_share_a_place() -> None:
    found = places({1: (1, Decimal(90)), 2: (1, Decimal(95)), 3: (1, Decimal(90)), 4: (0, Decimal(99))})
    assert found == {2: 1, 1: 2, 3: 2, 4: 4}


def test_whoever_finds_a_level_full_is_nominated_to_the_next_lower_one() -> None:
    chosen = within_quota([at(1, 90, 2), at(2, 80, 2), at(3, 70)], [Quota("a", 2, 1), Quota("a", 1, 1)])
    assert [(each.subject, rank) for each, rank in chosen] == [(1, 2), (2, 1)]


def test_the_quotas_of_a_county_and_of_its_township_hold_together() -> None:
    people = [at(1, 90, path="ab"), at(2, 85, path="ac"), at(3, 80, path="ab")]
    chosen = within_quota(people, [Quota("a", 0, 2), Quota("ab", 1, 1)])
    assert [each.subject for each, _ in chosen] == [1, 2]
    assert [each.subject for each, _ in within_quota(people, [])] == [1, 2, 3]


@given(STANDINGS, QUOTAS)
def test_no_quota_is_ever_passed_and_nobody_is_nominated_above_their_level(
    standings: list[Standing], quotas: list[Quota]
) -> None:
    chosen = within_quota(standings, quotas)
    assert len({each.subject for each, _ in chosen}) == len(chosen)
    assert all(1 <= rank <= each.rank for each, rank in chosen)
    for quota in quotas:
        held = [r for s, r in chosen if s.path.startswith(quota.path) and quota.rank in (0, r)]
        assert len(held) <= quota.number
