"""The whole history for the auditor: read, narrow, verify the chain."""

from datetime import UTC, datetime, time
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, select
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import history
from admin_app.database import db
from admin_app.exports.checking import check
from admin_app.history import Action
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS
from admin_app.rules.dates import SHANGHAI, parse_day
from admin_app.rules.uploads.unfit import Unfit
from admin_app.views import entries
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens
from admin_app.views.pager import turned
from admin_app.views.typed import clean

SIZE = 50
LONGEST = 50  # characters of a condition: the longest is a full name


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
        """The log, or what is asked of it: lines older or newer than one of them."""
        asked = {name: clean(request.args.get(name), LONGEST) for name in LogForm()._fields}
        lines, older, newer = turned(select(Entry).where(*_conditions(asked)), Entry.place, SIZE)
        kept = [(name, text) for name, text in asked.items() if text]
        return self.render(
            "history.html",
            crumbs=[("日志", None)],
            title="日志",
            entries=[entries.shown(db.session, each) for each in lines],
            tabs=_tabs("index"),
            query=LogForm(data=asked),
            pager={
                "older_url": address("log.index", [*kept, ("before", str(lines[-1].place))])
                if older
                else None,
                "newer_url": address("log.index", [*kept, ("after", str(lines[0].place))]) if newer else None,
            },
        )

    @expose("/verify", methods=("GET", "POST"))
    @opens("log.verify")
    def verify(self) -> str:
        """Walk the chain when asked to, for it takes as long as the log is long."""
        return self.render(
            "verify.html",
            crumbs=[("日志", url_for("log.index")), ("核对", None)],
            title="核对日志",
            tabs=_tabs("verify"),
            found=_walk() if request.method == "POST" else None,
        )

    @expose("/check", methods=("GET", "POST"))
    @opens("log.check")
    def check(self) -> Any:
        """Whether a ledger that somebody hands in is as it was downloaded."""
        found, fault, upload = None, "", request.files.get("file")
        if request.method == "POST":
            try:
                found = check(db.session, upload.read() if upload else b"")
            except Unfit as unfit:
                fault = str(unfit)
        page = self.render(
            "check.html",
            crumbs=[("日志", url_for("log.index")), ("核对台账文件", None)],
            title="核对台账文件",
            tabs=_tabs("check"),
            found=found,
            fault=fault,
            name=upload.filename if upload else "",
        )
        return page, 422 if fault else 200


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url_for(f"log.{name}"), "current": name == current, "count": None}
        for name, label in (
            ("index", "全部记录"),
            ("verify", "核对是否被改动"),
            ("check", "核对台账文件"),
        )
    ]


def _conditions(asked: dict[str, str]) -> list[ColumnElement[bool]]:
    columns = {"actor": Entry.actor_name, "action": Entry.action, "register": Entry.register}
    found = [column == asked[name] for name, column in columns.items() if asked[name]]
    try:
        midnight = datetime.combine(parse_day(asked["since"]), time(), SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):  # no day, or one before the first that can be reckoned
        return found
    return [*found, Entry.at >= midnight]


def _walk() -> dict[str, Any]:
    """Whether every line stands as it was written, in a sentence."""
    stood, broken = history.verify(db.session)
    place, digest = history.last(db.session)
    sentence = (
        f"{stood} 条记录全部完好，没有被改动或删除。"
        f"请把最后一条的编号 {place} 和校验码 {digest[:16]} 另外记下：下次编号变小，就是有人删过。"
        if broken is None
        else f"第 {broken} 条记录被改动过，或者它前面的记录被删除了，请立即报告。"
    )
    return {"ok": broken is None, "sentence": sentence}
