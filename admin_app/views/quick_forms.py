"""The short forms of an oral case: one, and a table of many under a common head."""

from dataclasses import replace
from typing import Any

from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.fields import Field, field_of
from admin_app.models.registry import Parts
from admin_app.operations.given import Given
from admin_app.rules.cases import PERFORMED
from admin_app.views.forms import Lines, RecordForm

OTHER_WAY = "99"  # code table performance_way
STARTS = {
    "consent": True,
    "kin_checked": True,
    "rights_told": True,
    "performance": OTHER_WAY,
    "fulfilment": PERFORMED,
}


def _like(model: Any, name: str, as_: str = "", **say: Any) -> Field:
    """A declared field under another name or label; what the form asks for, it needs."""
    field = field_of(model, name)
    needed = say.pop("needed", True)
    return replace(field, name=as_ or name, say=replace(field.say, **say), required=needed)


WHERE = (
    _like(Case, "committee_id", section="办理"),
    _like(CaseMediator, "mediator_id", section="办理"),
    _like(
        Case, "registered_on", "day", section="办理", label="日期", help="登记、受理、调解、达成协议在同一天"
    ),
)
DISPUTE = (
    _like(Party, "name", "applicant", section="纠纷", label="申请人姓名"),
    _like(Party, "phone", "applicant_phone", section="纠纷", label="申请人电话", needed=False),
    _like(Party, "name", "respondent", section="纠纷", label="被申请人姓名"),
    _like(Party, "phone", "respondent_phone", section="纠纷", label="被申请人电话", needed=False),
    _like(Case, "kind", section="纠纷"),
    _like(Case, "amount", section="纠纷", needed=False),
    _like(Case, "brief", section="纠纷", help=""),
    _like(Case, "agreement", section="纠纷"),
)
PERFORMANCE = (
    _like(Case, "performance", section="履行"),
    _like(Case, "fulfilment", section="履行"),
    _like(Case, "perform_by", section="履行", needed=False, help="当场履行的不用填"),
)
TICKS = (
    _like(Case, "kin_checked", "consent", section="核对", label="双方当事人都同意调解"),
    _like(Case, "kin_checked", section="核对"),
    _like(Case, "kin_checked", "rights_told", section="核对", label="已告知双方权利义务"),
)
DAY = _like(Case, "registered_on", "day", label="日期", needed=False, from_today=False)
ROWS = Parts("rows", "案件", Case)


class QuickForm(RecordForm):
    """One oral case."""

    def asked(self) -> tuple[list[Field], list[Lines]]:
        return [*WHERE, *DISPUTE, *PERFORMANCE, *TICKS], []

    def _aim(self, spec: Field, bound: Any, aim: tuple[str, str], now: int | None) -> None:
        """The mediator is looked up as on the case's own form."""
        before = "mediators." if spec.name == "mediator_id" else ""
        super()._aim(spec, bound, (self.register.word, before), now)


class BatchForm(QuickForm):
    """Many of them: a row each, under one committee, mediator and day."""

    def asked(self) -> tuple[list[Field], list[Lines]]:
        row = [DAY, *DISPUTE]
        return [*WHERE, *PERFORMANCE, *TICKS], [Lines(ROWS, lambda line: row, ("case", ""))]

    def values(self, given: Given) -> list[dict[str, Any]]:
        """Each row with what stands above it; a day of its own goes before the common one."""
        rows = [line.values for line in given.lines["rows"]]
        return [{**given.values, **row, "day": row["day"] or given.values["day"]} for row in rows]
