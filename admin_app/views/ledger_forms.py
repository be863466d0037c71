"""What is asked of a ledger on its page: whose and of which days, in the address; how, with the download."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session
from wtforms import BooleanField, Form, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.exports.downloads import may_unmask
from admin_app.exports.ledger import Counted, Ledger, Records
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules import periods
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.periods import Period
from admin_app.rules.refusals import RecordRefused
from admin_app.views import lists
from admin_app.views.inputs import texts_of
from admin_app.views.typed import clean
from admin_app.views.widgets import ChoiceField, DayField, LookupField, TicksField

FIRST_YEAR = 2011  # 人民调解法 in force
LONGEST_REASON = 200
UNMASKED = "显示完整的身份证号、电话和住址"
WHY = "要完整的个人信息，请写明下载用途"
TYPED = {"data-date": True, "inputmode": "numeric", "placeholder": "年-月-日，如 20260912"}
SPANS = {"all": "不限", "year": "年", "half": "半年", "quarter": "季度", "month": "月", "days": "起止日期"}
NEEDED = {  # what each span is made of
    "year": ("span_year",),
    "half": ("span_year", "span_half"),
    "quarter": ("span_year", "span_quarter"),
    "month": ("span_year", "span_month"),
    "days": ("since", "until"),
}
MAKERS: dict[str, Callable[..., Period]] = {
    "year": periods.year,
    "half": periods.half,
    "quarter": periods.quarter,
    "month": periods.month,
}
FORMATS = {"xlsx": "Excel 表格", "csv": "CSV（纯文字）"}
HALVES = {"1": "上半年", "2": "下半年"}
QUARTERS = {str(number): f"第{word}季度" for number, word in enumerate("一二三四", 1)}
MONTHS = {str(number): f"{number}月" for number in range(1, 13)}


def _choose(label: str, choices: dict[str, str]) -> ChoiceField:
    return ChoiceField(label, choices=[SelectChoice(*each) for each in choices.items()])


def _years() -> list[SelectChoice]:
    return [SelectChoice(str(year), f"{year}年") for year in range(today().year, FIRST_YEAR - 1, -1)]


class PeriodForm(Form):
    """Whose, and of which days."""

    unit = LookupField("单位")
    span = _choose("期间", SPANS)
    span_year = ChoiceField("哪一年", choices=_years)
    span_half = _choose("上半年或下半年", HALVES)
    span_quarter = _choose("第几季度", QUARTERS)
    span_month = _choose("几月", MONTHS)
    since = DayField("从哪天起", render_kw=TYPED)
    until = DayField("到哪天止", render_kw=TYPED)

    def period(self) -> Period:
        """The days that the chosen span means."""
        if "span" not in self:
            return Period()
        span = self.span.data
        given = [self[name].data for name in NEEDED.get(span, ())]
        if span in ("all", "days"):
            return Period(*given)
        return MAKERS[span](*map(int, given))


class LookForm(PeriodForm):
    """What stands in the address, so that a look can be sent on and kept."""

    as_of = DayField(
        "数据截至", description="不填就是现在；填以前的一天，就照那天的数据再做一次", render_kw=TYPED
    )


class BundleForm(PeriodForm):
    """What goes into an inspection's archive."""

    names = TicksField("台账")
    unmasked = BooleanField(UNMASKED)
    acknowledged = BooleanField("核对不符的统计表也要，目录里写明")
    reason = StringField("下载用途", render_kw={"maxlength": LONGEST_REASON, "placeholder": "如：上半年检查"})


class TakeForm(Form):
    """How it is taken; it is posted with the download."""

    format = _choose("格式", FORMATS)
    unmasked = BooleanField(UNMASKED)
    acknowledged = BooleanField("我已核对以上问题，仍要下载")
    reason = StringField("下载用途", render_kw={"maxlength": LONGEST_REASON, "placeholder": "如：上半年检查"})


@dataclass
class Wish:
    """Both forms, and the filters of the list if one comes from a list; `state` is None without a list."""

    ledger: Ledger
    look: LookForm
    take: TakeForm
    state: lists.ListState | None = None
    unit: Unit | None = None
    filter_words: tuple[str, ...] = ()
    errors: list[dict[str, str]] = field(default_factory=list)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The look as a query, some of it changed; what the chosen span does not need is left out."""
        span = self.look.span.data if "span" in self.look else ""
        names = ("unit", "span", *NEEDED.get(span, ()), "as_of")
        given = {name: texts_of(self.look[name])[0] for name in names if name in self.look}
        given.update({name: str(value or "") for name, value in changes.items()})
        return [*((name, text) for name, text in given.items() if text), *self.filters()]

    def filters(self) -> list[tuple[str, str]]:
        """The list's own part of the query."""
        return self.state.pairs(unit=None, page=None) if self.state else []

    @cached_property
    def given(self) -> dict[str, Any]:
        """What `ledger_files` makes the file of; `RecordRefused` when a field says why it makes no sense."""
        if not self.look.validate() or not self.take.validate():
            raise RecordRefused([])
        as_of = self.look.as_of.data if "as_of" in self.look else None
        if as_of and as_of > today():
            raise RecordRefused([Finding("as_of", "不能晚于今天")])
        period, masked = self.look.period(), _masked(self.take)
        return {
            "ledger": self.ledger.name,
            "unit": self.unit.id if self.unit else None,
            "since": _iso(period.since),
            "until": _iso(period.until),
            "as_of": _iso(as_of),
            "masked": masked,
            "acknowledged": self.take.acknowledged.data,
            "format": self.take.format.data,
            "reason": clean(self.take.reason.data, LONGEST_REASON),
            "list": list(self.state.typed.items(multi=True)) if self.state else [],
        }

    def blame(self, refused: RecordRefused) -> None:
        """Put what was refused beside the fields."""
        self.errors = blamed(refused, self.look, self.take)


def _masked(form: Any) -> bool:
    """Whether personal data stay masked; in full they are given for a reason alone."""
    masked = not ("unmasked" in form and form.unmasked.data)
    if not masked and not clean(form.reason.data, LONGEST_REASON):
        raise RecordRefused([Finding("reason", WHY)])
    return masked


def blamed(refused: RecordRefused, *forms: Form) -> list[dict[str, str]]:
    """Put what was refused beside the fields, or at the end of the last form; every error there is now."""
    for finding in refused.findings:
        form = next((each for each in forms if finding.field in each), forms[-1])
        bound = form[finding.field if finding.field in form else "reason"]
        if finding.sentence not in bound.errors:
            bound.errors = [*bound.errors, finding.sentence]
    return [
        {"label": bound.label.text, "sentence": sentence, "anchor": bound.id}
        for form in forms
        for bound in form
        for sentence in bound.errors
    ]


def read_bundle(session: Session, user: User, shelf: Sequence[Ledger]) -> BundleForm:
    """The form of an archive; a unit out of sight is 404."""
    form = BundleForm(request.values, data={**_usual(None), "names": []})
    form.unit.url = url_for("ledgers.units")
    form.names.choices = [SelectChoice(each.name, each.label) for each in shelf]
    if not any(may_unmask(user, each) for each in shelf):
        del form.unmasked
    if form.unit.data:
        form.unit.title = str(policy.find(session, user, Unit, form.unit.data))
    return form


def bundle_given(form: BundleForm, shelf: Sequence[Ledger]) -> dict[str, Any]:
    """What `ledger_bundles` makes the archive of; `RecordRefused` when a field says why it makes no sense."""
    if not form.validate():
        raise RecordRefused([])
    period, names = form.period(), [each.name for each in shelf if each.name in form.names.data]
    if not names:
        raise RecordRefused([Finding("names", "请至少选一本台账")])
    if period.since and period.until and period.until < period.since:
        raise RecordRefused([Finding("until", "截止日期不能早于起始日期")])
    return {
        "ledgers": names,
        "unit": form.unit.data,
        "since": _iso(period.since),
        "until": _iso(period.until),
        "masked": _masked(form),
        "acknowledged": form.acknowledged.data,
        "reason": clean(form.reason.data, LONGEST_REASON),
    }


def read_wish(session: Session, user: User, ledger: Ledger) -> Wish:
    """What the request says, cleaned; a unit out of sight is 404."""
    listed = isinstance(ledger.source, Records)
    state = lists.read_state(session, user, REGISTERS[ledger.word], request.args) if listed else None
    look, take = LookForm(request.values, data=_usual(ledger)), TakeForm(request.form, format="xlsx")
    _leave_out(user, ledger, look, take)
    wish = Wish(ledger, look, take, state)
    if "unit" in look and look.unit.data:
        wish.unit = policy.find(session, user, Unit, look.unit.data)
        look.unit.title = str(wish.unit)
    if state is not None:
        wish.filter_words = lists.filter_words(session, state)
    return wish


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _usual(ledger: Ledger | None) -> dict[str, Any]:
    """The form before anybody has chosen: records without limit, figures of this month."""
    day, said = today(), request.values
    span = (
        "days" if said.get("since") or said.get("until") else "month" if ledger and _counts(ledger) else "all"
    )
    return {
        "span": span,
        "span_year": str(day.year),
        "span_half": str((day.month + 5) // 6),
        "span_quarter": str((day.month + 2) // 3),
        "span_month": str(day.month),
    }


def _counts(ledger: Ledger) -> bool:
    return isinstance(ledger.source, Counted)


def _leave_out(user: User, ledger: Ledger, look: LookForm, take: TakeForm) -> None:
    """Take out what this ledger does not ask for, or this person may not have."""
    look.unit.url = url_for("ledgers.units")
    if not ledger.period_label:
        for name in [each for each in look._fields if each.startswith("span") or each in ("since", "until")]:
            del look[name]
    if not _counts(ledger):
        del look.as_of
        if not hasattr(ledger.model, "under"):
            del look.unit
    if not may_unmask(user, ledger):
        del take.unmasked
