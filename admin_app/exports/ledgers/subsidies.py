"""《人民调解案件补贴申报表》《发放表》 (formats.md 3.5 [C]: no sample was found), and stipends."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, Part, asked_of, column, ordinal, pen, said
from admin_app.exports.joining import mediator_names, party_names
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.subsidies import SubsidyItem, SubsidyShare
from admin_app.operations.awards import grade_of
from admin_app.rules.dates import today
from admin_app.rules.subsidies import LIVE

SIGNS = (
    "申报单位（盖章）：",
    "司法所初审意见：",
    "司法局复核意见：",
    "公示起止：",
    "填报日期：　　　　年　　月　　日",
)
_WITHOUT_SAMPLE = "未见公开的官方样式，栏目为参考格式。"


def _of_case(*, mediator: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What a sheet of cases says of each, with its own columns before the remark."""
    return (
        ordinal(),
        column("committee", "调委会", 16),
        column("number", "案号", 14.2),
        column("parties", "当事人", 11),
        said(Case, "kind", 8.5),
        said(Case, "difficulty", 6, centred=True),
        said(Case, "form", 6, centred=True),
        column("agreement_number", "协议编号", 14.2),
        said(Case, "closed_on", 10.2),
        said(Case, "fulfilment", 7, "是否履行", centred=True),
        pen("卷宗评查得分", 7),
        column("mediator", mediator, 9),
        column("grade", "调解员等级", 8, centred=True),
        column("standard", "补贴标准（元）", 9, kind="money"),
        column("amount", "补贴金额（元）", 10, kind="money", summed=True),
        *parts,
    )


APPLICATION = _of_case(mediator="调解员", parts=(column("remark", "备注", 12),))
PAYMENT = _of_case(
    mediator="调解员",
    parts=(
        said(Mediator, "id_number", 17),
        said(Mediator, "bank_account", 18, "开户行及账号"),
        column("paid", "实发金额（元）", 10, kind="money", summed=True),
        pen("领款人签名", 10),
        column("remark", "备注", 12),
    ),
)
STIPENDS: tuple[Part, ...] = (
    ordinal(),
    column("committee", "调委会", 22),
    column("mediator", "调解员", 9),
    said(SubsidyItem, "full_time", 7, centred=True),
    said(SubsidyItem, "tier", 9, centred=True),
    column("month", "月份", 9, centred=True),
    column("standard", "补贴标准（元）", 10, kind="money"),
    column("days", "任职天数", 8, centred=True),
    said(SubsidyItem, "coefficient", 6),
    column("amount", "应发金额（元）", 10, kind="money", summed=True),
    column("cut", "核减（元）", 9, kind="money", summed=True),
    column("paid", "实发金额（元）", 10, kind="money", summed=True),
    said(Mediator, "id_number", 17),
    said(Mediator, "bank_account", 18, "开户行及账号"),
    pen("领款人签名", 10),
    column("remark", "备注", 12),
)

_ITEM = (
    *(SubsidyItem.id.label("item_id"), SubsidyItem.case_id, SubsidyItem.standard, SubsidyItem.amount),
    *(SubsidyItem.cut, SubsidyItem.cut_reason, SubsidyItem.outcome, Committee.name.label("committee")),
)
_CASE = (*asked_of(Case, APPLICATION), Case.number, Case.agreement_number, Case.registered_on.label("day"))


def _remark(row: Any) -> str:
    cut = f"核减 {row.cut:,.2f} 元：{row.cut_reason}" if row.cut else ""
    kept_calm = row.outcome.label if row.outcome and row.outcome.value == "prevented" else ""
    return "；".join(filter(None, (kept_calm, cut)))


def _grades(session: Session, mediator_ids: Sequence[int | None]) -> dict[int | None, str]:
    """The grade that each of these bears today."""
    known = {each for each in mediator_ids if each is not None}
    return {each: level for each, (_, level, _) in grade_of(session, known, today()).items()}


def _first_payees(session: Session, item_ids: Sequence[int]) -> dict[int, int]:
    query = select(SubsidyShare.item_id, SubsidyShare.mediator_id).where(SubsidyShare.item_id.in_(item_ids))
    found: dict[int, int] = {}
    for item_id, mediator_id in session.execute(query.order_by(SubsidyShare.id)):
        found.setdefault(item_id, mediator_id)
    return found


def load_items(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these cases in a batch: a few queries."""
    query = (
        select(*_ITEM, *_CASE)
        .join(Case, Case.id == SubsidyItem.case_id)
        .join(Committee, Committee.id == SubsidyItem.committee_id)
        .where(SubsidyItem.id.in_(ids))
    )
    rows = session.execute(query).all()
    cases = [row.case_id for row in rows]
    parties, mediators = party_names(session, cases), mediator_names(session, cases)
    first = _first_payees(session, ids)
    grades = _grades(session, [first.get(row.item_id) for row in rows])
    return {
        row.item_id: {
            **row._mapping,
            "group": row.committee,
            "parties": parties[row.case_id],
            "mediator": mediators[row.case_id],
            "grade": grades.get(first.get(row.item_id), ""),
            "amount": row.amount - row.cut,
            "remark": _remark(row),
        }
        for row in rows
    }


_PAYEE = (
    *(SubsidyShare.id, SubsidyShare.amount.label("paid"), Mediator.name.label("mediator")),
    *(Mediator.id_number, Mediator.bank_account, SubsidyShare.mediator_id),
)


def load_payments(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of who gets what for which case: a few queries."""
    query = (
        select(*_PAYEE, *_ITEM, *_CASE)
        .join(SubsidyItem, SubsidyItem.id == SubsidyShare.item_id)
        .join(Mediator, Mediator.id == SubsidyShare.mediator_id)
        .join(Case, Case.id == SubsidyItem.case_id)
        .join(Committee, Committee.id == SubsidyItem.committee_id)
        .where(SubsidyShare.id.in_(ids))
    )
    rows = session.execute(query).all()
    parties = party_names(session, [row.case_id for row in rows])
    grades = _grades(session, [row.mediator_id for row in rows])
    return {
        row.id: {
            **row._mapping,
            "group": row.committee,
            "parties": parties[row.case_id],
            "grade": grades.get(row.mediator_id, ""),
            "amount": row.amount - row.cut,
            "remark": _remark(row),
        }
        for row in rows
    }


_STIPEND = (*asked_of(SubsidyItem, STIPENDS), SubsidyItem.days, SubsidyItem.of_days, SubsidyItem.month)


def load_stipends(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of who gets what for which month: one query."""
    query = (
        select(*_PAYEE, *_ITEM, *_STIPEND)
        .join(SubsidyItem, SubsidyItem.id == SubsidyShare.item_id)
        .join(Mediator, Mediator.id == SubsidyShare.mediator_id)
        .join(Committee, Committee.id == SubsidyItem.committee_id)
        .where(SubsidyShare.id.in_(ids))
    )
    return {
        row.id: {
            **row._mapping,
            "group": row.committee,
            "day": row.month,
            "month": f"{row.month:%Y-%m}",
            "days": f"{row.days}/{row.of_days}",
            "remark": _remark(row),
        }
        for row in session.execute(query)
    }


def _layout(columns: tuple[Part, ...], counted: str, paper: Any) -> Layout:
    return Layout(columns=columns, reference=True, counted=counted, subtotals=True, signs=SIGNS, paper=paper)


def _paid_for(items: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: something is paid for such an item."""
    return and_(SubsidyShare.amount > 0, exists().where(SubsidyItem.id == SubsidyShare.item_id, items))


SUBSIDY_APPLICATION = declare(
    Ledger(
        name="subsidy-application",
        label="人民调解案件补贴申报表",
        word="subsidy",
        source=Records(
            load=load_items,
            order=(SubsidyItem.committee_id, SubsidyItem.id),
            belongs=and_(SubsidyItem.case_id.is_not(None), SubsidyItem.standing.in_(LIVE)),
            part=SubsidyItem,
            group="committee",
        ),
        layout=_layout(APPLICATION, "件", "A4"),
        note=f"列入补贴的案件一件一行，按调委会小计，几个批次一起下载就是汇总表。{_WITHOUT_SAMPLE}",
    )
)
SUBSIDY_PAYMENT = declare(
    Ledger(
        name="subsidy-payment",
        label="人民调解案件补贴发放表",
        word="subsidy",
        source=Records(
            load=load_payments,
            order=(SubsidyShare.committee_id, SubsidyShare.mediator_id, SubsidyShare.id),
            belongs=_paid_for(SubsidyItem.case_id.is_not(None)),
            part=SubsidyShare,
            group="committee",
        ),
        layout=_layout(PAYMENT, "笔", "A3"),
        note=f"一件案件一名领款人一行，有银行账号和签名栏。{_WITHOUT_SAMPLE}",
        main=False,
    )
)
STIPEND_PAYMENT = declare(
    Ledger(
        name="stipend-payment",
        label="调解员定额补贴发放表",
        word="subsidy",
        source=Records(
            load=load_stipends,
            order=(SubsidyShare.committee_id, SubsidyShare.id),
            belongs=_paid_for(SubsidyItem.month.is_not(None)),
            part=SubsidyShare,
            group="committee",
        ),
        layout=_layout(STIPENDS, "人次", "A3"),
        note=f"一名调解员一个月一行，按调委会小计。{_WITHOUT_SAMPLE}",
        main=False,
    )
)
