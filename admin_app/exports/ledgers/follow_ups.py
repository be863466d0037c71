"""《回访台账》: every follow-up, with the fields of the national record (formats.md 2.3, F10)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.follow_ups import FollowUp
from admin_app.models.wording import wording

COLUMNS = (
    ordinal(),
    column("parties", "当事人", 13),
    said(Case, "agreement_number", 15, "调解协议编号"),
    said(FollowUp, "visited_on", 10.2, "回访时间"),
    column("matter", "回访事由", 20),
    said(FollowUp, "place", 14),
    said(FollowUp, "situation", 32),
    said(FollowUp, "fulfilment", 9),
    said(FollowUp, "satisfied", 7, centred=True),
    said(FollowUp, "visitor", 10, "回访人签字"),
)
_FACTS = (
    *asked_of(FollowUp, COLUMNS),
    *(FollowUp.id, FollowUp.visited, Case.agreement_number, Case.names, Case.kind, Case.registered_on),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these follow-ups: one query. 回访事由 is the name of the dispute (F10)."""
    kind = field_of(Case, "kind")
    query = select(*_FACTS).join(Case, Case.id == FollowUp.case_id).where(FollowUp.id.in_(ids))
    return {
        row.id: {
            **row._mapping,
            "day": row.registered_on,
            "parties": row.visited,
            "matter": f"{row.names}{wording(session, kind, row.kind, on=row.registered_on)}",
        }
        for row in session.execute(query)
    }


FOLLOW_UP_REGISTER = declare(
    Ledger(
        name="follow-up-register",
        label="回访台账",
        word="case",
        source=Records(
            load=load,
            period=FollowUp.visited_on,
            order=(FollowUp.visited_on, FollowUp.id),
            part=FollowUp,
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="次"),
        note="回访一次一行，按回访日期排列；“当事人”是见到的那一方。栏目依全国信息标准的回访记录，"
        "未见公开的台账样式，为参考格式。",
        main=False,
    )
)
