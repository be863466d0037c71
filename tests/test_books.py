"""Every ledger on the shelf: its columns in the order of formats.md, its cells, its paper, its queries."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from admin_app.exports import reading
from admin_app.exports.columns import Group, Part, headings, labels, leaves, reader
from admin_app.exports.downloads import fill
from admin_app.exports.fitting import broken
from admin_app.exports.ledger import LEDGERS, Asked, Ledger, Records
from admin_app.exports.rows import Row
from admin_app.exports.writing.form import CUT
from admin_app.exports.writing.table import PAPERS
from admin_app.models.cases import Case, Party
from admin_app.models.dossiers import Dossier, Loan
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.finds import Find
from admin_app.models.follow_ups import FollowUp
from admin_app.models.hand_overs import HandOver
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.rules.cases import Stage
from tests.library import fill_library, table
from tests.world import World

Person = Callable[[str], User]
BOOKS = {name: each for name, each in LEDGERS.items() if isinstance(each.source, Records)}
SHEETS = [name for name, each in BOOKS.items() if not each.layout.blocks]
FORMS = [name for name, each in BOOKS.items() if each.layout.blocks]


def rows(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Iterator[Row]:
    return reading.rows(reading.read(session, actor, ledger, asked))


def count(session: Session, actor: User, ledger: Ledger, asked: Asked) -> int:
    return reading.count(reading.read(session, actor, ledger, asked))


# formats.md in its words: 3.1 E1, E2, E4, E5; 3.3; 2.3 with F10; 3.4 without the seals. E3: test_exports.py.
# Blanks and line ends count for nothing.
OFFICIAL = {
    "visit-register": """
        序号 · 来访日期 · 来访人姓名 · 性别 · 年龄 · 身份证号 · 工作单位或住址 · 联系电话 · 来访人数
        · 来访事由 · 涉及对方当事人 · 接待人(姓名、职务) · 处理意见(受理/转办/引导其他途径)
        · 处理结果 · 备注""",
    "acceptance-register": """
        序号 · 受理编号 · 受理日期 · 申请人(姓名·性别·年龄·单位或住址·电话)
        · 被申请人(姓名·性别·年龄·单位或住址·电话) · 纠纷类型 · 案件来源 · 纠纷简要情况 · 难度级别
        · 受理/不予受理及理由 · 承办调委会 · 承办调解员 · 登记人 · 备注""",
    "case-register": """
        序号 · 案号 · 受理日期 · 当事人 · 纠纷类型 · 案件来源 · 难度级别 · 涉及人数 · 人民调解员 · 调解日期
        · 调解地点 · 调解结果 · 协议形式(口头/书面) · 协议编号 · 涉及金额(元) · 履行方式、时限 · 履行情况
        · 司法确认 · 回访日期 · 结案日期 · 备注""",
    "dossier-register": """
        序号 · 卷号 · 卷名 · 人民调解员 · 调解日期 · 立卷人 · 立卷日期 · 保管期限 · 页数 · 移交/归档日期
        · 存放位置 · 借阅登记 · 备注""",
    "simple-case-register": """
        编号 · 当事人姓名·性别·民族·年龄·职业或职务·联系方式·单位或住址 · 纠纷主要事实、争议事项
        · 经调解自愿达成如下协议 · 履行方式、时限 · 当事人（签名） · 人民调解员（签名） · 印章 · 日期""",
    "referral-notices": """
        编号 · 承办单位 · 案由 · 当事人及联系方式(姓名·联系方式) · 纠纷简要情况 · 转办理由 · 办理要求及期限
        · 附件 · 转办单位（盖章） · 经办人 · 日期
        · 回执(承办单位 · 收到日期 · 承办人 · 办理结果 · 反馈日期)""",
    "hand-over-register": """
        序号 · 编号 · 致(接收单位) · 移送单位 · 案由 · 移送类别 · 申请人(姓名·性别·年龄·住址·电话)
        · 被申请人(姓名·性别·年龄·住址·电话) · 基本情况 · 当事人是否同意调解 · 附件清单 · 反馈期限
        · 经办人和电话 · 日期 · 回执(收到日期·是否受理·不予受理理由·承办调解员·调解结果·协议编号·结案日期
        ·反馈内容·反馈日期)""",
    "follow-up-register": """
        序号 · 当事人 · 调解协议编号 · 回访时间 · 回访事由 · 回访地点 · 回访情况 · 履行情况 · 是否满意
        · 回访人签字""",
    "committee-roster": """
        序号 · 调委会编码 · 调委会名称 · 调委会照片 · 调委会类型 · 行专调委会类型 · 专职调解员人数
        · 兼职调解员人数 · 联系电话 · 传真号码 · 联系地址 · 邮政编码 · 电子邮箱 · 负责人 · 成立日期
        · 信息采集日期 · 所属区域""",
    "mediator-roster": """
        序号 · 姓名 · 性别 · 手机 · 民族 · 身份证号 · 学历 · 调解员类型 · 调委会职务 · 开始执业时间 · 是否兼职
        · 所属人民调解委员会 · 机构编号 · 政治面貌 · 所属行政区域 · 个人简介 · 图片""",
    "subsidy-application": """
        序号 · 调委会 · 案号 · 当事人 · 纠纷类型 · 难度级别 · 协议形式 · 协议编号 · 结案日期 · 是否履行
        · 卷宗评查得分 · 调解员 · 调解员等级 · 补贴标准(元) · 补贴金额(元) · 备注""",
    "subsidy-payment": """
        序号 · 调委会 · 案号 · 当事人 · 纠纷类型 · 难度级别 · 协议形式 · 协议编号 · 结案日期 · 是否履行
        · 卷宗评查得分 · 调解员 · 调解员等级 · 补贴标准(元) · 补贴金额(元) · 身份证号 · 开户行及账号
        · 实发金额(元) · 领款人签名 · 备注""",
    "expert-roster": """
        序号·姓名·性别·出生年月·工作单位·职务职称·专业领域·联系电话·入库日期·聘期·备注""",
}
# Groups that formats.md names; others are ours, to make wide books easier to read.
NAMED = {"申请人", "被申请人", "当事人及联系方式", "回执"}
OURS = {
    *("visit-forms", "simple-case-forms", "hand-over-letters"),  # the same columns as their registers
    *("loan-register", "lookback-register", "evaluation-register", "referral-register", "urging-register"),
    *("training-register", "training-roll", "training-hours"),
    *("award-register", "season-ranking"),
    *(
        "unit-roster",
        "mediator-forms",
        "evaluation-items",
        "evaluation-sums",
        "meeting-register",
        "meeting-task-register",
        "circular-register",
        "major-report-register",
    ),
    *("stipend-payment", "budget-standing", "payment-register"),
    *("find-register", "warning-register"),
    *("assessment-register", "typical-cases", "publicity-register"),
}


@pytest.fixture
def looking(looking: Session, world: World) -> Session:
    fill_library(looking, world)
    return looking


def written(session: Session, actor: User, ledger: Ledger, asked: Asked | None = None) -> Any:
    file = io.BytesIO()
    fill(session, actor, ledger, asked or Asked(), file)
    return openpyxl.load_workbook(file)


def tight(text: str) -> str:
    return re.sub(r"\s", "", text).replace("（", "(").replace("）", ")")


# ---------------------------------------------------------------- the shelf


def told(parts: Sequence[Part]) -> str:
    """The columns as formats.md writes them."""
    texts = []
    for part in parts:
        if isinstance(part, Group):
            inside = told(part.columns)
            texts.append(f"{part.label}({inside})" if part.label in NAMED else inside)
        else:
            texts.append(part.label)
    return "·".join(texts)


@pytest.mark.parametrize("name", BOOKS)
def test_its_columns_stand_in_the_order_of_the_formats(name: str) -> None:
    assert (name in OFFICIAL) is (name not in OURS)
    if name in OFFICIAL:
        assert tight(told(BOOKS[name].columns)) == tight(OFFICIAL[name])


@pytest.mark.parametrize("name", BOOKS)
def test_a_layout_without_a_public_sample_says_so(name: str) -> None:
    ledger = BOOKS[name]
    assert ledger.layout.reference
    assert "参考格式" in ledger.note
    assert re.search("未见公开的(官方|台账)样式|没有官方样式", ledger.note)


@pytest.mark.parametrize("name", FORMS)
def test_every_box_of_a_form_is_filled_by_a_column_or_by_the_pen(name: str) -> None:
    """A box that names no column there is would be found only when somebody prints it."""
    layout = BOOKS[name].layout
    boxes = [box for block in layout.blocks for row in block.rows for box in row]
    assert {box.column for box in boxes if box.column} <= set(labels(layout.columns))
    assert all(1 <= len(row) <= 4 for block in layout.blocks for row in block.rows)


# ---------------------------------------------------------------- cell by cell


@pytest.mark.parametrize("name", SHEETS)
def test_the_heading_is_the_declared_one_cell_by_cell(looking: Session, person: Person, name: str) -> None:
    ledger = BOOKS[name]
    sheet = written(looking, person("bureau_city"), ledger).active
    columns, merges = leaves(ledger.columns), {str(each) for each in sheet.merged_cells.ranges}
    for each in headings(ledger.columns):
        cell = sheet.cell(each.row + 3, each.column + 1)
        width = sum(column.width for column in columns[each.column : each.column + each.columns])
        assert cell.value == broken(each.label, width)
        last = sheet.cell(each.row + 2 + each.rows, each.column + each.columns)
        assert cell.coordinate == last.coordinate or f"{cell.coordinate}:{last.coordinate}" in merges
    assert sheet.max_column == len(columns)


@pytest.mark.parametrize("name", SHEETS)
def test_a_number_is_a_number_and_a_day_a_day(looking: Session, person: Person, name: str) -> None:
    ledger = BOOKS[name]
    found = list(rows(looking, person("bureau_city"), ledger, Asked(masked=False)))
    assert found, "nothing was compared"
    wanted: dict[str, Any] = {"integer": int, "money": object, "date": date, "ordinal": int}
    for row in found:
        for column, value in zip(leaves(ledger.columns), row.cells, strict=True):
            stack = column.stacked and isinstance(value, str)
            assert value is None or stack or isinstance(value, wanted.get(column.kind, str)), column.label
            assert not (column.kind == "money" and isinstance(value, str))


NAMES: dict[Any, tuple[str, ...]] = {
    Visit: ("name", "matter"),
    Find: ("persons", "story"),
    Party: ("name", "address", "occupation"),
    Case: ("brief", "agreement", "remark"),
    Mediator: ("name", "introduction"),
    Expert: ("name", "employer"),
    Unit: ("name", "address"),
    Dossier: ("title", "place"),
    Loan: ("borrower", "purpose"),
    FollowUp: ("situation", "visitor"),
    Lookback: ("explanation",),
    Urging: ("reason",),
    Evaluation: ("comment",),
    HandOver: ("explanation", "contact"),
    Referral: ("demand", "answer"),
}
LIVE = "=1+1"


@pytest.mark.parametrize("name", BOOKS)
def test_no_formula_comes_from_data(looking: Session, person: Person, name: str) -> None:
    for model, fields in NAMES.items():
        looking.connection().execute(update(table(model)).values(dict.fromkeys(fields, LIVE)))
    looking.expire_all()
    book = written(looking, person("bureau_city"), BOOKS[name], Asked(masked=False))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert all(re.fullmatch(r"=(SUM|SUBTOTAL)\(.*\)", each) for each in formulas)
    assert any(LIVE in str(cell.value) for cell in cells if cell.data_type != "f")
    assert not any(cell.hyperlink for cell in cells)


# ---------------------------------------------------------------- the paper


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_prints_whole_with_its_heading_on_every_page(
    looking: Session, person: Person, name: str
) -> None:
    layout = BOOKS[name].layout
    sheet = written(looking, person("bureau_city"), BOOKS[name]).active
    depth = max(each.row + each.rows for each in headings(layout.columns))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", PAPERS[layout.paper])
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"$3:${depth + 2}"
    assert sheet.freeze_panes == f"A{depth + 3}"
    assert tight("".join(layout.signs)) in tight("".join(str(cell.value or "") for cell in foot(sheet)))


def foot(sheet: Worksheet) -> Iterator[Any]:
    for row in sheet.iter_rows(min_row=sheet.max_row - 3):
        yield from row


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_one_page_of_a4_with_its_cut_lines(looking: Session, person: Person, name: str) -> None:
    blocks = BOOKS[name].layout.blocks
    actor = person("bureau_city")
    book = written(looking, actor, BOOKS[name])
    assert len(book.sheetnames) == count(looking, actor, BOOKS[name], Asked()) + 1 > 1
    sheet = book.worksheets[0]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
    assert texts.count(CUT) == len(blocks) - 1
    assert [text for text in texts if text in {each.title for each in blocks}] == [
        each.title for each in blocks
    ]


def printed(folder: Path) -> set[str]:
    """The workbooks of a folder of which another program makes PDF, all in one call: its start takes long."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    home = f"-env:UserInstallation=file://{folder}/home"
    files = sorted(str(each) for each in folder.glob("*.xlsx"))
    subprocess.run(
        ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", folder, *files],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return {each.stem for each in folder.glob("*.pdf") if each.read_bytes().startswith(b"%PDF")}


def test_another_program_prints_every_book(looking: Session, person: Person, tmp_path: Path) -> None:
    actor = person("bureau_city")
    for name, ledger in BOOKS.items():
        with (tmp_path / f"{name}.xlsx").open("wb") as file:
            fill(looking, actor, ledger, Asked(), file)
    assert printed(tmp_path) == set(BOOKS)


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize("name", BOOKS)
def test_queries_do_not_grow_with_the_lines(looking: Session, person: Person, name: str) -> None:
    ledger, actor, statements = BOOKS[name], person("bureau_city"), []
    kind: Any = ledger.source.part or ledger.model
    whole = Asked(masked=False)
    every = [each.cells for each in rows(looking, actor, ledger, whole)]  # what is read but once is read now
    first = looking.scalar(select(kind.id).where(ledger.source.belongs).order_by(*ledger.source.order))
    one = Asked(masked=False, filters=(kind.id == first,))

    @event.listens_for(looking.get_bind(), "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    def asked(what: Asked) -> int:
        looking.expunge_all()
        statements.clear()
        list(rows(looking, actor, ledger, what))
        return len(statements)

    assert every
    assert asked(whole) == asked(one) <= 8


# ---------------------------------------------------------------- what the books say


def lines(session: Session, actor: User, name: str, **asked: Any) -> list[dict[str, Any]]:
    ledger = BOOKS[name]
    heading = labels(ledger.columns)
    return [
        dict(zip(heading, each.cells, strict=True)) for each in rows(session, actor, ledger, Asked(**asked))
    ]


def of_case(session: Session, world: World, **facts: Any) -> Case:
    """The world's unassigned case, with these facts and nobody else in its book's period."""
    case = session.get_one(Case, world.unassigned_case)
    for name, value in {"registered_on": date(2026, 8, 3), **facts}.items():
        setattr(case, name, value)
    session.flush()
    return case


AUGUST = {"since": date(2026, 8, 1), "until": date(2026, 8, 31)}


def test_several_people_of_a_side_stand_one_below_the_other_and_are_masked_one_by_one(
    looking: Session, world: World, person: Person
) -> None:
    case = of_case(looking, world)
    case.parties = [
        Party(side="01", name="甲某", sex="1", birth_on=date(1980, 8, 4), phone="13857911111"),
        Party(side="01", name="乙某", sex="2", phone="13857922222", address="婺城区城东街道1号"),
        Party(side="02", name="丙公司", birth_on=date(1980, 8, 3)),
        Party(side="03", name="丁某"),
    ]
    looking.flush()
    [line] = lines(looking, person("office"), "acceptance-register", **AUGUST)
    assert line["申请人姓名"] == "甲某\n乙某"
    assert line["申请人性别"] == "男\n女"
    assert line["申请人年龄"] == "45\n"
    assert line["申请人电话"] == "138****1111\n138****2222"
    assert line["申请人单位或住址"] == "\n婺城区****"
    assert line["被申请人姓名"] == "丙公司\n丁某（其他当事人）"
    assert line["被申请人年龄"] == "46\n"
    assert line["被申请人电话"] is None
    [bare] = lines(looking, person("office"), "acceptance-register", masked=False, **AUGUST)
    assert bare["申请人电话"] == "13857911111\n13857922222"


def test_one_persons_age_is_a_number_as_of_the_day_of_registration(
    looking: Session, world: World, person: Person
) -> None:
    case = of_case(looking, world)
    case.parties = [
        Party(side="01", name="甲某", id_kind="111", id_number="33070219800804121X"),
        Party(side="02", name="乙公司", id_kind="99", id_number="330702198008041212"),
    ]
    looking.flush()
    [line] = lines(looking, person("office"), "acceptance-register", **AUGUST)
    assert (line["申请人年龄"], line["被申请人年龄"]) == (45, None)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, None),
        ({"accepted_on": date(2026, 8, 4), "stage": Stage.MEDIATING}, "受理"),
        (
            {"stage": Stage.DECLINED, "decline_reason": "03", "told_channel": "向人民法院起诉"},
            "不予受理：一方当事人明确拒绝调解；已告知：向人民法院起诉",
        ),
    ],
)
def test_the_book_of_acceptance_says_what_was_decided(
    looking: Session, world: World, person: Person, facts: dict[str, Any], says: str | None
) -> None:
    of_case(looking, world, **facts)
    [line] = lines(looking, person("office"), "acceptance-register", **AUGUST)
    assert (line["受理/不予受理及理由"] or None) == says


def test_only_who_holds_the_case_reads_the_parties_of_a_referral_in_full(
    looking: Session, world: World, person: Person
) -> None:
    def phones(who: str) -> dict[str, str | None]:
        found = lines(looking, person(who), "referral-notices", masked=False)
        return {each["编号"][-3:]: (each["联系方式"] or "").strip() for each in found}

    assert phones("office") == phones("director") == {"01号": "13857911111"}
    assert phones("other_office") == {"02号": "138****1111"}  # sent to it, not yet taken over
    assert set(phones("inspector").values()) == {"138****1111"}


def test_a_referral_tells_its_days_and_whether_it_was_in_time(
    looking: Session, world: World, person: Person
) -> None:
    def told(**facts: Any) -> list[Any]:
        changed = update(table(Referral)).where(table(Referral).c.id == world.far_referral).values(facts)
        looking.connection().execute(changed)
        looking.expire_all()
        [line] = lines(looking, person("bureau_far"), "referral-register")
        return [line[each] for each in ("反馈或退回日期", "用时（工作日）", "是否按期", "状态")]

    answered = {"answered_at": datetime(2026, 9, 9, 20, tzinfo=UTC), "state": "answered"}
    assert told(**answered, due_on=date(2026, 9, 10)) == [date(2026, 9, 10), 5, "按期", "已反馈"]
    assert told(due_on=date(2026, 9, 8))[2] == "逾期 2 天"
    assert told(answered_at=None, state="withdrawn") == [None, None, "", "已撤回"]
    assert told(state="received", due_on=date(2099, 1, 1))[2] == "未到期"
    assert re.fullmatch(r"已逾期 \d+ 天", told(due_on=date(2026, 9, 8))[2])


def test_a_period_of_moments_goes_by_the_days_of_china(
    looking: Session, world: World, person: Person
) -> None:
    late = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)  # in China it is October
    where = table(Referral).c.id == world.far_referral
    looking.connection().execute(update(table(Referral)).where(where).values(sent_at=late))
    ledger, actor = BOOKS["referral-register"], person("bureau_far")
    september = Asked(since=date(2026, 9, 1), until=date(2026, 9, 30))
    october = Asked(since=date(2026, 10, 1), until=date(2026, 10, 1))
    assert [count(looking, actor, ledger, each) for each in (september, october)] == [0, 1]
    assert count(looking, actor, ledger, Asked(since=date.min, until=date.max)) == 1


def test_a_book_of_parts_goes_by_the_scope_of_their_owner(
    looking: Session, world: World, person: Person
) -> None:
    ledger = BOOKS["follow-up-register"]
    held = {
        who: count(looking, person(who), ledger, Asked()) for who in ("office", "bureau_far", "bureau_city")
    }
    assert held == {"office": 1, "bureau_far": 1, "bureau_city": 2}
    village = Asked(unit=looking.get_one(Unit, world.village))
    assert count(looking, person("bureau_city"), ledger, village) == 1
    looking.get_one(Case, world.settled_case).removed_at = datetime(2026, 11, 1, tzinfo=UTC)
    looking.flush()
    assert count(looking, person("office"), ledger, Asked()) == 0


def test_the_dossier_tells_who_has_it(looking: Session, person: Person) -> None:
    [line] = lines(looking, person("office"), "dossier-register")
    assert line["借阅登记"] == "钱某：2026-10-09 借，未还"
    [loan] = lines(looking, person("office"), "loan-register")
    assert (loan["借阅人"], loan["归还日期"], loan["借阅人（签名）"]) == ("钱某", None, None)


def test_a_code_in_a_stack_reads_as_it_was_worded_then(looking: Session) -> None:
    read = reader(looking, leaves(BOOKS["simple-case-register"].columns)[2])
    people = looking.scalars(select(Party).limit(2)).all()
    for each in people:
        each.sex = "1"
    assert read({"people": people, "day": date(2026, 9, 1)}, False) == "男\n男"
    assert read({"people": [], "day": None}, True) is None
