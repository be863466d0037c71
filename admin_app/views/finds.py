"""The register of finds, with what only it has: a find becomes a case."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.finds import Find
from admin_app.models.registry import REGISTERS
from admin_app.models.screenings import Screening
from admin_app.models.users import User
from admin_app.operations import duplicates, finds, major_reports
from admin_app.rules.finds import UNSETTLED
from admin_app.rules.refusals import NotNow
from admin_app.views.doors import opens, signed_in
from admin_app.views.doubts import Doubts
from admin_app.views.major_reports import next_act, told_of
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.visits import CarriedForm


class FindView(RegisterView):
    """Finds."""

    @expose("/<int:record_id>/convert", methods=("GET", "POST"))
    @opens("convert")
    def convert(self, record_id: int) -> Any:
        """The form of the case that a find becomes; whoever comes second is led to the case."""
        find = self.find(record_id)
        try:
            finds.may_be_taken_up(signed_in(), find)
            return self._convert(find)
        except NotNow as refused:
            db.session.rollback()
            flash(refused.sentence, "bad")
            return self._detail(self.find(record_id), unmasked=False), refused.status

    def _convert(self, find: Find) -> Any:
        session, user, case = db.session, signed_in(), REGISTERS["case"]
        posted = request.form if request.method == "POST" else None
        form = CarriedForm(session, user, case, record=finds.drafted(find), formdata=posted)
        tried = self.tried(
            form,
            lambda given: finds.take_up(session, user, find, given),
            lambda given: Doubts(duplicates.like_given(session, user, given)),
        )
        if tried.record is not None:
            flash("已转为案件。", "ok")
            return redirect(url_for("case.detail", record_id=tried.record.id))
        cancel = self.url_of("detail", record_id=find.id)
        return self._form_page(form, "转为案件", "登记案件", cancel, doubts=tried.doubts), tried.status

    def _acts(self, user: User, record: Find) -> dict[str, Any]:
        """To become a case stands beside being settled on the spot."""
        acts = next_act(super()._acts(user, record), record)
        if not policy.may(user, "find.convert", record) or record.state not in UNSETTLED:
            return acts
        convert = {"label": "转为案件", "url": self.url_of("convert", record_id=record.id)}
        return {**acts, "more": [convert, *acts["more"]]}

    def _saved(self, record: Find, sentence: str) -> Any:
        """What was typed may have made it a major one."""
        major_reports.watch(db.session, record)
        return super()._saved(record, sentence)

    def remarks(self, record: Find) -> list[dict[str, Any]]:
        """Where it comes from and what it became, as far as the person may open them."""
        found = told_of(record)
        came: tuple[tuple[type[Any], int | None, str], ...] = (
            (Screening, record.screening_id, "排查时发现："),
            (Case, record.case_id, "已转成案件："),
        )
        for model, record_id, words in came:
            word = "screening" if model is Screening else "case"
            thing = db.session.get(model, record_id) if record_id else None
            if thing is not None and not thing.removed_at and policy.may(signed_in(), f"{word}.open", thing):
                found.append(remark(words, (str(thing), url_for(f"{word}.detail", record_id=thing.id))))
        return found
