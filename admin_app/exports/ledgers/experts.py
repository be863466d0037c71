"""《专家库名册》 (formats.md 3.3; no public sample: [C])."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.experts import Expert

COLUMNS = (
    ordinal(),
    said(Expert, "name", 9),
    said(Expert, "sex", 5, centred=True),
    column("born", "出生年月", 9, centred=True),
    said(Expert, "employer", 26),
    said(Expert, "title", 16),
    said(Expert, "specialities", 24),
    said(Expert, "phone", 13),
    said(Expert, "joined_on", 11),
    column("term", "聘期", 13, centred=True),
    said(Expert, "remark", 20),
)
_FACTS = (*asked_of(Expert, COLUMNS), Expert.id, Expert.birth_on, Expert.since, Expert.until)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these experts: one query."""
    return {
        row.id: {
            **row._mapping,
            "born": f"{row.birth_on:%Y-%m}" if row.birth_on else "",
            "term": _term(row.since, row.until),
        }
        for row in session.execute(select(*_FACTS).where(Expert.id.in_(ids)))
    }


def _term(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return ""
    return f"{since or ''} 至\n{until or ''}".strip()


EXPERT_ROSTER = declare(
    Ledger(
        name="expert-roster",
        label="专家库名册",
        word="expert",
        source=Records(load=load, order=(Expert.path, Expert.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="人"),
        note="咨询专家，按入库单位排列。未见公开的官方样式，栏目为参考格式。",
    )
)
