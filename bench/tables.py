"""The one table: operation × size × database, in Markdown."""

from collections.abc import Mapping, Sequence

from bench.measures import Row, Rows, Spread


def table(found: Mapping[str, Rows], sizes: Sequence[int]) -> str:
    """A line for each operation; for each database a column for each size, and the growth over all."""
    heads = ["operation"]
    for database in found:
        heads += [f"{database} {words(size)}" for size in sizes]
        heads += [f"{words(sizes[0])}→{words(sizes[-1])}"] if len(sizes) > 1 else []
    lines = [
        [label, *(cell for rows in found.values() for cell in _cells(rows[label], sizes))]
        for label in next(iter(found.values()))
    ]
    return grid(heads, lines, left=1)


def grid(heads: Sequence[str], lines: Sequence[Sequence[str]], *, left: int) -> str:
    """A table in Markdown; so many columns are words, the rest figures."""
    rule = ["---"] * left + ["---:"] * (len(heads) - left)
    return "\n".join(f"| {' | '.join(each)} |" for each in (heads, rule, *lines))


def _cells(row: Row, sizes: Sequence[int]) -> list[str]:
    cells = [spread(row[size]) if size in row else "" for size in sizes]
    if len(sizes) > 1:
        whole = sizes[0] in row and sizes[-1] in row and row[sizes[0]].low > 0
        cells.append(f"×{row[sizes[0]].growth(row[sizes[-1]]):.2f}" if whole else "")
    return cells


def spread(each: Spread) -> str:
    """The median, and the lowest and the highest beside it."""
    if each.low == each.high:
        return figure(each.middle)
    return f"{figure(each.middle)} ({figure(each.low)}–{figure(each.high)})"


def figure(value: float) -> str:
    """A number, with a decimal where it is small."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def words(size: int) -> str:
    """So many cases: 10k, 1M."""
    for unit, letter in ((1_000_000, "M"), (1000, "k")):
        if size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)
