"""典型案例目录 (M22): what the library holds; no public sheet was found, [C]."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.typical_cases import TypicalCase
from admin_app.rules.typical_cases import TypicalState

COLUMNS = (
    ordinal(),
    said(TypicalCase, "published_on", 10.2),
    said(TypicalCase, "title", 22),
    said(TypicalCase, "kind", 10),
    said(TypicalCase, "keywords", 16),
    said(TypicalCase, "brief", 34),
    said(TypicalCase, "course", 34),
    said(TypicalCase, "result", 24),
    said(TypicalCase, "comment", 30),
)
_FACTS = (*asked_of(TypicalCase, COLUMNS), TypicalCase.id)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these cases: one query."""
    rows = session.execute(select(*_FACTS).where(TypicalCase.id.in_(ids)))
    return {row.id: {**row._mapping} for row in rows}


TYPICAL_CASES = declare(
    Ledger(
        name="typical-cases",
        label="典型案例汇编",
        word="typical_case",
        source=Records(
            load=load,
            period=TypicalCase.published_on,
            order=(TypicalCase.published_on, TypicalCase.id),
            belongs=TypicalCase.state == TypicalState.PUBLISHED,
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="件", paper="A3"),
        note="本单位和下级发布的典型案例，一件一行。未见公开的官方样式，栏目为参考格式。",
    )
)
