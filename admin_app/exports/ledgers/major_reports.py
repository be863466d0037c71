"""《重大纠纷信息报送台账》: what was reported when, how late, who signed ([N], layout ours)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.major_reports import Bulletin, MajorReport, Signature
from admin_app.models.units import Unit
from admin_app.rules.dates import local, now
from admin_app.rules.major_reports import ReportState, said_late

COLUMNS = (
    ordinal(),
    said(MajorReport, "title", 22),
    said(MajorReport, "cause", 12),
    column("unit", "报送单位", 11),
    column("committee", "报送调委会", 14),
    said(MajorReport, "major_at", 15),
    said(MajorReport, "hours", 7),
    said(MajorReport, "reported_at", 15),
    column("in_time", "是否按时", 10, centred=True),
    column("reports", "报送情况", 12),
    column("to_unit", "签阅单位", 11),
    column("signed", "最近签阅", 20),
    said(MajorReport, "state", 9, centred=True),
)
_To = aliased(Unit)
_FACTS = (
    *asked_of(MajorReport, COLUMNS),
    *(MajorReport.id, MajorReport.due_at, Committee.name.label("committee")),
    *(Unit.name.label("unit"), _To.name.label("to_unit")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these reports: three queries, however many."""
    told: dict[int, list[str]] = {}
    bulletins = select(Bulletin.major_report_id, Bulletin.kind).where(Bulletin.major_report_id.in_(ids))
    for report, kind in session.execute(bulletins.order_by(Bulletin.id)):
        told.setdefault(report, []).append(kind.label)
    signed = {}
    signatures = select(Signature.major_report_id, Signature.signer, Signature.signed_at)
    for report, signer, at in session.execute(
        signatures.where(Signature.major_report_id.in_(ids)).order_by(Signature.id)
    ):
        signed[report] = f"{signer} {local(at):%Y-%m-%d %H:%M}"
    query = (
        select(*_FACTS)
        .join(Unit, Unit.id == MajorReport.unit_id)
        .join(_To, _To.id == MajorReport.to_unit_id)
        .outerjoin(Committee, Committee.id == MajorReport.committee_id)
        .where(MajorReport.id.in_(ids))
    )
    return {
        row.id: {
            **row._mapping,
            "in_time": _kept(row),
            "reports": "、".join(told.get(row.id, [])),
            "signed": signed.get(row.id, ""),
        }
        for row in session.execute(query)
    }


def _kept(row: Any) -> str:
    if row.state is ReportState.DROPPED:
        return "不用报送"
    return said_late(row.due_at, row.reported_at, now())


MAJOR_REGISTER = declare(
    Ledger(
        name="major-report-register",
        label="重大纠纷信息报送台账",
        word="major_report",
        source=Records(load=load, period=MajorReport.major_at, order=(MajorReport.major_at, MajorReport.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="件"),
        note="要报送的纠纷一件一行；时限按小时连续算，夜里和节假日也算，超过不满一小时的按一小时计。"
        "未见公开的官方样式，栏目为参考格式。",
    )
)
