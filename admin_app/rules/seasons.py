"""The life of a season 评定批次, its ranking, and who is nominated within the quotas (lifecycle.md 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class SeasonState(Choice):
    """Where a season stands."""

    PREPARING = "preparing", "筹备"
    OPEN = "open", "申报中"
    REVIEWING = "reviewing", "评审中"
    ENDED = "ended", "已结束"


_S = SeasonState

STEPS: tuple[Step[SeasonState], ...] = (
    step("begin", "开始申报", [_S.PREPARING], _S.OPEN),
    step("to_review", "转入评审", [_S.OPEN], _S.REVIEWING),
    step("finish", "结束批次", [_S.REVIEWING], _S.ENDED),
)

STEP: dict[str, Step[SeasonState]] = {each.name: each for each in STEPS}
ANY = 1_000_000  # above every level there is
COUNTED = frozenset({_S.PREPARING, _S.OPEN, _S.REVIEWING})  # while points may be reckoned anew


@dataclass(frozen=True)
class Standing:
    """One subject in the ranking: `rank` is that of the level reached, 0 for none."""

    subject: int
    path: str
    points: Decimal
    rank: int


@dataclass(frozen=True)
class Quota:
    """How many of a unit may be nominated to one level; `rank` 0 means to all levels together."""

    path: str
    rank: int
    number: int


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """The ranking: the higher level first, then the more points; equal ones always in the same order."""
    return sorted(standings, key=lambda each: (-each.rank, -each.points, each.subject))


def within_quota(standings: Iterable[Standing], quotas: Iterable[Quota]) -> list[tuple[Standing, int]]:
    """Who is nominated, and to which level: in the order of the ranking, while each quota has room.

    A unit's quota counts whoever stands under it, so that a county's and a township's hold together. Whoever
    finds a level full is nominated to the next lower one that they have reached as well. No quota, no limit.
    """
    rooms = list(quotas)
    left: dict[int, int] = {index: each.number for index, each in enumerate(rooms)}
    chosen = []
    for each in in_order(standings):
        for rank in range(each.rank, 0, -1):
            held = [i for i, q in enumerate(rooms) if each.path.startswith(q.path) and q.rank in (0, rank)]
            if all(left[index] > 0 for index in held):
                for index in held:
                    left[index] -= 1
                chosen.append((each, rank))
                break
    return chosen


def places(points: Mapping[int, tuple[int, Decimal]]) -> dict[int, int]:
    """The place of each subject by (level, points); equal ones share a place, and the next is left out."""
    ordered = sorted(points.values(), reverse=True)
    first: dict[tuple[int, Decimal], int] = {}
    for place, each in enumerate(ordered, start=1):
        first.setdefault(each, place)
    return {subject: first[each] for subject, each in points.items()}
