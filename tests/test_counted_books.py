"""Every counted ledger, each of its sheets: headings, cells, sums, paper; screening to its raw rows."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from admin_app.exports.columns import headings, leaves
from admin_app.exports.downloads import fill
from admin_app.exports.fitting import broken
from admin_app.exports.ledger import LEDGERS, Asked, Counted, Ledger
from admin_app.exports.reading import read, rows
from admin_app.exports.writing.table import PAPERS
from admin_app.models.committees import Committee
from admin_app.models.finds import Find
from admin_app.models.mediators import Mediator
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.dates import today
from admin_app.rules.finds import FindState
from admin_app.rules.screenings import ScreeningState
from tests.library import fill_library, table
from tests.test_books import BOOKS, printed
from tests.world import World

Person = Callable[[str], User]
COUNTED = {name: each for name, each in LEDGERS.items() if isinstance(each.source, Counted)}
# Empty in the world: a plan draws the first (test_evaluations.py), targets and studios make the others.
LATER = {"evaluation-items", "staffing-short", "studio-roster"}
SHEETS = [(name, place) for name, each in COUNTED.items() for place in range(1 + len(each.more))]


@pytest.fixture
def looking(looking: Session, world: World) -> Session:
    fill_library(looking, world)
    return looking


def asked(session: Session, world: World) -> Asked:
    return Asked(session.get_one(Unit, world.county), date(2026, 1, 1), today(), acknowledged=True)


def taken(session: Session, actor: User, world: World, name: str, *, values: bool = False) -> Any:
    file = io.BytesIO()
    fill(session, actor, LEDGERS[name], asked(session, world), file)
    return openpyxl.load_workbook(file, data_only=values)


def declared(session: Session, actor: User, world: World, name: str, place: int) -> Ledger:
    """The sheet with the columns of the day."""
    one = (LEDGERS[name], *LEDGERS[name].more)[place]
    return read(session, actor, one, asked(session, world)).ledger


def top(ledger: Ledger) -> int:
    """The heading's first row: below the title and, where there is one, the line about it."""
    return 2 if ledger.layout.titled else 3


def below(ledger: Ledger) -> int:
    """The first line's row."""
    depth = max(each.row + each.rows for each in headings(ledger.columns))
    units = any(each.unit for each in leaves(ledger.columns))
    return top(ledger) + depth + units + ledger.layout.numbered


def test_no_ledger_is_left_out_of_these_tests() -> None:
    assert {*BOOKS, *COUNTED} == set(LEDGERS)
    assert {"case-statistics", "organisation", "screening-statistics"} <= set(COUNTED)


@pytest.mark.parametrize(("name", "place"), SHEETS)
def test_the_heading_is_the_declared_one_cell_by_cell(
    looking: Session, person: Person, world: World, name: str, place: int
) -> None:
    actor = person("bureau_county")
    ledger = declared(looking, actor, world, name, place)
    sheet = taken(looking, actor, world, name).worksheets[place]
    columns, merges = leaves(ledger.columns), {str(each) for each in sheet.merged_cells.ranges}
    for each in headings(ledger.columns):
        cell = sheet.cell(each.row + top(ledger), each.column + 1)
        width = sum(column.width for column in columns[each.column : each.column + each.columns])
        assert cell.value == (each.label if each.vertical else broken(each.label, width))
        last = sheet.cell(each.row + top(ledger) + each.rows - 1, each.column + each.columns)
        assert cell.coordinate == last.coordinate or f"{cell.coordinate}:{last.coordinate}" in merges
    assert sheet.max_column == len(columns)


@pytest.mark.parametrize(("name", "place"), SHEETS)
def test_numbers_are_numbers_and_the_totals_are_their_sums(
    looking: Session, person: Person, world: World, name: str, place: int
) -> None:
    actor = person("bureau_county")
    ledger = declared(looking, actor, world, name, place)
    formulas = taken(looking, actor, world, name).worksheets[place]
    sheet = taken(looking, actor, world, name, values=True).worksheets[place]
    lines = list(rows(read(looking, actor, ledger, asked(looking, world))))
    assert lines or name in LATER, "nothing was compared"
    if not lines:
        return
    end = below(ledger) + len(lines)
    for index, column in enumerate(leaves(ledger.columns), 1):
        cells = [sheet.cell(row, index).value for row in range(below(ledger), end)]
        if column.summed:
            assert all(isinstance(each, int | float) for each in cells), column.label
            for row, total in enumerate(ledger.layout.totals, end):
                chosen = [
                    cell
                    for cell, line in zip(cells, lines, strict=True)
                    if not total.groups or line.group in total.groups
                ]
                assert sheet.cell(row, index).value == pytest.approx(sum(chosen)), column.label
                formula = str(formulas.cell(row, index).value)
                assert re.fullmatch(r"=SUM\(.*\)|0", formula), formula


@pytest.mark.parametrize(("name", "place"), SHEETS)
def test_it_prints_whole_with_its_heading_on_every_page(
    looking: Session, person: Person, world: World, name: str, place: int
) -> None:
    actor = person("bureau_county")
    ledger = declared(looking, actor, world, name, place)
    sheet = taken(looking, actor, world, name).worksheets[place]
    paper = PAPERS[ledger.layout.paper]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", paper)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${top(ledger)}:${below(ledger) - 1}"
    assert sheet.freeze_panes == f"A{below(ledger)}"
    assert bool(sheet.protection.sheet) is any(each.summed for each in leaves(ledger.columns))


@pytest.mark.parametrize("name", COUNTED)
def test_no_formula_comes_from_data(looking: Session, person: Person, world: World, name: str) -> None:
    for model in (Unit, Committee, Mediator):
        looking.connection().execute(update(table(model)).values(name="=1+1"))
    looking.expire_all()
    book = taken(looking, person("bureau_county"), world, name)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert name in LATER or any("=1+1" in str(cell.value) for cell in cells if cell.data_type != "f")
    assert all(str(cell.value).startswith("=SUM(") for cell in cells if cell.data_type == "f")


def test_another_program_prints_every_sheet(
    looking: Session, person: Person, world: World, tmp_path: Path
) -> None:
    actor = person("bureau_county")
    for name in COUNTED:
        with (tmp_path / f"{name}.xlsx").open("wb") as file:
            fill(looking, actor, LEDGERS[name], asked(looking, world), file)
    assert printed(tmp_path) == set(COUNTED)


def test_the_sums_of_screening_are_those_of_the_raw_rows(
    looking: Session, person: Person, world: World
) -> None:
    actor, name = person("bureau_county"), "screening-statistics"
    ledger, what = LEDGERS[name], asked(looking, world)
    assert what.unit
    assert what.since
    assert what.until
    found = [each.cells for each in rows(read(looking, actor, ledger, what))]
    labels = [each.label for each in leaves(ledger.columns)]
    sums = {label: sum(row[at] for row in found) for at, label in enumerate(labels) if at}  # type: ignore[misc]
    tasks = [
        each
        for each in looking.scalars(select(Screening).where(Screening.removed_at.is_(None)))
        if each.is_under(what.unit.path) and what.since <= each.until <= what.until
    ]
    finds = [
        each
        for each in looking.scalars(select(Find).where(Find.removed_at.is_(None)))
        if each.is_under(what.unit.path) and what.since <= each.found_on <= what.until
    ]
    owed = [each for each in tasks if each.state is ScreeningState.DUE]
    assert tasks
    assert finds
    assert sums["应报"] == len(tasks)
    assert sums["已报"] == len(tasks) - len(owed)
    assert sums["超期未报"] == sum(each.due_on < today() for each in owed)
    assert sums["应报"] == sums["已报"] + sums["超期未报"] + sums["未到期"]
    assert sums["发现"] == len(finds)
    assert sums["转为案件"] == sum(each.state is FindState.CASE for each in finds)
    assert sums["发现"] >= sums["转为案件"] + sums["就地化解"]
