"""Imports: choose a book, upload the file, look at what would happen, confirm; afterwards, take it back."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, Form

import admin_app.imports.sheets  # noqa: F401  (declaring them is the point)
from admin_app import policy
from admin_app.database import db
from admin_app.imports.applying import carry_out, look, opened, options_of, summary
from admin_app.imports.finding import in_force_now
from admin_app.imports.jobs import IMPORT, LOOK, UNDO, given
from admin_app.imports.marking import EXCEL, marked, marked_name
from admin_app.imports.planning import Fate, Options
from admin_app.imports.reader import LARGEST
from admin_app.imports.sheet import SHEETS, Sheet
from admin_app.imports.template import template
from admin_app.models.codes import codebook
from admin_app.models.fields import field_of
from admin_app.models.import_batches import BatchState, ImportBatch
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import imports
from admin_app.operations.files import store_of
from admin_app.operations.import_undo import undo
from admin_app.operations.jobs import Kind, ask
from admin_app.operations.links import choices
from admin_app.operations.results import expired
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused
from admin_app.rules.uploads.names import fit_name
from admin_app.rules.uploads.unfit import Unfit
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.widgets import LookupField

TAKEN = ".xlsx,.xls,.ods,.csv"


class UploadForm(Form):
    """One file, and what holds for all of its lines."""

    file = FileField(
        "文件",
        description="可以是 .xlsx、.xls、.ods、.csv；最多 30 MB、20 万行。表头写法、顺序不同没有关系",
        render_kw={"accept": TAKEN},
    )
    placed = LookupField()
    update = BooleanField(
        "更新已有的记录",
        description="不打勾：已经有的记录保持不变，只新增。打勾：按表里的修改，空着的格子不改",
    )


class ImportsView(Page):
    """The books that a person may bring in."""

    _default_view = "index"

    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(_mine(signed_in()))

    @expose("/")
    @opens("home.see")
    def index(self) -> str:
        """The books, and what was imported before."""
        user = signed_in()
        groups: dict[str, list[dict[str, Any]]] = {}
        for sheet in _mine(user):
            group = groups.setdefault(REGISTERS[sheet.word].group, [])
            group.append({"label": sheet.label, "url": url_for("imports.sheet", sheet=sheet.name)})
        return self.render(
            "imports/index.html",
            crumbs=[("导入", None)],
            groups=groups,
            batches=[_card(each) for each in imports.mine(db.session, user)],
        )

    @expose("/<sheet>", methods=("GET", "POST"))
    @opens("home.see")
    def sheet(self, sheet: str) -> Any:
        """One book: its template, and the upload."""
        user, book = signed_in(), _find(signed_in(), sheet)
        form, faults = _upload(book), []
        if request.method == "POST":
            try:
                return redirect(_looked_at(user, book, form))
            except RecordRefused as refused:
                db.session.rollback()
                faults = refused.findings
                for finding in faults:
                    form[finding.field if finding.field in form else "file"].errors = [finding.sentence]
        page = self.render(
            "imports/sheet.html",
            crumbs=[("导入", url_for("imports.index")), (book.label, None)],
            sheet=book,
            form=form,
            template_url=url_for("imports.template", sheet=book.name),
            errors=[{"label": "文件", "sentence": each.sentence, "anchor": form.file.id} for each in faults],
        )
        return page, 422 if faults else 200

    @expose("/<sheet>/template.xlsx")
    @opens("home.see")
    def template(self, sheet: str) -> Any:
        """The template with today's drop-downs."""
        book, file = _find(signed_in(), sheet), BytesIO()
        template(db.session, book, file)
        file.seek(0)
        return send_file(file, EXCEL, as_attachment=True, download_name=f"{book.label}（导入模板）.xlsx")

    @expose("/batch/<int:batch_id>", methods=("GET", "POST"))
    @opens("home.see")
    def batch(self, batch_id: int) -> Any:
        """What the file would do; confirmed, what it has done."""
        user = signed_in()
        batch = imports.find(db.session, user, batch_id)
        sheet, status, refusal = _find(user, batch.sheet), 200, ""
        if request.method == "POST":
            if not batch.seen:
                raise NotNow("预览还没有做好，请等一等再来。")
            try:
                if _is_long(batch.seen):
                    return redirect(_later(user, IMPORT, batch))
                carry_out(db.session, user, batch)
                flash(f"已导入：{batch.words}。", "ok")
                return redirect(url_for("imports.batch", batch_id=batch_id))
            except (NotNow, RecordRefused) as refused:
                db.session.rollback()
                refusal, status = refused.sentence, refused.status
                batch = imports.find(db.session, signed_in(), batch_id)
                if batch.standing is BatchState.LOOKED_AT:
                    _look_again(signed_in(), sheet, batch)
        return self._shown(batch, sheet, refusal), status

    def _shown(self, batch: ImportBatch, sheet: Sheet, refusal: str) -> str:
        return self.render(
            "imports/batch.html",
            crumbs=[
                ("导入", url_for("imports.index")),
                (sheet.label, url_for("imports.sheet", sheet=sheet.name)),
                (f"第 {batch.id} 批", None),
            ],
            batch=batch,
            seen=batch.seen,
            sheet=sheet,
            fates=list(Fate),
            refusal=refusal,
            waits=batch.standing is BatchState.LOOKED_AT,
            done=batch.standing is BatchState.DONE,
            words=_words(db.session, batch),
            common=_common(db.session, batch, sheet),
            update=options_of(batch).update,
        )

    @expose("/batch/<int:batch_id>/words", methods=("POST",))
    @opens("home.see")
    def words(self, batch_id: int) -> Response:
        """What the words of the book mean; then the file is looked at again."""
        batch = imports.find(db.session, signed_in(), batch_id)
        sheet = _find(signed_in(), batch.sheet)
        if batch.standing is not BatchState.LOOKED_AT:
            raise NotNow(f"这一次导入{batch.standing.label}，不用再选了。")
        asked = [(table, word) for table, word, _ in batch.seen.get("words", [])]
        db.session.rollback()  # end of reading
        for index, (table, word) in enumerate(asked):
            code = request.form.get(f"word-{index}", "")
            if code and any(code == known for known, _ in in_force_now(db.session, table)):
                imports.explain(db.session, signed_in(), table, word, code)
        _look_again(signed_in(), sheet, imports.find(db.session, signed_in(), batch_id))
        return redirect(url_for("imports.batch", batch_id=batch_id))

    @expose("/batch/<int:batch_id>/common", methods=("POST",))
    @opens("home.see")
    def common(self, batch_id: int) -> Response:
        """What holds for all lines of a book that has no column of it; then the file is looked at again."""
        batch = imports.find(db.session, signed_in(), batch_id)
        sheet = _find(signed_in(), batch.sheet)
        if batch.standing is not BatchState.LOOKED_AT:
            raise NotNow(f"这一次导入{batch.standing.label}，不用再选了。")
        chosen = {}
        for each in _common(db.session, batch, sheet):
            code = request.form.get(each["name"], "")
            if code in dict(each["choices"]):
                chosen[each["name"]] = code
        db.session.rollback()  # end of reading
        batch = imports.find(db.session, signed_in(), batch_id)
        batch.asked = {**batch.asked, "common": chosen}
        _look_again(signed_in(), sheet, batch)
        return redirect(url_for("imports.batch", batch_id=batch_id))

    @expose("/batch/<int:batch_id>/errors.xlsx")
    @opens("home.see")
    def errors(self, batch_id: int) -> Any:
        """The same workbook with the cells marked and the sentences beside."""
        user = signed_in()
        batch = imports.find(db.session, user, batch_id)
        sheet = _find(user, batch.sheet)
        if not batch.seen.get("counts", {}).get(Fate.WRONG.value):
            raise NotNow("这一批没有要改的行，或者预览还没有做好。")
        if _is_long(batch.seen):
            return redirect(_marked_by_worker(user, batch))
        content = _content(batch)
        book = opened(content)
        seen = look(db.session, user, sheet, book, options_of(batch))
        db.session.rollback()
        file = BytesIO(marked(content, book, seen.wrong))
        return send_file(file, EXCEL, as_attachment=True, download_name=marked_name(batch))

    @expose("/batch/<int:batch_id>/undo", methods=("POST",))
    @opens("home.see")
    def undo(self, batch_id: int) -> Any:
        """What was made goes to the recycle bin, what was changed is as before."""
        user = signed_in()
        batch = imports.find(db.session, user, batch_id)
        sheet = _find(user, batch.sheet)
        if batch.made + batch.changed > whole(db.session, Setting.JOB_ROWS):
            return redirect(_later(user, UNDO, batch))
        try:
            undo(db.session, user, batch, sheet.label)
        except NotNow as refused:
            db.session.rollback()
            batch = imports.find(db.session, signed_in(), batch_id)
            return self._shown(batch, sheet, refused.sentence), refused.status
        flash("已撤销：新增的进了回收站，修改的改了回来。", "ok")
        return redirect(url_for("imports.batch", batch_id=batch_id))


def _mine(user: User) -> list[Sheet]:
    return [sheet for sheet in SHEETS.values() if policy.may(user, sheet.action)]


def _find(user: User, name: str) -> Sheet:
    if name not in SHEETS:
        raise NotSeen("没有这种导入表。")
    policy.demand(user, SHEETS[name].action)
    return SHEETS[name]


def _upload(sheet: Sheet) -> UploadForm:
    form = UploadForm(request.form)
    if not sheet.placed:
        del form.placed
        return form
    field = field_of(sheet.register.model, sheet.placed)
    form.placed.label.text = f"没有写{field.label}的行，都登记在"
    form.placed.description = "表里有这一列的不用填"
    form.placed.aim(sheet.word, sheet.placed)
    if form.placed.data is None and request.method == "GET":
        form.placed.data = _only_place(db.session, signed_in(), sheet)
    if form.placed.data:
        target: Any = field.target
        record = db.session.get(target, form.placed.data)
        form.placed.title = str(record) if record is not None and _may_place(sheet, record.id) else ""
    return form


def _only_place(session: Session, user: User, sheet: Sheet) -> int | None:
    """The one committee of a person who has but one."""
    own = {post.committee_id for post in user.posts if post.committee_id}
    return own.pop() if sheet.placed == "committee_id" and len(own) == 1 else None


def _may_place(sheet: Sheet, record_id: int) -> bool:
    field = field_of(sheet.register.model, sheet.placed)
    target: Any = field.target
    scope = choices(signed_in(), sheet.register, field)
    query = select(target.id).where(target.id == record_id, target.removed_at.is_(None), scope)
    return db.session.scalar(query) is not None


def _is_long(seen: dict[str, Any]) -> bool:
    """Whether there are more lines than a page should wait for."""
    return sum(seen.get("counts", {}).values()) > whole(db.session, Setting.JOB_ROWS)


def _later(user: User, kind: Kind, batch: ImportBatch) -> str:
    """Leave it to the worker; returns the address at which one sees how far it is."""
    label = f"{kind.label}：{imports.batch_words(batch)}"
    job = ask(db.session, user, kind.name, given(batch), label=label)
    return url_for("jobs.job", record_id=job.id)


def _looked_at(user: User, sheet: Sheet, form: UploadForm) -> str:
    """Read the upload, look at it while only reading, then keep it; returns where the preview is shown.

    Whether the headings are those of the book is said at once, however long it is.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise RecordRefused([Finding("file", "请选择要导入的文件")])
    if not form.validate():
        raise RecordRefused([Finding("placed", "请重新选择")])
    placed = form.placed.data if "placed" in form else None
    if placed and not _may_place(sheet, placed):
        raise RecordRefused([Finding("placed", "所选的不存在，或者不在您的管辖范围内")])
    try:
        name = fit_name(sent.filename.replace("\\", "/").rpartition("/")[2])
    except Unfit as fault:
        raise RecordRefused([Finding("file", str(fault))]) from None
    content = sent.read(LARGEST + 1)
    options = Options(update=form.update.data, placed=placed)
    book = opened(content)
    lines = sum(len(each.rows) for each in book.tables)
    long = lines > whole(db.session, Setting.JOB_ROWS)
    seen = {} if long else summary(look(db.session, user, sheet, book, options))
    db.session.rollback()  # end of reading
    batch = imports.looked_at(
        db.session,
        signed_in(),
        sheet=sheet.name,
        file_name=name,
        sha256=store_of(db.session).keep(content),
        asked={"update": options.update, "placed": options.placed},
        seen=seen,
    )
    if long:
        return _later(signed_in(), LOOK, batch)
    return url_for("imports.batch", batch_id=batch.id)


def _marked_by_worker(user: User, batch: ImportBatch) -> str:
    """Where the marked book lies that the worker has made with its preview; made again once it is gone."""
    job = db.session.get(Job, batch.seen.get("job") or 0)
    if job is not None and job.file is not None and not expired(job):
        return url_for("jobs.job", record_id=job.id)
    return _later(user, LOOK, batch)


def _look_again(user: User, sheet: Sheet, batch: ImportBatch) -> None:
    """The preview anew, kept with the batch; that of a long book by the worker."""
    if _is_long(batch.seen):
        batch.seen = {}
        _later(user, LOOK, batch)
        return
    seen = summary(look(db.session, user, sheet, opened(_content(batch)), options_of(batch)))
    batch.seen = seen


def _content(batch: ImportBatch) -> bytes:
    with store_of(db.session).open(batch.sha256) as file:
        return file.read()


def _card(batch: ImportBatch) -> dict[str, Any]:
    return {
        "url": url_for("imports.batch", batch_id=batch.id),
        "title": str(batch),
        "label": SHEETS[batch.sheet].label if batch.sheet in SHEETS else batch.sheet,
        "batch": batch,
    }


def _common(session: Session, batch: ImportBatch, sheet: Sheet) -> list[dict[str, Any]]:
    """What no column of the book tells and one choice may tell for all, with what was chosen."""
    fields = [field_of(sheet.register.model, name) for name in batch.seen.get("common", [])]
    chosen = batch.asked.get("common") or {}
    return [
        {
            "name": each.name,
            "label": each.label,
            "choices": in_force_now(session, each.say.codes),
            "value": chosen.get(each.name, ""),
        }
        for each in fields
    ]


def _words(session: Session, batch: ImportBatch) -> list[dict[str, Any]]:
    """The words that no table knows, each with what it may mean."""
    book = codebook(session)
    return [
        {
            "name": f"word-{index}",
            "table": book.label("code_table", table),
            "word": word,
            "count": count,
            "choices": in_force_now(session, table),
        }
        for index, (table, word, count) in enumerate(batch.seen.get("words", []))
    ]
