"""The list of a register, its recycle bin, its columns, and what is done to several records at once."""

from typing import Any

from flask import Response, flash, jsonify, redirect, request
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.exports.ledger import main_book
from admin_app.models.users import User
from admin_app.operations import records
from admin_app.rules.refusals import NotSeen
from admin_app.views import columns, lists, look_ups, trees
from admin_app.views.addresses import address
from admin_app.views.cells import cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.pager import pager
from admin_app.views.queries import query_form
from admin_app.views.registers.batching import STEP, as_seen, batch_steps, ticked
from admin_app.views.registers.page import RegisterPage, back, open_query

IN_SIGHT = 4  # conditions that the query bar always shows; the rest stand behind 展开


class Listing(RegisterPage):
    """Many records."""

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
        bar = query_form(session, lists.queried(self.register), state.typed, self.register)
        return self.render(
            "list.html",
            crumbs=[(self.register.group, None), (self.register.noun, None)],
            register=self.head,
            columns=[_heading(state, each) for each in shown],
            all_columns=columns.offered(self.register, shown),
            columns_url=self.url_of("choose_columns"),
            rows=[self._row(session, user, each, shown, bin_) for each in found.records],
            query=bar,
            query_hidden=[pair for pair in state.pairs(page=None) if pair[0] not in state.typed],
            query_open=any(each.data for each in list(bar)[IN_SIGHT:]),
            reset_url=self.url_of("bin" if bin_ else "index"),
            tree=trees.tree(session, user, state),
            tree_root_url=state.url(unit=None, page=None),
            unit_name=str(state.unit) if state.unit else None,
            pager=pager(state, found),
            tools=self._tools(user, state, bin_),
            shortcuts=[] if bin_ else self.shortcuts(),
            bin=bin_,
            batch=self._batch(user, bin_),
            batch_url=self.url_of("batch", back=open_query()),
            empty=self._empty(user, state),
            question={"typed": state.question.typed, "url": state.url(q=None)} if state.question else None,
            todo={"label": state.todo.label, "url": state.url(todo=None)} if state.todo else None,
            notices=state.notices,
        )

    def _row(self, session: Session, user: User, record: Any, shown: list[Any], bin_: bool) -> dict[str, Any]:
        cells = [cell(session, user, record, each) for each in shown]
        return {
            "id": record.id,
            "seen": as_seen(record),
            "url": self.url_of("bin")
            if bin_
            else self.url_of("detail", record_id=record.id, back=open_query()),
            "title": str(record),
            "cells": cells,
        }

    def _tools(self, user: User, state: lists.ListState, bin_: bool) -> dict[str, str | None]:
        may = {verb: policy.may(user, f"{self.word}.{verb}") for verb in ("create", "export", "restore")}
        return {
            "create_url": self.url_of("create", back=open_query()) if may["create"] and not bin_ else None,
            "export_url": self._ledger_url(state) if may["export"] and not bin_ else None,
            "bin_url": self.url_of("bin") if may["restore"] and not bin_ else None,
            "back_url": self.url_of("index") if bin_ else None,
        }

    def shortcuts(self) -> list[dict[str, str]]:
        """[{label, url}] beside the button that registers; for registers that have quicker ways."""
        return []

    def _ledger_url(self, state: lists.ListState) -> str | None:
        """The register's main book, with the list's filter."""
        book = main_book(self.word)
        return address("ledgers.ledger", state.pairs(page=None, todo=None), book=book.name) if book else None

    def _batch(self, user: User, bin_: bool) -> list[dict[str, str]]:
        if bin_:
            return [{"name": "restore", "label": "恢复", "confirm": "确定恢复选中的记录吗？", "tone": ""}]
        acts = [
            {"name": f"{STEP}{each.name}", "label": f"批量{each.label}", "confirm": "", "tone": ""}
            for each in batch_steps(self.word).values()
            if policy.may(user, f"{self.word}.{each.name}")
        ]
        if not policy.may(user, f"{self.word}.remove"):
            return acts
        return [
            *acts,
            {
                "name": "remove",
                "label": "删除",
                "confirm": "确定删除选中的记录吗？删除后可以在回收站里恢复。",
                "tone": "seal",
            },
        ]

    def _empty(self, user: User, state: lists.ListState) -> dict[str, str | None]:
        if state.todo and not (state.typed or state.unit):
            sentence = f"{state.todo.label}的都办完了。"
            return {"sentence": sentence, "act_label": "看全部", "act_url": self.url_of("index")}
        if state.typed or state.unit or state.question:
            sentence = f"没有符合条件的{self.register.noun}，可以放宽条件再找。"
            return {"sentence": sentence, "act_label": "重置条件", "act_url": self.url_of("index")}
        if state.bin:
            return {"sentence": "回收站是空的。", "act_label": "返回列表", "act_url": self.url_of("index")}
        may = policy.may(user, f"{self.word}.create")
        return {
            "sentence": f"这里还没有{self.register.noun}。",
            "act_label": self.head["make"],
            "act_url": self.url_of("create") if may else None,
        }

    @expose("/columns", methods=("POST",))
    @opens("see")
    def choose_columns(self) -> Any:
        """Remember which columns this person wants to see."""
        columns.remember(db.session, signed_in(), self.register, request.form.getlist("names"))
        return redirect(self.list_url(request.form.get("back", "").partition("?")[2]))

    @expose("/batch", methods=("POST",))
    @opens("see")
    def batch(self) -> Any:
        """Remove or restore several records, all of them or none; a step asks for its facts first."""
        session, user = db.session, signed_in()
        action = request.form.get("action", "")
        ids = ticked(request.form.getlist("ids"))
        if action.removeprefix(STEP) in batch_steps(self.word):
            listed = {text.partition(":")[0]: text for text in request.form.getlist("seen")}
            seen = [listed[each] for each in map(str, ids) if each in listed]
            query = [("ids", ",".join(map(str, ids))), ("seen", ",".join(seen)), ("back", back())]
            return redirect(address(f"{self.word}.batch_step", query, step=action.removeprefix(STEP)))
        verbs = {"remove": (records.remove, False), "restore": (records.restore, True)}
        if action not in verbs:
            raise NotSeen("没有这种操作。")
        verb, removed = verbs[action]
        for record_id in ids:
            verb(session, user, policy.find(session, user, self.register.model, record_id, removed=removed))
        flash(f"已{'恢复' if removed else '删除'} {len(ids)} 条。", "ok")
        return redirect(self.list_url(back(), "bin" if removed else "index"))

    @expose("/seek/<link>")
    @opens("see")
    def seek(self, link: str) -> Response:
        """What a link of this register's query bar offers: whatever the person may see."""
        return jsonify(look_ups.seen(db.session, signed_in(), self.register, link, request.args.get("q", "")))


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
