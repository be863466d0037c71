"""The public window 群众窗口 (M11): the only pages for people without an account."""

from typing import Any

from flask import current_app, redirect, request, url_for
from flask import session as web_session
from flask_admin import expose
from wtforms import BooleanField, Form, HiddenField, StringField

from admin_app.database import db
from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.operations import puzzles, window
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotSeen, RecordRefused, Refusal
from admin_app.rules.window import Knock, digits, spaced
from admin_app.views.doors import PUBLIC, Page, opens
from admin_app.views.forms import Lines, RecordForm
from admin_app.views.typed import clean, whole

GIVEN = "window_code"  # the applicant's own cookie remembers their code until they have seen it
WRONG = "验证码不对，请照图片里的 4 个数字重新填"
OLD = "验证码过期了，请照新的图片再填一次"
UNKNOWN = "没有找到：请核对查询码和电话后四位。都对的话，请联系当时申请的调解组织。"


class PuzzleForm(Form):
    """The picture with digits; what stands wrong gets a new one."""

    puzzle = HiddenField()
    answer = StringField(
        "验证码",
        description="照图片填 4 个数字；看不见图片的，请直接联系调解组织",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8},
    )

    def renew(self, sentence: str = "") -> None:
        """Another picture, and why."""
        self.puzzle.data, self.answer.data = puzzles.fresh(_secret()), ""
        self.answer.errors = [sentence] if sentence else []


class AskForm(PuzzleForm):
    code = StringField(
        "查询码",
        description="申请时给您的 12 位数字",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20},
    )
    tail = StringField(
        "电话后四位",
        description="申请时留的电话号码的最后 4 位",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8},
    )


class ConsentForm(PuzzleForm):
    consent = BooleanField("我同意调解组织为了调解这件事，使用我填写的信息，并和我联系")


# How the register's fields are called to somebody who has never seen it.
CALLED = {
    "name": "您的姓名",
    "phone": "您的电话",
    "address": "您的住址",
    "counterpart": "对方是谁",
    "kind": "哪一类纠纷",
    "matter": "什么事",
}


class ApplicationForm(RecordForm):
    """What a stranger is asked for: fields of a visit, under plainer names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in CALLED.items():
            self.form[name].label.text = label

    def asked(self) -> tuple[list[Field], list[Lines]]:
        return window.fields(), []

    def must(self, spec: Field, record: Any) -> bool:
        return spec.required or spec.name == "phone"


class WindowView(Page):
    """Apply, and ask how it stands."""

    _default_view = "index"

    def is_visible(self) -> bool:
        return False

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        window.demand_open(db.session)
        return super()._handle_view(name, **kwargs)

    @expose("/")
    @opens(PUBLIC)
    def index(self) -> str:
        """What one may do here."""
        return self.render("window/index.html")

    @expose("/units")
    @opens(PUBLIC)
    def units(self) -> str:
        """Where it happened, tier by tier, in links: no script is needed, and a telephone suffices."""
        chosen = whole(request.args.get("unit"))
        unit = window.unit_of(db.session, chosen) if chosen else None
        below = window.below(db.session, unit)
        if unit is None and len(below) == 1:
            unit, below = below[0], window.below(db.session, below[0])
        return self.render(
            "window/units.html",
            unit=unit,
            above=window.above(db.session, unit) if unit else [],
            below=below,
            serving=window.serving(db.session, unit) if unit else None,
        )

    @expose("/apply/<int:unit_id>", methods=("GET", "POST"))
    @opens(PUBLIC)
    def apply(self, unit_id: int) -> Any:
        """The application to a unit; it goes to the committee that serves it."""
        session, unit = db.session, window.unit_of(db.session, unit_id)
        committee = window.serving(session, unit)
        if committee is None:
            raise NotSeen("这个地方还没有调解组织，请选择它的上级单位。")
        posted = request.form if request.method == "POST" else None
        form = ApplicationForm(session, window.stranger(), REGISTERS["visit"], formdata=posted)
        consent, status = ConsentForm(posted), 200
        if posted is None:
            consent.renew()
        else:
            try:
                given = form.read().values
                _refuse(window.wrong(session, given) + _dissent(consent))
                solve(consent, Knock.APPLY)
                visit = window.apply(session, committee, given)
                web_session[GIVEN] = visit.query_code
                return redirect(url_for("window.done"))
            except Refusal as refused:
                status = _show(refused, form, consent)
        return self._application(form, consent, unit, committee), status

    def _application(self, form: RecordForm, consent: ConsentForm, unit: Unit, committee: Any) -> str:
        return self.render(
            "window/apply.html",
            unit=unit,
            committee=committee,
            sections=form.sections(),
            errors=form.errors() + _errors(consent),
            consent=consent,
        )

    @expose("/done")
    @opens(PUBLIC)
    def done(self) -> Any:
        """The query code, for the applicant alone."""
        code = web_session.get(GIVEN)
        if not code:
            return redirect(url_for("window.index"))
        return self.render("window/done.html", code=spaced(code))

    @expose("/ask", methods=("GET", "POST"))
    @opens(PUBLIC)
    def ask(self) -> Any:
        """How an application stands."""
        posted = request.form if request.method == "POST" else None
        form, found, status = AskForm(posted), None, 200
        if posted is None:
            form.renew()
        else:
            try:
                found = self._found(form)
            except Refusal as refused:
                status = _show(refused, None, form)
            if found:
                return self.render("window/answer.html", answer=found)
        return self.render("window/ask.html", form=form, errors=_errors(form)), status

    def _found(self, form: AskForm) -> window.Answer:
        code, tail = clean(form.code.data, 40), clean(form.tail.data, 20)
        window.refuse_unreadable(code, tail)
        solve(form, Knock.ASK)
        answer = window.ask(db.session, code, tail)
        if answer is None:
            window.knock(db.session, _origin(), Knock.MISS)
            form.renew()
            raise RecordRefused([Finding("code", UNKNOWN)])
        return answer

    @expose("/picture/<puzzle>")
    @opens(PUBLIC)
    def picture(self, puzzle: str) -> Any:
        """The picture of a puzzle of ours."""
        if not puzzles.alive(_secret(), puzzle):
            raise NotSeen("图片已经过期，请刷新页面。")
        return current_app.response_class(puzzles.picture(_secret(), puzzle), mimetype="image/png")


def solve(form: PuzzleForm, what: Knock) -> None:
    """The answer is right, and has not been given before; everybody who answers is counted."""
    puzzle, typed = form.puzzle.data or "", digits(form.answer.data or "")
    if not puzzles.alive(_secret(), puzzle):
        form.renew(OLD)
        raise RecordRefused([])
    right = typed == puzzles.answer(_secret(), puzzle)
    window.knock(db.session, _origin(), what if right else Knock.MISS, puzzle)
    if not right:
        form.renew(WRONG)
        raise RecordRefused([])


def _dissent(form: ConsentForm) -> list[Finding]:
    return [] if form.consent.data else [Finding("consent", "请先看一看，同意了再打勾")]


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise RecordRefused(findings)


def _show(refused: Refusal, form: RecordForm | None, asked: PuzzleForm) -> int:
    """Each finding beside its field; whatever else is said stands beside the picture."""
    findings = refused.findings if isinstance(refused, RecordRefused) else []
    if not isinstance(refused, RecordRefused):
        db.session.rollback()
        asked.renew(refused.sentence)
    elif not puzzles.alive(_secret(), asked.puzzle.data or ""):
        asked.renew(*asked.answer.errors)  # there is no picture to be shown again
    own = [each for each in findings if each.field in asked]
    for each in own:
        asked[each.field].errors = [*asked[each.field].errors, each.sentence]
    if form is not None:
        form.show([each for each in findings if each not in own])
    return refused.status


def _errors(form: Form) -> list[dict[str, str]]:
    return [
        {"label": each.label.text, "sentence": sentence, "anchor": each.id}
        for each in form
        for sentence in each.errors
    ]


def _origin() -> str:
    return request.remote_addr or ""


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
