"""Papers as pages for the browser's printer: the same layout and facts as the Word file.

Sizes become classes, for the pages allow no style of their own; `stylesheet` says all classes there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from admin_app.documents.facts import Facts
from admin_app.documents.filler import words
from admin_app.documents.form import FORMS, Form
from admin_app.documents.layout import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Block,
    Cut,
    Each,
    Gap,
    Grid,
    Lines,
    Long,
    Loop,
    NewPage,
    Row,
    Rows,
    Sides,
    Words,
)

# What a class of sizes sets: its letter, the property, the unit.
SIZES = {
    "s": ("font-size", "pt"),
    "b": ("margin-top", "pt"),
    "w": ("flex-basis", "em"),
    "c": ("width", "%"),
    "h": ("height", "mm"),
}


def page(form: Form, facts: Facts) -> list[dict[str, Any]]:
    """The blocks of a paper, filled, for the template papers/page.html."""
    return [each for block in form.blocks for each in _shown(block, facts)]


def size(letter: str, value: float) -> str:
    """The class of a size: s14, w2-5."""
    return f"{letter}{value:g}".replace(".", "-")


def stylesheet() -> str:
    """The rules of all classes of sizes that the forms use."""
    rules = {_rule(letter, value) for form in FORMS.values() for letter, value in _sizes(form.blocks)}
    margins = (
        f"@page paper {{\n  margin: {TOP}mm {RIGHT}mm {BOTTOM}mm {LEFT}mm;\n\n"
        "  @bottom-center {\n    content: none;\n  }\n}\n"
    )
    return (
        "/* Drawn from the layouts of the forms: python -m admin_app.documents */\n"
        + margins
        + "".join(sorted(rules))
    )


def _rule(letter: str, value: float) -> str:
    said, unit = SIZES[letter]
    return f".paper .{size(letter, value)} {{\n  {said}: {value:g}{unit};\n}}\n"


def _share(width: float, columns: Iterable[float]) -> float:
    """The width of a column as hundredths of the table."""
    return round(width * 100 / sum(columns))


def _sizes(blocks: Iterable[Block]) -> Iterator[tuple[str, float]]:
    for block in blocks:
        match block:
            case Words(size=points, before=before):
                yield from (("s", points), ("b", before))
            case Lines(rows=rows, size=points, height=height):
                yield from (("s", points), ("h", height))
                yield from (("w", gap.width) for row in rows for gap in row)
            case Each(blocks=inner):
                yield from _sizes(inner)
            case Grid(columns=columns):
                yield from (("c", _share(width, columns)) for width in columns)
                yield from (("h", row.height) for row in block.every())
            case Sides(left=left, right=right):
                yield from _sizes((*left, *right))
            case Long() | Cut() | NewPage():
                pass


def _repeated(loop: Loop | None, facts: Facts) -> Iterator[Facts]:
    if loop is None:
        yield facts
    else:
        yield from (facts | {loop.var: each} for each in facts[loop.over])


def _shown(block: Block, facts: Facts) -> Iterator[dict[str, Any]]:
    match block:
        case Words():
            yield _words(block, facts)
        case Lines():
            rows = [_gaps(row, block, each) for each in _repeated(block.each, facts) for row in block.rows]
            yield {"kind": "lines", "rows": rows, "classes": size("s", block.size)}
        case Long(label=label, name=name, lines=lines):
            text = facts[name]
            yield {"kind": "long", "label": label, "text": text, "lines": 0 if text else lines}
        case Each(loop=loop, blocks=inner):
            yield from (_words(each, one) for one in _repeated(loop, facts) for each in inner)
        case Grid():
            yield _grid(block, facts)
        case Sides(left=left, right=right):
            yield {"kind": "sides", "sides": [_side(left, facts), _side(right, facts)]}
        case Cut(text=text):
            yield {"kind": "cut", "text": text}
        case NewPage():
            yield {"kind": "page"}


def _side(blocks: Iterable[Words | Each], facts: Facts) -> list[dict[str, Any]]:
    return [each for block in blocks for each in _shown(block, facts)]


def _words(block: Words, facts: Facts) -> dict[str, Any]:
    classes = [block.align, size("s", block.size), size("b", block.before)]
    classes += [name for name in ("bold", "indent", "keep") if asdict(block)[name]]
    return {"kind": "words", "text": words(block.text, facts), "classes": " ".join(classes)}


def _gaps(row: tuple[Gap, ...], lines: Lines, facts: Facts) -> dict[str, Any]:
    return {
        "classes": size("h", lines.height) + (" several" if len(row) > 1 else ""),
        "gaps": [
            {
                "label": gap.label,
                "text": words(gap.text, facts),
                "classes": size("w", gap.width if gap is not row[-1] else 0),
            }
            for gap in row
        ],
    }


def _grid(grid: Grid, facts: Facts) -> dict[str, Any]:
    columns = [size("c", _share(width, grid.columns)) for width in grid.columns]
    rows: list[dict[str, Any]] = []
    for each in grid.rows:
        loop, group = (each.loop, each.rows) if isinstance(each, Rows) else (None, (each,))
        rows += [_row(row, one) for one in _repeated(loop, facts) for row in group]
    return {"kind": "grid", "columns": columns, "rows": rows}


def _row(row: Row, facts: Facts) -> dict[str, Any]:
    cells = [
        {"text": words(cell.text, facts), "across": cell.across, "align": cell.align} for cell in row.cells
    ]
    return {"classes": size("h", row.height), "heading": row.heading, "cells": cells}
