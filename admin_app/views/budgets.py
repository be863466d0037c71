"""The register of budgets, with a page of what is spent of each and what is left."""

from typing import Any

from flask import request, url_for
from flask_admin import expose

from admin_app.database import db
from admin_app.models.budgets import Budget
from admin_app.models.fields import field_of
from admin_app.models.wording import wording
from admin_app.operations import budgets
from admin_app.operations.budgets import Line, Use
from admin_app.rules.dates import today
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.typed import whole


class BudgetView(RegisterView):
    """Budgets."""

    def shortcuts(self) -> list[dict[str, str]]:
        return [{"label": "执行情况", "url": self.url_of("standing")}]

    @expose("/standing")
    @opens("see")
    def standing(self) -> str:
        """Budget, spent and left of a year: together by unit, head and source, and one by one."""
        session, user = db.session, signed_in()
        years = budgets.years(session, user)
        year = whole(request.args.get("year")) or (years[0] if years else today().year)
        found = budgets.lines(session, user, year)
        paid, sum_paid = budgets.on_paper(session, user, year)
        return self.render(
            "budgets.html",
            crumbs=[*self.crumbs("")[:-1], ("执行情况", None)],
            year=year,
            years=[
                {"label": f"{each} 年", "url": self.url_of("standing", year=each), "current": each == year}
                for each in years
            ],
            lines=[{**_shown(each.use), "unit": each.unit, **_words(each)} for each in found],
            sums=[
                {"label": label, "lines": [{"label": name, **_shown(use)} for name, use in sums.items()]}
                for label, sums in (
                    ("按单位", budgets.together(found, lambda line: line.unit)),
                    ("按经费类型", budgets.together(found, lambda line: _words(line)["kind"])),
                    ("按资金来源", budgets.together(found, lambda line: _words(line)["source"])),
                )
            ],
            on_paper=paid and {"count": paid, "sum": f"{sum_paid:,.2f}", "url": url_for("payment.index")},
            pending=f"{budgets.pending(session, user):,.2f}",
        )


def _words(line: Line) -> dict[str, str]:
    return {
        "kind": wording(db.session, field_of(Budget, "funding_kind"), line.funding_kind),
        "source": wording(db.session, field_of(Budget, "funding_source"), line.funding_source),
    }


def _shown(use: Use) -> dict[str, Any]:
    return {
        "budget": f"{use.budget:,.2f}",
        "spent": f"{use.spent:,.2f}",
        "left": f"{use.left:,.2f}",
        "share": f"{use.share:.1%}",
        "warning": use.warning,
    }
