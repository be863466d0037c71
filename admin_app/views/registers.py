"""One view for every register: list, detail, create, edit, recycle bin, history, look-up, batch."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.database import db
from admin_app.exports.ledger import LEDGERS
from admin_app.models.history import Entry
from admin_app.models.registry import Register
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused, Stale
from admin_app.views import columns, conflicts, entries, lists, look_ups, trees
from admin_app.views.addresses import address
from admin_app.views.cells import Cell, cell
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.forms import RecordForm, query_form
from admin_app.views.pager import pager

MOST_BATCH = 200
LONGEST_REASON = 200
LONGEST_STATE = 2000


class RegisterView(Page):
    """The screens of one register. Every record is found through `policy.find`, so a foreign id is a 404."""

    _default_view = "index"

    def __init__(self, register: Register) -> None:
        self.register = register
        self.word = register.word
        super().__init__(
            name=register.noun, category=register.group, endpoint=register.word, url=f"/{register.word}"
        )

    # ---------------------------------------------------------------- list

    @expose("/")
    @opens("see")
    def index(self) -> str:
        """The list."""
        return self._list(bin_=False)

    @expose("/bin")
    @opens("restore")
    def bin(self) -> str:
        """The recycle bin: what this person may restore."""
        return self._list(bin_=True)

    def _list(self, *, bin_: bool) -> str:
        session, user = db.session, signed_in()
        state = lists.read_state(session, user, self.register, request.args, bin_=bin_)
        shown = columns.shown(session, user, self.register)
        found = lists.fetch(session, user, state, shown)
        specs = lists.queried(self.register)
        return self.render(
            "list.html",
            crumbs=[(self.register.group, None), (self.register.noun, None)],
            register={"word": self.word, "label": self.register.noun, "noun": self.register.noun},
            columns=[_heading(state, each) for each in shown],
            all_columns=columns.offered(self.register, shown),
            columns_url=self._url("choose_columns"),
            rows=[self._row(session, user, each, shown, bin_) for each in found.rows],
            query=query_form(session, specs, state.typed, self.register),
            query_hidden=[pair for pair in state.pairs(page=None) if pair[0] not in state.typed],
            query_open=any(each.name in state.typed for each in specs[4:]),
            reset_url=self._url("bin" if bin_ else "index"),
            tree=trees.tree(session, user, state),
            tree_root_url=state.url(unit=None, page=None),
            unit_name=str(state.unit) if state.unit else None,
            pager=pager(state, found),
            tools=self._tools(user, state, bin_),
            bin=bin_,
            batch=self._batch(user, bin_),
            batch_url=self._url("batch", back=_query()),
            empty=self._empty(user, state),
            notices=state.notices,
        )

    def _row(self, session: Session, user: User, record: Any, shown: list[Any], bin_: bool) -> dict[str, Any]:
        cells = [cell(session, user, record, each) for each in shown]
        if cells and not cells[0].text:
            cells[0] = Cell(
                "（未编号）", "text"
            )  # the first column leads to the record, so it is never blank
        return {
            "id": record.id,
            "url": self._url("bin") if bin_ else self._url("detail", record_id=record.id, back=_query()),
            "title": str(record),
            "cells": cells,
        }

    def _tools(self, user: User, state: lists.ListState, bin_: bool) -> dict[str, str | None]:
        may = {verb: policy.may(user, f"{self.word}.{verb}") for verb in ("create", "export", "restore")}
        return {
            "create_url": self._url("create", back=_query()) if may["create"] and not bin_ else None,
            "export_url": self._ledger_url(state) if may["export"] and not bin_ else None,
            "bin_url": self._url("bin") if may["restore"] and not bin_ else None,
            "back_url": self._url("index") if bin_ else None,
        }

    def _ledger_url(self, state: lists.ListState) -> str | None:
        """The register's own ledger, with the list's filter."""
        name = next((ledger.name for ledger in LEDGERS.values() if ledger.word == self.word), None)
        return address("ledgers.ledger", state.pairs(page=None), book=name) if name else None

    def _batch(self, user: User, bin_: bool) -> list[dict[str, str]]:
        if bin_:
            return [{"name": "restore", "label": "恢复", "confirm": "确定恢复选中的记录吗？", "tone": ""}]
        if not policy.may(user, f"{self.word}.remove"):
            return []
        return [
            {
                "name": "remove",
                "label": "删除",
                "confirm": "确定删除选中的记录吗？删除后可以在回收站里恢复。",
                "tone": "seal",
            }
        ]

    def _empty(self, user: User, state: lists.ListState) -> dict[str, str | None]:
        if state.typed or state.unit:
            sentence = f"没有符合条件的{self.register.noun}，可以放宽条件再找。"
            return {"sentence": sentence, "act_label": "重置条件", "act_url": self._url("index")}
        if state.bin:
            return {"sentence": "回收站是空的。", "act_label": "返回列表", "act_url": self._url("index")}
        may = policy.may(user, f"{self.word}.create")
        return {
            "sentence": f"这里还没有{self.register.noun}。",
            "act_label": f"登记{self.register.noun}",
            "act_url": self._url("create") if may else None,
        }

    @expose("/columns", methods=("POST",))
    @opens("see")
    def choose_columns(self) -> Any:
        """Remember which columns this person wants to see."""
        columns.remember(db.session, signed_in(), self.register, request.form.getlist("names"))
        return redirect(self._back_url(request.form.get("back", "").partition("?")[2]))

    @expose("/batch", methods=("POST",))
    @opens("see")
    def batch(self) -> Any:
        """Remove or restore several records: all of them or none."""
        session, user = db.session, signed_in()
        verbs = {"remove": (records.remove, False), "restore": (records.restore, True)}
        if request.form.get("action") not in verbs:
            raise NotSeen("没有这种操作。")
        verb, removed = verbs[request.form["action"]]
        ids = {int(text) for text in request.form.getlist("ids") if text.isascii() and text.isdigit()}
        if not 0 < len(ids) <= MOST_BATCH:
            raise NotNow(f"请先勾选记录，一次最多 {MOST_BATCH} 条。")
        for record_id in sorted(ids):
            verb(session, user, policy.find(session, user, self.register.model, record_id, removed=removed))
        flash(f"已{'恢复' if removed else '删除'} {len(ids)} 条。", "ok")
        return redirect(self._back_url(_back(), "bin" if removed else "index"))

    # ---------------------------------------------------------------- detail

    @expose("/<int:record_id>")
    @opens("see")
    def detail(self, record_id: int) -> str:
        """One record, masked."""
        return self._detail(self._find(record_id), unmasked=False)

    @expose("/<int:record_id>/unmask", methods=("POST",))
    @opens("sensitive")
    def unmask(self, record_id: int) -> str:
        """The record with its personal data in full; who, what and why go into the history."""
        record = self._find(record_id)
        policy.demand(signed_in(), f"{self.word}.sensitive", record)
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            raise NotNow("请写明查看理由，再点“查看”。")
        history.note(db.session, history.Action.UNMASK, record=record, words=f"理由：{reason}")
        return self._detail(record, unmasked=True)

    def _detail(self, record: Any, *, unmasked: bool) -> str:
        session, user = db.session, signed_in()
        fields = self.register.fields
        cells = {each.name: cell(session, user, record, each, unmasked=unmasked) for each in fields}
        may_unmask = not unmasked and policy.may(user, f"{self.word}.sensitive", record)
        unmask_url = self._url("unmask", record_id=record.id) if may_unmask else None
        sections: dict[str, list[dict[str, Any]]] = {}
        for each in fields:
            sections.setdefault(each.say.section, []).append(
                {
                    "label": each.label,
                    "cell": cells[each.name],
                    "wide": each.say.wide or each.kind == "long",
                    "unmask_url": unmask_url if cells[each.name].masked else None,
                }
            )
        return self.render(
            "detail.html",
            crumbs=self._crumbs(str(record)),
            register={"word": self.word, "label": self.register.noun, "noun": self.register.noun},
            title=str(record),
            subtitle=[each for each in cells.values() if each.tag],
            sections=[{"label": label, "items": items} for label, items in sections.items()],
            parts=self._parts(record, unmasked=unmasked),
            warnings=records.warnings(session, record),
            tabs=self._tabs(record, "detail"),
            back_url=self._back_url(_back()),
            print_url=None,
            unmask_reason_needed=True,
            **self._acts(user, record),
        )

    def _parts(self, record: Any, *, unmasked: bool) -> list[dict[str, Any]]:
        session, user = db.session, signed_in()
        return [
            {
                "label": part.label,
                "columns": [each.label for each in part.fields],
                "rows": [
                    [cell(session, user, line, each, unmasked=unmasked) for each in part.fields]
                    for line in getattr(record, part.name)
                ],
                "empty": f"还没有登记{part.label}。",
            }
            for part in self.register.part_lists()
        ]

    def _acts(self, user: User, record: Any) -> dict[str, Any]:
        """The one obvious next act, and the others behind it."""
        locked = self.register.locked(record) is not None
        edit = {"label": "修改", "url": self._url("edit", record_id=record.id)}
        remove = {
            "label": "删除",
            "url": self._url("remove", record_id=record.id),
            "method": "post",
            "confirm": "确定删除吗？删除后可以在回收站里恢复。",
            "tone": "seal",
        }
        more = [
            {"label": act.label, "url": act.url(record), "method": "post", "confirm": act.confirm, "tone": ""}
            for act in self.extra_acts()
            if policy.may(user, f"{self.word}.{act.verb}", record)
        ]
        if not locked and policy.may(user, f"{self.word}.remove", record):
            more.append(remove)
        may_edit = not locked and policy.may(user, f"{self.word}.edit", record)
        return {"primary": edit if may_edit else None, "more": more}

    def extra_acts(self) -> list[Any]:
        """Acts of this register beyond those of all; for subclasses."""
        return []

    def _tabs(self, record: Any, current: str) -> list[dict[str, Any]]:
        tabs = [("detail", "内容")]
        if policy.may(signed_in(), f"{self.word}.history", record):
            tabs.append(("history", "修改记录"))
        return [
            {
                "label": label,
                "url": self._url(name, record_id=record.id),
                "current": name == current,
                "count": None,
            }
            for name, label in tabs
        ]

    # ---------------------------------------------------------------- create and edit

    @expose("/new", methods=("GET", "POST"))
    @opens("create")
    def create(self) -> Any:
        """Register a new record."""
        session = db.session
        posted = request.form if request.method == "POST" else None
        form = RecordForm(session, self.register, formdata=posted)
        status = 200
        if posted is not None:
            try:
                record = records.create(session, signed_in(), self.register, form.read())
                return self._saved(record, "已登记。")
            except RecordRefused as refused:
                session.rollback()
                form.show(refused.findings)
                status = refused.status
        return self._form_page(form, f"登记{self.register.noun}", "登记", self._back_url(_back())), status

    @expose("/<int:record_id>/edit", methods=("GET", "POST"))
    @opens("edit")
    def edit(self, record_id: int) -> Any:
        """Change a record; somebody else's change in the meantime is shown side by side (409)."""
        session, user = db.session, signed_in()
        record = self._find(record_id)
        policy.demand(user, f"{self.word}.edit", record)
        sentence = self.register.locked(record)
        if sentence:
            raise NotNow(sentence)
        posted = request.form if request.method == "POST" else None
        form = RecordForm(session, self.register, record=record, formdata=posted)
        status = 200
        if posted is not None:
            try:
                given = conflicts.settled(form.read(), posted)
                records.edit(session, user, record, given, version=_version(posted))
                return self._saved(record, "已保存。")
            except RecordRefused as refused:
                session.rollback()
                form.show(refused.findings)
                status = refused.status
            except Stale as stale:
                session.rollback()
                page = conflicts.page(session, self.register, self._find(record_id), posted)
                return self._conflict(record_id, page), stale.status
        cancel = self._url("detail", record_id=record_id)
        return self._form_page(form, f"修改{self.register.noun}", "保存", cancel, record), status

    def _saved(self, record: Any, sentence: str) -> Any:
        flash(sentence, "ok")
        for warning in records.warnings(db.session, record):
            flash(warning, "warn")
        return redirect(self._url("detail", record_id=record.id))

    def _form_page(self, form: RecordForm, heading: str, submit: str, cancel: str, record: Any = None) -> str:
        version = request.form.get("version", "") or (str(record.version) if record else "")
        return self.render(
            "form.html",
            crumbs=self._crumbs(heading),
            register={"word": self.word, "label": self.register.noun, "noun": self.register.noun},
            heading=f"{heading}：{record}" if record else heading,
            form=conflicts.held(version=version, back=_back()),
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            cancel_url=cancel,
            submit_label=submit,
        )

    def _conflict(self, record_id: int, page: dict[str, Any]) -> str:
        return self.render(
            "conflict.html",
            crumbs=self._crumbs("对照修改"),
            action_url=self._url("edit", record_id=record_id),
            cancel_url=self._url("detail", record_id=record_id),
            submit_label="按选定的保存",
            **page,
        )

    # ---------------------------------------------------------------- remove, history, look-up

    @expose("/<int:record_id>/remove", methods=("POST",))
    @opens("remove")
    def remove(self, record_id: int) -> Any:
        """Into the recycle bin."""
        records.remove(db.session, signed_in(), self._find(record_id))
        flash("已删除，可以在回收站里恢复。", "ok")
        return redirect(self._back_url(_back()))

    @expose("/<int:record_id>/history")
    @opens("history")
    def history(self, record_id: int) -> str:
        """Who changed what, when: newest first."""
        session, user = db.session, signed_in()
        record = self._find(record_id)
        policy.demand(user, f"{self.word}.history", record)
        may_revert = policy.may(user, f"{self.word}.edit", record) and not self.register.locked(record)
        return self.render(
            "history.html",
            crumbs=[
                *self._crumbs(str(record))[:-1],
                (str(record), self._url("detail", record_id=record_id)),
                ("修改记录", None),
            ],
            title=str(record),
            entries=[
                entries.shown(session, each, revert=may_revert)
                for each in entries.of_record(session, self.word, record_id)
            ],
            tabs=self._tabs(record, "history"),
            pager=None,
            query=None,
            verify=None,
        )

    @expose("/<int:record_id>/revert/<int:entry_id>", methods=("POST",))
    @opens("edit")
    def revert(self, record_id: int, entry_id: int) -> Any:
        """Take back one change."""
        record = self._find(record_id)
        entry = db.session.get(Entry, entry_id)
        if entry is None:
            raise NotSeen()
        try:
            records.revert(db.session, signed_in(), record, entry)
        except RecordRefused as refused:
            raise NotNow(f"不能改回：{refused.sentence}") from refused
        flash("已改回原来的内容。", "ok")
        return redirect(self._url("history", record_id=record_id))

    @expose("/look-up/<link>")
    @opens("see")
    def look_up(self, link: str) -> Response:
        """What a link of this register's form offers for the typed letters."""
        return jsonify(
            look_ups.offered(db.session, signed_in(), self.register, link, request.args.get("q", ""))
        )

    @expose("/seek/<link>")
    @opens("see")
    def seek(self, link: str) -> Response:
        """What a link of this register's query bar offers: whatever the person may see."""
        return jsonify(look_ups.seen(db.session, signed_in(), self.register, link, request.args.get("q", "")))

    # ---------------------------------------------------------------- small things

    def _find(self, record_id: int) -> Any:
        return policy.find(db.session, signed_in(), self.register.model, record_id)

    def _url(self, view: str, **values: Any) -> str:
        """A screen of this register; those of a record remember the list that the person came from."""
        if "record_id" in values:
            values.setdefault("back", _back())
        return url_for(
            f"{self.word}.{view}", **{name: value for name, value in values.items() if value != ""}
        )

    def _back_url(self, query: str, view: str = "index") -> str:
        """The list as it was left: only its query travels, so that nobody can be sent elsewhere."""
        return address(f"{self.word}.{view}", parse_qsl(query))

    def _crumbs(self, last: str) -> list[tuple[str, str | None]]:
        return [(self.register.group, None), (self.register.noun, self._back_url(_back())), (last, None)]


def _heading(state: lists.ListState, each: Any) -> dict[str, Any]:
    sorted_ = None
    if state.sort.removeprefix("-") == each.name:
        sorted_ = "desc" if state.sort.startswith("-") else "asc"
    turn = f"-{each.name}" if sorted_ == "asc" else each.name
    may_sort = each.name in lists.sortable(state.register)
    return {
        "name": each.name,
        "label": each.label,
        "kind": each.kind,
        "sort_url": state.url(sort=turn) if may_sort else None,
        "sorted": sorted_,
    }


def _query() -> str:
    """The state of the list that is open, for the way back to it."""
    return request.query_string.decode(errors="replace")[:LONGEST_STATE]


def _back() -> str:
    """The list's query, carried from the list through record, form and save."""
    return request.values.get("back", "")[:LONGEST_STATE]


def _version(posted: Any) -> int:
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
