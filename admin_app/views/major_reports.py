"""Reports of major disputes 重大纠纷信息报送: how late one is, and what the dispute's page says of it."""

from typing import Any

from flask import url_for

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.finds import Find
from admin_app.models.major_reports import MajorReport
from admin_app.operations import major_reports
from admin_app.rules.dates import local, now
from admin_app.rules.major_reports import ReportState, said_late
from admin_app.views.doors import signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark


class MajorReportView(RegisterView):
    """Reports of major disputes."""

    def remarks(self, record: MajorReport) -> list[dict[str, Any]]:
        """In time or late, in hours: the list of deadlines knows days only."""
        if record.state is ReportState.DROPPED:
            return []
        words = said_late(record.due_at, record.reported_at, now())
        term = f"{local(record.due_at):%Y-%m-%d %H:%M} 前首报（{record.hours} 小时）：{words}"
        tone = "warn" if "迟" in words else "ok" if record.reported_at else ""
        return [remark(term, tone=tone)]


def report_due(dispute: Case | Find) -> MajorReport | None:
    """The report that a dispute still owes, where this person may send it."""
    report = major_reports.of(db.session, dispute)
    owed = report is not None and report.removed_at is None and report.state is ReportState.DUE
    return report if owed and policy.may(signed_in(), "major_report.report", report) else None


def next_act(acts: dict[str, Any], dispute: Case | Find) -> dict[str, Any]:
    """To report a major dispute comes before everything else on its page."""
    report = report_due(dispute)
    if report is None:
        return acts
    chief = {
        "label": "报送重大纠纷",
        "url": url_for("major_report.step", record_id=report.id, step="report"),
    }
    rest = [acts["primary"]] if acts["primary"] else []
    return {"primary": chief, "more": [*rest, *acts["more"]]}


def told_of(dispute: Case | Find) -> list[dict[str, Any]]:
    """That a dispute is owed to be reported, or how its report stands."""
    report = major_reports.of(db.session, dispute)
    if report is None or not policy.may(signed_in(), "major_report.open", report):
        return []
    link = (report.state.label, url_for("major_report.detail", record_id=report.id))
    if report.state is ReportState.DUE:
        words = said_late(report.due_at, None, now())
        until = f"{local(report.due_at):%m-%d %H:%M}"
        return [remark(f"重大纠纷（{report.cause}），{until} 前要报送上级，{words}：", link, tone="warn")]
    return [remark("重大纠纷信息报送：", link)]
