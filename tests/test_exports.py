"""Ledgers: what stands in the book, who may take it, how the sheet is made."""

import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.exports import reading
from admin_app.exports.columns import Column, Group, Line, column, depth, headings, leaves, ordinal, said
from admin_app.exports.downloads import file_name, fill, note
from admin_app.exports.fitting import CELL_CHARACTERS, CUT, broken, clean, gap, text_lines
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import LEDGERS, Asked, Counted, Ledger, Records, declare, main_book
from admin_app.exports.ledgers.case_register import CASE_REGISTER
from admin_app.exports.rows import Paper, Row
from admin_app.exports.writing import table
from admin_app.exports.writing.book import write
from admin_app.grants import GRANTS
from admin_app.models.cases import Case, Party
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.cases import Stage
from admin_app.rules.refusals import NotAllowed, NotSeen, RecordRefused
from tests.exports_book import fill_book
from tests.world import World

Person = Callable[[str], User]


@pytest.fixture
def looking(looking: Session) -> Session:
    """The world with an empty book: each test says which cases stand in it."""
    return _nothing_accepted(looking)


@pytest.fixture
def session(session: Session) -> Session:
    return _nothing_accepted(session)


def _nothing_accepted(session: Session) -> Session:
    session.connection().execute(update(Case.__table__).values(accepted_on=None, number=None))
    return session


# formats.md 3.1, E3, in its order
OFFICIAL = (
    "序号 · 案号 · 受理日期 · 当事人 · 纠纷类型 · 案件来源 · 难度级别 · 涉及人数 · 人民调解员 · 调解日期"
    " · 调解地点 · 调解结果 · 协议形式(口头/书面) · 协议编号 · 涉及金额(元) · 履行方式、时限 · 履行情况"
    " · 司法确认 · 回访日期 · 结案日期 · 备注"
)
FIRST = 5  # the first line of the case register, counted as Excel does
HARD_NAMES = ["=1+2|cmd", "+86", "-李", "@王", "𬱟某", "欧阳😀", "阿依古丽·买买提", "a\x0bb\x1fc<&>\"'"]


# ---------------------------------------------------------------- columns and headings


def _column(label: str) -> Column:
    return Column(label, lambda line: None, 5)


PARTS = st.lists(
    st.recursive(
        st.text(max_size=3).map(_column),
        lambda inner: st.builds(
            Group, st.text(max_size=3), st.lists(inner, min_size=1, max_size=4).map(tuple)
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=6,
).map(tuple)


@given(PARTS)
def test_the_heading_covers_every_cell_of_its_grid_once(parts: Sequence[Any]) -> None:
    covered = [
        (row, index)
        for each in headings(parts)
        for row in range(each.row, each.row + each.rows)
        for index in range(each.column, each.column + each.columns)
    ]
    grid = {(row, index) for row in range(depth(parts)) for index in range(len(leaves(parts)))}
    assert len(covered) == len(set(covered))
    assert set(covered) == grid


@given(PARTS)
def test_every_column_reaches_down_to_the_last_heading_row_in_order(parts: Sequence[Any]) -> None:
    bottom = [each for each in headings(parts) if each.row + each.rows == depth(parts)]
    bottom.sort(key=lambda each: each.column)
    assert [each.label for each in bottom for _ in range(each.columns)] == [
        each.label for each in leaves(parts)
    ]


# ---------------------------------------------------------------- what fits into a cell


@given(st.text(max_size=40), st.integers(4, 40))
def test_a_text_needs_no_fewer_lines_than_its_breadth(text: str, width: int) -> None:
    breadth = sum(2 if c > "\u2010" else 1 for c in text if c != "\n")
    assert text_lines(text, width) >= -(-breadth // width)


def test_lines_break_between_words_and_keep_brackets_with_them() -> None:
    assert text_lines("（2026）城东人调字第0012号", 14.2) == 2
    assert text_lines("赔偿损失\n2026-09-30前", 13) == 2
    assert text_lines("", 5) == 1
    assert broken("协议形式（口头/书面）", 8) == "协议形式\n（口头/\n书面）"
    assert broken("备注", 8) == "备注"


@given(st.text(), st.integers(0, 3))
def test_a_cell_holds_only_what_xml_and_excel_allow(text: str, times: int) -> None:
    kept = clean(text + "😀" * times * 9000)
    assert len(kept.encode("utf-16-le")) // 2 <= CELL_CHARACTERS
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", kept)


def test_a_text_too_long_says_that_it_is_cut() -> None:
    assert clean("长" * CELL_CHARACTERS) == "长" * CELL_CHARACTERS
    assert clean("长" * (CELL_CHARACTERS + 1)).endswith(CUT)


def test_the_sign_off_line_is_spread_and_never_run_together() -> None:
    assert "　　" in gap(("甲", "乙"), 1)
    assert len(gap(("甲", "乙"), 100)) > 40


# ---------------------------------------------------------------- the writer, without a database


def _sheet(file: io.BytesIO) -> Worksheet:
    file.seek(0)
    return openpyxl.load_workbook(file).active


def _written(columns: Sequence[Any], lines: Sequence[Sequence[Any]], **say: Any) -> Worksheet:
    file = io.BytesIO()
    paper = Paper(title="试表", about="单位：婺城区", layout=Layout(columns=tuple(columns), **say))
    written = write(file, [(paper, [line if isinstance(line, Row) else Row(line) for line in lines])])
    assert written.lines == len(lines)
    return _sheet(file)


KINDS = [
    ordinal(),
    column("text", "文字", 10),
    column("money", "金额", 10, kind="money"),
    column("date", "日期", 10, kind="date"),
    column("integer", "人数", 10, kind="integer"),
]


def test_values_keep_their_types_and_formats() -> None:
    sheet = _written(KINDS, [[1, "0012", Decimal("1234567.50"), date(2026, 9, 12), 0]])
    number, text, money, day, people = sheet[4]
    assert (number.value, text.value, money.value) == (1, "0012", 1234567.5)
    assert (day.value, people.value) == (datetime(2026, 9, 12), 0)
    assert (money.number_format, day.number_format) == ("#,##0.00", "yyyy-mm-dd")
    assert [each.data_type for each in sheet[4]] == ["n", "s", "n", "d", "n"]


def test_blanks_have_borders_and_a_day_before_1900_is_text() -> None:
    sheet = _written(KINDS, [[1, None, None, None, None], [2, "", None, date(1899, 1, 1), None]])
    assert [each.value for each in sheet[4][1:]] == [None] * 4
    assert all(each.border.left.style == "thin" and each.font.name == "宋体" for each in sheet[5])
    assert sheet.cell(5, 4).value == "1899-01-01"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "http://x.cn", "00123"])
def test_a_text_stays_a_text(text: str) -> None:
    cell = _written(KINDS, [[1, text, None, None, None]]).cell(4, 2)
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["_x0041_", " 前后 ", "一\n二", "<&>\"'", "𬱟😀"])
def test_odd_texts_come_back_as_they_were(text: str) -> None:
    read = _written(KINDS, [[1, text, None, None, None]]).cell(4, 2).value
    assert openpyxl.utils.escape.unescape(read) == text


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    sheet = _written(KINDS, [[1, "短", None, None, None], [2, "长" * 20, None, None, None]])
    assert sheet.row_dimensions[5].height > 2 * sheet.row_dimensions[4].height


def test_a_sheet_that_would_be_too_long_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "SHEET_ROWS", 9)
    lines = [[n, None, None, None, None] for n in range(4)]
    assert _written(KINDS, lines[:3]).max_row == 9
    with pytest.raises(RecordRefused, match="缩短期间"):
        _written(KINDS, lines)


def test_a_ledger_of_one_column_is_a_sheet_too() -> None:
    sheet = _written([column("text", "文字", 10)], [["甲"]], reference=True)
    assert [sheet.cell(row, 1).value for row in (1, 3, 4)] == ["试表", "文字", "甲"]


# ---------------------------------------------------------------- the shelf


def test_every_ledger_stands_on_the_shelf_with_a_right_to_download_it() -> None:
    assert LEDGERS["case-register"] is CASE_REGISTER
    for name, each in LEDGERS.items():
        assert name == each.name
        assert each.word in REGISTERS or isinstance(each.source, Counted)
        assert each.action in GRANTS
        assert isinstance(each.source, Counted) or bool(each.period_label) == (each.source.period is not None)
    with pytest.raises(ValueError, match="case-register"):
        declare(CASE_REGISTER)
    with pytest.raises(ValueError, match="second main book of case"):
        declare(replace(CASE_REGISTER, name="other"))
    assert all(main_book(each.word) for each in LEDGERS.values())
    assert main_book("case") is CASE_REGISTER


# ---------------------------------------------------------------- 《调解案件登记册》


def _accept(session: Session, world: World, *names: str, day: date = date(2026, 9, 20)) -> None:
    """Give some of the world's cases a day of acceptance and a number."""
    for name in names:
        case = session.get_one(Case, getattr(world, name))
        case.accepted_on, case.number = day, f"（2026）{name}"
    session.flush()


def export(session: Session, actor: User, ledger: Ledger, asked: Asked, reason: str, file: BinaryIO) -> int:
    """A download as the edge does it: write, then note."""
    written = fill(session, actor, ledger, asked, file)
    note(session, actor, ledger, asked, reason, written)
    return written.lines


def _taken(
    session: Session, actor: User, asked: Asked | None = None, ledger: Ledger = CASE_REGISTER
) -> tuple[int, Worksheet]:
    file = io.BytesIO()
    count = export(session, actor, ledger, asked or Asked(), "年度检查", file)
    return count, _sheet(file)


def _numbers(session: Session, actor: User, asked: Asked | None = None) -> list[str]:
    count, sheet = _taken(session, actor, asked)
    return [sheet.cell(FIRST + row, 2).value.removeprefix("（2026）") for row in range(count)]


def _leaf_labels(sheet: Worksheet) -> list[str]:
    return [sheet.cell(4, index).value or sheet.cell(3, index).value for index in range(1, 22)]


def _full_case(session: Session, world: World) -> Case:
    case = session.get_one(Case, world.settled_case)
    facts: dict[str, Any] = {
        "number": "（2026）城东人调字第0012号",
        "accepted_on": date(2026, 9, 6),
        "kind": "2",
        "source": "5",
        "difficulty": "4",
        "people": 12,
        "mediated_on": date(2026, 9, 8),
        "place": "桃园社区调解室",
        "result": "1",
        "form": "2",
        "agreement_number": "协字第3号",
        "amount": Decimal("12800.50"),
        "performance": "07",
        "perform_by": date(2026, 10, 1),
        "fulfilment": "03",
        "confirmation": "01",
        "visited_on": date(2026, 10, 9),
        "closed_on": date(2026, 10, 10),
        "remark": "无",
    }
    for name, value in facts.items():
        setattr(case, name, value)
    session.flush()
    return case


def test_the_case_register_has_the_official_columns_in_their_order(looking: Session, person: Person) -> None:
    _, sheet = _taken(looking, person("bureau_county"))
    labels = [re.sub(r"\s", "", each).replace("（", "(").replace("）", ")") for each in _leaf_labels(sheet)]
    assert " · ".join(labels) == OFFICIAL
    assert sheet.max_column == 21


def test_headings_are_merged_over_their_columns_and_rows(looking: Session, person: Person) -> None:
    _, sheet = _taken(looking, person("bureau_county"))
    merges = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A1:U1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "U3:U4"} <= merges
    groups = {sheet[each.split(":")[0]].value: each for each in merges if each[-1] == "3"}
    assert groups == {"纠纷情况": "E3:H3", "调解情况": "I3:L3", "调解协议": "M3:P3", "履行与结案": "Q3:T3"}


def test_a_full_case_fills_every_column(looking: Session, world: World, person: Person) -> None:
    _full_case(looking, world)
    count, sheet = _taken(looking, person("office"))
    assert count == 1
    assert [cell.value for cell in sheet[FIRST]] == [
        *(1, "（2026）城东人调字第0012号", datetime(2026, 9, 6), "甲某、乙某"),
        *("邻里纠纷", "公安机关委托移送", "疑难纠纷", 12),
        *("张伟", datetime(2026, 9, 8), "桃园社区调解室", "调解成功"),
        *("书面", "协字第3号", 12800.5, "赔偿损失\n2026-10-01前"),
        *("已履行", "未申请", datetime(2026, 10, 9), datetime(2026, 10, 10), "无"),
    ]


def test_names_of_every_kind_survive(looking: Session, world: World, person: Person) -> None:
    case = _full_case(looking, world)
    case.parties = [Party(side="1", kind="01", name=name) for name in HARD_NAMES]
    looking.flush()
    _, sheet = _taken(looking, person("office"))
    cell = sheet.cell(FIRST, 4)
    assert cell.data_type == "s"
    assert cell.value == "=1+2|cmd、+86、-李、@王、𬱟某、欧阳😀、阿依古丽·买买提、abc<&>\"'"


def test_it_holds_accepted_cases_of_the_period_in_order(
    looking: Session, world: World, person: Person
) -> None:
    _accept(looking, world, "mediating_case", day=date(2026, 9, 30))
    _accept(looking, world, "settled_case", "closed_case", day=date(2026, 9, 1))
    _accept(looking, world, "archived_case", day=date(2026, 8, 31))
    _accept(looking, world, "township_case", day=date(2026, 10, 1))
    _accept(looking, world, "case", "removed_case")  # still 已登记; in the recycle bin
    looking.get_one(Case, world.removed_case).stage = Stage.CLOSED
    looking.get_one(Case, world.unassigned_case).stage = Stage.DECLINED
    _accept(looking, world, "unassigned_case")
    office = person("office")
    september = Asked(since=date(2026, 9, 1), until=date(2026, 9, 30))
    assert _numbers(looking, office, september) == ["settled_case", "closed_case", "mediating_case"]
    assert _numbers(looking, office, Asked(since=date(2026, 10, 1))) == ["township_case"]
    assert _numbers(looking, office, Asked(until=date(2026, 8, 31))) == ["archived_case"]
    assert len(_numbers(looking, office)) == 5


def test_the_lists_filters_narrow_it_and_the_sheet_says_so(
    looking: Session, world: World, person: Person
) -> None:
    _accept(looking, world, "mediating_case", "settled_case")
    asked = Asked(filters=(Case.stage == Stage.SETTLED,), filter_words=("阶段是调解成功",))
    count, sheet = _taken(looking, person("office"), asked)
    assert count == 1
    assert sheet.cell(2, 1).value.endswith("条件：阶段是调解成功")
    _, silent = _taken(looking, person("office"), replace(asked, filter_words=()))
    assert silent.cell(2, 1).value.endswith("条件：按列表筛选")


# ---------------------------------------------------------------- who may take it

ALL = ["mediating_case", "township_case", "other_case", "far_case"]


@pytest.mark.parametrize(
    ("who", "cases"),
    [
        ("bureau_city", ALL),
        ("bureau_county", ALL[:3]),
        ("inspector", ALL[:3]),
        ("office", ALL[:2]),
        ("director", ALL[:1]),
        ("owner", ALL[:1]),
        ("other_office", ["other_case"]),
        ("stranger", ["other_case"]),
        ("two_posts", ["mediating_case", "far_case"]),
        ("unfinished", []),
    ],
)
def test_everybody_takes_only_what_they_may_see(
    looking: Session, world: World, person: Person, who: str, cases: list[str]
) -> None:
    _accept(looking, world, *ALL)
    assert _numbers(looking, person(who)) == cases


@pytest.mark.parametrize("who", ["auditor", "sysadmin", "expert", "nobody", "inactive"])
def test_it_is_refused_to_those_without_the_right(looking: Session, person: Person, who: str) -> None:
    with pytest.raises(NotAllowed):
        _taken(looking, person(who))


def test_a_unit_narrows_it_and_a_foreign_unit_is_not_found(
    looking: Session, world: World, person: Person
) -> None:
    _accept(looking, world, *ALL)
    unit = {name: looking.get_one(Unit, getattr(world, name)) for name in ("township", "far_township")}
    assert _numbers(looking, person("bureau_county"), Asked(unit=unit["township"])) == ALL[:2]
    with pytest.raises(NotSeen):
        _taken(looking, person("bureau_county"), Asked(unit=unit["far_township"]))


@pytest.mark.parametrize(
    ("who", "unit", "whose"),
    [
        ("office", "township", "城东街道"),
        ("office", "village", "桃园社区"),
        ("office", "county", "婺城区（本人权限范围内）"),
        ("director", "village", "桃园社区（本人权限范围内）"),
        ("office", "", "城东街道"),
        ("director", "", "桃园社区人民调解委员会"),
        ("two_posts", "", "桃园社区人民调解委员会、多湖街道"),
    ],
)
def test_the_sheet_says_honestly_whose_cases_it_holds(
    looking: Session, world: World, person: Person, who: str, unit: str, whose: str
) -> None:
    asked = Asked(unit=looking.get_one(Unit, getattr(world, unit)) if unit else None, since=date(2026, 1, 1))
    _, sheet = _taken(looking, person(who), asked)
    assert sheet.cell(2, 1).value == f"单位：{whose}　　　期间：2026-01-01 起"


def test_a_period_that_ends_before_it_begins_is_refused(looking: Session, person: Person) -> None:
    with pytest.raises(RecordRefused) as refused:
        _taken(looking, person("office"), Asked(since=date(2026, 2, 1), until=date(2026, 1, 1)))
    assert refused.value.findings[0].field == "until"


# ---------------------------------------------------------------- masking


def _load_mediators(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    rows = session.execute(select(Mediator.id, Mediator.name, Mediator.phone).where(Mediator.id.in_(ids)))
    return {row.id: dict(row._mapping) for row in rows}


ROSTER = Ledger(
    name="test-roster",
    label="名册",
    word="mediator",
    source=Records(load=_load_mediators, period=Mediator.started_on, order=(Mediator.id,)),
    layout=Layout(columns=(ordinal(), said(Mediator, "name", 10), said(Mediator, "phone", 12))),
)


def _phones(session: Session, actor: User, asked: Asked) -> dict[str, str]:
    count, sheet = _taken(session, actor, asked, ROSTER)
    return {sheet.cell(4 + row, 2).value: sheet.cell(4 + row, 3).value for row in range(count)}


def test_sensitive_columns_are_masked_unless_asked_and_row_by_row(
    looking: Session, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GRANTS, "mediator.export", GRANTS["mediator.see"])
    masked, bare = "138****2345", "13857912345"
    assert _phones(looking, person("owner"), Asked()) == {"张伟": masked, "刘洋": masked}
    assert _phones(looking, person("owner"), Asked(masked=False)) == {"张伟": bare, "刘洋": masked}
    assert _phones(looking, person("director"), Asked(masked=False)) == {"张伟": bare, "刘洋": bare}
    assert set(_phones(looking, person("inspector"), Asked(masked=False)).values()) == {masked}


def test_no_column_of_the_case_register_is_sensitive() -> None:
    assert not any(each.sensitive for each in leaves(CASE_REGISTER.columns))


# ---------------------------------------------------------------- the history, the file's name


def test_a_download_leaves_a_line_in_the_history(session: Session, world: World, person: Person) -> None:
    _accept(session, world, "mediating_case", "settled_case")
    session.commit()
    office = person("office")
    history.act_as(session, office)
    asked = Asked(
        unit=session.get_one(Unit, world.township),
        since=date(2026, 1, 1),
        until=date(2026, 12, 31),
        filters=(Case.kind.is_not(None),),
        filter_words=("纠纷类型不空",),
    )
    count, sheet = _taken(session, office, asked)
    session.commit()
    entry = session.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()
    assert (count, entry.action, entry.title) == (2, "export", "《调解案件登记册》")
    assert entry.actor_id == world.office
    assert entry.note == (
        "office 用户下载调解案件登记册，共 2 件；单位：城东街道；受理日期：2026年；"
        "筛选：纠纷类型不空；理由：年度检查；校验码：" + sheet["A9"].value.split("校验码：")[1]
    )
    assert history.verify(session)[1] is None


def test_filling_alone_writes_nothing(looking: Session, person: Person) -> None:
    before = history.count(looking)
    fill(looking, person("office"), CASE_REGISTER, Asked(), io.BytesIO())
    assert not looking.info.get("history")
    assert history.count(looking) == before


@pytest.mark.parametrize(
    ("unit", "since", "until", "name"),
    [
        (
            "婺城区",
            date(2026, 1, 1),
            date(2026, 6, 30),
            "《调解案件登记册》婺城区 2026年上半年.xlsx",
        ),
        ("", None, None, "《调解案件登记册》 全部.xlsx"),
        ("城东/../街道\n*?", date(2026, 1, 1), None, "《调解案件登记册》城东..街道 2026-01-01 起.xlsx"),
        ("", None, date(2026, 6, 30), "《调解案件登记册》 截至 2026-06-30.xlsx"),
    ],
)
def test_the_file_has_a_name_that_any_system_takes(
    unit: str, since: date | None, until: date | None, name: str
) -> None:
    asked = Asked(unit=Unit(name=unit) if unit else None, since=since, until=until)
    assert file_name(CASE_REGISTER, asked) == name
    assert len(file_name(CASE_REGISTER, Asked(unit=Unit(name="长" * 100))).encode()) <= 255


# ---------------------------------------------------------------- the paper


def test_the_sheet_prints_on_a4_landscape_with_its_heading_on_every_page(
    looking: Session, world: World, person: Person
) -> None:
    _accept(looking, world, "mediating_case", "settled_case")
    _, sheet = _taken(looking, person("office"))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$4"
    assert "第 &P 页　共 &N 页" in sheet.oddFooter.center.text.replace("&amp;", "&")
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:U6"
    assert sheet.title == "调解案件登记册"
    assert sheet.parent.properties.title == "调解案件登记册"
    assert (sheet["A1"].value, sheet["A1"].font.name, sheet["A1"].font.size) == ("调解案件登记册", "黑体", 16)
    assert "参考格式" in {cell.value for cell in sheet[2]}
    assert sheet["A7"].value == "合计　2 件"
    assert (
        re.sub(r"\s", "", sheet["A8"].value)
        == "填报单位（盖章）：填报人：审核人：单位负责人：填报日期：年月日"
    )


def test_an_empty_book_says_so(looking: Session, person: Person) -> None:
    count, sheet = _taken(looking, person("office"))
    assert count == 0
    assert [sheet.cell(FIRST + row, 1).value for row in (0, 1)] == [
        "（本期没有符合条件的记录）",
        "合计　0 件",
    ]


# ---------------------------------------------------------------- size


def test_queries_do_not_grow_with_the_lines_but_with_the_batches(
    session: Session, world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_book(session, world, 60)
    session.commit()
    bureau, statements = person("bureau_county"), []

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.extend([statement] if statement.startswith("SELECT") else [])

    asked = Asked(since=date(2026, 1, 1), until=date(2026, 6, 30))
    fill(session, bureau, CASE_REGISTER, asked, io.BytesIO())
    once = len(statements)
    statements.clear()
    monkeypatch.setattr(reading, "BATCH", 10)
    assert fill(session, bureau, CASE_REGISTER, asked, io.BytesIO()).lines == 60
    assert once <= 9  # one of them asks where the person looks after a township
    assert len(statements) <= once + 5 * 3


def test_lines_come_in_the_books_order_over_all_batches(
    session: Session, world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_book(session, world, 45)
    monkeypatch.setattr(reading, "BATCH", 7)
    for case in session.scalars(select(Case).where(Case.accepted_on.is_not(None))):
        case.accepted_on = date(2026, 1, random.Random(case.id).randint(1, 28))
    session.flush()
    count, sheet = _taken(session, person("office"))
    days = [sheet.cell(FIRST + row, 3).value for row in range(count)]
    assert days == sorted(days)
    assert [sheet.cell(FIRST + row, 1).value for row in range(count)] == list(range(1, 46))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_another_program_opens_and_prints_it(
    looking: Session, world: World, person: Person, tmp_path: Path
) -> None:
    _full_case(looking, world)
    with (tmp_path / "book.xlsx").open("wb") as file:
        export(looking, person("office"), CASE_REGISTER, Asked(), "", file)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        ["soffice", "--headless", home, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
         "--outdir", tmp_path, tmp_path / "book.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = (tmp_path / "book.csv").read_text()
    assert "2026-09-06" in text
    assert '"12,800.50"' in text
