"""What the look-back has gathered on a committee or a mediator, on their own page (M21)."""

from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.committees import Committee
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator
from admin_app.models.registry import column_of
from admin_app.models.users import User
from admin_app.views.addresses import address

NEWEST = 5
LONGEST = 60
_BY = {Committee: "committee_id", Mediator: "mediator_id"}


def evidence(session: Session, user: User, record: Any) -> dict[str, Any] | None:
    """{total, counts, rows, url} within the reader's right; None on other pages and for other readers."""
    name = _BY.get(type(record))
    if name is None or not policy.may(user, "lookback.see"):
        return None
    mine = (
        column_of(Lookback, name) == record.id,
        Lookback.removed_at.is_(None),
        policy.visible(Lookback, user),
    )
    kinds = select(Lookback.fault, func.count()).where(*mine).group_by(Lookback.fault)
    counts = sorted(session.execute(kinds).all(), key=lambda each: -each[1])
    newest = select(Lookback).where(*mine).order_by(Lookback.happened_on.desc(), Lookback.id.desc())
    return {
        "total": sum(count for _, count in counts),
        "counts": [(fault.label, count) for fault, count in counts],
        "rows": [
            {
                "title": str(each),
                "words": each.explanation[:LONGEST],
                "url": url_for("lookback.detail", record_id=each.id),
            }
            for each in session.scalars(newest.limit(NEWEST))
        ],
        "url": address("lookback.index", [(name, str(record.id))]),
    }
