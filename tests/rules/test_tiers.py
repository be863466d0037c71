"""The tree of units: codes, paths, and what lies under what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.tiers import (
    CODE_LENGTH,
    ORDER,
    PATH_WIDTH,
    Tier,
    ancestors,
    code_finding,
    covers,
    path_of,
    tier_below,
    tier_of,
)


@st.composite
def chains(draw: st.DrawFn) -> list[str]:
    """The codes from the city down to some tier, in a tree so small that chains often meet."""
    digits = st.sampled_from("12")
    codes = ["330700"]
    for length in list(CODE_LENGTH.values())[1 : draw(st.integers(1, 5))]:
        stem = codes[-1] if length > 6 else "33070"
        codes.append(stem + "".join(draw(digits) for _ in range(length - len(stem))))
    return codes


def path(codes: list[str]) -> str:
    found = ""
    for code in codes:
        found = path_of(found, code)
    return found


@given(chains(), chains())
def test_a_path_covers_another_when_its_chain_of_codes_begins_the_other(
    upper: list[str], lower: list[str]
) -> None:
    assert covers(path(upper), path(lower)) == (lower[: len(upper)] == upper)


@given(chains())
def test_the_length_of_a_path_tells_its_tier(codes: list[str]) -> None:
    assert tier_of(path(codes)) is ORDER[len(codes) - 1]
    assert len(path(codes)) == PATH_WIDTH[ORDER[len(codes) - 1]]


@given(chains())
def test_the_ancestors_are_the_shorter_chains(codes: list[str]) -> None:
    assert ancestors(path(codes)) == tuple(path(codes[:length]) for length in range(1, len(codes)))


@given(chains())
def test_an_empty_path_covers_nothing(codes: list[str]) -> None:
    assert not covers("", path(codes))


@given(st.text(max_size=60))
def test_what_is_no_path_has_no_tier(text: str) -> None:
    if len(text) in PATH_WIDTH.values():
        assert PATH_WIDTH[tier_of(text)] == len(text)
    else:
        with pytest.raises(ValueError, match="not a unit path"):
            tier_of(text)


def test_the_tiers_follow_one_another_down_to_the_grid() -> None:
    assert [tier_below(each) for each in (None, *ORDER[:-1])] == list(ORDER)
    with pytest.raises(ValueError, match="grid"):
        tier_below(Tier.GRID)


@pytest.mark.parametrize(
    ("code", "tier", "parent", "fault"),
    [
        ("330702", Tier.COUNTY, "330700", None),
        ("330702001", Tier.TOWNSHIP, "330702", None),
        ("330702001008", Tier.VILLAGE, "330702001", None),
        ("330702001008001", Tier.GRID, "330702001008", None),
        ("330702", Tier.TOWNSHIP, "330702", "9 位"),
        ("33070200A", Tier.TOWNSHIP, "330702", "9 位"),
        ("３３０７０２００１", Tier.TOWNSHIP, "330702", "9 位"),
        ("330703001", Tier.TOWNSHIP, "330702", "开头"),
        ("110101", Tier.COUNTY, "330700", "开头"),
    ],
)
def test_a_units_code_fits_its_tier_and_its_parent(
    code: str, tier: Tier, parent: str, fault: str | None
) -> None:
    sentence = code_finding(code, tier, parent)
    assert (sentence is None) == (fault is None)
    assert fault is None or fault in str(sentence)
