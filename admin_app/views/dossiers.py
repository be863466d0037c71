"""The dossier 卷宗 of a case on its page: what it lacks, its contents, its files, up and down."""

from typing import Any
from urllib.parse import quote

from flask import Response, flash, jsonify, redirect, request, send_file
from flask_admin import expose
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from admin_app import policy
from admin_app.database import db
from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.parameters import text as parameter
from admin_app.models.parameters import whole as whole_parameter
from admin_app.models.registry import Parts
from admin_app.models.users import User
from admin_app.operations import attachments, dossiers
from admin_app.rules.cases import Stage
from admin_app.rules.dates import local
from admin_app.rules.dossiers import OPEN_TO_UPLOADS, whole_dossier
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import RecordRefused
from admin_app.rules.steps import Step
from admin_app.rules.uploads import MEGABYTE
from admin_app.rules.uploads.kinds import KINDS
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers.mending import Mending
from admin_app.views.registers.stepping import Stepping
from admin_app.views.typed import clean

MOST_FILES = 20  # at once
ACCEPT = ",".join(extension for kind in KINDS for extension in kind.extensions)
TONES = {
    dossiers.Standing.UPLOADED: "ok",
    dossiers.Standing.WRITTEN: "neutral",
    dossiers.Standing.MISSING: "warn",
}
# What others have uploaded is shown as a picture or not at all: nothing in it runs, nothing is fetched.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class DossierTab(Stepping, Mending):
    """The dossier among the screens of a case."""

    def tabs_of(self, record: Case) -> list[tuple[str, str]]:
        first, *rest = super().tabs_of(record)
        return [first, ("dossier", "卷宗"), *rest]

    def home_of(self, record: Case, part: Parts) -> str:
        view = "dossier" if part.name == "attachments" else "detail"
        return self.url_of(view, record_id=record.id)

    def _parts(self, record: Case, *, unmasked: bool, unmask_url: str | None) -> list[dict[str, Any]]:
        """Files have a screen of their own."""
        parts = super()._parts(record, unmasked=unmasked, unmask_url=unmask_url)
        return [each for each in parts if each["name"] != "attachments"]

    @expose("/<int:record_id>/dossier")
    @opens("open")
    def dossier(self, record_id: int) -> str:
        """What is in the dossier, and what is not."""
        return self._dossier(self.find(record_id))

    def _dossier(self, case: Case, faults: list[Finding] | None = None) -> str:
        session, user = db.session, signed_in()
        entries = dossiers.contents(session, case)
        return self.render(
            "dossier.html",
            crumbs=[
                *self.crumbs(str(case))[:-1],
                (str(case), self.url_of("detail", record_id=case.id)),
                ("卷宗", None),
            ],
            title=str(case),
            tabs=self._tabs(case, "dossier"),
            checklist=[
                {"label": label, "standing": standing.label, "tone": TONES[standing]}
                for label, standing in dossiers.checklist(session, case)
            ],
            entries=entries,
            pages=whole_dossier(entries),
            unknown=sum(not each.known for each in entries),
            files=[self._file(user, case, each) for each in case.attachments],
            upload=self._upload(session, user, case),
            errors=[{"label": "上传", "sentence": each.sentence, "anchor": "files"} for each in faults or []],
        )

    def _upload(self, session: Session, user: User, case: Case) -> dict[str, Any] | None:
        """The form, for whoever may upload while something is taken in."""
        if not policy.may(user, "case.attach", case) or case.stage not in OPEN_TO_UPLOADS:
            return None
        return {
            "url": self.url_of("attach", record_id=case.id),
            "accept": ACCEPT,
            "most": MOST_FILES,
            "megabytes": whole_parameter(session, Setting.LARGEST_UPLOAD),
            "kinds": codebook(session).choices("document_kind", case.registered_on),
            "chosen": request.form.get("kind", ""),
            "title": request.form.get("title", ""),
        }

    def _file(self, user: User, case: Case, line: Attachment) -> dict[str, Any]:
        may_open = policy.may(user, "case.sensitive", case)
        may_mend = policy.may(user, "case.edit", case) and not self.register.locked(case)
        where = {"record_id": case.id, "line_id": line.id}
        return {
            "kind": codebook(db.session).label("document_kind", line.kind, case.registered_on),
            "title": line.title,
            "pages": line.pages,
            "size": _size(line.size),
            "who": line.uploader or "—",
            "when": f"{local(line.uploaded_at):%Y-%m-%d %H:%M}",
            "open_url": self.url_of("attachment", **where) if may_open else None,
            "picture": line.media_type.startswith("image/"),
            "mend_url": self.url_of("line", part="attachments", **where) if may_mend else None,
        }

    # ---------------------------------------------------------------- uploads

    @expose("/<int:record_id>/attach", methods=("POST",))
    @opens("attach")
    def attach(self, record_id: int) -> Any:
        """Take in files: all of them or none.

        They are looked at and kept while only reading (application.READING_POSTS), so that a slow virus
        check keeps nobody else from saving.
        """
        session = db.session
        attachments.demand_open(signed_in(), self.find(record_id))
        try:
            incoming = _taken_in(session, request.files.getlist("files"))
            session.rollback()  # end of reading; from here on a writing transaction
            case = self.find(record_id)
            for each in incoming:
                title = clean(request.form.get("title"), 200) if len(incoming) == 1 else ""
                kind = clean(request.form.get("kind"), 20)
                attachments.hang(session, signed_in(), case, kind, title, each)
        except RecordRefused as refused:
            session.rollback()
            if _by_script():
                return jsonify(errors=[each.sentence for each in refused.findings]), refused.status
            return self._dossier(self.find(record_id), refused.findings), refused.status
        flash(f"已上传 {len(incoming)} 个文件。", "ok")
        url = self.url_of("dossier", record_id=record_id)
        return jsonify(url=url) if _by_script() else redirect(url)

    # ---------------------------------------------------------------- downloads

    @expose("/<int:record_id>/attachment/<int:line_id>", methods=("POST",))
    @opens("sensitive")
    def attachment(self, record_id: int, line_id: int) -> Response:
        """A file to be saved; a picture, where asked for, to be looked at. The history keeps who asked."""
        case = self.find(record_id)
        line, content = attachments.read(db.session, signed_in(), case, line_id)
        shown = "show" in request.form and line.media_type.startswith("image/")
        answer = send_file(content, line.media_type, etag=False)
        named = f"filename*=UTF-8''{quote(_file_name(line), safe='')}"
        answer.headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; {named}"
        answer.headers["Content-Security-Policy"] = SANDBOX
        return answer

    # ---------------------------------------------------------------- closing and filing

    def starts(self, record: Case) -> dict[str, Any]:
        """What the filing begins with: pages as counted, retention as usual, whoever files."""
        before = super().starts(record)
        if record.stage is not Stage.CLOSED:
            return before
        return {
            **before,
            "pages": whole_dossier(dossiers.contents(db.session, record)),
            "retention": parameter(db.session, Setting.RETENTION),
            "filer": signed_in().name,
        }

    def hints(self, record: Case, row: Step[Any]) -> list[str]:
        before = super().hints(record, row)
        if row.name == "close":
            missing = dossiers.missing_findings(db.session, record)
            return before + [each.sentence for each in missing]
        return [*before, _counted(db.session, record)] if row.name == "archive" else before


def _counted(session: Session, case: Case) -> str:
    """How the proposed number of pages came about."""
    entries = dossiers.contents(session, case)
    unknown = sum(not each.known for each in entries)
    guessed = f"，其中 {unknown} 份不知道页数，各按 1 页算" if unknown else ""
    return (
        f"页数是照卷内目录算的，共 {whole_dossier(entries)} 页：封面、卷内目录、封底各 1 页，"
        f"文书 {len(entries)} 份{guessed}。请和纸质卷宗核对。"
    )


def _taken_in(session: Session, files: list[FileStorage]) -> list[attachments.Incoming]:
    """Each file looked at and kept; what is wrong is said with the file's name."""
    chosen = [each for each in files if each.filename]
    if not chosen:
        raise RecordRefused([Finding("files", "请先选择文件")])
    if len(chosen) > MOST_FILES:
        raise RecordRefused([Finding("files", f"一次最多 {MOST_FILES} 个文件，请分几次上传")])
    incoming, findings = [], []
    for each in chosen:
        name = each.filename or ""
        try:
            incoming.append(attachments.take_in(session, name, each.stream))
        except RecordRefused as refused:
            findings += [
                Finding("files", f"“{clean(name, 60)}”：{found.sentence}") for found in refused.findings
            ]
    if findings:
        raise RecordRefused(findings)
    return incoming


def _by_script() -> bool:
    """Whether the page's script asks, which shows how far an upload has come."""
    return request.headers.get("Accept") == "application/json"


def _file_name(line: Attachment) -> str:
    """The title with the ending of what the file is: a title may be changed, the kind may not."""
    name = "".join("_" if char in '/\\:*?"<>|' else char for char in line.title)
    return name if name.lower().endswith(line.extension) else f"{name}{line.extension}"


def _size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
