"""《通报台账》: what was sent to whom, and how many units have read it ([N], layout ours)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.circulars import Circular, Receipt
from admin_app.models.units import Unit
from admin_app.rules.dates import local_day

COLUMNS = (
    ordinal(),
    column("sent_on", "发出日期", 10.2, kind="date"),
    said(Circular, "number", 16),
    said(Circular, "title", 34),
    said(Circular, "kind", 12, centred=True),
    column("unit", "发出单位", 14),
    said(Circular, "sender", 9),
    column("owed", "接收单位数", 8, kind="integer", summed=True),
    column("read", "已签阅", 8, kind="integer", summed=True),
    column("left", "未签阅", 8, kind="integer", summed=True),
    said(Circular, "state", 8, centred=True),
)
_FACTS = (*asked_of(Circular, COLUMNS), Circular.id, Circular.sent_at, Unit.name.label("unit"))


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these circulars: two queries, however many."""
    counted = (
        select(Receipt.circular_id, func.count(), func.count(Receipt.read_at))
        .where(Receipt.circular_id.in_(ids))
        .group_by(Receipt.circular_id)
    )
    there = {circular: (owed, read) for circular, owed, read in session.execute(counted)}
    query = select(*_FACTS).join(Unit, Unit.id == Circular.unit_id).where(Circular.id.in_(ids))
    found = {}
    for row in session.execute(query):
        owed, read = there.get(row.id, (0, 0))
        counts = {"owed": owed, "read": read, "left": owed - read}
        found[row.id] = {**row._mapping, "sent_on": local_day(row.sent_at), **counts}
    return found


CIRCULAR_REGISTER = declare(
    Ledger(
        name="circular-register",
        label="通报台账",
        word="circular",
        source=Records(
            load=load,
            period=Circular.sent_at,
            order=(Circular.sent_at, Circular.id),
            belongs=Circular.sent_at.is_not(None),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="份"),
        note="发出的通报一份一行，按发出时间排列；没有发出的不列。未见公开的官方样式，栏目为参考格式。",
    )
)
