"""Papers 文书 of a case or a visit: which can be made now; each as Word file or printed page, all as dossier.

They hold personal data in full. So each needs the right to see it, each is a POST, and each leaves its line
in the history before a byte is sent.
"""

import io
import tempfile
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, send_file, url_for
from flask_admin import expose
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.wrappers import Response

from admin_app import history, policy
from admin_app.database import db
from admin_app.documents import papers
from admin_app.documents.contents import entries, in_order, line_title
from admin_app.documents.dossiers import pack
from admin_app.documents.form import FORMS, Form
from admin_app.documents.forms.certificate import CERTIFICATE
from admin_app.documents.forms.certificate import NOTICE as AWARD_NOTICE
from admin_app.documents.forms.corps import EVALUATION_FORM, SUBSIDY_NOTICE
from admin_app.documents.forms.meetings import CIRCULAR as CIRCULAR_PAPER
from admin_app.documents.forms.meetings import MINUTES
from admin_app.documents.pages import page
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.circulars import Circular
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator
from admin_app.models.meetings import Meeting
from admin_app.models.subsidies import Subsidy
from admin_app.models.visits import Visit
from admin_app.operations import subsidy_items
from admin_app.operations.form_templates import content_of, in_force
from admin_app.rules.refusals import NotNow, NotSeen
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.typed import whole

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
VISIT = FORMS["visit"]
MEDIATOR_FILE = FORMS["mediator_file"]


@dataclass(frozen=True)
class Sheet:
    """A button on a visit's page that makes its sheet, for whoever may see its personal data."""

    view: str
    label: str
    verb: str = "sensitive"
    confirm: str = ""
    stays: bool = True  # the answer is a file or a page of its own, and this page may ask again

    def url(self, record: Visit) -> str:
        return url_for(f"papers.{self.view}", record_id=record.id, form_word=VISIT.word)


@dataclass(frozen=True)
class Paper:
    """A button on a record's page that makes a paper of it as a Word file."""

    form: Form
    label: str
    verb: str = "see"
    confirm: str = ""
    stays: bool = True

    view: str = "award_word"

    def url(self, record: Any) -> str:
        return url_for(f"papers.{self.view}", record_id=record.id, form_word=self.form.word)


@dataclass(frozen=True)
class CorpsPaper:
    """A button on an evaluation's or a batch's page that makes its paper as a Word file."""

    form: Form
    label: str
    verb: str = "see"
    confirm: str = ""
    stays: bool = True

    def url(self, record: Evaluation | Subsidy) -> str:
        return url_for(f"papers.{self.form.source.word}_word", record_id=record.id, form_word=self.form.word)


EVALUATION_PAPER = CorpsPaper(EVALUATION_FORM, "下载考核表（Word）")
SUBSIDY_PAPER = CorpsPaper(SUBSIDY_NOTICE, "下载公示（Word）")
AWARD_PAPERS = (
    Paper(CERTIFICATE, "下载证书（Word）"),
    Paper(AWARD_NOTICE, "下载公示（Word）"),
)
MEETING_SHEETS = (Paper(MINUTES, "下载会议纪要（Word）", view="meeting_word"),)
CIRCULAR_SHEETS = (Paper(CIRCULAR_PAPER, "下载通报（Word）", view="circular_word"),)
SHEETS = (Sheet("visit_print", "打印来访登记表"), Sheet("visit_word", "下载来访登记表（Word）"))


class PapersView(Page):
    """The papers that a record can produce."""

    _default_view = "index"

    def is_visible(self) -> bool:
        """Reached from the record, not from the menu."""
        return False

    @expose("/")
    @opens("case.sensitive")
    def index(self) -> Response:
        """Papers begin at a case."""
        return redirect(url_for("case.index"))

    @expose("/case/<int:record_id>/<form_word>", methods=("POST",))
    @opens("case.sensitive")
    def case_print(self, record_id: int, form_word: str) -> str:
        """One form as a page for the printer."""
        case = _case(record_id)
        form, line = _asked(form_word, case)
        if in_force(db.session, case.path, form.word):
            raise NotNow("本地换了自己的模板，请下载 Word 打印。")
        back = url_for("case.papers", record_id=case.id)
        return self._printed(case, form, papers.facts_of(db.session, form, case, line), back)

    @expose("/case/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("case.sensitive")
    def case_word(self, record_id: int, form_word: str) -> Any:
        """One form as a Word file."""
        case = _case(record_id)
        form, line = _asked(form_word, case)
        return _sent(case, form, papers.paper(db.session, form, case, line, template=_own(case, form)))

    @expose("/case/<int:record_id>/dossier.zip", methods=("POST",))
    @opens("case.sensitive")
    def dossier(self, record_id: int) -> Any:
        """Every form and every scan in the order of the file."""
        case = _case(record_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115  (send_file closes it when the last byte is sent)
        count = pack(db.session, case, file)
        name = f"卷宗 {papers.safe(str(case))}.zip"
        _note(case, f"下载整卷：{count} 份")
        file.seek(0)
        return send_file(file, "application/zip", as_attachment=True, download_name=name)

    @expose("/visit/<int:record_id>/<form_word>", methods=("POST",))
    @opens("visit.sensitive")
    def visit_print(self, record_id: int, form_word: str) -> str:
        """The sheet of a visit as a page for the printer."""
        visit = _visit(record_id, form_word)
        if in_force(db.session, visit.path, VISIT.word):
            raise NotNow("本地换了自己的模板，请下载 Word 打印。")
        return self._printed(
            visit, VISIT, papers.facts_of(db.session, VISIT, None, visit), _url("visit", visit)
        )

    @expose("/visit/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("visit.sensitive")
    def visit_word(self, record_id: int, form_word: str) -> Any:
        """The sheet of a visit as a Word file."""
        visit = _visit(record_id, form_word)
        filled = papers.paper(db.session, VISIT, None, visit, template=_own(visit, VISIT))
        return _sent(visit, VISIT, filled)

    @expose("/award/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("award.see")
    def award_word(self, record_id: int, form_word: str) -> Any:
        """The certificate or the public notice of an application as a Word file."""
        return _alone(
            policy.find(db.session, signed_in(), AwardApplication, record_id), AWARD_PAPERS, form_word
        )

    @expose("/meeting/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("meeting.see")
    def meeting_word(self, record_id: int, form_word: str) -> Any:
        """The minutes of a meeting as a Word file."""
        return _alone(policy.find(db.session, signed_in(), Meeting, record_id), MEETING_SHEETS, form_word)

    @expose("/circular/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("circular.see")
    def circular_word(self, record_id: int, form_word: str) -> Any:
        """A circular as a Word file."""
        return _alone(policy.find(db.session, signed_in(), Circular, record_id), CIRCULAR_SHEETS, form_word)

    @expose("/evaluation/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("evaluation.see")
    def evaluation_word(self, record_id: int, form_word: str) -> Any:
        """The form of a published evaluation as a Word file."""
        evaluation = policy.find(db.session, signed_in(), Evaluation, record_id)
        return self._of_corps(evaluation, EVALUATION_FORM, form_word)

    @expose("/subsidy/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("subsidy.see")
    def subsidy_word(self, record_id: int, form_word: str) -> Any:
        """The public notice of a batch as a Word file: no party is named."""
        subsidy = policy.find(db.session, signed_in(), Subsidy, record_id)
        set_committed_value(subsidy, "items", subsidy_items.live(db.session, subsidy))
        return self._of_corps(subsidy, SUBSIDY_NOTICE, form_word)

    def _of_corps(self, record: Evaluation | Subsidy, form: Form, form_word: str) -> Any:
        if form_word != form.word:
            raise NotSeen("没有这种文书。")
        if not form.applies(None, record):
            raise NotNow(f"现在是“{record.state.label}”，还不能出具《{form.title}》。")
        own = in_force(db.session, record.path, form.word)
        template = content_of(db.session, own) if own else None
        return _sent(record, form, papers.paper(db.session, form, None, record, template=template))

    @expose("/mediator/<int:record_id>/<form_word>.docx", methods=("POST",))
    @opens("mediator.sensitive")
    def mediator_word(self, record_id: int, form_word: str) -> Any:
        """A mediator's file as a Word file, with the personal data in full."""
        mediator = policy.find(db.session, signed_in(), Mediator, record_id)
        policy.demand(signed_in(), "mediator.sensitive", mediator)
        if form_word != MEDIATOR_FILE.word:
            raise NotSeen("没有这种文书。")
        own = in_force(db.session, mediator.path, form_word)
        template = content_of(db.session, own) if own else None
        filled = papers.paper(db.session, MEDIATOR_FILE, None, mediator, template=template)
        return _sent(mediator, MEDIATOR_FILE, filled)

    def _printed(self, record: Any, form: Form, facts: dict[str, Any], back: str) -> str:
        shown = self.render(
            "papers/page.html",
            form=form,
            blocks=page(form, facts),
            title=f"{form.title} {record}",
            back_url=back,
        )
        _note(record, f"打印《{form.title}》")
        return shown


def shelf(case: Case) -> dict[str, Any]:
    """All forms that a case can produce now, what is still blank in each, and the whole dossier."""
    papers.warm(db.session, case)
    return {
        "rows": [_shown(case, form, line) for form in in_order() for line in _lines(form, case)],
        "documents": len(entries(case)),
        "dossier_url": url_for("papers.dossier", record_id=case.id),
    }


def _case(record_id: int) -> Case:
    case = policy.find(db.session, signed_in(), Case, record_id)
    policy.demand(signed_in(), "case.sensitive", case)
    papers.warm(db.session, case)
    return case


def _visit(record_id: int, form_word: str) -> Visit:
    visit = policy.find(db.session, signed_in(), Visit, record_id)
    policy.demand(signed_in(), "visit.sensitive", visit)
    if form_word != VISIT.word:
        raise NotSeen("没有这种文书。")
    return visit


def _alone(record: Any, sheets: tuple[Paper, ...], form_word: str) -> Any:
    """One of the papers that a record makes by itself, where it is ready for it."""
    form = next((each.form for each in sheets if each.form.word == form_word), None)
    if form is None:
        raise NotSeen("没有这种文书。")
    if not form.applies(None, record):
        raise NotNow(f"现在是“{record.state.label}”，不能出具《{form.title}》。")
    own = in_force(db.session, record.path, form.word)
    template = content_of(db.session, own) if own else None
    return _sent(record, form, papers.paper(db.session, form, None, record, template=template))


def ready(acts: dict[str, Any], record: Any, sheets: tuple[Paper, ...]) -> dict[str, Any]:
    """The acts of a record's page without the papers that cannot be made yet."""
    shut = {each.label for each in sheets if not each.form.applies(None, record)}
    return {**acts, "more": [each for each in acts["more"] if each["label"] not in shut]}


def _asked(form_word: str, case: Case) -> tuple[Form, Any]:
    """The form and the line of the case that the address names."""
    form = FORMS.get(form_word)
    if form is None or form.source.alone:
        raise NotSeen("没有这种文书。")
    lines = form.lines(case)
    if not lines:
        raise NotNow(f"现在还不能出具《{form.title}》：案件还没有办到这一步。")
    wanted = whole(request.args.get("line"))
    fitting = [line for line in lines if line is None or wanted in (None, line.id)]
    if not fitting:
        raise NotSeen()
    return form, fitting[-1]


def _lines(form: Form, case: Case) -> list[Any]:
    return [] if form.source.alone else form.lines(case)


def _own(record: Case | Visit, form: Form) -> bytes | None:
    """The bureau's own template, where there is one."""
    own = in_force(db.session, record.path, form.word)
    return content_of(db.session, own) if own else None


def _shown(case: Case, form: Form, line: Any) -> dict[str, Any]:
    arguments = {"record_id": case.id, "form_word": form.word, **({"line": line.id} if line else {})}
    blanks = papers.blanks(form, papers.facts_of(db.session, form, case, line))
    own = in_force(db.session, case.path, form.word)
    return {
        "number": form.number,
        "title": line_title(form, line, alone=len(form.lines(case)) == 1),
        "official": form.official,
        "basis": form.basis,
        "own": own is not None,
        "blanks": blanks,
        "word_url": url_for("papers.case_word", **arguments),
        "print_url": None if own else url_for("papers.case_print", **arguments),
    }


def _sent(record: Any, form: Form, filled: bytes) -> Any:
    name = papers.file_name(form, str(record))
    _note(record, f"下载《{form.title}》Word 文件")
    return send_file(io.BytesIO(filled), WORD, as_attachment=True, download_name=name)


def _note(record: Any, words: str) -> None:
    """End of reading; the line begins a writing transaction, and the door commits it."""
    db.session.rollback()
    history.note(db.session, history.Action.PAPER, record=record, words=words)


def _url(word: str, record: Any) -> str:
    return url_for(f"{word}.detail", record_id=record.id)
