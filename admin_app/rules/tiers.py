"""The tree of units and the path that carries scope.

A unit's path is the chain of official division codes from the city down, each closed by a slash:
`330700/330702/330702001/`. Codes of one tier have one length (GB/T 2260 and the statistics codes), so a
path's length tells its tier, and "lies under" is an equality of the first n characters, which an
expression index answers at any size.
"""

from admin_app.rules.choices import Choice


class Tier(Choice):
    """The tiers of administration (M01); the grid hangs under the village."""

    CITY = "city", "市级"
    COUNTY = "county", "县区级"
    TOWNSHIP = "township", "乡镇街道级"
    VILLAGE = "village", "村社区级"
    GRID = "grid", "网格"


CODE_LENGTH = {Tier.CITY: 6, Tier.COUNTY: 6, Tier.TOWNSHIP: 9, Tier.VILLAGE: 12, Tier.GRID: 15}
ORDER = tuple(Tier)


def _widths() -> dict[Tier, int]:
    """Length of a path of each tier, slashes included."""
    widths, total = {}, 0
    for tier in ORDER:
        total += CODE_LENGTH[tier] + 1
        widths[tier] = total
    return widths


PATH_WIDTH = _widths()
TIER_OF_WIDTH = {width: tier for tier, width in PATH_WIDTH.items()}


def path_of(parent_path: str, code: str) -> str:
    """The path of a unit with this code under this parent ("" for the city)."""
    return f"{parent_path}{code}/"


def tier_of(path: str) -> Tier:
    """The tier of a path; ValueError for text that is no path."""
    try:
        return TIER_OF_WIDTH[len(path)]
    except KeyError:
        raise ValueError(f"not a unit path: {path!r}") from None


def covers(upper: str, lower: str) -> bool:
    """Whether the unit at `upper` is the one at `lower` or stands above it."""
    return bool(upper) and lower.startswith(upper)


def ancestors(path: str) -> tuple[str, ...]:
    """The paths above this one, nearest last, itself excluded."""
    return tuple(path[:width] for width in PATH_WIDTH.values() if width < len(path))


def beside(post: str, path: str) -> bool:
    """Whether a post lies under the same superior as a unit: at the superior, beside the unit, or below."""
    above = ancestors(path)
    return bool(above) and covers(above[-1], post)


def tier_below(tier: Tier | None) -> Tier:
    """The tier directly under this one (the city when there is none); ValueError under the grid."""
    if tier is None:
        return ORDER[0]
    if tier is ORDER[-1]:
        raise ValueError("nothing hangs under a grid")
    return ORDER[ORDER.index(tier) + 1]


def code_finding(code: str, tier: Tier, parent_code: str) -> str | None:
    """What is wrong with a new unit's code, as a sentence, or None."""
    if not (code.isascii() and code.isdigit() and len(code) == CODE_LENGTH[tier]):
        return f"{tier.label}单位的区划代码应为 {CODE_LENGTH[tier]} 位数字"
    stem = parent_code[:4] if tier is Tier.COUNTY else parent_code
    if parent_code and not code.startswith(stem):
        return f"区划代码应以上级单位的 {stem} 开头"
    return None
