"""典型案例: drafted on the case's page, cleaned where names remain, read by everybody once published."""

from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.codes import codebook
from admin_app.models.fields import field_of
from admin_app.models.typical_cases import TypicalCase
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import typical_cases
from admin_app.rules.tiers import ancestors
from admin_app.rules.typical_cases import TypicalState
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark

_READ = ("brief", "course", "result", "comment")
_AROUND = 8  # characters shown on either side of what was found


class TypicalCaseView(RegisterView):
    """The library."""

    template = "typical_case.html"

    @expose("/<int:record_id>/read")
    @opens("see")
    def read(self, record_id: int) -> str:
        """The case as others read it, to be printed; neither who wrote it nor from which case."""
        return self._read(self.find(record_id))

    @expose("/<int:record_id>/mend", methods=("POST",))
    @opens("edit")
    def mend(self, record_id: int) -> Any:
        """Everything that was found is replaced at once."""
        record = self.find(record_id)
        typical_cases.mend(db.session, signed_in(), record)
        flash("已全部替换，请再通读一遍，看文字通不通。", "ok")
        return redirect(self.url_of("detail", record_id=record.id))

    def _detail(self, record: TypicalCase, **more: Any) -> str:
        """Whoever only finds it in the library reads it there: what was said on its way is not theirs."""
        if not policy.may(signed_in(), "typical_case.edit", record) and not policy.may(
            signed_in(), "typical_case.history", record
        ):
            return self._read(record)
        return super()._detail(record, **more)

    def _read(self, record: TypicalCase) -> str:
        above = (*ancestors(record.path), record.path)[:2]  # as far down as the county
        names = db.session.scalars(select(Unit.name).where(Unit.path.in_(above)).order_by(Unit.path))
        return self.render(
            "typical_case_read.html",
            crumbs=self.crumbs(record.title),
            record=record,
            kind=codebook(db.session).label("dispute_kind", record.kind),
            where="".join(names),
            texts=[(field_of(TypicalCase, each).label, getattr(record, each)) for each in _READ],
            back_url=self.way_back(),
        )

    def _acts(self, user: User, record: TypicalCase) -> dict[str, Any]:
        """To read it as others will stands beside what moves it on."""
        acts = super()._acts(user, record)
        read = {"label": "看发布的样子", "url": self.url_of("read", record_id=record.id)}
        return {**acts, "more": [*acts["more"], read]}

    def more(self, record: TypicalCase) -> dict[str, Any]:
        """Where in the text something of the case still stands."""
        if record.state not in (TypicalState.DRAFT, TypicalState.SUBMITTED):
            return {}
        found = typical_cases.remaining(db.session, record)
        mends = record.state is TypicalState.DRAFT and policy.may(signed_in(), "typical_case.edit", record)
        return {
            "leaks": [
                {
                    "label": field_of(TypicalCase, name).label,
                    "before": getattr(record, name)[max(0, leak.start - _AROUND) : leak.start],
                    "text": leak.text,
                    "after": getattr(record, name)[leak.end : leak.end + _AROUND],
                    "whose": leak.secret.whose,
                    "instead": leak.secret.instead,
                }
                for name, leaks in found.items()
                for leak in leaks
            ],
            "mend_url": self.url_of("mend", record_id=record.id) if mends else None,
        }

    def remarks(self, record: TypicalCase) -> list[dict[str, Any]]:
        """The case it was drawn from, for whoever may open that."""
        if not policy.may(signed_in(), "case.open", record.case):
            return []
        return [remark("由案件写成：", (str(record.case), url_for("case.detail", record_id=record.case_id)))]
