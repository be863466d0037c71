"""The register of cases, with what only it has."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.visits import Visit
from admin_app.views.doors import signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark


class CaseView(RegisterView):
    """Cases."""

    def remarks(self, record: Case) -> list[dict[str, Any]]:
        return [*self._came_from(record)]

    def _came_from(self, case: Case) -> list[dict[str, Any]]:
        """The visits that became this case, as far as the person may open them."""
        seen = policy.visible(Visit, signed_in())
        query = select(Visit).where(Visit.case_id == case.id, Visit.removed_at.is_(None), seen)
        return [
            remark("由来访转成：", (str(each), url_for("visit.detail", record_id=each.id)))
            for each in db.session.scalars(query.order_by(Visit.id))
        ]
