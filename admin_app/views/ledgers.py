"""The ledgers page: choose a book, a unit, a period; download it. The download is in the history."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from wtforms import BooleanField, Form, StringField

from admin_app import policy
from admin_app.database import db
from admin_app.exports.columns import leaves
from admin_app.exports.ledger import LEDGERS, Ledger
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.refusals import NotSeen, RecordRefused
from admin_app.views import lists, look_ups
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.ledger_files import NO_LEDGER, deliver
from admin_app.views.typed import clean
from admin_app.views.widgets import DayField, LookupField

LONGEST_REASON = 200
TYPED = {"data-date": True, "inputmode": "numeric", "placeholder": "年-月-日，如 20260912"}


class LedgerForm(Form):
    unit = LookupField("单位", description="不填就是您管辖的全部单位")
    since = DayField("从哪天起", render_kw=TYPED)
    until = DayField("到哪天止", render_kw=TYPED)
    unmasked = BooleanField("显示完整的身份证号、电话和住址")
    reason = StringField("下载用途", render_kw={"maxlength": LONGEST_REASON})


class LedgersView(Page):
    """All ledgers this person may download."""

    _default_view = "index"

    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(_mine(signed_in()))

    @expose("/")
    @opens("home.see")
    def index(self) -> str:
        """The shelf."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for ledger in _mine(signed_in()):
            groups.setdefault(ledger.shelf, []).append(
                {
                    "label": ledger.label,
                    "note": ledger.note,
                    "url": url_for("ledgers.ledger", book=ledger.name),
                }
            )
        shelf = [{"label": label, "ledgers": each} for label, each in groups.items()]
        return self.render("ledgers.html", crumbs=[("台账", None)], groups=shelf)

    @expose("/<book>", methods=("GET", "POST"))
    @opens("home.see")
    def ledger(self, book: str) -> Any:
        """One ledger: the unit, the period, and the list's filters if one comes from a list."""
        session, user = db.session, signed_in()
        ledger = _find(user, book)
        state = lists.read_state(session, user, REGISTERS[ledger.word], request.args)
        form, status = _form(user, ledger, state), 200
        if request.method == "POST":
            try:
                return self._download(user, ledger, form, state)
            except RecordRefused as refused:
                session.rollback()
                for finding in refused.findings:
                    field = form[finding.field if finding.field in form else "until"]
                    field.errors = [*field.errors, finding.sentence]
                status = refused.status
        if form.unit.data:
            form.unit.title = str(policy.find(session, user, Unit, form.unit.data))
        page = self.render(
            "ledger.html",
            crumbs=[("台账", url_for("ledgers.index")), (ledger.label, None)],
            ledger=ledger,
            form=form,
            filter_text=lists.filter_words(session, state),
            errors=[
                {"label": field.label.text, "sentence": sentence, "anchor": field.id}
                for field in form
                for sentence in field.errors
            ],
        )
        return page, status

    def _download(self, user: User, ledger: Ledger, form: Form, state: lists.ListState) -> Any:
        """The file, or the job that makes it, of what the form and the list say."""
        if not form.validate():
            raise RecordRefused([])
        since, until = form.since.data, form.until.data
        given = {
            "ledger": ledger.name,
            "unit": form.unit.data or None,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "masked": not ("unmasked" in form and form.unmasked.data),
            "reason": clean(form.reason.data, LONGEST_REASON),
            "list": list(state.typed.items(multi=True)),
        }
        return deliver(db.session, user, given)

    @expose("/units")
    @opens("home.see")
    def units(self) -> dict[str, Any]:
        """The look-up of the unit field."""
        return look_ups.found(db.session, Unit, policy.visible(Unit, signed_in()), request.args.get("q", ""))


def _mine(user: User) -> list[Ledger]:
    return [ledger for ledger in LEDGERS.values() if policy.may(user, ledger.action)]


def _find(user: User, name: str) -> Ledger:
    if name not in LEDGERS:
        raise NotSeen(NO_LEDGER)
    policy.demand(user, LEDGERS[name].action)
    return LEDGERS[name]


def _form(user: User, ledger: Ledger, state: lists.ListState) -> LedgerForm:
    """The form as it starts: the list's own unit; the tick for full data only for whoever may read it."""
    form = LedgerForm(request.form, data={"unit": state.unit.id if state.unit else None})
    form.unit.url = url_for("ledgers.units")
    day = ledger.period_label
    form.since.label.text, form.until.label.text = f"{day}从哪天起", f"{day}到哪天止"
    hides = any(each.sensitive for each in leaves(ledger.columns))
    may_unmask = hides and policy.may(user, f"{ledger.word}.sensitive")
    if not may_unmask:
        del form.unmasked
    return form
