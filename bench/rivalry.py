"""Ours beside the rivals: in each round everybody does the same on every size, one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter

from bench import measures
from bench.contenders import EDIT, LOOKED_UP, OURS, SAVE, TASKS, TURNED, Task, present
from bench.desks import Desk
from bench.measures import Spread
from bench.seats import Seat, seats
from bench.tables import figure, grid, spread, words

_SAVES = count(1)


@dataclass(frozen=True)
class Timed:
    """One task by one contender on one size: milliseconds, and the KiB of the page."""

    ms: Spread
    kib: float


@dataclass(frozen=True)
class Rivalry:
    """All that was timed on one kind of database, by task, size and contender."""

    found: dict[tuple[str, int, str], Timed]
    sizes: list[int]
    contenders: list[str]

    def ratio(self, task: str, size: int) -> float | None:
        """How many times as long the faster rival takes: the median over the rounds."""
        ours = self.found.get((task, size, OURS.label))
        rivals = [self.found[task, size, each] for each in self.contenders if each != OURS.label]
        if ours is None or not rivals:
            return None
        return ours.ms.growth(min((each.ms for each in rivals), key=lambda each: each.middle))

    def growth(self, task: str, contender: str = OURS.label) -> float | None:
        """How many times as long it takes on the largest size as on the smallest."""
        if len(self.sizes) < 2:
            return None
        small, large = (self.found[task, size, contender] for size in (self.sizes[0], self.sizes[-1]))
        return small.ms.growth(large.ms)


def measure(desks: Sequence[Desk], rounds: int) -> Rivalry:
    """Every task; the seats stay taken all the while, so that nobody starts cold."""
    contenders = present()
    by_url = {desk.url: desk for desk in desks}
    wanted = [(each, desk.url) for desk in desks for each in contenders]
    found: dict[tuple[str, int, str], Timed] = {}
    with seats(wanted) as taken:
        placed = [(by_url[url], one) for (_, url), one in zip(wanted, taken, strict=True)]
        for task in TASKS:
            found.update(_task(task, placed, rounds))
    return Rivalry(found, [desk.cases for desk in desks], [each.label for each in contenders])


def _task(
    task: Task, placed: list[tuple[Desk, Seat]], rounds: int
) -> Iterator[tuple[tuple[str, int, str], Timed]]:
    times: dict[tuple[str, int, str], list[float]] = {}
    pages: dict[tuple[str, int, str], int] = {}
    began = perf_counter()
    for number in range(-min(measures.WARM_UP, rounds), rounds):
        late = perf_counter() - began > measures.SECONDS
        if late and (number < -1 or number >= measures.FEWEST):
            continue
        for desk, seat in placed:
            key = (task.key, desk.cases, seat.contender.label)
            milliseconds, pages[key] = _once(task, desk, seat, look=key not in pages)
            if number >= 0:
                times.setdefault(key, []).append(milliseconds)
    for key, values in times.items():
        yield key, Timed(Spread(tuple(values)), pages[key] / 1024)


def _once(task: Task, desk: Desk, seat: Seat, *, look: bool) -> tuple[float, int]:
    """Milliseconds and bytes; the first time, whether the page shows what was asked for."""
    if task.key == SAVE:
        case = next(desk.turn) if seat.contender.anew else desk.facts.open[-1]
        url = seat.contender.url(EDIT, desk.facts, case)
        answer = seat.ask(url, {**seat.form(url), "remark": f"第 {next(_SAVES)} 次修改"})
    else:
        url = seat.contender.url(task.key, desk.facts)
        url = seat.onward(url) if task.key == TURNED else url
        answer = seat.ask(url, text=look)
        if look and task.shows(desk.facts) not in answer.text:
            raise RuntimeError(f"{seat.contender.label} {url}: does not show {task.shows(desk.facts)}")
    return answer.milliseconds, answer.bytes


def table(name: str, rivalry: Rivalry) -> str:
    """A line for each task and size, in Markdown; what growth says stands beside the largest size."""
    heads = [name, "cases", *(f"{each} (ms)" for each in rivalry.contenders), "faster rival ÷ ours", "growth"]
    lines = [
        [task.label, words(size), *_cells(rivalry, task, size)] for task in TASKS for size in rivalry.sizes
    ]
    return grid(heads, lines, left=1)


def _cells(rivalry: Rivalry, task: Task, size: int) -> Iterator[str]:
    for each in rivalry.contenders:
        timed = rivalry.found[task.key, size, each]
        yield spread(timed.ms) + (f", {figure(timed.kib)} KiB" if task.sized else "")
    ratio = rivalry.ratio(task.key, size)
    yield f"×{ratio:.1f}" if ratio else ""
    last = size == rivalry.sizes[-1] and rivalry.growth(task.key)
    yield f"×{last:.2f}" if last else ""


def worst_growth(rivalry: Rivalry) -> tuple[float, str] | None:
    """The most that any task of ours grows from the smallest size to the largest, and which one it is."""
    grown = [(rivalry.growth(task.key), task.label) for task in TASKS if task.key != LOOKED_UP]
    return max(((ratio, label) for ratio, label in grown if ratio), default=None)
