"""The whole history for the auditor: read, narrow, verify the chain."""

from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import history
from admin_app.database import db
from admin_app.history import Action
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS
from admin_app.rules.dates import SHANGHAI, parse_day
from admin_app.views import entries
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens

SIZE = 50


class LogForm(Form):
    actor = StringField("谁（全名）")
    action = SelectField(
        "做了什么",
        choices=[SelectChoice("", "全部"), *(SelectChoice(each.value, each.label) for each in Action)],
        validate_choice=False,
    )
    register = SelectField(
        "哪张表",
        choices=[SelectChoice("", "全部"), *(SelectChoice(w, each.noun) for w, each in REGISTERS.items())],
        validate_choice=False,
    )
    since = StringField("从哪天起", render_kw={"data-date": True})


class LogView(Page):
    """Every line of the history, newest first; pages go by the line's number, so depth costs nothing."""

    _default_view = "index"

    @expose("/")
    @opens("log.see")
    def index(self) -> str:
        """The log."""
        return self._page(None)

    @expose("/verify")
    @opens("log.verify")
    def verify(self) -> str:
        """Walk the chain and say whether every line stands as it was written."""
        stood, broken = history.verify(db.session)
        place, digest = history.last(db.session)
        sentence = (
            f"{stood} 条记录全部完好，没有被改动或删除。"
            f"请把最后一条的编号 {place} 和校验码 {digest[:16]} 另外记下：下次编号变小，就是有人删过。"
            if broken is None
            else f"第 {broken} 条记录被改动过，或者它前面的记录被删除了，请立即报告。"
        )
        return self._page({"ok": broken is None, "sentence": sentence})

    def _page(self, verified: dict[str, Any] | None) -> str:
        form = LogForm(request.args)
        query = select(Entry).order_by(Entry.place.desc()).limit(SIZE + 1)
        for condition in self._conditions(form):
            query = query.where(condition)
        before = request.args.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 10:
            query = query.where(Entry.place < int(before))
        found = list(db.session.scalars(query))
        return self.render(
            "history.html",
            crumbs=[("日志", None)],
            title="日志",
            entries=[entries.shown(db.session, each) for each in found[:SIZE]],
            tabs=[
                {
                    "label": "全部记录",
                    "url": url_for("log.index"),
                    "current": verified is None,
                    "count": None,
                },
                {
                    "label": "核对是否被改动",
                    "url": url_for("log.verify"),
                    "current": verified is not None,
                    "count": None,
                },
            ],
            pager=self._pager(found),
            query=form,
            verify=verified,
        )

    def _conditions(self, form: LogForm) -> list[Any]:
        found: list[Any] = []
        actor = "".join(c for c in form.actor.data or "" if ord(c) >= 32)[:50]
        if actor:
            found.append(Entry.actor_name == actor)
        if form.action.data:
            found.append(Entry.action == form.action.data[:20])
        if form.register.data:
            found.append(Entry.register == form.register.data[:20])
        try:
            day = parse_day(form.since.data or "")
        except ValueError:
            return found
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        return [*found, Entry.at >= midnight.astimezone(UTC)]

    def _pager(self, found: list[Entry]) -> dict[str, Any]:
        kept = [(name, value) for name, value in request.args.items() if name != "before" and value]
        more = len(found) > SIZE
        return {
            "count_text": f"{history.count(db.session)}",
            "page": 1,
            "pages": None,
            "size": SIZE,
            "sizes": [],
            "prev_url": address("log.index", kept) if "before" in request.args else None,
            "next_url": address("log.index", [*kept, ("before", str(found[SIZE - 1].place))])
            if more
            else None,
            "numbers": [],
            "jump_action": "",
            "jump_hidden": [],
        }
