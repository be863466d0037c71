"""What the demo's county paid on paper before the panel: cases closed the year before last, one quarter."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, CaseMediator
from admin_app.models.payments import Payment
from admin_app.models.subsidies import SubsidyItem
from admin_app.rules.cases import SUCCEEDED, Stage
from seed.bulk import add
from seed.users import Stand

MOST = 40
AMOUNTS = {"1": Decimal(50), "2": Decimal(100), "3": Decimal(200), "4": Decimal(400)}


def load_payments(session: Session, today: date, home: Stand) -> None:
    """Old cases of the county that no batch holds, those of the first committee before the others."""
    first = select(CaseMediator.mediator_id).where(CaseMediator.case_id == Case.id)
    payee = first.order_by(CaseMediator.id).limit(1).scalar_subquery()
    paid_on = date(today.year - 1, 1, 20)
    query = (
        select(Case.id, Case.number, Case.committee_id, Case.unit_id, Case.path, Case.difficulty, payee)
        .where(
            Case.under(home.county.path),
            Case.stage == Stage.ARCHIVED,
            Case.result == SUCCEEDED,
            Case.closed_on < paid_on,
            Case.id.not_in(select(SubsidyItem.case_id).where(SubsidyItem.case_id.is_not(None))),
        )
        .order_by(Case.committee_id != home.room.id, Case.id)
        .limit(MOST)
    )
    add(
        session,
        Payment,
        [
            {
                "case_id": number,
                "number": named,
                "committee_id": committee_id,
                "unit_id": unit_id,
                "path": path,
                "mediator_id": mediator_id,
                "amount": AMOUNTS.get(difficulty, Decimal(50)),
                "paid_on": paid_on,
                "remark": f"{today.year - 2} 年第四季度发放表（纸面）",
            }
            for number, named, committee_id, unit_id, path, difficulty, mediator_id in session.execute(query)
            if mediator_id is not None
        ],
    )
