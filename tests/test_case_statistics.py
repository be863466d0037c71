"""《人民调解案件情况统计表》: its heading against formats.md 2.1, its numbers against the cases."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from admin_app.exports.downloads import fill
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.ledgers.case_statistics import CASE_STATISTICS, CASE_STATISTICS_PERFORMED, faults
from admin_app.exports.ledgers.organisation import ORGANISATION
from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import today
from admin_app.rules.figures import FIGURES
from admin_app.rules.refusals import NotAllowed
from tests.exports_book import fill_book
from tests.world import World

Person = Callable[[str], User]

# formats.md 2.1, column by column: group (row 3), leaf (row 4), unit (row 5)
BODIES = "村调委会 · 居调委会 · 乡镇调委会 · 街道调委会 · 企事业单位调委会 · 社会团体和其他组织调委会"
SOURCES = (
    "主动调解 · 依申请调解 · 接受委托移送调解 · 法院委托移送 · 检察院委托移送 · 公安机关委托移送"
    " · 信访部门委托移送 · 其他部门委托移送"
)
KINDS = (
    "婚姻家庭纠纷 · 邻里纠纷 · 房屋宅基地纠纷 · 合同纠纷 · 生产经营纠纷 · 损害赔偿纠纷 · 山林土地纠纷"
    " · 征地拆迁纠纷 · 环境污染纠纷 · 拖欠农民工工资纠纷 · 其他劳动争议纠纷 · 旅游纠纷 · 电子商务纠纷"
    " · 其他消费纠纷 · 医疗纠纷 · 道路交通事故纠纷 · 物业纠纷 · 其他纠纷"
)
LEAVES = [
    *[("", leaf, unit) for leaf, unit in zip(
        ("调解案件总数", "涉及当事人数", "调解成功", "疑难复杂案件", "协议涉及金额"),
        ("件", "人", "件", "件", "万元"), strict=True)],
    *[("不同主体调解情况", leaf, "件") for leaf in BODIES.split(" · ")],
    *[("案件来源", leaf, "件") for leaf in SOURCES.split(" · ")],
    *[("案件分类情况", leaf, "件") for leaf in KINDS.split(" · ")],
    *[("协议形式", leaf, "件") for leaf in ("口头协议", "书面协议")],
    ("", "排查纠纷", "次"),
    ("", "预防纠纷", "件"),
    *[
        ("", leaf, unit)
        for leaf in ("防止民间纠纷引起自杀", "防止民间纠纷转化为刑事案件", "防止群体性上访", "防止群体性械斗")
        for unit in ("件", "人")
    ],
]  # fmt: skip
HALF = Asked(since=date(2026, 1, 1), until=date(2026, 6, 30))


def taken(session: Session, actor: User, asked: Asked, ledger: Any = CASE_STATISTICS) -> Worksheet:
    file = io.BytesIO()
    fill(session, actor, ledger, replace(asked, acknowledged=True), file)
    file.seek(0)
    return openpyxl.load_workbook(file, data_only=True).worksheets[0]


def shown(sheet: Worksheet, row: int, column: int) -> str:
    """The text over a cell, wherever the merge that covers it begins."""
    cell = sheet.cell(row, column)
    for merge in sheet.merged_cells.ranges:
        if cell.coordinate in merge:
            return str(sheet.cell(merge.min_row, merge.min_col).value)
    return str(cell.value)


@pytest.fixture
def sheet(looking: Session, world: World, person: Person) -> Worksheet:
    unit = looking.get_one(Unit, world.county)
    return taken(looking, person("bureau_county"), Asked(unit, date(2026, 1, 1), date(2026, 6, 30)))


def test_it_has_fifty_columns_in_the_order_of_the_official_sheet(sheet: Worksheet) -> None:
    assert len(LEAVES) == 49
    assert sheet.max_column == 50
    assert get_column_letter(50) == "AX"
    for place, (group, leaf, unit) in enumerate(LEAVES, 2):
        assert shown(sheet, 4, place) == leaf, get_column_letter(place)
        assert shown(sheet, 3, place) == (group or leaf)
        assert sheet.cell(5, place).value == unit


def test_its_heading_is_merged_as_the_official_one(sheet: Worksheet) -> None:
    merges = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A1:AX1", "A2:A4", "B2:AN2", "AO2:AX2", "G3:L3", "M3:T3", "U3:AL3", "AM3:AN3"} <= merges
    assert {"B3:B4", "F3:F4", "AO3:AO4", "AQ3:AR4", "AW3:AX4"} <= merges
    assert [sheet[cell].value for cell in ("A1", "A2", "B2", "AO2", "A5")] == [
        *("婺城区2026年上半年人民调解案件情况统计表", "项目", "调 解 情 况", "排 查 预 防 纠 纷", "单位"),
    ]
    assert sheet["C4"].alignment.textRotation in (0, 255)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.print_title_rows == "$2:$5"


def test_its_rows_are_the_sub_units_the_own_level_and_the_two_totals(sheet: Worksheet, world: World) -> None:
    names = [sheet.cell(row, 1).value for row in range(6, sheet.max_row + 1)]
    end = names.index("下级上报总计")
    assert names[end : end + 2] == ["下级上报总计", "本级上报总计"]
    assert names[end - 1] == "婺城区本级"
    assert {"城东街道", "多湖街道"} & set(names[: end - 1])


@pytest.fixture
def filled(session: Session, world: World) -> Session:
    session.connection().execute(update(Case.__table__).values(accepted_on=None))
    fill_book(session, world, 90, since=date(2026, 1, 1), days=150)
    return session


def test_its_sums_are_those_of_the_raw_cases(filled: Session, world: World, person: Person) -> None:
    unit = filled.get_one(Unit, world.county)
    sheet = taken(filled, person("bureau_county"), Asked(unit, date(2026, 2, 1), date(2026, 4, 30)))
    cases = list(
        filled.scalars(
            select(Case)
            .join(Committee, Case.committee_id == Committee.id)
            .where(Case.accepted_on.between(date(2026, 2, 1), date(2026, 4, 30)))
        )
    )
    assert 10 < len(cases) < 90
    last = next(row for row in range(6, 40) if sheet.cell(row, 1).value == "本级上报总计")
    numbers = {
        sheet.cell(4, 2 + at).value or leaf: sheet.cell(last, 2 + at).value
        for at, (_, leaf, _) in enumerate(LEAVES)
    }
    assert numbers["调解案件总数"] == len(cases)
    assert numbers["涉及当事人数"] == sum(case.people for case in cases)
    assert numbers["调解成功"] == sum(case.result == "1" for case in cases)
    assert numbers["书面协议"] == sum(case.form == "2" for case in cases)
    assert numbers["邻里纠纷"] == sum(case.kind == "2" for case in cases)
    amount = sum((case.amount for case in cases if case.form), Decimal()) / 10_000
    assert numbers["协议涉及金额"] == pytest.approx(float(amount))


def test_a_sum_that_does_not_agree_is_said_with_its_unit() -> None:
    nothing = {"unit": "城东街道", **{figure.name: 0 for figure in FIGURES}}
    assert faults([nothing]) == []
    found = faults([nothing | {"total": 2, "own_initiative": 1}])
    assert any(sentence.startswith("城东街道：主动调解") for sentence in found)


def test_the_block_of_performance_is_a_ledger_of_its_own(
    looking: Session, world: World, person: Person
) -> None:
    unit = looking.get_one(Unit, world.county)
    sheet = taken(looking, person("bureau_county"), Asked(unit), CASE_STATISTICS_PERFORMED)
    assert shown(sheet, 3, 41) == "协议履行情况"
    assert sheet.max_column > 50


def test_it_is_refused_to_those_without_the_right(looking: Session, person: Person) -> None:
    assert LEDGERS["case-statistics"] is CASE_STATISTICS
    with pytest.raises(NotAllowed):
        taken(looking, person("auditor"), HALF)


def test_the_summary_of_organisations_has_a_column_for_each_code_and_three_sheets(
    looking: Session, world: World, person: Person
) -> None:
    unit, file = looking.get_one(Unit, world.county), io.BytesIO()
    fill(looking, person("bureau_county"), ORGANISATION, Asked(unit), file)
    book = openpyxl.load_workbook(file, data_only=True)
    assert len(book.sheetnames) == 3
    first = book.worksheets[0]
    labels = [shown(first, 5, place) for place in range(2, first.max_column + 1)]
    kinds = [label for _, label in codebook(looking).choices("committee_kind", today())]
    assert labels[: 1 + len(kinds)] == ["调委会总数", *kinds]
    last = next(row for row in range(7, 40) if first.cell(row, 1).value == "本级上报总计")
    live = select(Committee).where(Committee.under(unit.path), Committee.removed_at.is_(None))
    active = [each for each in looking.scalars(live) if each.status is CommitteeStatus.ACTIVE]
    assert first.cell(last, 2).value == len(active) > 0
    assert sum(first.cell(last, 3 + at).value for at in range(len(kinds))) == len(active)
