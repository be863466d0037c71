"""The register of visits, with what only it has: a visit becomes a case."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import duplicates, visits
from admin_app.rules.refusals import NotNow
from admin_app.views.cases import alike
from admin_app.views.cells import Cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.doubts import Doubts
from admin_app.views.forms import Lines, RecordForm, parts_of
from admin_app.views.papers import SHEETS
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark


class CarriedForm(RecordForm):
    """The form of a new case that begins with what the visit knows; personal data stands masked."""

    def asked(self) -> tuple[list[Field], list[Lines]]:
        return [each for each in self.register.fields if each.open_to(None)], parts_of(self.register)

    def _offers(self) -> bool:
        return True


class VisitView(RegisterView):
    """Visits."""

    def extra_acts(self) -> list[Any]:
        return list(SHEETS)

    @expose("/<int:record_id>/convert", methods=("GET", "POST"))
    @opens("convert")
    def convert(self, record_id: int) -> Any:
        """The form of the case that a visit becomes; whoever comes second is led to the case."""
        visit = self.find(record_id)
        try:
            visits.may_be_taken_up(signed_in(), visit)
            return self._convert(visit)
        except NotNow as refused:
            db.session.rollback()
            flash(refused.sentence, "bad")
            return self._detail(self.find(record_id), unmasked=False), refused.status

    def _convert(self, visit: Visit) -> Any:
        session, user, case = db.session, signed_in(), REGISTERS["case"]
        posted = request.form if request.method == "POST" else None
        form = CarriedForm(session, user, case, record=visits.drafted(visit), formdata=posted)
        tried = self.tried(
            form,
            lambda given: visits.take_up(session, user, visit, given),
            lambda given: Doubts(duplicates.like_given(session, user, visits.carried(visit, given))),
        )
        if tried.record is not None:
            flash("已转为案件。", "ok")
            return redirect(url_for("case.detail", record_id=tried.record.id))
        cancel = self.url_of("detail", record_id=visit.id)
        return self._form_page(form, "转为案件", "登记案件", cancel, doubts=tried.doubts), tried.status

    def cell_of(self, record: Visit, each: Field, *, unmasked: bool) -> Cell:
        """Beside the birth date the age, which the paper form asks for."""
        shown = super().cell_of(record, each, unmasked=unmasked)
        if each.name != "birth_on" or record.age is None:
            return shown
        return replace(shown, text=f"{shown.text} 来访时 {record.age} 岁".strip())

    def _acts(self, user: User, record: Visit) -> dict[str, Any]:
        """What a visit is for comes first."""
        acts = super()._acts(user, record)
        if not policy.may(user, "visit.convert", record) or visits.refusal(record):
            return acts
        convert = {"label": "转为案件", "url": self.url_of("convert", record_id=record.id)}
        more = [acts["primary"], *acts["more"]] if acts["primary"] else acts["more"]
        return {**acts, "primary": convert, "more": more}

    def remarks(self, record: Visit) -> list[dict[str, Any]]:
        return [*self._became(record), *alike(duplicates.like_visit(db.session, signed_in(), record))]

    def _became(self, visit: Visit) -> list[dict[str, Any]]:
        """The case that was made of the visit, where the person may open it."""
        case = db.session.get(Case, visit.case_id) if visit.case_id else None
        if case is None or case.removed_at or not policy.may(signed_in(), "case.open", case):
            return []
        return [remark("已转成案件：", (str(case), url_for("case.detail", record_id=case.id)))]
