"""The lines that steps have added to a record: each has a form of its own, while the record is open."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from admin_app.database import db
from admin_app.models.fields import Field
from admin_app.models.registry import Parts
from admin_app.operations import lines
from admin_app.rules.refusals import RecordRefused, Stale
from admin_app.views.doors import opens, signed_in
from admin_app.views.forms import Lines, RecordForm, held
from admin_app.views.registers.page import RegisterPage, back
from admin_app.views.typed import whole


class MendForm(RecordForm):
    """The form of one line. The arguments after the list are `RecordForm`'s; `record` is the line."""

    def __init__(self, part: Parts, *args: Any, **kwargs: Any) -> None:
        self.part = part
        super().__init__(*args, **kwargs)

    def asked(self) -> tuple[list[Field], list[Lines]]:
        return [each for each in self.part.fields if each.open_to(self.record)], []


class Mending(RegisterPage):
    """One line of a record's trail, to be written or taken out."""

    @expose("/<int:record_id>/line/<part>/<int:line_id>", methods=("GET", "POST"))
    @opens("edit")
    def line(self, record_id: int, part: str, line_id: int) -> Any:
        """Mend a line; whoever saw an older state of the record is told."""
        session, user, record = db.session, signed_in(), self.find(record_id)
        lines.demand_open(user, record)
        found, line = lines.find_line(record, part, line_id)
        if request.method != "POST":
            return self._line_page(record, found, line)
        form = MendForm(found, session, user, self.register, record=line, formdata=request.form)
        try:
            lines.mend(session, user, record, part, line_id, form.read().values, version=self._seen())
        except RecordRefused as refused:
            session.rollback()
            form.show(refused.findings)
            return self._line_page(*self._again(record_id, part, line_id), form), refused.status
        except Stale as stale:
            session.rollback()
            return self._line_page(*self._again(record_id, part, line_id), form, stale.sentence), stale.status
        flash("已保存。", "ok")
        return redirect(self.home_of(record, found))

    @expose("/<int:record_id>/line/<part>/<int:line_id>/take-out", methods=("POST",))
    @opens("edit")
    def take_out(self, record_id: int, part: str, line_id: int) -> Any:
        """Take a line out."""
        record = self.find(record_id)
        lines.demand_open(signed_in(), record)
        found, _ = lines.find_line(record, part, line_id)
        lines.take_out(db.session, signed_in(), record, part, line_id, version=self._seen())
        flash(f"已从{found.label}里移去一条，修改记录里还查得到。", "ok")
        return redirect(self.home_of(record, found))

    def home_of(self, record: Any, part: Parts) -> str:
        """Where the lines of a list are shown."""
        return self.url_of("detail", record_id=record.id)

    def _seen(self) -> int:
        return whole(request.form.get("version")) or 0

    def _again(self, record_id: int, part: str, line_id: int) -> tuple[Any, Parts, Any]:
        record = self.find(record_id)
        return record, *lines.find_line(record, part, line_id)

    def _line_page(
        self, record: Any, part: Parts, line: Any, form: MendForm | None = None, sentence: str = ""
    ) -> str:
        """The form; told that somebody was faster, the person sends what they typed once more."""
        form = form or MendForm(part, db.session, signed_in(), self.register, record=line)
        fresh = sentence or not request.form
        version = str(record.version) if fresh else request.form.get("version", "")
        return self.render(
            "line.html",
            crumbs=[
                *self.crumbs(str(record))[:-1],
                (str(record), self.url_of("detail", record_id=record.id)),
                (f"修改{part.label}", None),
            ],
            heading=f"修改{part.label}：{line}",
            sentence=sentence,
            form=held(version=version, back=back()),
            sections=form.sections(),
            errors=form.errors(),
            cancel_url=self.home_of(record, part),
            remove_url=self.url_of("take_out", record_id=record.id, part=part.name, line_id=line.id),
        )
