"""Every book, on both databases: what stands comes back unchanged, one edited cell changes just that,

new lines become records that keep every rule, and a killed import leaves nothing.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.exports.downloads import fill
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.imports import sheets as _sheets  # noqa: F401  (declaring them is the point)
from admin_app.imports.applying import Seen, carry_out, look, opened, summary
from admin_app.imports.finding import Links
from admin_app.imports.planning import Fate, Options, told
from admin_app.imports.sheet import SHEETS, Asking, Sheet
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.experts import Expert
from admin_app.models.import_batches import ImportBatch, ImportedRow
from admin_app.models.mediators import Mediator
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.models.wording import wording
from admin_app.operations import imports
from admin_app.operations.files import store_of
from admin_app.operations.import_undo import undo
from admin_app.rules.cases import Stage
from admin_app.rules.refusals import NotNow
from tests.invariants import faults
from tests.workbooks import xlsx
from tests.world import World

ROSTERS = ("units", "committees", "mediators", "experts", "visits", "trainings", "evaluations", "publicities")


def looked(session: Session, actor: User, name: str, content: bytes, **options: Any) -> Seen:
    """A preview; it leaves nothing behind."""
    seen = look(session, actor, SHEETS[name], opened(content), Options(**options))
    assert not session.dirty
    assert not session.new
    return seen


def imported(session: Session, actor: User, name: str, content: bytes, **options: Any) -> ImportBatch:
    seen = looked(session, actor, name, content, **options)
    assert told(seen.wrong) == []
    history.act_as(session, actor)
    batch = imports.looked_at(
        session,
        actor,
        sheet=name,
        file_name="册.xlsx",
        sha256=store_of(session).keep(content),
        asked=options,
        seen=summary(seen),
    )
    carry_out(session, actor, batch)
    session.commit()
    return batch


def own_export(session: Session, actor: User, sheet: Sheet) -> tuple[bytes, list[Any]]:
    """The records of a book as its roster would print them, personal data masked."""
    asked = [each for each in sheet.items if each.field is not None and (each.take is None or each.offered)]
    model = sheet.register.model
    visible = policy.visible(model, actor, sheet.action)
    records = list(
        session.scalars(select(model).where(visible, model.removed_at.is_(None)).order_by(model.id))
    )
    asking = Asking(session, actor, sheet.register, Links(session, actor, sheet.register))
    rows: list[Sequence[Any]] = [[each.label for each in asked]]
    for record in records:
        values = sheet.present(asking, record, [each.name for each in asked])
        rows.append([_shown(session, each.field, values[each.name]) for each in asked])
    return xlsx((sheet.label, rows)), records


def _shown(session: Session, field: Any, value: Any) -> Any:
    if isinstance(value, date | int | Decimal) and field.kind != "link" and not isinstance(value, bool):
        return value
    return wording(session, field, value, masked=True)


@pytest.mark.parametrize("name", ROSTERS)
def test_what_stands_in_a_book_comes_back_unchanged(
    session: Session, person: Callable[[str], User], name: str
) -> None:
    actor = person("bureau_city")
    content, records = own_export(session, actor, SHEETS[name])
    seen = looked(session, actor, name, content, update=True)
    assert told(seen.wrong) == []
    assert dict(seen.counts) == {Fate.SAME: len(records)}


LEDGER_OF = {
    "unit-roster": "units",
    "committee-roster": "committees",
    "mediator-roster": "mediators",
    "expert-roster": "experts",
    "visit-register": "visits",
    "publicity-register": "publicities",
    "training-register": "trainings",
    "award-register": "awards",
    "evaluation-register": "evaluations",
    "payment-register": "payments",
    "acceptance-register": "acceptances",
    "case-register": "cases",
    "simple-case-register": "oral-cases",
}


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("ledger_name", sorted(LEDGER_OF))
def test_each_register_s_own_export_imported_again_changes_nothing(
    session: Session, person: Callable[[str], User], ledger_name: str, masked: bool
) -> None:
    """With and without masks; the oral cases have to be made first, the other books have lines."""
    actor = person("bureau_city")
    if LEDGER_OF[ledger_name] == "oral-cases":
        imported(session, actor, "oral-cases", marked_out("oral-cases"))
        actor = person("bureau_city")
    file = io.BytesIO()
    fill(session, actor, LEDGERS[ledger_name], Asked(masked=masked), file)
    seen = looked(session, actor, LEDGER_OF[ledger_name], file.getvalue(), update=True)
    assert told(seen.wrong) == []
    assert [(line.title, line.changes) for line in seen.shown.get(Fate.CHANGED, [])] == []
    assert set(seen.counts) == {Fate.SAME}
    assert not [note for note in seen.notes if "不认识" in note]


@pytest.fixture
def ledger(session: Session, person: Callable[[str], User]) -> bytes:
    """The register of cases as the city downloads it."""
    file = io.BytesIO()
    fill(session, person("bureau_city"), LEDGERS["case-register"], Asked(), file)
    return file.getvalue()


def test_the_register_of_cases_comes_back_unchanged(
    session: Session, person: Callable[[str], User], ledger: bytes
) -> None:
    seen = looked(session, person("bureau_city"), "cases", ledger, update=True)
    assert told(seen.wrong) == []
    assert set(seen.counts) == {Fate.SAME}
    assert seen.counts[Fate.SAME] >= 8


def test_what_was_edited_in_excel_changes_just_that(
    session: Session, person: Callable[[str], User], world: World, ledger: bytes
) -> None:
    actor = person("bureau_city")
    case = session.get_one(Case, world.mediating_case)
    number, before = case.number, session.scalar(select(func.count()).select_from(Case))
    book = openpyxl.load_workbook(io.BytesIO(ledger))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == number)
    sheet.cell(row, heads["备注"]).value = "在 Excel 里补记"
    sheet.cell(row, heads["当事人"]).value = "甲大某、乙某"
    file = io.BytesIO()
    book.save(file)

    batch = imported(session, actor, "cases", file.getvalue(), update=True)
    case = session.get_one(Case, world.mediating_case)
    assert (batch.made, batch.changed) == (0, 1)
    assert (case.remark, case.names) == ("在 Excel 里补记", "甲大某、乙某")
    assert case.parties[0].phone == "13857911111"
    assert session.scalar(select(func.count()).select_from(Case)) == before
    assert session.scalars(select(ImportedRow.record_id)).all() == [case.id]
    undo(session, actor, batch, "册")
    session.commit()
    assert (case.remark, case.names) == (None, "甲某、乙某")
    assert history.verify(session)[1] is None


def test_a_closed_case_is_not_changed_by_an_import(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    number = session.get_one(Case, world.closed_case).number
    rows = [["案号", "受理日期", "当事人", "纠纷类型", "案件来源", "备注"]]
    rows.append([number, "2026-09-08", "甲某、乙某", "婚姻家庭", "当事人申请", "改一改"])
    seen = looked(session, person("bureau_city"), "cases", xlsx(rows), update=True)
    assert "已结案" in told(seen.wrong)[0]


STANDARD, SETTLED = "等级评定标准", "（2026）桃园社区人调字第0004号"
NEW: dict[str, list[list[Any]]] = {
    "units": [
        ["代码", "名称", "上级"],
        ["330702001099", "新村社区", None],
        ["330702003", "新街道", "婺城区"],
    ],
    "committees": [
        ["备案号", "机构名称", "类型", "所属单位", "状态", "委员", "是否拥有独立调解场所", "面积"],
        [
            "调备1",
            "青春路调委会",
            "社区",
            "青春路社区",
            "正常",
            "甲 男 主任；乙 女；丙 男 委员",
            "是",
            "60.5平方米",
        ],
        ["调备2", "筹建中的调委会", "村", "青春路社区", None, None, None, None],
    ],
    "mediators": [
        ["姓名", "性别", "专兼职", "职务", "调委会", "文化程度"],
        ["新一", "男", "兼职", "委员", "桃园社区", "大专"],
        ["新二", "女", "专", "调解员", "杨思岭社区人民调解委员会", "本科"],
    ],
    "experts": [
        ["姓名", "性别", "出生年月", "专业领域", "聘期", "入库单位", "咨询费"],
        ["新专家", "男", "1970年5月", "法律、心理", "2026-1-1 至 2028.12.31", "婺城区", "300元"],
    ],
    "visits": [
        ["来访时间", "姓名", "年龄", "人数", "事由", "接待人", "接待调委会", "处理意见"],
        ["2026.9.1", "新来", 45, "3人", "水管漏水", "陈主任", "桃园社区", "答复"],
    ],
    "publicities": [
        ["宣传时间", "活动主题", "宣传形式", "地点", "参加人数", "发放资料", "承办单位"],
        ["2026.9.1", "法律赶集", "现场宣传咨询", "集镇", "60人", 100, "桃园社区"],
    ],
    "trainings": [
        ["年度", "培训班名称", "期数", "类别", "层级", "举办单位", "开班日期", "课时", "状态", "参训人次"],
        [2026, "新培训", "第一期", "年度培训", "县级", "婺城区", "2026.3.5", "12学时", "已举办", 30],
    ],
    "awards": [
        [
            "姓名",
            "所属调委会",
            "评定标准",
            "等级",
            "授予日期",
            "证书号",
            "有效期至",
            "备案日期",
            "失效日期",
            "撤销原因",
        ],
        ["刘洋", "桃园社区", STANDARD, "四级", "2020-3-1", "旧证1", "2022-2-28", None, None, None],
        ["刘洋", "桃园社区", STANDARD, "四级", "2024年3月1日", "旧证2", None, "2024.3.9", None, None],
        ["张伟", "桃园社区", STANDARD, "四级", "2021.5.6", None, None, None, "2022.1.1", "弄虚作假"],
    ],
    "payments": [
        ["案号", "调解员", "实发金额（元）", "领取日期", "备注"],
        [SETTLED, "张伟", "100元", "2026.10.20", "第三季度发放表"],
    ],
    "evaluations": [
        ["年度", "姓名", "调委会", "得分", "等次", "考核周期", "考核时间"],
        ["2023年度", "张伟", "桃园社区", 88, "优秀", None, None],
        [2024, "张伟", "桃园社区", 76.5, None, "上半年", "2024-7-9"],
        [2023, "桃园社区人民调解委员会", "桃园社区", 91, None, "全年", None],
    ],
    "cases": [
        [
            "案号",
            "受理日期",
            "当事人",
            "纠纷类型",
            "来源",
            "调解员",
            "结果",
            "协议类型",
            "结案时间",
            "承办调委会",
        ],
        [
            "旧1",
            "2001.3.5",
            "王某、李某",
            "村务管理",
            "依申请",
            "张伟",
            "成功",
            "书面协议",
            "2001.4.1",
            "桃园社区",
        ],
        ["旧2", "2001.3.6", "王某、某某公司", "医患", "公安", None, "不成功", None, None, "桃园社区"],
        [None, "2001.3.7", "赵某、钱某", "交通事故", "主动", None, None, None, None, "桃园社区"],
    ],
    "acceptances": [
        ["编号", "受理日期", "申请人", None, "被申请人", None, "纠纷类型", "来源", "承办调委会"],
        [None, None, "姓名", "电话", "姓名", "住址", None, None, None],
        ["受1", "2002-1-2", "王某", "13857900011", "李某", "某某村", "邻里", "当事人申请", "桃园社区"],
    ],
    "oral-cases": [
        [
            "编号",
            "日期",
            "甲方",
            "乙方",
            "纠纷类型",
            "主要事实",
            "协议",
            "履行方式、时限",
            "调解员",
            "调委会",
        ],
        [
            "口1",
            "2003-1-2",
            "王某",
            "李某",
            "邻里",
            "滴水",
            "装水槽",
            "排除妨碍，2003-1-9前",
            "刘洋",
            "桃园社区",
        ],
    ],
}


def marked_out(name: str) -> bytes:
    """The new lines of a book; two rows of headings are merged as people merge them."""
    if name != "acceptances":
        return xlsx((SHEETS[name].label, NEW[name]))
    book = openpyxl.load_workbook(io.BytesIO(xlsx(("受理", NEW[name]))))
    for cells in ("C1:D1", "E1:F1", "A1:A2", "B1:B2", "G1:G2"):
        book.worksheets[0].merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("name", sorted(NEW))
def test_new_lines_become_records_that_keep_every_rule(
    session: Session, person: Callable[[str], User], name: str
) -> None:
    before = faults(session)
    actor = person("bureau_city")
    count = len(NEW[name]) - (2 if name == "acceptances" else 1)
    batch = imported(session, actor, name, marked_out(name))
    assert batch.made == count
    again = looked(session, actor, name, marked_out(name), update=True)
    assert told(again.wrong) == []
    assert dict(again.counts) == {Fate.SAME: count}
    assert history.verify(session)[1] is None
    assert faults(session) == before
    undo(session, person("bureau_city"), batch, name)
    session.commit()
    assert faults(session) == before
    assert history.verify(session)[1] is None


def test_the_facts_of_an_old_book_arrive(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    actor = person("bureau_city")
    for name in ("cases", "acceptances", "oral-cases", "experts", "committees", "visits", "units"):
        imported(session, actor, name, marked_out(name))
        actor = person("bureau_city")
    cases = {each.number: each for each in session.scalars(select(Case))}
    assert [(cases[n].stage, cases[n].kind) for n in ("旧1", "旧2")] == [
        (Stage.CLOSED, "18"),
        (Stage.FAILED, "15"),
    ]
    assert [(row.name, row.target) for row in cases["旧1"].steps] == [("import", Stage.CLOSED)]
    assert [each.mediator_id for each in cases["旧1"].mediators] == [world.mediator]
    assert [(each.name, each.kind, each.side) for each in cases["旧2"].parties] == [
        ("王某", "01", "01"),
        ("某某公司", "02", "02"),
    ]
    assert cases["受1"].stage is Stage.ACCEPTED
    assert [(each.phone, each.address) for each in cases["受1"].parties] == [
        ("13857900011", None),
        (None, "某某村"),
    ]
    oral = session.scalars(select(Case).where(Case.agreement_number == "口1")).one()
    assert (oral.stage, oral.form, oral.agreed_on, oral.effective_on) == (
        Stage.SETTLED,
        "1",
        date(2003, 1, 2),
        date(2003, 1, 2),
    )
    assert (oral.performance, oral.perform_by) == ("02", date(2003, 1, 9))
    expert = session.scalars(select(Expert).where(Expert.name == "新专家")).one()
    assert (expert.specialities, expert.until, expert.fee) == (["02", "16"], date(2028, 12, 31), Decimal(300))
    committee = session.scalars(select(Committee).where(Committee.filing_number == "调备1")).one()
    assert [(each.name, each.position) for each in committee.members] == [
        ("甲", "03"),
        ("乙", "02"),
        ("丙", "02"),
    ]
    assert (committee.area, committee.own_premises) == (Decimal("60.5"), True)
    visit = session.scalars(select(Visit).where(Visit.name == "新来")).one()
    assert (visit.people, visit.opinion, visit.visited_on) == (3, "04", date(2026, 9, 1))
    unit = session.scalars(select(Unit).where(Unit.code == "330702001099")).one()
    assert (unit.parent_id, unit.tier.value) == (world.township, "village")


def test_an_import_that_is_killed_half_way_leaves_nothing(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    rows = [["姓名", "性别", "专兼职", "职务", "调委会"]]
    rows += [[f"新{n}", "男", "兼职", "委员", "桃园社区"] for n in range(1_200)]
    content, actor = xlsx(rows), person("director")
    seen = looked(session, actor, "mediators", content)
    batch = imports.looked_at(
        session,
        actor,
        sheet="mediators",
        file_name="册.xlsx",
        sha256=store_of(session).keep(content),
        asked={},
        seen=summary(seen),
    )
    session.commit()

    class Killed(BaseException):
        pass

    def progress(done: int, total: int) -> None:
        if done >= 1_000:
            raise Killed()

    with pytest.raises(Killed):
        carry_out(session, person("director"), batch, progress)
    session.rollback()
    count = select(func.count()).select_from(Mediator).where(Mediator.name.startswith("新"))
    assert session.scalar(count) == 0
    assert history.verify(session)[1] is None
    carry_out(session, person("director"), batch)  # and then it can be done
    session.commit()
    assert session.scalar(count) == 1_200
    with pytest.raises(NotNow):
        carry_out(session, person("director"), batch)


def test_the_same_line_twice_in_one_file_is_wrong(session: Session, person: Callable[[str], User]) -> None:
    rows = NEW["mediators"]
    seen = looked(session, person("bureau_city"), "mediators", xlsx([*rows, rows[1]]))
    assert seen.counts == {Fate.NEW: 2, Fate.WRONG: 1}
    assert "第 2 行重复" in told(seen.wrong)[0]


def test_who_may_be_known_already_is_told(session: Session, person: Callable[[str], User]) -> None:
    rows = [["姓名", "性别", "专兼职", "职务", "调委会", "电话"]]
    rows.append(["张伟", "男", "兼职", "委员", "城东街道", "13857912345"])
    seen = looked(session, person("bureau_city"), "mediators", xlsx(rows))
    assert seen.counts[Fate.NEW] == 1
    assert "同名、同电话" in seen.doubts[0].doubt


def test_a_case_out_of_reach_is_not_told(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    """A number that is held elsewhere cannot be used; nothing says by what."""
    number = session.get_one(Case, world.far_case).number
    rows = [["案号", "受理日期", "当事人", "纠纷类型", "案件来源", "备注"]]
    rows.append([number, "2026-09-14", "别人", "邻里", "主动", "改一改"])
    seen = looked(
        session, person("director"), "cases", xlsx(rows), placed=world.village_committee, update=True
    )
    assert told(seen.wrong) == ["表1 A2：这个案号不能用，请核对（回收站里的案件也占着案号）"]


def test_people_beyond_the_scope_are_not_found_again(session: Session, person: Callable[[str], User]) -> None:
    """Who is known elsewhere only is new here: the far roster is neither changed nor told."""
    rows = [["姓名", "性别", "专兼职", "职务", "调委会", "电话"]]
    rows.append(["周杰", "男", "兼职", "委员", "桃园社区", "13857912345"])
    seen = looked(session, person("director"), "mediators", xlsx(rows), update=True)
    assert dict(seen.counts) == {Fate.NEW: 1}
    assert seen.doubts == []


def test_an_id_number_of_somebody_else_is_wrong(session: Session, person: Callable[[str], User]) -> None:
    rows = [["姓名", "性别", "专兼职", "职务", "调委会", "身份证号"]]
    rows.append(["另一人", "男", "兼职", "委员", "城东街道", "33070219750607121X"])
    seen = looked(session, person("bureau_city"), "mediators", xlsx(rows), update=True)
    assert told(seen.wrong) == ["表1 F2：身份证号和已经登记的“赵强”相同，姓名不同，请核对"]
