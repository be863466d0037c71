"""Charts as a page shows them: shapes of `rules/chart_shapes.py`, each mark with its address and words."""

from collections.abc import Callable
from typing import Any

from admin_app.operations.charts import Pictured
from admin_app.rules.chart_shapes import Sheet, rows, sheet
from admin_app.rules.charts import Behind, Chart, Kind, Mark
from admin_app.rules.comparisons import figure_grown, grown, rate_moved
from admin_app.rules.figure_checks import RATES, Rate, percent
from admin_app.rules.figures import FIGURE, PREVENTIONS, Number, Numbers
from admin_app.views.addresses import address
from admin_app.views.figure_asked import Asked
from admin_app.views.figure_tables import shown

Linked = Callable[[Behind], str]
TOLD = ("total", "succeeded", "settled_here", "difficult", "people", "amount")
LOOKS = ("full", "striped", "dotted")  # by their pattern too, for who sees no colours, and for paper


def behind_of(asked: Asked) -> Linked:
    """The address of the cases behind a mark."""

    def link(behind: Behind) -> str:
        period = behind.period or asked.period
        days = {"since": period.since, "until": period.until, "as_of": asked.as_of}
        whose = {"mine": 1} if asked.mine else {"unit": behind.unit_id or asked.unit.id}
        pairs = {**whose, **days, "figure": behind.figure, "level": 1 if behind.level else None}
        return address("figures.cases", [(name, str(value)) for name, value in pairs.items() if value])

    return link


def tiles(found: Pictured, asked: Asked) -> list[dict[str, Any]]:
    """The indicators (M31) as large numbers, each with 环比 and 同比 in words and the cases behind it."""
    counted = [_tile(found, asked, name) for name in TOLD]
    rated = (_rated(found, each) for each in RATES[:2])
    return [*counted[:2], *rated, *counted[2:], _prevented(found), *_trained(found)]


def _tile(found: Pictured, asked: Asked, name: str) -> dict[str, Any]:
    figure, now = FIGURE[name], found.numbers[name]
    return {
        "label": figure.label,
        "text": shown(figure, now),
        "unit": figure.unit,
        "url": behind_of(asked)(Behind(name)) if now else None,
        "before": figure_grown(name, found.numbers, found.before),
        "year_before": figure_grown(name, found.numbers, found.year_before),
    }


def _rated(found: Pictured, rate: Rate) -> dict[str, Any]:
    return {
        "label": rate.label,
        "text": percent(rate.of(found.numbers)),
        "unit": "",
        "url": None,
        "before": rate_moved(rate, found.numbers, found.before),
        "year_before": rate_moved(rate, found.numbers, found.year_before),
    }


def _prevented(found: Pictured) -> dict[str, Any]:
    """Suicides, crimes, petitions and fights together; the chart has them apart, with their cases."""
    now = _escalations(found.numbers)
    return {
        "label": "防止矛盾激化",
        "text": f"{now:,}",
        "unit": "件",
        "url": None,
        "before": grown(now, _escalations(found.before) if found.before else None),
        "year_before": grown(now, _escalations(found.year_before) if found.year_before else None),
    }


def _trained(found: Pictured) -> list[dict[str, Any]]:
    """How often mediators were trained; as of a past day nobody knows."""
    if not found.trained:
        return []
    now, before, year_before = found.trained
    return [
        {
            "label": "培训人次",
            "text": f"{now or 0:,}",
            "unit": "人次",
            "url": None,
            "before": grown(now or 0, before),
            "year_before": grown(now or 0, year_before),
        }
    ]


def _escalations(numbers: Numbers) -> Number:
    return sum((numbers[each.name] for each in PREVENTIONS[::2]), 0)


def drawn(chart: Chart, linked: Linked) -> dict[str, Any]:
    """A chart with its table, for the macro of `_chart.html`."""

    def mark(each: Mark, series: int, label: str) -> dict[str, Any]:
        name = chart.series[series].label
        said = f"{label}{'' if name == chart.unit else ' ' + name}：{chart.said(each.number)} {chart.unit}"
        return {
            "url": linked(each.behind) if each.behind else None,
            "said": said,
            "look": LOOKS[series % len(LOOKS)],
        }

    lying = chart.kind in (Kind.BARS, Kind.STACKED)
    return {
        "chart": chart,
        "legend": _legend(chart),
        "rows": _rows(chart, mark) if lying else [],
        "sheet": None if lying else _sheet(chart, sheet(chart), mark),
        "table": _table(chart, linked),
    }


def _legend(chart: Chart) -> list[dict[str, str]]:
    """Which pattern is what, where there is more than one."""
    labels = [each.label for each in chart.series]
    return [{"label": label, "look": LOOKS[number]} for number, label in enumerate(labels) if len(labels) > 1]


def _rows(chart: Chart, mark: Callable[[Mark, int, str], dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "label": row.label,
            "bars": [
                {
                    "end": bar.end,
                    "text": bar.text,
                    "pieces": [
                        {"shape": piece, **mark(piece.mark, piece.series, row.label)} for piece in bar.pieces
                    ],
                }
                for bar in row.bars
            ],
        }
        for row in rows(chart)
    ]


def _sheet(chart: Chart, shape: Sheet, mark: Callable[[Mark, int, str], dict[str, Any]]) -> dict[str, Any]:
    spots = [
        {"shape": each, **mark(each.mark, each.series, chart.categories[each.place])} for each in shape.spots
    ]
    return {"shape": shape, "spots": spots}


def _table(chart: Chart, linked: Linked) -> list[dict[str, Any]]:
    """A row for each category, a cell for each series."""
    return [
        {
            "label": label,
            "cells": [
                {
                    "text": chart.said(each.marks[place].number),
                    "url": linked(behind) if (behind := each.marks[place].behind) else None,
                }
                for each in chart.series
            ],
        }
        for place, label in enumerate(chart.categories)
    ]
