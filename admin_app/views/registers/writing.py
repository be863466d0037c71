"""Writing: create, edit and compare, remove, take a change back, and the look-ups of the form."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, flash, jsonify, redirect, request
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.operations import records, reverts
from admin_app.operations.given import Given
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused, Stale
from admin_app.views import conflicts, look_ups
from admin_app.views.doors import opens, signed_in
from admin_app.views.doubts import Doubts, Tried
from admin_app.views.forms import RecordForm, held
from admin_app.views.registers.page import RegisterPage, back
from admin_app.views.typed import LARGEST_ID, whole


class Writing(RegisterPage):
    """One record, to be written."""

    @expose("/new", methods=("GET", "POST"))
    @opens("create")
    def create(self) -> Any:
        """Register a new record."""
        posted = request.form if request.method == "POST" else None
        starts = self.first_values()
        form = RecordForm(db.session, signed_in(), self.register, formdata=posted, starts=starts)
        make = partial(records.create, db.session, signed_in(), self.register)
        tried = self.tried(form, make, self.doubts)
        if tried.record is not None:
            return self.made(tried.record)
        heading, cancel = self.head["make"], self.list_url(back())
        page = self._form_page(form, heading, self.register.making, cancel, doubts=tried.doubts)
        return page, tried.status

    def tried(
        self, form: RecordForm, make: Callable[[Given], Any], doubts: Callable[[Given], Doubts]
    ) -> Tried:
        """Make a record of what was posted; where there is a doubt, ask once before."""
        if request.method != "POST":
            return Tried()
        try:
            given = form.read()
            doubt = doubts(given)
            return Tried(make(given)) if doubt.settled(request.form) else Tried(None, doubt, NotNow.status)
        except RecordRefused as refused:
            db.session.rollback()
            form.show(refused.findings)
            return Tried(status=refused.status)

    def doubts(self, given: Given) -> Doubts:
        """What to ask once before saving a new record; for subclasses."""
        return Doubts()

    @expose("/<int:record_id>/edit", methods=("GET", "POST"))
    @opens("edit")
    def edit(self, record_id: int) -> Any:
        """Change a record; somebody else's change in the meantime is shown side by side (409)."""
        session, user = db.session, signed_in()
        record = self.find(record_id)
        policy.demand(user, f"{self.word}.edit", record)
        sentence = self.register.locked(record)
        if sentence:
            raise NotNow(sentence)
        form, status = RecordForm(session, user, self.register, record=record), 200
        if request.method == "POST":
            posted = conflicts.settled(request.form, form)
            form = RecordForm(session, user, self.register, record=record, formdata=posted)
            try:
                version = whole(posted.get("version")) or 0
                records.edit(session, user, record, form.read(), version=version)
                return self._saved(record, "已保存。")
            except RecordRefused as refused:
                session.rollback()
                form.show(refused.findings)
                status = refused.status
            except Stale as stale:
                session.rollback()
                compared = conflicts.Comparison(session, user, self.register, self.find(record_id), posted)
                return self._conflict(record_id, compared.page()), stale.status
        cancel = self.url_of("detail", record_id=record_id)
        return self._form_page(form, f"修改{self.register.noun}", "保存", cancel, record), status

    def first_values(self) -> dict[str, Any]:
        """What a new record's form begins with beside the defaults; for subclasses that know more."""
        return {}

    def made(self, record: Any) -> Any:
        """What a person sees after registering; for subclasses that have more to tell."""
        return self._saved(record, f"已{self.register.making}。")

    def _saved(self, record: Any, sentence: str) -> Any:
        flash(sentence, "ok")
        return redirect(self.url_of("detail", record_id=record.id))

    def _form_page(
        self,
        form: RecordForm,
        heading: str,
        submit: str,
        cancel: str,
        record: Any = None,
        *,
        doubts: Doubts | None = None,
    ) -> str:
        version = request.form.get("version", "") or (str(record.version) if record else "")
        return self.render(
            "form.html",
            crumbs=self.crumbs(heading),
            register=self.head,
            heading=f"{heading}：{record}" if record else heading,
            form=held(version=version, back=back()),
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            doubts=doubts or Doubts(),
            cancel_url=cancel,
            submit_label=submit,
        )

    def _conflict(self, record_id: int, page: dict[str, Any]) -> str:
        return self.render(
            "conflict.html",
            crumbs=self.crumbs("对照修改"),
            action_url=self.url_of("edit", record_id=record_id),
            cancel_url=self.url_of("detail", record_id=record_id),
            submit_label="按选定的保存",
            **page,
        )

    @expose("/<int:record_id>/remove", methods=("POST",))
    @opens("remove")
    def remove(self, record_id: int) -> Any:
        """Into the recycle bin."""
        records.remove(db.session, signed_in(), self.find(record_id))
        flash("已删除，可以在回收站里恢复。", "ok")
        return redirect(self.list_url(back()))

    @expose("/<int:record_id>/revert/<int:entry_id>", methods=("POST",))
    @opens("edit")
    def revert(self, record_id: int, entry_id: int) -> Any:
        """Take back one change."""
        record = self.find(record_id)
        entry = db.session.get(Entry, entry_id) if entry_id <= LARGEST_ID else None
        if entry is None:
            raise NotSeen()
        try:
            reverts.revert(db.session, signed_in(), record, entry)
        except RecordRefused as refused:
            raise NotNow(f"不能改回：{refused.sentence}") from refused
        flash("已改回原来的内容。", "ok")
        return redirect(self.url_of("history", record_id=record_id))

    @expose("/look-up/<link>")
    @opens("see")
    def look_up(self, link: str) -> Response:
        """What a link of this register's form offers for the typed letters."""
        return jsonify(
            look_ups.offered(db.session, signed_in(), self.register, link, request.args.get("q", ""))
        )
