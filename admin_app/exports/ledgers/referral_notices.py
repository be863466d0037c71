"""《调解案件转办通知书》 E6: a sheet for each, with stub and receipt (formats.md 3.1; layout [C])."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, column, pen, said
from admin_app.exports.joining import StepsTaken, step_takers
from admin_app.exports.layout import Block, Box, Layout
from admin_app.exports.ledger import Ledger, declare
from admin_app.exports.ledgers.referral_register import SENT, TO, hands, with_both_ends
from admin_app.exports.sides import columns, sides
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.referrals import Referral, ReferralStep
from admin_app.models.units import Unit
from admin_app.models.wording import wording
from admin_app.rules.dates import local_day

COLUMNS = (
    said(Referral, "number", 14.2, "编号"),
    column("to_unit", "承办单位", 12),
    said(Case, "kind", 10, "案由"),
    Group("当事人及联系方式", columns("people", ("name", "姓名", 9), ("phone", "联系方式", 13))),
    said(Case, "brief", 26),
    column("reason", "转办理由", 14),
    column("demand", "办理要求及期限", 16),
    pen("附件", 10),
    column("unit", "转办单位（盖章）", 12),
    column("sender", "经办人", 8),
    column("sent_on", "日期", 10.2, kind="date"),
    Group(
        "回执",
        (
            column("to_unit", "承办单位", 12),
            column("received_on", "收到日期", 10.2, kind="date"),
            column("receiver", "承办人", 8),
            said(Referral, "answer", 18),
            column("answered_on", "反馈日期", 10.2, kind="date"),
        ),
    ),
)
_FACTS = (
    *(Referral.id, Referral.case_id, Referral.number, Referral.reason, Referral.explanation),
    *(Referral.demand, Referral.due_on, Referral.answer),
    *(Referral.sent_at, Referral.received_at, Referral.answered_at),
    *(Case.kind, Case.brief, Case.registered_on.label("day")),
    *(Unit.name.label("unit"), TO.name.label("to_unit")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these referrals: three queries, however many referrals."""
    rows = session.execute(with_both_ends(select(*_FACTS), ids)).all()
    people = sides(session, [row.case_id for row in rows])
    steps = step_takers(session, ReferralStep, ReferralStep.referral_id, ids)
    return {row.id: _line(session, row, people[row.case_id], steps) for row in rows}


def _line(session: Session, row: Any, people: Line, steps: StepsTaken) -> Line:
    reason = wording(session, field_of(Referral, "reason"), row.reason, on=row.day)
    until = f"请于 {row.due_on:%Y-%m-%d} 前办结并反馈" if row.due_on else ""
    return {
        **row._mapping,
        **people,
        **hands(row, steps),
        "reason": _lines(reason, row.explanation),
        "demand": _lines(row.demand, until),
        "answered_on": local_day(row.answered_at),
    }


def _lines(*texts: str | None) -> str:
    return "\n".join(each for each in texts if each)


def _of(label: str, column: str = "", lines: int = 1) -> Box:
    return Box(label, column or label, lines)


BLOCKS = (
    Block(
        "调解案件转办通知书（存根）",
        (
            (_of("编号"), _of("日期")),
            (_of("承办单位"), _of("案由")),
            (_of("转办理由"), _of("经办人")),
        ),
    ),
    Block(
        "调解案件转办通知书",
        (
            (_of("编号"), _of("承办单位")),
            (_of("案由"),),
            (_of("当事人", "姓名"), _of("联系方式")),
            (_of("纠纷简要情况", lines=8),),
            (_of("转办理由", lines=2),),
            (_of("办理要求及期限", lines=3),),
            (Box("附件", lines=2),),
            (_of("转办单位（盖章）", lines=3), _of("经办人")),
            (_of("日期"),),
        ),
    ),
    Block(
        "调解案件转办通知书（回执）",
        (
            (_of("编号"), _of("承办单位", "回执承办单位")),
            (_of("收到日期"), _of("承办人")),
            (_of("办理结果", lines=8),),
            (_of("反馈日期"),),
        ),
        ("承办单位（盖章）：",),
    ),
)

REFERRAL_NOTICES = declare(
    Ledger(
        name="referral-notices",
        label="调解案件转办通知书",
        word="referral",
        source=replace(SENT, load=load),
        layout=Layout(columns=COLUMNS, reference=True, counted="张", blocks=BLOCKS),
        note="发出的转办一件一张，有存根、通知书和回执，沿裁剪线分开。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
