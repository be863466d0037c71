"""Figures as the rows of a table on screen: the sheet turned on its side, units as columns."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from admin_app.models.units import Unit
from admin_app.operations.figures import Line, RowKind
from admin_app.operations.organisation import Head
from admin_app.rules.comparisons import figure_grown, rate_moved
from admin_app.rules.figure_checks import RATES, failures, percent
from admin_app.rules.figures import FIGURE, Figure, Measure, Number, Numbers, Of

Linked = Callable[[Unit, str, bool], str]

# The indicators of M31 that cases tell; each with what came before it.
INDICATED = (
    *("total", "succeeded", "difficult", "amount", "settled_here"),
    *("crime_cases", "petitioning_cases", "fight_cases", "suicide_cases"),
)


def shown(figure: Figure, number: Number) -> str:
    """As the sheet shows it: sums of money with two decimals."""
    if figure.measure is Measure.AMOUNT:
        return f"{Decimal(number).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    return f"{number:,}"


def groups(lines: list[Line], figures: tuple[Figure, ...], linked: Linked) -> list[dict[str, Any]]:
    """The figures group by group; each with a cell for every line."""
    return [
        {"label": group[-1], "rows": [_row(lines, each, linked) for each in members]}
        for group, members in groupby(figures, lambda each: each.group)
    ]


def _row(lines: list[Line], figure: Figure, linked: Linked) -> dict[str, Any]:
    return {
        "label": figure.label,
        "unit": figure.unit,
        "cells": [_cell(line, figure, linked) for line in lines],
    }


def _cell(line: Line, figure: Figure, linked: Linked) -> dict[str, Any]:
    number = line.numbers[figure.name]
    # The sum of the sub-units alone has no address of its own; its parts have.
    has_cases = bool(number) and figure.of is not Of.MONTH and line.kind is not RowKind.SUB_TOTAL
    return {
        "text": shown(figure, number),
        "url": linked(line.unit, figure.name, line.kind is RowKind.OWN) if has_cases else None,
    }


def plain(lines: list[Line], heads: tuple[Head, ...]) -> list[dict[str, Any]]:
    """Numbers of organisations, people and funds: with no cases behind them."""
    return [
        {
            "label": " · ".join(group),
            "rows": [
                {
                    "label": each.label,
                    "unit": each.unit,
                    "cells": [{"text": _plain(line.numbers[each.name]), "url": None} for line in lines],
                }
                for each in members
            ],
        }
        for group, members in groupby(heads, lambda each: each.group)
    ]


def _plain(number: Number) -> str:
    whole = number == int(number)
    return f"{int(number):,}" if whole else f"{Decimal(number).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def failed(lines: list[Line], linked: Linked) -> list[dict[str, Any]]:
    """The checks that do not hold, line by line; the two sums would only repeat them."""
    return [
        {
            "label": line.label,
            "sentence": failure.sentence,
            "grave": failure.check.grave,
            "url": linked(line.unit, failure.check.name, line.kind is RowKind.OWN),
        }
        for line in lines
        if line.kind in (RowKind.SUB, RowKind.OWN)
        for failure in failures(line.numbers)
    ]


def indicators(now: Numbers, before: Numbers | None, year_before: Numbers | None) -> list[dict[str, Any]]:
    """Each indicator with 环比 and 同比: growth of a number, difference of a rate in points."""
    counted = [
        {
            "label": FIGURE[name].label,
            "said": FIGURE[name].unit,
            "now": shown(FIGURE[name], now[name]),
            "before": figure_grown(name, now, before),
            "year_before": figure_grown(name, now, year_before),
        }
        for name in INDICATED
    ]
    rated = [
        {
            "label": rate.label,
            "said": rate.said,
            "now": percent(rate.of(now)),
            "before": rate_moved(rate, now, before),
            "year_before": rate_moved(rate, now, year_before),
        }
        for rate in RATES
    ]
    return rated + counted
