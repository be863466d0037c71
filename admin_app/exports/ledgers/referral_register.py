"""《转办登记册》: what was sent to other units, and what came of it (no sample found: [N], layout ours)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Group, Line, asked_of, column, ordinal, said
from admin_app.exports.joining import StepsTaken, party_names, step_takers
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.holidays import calendar
from admin_app.models.referrals import Referral, ReferralStep
from admin_app.models.units import Unit
from admin_app.rules.dates import local_day, today
from admin_app.rules.deadlines import in_time
from admin_app.rules.referrals import RUNNING

COLUMNS = (
    ordinal(),
    said(Referral, "number", 14.2),
    said(Referral, "direction", 6, centred=True),
    column("case_number", "案号", 14.2),
    column("parties", "当事人", 11),
    said(Case, "kind", 8.5),
    Group(
        "转出",
        (
            column("unit", "转办单位", 10),
            column("sender", "经办人", 8),
            said(Referral, "reason", 7),
            said(Referral, "demand", 14),
            column("sent_on", "发出日期", 10.2, kind="date"),
        ),
    ),
    Group(
        "签收",
        (
            column("to_unit", "接收单位", 10),
            column("received_on", "签收日期", 10.2, kind="date"),
            column("receiver", "签收人", 8),
            column("to_committee", "承办调委会", 11),
        ),
    ),
    Group(
        "办理",
        (
            said(Referral, "due_on", 10.2),
            column("result", "办理结果或退回原因", 18),
            column("ended_on", "反馈或退回日期", 10.2, kind="date"),
            column("days", "用时（工作日）", 10, kind="integer"),
            column("in_time", "是否按期", 9, centred=True),
        ),
    ),
    said(Referral, "state", 7.5, centred=True),
)
TO = aliased(Unit)
_FACTS = (
    *asked_of(Referral, COLUMNS),
    *(Referral.id, Referral.case_id, Referral.answer, Referral.return_reason),
    *(Referral.sent_at, Referral.received_at, Referral.answered_at),
    *(Case.number.label("case_number"), Case.kind, Case.registered_on.label("day")),
    *(Unit.name.label("unit"), TO.name.label("to_unit"), Committee.name.label("to_committee")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these referrals: three queries, however many referrals."""
    query = select(*_FACTS).outerjoin(Committee, Committee.id == Referral.to_committee_id)
    rows = session.execute(with_both_ends(query, ids)).all()
    parties = party_names(session, [row.case_id for row in rows])
    steps = step_takers(session, ReferralStep, ReferralStep.referral_id, ids)
    return {row.id: _line(session, row, parties[row.case_id], steps) for row in rows}


def with_both_ends(query: Any, ids: Sequence[int]) -> Any:
    """These referrals with their case, the unit that sends and `TO`, the one that receives."""
    return (
        query.join(Case, Case.id == Referral.case_id)
        .join(Unit, Unit.id == Referral.unit_id)
        .join(TO, TO.id == Referral.to_unit_id)
        .where(Referral.id.in_(ids))
    )


def hands(row: Any, steps: StepsTaken) -> Line:
    """Who sent it and who signed for it, and when."""
    sender, _ = steps.get((row.id, "send")) or steps.get((row.id, "ask"), ("", None))
    receiver, _ = steps.get((row.id, "receive"), ("", None))
    return {
        "sender": sender,
        "receiver": receiver,
        "sent_on": local_day(row.sent_at),
        "received_on": local_day(row.received_at),
    }


def _line(session: Session, row: Any, parties: str, steps: StepsTaken) -> Line:
    sent_on, ended_on = local_day(row.sent_at), _ended(row, steps)
    days = calendar(session).between(sent_on, ended_on) if sent_on and ended_on else None
    return {
        **row._mapping,
        **hands(row, steps),
        "parties": parties,
        "result": row.answer or (f"退回：{row.return_reason}" if row.return_reason else ""),
        "ended_on": ended_on,
        "days": days,
        "in_time": _in_time(row, ended_on),
    }


def _ended(row: Any, steps: StepsTaken) -> date | None:
    """The day of the answer, or on which it came back."""
    if row.answered_at:
        return local_day(row.answered_at)
    taken = [steps[row.id, name][1] for name in ("send_back", "refuse") if (row.id, name) in steps]
    return taken[-1] if taken else None


def _in_time(row: Any, ended_on: date | None) -> str:
    waits = row.state in RUNNING
    if not waits and ended_on is None:
        return ""
    return in_time(row.due_on, ended_on, today())


SENT = Records(
    load=load,
    period=Referral.sent_at,
    order=(Referral.sent_at, Referral.id),
    belongs=Referral.sent_at.is_not(None),
)

REFERRAL_REGISTER = declare(
    Ledger(
        name="referral-register",
        label="转办登记册",
        word="referral",
        source=SENT,
        layout=Layout(columns=COLUMNS, reference=True, counted="件", paper="A3"),
        note="发出的转办一件一行：谁发的、发给谁、为什么、什么时候签收、结果、是否按期，按发出时间排列。"
        "未见公开的官方样式，栏目为参考格式。",
    )
)
