"""The one table: operation × size × database, in Markdown."""

from collections.abc import Mapping, Sequence

from bench.measures import Row, Rows, Spread


def table(found: Mapping[str, Rows], sizes: Sequence[int]) -> str:
    """A line for each operation; for each database a column for each size, and the growth over all."""
    heads = ["operation"]
    for database in found:
        heads += [f"{database} {_words(size)}" for size in sizes]
        heads += [f"{_words(sizes[0])}→{_words(sizes[-1])}"] if len(sizes) > 1 else []
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1)]
    for label in next(iter(found.values())):
        lines.append([label, *(cell for rows in found.values() for cell in _cells(rows[label], sizes))])
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


def _cells(row: Row, sizes: Sequence[int]) -> list[str]:
    cells = [_spread(row[size]) if size in row else "" for size in sizes]
    if len(sizes) > 1:
        whole = sizes[0] in row and sizes[-1] in row and row[sizes[0]].low > 0
        cells.append(f"×{row[sizes[0]].growth(row[sizes[-1]]):.2f}" if whole else "")
    return cells


def _spread(spread: Spread) -> str:
    if spread.low == spread.high:
        return _number(spread.middle)
    return f"{_number(spread.middle)} ({_number(spread.low)}–{_number(spread.high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _words(size: int) -> str:
    for unit, letter in ((1_000_000, "M"), (1000, "k")):
        if size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)
