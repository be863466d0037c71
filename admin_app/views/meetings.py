"""Meetings 会议: the register, who has not met this month, and what a joint meeting on a case begins with."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.meetings import Meeting, MeetingTask
from admin_app.models.registry import Parts
from admin_app.models.users import User
from admin_app.operations import meetings
from admin_app.rules import periods
from admin_app.rules.dates import today
from admin_app.rules.meetings import JOINT, MeetingState
from admin_app.rules.periods import Period
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.papers import MEETING_SHEETS, ready
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.typed import whole

HIDDEN = "（不在您的管辖范围内）"


class MeetingView(RegisterView):
    """Meetings."""

    def shortcuts(self) -> list[dict[str, str]]:
        """Who has not met this month stands beside the list."""
        if not policy.may(signed_in(), "meeting_rule.see"):
            return []
        owing = meetings.month(db.session, signed_in(), this_month())
        missing = sum(each.meeting is None for each in owing)
        label = f"本月还有 {missing} 个没开例会" if missing else "本月例会"
        return [{"label": label, "url": url_for("meetings.index")}]

    def first_values(self) -> dict[str, Any]:
        """One's own unit leads; a joint meeting on a case begins with what is known of it."""
        values: dict[str, Any] = {"unit_id": policy.home(signed_in(), "meeting.create")}
        case = self._about()
        if case is not None:
            values |= {"kind": JOINT, "title": f"{case.names}纠纷联席会议"[:100]}
        return values

    def _about(self) -> Case | None:
        case_id = whole(request.args.get("case_id"))
        return policy.find(db.session, signed_in(), Case, case_id) if case_id else None

    def later(self, record: Meeting) -> set[str]:
        """What would be refused now, and to call it off."""
        found = {"cancel"}
        if not record.members:
            found.add("call")
        if record.held_on > today():
            found.add("hold")
        if any(each.waits and each.removed_at is None for each in record.tasks):
            found.add("close")
        return found

    def extra_acts(self) -> list[Any]:
        return list(MEETING_SHEETS)

    def _acts(self, user: User, record: Meeting) -> dict[str, Any]:
        return ready(super()._acts(user, record), record, MEETING_SHEETS)

    def remarks(self, record: Meeting) -> list[dict[str, Any]]:
        """How many have answered, and what the meeting asked for."""
        found = []
        if record.state is MeetingState.CALLED:
            last = {each.unit_id: each for each in record.replies}
            silent = [str(each.unit) for each in record.members if each.unit_id not in last]
            coming = sum(bool(each.coming) for each in last.values())
            words = f"已回执 {len(last)} 个单位，参加 {coming} 个"
            found.append(remark(f"{words}；还没有回执：{'、'.join(silent)}" if silent else words))
        for task in record.tasks:
            if task.removed_at is None and policy.may(signed_in(), "meeting_task.open", task):
                link = (str(task), url_for("meeting_task.detail", record_id=task.id))
                late = task.waits and task.due_on < today()
                words = f"任务（{task.state.label}，{task.due_on:%Y-%m-%d} 前）："
                found.append(remark(words, link, tone="warn" if late else ""))
        return found

    def _part(self, record: Meeting, part: Parts, unmasked: bool, unmask_url: str | None) -> dict[str, Any]:
        """Seeing the meeting never opens a case, nor tells whose it is."""
        shown = super()._part(record, part, unmasked, unmask_url)
        if part.name != "agenda":
            return shown
        rows = [
            [
                replace(each, text=HIDDEN) if each.kind == "link" and each.text and not each.url else each
                for each in row
            ]
            for row in shown["rows"]
        ]
        return {**shown, "rows": rows}


class MeetingTaskView(RegisterView):
    """What meetings asked for."""

    def remarks(self, record: MeetingTask) -> list[dict[str, Any]]:
        if not policy.may(signed_in(), "meeting.open", record.meeting):
            return []
        return [
            remark("会议：", (str(record.meeting), url_for("meeting.detail", record_id=record.meeting_id)))
        ]


class MeetingsView(Page):
    """本月例会: who has met, and who has not."""

    _default_view = "index"

    @expose("/")
    @opens("meeting_rule.see")
    def index(self) -> str:
        """The units that owe a meeting in a month."""
        period = asked_month()
        rows = meetings.month(db.session, signed_in(), period)
        assert period.since is not None
        return self.render(
            "meetings_board.html",
            crumbs=[("例会情况", None)],
            rows=rows,
            missing=sum(each.meeting is None for each in rows),
            label=period.label,
            year=period.since.year,
            month=period.since.month,
            plans_at=policy.home(signed_in(), "meeting.create"),
            may_rule=policy.may(signed_in(), "meeting_rule.create"),
        )


def this_month() -> Period:
    return periods.month(today().year, today().month)


def asked_month() -> Period:
    """The month of the address; this one where it names none."""
    year, month = whole(request.args.get("year")), whole(request.args.get("month"))
    if year and month and 2000 <= year <= today().year and 1 <= month <= 12:
        return periods.month(year, month)
    return this_month()
