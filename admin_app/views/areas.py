"""Areas 分片负责: the register, and the page that shows which townships nobody looks after."""

from typing import Any

from flask import request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.operations import areas
from admin_app.rules.dates import today
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.typed import whole


class AreaView(RegisterView):
    """Who is responsible for which township."""

    def shortcuts(self) -> list[dict[str, str]]:
        return [{"label": "分片情况", "url": url_for("areas.index")}]

    def first_values(self) -> dict[str, Any]:
        """The township from whose row the person came."""
        unit_id = whole(request.args.get("unit_id"))
        return {"unit_id": unit_id} if unit_id else {}


class AreasView(Page):
    """分片情况: township by township."""

    _default_view = "index"

    @expose("/")
    @opens("area.see")
    def index(self) -> str:
        """Every township of one's scope; those without anybody first."""
        rows = areas.townships(db.session, signed_in(), today())
        return self.render(
            "areas.html",
            crumbs=[("分片情况", None)],
            rows=sorted(rows, key=lambda each: bool(each.areas)),
            bare=sum(not each.areas for each in rows),
            may_assign=policy.may(signed_in(), "area.create"),
        )
