"""A bureau's own Word templates: which form uses which, taking the supplied one, uploading, going back."""

import io
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask_admin import expose
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField, StringField
from wtforms import Form as WebForm

from admin_app import policy
from admin_app.database import db
from admin_app.documents import papers
from admin_app.documents.checking import template_findings
from admin_app.documents.contents import in_order
from admin_app.documents.form import FORMS, Form
from admin_app.documents.sample import sample_of
from admin_app.models.form_templates import FormTemplate
from admin_app.models.units import Unit
from admin_app.operations import form_templates
from admin_app.operations.files import store_of
from admin_app.operations.form_templates import BUREAUS, LARGEST, content_of
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotSeen, RecordRefused
from admin_app.rules.uploads import inspect
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.papers import WORD
from admin_app.views.registers import RegisterView
from admin_app.views.typed import clean

LONGEST_NOTE = 200


class FormTemplateView(RegisterView):
    """The register of uploads; the menu leads to the page of the forms instead."""

    def is_visible(self) -> bool:
        return False


class UploadForm(WebForm):
    file = FileField("Word 模板（.docx）", render_kw={"accept": ".docx", "required": True})
    unit = SelectField("适用单位", description="这个单位和它的下级都用这个模板")
    note = StringField("说明", description="改了什么、依据哪份文件", render_kw={"maxlength": LONGEST_NOTE})


class TemplatesView(Page):
    """The forms and the templates that they are filled into."""

    _default_view = "index"

    @expose("/")
    @opens("form_template.see")
    def index(self) -> str:
        """All forms, and who has put a template of their own in place."""
        own: dict[str, list[FormTemplate]] = {}
        for each in _active():
            own.setdefault(each.word, []).append(each)
        rows = [
            {
                "form": form,
                "units": [db.session.get_one(Unit, each.unit_id).name for each in own.get(form.word, [])],
                "url": url_for("templates.form", form_word=form.word),
            }
            for form in in_order()
        ]
        return self.render("papers/templates.html", crumbs=[("文书模板", None)], rows=rows)

    @expose("/<form_word>", methods=("GET", "POST"))
    @opens("form_template.see")
    def form(self, form_word: str) -> Any:
        """One form: its templates, its names, the upload."""
        form, upload, faults = _form(form_word), _upload(), []
        if request.method == "POST":
            try:
                return self._put_in_place(form, upload)
            except RecordRefused as refused:
                db.session.rollback()
                faults = refused.findings
        page = self.render(
            "papers/template.html",
            crumbs=[("文书模板", url_for("templates.index")), (form.title, None)],
            form=form,
            upload=upload if upload.unit.choices else None,
            own=[_shown(each) for each in _active() if each.word == form.word],
            names=_names(form),
            errors=[_error(upload, each) for each in faults],
        )
        return page, 422 if faults else 200

    def _put_in_place(self, form: Form, upload: UploadForm) -> Response:
        """Looked at and kept while only reading: a slow virus check keeps nobody else from saving."""
        unit_id = _whole(upload.unit.data)
        form_templates.demand_bureau(signed_in(), policy.find(db.session, signed_in(), Unit, unit_id))
        sent = request.files.get("file")
        name, content = (sent.filename or "", sent.read(LARGEST + 1)) if sent else ("", b"")
        if not name:
            raise RecordRefused([Finding("file", "请选择要上传的 Word 模板")])
        accepted = inspect(name, content, largest=LARGEST)
        if accepted.extension != ".docx":
            raise RecordRefused([Finding("file", "模板要用 .docx 格式：请用 Word 打开，另存为 .docx 再传")])
        findings = template_findings(db.session, form, content)
        if findings:
            raise RecordRefused(findings)
        sha256 = store_of(db.session).keep(content)
        db.session.rollback()  # end of reading; from here on a writing transaction
        unit = policy.find(db.session, signed_in(), Unit, unit_id)
        form_templates.put_in_place(
            db.session,
            signed_in(),
            unit,
            word=form.word,
            title=form.title,
            name=accepted.name,
            sha256=sha256,
            note=clean(upload.note.data, LONGEST_NOTE),
        )
        flash(f"已启用新的《{form.title}》模板，{unit.name}和它的下级从现在起都用它。", "ok")
        return redirect(url_for("templates.form", form_word=form.word))

    @expose("/<form_word>/supplied.docx")
    @opens("form_template.see")
    def supplied(self, form_word: str) -> Any:
        """The template that comes with the program, to be edited in Word."""
        form = _form(form_word)
        return _sent(papers.supplied(form), f"{form.title}（系统模板）")

    @expose("/<form_word>/sample.docx")
    @opens("form_template.see")
    def sample(self, form_word: str) -> Any:
        """The supplied template filled with a made-up case."""
        form = _form(form_word)
        return _sent(papers.paper(db.session, form, *sample_of(form)), f"{form.title}（样例）")

    @expose("/own/<int:record_id>.docx")
    @opens("form_template.see")
    def own(self, record_id: int) -> Any:
        """An uploaded template as it was uploaded."""
        template = policy.find(db.session, signed_in(), FormTemplate, record_id)
        return _sent(content_of(db.session, template), f"{template.title}（本地模板）")

    @expose("/own/<int:record_id>/sample.docx")
    @opens("form_template.see")
    def own_sample(self, record_id: int) -> Any:
        """An uploaded template filled with a made-up case."""
        template = policy.find(db.session, signed_in(), FormTemplate, record_id)
        form = _form(template.word)
        filled = papers.paper(db.session, form, *sample_of(form), template=content_of(db.session, template))
        return _sent(filled, f"{form.title}（样例）")

    @expose("/own/<int:record_id>/go-back", methods=("POST",))
    @opens("form_template.edit")
    def go_back(self, record_id: int) -> Response:
        """One click back to the supplied template."""
        template = policy.find(db.session, signed_in(), FormTemplate, record_id)
        form_templates.go_back(db.session, signed_in(), template)
        flash(f"《{template.title}》已经改回原来的模板。", "ok")
        return redirect(url_for("templates.form", form_word=template.word))


def _form(form_word: str) -> Form:
    if form_word not in FORMS:
        raise NotSeen("没有这种文书。")
    return FORMS[form_word]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _active() -> list[FormTemplate]:
    """The templates in place, as far as this person may see them."""
    mine = policy.visible(FormTemplate, signed_in())
    query = select(FormTemplate).where(FormTemplate.active, FormTemplate.removed_at.is_(None), mine)
    return list(db.session.scalars(query.order_by(FormTemplate.path, FormTemplate.id)))


def _upload() -> UploadForm:
    """The upload, with the bureaus for which this person may decide."""
    upload = UploadForm(request.form)
    mine = policy.visible(Unit, signed_in(), "form_template.edit")
    query = select(Unit).where(Unit.tier.in_(BUREAUS), Unit.removed_at.is_(None), mine).order_by(Unit.path)
    upload.unit.choices = [(str(each.id), each.name) for each in db.session.scalars(query)]
    return upload


def _names(form: Form) -> list[dict[str, Any]]:
    """What a template of the form may name, what it means, and what it is in the made-up case."""
    facts = papers.facts_of(db.session, form, *sample_of(form))
    single = [
        {"name": "{{ " + each.name + " }}", "meaning": each.meaning, "sample": facts[each.name]}
        for each in form.facts
    ]
    groups = [{"label": "单个名称", "help": "", "names": single}]
    for listing in form.listings:
        first: dict[str, str] = next(iter(facts[listing.name]), {})
        groups.append(
            {
                "label": f"列表 {listing.name}：{listing.meaning}",
                "help": "每一项重复一次：前面一段写 {%p for p in "
                + listing.name
                + " %}，后面一段写 {%p endfor %}；表格的行用 {%tr … %}",
                "names": [
                    {
                        "name": "{{ p." + each.name + " }}",
                        "meaning": each.meaning,
                        "sample": first.get(each.name, ""),
                    }
                    for each in listing.facts
                ],
            }
        )
    return groups


def _shown(template: FormTemplate) -> dict[str, Any]:
    return {
        "unit": db.session.get_one(Unit, template.unit_id).name,
        "file_name": template.file_name,
        "note": template.note or "",
        "url": url_for("templates.own", record_id=template.id),
        "sample_url": url_for("templates.own_sample", record_id=template.id),
        "history_url": url_for("form_template.detail", record_id=template.id),
        "go_back_url": url_for("templates.go_back", record_id=template.id)
        if policy.may(signed_in(), "form_template.edit", template)
        else None,
    }


def _error(upload: UploadForm, finding: Finding) -> dict[str, str]:
    field = upload[finding.field if finding.field in upload else "file"]
    return {"label": field.label.text, "sentence": finding.sentence, "anchor": field.id}


def _sent(content: bytes, name: str) -> Any:
    return send_file(io.BytesIO(content), WORD, as_attachment=True, download_name=f"{papers.safe(name)}.docx")
