"""A look at a ledger as a page shows it: each sheet with the very heading, widths, groups and sums."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from admin_app.exports.columns import Column, Value, depth, headings, labels, leaves
from admin_app.exports.layout import Block, Box
from admin_app.exports.looks import Group, Look, Sums
from admin_app.exports.rows import Row

PIXELS, MARGIN = 6.6, 8  # that a character of a column's width takes on the screen, and both its margins
GRID = 12  # columns of a form


def preview(looks: Sequence[Look]) -> dict[str, Any]:
    """What the template draws: each sheet of the workbook, and the sums that do not agree in any."""
    sheets = [_sheet(each) for each in looks]
    return {**sheets[0], "sheets": sheets, "faults": [fault for each in looks for fault in each.faults]}


def _sheet(look: Look) -> dict[str, Any]:
    """A table, or the first form."""
    layout = look.paper.layout
    shown = {"paper": look.paper, "count": look.count, "shown": look.shown}
    if layout.blocks:
        return {**shown, "form": list(_blocks(look)) if look.shown else []}
    columns = leaves(layout.columns)
    return {
        **shown,
        "widths": [round(each.width * PIXELS) + MARGIN for each in columns],
        "heading": _heading(look),
        "units": [each.unit for each in columns] if any(each.unit for each in columns) else [],
        "numbers": range(1, len(columns) + 1) if layout.numbered else [],
        "groups": [_group(columns, each) for each in look.groups],
        "sums": [_sums(columns, each) for each in look.sums],
    }


def _group(columns: Sequence[Column], group: Group) -> dict[str, Any]:
    """Lines that stand together, and the row of their sums below them."""
    return {
        "rows": [_cells(columns, each) for each in group.rows],
        "sums": [_sums(columns, group.sums)] if group.sums else [],
    }


def _heading(look: Look) -> list[list[dict[str, Any]]]:
    """The heading's cells, row by row."""
    cells = headings(look.paper.layout.columns)
    return [
        [vars(each) for each in cells if each.row == row] for row in range(depth(look.paper.layout.columns))
    ]


def _cells(columns: Sequence[Column], row: Row) -> list[dict[str, str]]:
    return [
        {"text": _said(each, value), "kind": "centred" if each.centred else each.kind}
        for each, value in zip(columns, row.cells, strict=True)
    ]


def _sums(columns: Sequence[Column], sums: Sums) -> dict[str, Any]:
    """The label over the columns before the first sum, then the sums, blank where nothing is added."""
    before = min(sums.values, default=len(columns))
    cells = [
        {"text": _said(each, sums.values.get(index)), "kind": each.kind}
        for index, each in enumerate(columns)
        if index >= max(before, 1)
    ]
    return {"label": sums.label, "over": max(before, 1), "cells": cells}


def _said(column: Column, value: Value) -> str:
    """As Excel shows it."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case int() | Decimal() if column.kind == "money":
            return f"{value:,.2f}"
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _blocks(look: Look) -> Iterator[dict[str, Any]]:
    """The first form: each part a table of twelve columns, each row's boxes as wide as one another."""
    layout, row = look.paper.layout, look.groups[0].rows[0]
    values = dict(zip(labels(layout.columns), row.cells, strict=True))
    for block in layout.blocks:
        yield {"title": block.title, "rows": list(_boxes(block, values)), "signs": block.signs}


def _boxes(block: Block, values: dict[str, Value]) -> Iterator[list[dict[str, Any]]]:
    for boxes in block.rows:
        pair = GRID // len(boxes)
        label = 2 if pair > 3 else 1
        yield [
            {
                "label": box.label,
                "over": label,
                "text": _entry(box, values),
                "room": pair - label,
                "lines": box.lines,
            }
            for box in boxes
        ]


def _entry(box: Box, values: dict[str, Value]) -> str:
    value = values[box.column] if box.column else None
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)
