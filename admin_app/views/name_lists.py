"""Pasting a list of people into a training, or reading it off a workbook: look first, then write."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.imports.applying import opened
from admin_app.models.trainings import Training
from admin_app.operations import name_lists
from admin_app.rules import name_lists as rules
from admin_app.rules.refusals import RecordRefused
from admin_app.views.doors import opens, signed_in
from admin_app.views.rolls import RollPages

LARGEST = 5 * 1024 * 1024


class NameListPages(RollPages):
    """The screen of a pasted list."""

    @expose("/<int:record_id>/paste", methods=("GET", "POST"))
    @opens("attend")
    def paste(self, record_id: int) -> Any:
        """The list, what would become of each line, and the button that writes it."""
        session, user, training = db.session, signed_in(), self.find(record_id)
        policy.demand(user, "training.attend", training)
        if request.method != "POST":
            return self._paste_page(training, "")
        text = request.form.get("text", "")
        try:
            text = _of_file() or text
            if "write" in request.form:
                count = name_lists.write(session, user, training, text)
                flash(f"已登记 {count} 人。", "ok")
                return redirect(self.url_of("roll", record_id=record_id))
            entries = name_lists.look(session, user, training, text)
        except RecordRefused as refused:
            session.rollback()
            errors = [
                {"label": "名单", "sentence": each.sentence, "anchor": "text"} for each in refused.findings
            ]
            return self._paste_page(
                self.find(record_id), text[: rules.LONGEST], errors=errors
            ), refused.status
        return self._paste_page(training, text, entries)

    def _paste_page(
        self,
        training: Training,
        text: str,
        entries: list[name_lists.Entry] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> str:
        found = entries or []
        return self.render(
            "training_paste.html",
            crumbs=self._crumbs(training, "粘贴名单"),
            title=str(training),
            hours=training.hours,
            text=text,
            wrong=[each for each in found if each.person is None],
            right=[each for each in found if each.person is not None],
            errors=errors or [],
            action=self.url_of("paste", record_id=training.id),
            cancel_url=self.url_of("roll", record_id=training.id),
        )


def _of_file() -> str:
    """The first sheet of an uploaded workbook as pasted text; "" without one."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return ""
    tables = opened(upload.stream.read(LARGEST)).tables
    rows = tables[0].rows if tables else []
    return "\n".join("\t".join(_plain(cell) for cell in row) for row in rows[: rules.MOST_LINES + 1])


def _plain(cell: Any) -> str:
    """A cell as one would type it: telephone numbers are numbers to Excel."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split()) if isinstance(cell, str | int | float) else ""
