"""Timing: every size takes its turn in each round, so that a busy minute of the machine hits all alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from bench.desks import Desk
from bench.operations import OPERATIONS, Operation

WARM_UP = 6  # PostgreSQL's driver prepares a statement at its fifth time
ROUNDS = 15
FEWEST = 5
SECONDS = 20.0  # an operation that has taken so long gets no more rounds than the fewest


@dataclass(frozen=True)
class Spread:
    """One thing measured several times, in the order of the rounds."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)

    def growth(self, later: "Spread") -> float:
        """How many times as much: the median over the rounds, each compared with its own neighbour."""
        return median(after / before for before, after in zip(self.values, later.values, strict=True))


Row = dict[int, Spread]  # by number of cases
Rows = dict[str, Row]  # by label


def measure(desks: Sequence[Desk], rounds: int = ROUNDS) -> Rows:
    """Milliseconds of every operation on every desk, and KiB where the size matters."""
    found: Rows = {}
    for operation in OPERATIONS:
        found.update(_rows(operation, desks, rounds))
    return found


def _rows(operation: Operation, desks: Sequence[Desk], rounds: int) -> Rows:
    times: dict[int, list[float]] = {desk.cases: [] for desk in desks}
    sizes: Row = {}
    began = perf_counter()
    for number in range(-min(WARM_UP, rounds), rounds):
        late = perf_counter() - began > SECONDS
        if late and (number < -1 or number >= FEWEST):
            continue
        for desk in desks:
            request = operation.ready(desk)
            start = perf_counter()
            length = request.send()
            if number >= 0:
                times[desk.cases].append((perf_counter() - start) * 1000)
            sizes[desk.cases] = Spread((length / 1024,))
    found = {f"{operation.label} (ms)": {cases: Spread(tuple(values)) for cases, values in times.items()}}
    if operation.sized:
        found[f"{operation.label} (KiB)"] = sizes
    return found
