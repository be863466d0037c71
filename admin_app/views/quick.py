"""Quick registration of oral cases: one by one, or a table of them."""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.operations import duplicates
from admin_app.operations.given import Given
from admin_app.operations.quick import Values, as_given, made_of, register, register_all
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.views.doors import opens, signed_in
from admin_app.views.doubts import Doubts
from admin_app.views.forms import RecordForm
from admin_app.views.quick_forms import STARTS, BatchForm, QuickForm
from admin_app.views.registers import RegisterView
from admin_app.views.typed import clean

LONGEST_ENTRY = 40


class QuickPages(RegisterView):
    """The short ways into the register of cases."""

    def shortcuts(self) -> list[dict[str, str]]:
        if not policy.may(signed_in(), "case.quick"):
            return []
        return [
            {"label": "快速登记", "url": self.url_of("quick")},
            {"label": "批量快速登记", "url": self.url_of("quick_batch")},
        ]

    @expose("/quick", methods=("GET", "POST"))
    @opens("quick")
    def quick(self) -> Any:
        """One oral case, from the first word to the agreement."""
        form = self._drawn(QuickForm)
        return self._answered(
            form,
            "quick.html",
            "快速登记",
            lambda given: [given.values],
            lambda rows, entry: [register(db.session, signed_in(), rows[0], entry)],
        )

    @expose("/quick/batch", methods=("GET", "POST"))
    @opens("quick")
    def quick_batch(self) -> Any:
        """Many oral cases: all of them or none."""
        form = self._drawn(BatchForm)
        return self._answered(
            form,
            "quick_batch.html",
            "批量快速登记",
            form.values,
            lambda rows, entry: register_all(db.session, signed_in(), rows, entry),
        )

    @expose("/quick/done")
    @opens("quick")
    def quick_done(self) -> Any:
        """What a sheet has become."""
        entry = clean(request.args.get("entry"), LONGEST_ENTRY)
        cases = made_of(db.session, signed_in(), entry)
        if not cases:
            return redirect(self.url_of("quick"))
        return self.render(
            "quick_done.html",
            crumbs=self.crumbs("已登记"),
            cases=[_made(each) for each in cases],
            one_more_url=self.url_of("quick"),
            batch_url=self.url_of("quick_batch"),
            list_url=self.url_of("index"),
        )

    def _drawn(self, kind: type[Any]) -> Any:
        posted = request.form if request.method == "POST" else None
        return kind(db.session, signed_in(), self.register, formdata=posted, starts=STARTS)

    def _answered(
        self,
        form: RecordForm,
        template: str,
        heading: str,
        rows_of: Callable[[Given], list[Values]],
        make: Callable[[list[Values], str], list[Case]],
    ) -> Any:
        """The form; posted, its cases, or the form again with what is wrong or in doubt."""
        entry = clean(request.form.get("entry"), LONGEST_ENTRY) or token_urlsafe(16)
        doubts, status = Doubts(), 200
        if request.method == "POST":
            if made_of(db.session, signed_in(), entry):  # pressed twice
                return self._done(entry)
            try:
                rows = rows_of(form.read())
                doubts = _doubts(rows)
                if doubts.settled(request.form):
                    make(rows, entry)
                    return self._done(entry)
                status = NotNow.status
            except RecordRefused as refused:
                db.session.rollback()
                if made_of(db.session, signed_in(), entry):  # the first press has come before
                    return self._done(entry)
                form.show(refused.findings)
                status = refused.status
        page = self.render(
            template,
            crumbs=self.crumbs(heading),
            heading=heading,
            entry=entry,
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            doubts=doubts,
            cancel_url=self.url_of("index"),
        )
        return page, status

    def _done(self, entry: str) -> Any:
        return redirect(self.url_of("quick_done", entry=entry))


def _doubts(rows: list[Values]) -> Doubts:
    """The cases that some row may be, each once."""
    found = {
        case.id: (case, shared)
        for values in rows
        for case, shared in duplicates.like_given(db.session, signed_in(), as_given(values))
    }
    return Doubts(list(found.values()))


def _made(case: Case) -> dict[str, Any]:
    """A case that was just made, with its papers where the person may print them."""
    papers = policy.may(signed_in(), "case.sensitive", case)
    return {
        "title": str(case),
        "names": case.names,
        "url": url_for("case.detail", record_id=case.id),
        "papers_url": url_for("case.papers", record_id=case.id) if papers else None,
    }
