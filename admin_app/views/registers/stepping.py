"""Steps on a record's page: the buttons that are open now, the form in place, and the taking of a step."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.operations.lives import life_of, take_step
from admin_app.rules.refusals import NotSeen, RecordRefused, Stale
from admin_app.rules.steps import Step
from admin_app.views.doors import opens, signed_in
from admin_app.views.forms import held
from admin_app.views.registers.page import back
from admin_app.views.registers.reading import Reading
from admin_app.views.step_forms import StepForm
from admin_app.views.typed import clean, whole

LONGEST_NOTE = 1000


class Stepping(Reading):
    """The steps of a record that has a life."""

    @expose("/<int:record_id>/step/<step>", methods=("GET", "POST"))
    @opens("open")
    def step(self, record_id: int, step: str) -> Any:
        """One step: its form inside the record's page; taken, the page again with what has changed."""
        record = self.find(record_id)
        row = self._row_of(record, step)
        policy.demand(signed_in(), f"{self.word}.{row.name}", record)
        row.check(self._life(record).stands(record))
        if request.method == "POST":
            return self._take(record, row)
        form = StepForm(
            row, db.session, signed_in(), self.register, record=record, starts=self.starts(record)
        )
        return self._page(record, row, form)

    def starts(self, record: Any) -> dict[str, Any]:
        """What a step's form proposes, also in place of what stands; for registers that have a proposal."""
        return {}

    def _take(self, record: Any, row: Step[Any]) -> Any:
        session, user, record_id = db.session, signed_in(), record.id
        form = StepForm(row, session, user, self.register, record=record, formdata=request.form)
        note = clean(request.form.get("note"), LONGEST_NOTE)
        try:
            seen = whole(request.form.get("version")) or 0
            take_step(session, user, record, row.name, form.read(), note=note, version=seen)
        except RecordRefused as refused:
            session.rollback()
            form.show(refused.findings)
            return self._page(self.find(record_id), row, form, note), refused.status
        except Stale as stale:
            session.rollback()
            return self._page(self.find(record_id), row, form, note, stale.sentence), stale.status
        flash(f"已{row.label}。", "ok")
        return redirect(self.url_of("detail", record_id=record_id))

    def _page(self, record: Any, row: Step[Any], form: StepForm, note: str = "", sentence: str = "") -> str:
        """The record's page with the step's form at its top; what was typed stays typed."""
        fresh = sentence or not request.form
        version = str(record.version) if fresh else request.form.get("version", "")
        return self._detail(
            record,
            unmasked=False,
            step={
                "label": row.label,
                "action": self.url_of("step", record_id=record.id, step=row.name),
                "cancel_url": self.url_of("detail", record_id=record.id),
                "held": held(version=version, back=back()),
                "sections": form.sections(),
                "parts": form.parts(),
                "errors": form.errors(),
                "sentence": sentence,
                "note": note,
                "hints": self.hints(record, row),
            },
        )

    def hints(self, record: Any, row: Step[Any]) -> list[str]:
        """Sentences above a step's form; for registers that have something to say."""
        return []

    def _life(self, record: Any) -> Any:
        life = life_of(record)
        if life is None:
            raise NotSeen("没有这个步骤。")
        return life

    def _row_of(self, record: Any, name: str) -> Step[Any]:
        row = self._life(record).steps.get(name)
        if row is None or row.led:
            raise NotSeen("没有这个步骤。")
        return row
