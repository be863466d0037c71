"""Screenings 排查任务: the register with its one page for reporting, and the board of how units stand."""

from typing import Any

from flask import request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.fields import field_of
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.operations import screening_board
from admin_app.rules.dates import today
from admin_app.rules.screenings import ScreeningState
from admin_app.rules.steps import Step
from admin_app.views.boards import BoardPage
from admin_app.views.doors import opens, signed_in
from admin_app.views.forms import held
from admin_app.views.registers import RegisterView
from admin_app.views.registers.page import back
from admin_app.views.registers.reading import remark
from admin_app.views.step_forms import StepForm


class ScreeningView(RegisterView):
    """Tasks: reported on one page, which a phone shows whole."""

    def shortcuts(self) -> list[dict[str, str]]:
        return [{"label": "排查情况", "url": url_for("screenings.index")}]

    def starts(self, record: Screening) -> dict[str, Any]:
        """Today, by whoever is signed in: mostly nothing is left to type."""
        known = {"screened_on": record.screened_on or min(today(), record.until)}
        return known | {"screeners": record.screeners or signed_in().name}

    def remarks(self, record: Screening) -> list[dict[str, Any]]:
        found = [
            remark("发现：", (str(each), url_for("find.detail", record_id=each.id)))
            for each in record.finds
            if policy.may(signed_in(), "find.open", each)
        ]
        if record.state is not ScreeningState.DUE and record.late_on(today()):
            found.insert(0, remark("这次报告迟了。", tone="warn"))
        return found

    def _page(
        self, record: Screening, row: Step[Any], form: StepForm, note: str = "", sentence: str = ""
    ) -> str:
        """A report stands on a page of its own; what was typed stays typed."""
        if row.name != "report":
            return super()._page(record, row, form, note, sentence)
        fresh = sentence or not request.form
        version = str(record.version) if fresh else request.form.get("version", "")
        return self.render(
            "screening_report.html",
            crumbs=self.crumbs("报告"),
            title=str(record),
            unit=str(db.session.get_one(Unit, record.unit_id)),
            due=self.cell_of(record, field_of(Screening, "due_on"), unmasked=False),
            returned=record.opinion if record.steps and record.steps[-1].name == "send_back" else "",
            zero_url=self.url_of("step", record_id=record.id, step="zero"),
            action=self.url_of("step", record_id=record.id, step=row.name),
            held=held(version=version, back=back()),
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            sentence=sentence,
            note=note,
            cancel_url=self.url_of("detail", record_id=record.id),
        )


class BoardView(BoardPage):
    """排查情况: by unit, down to the very tasks."""

    board = screening_board
    sees = "screening.see"
    title = "排查情况"
    told = "任务按排查时段的最后一天计入，发现按排查日期计入。点单位看它的下级，点数字看是哪些。"
    alongside = ("排查任务", "screening.index")
    tones = {"missing": "seal", "late": "warn"}
    shown = {
        "screening": ("unit_id", "due_on", "state", "found", "reported_on", "screeners"),
        "find": ("unit_id", "kind", "people", "risk", "state", "responsible", "resolve_by"),
    }

    @expose("/")
    @opens("screening.see")
    def index(self) -> str:
        return self._board()

    @expose("/tasks")
    @opens("screening.see")
    def tasks(self) -> str:
        return self._behind()
