"""The register of monthly reports, with what the month's screening proposes for one."""

from typing import Any

from flask import request

from admin_app.database import db
from admin_app.models.monthly import Monthly
from admin_app.operations import months
from admin_app.rules.dates import today
from admin_app.views.doors import signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark


class MonthlyView(RegisterView):
    """Monthly reports."""

    def shortcuts(self) -> list[dict[str, str]]:
        """For whoever reports for one committee: the month that has just ended, filled in."""
        if _committee() is None:
            return []
        return [{"label": "按排查记录填", "url": self.url_of("create", suggest="1")}]

    def first_values(self) -> dict[str, Any]:
        """Of last month, where the proposal is asked for; whoever reports it may change it."""
        committee_id = _committee()
        if request.args.get("suggest") != "1" or committee_id is None:
            return {}
        year, index = divmod(today().year * 12 + today().month - 2, 12)
        screenings, prevented = months.proposed(db.session, committee_id, year, index + 1)
        return {"year": year, "month": index + 1, "screenings": screenings, "prevented": prevented}

    def remarks(self, record: Monthly) -> list[dict[str, Any]]:
        """What was reported stays; what the screening of the month says stands beside it."""
        told = months.proposed(db.session, record.committee_id, record.year, record.month)
        if told in ((0, 0), (record.screenings, record.prevented)):
            return []
        return [remark(f"排查记录里，这个月排查 {told[0]} 次，就地化解 {told[1]} 件。")]


def _committee() -> int | None:
    """The one committee that a person works for."""
    ids = {post.committee_id for post in signed_in().posts} - {None}
    return ids.pop() if len(ids) == 1 else None
