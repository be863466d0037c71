"""Circulars 通报: the register, the signing of whoever has read one, and the sender's board."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin_app import policy
from admin_app.database import db
from admin_app.models.circulars import Circular, Receipt
from admin_app.models.users import User
from admin_app.operations import circulars
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import local
from admin_app.views.addresses import address
from admin_app.views.doors import opens, signed_in
from admin_app.views.pager import turned
from admin_app.views.papers import CIRCULAR_SHEETS, ready
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark

SIZE = 100
WHICH = {"unread": "还没有签阅", "read": "已经签阅", "all": "全部"}
NOBODY = {"unread": "都签阅了。", "read": "还没有单位签阅。", "all": "没有接收单位。"}


class CircularView(RegisterView):
    """Circulars."""

    def tabs_of(self, record: Circular) -> list[tuple[str, str]]:
        tabs = super().tabs_of(record)
        if self._may_look(record):
            tabs.insert(1, ("board", "签阅情况"))
        return tabs

    def _may_look(self, record: Circular) -> bool:
        """Who has read it is shown to whoever has sent it, once it is out."""
        return record.state is not CircularState.DRAFT and policy.may(signed_in(), "circular.history", record)

    def first_values(self) -> dict[str, Any]:
        """One's own unit sends it."""
        return {"unit_id": policy.home(signed_in(), "circular.create")}

    def later(self, record: Circular) -> set[str]:
        """To withdraw is never the next thing to do, nor to remind where everybody has read it."""
        owed, read = circulars.standing(db.session, record)
        return {"withdraw", "remind"} if read == owed else {"withdraw"}

    def extra_acts(self) -> list[Any]:
        return list(CIRCULAR_SHEETS)

    def _acts(self, user: User, record: Circular) -> dict[str, Any]:
        """To sign for it is what a reader does first."""
        acts = ready(super()._acts(user, record), record, CIRCULAR_SHEETS)
        if not self._may_sign(record):
            return acts
        sign = {
            "label": "签阅",
            "url": url_for("circular.sign", record_id=record.id),
            "method": "post",
            "confirm": "看完了吗？签阅以后，发出单位就知道您看过了。",
            "tone": "primary",
        }
        rest = [acts["primary"]] if acts["primary"] else []
        return {"primary": None, "more": [sign, *rest, *acts["more"]]}

    def _may_sign(self, record: Circular) -> bool:
        user = signed_in()
        may = record.state is CircularState.SENT and policy.may(user, "circular.read", record)
        return may and not circulars.has_read(db.session, user, record)

    def remarks(self, record: Circular) -> list[dict[str, Any]]:
        if not self._may_look(record):
            return []
        owed, read = circulars.standing(db.session, record)
        link = ("看是哪些", url_for("circular.board", record_id=record.id))
        return [remark(f"{owed} 个单位里有 {read} 个已经签阅。", link, tone="ok" if read == owed else "warn")]

    @expose("/<int:record_id>/sign", methods=("POST",))
    @opens("read")
    def sign(self, record_id: int) -> Any:
        """The person has read it."""
        circulars.sign(db.session, signed_in(), self.find(record_id))
        flash("已签阅。", "ok")
        return redirect(url_for("circular.detail", record_id=record_id))

    @expose("/<int:record_id>/board")
    @opens("history")
    def board(self, record_id: int) -> str:
        """Which units have read it, who, and when."""
        session, record = db.session, self.find(record_id)
        policy.demand(signed_in(), "circular.history", record)
        which = request.args.get("which", "unread")
        which = which if which in WHICH else "unread"
        query = select(Receipt).where(Receipt.circular_id == record.id)
        if which != "all":
            read = Receipt.read_at.is_not(None)
            query = query.where(read if which == "read" else ~read)
        query = query.options(selectinload(Receipt.unit), selectinload(Receipt.reader))
        rows, older, newer = turned(query, Receipt.id, SIZE)
        owed, done = circulars.standing(session, record)

        def at(*pairs: tuple[str, str]) -> str:
            return address("circular.board", [("which", which), *pairs], record_id=record.id)

        return self.render(
            "circular_board.html",
            crumbs=[
                *self.crumbs(str(record))[:-1],
                (str(record), url_for("circular.detail", record_id=record.id)),
                ("签阅情况", None),
            ],
            title=str(record),
            tabs=self._tabs(record, "board"),
            owed=owed,
            done=done,
            nobody=NOBODY[which],
            choices=[
                {
                    "label": label,
                    "url": address("circular.board", [("which", name)], record_id=record.id),
                    "current": name == which,
                }
                for name, label in WHICH.items()
            ],
            rows=[
                {
                    "unit": str(each.unit),
                    "reader": each.reader.name if each.reader else "",
                    "at": f"{local(each.read_at):%Y-%m-%d %H:%M}" if each.read_at else "",
                }
                for each in rows
            ],
            remind_url=self._remind_url(record) if done < owed else None,
            pager={
                "older_url": at(("before", str(rows[-1].id))) if older else None,
                "newer_url": at(("after", str(rows[0].id))) if newer else None,
            },
        )

    def _remind_url(self, record: Circular) -> str | None:
        open_now = record.state is CircularState.SENT and policy.may(signed_in(), "circular.remind", record)
        return self.url_of("step", record_id=record.id, step="remind") if open_now else None
