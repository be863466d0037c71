"""What was expected at the largest size, and whether it was met in this very run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench import load
from bench.contenders import EDIT, OURS, TURNED
from bench.load import Load
from bench.rivalry import Rivalry, worst_growth
from bench.tables import grid, words

SLIGHTEST_PAGE = 60.0  # KiB of an edit form
MOST_GROWTH = 1.5


@dataclass(frozen=True)
class Expected:
    """A line: the work, what was expected in words, and what one kind of database makes of it."""

    work: str
    words: str
    judge: Callable[["Run"], str]


@dataclass(frozen=True)
class Run:
    """What was found on one kind of database; either may have been left out."""

    rivalry: Rivalry | None = None
    loads: Sequence[Load] = ()


def _faster(task: str, least: float) -> Callable[[Run], str]:
    def judge(run: Run) -> str:
        ratio = run.rivalry.ratio(task, run.rivalry.sizes[-1]) if run.rivalry else None
        return at_least(ratio, least)

    return judge


def at_least(ratio: float | None, least: float) -> str:
    """How many times as fast, and how much that is short of what was expected."""
    if ratio is None:
        return ""
    return f"×{ratio:.1f}, met" if ratio >= least else f"×{ratio:.1f}, missed by {1 - ratio / least:.0%}"


def at_most(value: float, most: float) -> str:
    """Whether it stays below, and by how much it does not."""
    return "met" if value <= most else f"missed by {value / most - 1:.0%}"


def _slight(run: Run) -> str:
    if run.rivalry is None:
        return ""
    kib = run.rivalry.found[EDIT, run.rivalry.sizes[-1], OURS.label].kib
    return f"{kib:.1f} KiB, {at_most(kib, SLIGHTEST_PAGE)}"


def _steady(run: Run) -> str:
    worst = worst_growth(run.rivalry) if run.rivalry else None
    if worst is None:
        return ""
    ratio, label = worst
    return f"at most ×{ratio:.2f} ({label}), {at_most(ratio, MOST_GROWTH)}"


def _borne(run: Run) -> str:
    ratio = load.ratio(run.loads) if run.loads else None
    errors = sum(len(each.wrong) for each in run.loads if each.label == OURS.label)
    return f"{at_least(ratio, 1.5)}; {errors} errors" if ratio else ""


EXPECTED = (
    Expected("list, first page", "≥ 2 × faster", _faster("first", 2)),
    Expected("list, a deep page, turned to", "≥ 2 × faster", _faster(TURNED, 2)),
    Expected("list, a deep page, by its number", "≥ 2 × faster", _faster("deep", 2)),
    Expected("search of two characters", "≥ 50 × faster", _faster("name", 50)),
    Expected("search by number", "≥ 50 × faster", _faster("number", 50)),
    Expected("filter by status and unit", "≥ 20 × faster", _faster("filter", 20)),
    Expected("edit form", "≥ 10 × faster", _faster(EDIT, 10)),
    Expected("edit form's size", f"≤ {SLIGHTEST_PAGE:.0f} KiB", _slight),
    Expected("growth from the smallest size", f"≤ {MOST_GROWTH} ×", _steady),
    Expected("50 people at once, 2 processes", "≥ 1.5 × the requests per second, no error", _borne),
)


def table(runs: Mapping[str, Run], size: int) -> str:
    """A line for each expectation that was looked at, a column for each kind of database, in Markdown."""
    heads = [f"at {words(size)} cases, against the faster rival", "expected", *runs]
    lines = [[each.work, each.words, *map(each.judge, runs.values())] for each in EXPECTED]
    return grid(heads, [each for each in lines if any(each[2:])], left=2)
