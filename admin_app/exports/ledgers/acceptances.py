"""《案件受理登记册》 E2: every case brought, taken up or not (formats.md 3.1; no public sample: [C])."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.joining import mediator_names, registrars
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.exports.sides import group, sides
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.models.wording import wording
from admin_app.rules.cases import Stage

_PERSON = (
    ("name", "姓名", 8),
    ("sex", "性别", 4),
    ("age", "年龄", 4),
    ("address", "单位或住址", 14),
    ("phone", "电话", 12.5),
)
COLUMNS = (
    ordinal(),
    said(Case, "number", 14.2, "受理编号"),
    said(Case, "accepted_on", 10.2),
    group("申请人", "applicant", *_PERSON),
    group("被申请人", "respondent", *_PERSON),
    said(Case, "kind", 8.5),
    said(Case, "source", 8.5),
    said(Case, "brief", 24),
    said(Case, "difficulty", 4.8, centred=True),
    column("decision", "受理/不予受理及理由", 12),
    column("committee", "承办调委会", 11),
    column("mediators", "承办调解员", 8),
    column("registrar", "登记人", 7.5),
    said(Case, "remark", 8),
)
_FACTS = (
    *asked_of(Case, COLUMNS),
    *(Case.id, Case.registered_on, Case.stage, Case.decline_reason, Case.told_channel),
    Committee.name.label("committee"),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these cases: four queries, however many cases."""
    people, mediators = sides(session, ids), mediator_names(session, ids)
    registered_by = registrars(session, Case, ids)
    query = select(*_FACTS).join(Committee, Committee.id == Case.committee_id).where(Case.id.in_(ids))
    return {
        case.id: {
            **case._mapping,
            **people[case.id],
            "day": case.registered_on,
            "decision": _decision(session, case),
            "mediators": mediators[case.id],
            "registrar": registered_by[case.id],
        }
        for case in session.execute(query)
    }


def _decision(session: Session, case: Any) -> str:
    """受理, or why not and where else the people were told to turn; blank while nobody has decided."""
    if case.stage is not Stage.DECLINED:
        return "受理" if case.accepted_on else ""
    reason = wording(session, field_of(Case, "decline_reason"), case.decline_reason, on=case.registered_on)
    told = f"；已告知：{case.told_channel}" if case.told_channel else ""
    return f"不予受理：{reason}{told}"


# The period goes by the day of registration: who was turned away has no day of acceptance.
ACCEPTANCE_REGISTER = declare(
    Ledger(
        name="acceptance-register",
        label="案件受理登记册",
        word="case",
        source=Records(load=load, period=Case.registered_on, order=(Case.registered_on, Case.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="件"),
        note="登记的每一件，不予受理的也在内并写明理由，按登记日期排列；年龄按登记当天计算。"
        "未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
